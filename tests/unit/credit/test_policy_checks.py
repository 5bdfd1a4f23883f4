"""Policies that cannot be adopted: each fault is found at its path and said in one exact sentence."""

import json
from importlib.resources import files
from typing import Any

import pytest

import enforcement.ledger  # noqa: F401
from enforcement.credit.facts import KINDS
from enforcement.credit.parsing import parse
from enforcement.credit.written import digest, read
from enforcement.errors import InvalidData
from tests.unit.credit.given import OVERDUE, clause, document, text

SHIPPED = "wenzhou-metrology-2026"
MARKS = {"points": "ours", "fade": "ours"}


def faults(row: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidData) as refused:
        parse(row if isinstance(row, str) else text(row))
    return {path: [said.en for said in texts] for path, texts in refused.value.errors.items()}


def when(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def grades(**changed: dict[str, Any]) -> dict[str, Any]:
    rows = [row | changed.get(row["grade"], {}) for row in document()["grades"]]
    return document(grades=[{k: v for k, v in row.items() if v is not None} for row in rows])


def test_a_policy_without_faults_is_read() -> None:
    read = parse(text(document()))
    assert (read.id, read.base, len(read.clauses), read.sampling["B"].ratio) == (
        "test-2026",
        10000,
        1,
        "1/50",
    )


def test_the_shipped_policy_has_no_fault() -> None:
    shipped = files("enforcement.credit").joinpath("policies", f"{SHIPPED}.yaml").read_text("utf-8")
    assert parse(shipped).id == SHIPPED


def test_yaml_and_json_of_one_document_have_one_hash() -> None:
    shipped = files("enforcement.credit").joinpath("policies", f"{SHIPPED}.yaml").read_text("utf-8")
    again = json.dumps(read(shipped), ensure_ascii=False, indent=3)
    assert parse(again).hash == parse(shipped).hash == digest(read(shipped))


CLAUSES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "unknown type",
        {"on": ["case.penalty-decide"]},
        ".on",
        "event type 'case.penalty-decide' is not known; did you mean 'case.penalty-decided'?",
    ),
    ("no type", {"on": []}, ".on", "expected at least one event type"),
    (
        "unknown field",
        {"when": when("amout", "ge", "1")},
        ".when.field",
        "case.penalty-decided has no field 'amout'; did you mean 'amount'?",
    ),
    (
        "field of one type alone",
        {"on": ["case.penalty-decided", OVERDUE], "when": when("record", "eq", "minor")},
        ".when.field",
        "case.payment-overdue has no field 'record'",
    ),
    (
        "unknown operator",
        {"when": when("amount", "like", "1")},
        ".when.op",
        "expected one of eq, ne, in, lt, le, gt, ge",
    ),
    (
        "order of a choice",
        {"when": when("record", "gt", "minor")},
        ".when.op",
        "gt compares numbers, amounts and days; record is a choice",
    ),
    (
        "wrong type",
        {"when": when("amount", "ge", "much")},
        ".when.value",
        "expected an amount in CNY such as 50000, not 'much'",
    ),
    (
        "flag as text",
        {"when": when("province_decided", "eq", "yes")},
        ".when.value",
        "expected true or false, not 'yes'",
    ),
    (
        "value outside the choice",
        {"when": when("record", "eq", "tiny")},
        ".when.value",
        "'tiny' never occurs; expected one of general, minor, not_published, serious",
    ),
    (
        "in without a list",
        {"when": when("record", "in", "minor")},
        ".when.value",
        "in expects a list of at least one value",
    ),
    (
        "half a condition",
        {"when": {"field": "record"}},
        ".when",
        "expected field, op and value, or a list under all or any, and nothing else",
    ),
    ("empty join", {"when": {"all": []}}, ".when.all", "expected a list of at least one condition"),
    (
        "contradiction",
        {"when": {"all": [when("record", "eq", "minor"), when("record", "ne", "minor")]}},
        ".when",
        "no event can meet this: it can never match",
    ),
    (
        "empty interval",
        {"when": {"all": [when("amount", "ge", "10"), when("amount", "lt", "10")]}},
        ".when",
        "no event can meet this: it can never match",
    ),
    (
        "negative money",
        {"when": when("amount", "lt", "0")},
        ".when",
        "no event can meet this: it can never match",
    ),
    ("points and veto", {"at_best": "C"}, "", "expected either points and category, or at_best"),
    (
        "neither points nor veto",
        {"points": None, "category": None, "marks": {"fade": "ours"}},
        "",
        "expected either points and category, or at_best",
    ),
    (
        "veto for the best",
        {"points": None, "category": None, "at_best": "A", "marks": {"at_best": "ours", "fade": "ours"}},
        ".at_best",
        "no class is better than A: it would hold nothing back",
    ),
    ("unknown category", {"category": "penalty"}, ".category", "no category 'penalty'"),
    (
        "two kinds of points",
        {"points": {"fixed": "-1", "per": "penalties.units"}},
        ".points",
        "expected fixed; or per and each, perhaps most; or band and steps",
    ),
    ("no points", {"points": {"fixed": "0"}}, ".points", "0 points say nothing"),
    (
        "both signs",
        {
            "points": {
                "band": "amount",
                "steps": [{"least": "0", "points": "1"}, {"least": "9", "points": "-1"}],
            }
        },
        ".points",
        "one clause gives and takes points",
    ),
    ("no quantity", {"points": {"per": "record", "each": "-1"}}, ".points", "record is no quantity"),
    (
        "descending band",
        {
            "points": {
                "band": "amount",
                "steps": [{"least": "9", "points": "-1"}, {"least": "3", "points": "-2"}],
            }
        },
        ".points.steps",
        "expected ascending quantities",
    ),
    (
        "most below one unit",
        {"points": {"per": "penalties.units", "each": "-5", "most": "-2"}},
        ".points.most",
        "less than one unit",
    ),
    (
        "beyond the cap",
        {"points": {"fixed": "-60.01"}},
        ".points",
        "-60.01 alone passes the cap -60 of penalties: the clause is void beyond it",
    ),
    (
        "unknown state",
        {"ends": ["forgotten"]},
        ".ends",
        "no such state: forgotten; there are " + ", ".join(KINDS),
    ),
    (
        "for ever",
        {"fade": {"kind": "none"}, "ends": None, "marks": {"points": "ours"}},
        ".fade",
        "neither months nor an end: the line would last for ever",
    ),
    (
        "steps without steps",
        {"fade": {"kind": "step", "months": "12"}},
        ".fade.steps",
        "steps belong to a fade in steps, and only there",
    ),
    (
        "even without length",
        {"fade": {"kind": "linear"}, "marks": {"points": "ours"}},
        ".fade.months",
        "an even fade needs its length",
    ),
    (
        "steps behind the end",
        {"fade": {"kind": "step", "months": "6", "steps": [{"after": "6", "keep": "50"}]}},
        ".fade.steps",
        "no step is reached after the end at 6 months",
    ),
    (
        "steps that rise",
        {
            "fade": {
                "kind": "step",
                "months": "9",
                "steps": [{"after": "1", "keep": "5"}, {"after": "2", "keep": "6"}],
            }
        },
        ".fade.steps",
        "expected descending percentages",
    ),
    (
        "steps out of order",
        {
            "fade": {
                "kind": "step",
                "months": "9",
                "steps": [{"after": "2", "keep": "6"}, {"after": "1", "keep": "5"}],
            }
        },
        ".fade.steps",
        "expected ascending months",
    ),
    (
        "unknown state to fade from",
        {"fade": {"kind": "none", "months": "3", "since": "seen"}},
        ".fade.since",
        "no such state: seen",
    ),
    ("unknown state to start from", {"starts": {"state": "seen"}}, ".starts.state", "no such state: seen"),
    (
        "two beginnings",
        {"starts": {"state": "published", "after": "amount"}},
        ".starts",
        "expected either after or state",
    ),
    ("no day to start after", {"starts": {"after": "amount"}}, ".starts.after", "amount is no day"),
    ("no such matter", {"once_per": "case"}, ".once_per", "case.penalty-decided has no field 'case'"),
    (
        "a list of matters",
        {"once_per": "penalties.code"},
        ".once_per",
        "penalties.code is a list: it names no one matter",
    ),
    ("a veto once", {"once_per": "record", "at_best": "C"}, ".once_per", "does not go together with at_best"),
    (
        "a repeat once",
        {"once_per": "record", "again_within": "6"},
        ".once_per",
        "does not go together with again_within",
    ),
    (
        "once from a state on",
        {"once_per": "record", "starts": {"state": "published"}},
        ".once_per",
        "does not go together with starts",
    ),
    (
        "a condition on an id",
        {"on": ["report.substantiated"], "when": {"field": "case", "op": "eq", "value": "case-1"}},
        ".when.field",
        "case is an id: nothing turns on it",
    ),
    ("unmarked", {"marks": {"points": "ours"}}, ".marks.fade", "where does this number come from?"),
    (
        "marked in vain",
        {"marks": {"points": "ours", "fade": "ours", "ratio": "ours"}},
        ".marks.ratio",
        "there is no such number",
    ),
    (
        "marked by hearsay",
        {"marks": {"points": "ours", "fade": "heard"}},
        ".marks.fade",
        "expected ours, statutory (article) or example (source)",
    ),
]


