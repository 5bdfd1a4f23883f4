"""A local regulation punishes in its own province alone."""

from datetime import date

import pytest

from enforcement.cases.case import Case
from enforcement.cases.guards.base import Act
from enforcement.cases.guards.money import against_catalogue
from enforcement.cases.procedure import table
from enforcement.law import Law

CHEAT_DEVICE = {"violation": "v1", "code": "M-C04", "fine": "10000"}


def rules(region: str, penalty: dict[str, str]) -> list[str]:
    case = Case("case-1")
    case.region = region
    case.open_with(
        "2026-03-02", [{"id": "p1", "kind": "organisation"}], [{"id": "v1", "code": penalty["code"]}]
    )
    act = Act(case, table().row("case.proposal-approved"), Law.load(), None, date(2026, 3, 20))
    return [breach.rule for breach in against_catalogue(act, penalty)]


@pytest.mark.parametrize(("region", "refused"), [("330302", False), ("440300", True), ("310100", True)])
def test_zhejiang_rows_apply_in_zhejiang_alone(region: str, refused: bool) -> None:
    assert ("not-in-this-place" in rules(region, CHEAT_DEVICE)) is refused


def test_national_rows_apply_everywhere() -> None:
    for region in ("330302", "440300"):
        assert "not-in-this-place" not in rules(region, {"violation": "v1", "code": "M-V01", "fine": "500"})
