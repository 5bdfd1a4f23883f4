"""What a worker did since it began. Plain numbers, written by its thread and read by whoever asks."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """One worker of one projection: pages and events applied, pages tried again, events parked, places lost."""

    pages: int = 0
    events: int = 0
    retries: int = 0
    parked: int = 0
    lost: int = 0
    positions: dict[int, int] = field(default_factory=dict)
    """Partition → the last position that this worker applied there."""

    def took(self, events: int, partition: int, position: int) -> None:
        """A page was applied and its checkpoint moved."""
        self.pages += 1
        self.events += events
        self.positions[partition] = position
