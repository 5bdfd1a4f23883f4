"""What-if: columns find what the pure score finds, the policy in force is the identity, changes have causes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.credit.facts import Fact, State
from enforcement.credit.parsing import understood
from enforcement.credit.policy import GRADES, Policy
from enforcement.credit.scoring import score
from projections.whatif import columns, picture, report
from projections.whatif.checking import check
from projections.whatif.simulate import Simulation, days_from, quarter_end, simulate
from projections.whatif.vector import Vector
from tests.unit.credit.given import clause, days, documents, fact, facts, policy, text

TODAY = date(2026, 11, 26)


def laid_out(
    known: dict[str, Sequence[Fact]], policies: Sequence[Policy]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All businesses, and the columns of their facts in two pages."""
    every = columns.businesses(known)
    rows = [(uscc, orjson.dumps(one.dump())) for uscc, its in known.items() for one in its]
    pages = [rows[::2], rows[1::2]]
    return every, columns.facts(pages, every, columns.Wanted.by(policies))


def businesses(*known: Sequence[Fact]) -> dict[str, Sequence[Fact]]:
    return {f"u{n}": [replace(one, uscc=f"u{n}") for one in its] for n, its in enumerate(known)}


@given(documents(), st.lists(facts(), min_size=1, max_size=5), days)
@settings(max_examples=30, deadline=None)
def test_columns_give_the_totals_and_classes_of_the_pure_score(
    row: Any, drawn: list[list[Fact]], on: date
) -> None:
    counted, known = understood(text(row)), businesses(*drawn, [])
    every, laid = laid_out(known, [counted])
    found = Vector(counted, laid, every).on(on)
    wanted = [score(its, counted, on) for its in known.values()]
    assert found["total"].to_list() == [one.total for one in wanted]
    assert [GRADES[n] for n in found["grade"].to_list()] == [one.grade for one in wanted]


@given(st.dates(date(2023, 1, 1), date(2024, 12, 31)), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_months_are_counted_alike_at_every_end_of_a_month(start: date, after: int) -> None:
    even = policy(clause(fade={"kind": "linear", "months": "13"}, points={"fixed": "-13"}))
    on, known = date.fromordinal(start.toordinal() + after), businesses([fact(1, start)])
    every, laid = laid_out(known, [even])
    assert Vector(even, laid, every).on(on)["total"][0] == score(known["u0"], even, on).total


def simulated(draft: Policy, known: dict[str, Sequence[Fact]]) -> tuple[Simulation, pl.DataFrame]:
    every, laid = laid_out(known, [draft, policy()])
    return simulate(draft, policy(), every, laid, TODAY), every


KNOWN = businesses(
    [fact(1, "2026-06-10")],
    [fact(2, "2026-06-10"), fact(3, "2026-07-10")],
    [fact(4, "2026-06-10", State("revoked", date(2026, 8, 1)))],
    [],
)
RATIOS = dict(zip(GRADES, ("1/7", "1/2", "1/1", "1/1"), strict=True))
HARSHER = policy(
    clause(points={"fixed": "-16"}),
    id="draft",
    sampling=[{"grade": grade, "ratio": ratio, "marks": {}} for grade, ratio in RATIOS.items()],
)


def test_the_policy_in_force_is_the_identity() -> None:
    found, _ = simulated(policy(), KNOWN)
    assert found.moves.filter(pl.col("grade_before") != pl.col("grade_after")).height == 0
    assert (found.movers.height, found.causes.height) == (0, 0)
    assert all(row.drawn_before == row.drawn_after for row in found.load)


def test_those_who_change_class_are_named_with_the_clauses_that_cause_it() -> None:
    found, _ = simulated(HARSHER, KNOWN)
    assert found.movers.rows() == [("u0", "A", "B", 9000, 8400), ("u1", "B", "C", 8000, 6800)]
    assert found.causes.rows() == [("u0", "penalty", -1000, -1600), ("u1", "penalty", -2000, -3200)]


def test_a_veto_that_causes_a_change_is_named_too() -> None:
    veto = clause("veto", at_best="D", points=None, category=None, marks={"at_best": "ours", "fade": "ours"})
    found, _ = simulated(policy(clause(), veto, id="draft"), KNOWN)
    assert found.causes.rows()[0] == ("u0", "veto", 0, 0)


def test_every_business_is_in_the_matrix_of_every_day() -> None:
    found, _ = simulated(HARSHER, KNOWN)
    sums = found.moves.group_by("day").agg(pl.col("businesses").sum())
    assert sorted(sums["day"]) == list(found.days)
    assert set(sums["businesses"]) == {len(KNOWN)}


def test_the_load_follows_from_the_classes_of_the_last_day_of_the_quarter() -> None:
    found, _ = simulated(HARSHER, KNOWN)
    sizes = [
        (row.grade, row.size_before, row.size_after, row.drawn_before, row.drawn_after) for row in found.load
    ]
    assert sizes == [("A", 3, 2, 1, 1), ("B", 1, 1, 1, 1), ("C", 0, 1, 0, 1), ("D", 0, 0, 0, 0)]


def test_a_clause_that_never_bites_is_named() -> None:
    never = clause("never", when={"field": "record", "op": "eq", "value": "serious"})
    assert simulated(policy(clause(), never, id="draft"), KNOWN)[0].idle == ("never",)


def test_the_days_are_today_and_the_next_twelve_month_ends() -> None:
    assert [str(day) for day in days_from(date(2026, 11, 26))][:3] == [
        "2026-11-26",
        "2026-11-30",
        "2026-12-31",
    ]
    assert len(days_from(date(2026, 11, 26))) == 13
    assert [str(day) for day in days_from(date(2028, 1, 31))][:3] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]
    assert quarter_end(date(2026, 12, 31)) == date(2026, 12, 31)
    assert quarter_end(date(2026, 1, 1)) == date(2026, 3, 31)


def test_a_sample_and_every_change_are_scored_again_one_by_one() -> None:
    found, every = simulated(HARSHER, KNOWN)
    assert check(found, every, lambda _: KNOWN) == (4, ())
    assert check(found, every, lambda _: KNOWN, sample=0) == (2, ())
    assert check(found, every, lambda _: {**KNOWN, "u3": [fact(9, "2026-06-10")]}).different == ("u3",)


def test_the_summary_holds_the_matrix_and_the_first_changes() -> None:
    found = report.summary(simulated(HARSHER, KNOWN)[0], first=1)
    assert found["days"][0]["matrix"]["A"] == {"A": 2, "B": 1, "C": 0, "D": 0}
    assert (found["changes"], len(found["movers"])) == (2, 1)
    assert found["movers"][0]["clauses"] == [
        {"clause": "penalty", "points_before": "-10", "points_after": "-16"}
    ]
    assert orjson.dumps(found)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_lists_are_written_as_files(kind: str, tmp_path: Path) -> None:
    written = report.write(simulated(HARSHER, KNOWN)[0], tmp_path / "out", kind)
    assert [path.name for path in written] == [f"{name}.{kind}" for name in ("movers", "causes", "moves")]
    read = pl.read_csv(written[0]) if kind == "csv" else pl.read_parquet(written[0])
    assert read.row(0) == ("u0", "A", "B", 9000, 8400)


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    picture.draw(simulated(HARSHER, KNOWN)[0], tmp_path / "change.png")
    assert (tmp_path / "change.png").read_bytes().startswith(b"\x89PNG")
