"""Net content of prepackaged goods: every band edge, both worked examples, and verdicts against plain arithmetic."""

import math
import statistics
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from enforcement.checks.netcontent import Label, Lot, Verdict, judge
from enforcement.checks.netcontent_tables import label_rule, plan, tolerance, unit
from enforcement.errors import InvalidData, NotFound, Refused

ON = date(2026, 11, 20)
PASSING = "498.2 501.0 496.4 499.5 500.8 497.1 502.3 495.9 499.0 498.6".split()
FAILING = "490.2 488.0 492.5 486.9 491.1 489.4 487.7 490.8 493.0 484.6".split()
GOOD_LABEL = Label(True, True, Decimal(4))

PRINTED = {
    25: ("2.2", "2.3"),
    125: ("5.6", "5.7"),
    150: ("6.8", "6.8"),
    250: ("9", "9"),
    330: ("9.9", "9.9"),
    400: ("12", "12"),
    450: ("13.5", "13.5"),
    500: ("15", "15"),
    750: ("15", "15"),
    1500: ("22", "23"),
    2500: ("38", "38"),
    5000: ("75", "75"),
    10000: ("150", "150"),
    12000: ("150", "150"),
    20000: ("200", "200"),
    25000: ("250", "250"),
    50000: ("500", "500"),
}
EDGES = {
    "50": "4.5",
    "50.1": "4.5",
    "100": "4.5",
    "100.1": "4.5",
    "200": "9",
    "200.1": "9",
    "300": "9",
    "300.1": "9",
    "500": "15",
    "500.1": "15",
    "1000": "15",
    "1000.1": "15",
    "10000": "150",
    "10001": "150",
    "15000": "150",
    "15001": "150",
    "50000": "500",
}
PLANS = {
    1: (1, None, 0),
    10: (10, None, 0),
    11: (10, "1.028", 0),
    50: (10, "1.028", 0),
    51: (13, "0.848", 1),
    99: (13, "0.848", 1),
    100: (50, "0.379", 3),
    500: (50, "0.379", 3),
    501: (80, "0.295", 5),
    3200: (80, "0.295", 5),
    3201: (125, "0.234", 7),
    10**9: (125, "0.234", 7),
}


def lot(readings: Sequence[str], size: int = 40, nominal: str = "500", **changed: object) -> Verdict:
    """The verdict on a lot of grams, unless told otherwise."""
    given = {"unit": "g", "label": GOOD_LABEL} | changed
    return judge(Lot(size, Decimal(nominal), readings=[Decimal(r) for r in readings], **given), ON)  # type: ignore[arg-type]


@pytest.mark.parametrize("nominal", PRINTED)
def test_printed_deficiencies_in_both_roundings(nominal: int) -> None:
    even, up = PRINTED[nominal]
    assert tolerance("mass", Decimal(nominal), ON) == Decimal(even)
    assert tolerance("mass", Decimal(nominal), ON, "up") == Decimal(up)


@pytest.mark.parametrize("nominal", EDGES)
def test_band_edge_belongs_to_the_lower_band(nominal: str) -> None:
    assert tolerance("volume", Decimal(nominal), ON) == Decimal(EDGES[nominal])


def test_edges_of_a_percentage_and_an_amount_meet_or_step_as_in_the_annex() -> None:
    """Up to 50 g nine per cent, from there 4.5 g: the two meet; T never falls as the quantity grows."""
    found = [tolerance("mass", Decimal(n) / 10, ON) for n in range(1, 500_001, 7)]
    assert all(a <= b for a, b in pairwise(found))


@pytest.mark.parametrize("kind", ["mass", "volume"])
def test_above_fifty_kilograms_nothing_is_judged(kind: str) -> None:
    assert tolerance(kind, Decimal(50_000), ON) == 500
    with pytest.raises(Refused, match="annex 3 gives no tolerable deficiency"):
        tolerance(kind, Decimal("50000.1"), ON)


def test_length_area_and_count_have_bands_of_their_own() -> None:
    assert [tolerance("length", Decimal(mm), ON) for mm in (5000, 5001)] == [0, Decimal("100.02")]
    assert tolerance("area", Decimal(300), ON) == 9
    assert [tolerance("count", Decimal(n), ON) for n in (50, 51, 100, 101, 200)] == [0, 1, 1, 2, 2]


