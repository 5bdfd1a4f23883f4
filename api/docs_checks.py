"""`docs/checks.md`: inspections and campaigns as tables and pictures, what a plan must meet, the codes of results."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.docs_tables import MADE, joined, line
from enforcement.checks.steps import Step, table
from enforcement.law.tables import load

KINDS = {"inspection": "Inspections 检查", "campaign": "Campaigns 抽查任务"}
FOLLOWS = {
    "inspection": [
        ("PUBLISHED", "FOLLOW_UP_OPEN", "有后续处置未完结"),
        ("FOLLOW_UP_OPEN", "FOLLOW_UP_CLOSED", "后续处置全部完结"),
    ],
    "campaign": [("FROZEN", "REVEALED", "各方均已揭示")],
}
"""States that follow from everything recorded so far, not from one step."""
CODES = {
    "national": "Result codes 检查结果",
    "provincial": "Result codes of Zhejiang 浙江省检查结果",
    "followup": "Follow-up 后续处置",
}


def page() -> str:
    """Steps of both kinds, the rules of a plan, the codes, the acts."""
    parts = [
        "# Double random checks 双随机、一公开",
        MADE,
        "What may follow what, who records it, what must hold. Between `FROZEN` and the draw a campaign has no event "
        "that changes it; what chance decides is computed, whoever records it.",
    ]
    for kind, title in KINDS.items():
        rows = list(table(kind).values())
        follows = (f"    {source} --> {target}: {why}" for source, target, why in FOLLOWS[kind])
        parts += [f"## {title}", "```mermaid", *_diagram(rows), *follows, "```", *_steps(rows)]
    parts += ["## The annual plan 年度抽查计划", *_plan_rules()]
    for name, title in CODES.items():
        parts += [f"## {title}", *_codes(load("checks")[name])]
    parts += ["## Acts", *_acts(load("checks")["acts"])]
    return "\n\n".join(joined(parts)) + "\n"


def _diagram(rows: Iterable[Step]) -> Iterator[str]:
    """The steps that change the state, those that lead the same way together."""
    yield "stateDiagram-v2"
    labels: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for target in dict.fromkeys(row.to.values()):
            for source in sorted(row.states) or ["[*]"]:
                if source != target:
                    labels.setdefault((source, target), []).append(row.zh)
    for (source, target), names in labels.items():
        yield f"    {source} --> {target}: {' · '.join(names)}"


def _steps(rows: Iterable[Step]) -> Iterator[str]:
    yield line("event", "from", "to", "recorded by", "must hold", "article", "status")
    yield line(*["---"] * 7)
    for row in rows:
        yield line(
            f"`{row.topic}` {row.zh}",
            " ".join(sorted(row.states)) or "it begins",
            ", ".join(_target(key, state) for key, state in row.to.items()) or "–",
            " ".join(row.roles) or "with another step",
            ", ".join(row.guards) or "–",
            row.article,
            row.status,
        )


def _target(key: str, state: str) -> str:
    return state if key == "*" else f"{state} ({key})"


def _plan_rules() -> Iterator[str]:
    yield "For items that check published information (SC 2); metrology items keep to the ratio of the item list."
    yield line("rule", "what", "figure", "article", "in force", "status")
    yield line(*["---"] * 6)
    for row in load("checks")["plan_rule"]:
        figure = str(row.get("least", row.get("times")))
        status = "confirmed"
        if "reports_until" in row:
            figure += f", after {row['reports_until']}"
            status = f"the day {row['reports_until_status']}: {row['reports_until_reason']}"
        name, force = f"{row['en']} {row['zh']}", f"{row['valid_from']} – {row.get('valid_to', '')}"
        yield line(f"`{row['rule']}`", name, figure, row["article"], force, status)


def _codes(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    yield line("code", "meaning")
    yield line(*["---"] * 2)
    for row in rows:
        yield line(row["code"], f"{row['en']} {row['zh']}")


def _acts(acts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield line("short", "act", "judged from")
    yield line(*["---"] * 3)
    for short, act in acts.items():
        yield line(short, act["title"], str(act["valid_from"]))
