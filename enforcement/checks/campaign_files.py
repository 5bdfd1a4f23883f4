"""The files of a campaign: the freeze, the three lists behind its roots, the transcript as drawn.

All are canonical JSON, so the same content has the same hash; reading one back checks it (`Attachments`).
"""

from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, Protocol

import orjson

from enforcement.canonical import jcs
from enforcement.checks import lists
from enforcement.checks.campaign import Campaign
from enforcement.checks.lists import Lists
from enforcement.checks.replacing import Standing
from enforcement.errors import NotFound


class Stored(Protocol):
    """What keeping a file answers."""

    @property
    def sha256(self) -> str: ...


class Files(Protocol):
    """Files outside the ledger by their hash."""

    def put(self, content: bytes | BinaryIO) -> Stored: ...
    def read(self, sha256: str) -> bytes: ...


class Kept(NamedTuple):
    """The hashes of a freeze and of its lists."""

    freeze: str
    lists: str


def keep(files: Files, frozen: dict[str, Any], given: Lists) -> Kept:
    """Put freeze and lists away."""
    return Kept(files.put(jcs(frozen)).sha256, files.put(canonical(given)).sha256)


def canonical(given: Lists) -> BinaryIO:
    """The three lists as canonical JSON: their leaves are, so a million rows are written as they come."""
    written = BytesIO()
    for n, (name, rows) in enumerate(sorted(given._asdict().items())):
        written.write(b'%s"%s":' % (b"," if n else b"{", name.encode()))
        for place, row in enumerate(rows):
            written.write(b"," if place else b"[")
            written.write(row.leaf())
        written.write(b"]" if rows else b"[]")
    written.write(b"}")
    written.seek(0)
    return written


def freeze_of(files: Files, it: Campaign) -> dict[str, Any]:
    """The freeze object; NotFound before there is one."""
    if it.frozen is None:
        raise NotFound("freeze", it.id)
    found: dict[str, Any] = orjson.loads(files.read(it.frozen["freeze"]))
    return found


def lists_of(files: Files, it: Campaign) -> Lists:
    """The three frozen lists."""
    if it.frozen is None:
        raise NotFound("freeze", it.id)
    return lists.read(orjson.loads(files.read(it.frozen["lists"])))


def drawn_of(files: Files, it: Campaign) -> dict[str, Any]:
    """The transcript as drawn, without replacements and events; NotFound before the draw."""
    if it.transcript is None:
        raise NotFound("transcript", it.id)
    found: dict[str, Any] = orjson.loads(files.read(it.transcript))
    return found


def standing(files: Files, it: Campaign) -> Standing:
    """The draw as it stands after the replacements recorded so far."""
    found = Standing(drawn_of(files, it), lists_of(files, it))
    found.replay([_entry(each) for each in it.replacements])
    return found


def transcript(files: Files, it: Campaign, positions: dict[int, int]) -> dict[str, Any]:
    """The whole transcript as published: with every replacement and every event; `positions` by version."""
    drawn = drawn_of(files, it)
    drawn["replacements"] = [
        _entry(each) | {"at": _second(each["at"]), "position": positions[each["version"]]}
        for each in it.replacements
    ]
    drawn["ledger"] = [
        {"position": positions[each["version"]], "type": each["type"], "at": _second(each["at"])}
        for each in it.log
    ]
    return drawn


def _entry(each: dict[str, Any]) -> dict[str, Any]:
    """A recorded replacement in the words of the specification."""
    return {
        "kind": each["kind"],
        "object": each["object"],
        "out": each["out"],
        "in": each["into"],
        "reason": each["reason"],
    }


def _second(recorded: str) -> str:
    """The ledger's clock to the whole second, as the specification writes times."""
    return recorded[:19] + "Z"
