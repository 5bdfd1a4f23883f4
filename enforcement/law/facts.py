"""The facts that the figures of a fine depend on, checked at the door.

Circumstances 情节 are words of a fixed list; a word that is not on it is refused, never ignored.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from enforcement.errors import InvalidData
from enforcement.law.acts import FLAGS, LOSS, NOT_DONE, REFUSES, SERIOUS
from enforcement.values import Text

CENT = Decimal("0.01")
PARTY_KINDS = frozenset({"person", "sole_trader", "organisation", "institution", "unknown"})
NO_GAINS = "no_gains"

CIRCUMSTANCES = {
    REFUSES: Text("refusal to correct", "拒不改正"),
    NOT_DONE: Text("not corrected by the date", "逾期不改正"),
    SERIOUS: Text("serious circumstances", "情节严重"),
    LOSS: Text("loss caused", "造成损失"),
    "failed": Text("failed verification", "检定不合格"),
    "contact_lens": Text("contact-lens equipment", "角膜接触镜"),
    NO_GAINS: Text("no illegal gains", "没有违法所得"),
}


class Facts(NamedTuple):
    """What the figures of a band are multiplied with. None = not known."""

    units: int | None
    gains: Decimal | None
    goods_value: Decimal | None
    flags: frozenset[str]
    party_kind: str


def cny(amount: Decimal) -> str:
    """An amount as people read it: `1,000.00`."""
    return f"{amount:,.2f}"


def facts(
    units: int | None,
    gains: Decimal | None,
    goods_value: Decimal | None,
    flags: Collection[str],
    party_kind: str,
) -> Facts:
    """The arguments checked; InvalidData on an unknown circumstance or kind of party."""
    unknown = frozenset(flags) - FLAGS
    if unknown:
        names = ", ".join(sorted(unknown))
        raise InvalidData({"flags": [Text(f"unknown circumstance {names}", f"未知情节 {names}")]})
    if party_kind not in PARTY_KINDS:
        expected = ", ".join(sorted(PARTY_KINDS))
        raise InvalidData(
            {"party_kind": [Text(f"{party_kind!r} is not one of {expected}", f"当事人类型应为 {expected}")]}
        )
    return Facts(units, gains, goods_value, frozenset(flags), party_kind)
