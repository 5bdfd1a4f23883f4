"""What the steps read so far have told: the little a step must know of those before it.

The same word is another act at another point – a second notice, a publication ahead of the decision, a test result
without a test that was asked for –, so readings look at this, never at the whole record.
"""

from dataclasses import dataclass, field
from typing import Any

from enforcement.importing.record import Record, Step


@dataclass(slots=True)
class Course:
    """One record while its steps are read, in their order."""

    record: Record
    penalty_at: int | None
    """The step whose decision imposed the penalty."""
    parties: list[dict[str, Any]]
    at: int = -1
    """The place of the step that is being read, from 0."""
    step: Step = field(init=False)
    note: str = ""
    """Its note, empty where there is none."""
    seen: set[str] = field(default_factory=set)
    """The event types so far."""
    standing: bool = False
    """A penalty decision has been made and not revoked."""
    remedy_last: bool = False
    """The latest outcome is that of a review or a court, not of the bureau."""
    counts: dict[str, int] = field(default_factory=dict)
    open_tests: list[str] = field(default_factory=list)
    open_remedy: dict[str, bool] = field(default_factory=dict)

    def take(self, at: int) -> None:
        """Turn to a step."""
        self.at, self.step = at, self.record.steps[at]
        self.note = self.step.note or ""

    def neighbour(self, by: int) -> Step | None:
        """The step so many places on."""
        at = self.at + by
        return self.record.steps[at] if 0 <= at < len(self.record.steps) else None

    def number(self, of: str) -> int:
        """The next number of its kind, from 1."""
        self.counts[of] = self.counts.get(of, 0) + 1
        return self.counts[of]

    def latest(self, prefix: str) -> str:
        """The id of the last of its kind, the first one where none was named."""
        return f"{prefix}{self.counts.get(prefix, 0) or 1}"

    def went(self, topic: str) -> None:
        """The step has been read as this event type."""
        self.seen.add(topic)
        if topic in ("case.penalty-decided", "case.decided-on-the-spot"):
            self.standing, self.remedy_last = True, False
        elif topic in ("case.decision-revoked", "case.decision-void", "case.no-penalty-decided"):
            self.standing = False
        elif topic in ("case.reconsideration", "case.litigation"):
            self.remedy_last = True