@pytest.mark.parametrize(
    ("changed", "path", "said"), [row[1:] for row in CLAUSES], ids=[row[0] for row in CLAUSES]
)
def test_a_faulty_clause_is_named_with_its_fault(changed: dict[str, Any], path: str, said: str) -> None:
    found = faults(document(clause(**changed)))
    assert said in found[f"policy.clauses.penalty{path}"]


WHOLE: list[tuple[str, Any, str, str]] = [
    ("not YAML", "id: [", "policy", "not YAML: expected the node content, but found '<stream end>' (line 1)"),
    ("a key twice", "id: a\nid: b", "policy", "not YAML: 'id' stands twice (line 2)"),
    ("an anchor", "id: &a x", "policy", "not YAML: anchors, aliases and tags are not used (line 1)"),
    ("no document", "x", "policy", "Invalid input type."),
    ("a member missing", document(base=None), "policy.base", "Missing data for required field."),
    ("a member unknown", document(extra="x"), "policy.extra", "Unknown field."),
    (
        "a number too exact",
        document(base="100.001"),
        "policy.base",
        "expected points with at most two decimals, such as -7.5",
    ),
    (
        "ends before it begins",
        document(valid_to="2023-12-31"),
        "policy.valid_to",
        "2023-12-31 lies before valid_from 2024-01-01",
    ),
    ("a gap", grades(B={"below": "85"}), "policy.grades", "totals 85 … 90 have no class: a gap"),
    (
        "an overlap",
        grades(B={"below": "95"}),
        "policy.grades",
        "totals 90 … 95 have two classes (A, B): an overlap",
    ),
    (
        "no class at the top",
        grades(A={"below": "120", "marks": {"least": "ours", "below": "ours"}}),
        "policy.grades.A.below",
        "totals from 120 on have no class",
    ),
    (
        "no class at the bottom",
        grades(D={"least": "0", "marks": {"least": "ours", "below": "ours"}}),
        "policy.grades.D.least",
        "totals below 0 have no class",
    ),
    (
        "open in the middle",
        grades(C={"least": None, "marks": {"below": "ours"}}),
        "policy.grades.C.least",
        "missing: only the ends are open",
    ),
    (
        "an empty class",
        grades(B={"least": "90"}, C={"below": "90"}),
        "policy.grades.B",
        "no total is in this class",
    ),
    (
        "classes out of order",
        document(grades=list(reversed(document()["grades"]))),
        "policy.grades",
        "expected the classes A, B, C, D, each once and in this order, not D, C, B, A",
    ),
    ("an id twice", document(clause(), clause()), "policy.clauses.penalty", "this id stands 2 times"),
    (
        "a ratio not reduced",
        document(sampling=[row | {"ratio": "2/100"} for row in document()["sampling"]]),
        "policy.sampling.A.ratio",
        "2/100 is not reduced; expected 1/50",
    ),
    (
        "more than all",
        document(sampling=[row | {"ratio": "3/2"} for row in document()["sampling"]]),
        "policy.sampling.A.ratio",
        "3/2 is more than all",
    ),
    (
        "an empty category",
        document(
            categories=[
                *document()["categories"],
                {"id": "good", "text": {"en": "x", "zh": "x"}, "most": "5", "marks": {"most": "ours"}},
            ]
        ),
        "policy.categories.good",
        "no clause is in this category",
    ),
    (
        "a cap that lifts",
        document(categories=[document()["categories"][0] | {"least": "5"}]),
        "policy.categories.penalties.least",
        "expected at most 0: an empty category is 0 points",
    ),
    (
        "hidden in its group",
        document(
            clause("wide", group="g", when=when("record", "in", ["minor", "general"])),
            clause(
                "narrow", group="g", when={"all": [when("record", "eq", "minor"), when("amount", "ge", "5")]}
            ),
        ),
        "policy.clauses.narrow",
        "unreachable: every event that meets it meets wide of its group first",
    ),
]


