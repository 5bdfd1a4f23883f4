"""Pages of documentation made from the code's own tables: `python -m api.docs` writes them, a test compares them.

`docs/procedure.md` shows the penalty procedure as table and picture, `docs/deadlines.md` every period,
`docs/violations.md` the catalogue, `docs/credit.md` lists, repair and objections; `docs_reports` makes the page of
reports, `docs_instruments` that of instruments, `docs_checks` that of inspections and campaigns. Nothing in them is
written by hand, so they cannot drift.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from api import docs_checks, docs_instruments, docs_reports, problem_types
from api.docs_tables import MADE, joined, line
from enforcement.cases.procedure import Row, table
from enforcement.credit.steps import Step, steps
from enforcement.law import Law
from enforcement.law.acts import Consequence, Violation
from enforcement.law.deadline_rules import Rule
from enforcement.law.roles import competences
from enforcement.law.tables import load
from enforcement.settings import Settings

SECTIONS = {
    "main": "The main line 主流程",
    "preservation": "Evidence preservation 先行登记保存",
    "measure": "Sealing and seizure 查封、扣押",
    "police": "Transfer to the police 行刑衔接",
    "remedy": "Reconsideration and litigation 复议 · 诉讼",
    "publicity": "Publicity and lists 公示 · 名录",
    "summary": "Summary procedure 简易程序",
    "file": "The file, and the ledger's own rows 案卷",
}
PROCESSES = {
    "listing": "Lists 名录",
    "repair": "Credit repair 信用修复",
    "objection": "Objection 异议",
}
COLUMNS = (
    "no",
    "event",
    "from",
    "to",
    "actor",
    "recorded by",
    "decided by",
    "must hold",
    "deadline",
    "article",
    "in force",
    "status",
)


def procedure() -> str:
    """The procedure: picture, rows, who decides."""
    rows = table().rows
    parts = [
        "# The penalty procedure 行政处罚程序",
        MADE,
        f"{len(rows)} rows. Each names where an event may happen, what state follows, who acts, who may record it, "
        "who decides, what must hold, and the article. Groups: "
        + "; ".join(f"`{name}` = {', '.join(states)}" for name, states in load("procedure")["groups"].items())
        + "; `@any` = every state; `@open` = every state that is not an end.",
        "## The states",
        "```mermaid",
        *_diagram(rows),
        "```",
    ]
    for section, title in SECTIONS.items():
        parts += [f"## {title}", *_rows([row for row in rows if row.section == section])]
    parts += ["## Acts", *_acts(), "## Who decides 决定权限", *_competences()]
    return "\n\n".join(joined(parts)) + "\n"


def deadlines() -> str:
    """Every period with its unit, duty, pauses, extensions and article."""
    parts = [
        "# Deadlines 期限",
        MADE,
        "wd = working day 工作日, cd = calendar day 自然日. The starting day is not counted. A duty of an office "
        "is due on the last day, moved only over days off that a State Council notice names; a period of a party "
        "moves over every non-working day; a measure ends on the day itself. The other reading is always shown.",
        *_deadline_rows(Law.load().deadlines),
    ]
    return "\n\n".join(joined(parts)) + "\n"


def violations() -> str:
    """The catalogue of violations with the consequences that each article allows."""
    parts = [
        "# The catalogue of violations 计量违法行为目录",
        MADE,
        "Amounts in CNY. “may” = 可并处. Rows whose status is not `confirmed` were not read in the text in force and "
        "must be checked by a person before their article is printed.",
        *_violation_rows(Law.load().catalogue.rows),
    ]
    return "\n\n".join(joined(parts)) + "\n"


def credit() -> str:
    """Listing, repair and objection: pictures and rows."""
    parts = [
        "# Lists, credit repair, objections 名录 · 信用修复 · 异议",
        MADE,
        "Three procedures about one business each. Steps that say “with another step” are recorded in the save of the "
        "step that brings them, never by themselves. Who decides stands beside who records.",
    ]
    for process, title in PROCESSES.items():
        rows = [step for step in steps().values() if step.process == process]
        parts += [f"## {title}", "```mermaid", *_process_diagram(rows), "```", *_step_rows(rows)]
    return "\n\n".join(joined(parts)) + "\n"


def settings() -> str:
    """Every setting: variable, default, meaning."""
    rows = [f.metadata for f in fields(Settings)]
    lines = [line(f"`{row['env']}`", _default(row["shown"]), row["meaning"]) for row in rows]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *lines])


def problems() -> str:
    """Every problem type with its status."""
    lines = [
        line(f"`{row.slug}`", str(row.status), row.title.en, row.meaning.en) for row in problem_types.ROWS
    ]
    return "\n".join(["| type | status | title | when |", "| --- | --- | --- | --- |", *lines])


def _default(shown: str) -> str:
    return shown if "`" in shown or shown == "not set" or " " in shown else f"`{shown}`"


README_TABLES: dict[str, Callable[[], str]] = {"settings": settings, "problems": problems}


def readme(text: str) -> str:
    """The README with its made tables renewed; each stands between `<!-- name -->` and `<!-- end -->`."""
    for name, made in README_TABLES.items():
        before, _, rest = text.partition(f"<!-- {name} -->")
        _, _, after = rest.partition("<!-- end -->")
        text = f"{before}<!-- {name} -->\n{made()}\n<!-- end -->{after}"
    return text


PAGES: dict[str, Callable[[], str]] = {
    "procedure.md": procedure,
    "deadlines.md": deadlines,
    "violations.md": violations,
    "credit.md": credit,
    "reports.md": docs_reports.reports,
    "instruments.md": docs_instruments.page,
    "checks.md": docs_checks.page,
}


def write(folder: Path) -> list[Path]:
    """Write every page into a folder; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, page in PAGES.items():
        path = folder / name
        path.write_text(page(), encoding="utf-8")
        written.append(path)
    return written


