"""The three frozen lists of a draw: objects, inspectors, and who must recuse from what.

A row knows its leaf in the Merkle tree that commits to its list. `read` makes rows of the JSON of a document and
refuses, with its place, whatever has not the form or the order of the specification. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import orjson

from enforcement.audit.merkle import tree_hash
from enforcement.checks import forms
from enforcement.checks.document import refuse


class Listed(NamedTuple):
    """An object 检查对象: where it lies (GB/T 2260) and in which stratum it is drawn."""

    object: str
    region: str
    stratum: str

    def leaf(self) -> bytes:
        """The names stand in canonical order, so plain JSON is canonical JSON."""
        return orjson.dumps({"object": self.object, "region": self.region, "stratum": self.stratum})


class Inspector(NamedTuple):
    """An inspector 执法检查人员: the regions and skills, and how many inspections at most."""

    inspector: str
    regions: tuple[str, ...]
    skills: tuple[str, ...]
    cap: int

    def leaf(self) -> bytes:
        """JCS: the names in canonical order."""
        return orjson.dumps(
            {"cap": self.cap, "inspector": self.inspector, "regions": self.regions, "skills": self.skills}
        )


class Conflict(NamedTuple):
    """An inspector who must recuse 回避 from an object."""

    inspector: str
    object: str

    def leaf(self) -> bytes:
        """JCS of the pair as a list."""
        return orjson.dumps([self.inspector, self.object])


class Lists(NamedTuple):
    """All three, each sorted strictly ascending by the UTF-8 bytes of its key."""

    objects: Sequence[Listed]
    inspectors: Sequence[Inspector]
    conflicts: Sequence[Conflict]


R = TypeVar("R")
Row = Listed | Inspector | Conflict

OBJECT = forms.record(object=forms.name, region=forms.region, stratum=forms.name)
INSPECTOR = forms.record(
    inspector=forms.name,
    regions=forms.listed(forms.region, by=lambda code: code),
    skills=forms.listed(forms.text, by=lambda skill: skill),
    cap=forms.whole(0),
)


def root(rows: Iterable[Row]) -> bytes:
    """MTH over the leaves."""
    return tree_hash(row.leaf() for row in rows)


def read(document: dict[str, Any]) -> Lists:
    """The lists of a document."""
    return Lists(
        objects(document["objects"]), inspectors(document["inspectors"]), conflicts(document["conflicts"])
    )


def objects(value: Any, path: str = "objects") -> list[Listed]:
    """The objects; there may be a million, so what is plainly sound is looked at only once."""
    regions: set[str] = set()
    strata: set[str] = set()

    def row(value: Any, path: str) -> Listed:
        if not (
            type(value) is dict
            and len(value) == 3
            and type(id := value.get("object")) is str
            and 1 <= len(id) <= forms.LONGEST_ID
            and id.isascii()
            and id.isprintable()
            and type(region := value.get("region")) is str
            and region in regions
            and type(stratum := value.get("stratum")) is str
            and stratum in strata
        ):
            OBJECT(value, path)
            id, region, stratum = value["object"], value["region"], value["stratum"]
            regions.add(region)
            strata.add(stratum)
        return Listed(id, region, stratum)

    return _sorted(value, path, row, attrgetter("object"))


def inspectors(value: Any, path: str = "inspectors") -> list[Inspector]:
    """The inspectors."""

    def row(value: Any, path: str) -> Inspector:
        INSPECTOR(value, path)
        return Inspector(value["inspector"], tuple(value["regions"]), tuple(value["skills"]), value["cap"])

    return _sorted(value, path, row, attrgetter("inspector"))


def conflicts(value: Any, path: str = "conflicts") -> list[Conflict]:
    """The conflicts, sorted by inspector, then object."""

    def row(value: Any, path: str) -> Conflict:
        if type(value) is not list or len(value) != 2:
            refuse(
                path,
                f"is {forms.shown(value)}; expected is [inspector, object]",
                f"为 {forms.shown(value)}，应为 [执法检查人员, 检查对象]",
            )
        for number in (0, 1):
            forms.name(value[number], f"{path}[{number}]")
        return Conflict(*value)

    return _sorted(value, path, row, tuple)


def _sorted(value: Any, path: str, row: Callable[[Any, str], R], key: Callable[[R], Any]) -> list[R]:
    forms.array(value, path)
    rows = [row(one, f"{path}[{number}]") for number, one in enumerate(value)]
    forms.ascending([key(one) for one in rows], path)
    return rows


def dump(rows: Iterable[Row]) -> Iterator[Any]:
    """The rows as they stand in a transcript."""
    for row in rows:
        yield list(row) if isinstance(row, Conflict) else orjson.loads(row.leaf())