def test_no_table_is_in_force_before_its_first_day() -> None:
    with pytest.raises(NotFound):
        tolerance("mass", Decimal(500), date(2005, 12, 31))
    with pytest.raises(NotFound):
        plan(40, date(2005, 12, 31))


@pytest.mark.parametrize("size", PLANS)
def test_sampling_plan_at_every_edge(size: int) -> None:
    found = plan(size, ON)
    assert (found.sample, found.factor and str(found.factor), found.t1) == PLANS[size]
    assert (found.t2, found.id, found.status) == (0, "JJF1070-2005", "unconfirmed")


@pytest.mark.parametrize("size", [11, 51, 100, 501, 3201])
def test_factor_is_student_t_at_the_printed_precision(size: int) -> None:
    found = plan(size, ON)
    exact = stats.t.ppf(0.995, found.sample - 1) / math.sqrt(found.sample)
    assert found.factor is not None
    assert abs(float(found.factor) - exact) < (0.001 if found.sample == 13 else 0.0005)


def test_first_worked_example_passes() -> None:
    found = lot(PASSING)
    assert (found.mean.mean, found.mean.deviation, found.mean.limit) == (
        Decimal("498.880"),
        Decimal("2.0821"),
        Decimal("497.860"),
    )
    assert (found.mean.passed, found.single.t1, found.single.t2, found.overall) == (True, 0, 0, True)


def test_second_worked_example_fails_twice() -> None:
    found = lot(FAILING)
    assert (found.mean.mean, found.mean.deviation, found.mean.limit) == (
        Decimal("489.420"),
        Decimal("2.6288"),
        Decimal("497.298"),
    )
    assert (found.mean.passed, found.single.t1, found.single.t2, found.single.passed) == (False, 1, 0, False)
    assert (found.content, found.overall) == (False, False)


@pytest.mark.parametrize(("short", "t1", "t2"), [("15", 0, 0), ("15.1", 1, 0), ("30", 1, 0), ("30.1", 0, 1)])
def test_package_short_by_exactly_t_or_twice_t_is_within(short: str, t1: int, t2: int) -> None:
    found = lot([str(500 - Decimal(short)), *["500"] * 9])
    assert (found.single.t1, found.single.t2) == (t1, t2)


@pytest.mark.parametrize(
    ("size", "sample", "allowed"), [(51, 13, 1), (100, 50, 3), (501, 80, 5), (3201, 125, 7)]
)
def test_one_more_short_package_than_allowed_fails(size: int, sample: int, allowed: int) -> None:
    for short, passes in ((allowed, True), (allowed + 1, False)):
        found = lot(["484"] * short + ["510"] * (sample - short), size)
        assert (found.single.t1, found.single.passed, found.mean.passed) == (short, passes, True)


def test_one_package_short_beyond_twice_t_fails_any_lot() -> None:
    assert not lot(["469.9", *["510"] * 124], 4000).single.passed


def test_small_lot_has_no_mean_test_and_tests_every_package() -> None:
    found = lot(["499"] * 10, 10)
    assert (found.mean.passed, found.mean.limit, found.overall) == (None, None, True)
    assert lot(["499"], 1).overall


def test_mean_exactly_on_the_limit_passes() -> None:
    """Without spread the limit is the nominal quantity itself, and a hair below it fails."""
    assert lot(["500"] * 10).mean.passed
    assert lot(["499.999999"] * 10).mean.passed is False


def test_goods_without_tolerance_fail_by_any_shortage() -> None:
    found = lot(["49", *["50"] * 9], nominal="50", unit="件")
    assert (found.single.tolerance, found.single.t1, found.single.t2, found.single.passed) == (0, 0, 1, False)
    assert not lot(["4999", *["5000"] * 9], nominal="5000", unit="mm").single.passed
    assert lot(["4901", *["5100"] * 9], nominal="5001", unit="mm").single.passed


