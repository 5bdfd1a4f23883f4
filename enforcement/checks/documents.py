"""What checks have in common as aggregates: all that they know is JSON, so a read model can keep it."""

from typing import Any, Self

from enforcement.aggregates import Aggregate

APART = ("id", "commands")


class Document(Aggregate):
    """An aggregate whose members are JSON values."""

    def dump(self) -> dict[str, Any]:
        """Everything it knows; not which commands made it."""
        return {name: value for name, value in vars(self).items() if name not in APART}

    @classmethod
    def restore(cls, id: str, dumped: dict[str, Any]) -> Self:
        """The aggregate that was dumped."""
        found = cls(id)
        vars(found).update(dumped)
        return found
