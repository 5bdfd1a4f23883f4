"""How a case is reviewed 审核 and how it ends 结案: the grounds as codes, and which of them make which step necessary.

A legal review 法制审核 and a collective discussion 集体讨论 hang on the grounds of P 50(1); the bureau's own list
(P 50(3)) makes a legal review only.
"""

from collections.abc import Collection
from datetime import date

from enforcement.law.dated import coded_on, rows_on
from enforcement.law.norms import text_of
from enforcement.values import Text

_BUREAU_LIST, _AFTER_HEARING = "P50_3", "P50_1_2"


def closing_outcomes(on: date) -> dict[str, Text]:
    """The closing outcomes 结案情形 of P 77 and form 53, by code."""
    return {row["code"]: text_of(row["name"]) for row in rows_on("outcomes", "closing", on)}


def review_grounds(on: date) -> dict[str, Text]:
    """The grounds of legal review, by code."""
    return {row["code"]: text_of(row["name"]) for row in rows_on("outcomes", "review_grounds", on)}


def review_kind(grounds: Collection[str], on: date, *, hearing_held: bool = False) -> str:
    """`legal` or `case`: which review a case needs now. After a hearing that was held it is always the legal one.

    P50_1_2 exists only after a hearing: before it, that ground alone gives a case review. NotFound on an unknown code.
    """
    for code in grounds:
        coded_on("outcomes", "review_grounds", code, on)
    now = set(grounds) - (set() if hearing_held else {_AFTER_HEARING})
    return "legal" if hearing_held or now else "case"


def collective_needed(grounds: Collection[str], *, penalty: bool, hearing_held: bool = False) -> bool:
    """P 60: collective discussion of a case of P 50(1) in which a penalty is proposed."""
    first_paragraph = {code for code in grounds if code != _BUREAU_LIST}
    if not hearing_held:
        first_paragraph.discard(_AFTER_HEARING)
    return penalty and bool(first_paragraph)
