"""Who is kept away from a report 回避: what it is about, and who stands near that.

A report about people of the bureau goes around them: until it has been said whom it concerns, only the custodian and
the principal head see it. The relations graph answers through one function, so this module knows nothing of it.
"""

from collections.abc import Callable
from typing import Any

from enforcement.reports.report import Report

Interested = Callable[[str, str], bool]
"""Whether an officer has an interest in a business (USCC), by the relations that are registered."""
AROUND = ("custodian", "principal_head")
ONLY_ASSIGNED = ("handler",)
"""Who sees a report only while it is assigned to them."""


def nobody(officer: str, uscc: str) -> bool:
    """Where there are no relations on record."""
    return False


def kept_away(report: Report, officer: str, facts: dict[str, Any], interested: Interested) -> bool:
    """Whether the officer must not see the report; `facts` of the officer's registration name the unit."""
    if officer in report.kept_away["officers"] or facts.get("unit") in report.kept_away["units"]:
        return True
    target = report.facts.get("target")
    return target is not None and interested(officer, target)


def sees(report: Report, officer: str, role: str, facts: dict[str, Any], interested: Interested) -> bool:
    """Whether the officer sees in this role that the report exists, and its steps. Never what is sealed."""
    if kept_away(report, officer, facts, interested):
        return False
    if report.around and role not in AROUND:
        return False
    return role not in ONLY_ASSIGNED or officer in report.officers
