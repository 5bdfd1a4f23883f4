"""Policies and facts for the tests of scoring, written by hand or drawn."""

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from enforcement.credit.facts import Fact, State
from enforcement.credit.parsing import understood
from enforcement.credit.policy import Policy

USCC = "91330302MA2AAAAA0J"
DECIDED = "case.penalty-decided"
OVERDUE = "case.payment-overdue"
START = date(2024, 1, 31)
STATES = ("revoked", "repaired", "published", "paid")


def clause(id: str = "penalty", **changed: Any) -> dict[str, Any]:
    """A clause of a document: -10 for a year, unless something else is said; None takes a member away."""
    row = {
        "id": id,
        "on": [DECIDED],
        "category": "penalties",
        "points": {"fixed": "-10"},
        "fade": {"kind": "none", "months": "12"},
        "ends": ["revoked"],
        "article": "Order 107 art 8",
        "text": {"en": "A penalty", "zh": "行政处罚"},
        "marks": {"points": "ours", "fade": "ours"},
    } | changed
    return {name: value for name, value in row.items() if value is not None}


def document(*clauses: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A whole document that no check finds fault with."""
    row = {
        "id": "test-2026",
        "title": {"en": "A test", "zh": "测试"},
        "basis": ["国市监信发〔2022〕6号"],
        "valid_from": "2024-01-01",
        "base": "100",
        "marks": {"base": "ours"},
        "grades": [
            {"grade": "A", "least": "90", "marks": {"least": "ours"}},
            {"grade": "B", "least": "75", "below": "90", "marks": {"least": "ours", "below": "ours"}},
            {"grade": "C", "least": "60", "below": "75", "marks": {"least": "ours", "below": "ours"}},
            {"grade": "D", "below": "60", "marks": {"below": "ours"}},
        ],
        "categories": [
            {
                "id": "penalties",
                "text": {"en": "Penalties", "zh": "处罚"},
                "least": "-60",
                "marks": {"least": "ours"},
            }
        ],
        "clauses": list(clauses or (clause(),)),
        "sampling": [
            {"grade": grade, "ratio": ratio, "visits": "1", "marks": {"ratio": "ours", "visits": "ours"}}
            for grade, ratio in (("A", "1/100"), ("B", "1/50"), ("C", "1/10"), ("D", "3/10"))
        ],
    } | changed
    return {name: value for name, value in row.items() if value is not None}


def text(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def policy(*clauses: dict[str, Any], **changed: Any) -> Policy:
    return understood(text(document(*clauses, **changed)))


def fact(position: int, day: date | str | None, *states: State, type: str = DECIDED, **fields: Any) -> Fact:
    """An event about one business; `amount` and the like in fen."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    named = {name.replace("__", "."): value for name, value in fields.items()}
    made = Fact(USCC, f"case-{position}/7", position, type, "2026-11-23T02:00:00.000000Z", on, named)
    return made.with_states(states)


# -- drawn -----------------------------------------------------------------------------------------------------

days = st.integers(0, 1500).map(lambda n: START + timedelta(days=n))
halves = st.integers(-40, 40).filter(bool).map(lambda n: str(n / 2).removesuffix(".0"))
conditions = st.recursive(
    st.sampled_from(
        [
            {"field": "record", "op": "eq", "value": "minor"},
            {"field": "record", "op": "ne", "value": "minor"},
            {"field": "record", "op": "in", "value": ["general", "serious"]},
            {"field": "amount", "op": "ge", "value": "1000"},
            {"field": "amount", "op": "lt", "value": "1000.01"},
            {"field": "penalties.code", "op": "eq", "value": "M-C04"},
            {"field": "penalties.units", "op": "gt", "value": "2"},
        ]
    ),
    lambda inner: st.builds(
        lambda how, parts: {how: parts},
        st.sampled_from(["all", "any"]),
        st.lists(inner, min_size=1, max_size=2),
    ),
    max_leaves=3,
)
points = st.one_of(
    st.builds(lambda p: {"fixed": p}, halves),
    st.builds(lambda p: {"per": "penalties.units", "each": p}, halves),
    st.builds(lambda p: {"per": "penalties.units", "each": p, "most": "-9" if p[0] == "-" else "9"}, halves),
    st.builds(
        lambda a, b: {
            "band": "amount",
            "steps": [{"least": "10", "points": a}, {"least": "1000", "points": b}],
        },
        halves,
        halves,
    ),
)
fades = st.one_of(
    st.just({"kind": "none"}),
    st.builds(lambda m: {"kind": "none", "months": str(m)}, st.integers(1, 30)),
    st.builds(lambda m: {"kind": "linear", "months": str(m), "since": "published"}, st.integers(1, 30)),
    st.builds(
        lambda m: {
            "kind": "step",
            "months": str(m + 9),
            "steps": [{"after": "3", "keep": "70"}, {"after": "8", "keep": "33"}],
        },
        st.integers(0, 9),
    ),
)


@st.composite
def clauses(draw: st.DrawFn, id: str) -> dict[str, Any]:
    veto = draw(st.booleans()) and draw(st.booleans())
    on = draw(st.sampled_from([[DECIDED], [OVERDUE], [DECIDED, "case.decision-changed"]]))
    once = None if veto or on == [OVERDUE] else draw(st.sampled_from([None, "record"]))
    return clause(
        id,
        on=on,
        when=draw(st.one_of(st.none(), conditions)),
        category=None if veto else draw(st.sampled_from(["penalties", "good"])),
        points=None if veto else draw(points),
        at_best=draw(st.sampled_from("BCD")) if veto else None,
        fade=draw(fades),
        starts=None if once else draw(st.sampled_from([None, None, {"state": "published"}])),
        ends=draw(st.lists(st.sampled_from(STATES), unique=True)),
        again_within=None if once else draw(st.sampled_from([None, None, "6", "24"])),
        once_per=once,
        group=draw(st.sampled_from([None, None, "g"])),
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any policy that can be counted with; not one that a check would let pass."""
    caps = [
        {
            "id": "penalties",
            "text": {"en": "x", "zh": "x"},
            "least": draw(st.sampled_from(["-15", "-60"])),
            "marks": {},
        },
        {
            "id": "good",
            "text": {"en": "x", "zh": "x"},
            "most": draw(st.sampled_from(["0", "12.5"])),
            "marks": {},
        },
    ]
    rows = [draw(clauses(f"c{n}")) for n in range(draw(st.integers(1, 5)))]
    rows = [row if "when" not in row or row["on"] != [OVERDUE] else row | {"on": [DECIDED]} for row in rows]
    rows = [
        row
        if row["on"] != [OVERDUE] or "fixed" in row.get("points", {"fixed": 0})
        else row | {"on": [DECIDED]}
        for row in rows
    ]
    return document(*rows, categories=caps, base=draw(st.sampled_from(["100", "87.5", "-3"])))


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """The facts of one business, most of them close together."""
    made = []
    for position in draw(st.lists(st.integers(1, 99), max_size=6, unique=True)):
        states = draw(st.lists(st.builds(State, st.sampled_from(STATES), days), max_size=3))
        fields = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "record": st.sampled_from(["not_published", "minor", "general", "serious"]),
                    "amount": st.sampled_from([0, 999, 1000, 99_999, 100_000, 100_001, 5_000_000]),
                    "penalties__code": st.lists(st.sampled_from(["M-V01", "M-C04"]), min_size=1, max_size=3),
                    "penalties__units": st.lists(st.integers(0, 9), min_size=1, max_size=3),
                },
            )
        )
        kind = draw(st.sampled_from([DECIDED, DECIDED, OVERDUE]))
        made.append(fact(position, draw(st.one_of(days, days, st.none())), *states, type=kind, **fields))
    return made