def _diagram(rows: Iterable[Row]) -> Iterator[str]:
    """The steps that change the main state, as a Mermaid state diagram; a group of states is one node."""
    yield "stateDiagram-v2"
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        for edge in _edges(row):
            labels.setdefault(edge, {})[row.zh] = None
    for (source, target), names in labels.items():
        yield f"    {source} --> {target}: {' · '.join(names)}"
    yield "    ARCHIVED --> [*]"


def _edges(row: Row) -> Iterator[tuple[str, str]]:
    for key, target in row.to.items():
        if target.startswith("<"):
            continue
        sources = [key] if key in row.states else row.from_text
        for source in sources:
            name = "[*]" if source == "-" else source.removeprefix("@")
            if name != target:
                yield name, target


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    yield line(*COLUMNS)
    yield "| --- " * len(COLUMNS) + "|"
    for row in rows:
        to = ", ".join(dict.fromkeys(row.to.values())) or "–"
        since = f"{row.valid_from} – {row.valid_to or ''}"
        status = row.status if not row.reason else f"{row.status}: {row.reason}"
        yield line(
            row.no,
            f"`{row.topic}` {row.zh}",
            " ".join(row.from_text),
            to,
            row.actor,
            " ".join(row.roles),
            row.decider or "–",
            ", ".join(row.guards) or "–",
            row.deadline or "–",
            row.article,
            f"{since} ({row.jurisdiction})",
            status,
        )


def _process_diagram(rows: Iterable[Step]) -> Iterator[str]:
    """The states of a process and the steps between them."""
    yield "stateDiagram-v2"
    for row in rows:
        for state in row.states:
            if row.to and row.to != state:
                yield f"    {'[*]' if state == '-' else state} --> {row.to}: {row.zh}"


def _step_rows(rows: Iterable[Step]) -> Iterator[str]:
    yield "| event | from | to | recorded by | decided by | must hold | starts | ends, extends | article | status |"
    yield "| --- " * 10 + "|"
    for row in rows:
        yield line(
            f"`{row.topic}` {row.zh}",
            " ".join(row.states),
            row.to or "–",
            " ".join(row.roles) or "with another step",
            row.decider or "–",
            ", ".join(row.guards) or "–",
            ", ".join(period.rule for period in row.starts) or "–",
            ", ".join([*row.ends, *row.extends]) or "–",
            row.article,
            row.status if not row.reason else f"{row.status}: {row.reason}",
        )


def _acts() -> Iterator[str]:
    yield "| short | act | judged from |"
    yield "| --- | --- | --- |"
    for short, act in table().acts.items():
        yield line(short, act["title"], str(act["valid_from"]))


def _competences() -> Iterator[str]:
    yield "| decision | who | article | note |"
    yield "| --- | --- | --- | --- |"
    newest = max(row["valid_from"] for row in load("roles")["decisions"])
    for found in competences(newest):
        note = found.note.en if found.note else ""
        yield line(
            f"{found.decision.en} {found.decision.zh}", ", ".join(found.who), ", ".join(found.articles), note
        )


def _deadline_rows(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| id | period | starts | length | duty | extension | stops during | article | in force | status |"
    yield "| --- " * 10 + "|"
    for rule in rules:
        status = rule.status if rule.reason is None else f"{rule.status}: {rule.reason.en}"
        yield line(
            f"`{rule.id}`",
            f"{rule.name.en} {rule.name.zh}",
            rule.starts.en,
            f"{rule.length} {rule.unit}" + (", counted back" if rule.backward else ""),
            rule.duty,
            rule.extension.en if rule.extension else "–",
            ", ".join(rule.pauses) or "–",
            rule.article,
            f"{rule.valid_from} – {rule.valid_to or ''} ({rule.jurisdiction})",
            status,
        )


def _violation_rows(rows: Iterable[Violation]) -> Iterator[str]:
    yield "| code | act | articles | consequences | in force | status |"
    yield "| --- " * 6 + "|"
    for row in rows:
        status = f"{row.status}: {row.reason}" if row.reason else row.status
        yield line(
            row.code,
            f"{row.act.en} {row.act.zh}",
            "; ".join(cite.article for cite in row.cites),
            "; ".join(_consequence(c) for c in row.consequences),
            f"{row.valid_from} – {row.valid_to or ''} ({row.jurisdiction})",
            status,
        )


def _consequence(found: Consequence) -> str:
    words = ["" if found.mandatory else "may", found.kind.replace("_", " ")]
    if found.basis:
        words.append(f"{found.min}–{found.max if found.max is not None else found.cap} ({found.basis})")
    if found.when:
        words.append(f"when {' or '.join(sorted(found.when))}")
    if found.cites:
        words.append(f"under {', '.join(sorted(found.cites))}")
    return " ".join(filter(None, words))


if __name__ == "__main__":
    root = Path(__file__).parent.parent
    front = root / "README.md"
    front.write_text(readme(front.read_text(encoding="utf-8")), encoding="utf-8")
    for written in write(root / "docs"):
        print(written.name)  # noqa: T201
