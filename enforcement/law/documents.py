"""Documents of a case 执法文书: the 56 forms, their numbers, and their order in the file 案卷 (P 78).

Main volume 正卷: filing form; decision with receipt; other documents with receipts; evidence; hearing record;
property papers; other. Side volume 副卷: source papers; final report; review opinions; hearing report; closing
form; other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from enforcement.errors import NotFound
from enforcement.law.norms import text_of
from enforcement.law.tables import load
from enforcement.values import Text

RECEIPT, SERVICE_NOTICE = 50, 51
_VOLUMES = {"main": 0, "side": 1}


@dataclass(frozen=True)
class DocumentForm:
    """One of the 56 forms. `word` = numbering word 文号字, None = carries no number; `volume` main, side or both."""

    no: int
    name: Text
    word: str | None
    volume: str
    group: str
    status: str


class Paper(NamedTuple):
    """A paper in the file: its form, its day (ISO text, None = unknown), and for a receipt the form that it serves."""

    form: int
    day: str | None = None
    number: str | None = None
    serves: int | None = None
    volume: str | None = None


@cache
def forms() -> Mapping[int, DocumentForm]:
    """The forms by number."""
    return MappingProxyType({row["no"]: _form(row) for row in load("documents")["forms"]})


def form(no: int) -> DocumentForm:
    """The form with a number; NotFound outside 1 to 56."""
    try:
        return forms()[no]
    except KeyError:
        raise NotFound("document form", str(no)) from None


def number(authority: str, word: str, year: int, seq: int) -> str:
    """A document number: `温鹿`, `罚告`, 2026, 1 → 温鹿市监罚告〔2026〕1号. ValueError on an empty part or seq < 1."""
    if not authority or not word or seq < 1:
        raise ValueError(f"no document number from {authority!r}, {word!r}, {seq}")
    return f"{authority}市监{word}〔{year}〕{seq}号"


def abbreviation(region: str) -> str:
    """机关简称 of the bureau of a division (unconfirmed data); NotFound where none is known."""
    for row in load("authorities")["authorities"]:
        if row["region"] == region:
            return str(row["abbreviation"])
    raise NotFound("authority abbreviation", region)


def file_order(papers: Sequence[Paper]) -> list[Paper]:
    """The papers in statutory order: main volume, then side volume; inside a group by day, undated ones last.

    A receipt comes right behind the last document of the form it serves that is not younger than it. Papers of both
    volumes (cover, contents, remarks) go where their `volume` says, the main one by default.
    """
    return sorted(papers, key=lambda paper: _place(paper, papers))


def volume_of(paper: Paper) -> str:
    """`main` or `side`."""
    stated = form(paper.form).volume
    return paper.volume or "main" if stated == "both" else stated


def _place(paper: Paper, papers: Sequence[Paper]) -> tuple[int, int, bool, str, int, bool]:
    leader = _served(paper, papers) or paper
    group = _order(form(leader.form).group)
    return (
        _VOLUMES[volume_of(leader)],
        group,
        leader.day is None,
        leader.day or "",
        leader.form,
        leader is not paper,
    )


def _served(paper: Paper, papers: Sequence[Paper]) -> Paper | None:
    """What a receipt or a public notice of service belongs to."""
    if paper.form not in (RECEIPT, SERVICE_NOTICE) or paper.serves is None:
        return None
    candidates = [p for p in papers if p.form == paper.serves and (p.day or "") <= (paper.day or "9999")]
    return max(candidates, key=lambda p: p.day or "", default=Paper(paper.serves, paper.day))


def _order(group: str) -> int:
    return next(int(row["order"]) for row in load("documents")["groups"] if row["code"] == group)


def _form(row: dict[str, Any]) -> DocumentForm:
    return DocumentForm(
        row["no"], text_of(row["name"]), row.get("word"), row["volume"], row["group"], row["status"]
    )
