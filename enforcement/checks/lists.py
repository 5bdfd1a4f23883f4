"""The three frozen lists of a draw: objects, inspectors, and who must recuse from what.

A row knows its leaf in the Merkle tree that commits to its list. `read` makes rows of the JSON of a document and
refuses, with its place, whatever has not the form or the order of the specification. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
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
        if type(value) is dict and len(value) == 3:
            found = Listed(value.get("object"), value.get("region"), value.get("stratum"))  # type: ignore[arg-type]
            if _plain(found, regions, strata):
                return found
        OBJECT(value, path)
        regions.add(value["region"])
        strata.add(value["stratum"])
        return Listed(value["object"], value["region"], value["stratum"])

    return _sorted(value, path, row, attrgetter("object"))


def _plain(row: Listed, regions: Set[str], strata: Set[str]) -> bool:
    """Whether a row is sound beyond doubt: a short ASCII id, a region and a stratum that were looked at before."""
    id, region, stratum = row
    return (
        type(id) is str
        and 1 <= len(id) <= forms.LONGEST_ID
        and id.isascii()
        and id.isprintable()
        and type(region) is str
        and region in regions
        and type(stratum) is str
        and stratum in strata
    )


def check(lists: Lists) -> None:
    """The same rules for rows that do not come from a document: forms and order."""
    regions: set[str] = set()
    strata: set[str] = set()
    for number, row in enumerate(lists.objects):
        if not _plain(row, regions, strata):
            OBJECT(row._asdict(), f"objects[{number}]")
            regions.add(row.region)
            strata.add(row.stratum)
    forms.ascending([row.object for row in lists.objects], "objects")
    inspectors(
        [row._asdict() | {"regions": [*row.regions], "skills": [*row.skills]} for row in lists.inspectors]
    )
    conflicts([[*row] for row in lists.conflicts])


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
