"""Norms 法律规范 and kinds of consequence 处理种类: the names that the catalogue of violations is written in.

An article is written as `short name + number`, e.g. `细则 43`: the short name leads to the norm, its rank and its
jurisdiction. This module must not decide which of two norms applies (see `precedence`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from enforcement.errors import InvalidData
from enforcement.law.tables import load
from enforcement.values import Text

RANKS = ("law", "administrative_regulation", "local_regulation", "departmental_rule")
JURISDICTIONS = ("national", "zhejiang")
STATUSES = frozenset({"confirmed", "unverified", "unconfirmed", "reading", "derived"})


@dataclass(frozen=True)
class Norm:
    """One law, regulation or rule in the text that was read; in force from `valid_from` to `valid_to` inclusive."""

    short: str
    name: Text
    rank: str
    jurisdiction: str
    text: str
    status: str
    reason: str
    valid_from: date
    valid_from_status: str
    valid_to: date | None
    print_article: bool


@dataclass(frozen=True)
class Kind:
    """One kind of consequence; `penalty` says whether it is an administrative penalty 行政处罚 (APL 9)."""

    code: str
    name: Text
    penalty: bool
    article: str
    status: str


def text_of(row: Mapping[str, str]) -> Text:
    """The bilingual text of a table entry."""
    return Text(row["en"], row["zh"])


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether a row applies on a day; both ends are included."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def short_of(article: str) -> str:
    """The norm's short name in an article: `处细 11(2)` gives `处细`."""
    return article.rsplit(" ", 1)[0]


@cache
def norms() -> Mapping[str, Norm]:
    """Every norm by its short name."""
    return MappingProxyType({row["short"]: _norm(row) for row in load("norms")["norms"]})


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of consequence by its code."""
    return MappingProxyType({row["code"]: _kind(row) for row in load("kinds")["kinds"]})


def penalties_among(codes: Collection[str]) -> frozenset[str]:
    """Those of the kinds that are administrative penalties; InvalidData on an unknown kind."""
    return frozenset(code for code in known_kinds(codes) if kinds()[code].penalty)


def known_kinds(codes: Collection[str]) -> frozenset[str]:
    """The kinds as a set; InvalidData when one is not in the table."""
    unknown = frozenset(codes) - kinds().keys()
    if unknown:
        names = ", ".join(sorted(unknown))
        raise InvalidData({"kinds": [Text(f"unknown kind of consequence {names}", f"未知处理种类 {names}")]})
    return frozenset(codes)


def _norm(row: dict[str, Any]) -> Norm:
    return Norm(
        short=row["short"],
        name=text_of(row["name"]),
        rank=row["rank"],
        jurisdiction=row["jurisdiction"],
        text=row["text"],
        status=row["status"],
        reason=row.get("reason", ""),
        valid_from=row["valid_from"],
        valid_from_status=row.get("valid_from_status", "confirmed"),
        valid_to=row.get("valid_to"),
        print_article=row["print_article"],
    )


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(row["code"], text_of(row["name"]), row["penalty"], row["article"], row["status"])
