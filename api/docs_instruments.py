"""`docs/instruments.md`: verification cycles and what may happen to an instrument, from the law's table."""

from collections.abc import Iterator

from api.docs_tables import MADE, joined, line
from enforcement.law import instruments
from enforcement.law.norms import text_of
from enforcement.law.tables import load


def page() -> str:
    """Cycles, then steps."""
    standing = load("instruments")["standing"]
    parts = [
        "# Measuring instruments 计量器具",
        MADE,
        "The phase of an instrument follows from its events; whether it may be used – valid, due soon, overdue – "
        f"follows from the last day of its certificate and the day. Due soon: {standing['due_soon_days']} days ahead "
        f"({standing['status']}: {standing['reason']['en']}).",
        "## Verification cycles 检定周期",
        "At most so many months from the day of verification; only confirmed rows refuse a certificate.",
        *_cycles(),
        "## What may happen 可能发生的事项",
        *_steps(),
    ]
    return "\n\n".join(joined(parts)) + "\n"


def _cycles() -> Iterator[str]:
    yield line("kind", "instrument", "regulation", "mode", "months", "in force", "status")
    yield line(*["---"] * 7)
    names = instruments.kinds()
    for row in load("instruments")["cycle"]:
        name = names[row["kind"]]
        months = str(row.get("cycle_months", row.get("life_months", "until inaccurate")))
        reason = f": {text_of(row['reason']).en}" if "reason" in row else ""
        force = f"{row['valid_from']} – {row.get('valid_to', '')}"
        yield line(
            f"`{row['kind']}`",
            f"{name.en} {name.zh}",
            row["jjg"],
            row["mode"],
            months,
            force,
            row["status"] + reason,
        )


def _steps() -> Iterator[str]:
    yield line("event", "what", "in the phases", "then", "article")
    yield line(*["---"] * 5)
    for step in instruments.steps():
        name, sources = f"{step.name.en} {step.name.zh}", ", ".join(sorted(step.sources))
        yield line(f"`{step.event}`", name, sources, step.target or "as before", step.article)
