"""Everything that is wrong with a document, by the path at which it stands, before anything is refused."""

from enforcement.errors import InvalidData
from enforcement.values import Text


class Faults:
    """Collects; `raise_any` refuses with all of them at once."""

    def __init__(self) -> None:
        self.found: dict[str, list[Text]] = {}

    def add(self, path: str, en: str, zh: str) -> None:
        self.found.setdefault(path, []).append(Text(en, zh))

    def raise_any(self) -> None:
        """InvalidData when there is a fault."""
        if self.found:
            raise InvalidData(self.found)
