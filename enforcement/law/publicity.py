"""Publicity 公示 of a penalty: whether it is published, in which class, and how long (Order 107, from 2025-12-25).

Pure arithmetic on what the decision says; the days on which a record stops stand with the deadline rules.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from enforcement.law.dated import Row, coded_on, join, row_on, rows_on
from enforcement.law.discretion import rung_name
from enforcement.law.facts import cny
from enforcement.law.norms import penalties_among, text_of
from enforcement.law.tables import load
from enforcement.values import Text


@dataclass(frozen=True)
class Publicity:
    """The class of a record; terms in months. `apply` = an earlier stop can be asked for after `shortest`.

    `automatic` = stops by itself after `longest`; `until_restriction_over` = not before a restriction has run out;
    `legal_unit` = the legal unit should confirm the class.
    """

    code: str
    name: Text
    shortest: int | None
    longest: int | None
    apply: bool
    automatic: bool
    until_restriction_over: bool
    legal_unit: bool
    article: str
    explanation: Text

    @property
    def published(self) -> bool:
        """Whether the record is published at all."""
        return self.longest is not None


def publicity(
    kinds: Collection[str],
    on: date,
    *,
    fine: Decimal | None = None,
    rung: str | None = None,
    party_kind: str = "organisation",
    summary: bool = False,
    serious_goods: bool = False,
    serious_list: bool = False,
) -> Publicity:
    """The class of a decision's record on a day. `kinds` as decided, `fine` in CNY, `rung` as stated in the decision.

    `serious_goods` = food, drugs, devices, cosmetics, special equipment or key industrial products; `serious_list` =
    on the list of the seriously dishonest. Of several classes the longest term counts. NotFound before 2025-12-25.
    """
    penalties = penalties_among(frozenset(kinds) | ({"fine"} if fine else set()))
    if summary or penalties <= {"warning"}:
        return _class("not_published", on, False, text_of(load("publicity")["scope"]["text"]))
    minor, flagged = _minor(penalties, fine, rung, party_kind, on)
    codes = list(_serious(penalties, minor, serious_goods, serious_list, on))
    codes = codes or (["minor"] if minor else ["general"])
    chosen = max(codes, key=lambda code: _weight(coded_on("publicity", "classes", code, on)))
    return _class(chosen, on, flagged and chosen == "minor", _why(chosen, fine, rung, flagged, on))


def _minor(
    penalties: frozenset[str], fine: Decimal | None, rung: str | None, party_kind: str, on: date
) -> tuple[bool, bool]:
    """Whether the record is minor, and whether a warning beside the fine leaves that to the legal unit."""
    rule = row_on("publicity", "low_fine", on)
    limit = Decimal(rule["person" if party_kind == "person" else "entity"])
    rest = penalties - {"warning"}
    if rest == {"criticism"}:
        return True, rest != penalties
    low = rest == {"fine"} and fine is not None and fine <= limit and rung in rule["rungs"]
    return low, low and rest != penalties


def _serious(
    penalties: frozenset[str], minor: bool, serious_goods: bool, serious_list: bool, on: date
) -> Iterator[str]:
    if serious_goods and not minor:
        yield "serious_goods"
    if serious_list:
        yield "serious_list"
    for row in rows_on("publicity", "classes", on):
        if penalties & set(row.get("kinds", ())):
            yield row["code"]


def _weight(row: Row) -> tuple[int, int, bool]:
    """Longest term first; of equal ones the longer shortest term, then one bound to a restriction."""
    return row.get("longest", 0), row.get("shortest", 0), row.get("until_restriction_over", False)


def _class(code: str, on: date, legal_unit: bool, why: Text) -> Publicity:
    row = coded_on("publicity", "classes", code, on)
    name = text_of(row["name"])
    return Publicity(
        code=row["code"],
        name=name,
        shortest=row.get("shortest"),
        longest=row.get("longest"),
        apply=row["apply"],
        automatic=row["automatic"],
        until_restriction_over=row.get("until_restriction_over", False),
        legal_unit=legal_unit,
        article=row["article"],
        explanation=join([name, why]),
    )


def _why(code: str, fine: Decimal | None, rung: str | None, flagged: bool, on: date) -> Text:
    rule = row_on("publicity", "low_fine", on)
    limits = f"{rule['entity']} / {rule['person']}"
    stated = rung_name(rung) if rung else Text("not stated", "未载明")
    en = f"fine {cny(fine or Decimal(0))} CNY, rung {stated.en}; low is up to {limits} (entity / person)"
    zh = f"罚款{cny(fine or Decimal(0))}元，裁量{stated.zh}；较低数额为{limits}元（单位/个人）以下"
    if flagged and code == "minor":
        en, zh = (
            f"{en}; a warning stands beside it: the legal unit confirms",
            f"{zh}；并处警告，由法制机构确认",
        )
    return Text(en, zh)