def test_tare_is_taken_off_every_reading_in_the_label_s_unit() -> None:
    gross = [str(Decimal(q) / 1000 + Decimal("0.025")) for q in PASSING]
    found = lot(gross, nominal="0.5", unit="kg", tare=Decimal("0.025"))
    assert (found.mean.mean, found.single.t1) == (Decimal("498.880"), 0)
    assert [fault.en for fault in found.faults] == ["kg is not the unit for this amount (annex 1)"]


def test_other_rounding_is_shown_where_it_changes_the_verdict() -> None:
    """25 g: T is 2.2, by R 87 2.3; a package short by 2.3 is a T1 error here and none there."""
    found = lot(["22.7", *["25"] * 9], nominal="25")
    assert (found.single.t1, found.shown.t1, found.overall, found.overall_shown) == (1, 0, False, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"readings": PASSING[:9]}, "asks for 10 readings"),
        ({"readings": [*PASSING, "500"]}, "asks for 10 readings"),
        ({"readings": [], "size": 0}, "1 or more packages"),
        ({"nominal": "0"}, "above 0"),
        ({"nominal": "100.5", "unit": "件"}, "whole numbers"),
        ({"tare": Decimal(496)}, "below the tare"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        lot(**{"readings": PASSING} | changed)  # type: ignore[arg-type]


def test_unknown_unit_is_not_found() -> None:
    with pytest.raises(NotFound):
        unit("斤")


@pytest.mark.parametrize(
    ("nominal", "height"),
    [("50", 2), ("50.1", 3), ("200", 3), ("200.1", 4), ("1000", 4), ("1001", 6)],
)
def test_least_character_height_at_every_edge(nominal: str, height: int) -> None:
    assert label_rule("mass", Decimal(nominal), ON).height == height
    assert label_rule("length", Decimal(nominal), ON).height == 2


UNITS = {
    "g": ("999.9", "1000"),
    "mL": ("999.9", "1000"),
    "mm": ("999", "1000"),
    "cm": ("99.9", "100"),
    "cm²": ("99.9", "100"),
    "mm²": ("9999", "10000"),
    "dm²": ("99.9", "100"),
}


@pytest.mark.parametrize("name", UNITS)
def test_unit_changes_at_the_amount_of_annex_one(name: str) -> None:
    found = unit(name)
    assert [found.fits(Decimal(n) * found.per) for n in UNITS[name]] == [True, False]


@pytest.mark.parametrize(("name", "amount"), [("kg", "1"), ("L", "1"), ("m", "1"), ("m²", "1"), ("dm²", "1")])
def test_large_units_begin_at_the_amount_of_annex_one(name: str, amount: str) -> None:
    found = unit(name)
    assert found.fits(Decimal(amount) * found.per)
    assert not found.fits(Decimal("0.99") * Decimal(amount) * found.per)


def test_every_fault_of_a_label_is_named() -> None:
    found = lot(PASSING, label=Label(False, False, Decimal("3.9")))
    assert len(found.faults) == 3
    assert (found.content, found.label, found.overall) == (True, False, False)


def test_label_nobody_looked_at_leaves_the_overall_open() -> None:
    assert lot(PASSING, label=None).overall is None
    assert lot(FAILING, label=None).overall is False


def test_more_than_three_digits_is_a_note_and_no_fault() -> None:
    found = lot(["500.5"] * 10, nominal="500.5")
    assert (len(found.notes), found.faults, found.label) == (1, (), True)
    assert lot(["15000"] * 10, nominal="15000", label=Label(True, True, Decimal(6))).notes == ()


@given(
    st.lists(st.decimals(min_value=440, max_value=540, places=2), min_size=13, max_size=13),
    st.sampled_from([51, 75, 99]),
)
def test_verdict_equals_plain_arithmetic(readings: list[Decimal], size: int) -> None:
    """Against the formulas of the rule with `statistics` on fractions; the mean test away from its edge."""
    found = lot([str(r) for r in readings], size)
    exact = [Fraction(r) for r in readings]
    short = [500 - q for q in exact]
    assert found.single.t1 == len([d for d in short if 15 < d <= 30])
    assert found.single.t2 == len([d for d in short if d > 30])
    limit = 500 - 0.848 * math.sqrt(statistics.variance(exact))
    mean = float(statistics.mean(exact))
    if abs(mean - limit) > 1e-6:
        assert found.mean.passed == (mean >= limit)
