"""The tables behind a net-content verdict: legal units, tolerable deficiency 允许短缺量, sampling plan, label.

Rows of `law/data/netcontent.toml`, each in force from a day. Amounts are exact: decimals in, fractions inside. Base
units are g, mL, mm, cm² and the piece.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any, Literal

from enforcement.errors import Breach, NotFound, Refused
from enforcement.law.dated import Row, rows_on
from enforcement.law.tables import load
from enforcement.values import Text

Rounding = Literal["half-even", "up"]
"""修约 (四舍六入五成双), and OIML R 87, which rounds T upwards."""
TABLE = "netcontent"


@dataclass(frozen=True)
class Unit:
    """A legal unit, how many base units it is, and for which amounts (base units) a label uses it."""

    name: str
    kind: str
    per: Decimal
    least: Decimal | None
    below: Decimal | None

    def fits(self, amount: Decimal) -> bool:
        """Whether a label of this amount (base units) uses the unit (定包 annex 1)."""
        return (self.least is None or amount >= self.least) and (self.below is None or amount < self.below)


@dataclass(frozen=True)
class Plan:
    """How many packages of a lot are tested, λ of the mean test (None: no mean test), and how many may be short."""

    id: str
    sample: int
    factor: Decimal | None
    t1: int
    t2: int
    status: str


@dataclass(frozen=True)
class LabelRule:
    """What a label of this quantity must show: the words 净含量 or not, and characters of so many mm at least."""

    words: bool
    height: Decimal
    article: str


def unit(name: str) -> Unit:
    """The unit of a name; NotFound for one that is no legal unit of the table."""
    try:
        return _units()[name]
    except KeyError:
        raise NotFound("legal unit", name) from None


def tolerance(kind: str, nominal: Decimal, on: date, rounding: Rounding = "half-even") -> Decimal:
    """T of a nominal quantity (base units) on a day. Refused above 50 kg or 50 L, where annex 3 has no T."""
    rule = _of_kind("tolerance", kind, on)
    for band in rule["bands"]:
        if _inside(band, nominal):
            return _rounded(_short(band, nominal), band["step"], rounding)
    said = Text(
        f"annex 3 gives no tolerable deficiency for a nominal quantity of {nominal:f} (base unit of {kind})",
        f"标注净含量 {nominal:f} 超出附件3范围，无允许短缺量",
    )
    raise Refused([Breach("outside-annex-3", rule["article"], said)])


def plan(lot: int, on: date) -> Plan:
    """The sampling plan of a lot of so many packages on a day; the newest table in force."""
    table = max(rows_on(TABLE, "plan", on), key=lambda row: row["valid_from"], default=None)
    if table is None:
        raise NotFound("sampling plan in force on " + on.isoformat(), TABLE)
    row = next(r for r in table["rows"] if r["from"] <= lot <= r.get("upto", lot))
    factor = Decimal(row["factor"]) if "factor" in row else None
    return Plan(table["id"], row.get("sample", lot), factor, row["t1"], row["t2"], table["status"])


def label_rule(kind: str, nominal: Decimal, on: date) -> LabelRule:
    """What the label of a nominal quantity (base units) must show on a day."""
    rule = _of_kind("label", kind, on)
    band = next(band for band in rule["heights"] if _inside(band, nominal))
    return LabelRule(rule["words"], Decimal(band["height"]), rule["article"])


def _of_kind(section: str, kind: str, on: date) -> Row:
    for row in rows_on(TABLE, section, on):
        if kind in row["kinds"]:
            return row
    raise NotFound("rule in force on " + on.isoformat(), f"{TABLE}.{section}.{kind}")


def _inside(band: Mapping[str, Any], amount: Decimal) -> bool:
    return Decimal(band["over"]) < amount <= Decimal(band.get("upto", amount))


def _short(band: Mapping[str, Any], nominal: Decimal) -> Decimal:
    return Decimal(band["amount"]) if "amount" in band else nominal * Decimal(band["percent"]) / 100


def _rounded(value: Decimal, step: str, rounding: Rounding) -> Decimal:
    if step == "exact":
        return value
    if step == "up":
        return value.quantize(Decimal(1), ROUND_CEILING)
    return value.quantize(Decimal(step), ROUND_CEILING if rounding == "up" else ROUND_HALF_EVEN)


@cache
def _units() -> Mapping[str, Unit]:
    return {row["name"]: _unit(row) for row in load(TABLE)["unit"]}


def _unit(row: Mapping[str, Any]) -> Unit:
    least, below = (Decimal(row[name]) if name in row else None for name in ("from", "below"))
    return Unit(row["name"], row["kind"], Decimal(row["per"]), least, below)


def tables() -> Iterator[tuple[str, Sequence[Row]]]:
    """Every table with its rows, for pages that show them."""
    return ((name, rows) for name, rows in load(TABLE).items())
