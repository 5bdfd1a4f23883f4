"""Several reports of one case 多人举报: together they get no more than the highest of their standards.

Merged reports are among them. Who reported the same clue later is no case of this: what the bureau knew already earns
nothing (`unknown_before`), nor does a later report of one matter that adds nothing of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from enforcement.reports.merging import in_time
from enforcement.reports.report import Report
from enforcement.reports.reward import Claim, Share, reward, shares
from enforcement.values import occurred_day

FIXED = ("AMOUNT_SET", "FINANCE_CONFIRMED", "TOLD", "CLAIMED", "REVIEW_REQUESTED", "PAID")
"""States in which an amount stands; one that was waived, or is graded anew, takes nothing from the others."""
GRADED = ("GRADED", *FIXED)


def left(others: Iterable[Report], standard: Decimal) -> Decimal:
    """What a report of this standard can still get beside the others of its case (CNY)."""
    fixed = [other.reward for other in others if other.state in FIXED]
    highest = max([standard, *(Decimal(given["standard"]) for given in fixed)])
    return highest - sum((Decimal(given["amount"]) for given in fixed), Decimal(0))


def matched(others: Iterable[Report]) -> Decimal:
    """The part of fine and confiscation that other reports of the same matter match already (CNY)."""
    graded = (other.reward for other in others if other.state in GRADED)
    return sum((Decimal(given["matching"]) for given in graded), Decimal(0))


def proposed(reports: Sequence[Report], on: date) -> list[Share]:
    """How the rule would share among the graded reports of a case, each in proportion to its standard."""
    graded = [report for report in reports if report.state in GRADED]
    ordered = sorted(graded, key=in_time)
    return shares([_claim(report) for report in ordered], on)


def _claim(report: Report) -> Claim:
    given, day = report.reward, occurred_day(report.received)
    assert day is not None
    standard = reward(
        given["grade"], Decimal(given["matching"]), day, report.jurisdiction, Decimal(given["factor"])
    )
    signers = tuple(str(number) for number in range(1, report.facts["signers"] + 1))
    clue = f"own part of {report.id}" if given.get("own_part") else report.lead or report.id
    return Claim(report.id, clue, standard.amount, signers)
