"""What the sheet of a register is: its columns, and which events make the ledger say what a row says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from enforcement.events import Event, known
from enforcement.forms import own_fields
from enforcement.importing.cells import BadCell, Reader
from enforcement.importing.csvfile import plain
from enforcement.registry.register import Facts, Registered
from enforcement.values import Text

Happening = tuple[str, dict[str, Any]]
"""An event's type and data."""
IGNORED = ("拒收行号", "拒收原因")
"""Columns that a file of rejected rows has more."""


@dataclass(frozen=True)
class Column:
    """One column: its field, its names – the first two stand in the template –, how a cell is read, an example."""

    field: str
    names: tuple[str, ...]
    read: Reader
    example: str
    must: bool = False
    """A new thing cannot be registered without it."""


@dataclass(frozen=True)
class Sheet:
    """One register as CSV."""

    name: str
    kind: type[Registered]
    columns: tuple[Column, ...]
    begins: Callable[[Facts], list[Happening]]
    differs: Callable[[Facts, Facts], Iterator[Happening]]

    def names(self) -> dict[str, str]:
        """Every name that a header may use → the field."""
        every = {
            plain(name): column.field for column in self.columns for name in (*column.names, column.field)
        }
        return every | {plain(name): name for name in IGNORED}

    def happenings(self, facts: Facts | None, row: Facts) -> list[Happening]:
        """What has to be recorded so that the ledger says what the row says; BadCell where it must not."""
        if facts is not None:
            return list(self.differs(facts, row))
        missing = [column.names[0] for column in self.columns if column.must and column.field not in row]
        if missing:
            what = ", ".join(missing)
            raise BadCell(
                Text(f"a value for {what}, as it is not registered yet", f"填写 {what}（尚未登记）")
            )
        return self.begins(row)

    def template(self) -> str:
        """The header and an example row."""
        header = ",".join(column.names[0] for column in self.columns)
        return f"{header}\r\n{','.join(column.example for column in self.columns)}\r\n"


def changed(topic: str, facts: Facts, row: Facts) -> Iterator[Happening]:
    """One event with the fields that differ and that it has."""
    names = _fields(topic)
    data = {name: value for name, value in row.items() if name in names and facts.get(name) != value}
    if data:
        yield topic, data


@cache
def _fields(topic: str) -> frozenset[str]:
    event: type[Event] | None = known(topic)
    assert event is not None
    return frozenset(own_fields(event))
