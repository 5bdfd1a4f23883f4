"""Commands about commitments 承诺 and demonstration units 示范单位."""

from collections.abc import Mapping
from typing import Any

from enforcement.errors import InvalidData
from enforcement.events import Who
from enforcement.recording import Receipt, Recording, class_of
from enforcement.registry.commitment import Commitment, judge
from enforcement.values import Occurred, Text

TOPICS = (
    "commitment.made",
    "commitment.withdrawn",
    "commitment.demonstration-recognised",
    "commitment.demonstration-withdrawn",
)


class CommitmentCommands(Recording):
    """诚信计量: one method, as its events differ in nothing but what they say."""

    def record_commitment(
        self,
        who: Who,
        uscc: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """A commitment made or withdrawn, a demonstration unit recognised or ended."""
        if topic not in TOPICS:
            raise InvalidData({"type": [Text(f"expected one of {', '.join(TOPICS)}", "事件类型不符")]})
        if data.get("uscc", uscc) != uscc:
            raise InvalidData({"data.uscc": [Text(f"expected {uscc}", f"应为 {uscc}")]})
        cls = class_of(topic)
        return self.command(
            Commitment, f"commitment-{uscc}", who, cls, occurred, data, expected, judge, new=True
        )

    def commitment(self, uscc: str) -> Commitment:
        """What a business has committed itself to; version 0 where nothing was recorded."""
        self.held.look()
        found = self.held.take(Commitment, f"commitment-{uscc}", self.law)
        self.held.keep(found)
        return found