@pytest.mark.parametrize(("row", "path", "said"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_a_faulty_document_is_named_with_its_fault(row: Any, path: str, said: str) -> None:
    assert said in faults(row)[path]


def test_a_clause_on_an_event_about_nobody_is_told_which_events_there_are() -> None:
    said = faults(document(clause(on=["calendar.loaded"])))["policy.clauses.penalty.on"][0]
    assert said.startswith(
        "'calendar.loaded' never becomes a fact about a business; these do: case.correction-checked, "
    )


def test_a_later_clause_of_a_group_that_takes_something_is_reachable() -> None:
    rows = (
        clause("narrow", group="g", when=when("record", "eq", "minor")),
        clause("amounts", group="g", when=when("amount", "ge", "5"), marks=MARKS | {"when": "ours"}),
        clause("wide", group="g", when=when("record", "in", ["minor", "general"])),
    )
    assert len(parse(text(document(*rows))).clauses) == 3


def test_a_list_may_meet_what_one_value_cannot() -> None:
    both = {"all": [when("penalties.code", "eq", "M-C04"), when("penalties.code", "eq", "M-V01")]}
    assert parse(text(document(clause(when=both))))


def test_every_fault_is_named_at_once_and_in_chinese_too() -> None:
    with pytest.raises(InvalidData) as refused:
        parse(text(document(clause(ends=["forgotten"], points={"fixed": "-61"}))))
    assert len(refused.value.errors) == 2
    assert all(said.zh and said.zh != said.en for texts in refused.value.errors.values() for said in texts)
