"""Every event of a case, one file a phase of the procedure. Importing this package makes all of them known."""

from enforcement.cases.events import (
    clue,
    court,
    decision,
    file,
    hearing,
    history,
    investigation,
    measures,
    notice,
    performance,
    police,
    publicity,
    remedies,
    review,
    summary,
)

__all__ = [
    "clue",
    "court",
    "decision",
    "file",
    "hearing",
    "history",
    "investigation",
    "measures",
    "notice",
    "performance",
    "police",
    "publicity",
    "remedies",
    "review",
    "summary",
]
