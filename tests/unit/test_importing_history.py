"""A record becomes a history: word for word, one event a step, dates as precise as the source, and it folds."""

import hashlib
import json
import re

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.cases.case import Case
from enforcement.importing.history import ACTOR, ROLE, case_id
from enforcement.importing.record import read
from enforcement.importing.vocabulary import STEPS
from enforcement.law import Law
from enforcement.values import precision
from tests.records import SHIPPED, TODAY, USCC, events, fold, line, record, shipped, told

CASE_ID = re.compile("case-[a-z0-9-]{1,120}")


def test_the_first_event_holds_the_record_word_for_word() -> None:
    for raw in SHIPPED.read_bytes().splitlines():
        first = told(events(read(raw, TODAY))[0])
        assert first["record"] == raw.decode()
        assert first["sha256"] == hashlib.sha256(raw).hexdigest()
        assert first["record_id"] == json.loads(raw)["id"]


def test_every_step_is_one_event_in_its_order() -> None:
    for found in shipped().values():
        made = events(found)
        assert made[0].TOPIC == "case.imported"
        assert [event.occurred for event in made[1:]] == [step.date for step in found.steps]
        assert [event.note for event in made[1:]] == [step.note for step in found.steps]  # type: ignore[attr-defined]
        assert [event.originator_version for event in made] == list(range(1, len(made) + 1))


def test_every_event_says_that_it_is_history() -> None:
    made = [event for found in shipped().values() for event in events(found)]
    assert {event.history for event in made} == {True}  # type: ignore[attr-defined]
    assert {(event.actor, event.role) for event in made} == {(ACTOR, ROLE)}


@pytest.mark.parametrize("day", ["2024", "2024-03", "2024-03-05", None])
def test_the_precision_of_a_date_is_kept(day: str | None) -> None:
    event = events(record(("inspected", day, None)))[1]
    assert event.occurred == day
    assert precision(event.occurred) == {4: "year", 7: "month", 10: "day", 0: "unknown"}[len(day or "")]


def test_subject_is_the_code_of_the_party() -> None:
    with_code, without = record(("filed", None, None), uscc=USCC), record(("filed", None, None))
    assert {event.subject for event in events(with_code)} == {USCC}
    assert {event.subject for event in events(without)} == {"case-pub-case-1"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("citizen", "person"),
        ("individual business", "sole_trader"),
        ("company", "organisation"),
        ("public institution", "institution"),
        (None, "unknown"),
        ("cooperative", "unknown"),
    ],
)
def test_party_kinds_are_those_of_the_ledger(word: str | None, kind: str) -> None:
    first = told(events(record(party_kind=word))[0])
    assert first["parties"] == [{"id": "p1", "kind": kind}]


@pytest.mark.parametrize(
    ("act", "articles", "code"),
    [
        ("使用未经检定的计量器具", ["计量法第九条第一款"], "M-V01"),
        ("使用未经检定的计量器具", ["《中华人民共和国计量法》第九条第一款"], "M-V01"),
        ("使用未经检定的计量器具", ["计量法"], None),
        ("破坏计量器具准确度", ["计量法实施细则第四十六条"], "M-C02"),
        ("破坏计量器具准确度", ["计量法实施细则"], None),
        ("使用以欺骗消费者为目的的计量器具", ["计量法实施细则第四十六条"], None),
        ("使用以欺骗消费者为目的的计量器具", ["计量法第十六条", "计量法实施细则第四十八条"], "M-C03"),
        (
            "使用检定不合格的计价秤和使用未经检定的计价秤",
            ["计量法第二十五条", "计量法实施细则第四十三条"],
            None,
        ),
        ("为计量器具增加作弊装置", ["浙江省计量监督管理条例第四十一条第(四)项"], "M-C04"),
        ("为计量器具增加作弊装置", ["浙江省计量监督管理条例第四十一条第（四）项"], "M-C04"),
        ("使用未检定水表;擅自定价;违规收费", ["计量法第九条"], None),
        (None, ["计量法第九条第一款"], None),
    ],
)
def test_catalogue_code_only_where_it_is_certain(
    act: str | None, articles: list[str], code: str | None
) -> None:
    first = told(events(record(violation={"zh": act}, law_articles=articles))[0])
    assert first["violations"][0].get("code") == code


PENALTY = {"fine_cny": 9000, "confiscated_goods": "6 bottles"}


@pytest.mark.parametrize(
    ("notes", "penalty", "at"),
    [
        (["document date"], PENALTY, 0),
        (["FIRST decision: fine 9,000", "penalty again"], PENALTY, 0),
        (["first", "fine 9000"], PENALTY, 1),
        (["one", "two"], PENALTY, 1),
        (["one", "two"], PENALTY | {"other": "amounts of the first, revoked decision"}, 0),
        (["no penalty", "two"], PENALTY, 1),
    ],
)
def test_the_penalty_belongs_to_one_decision(notes: list[str], penalty: dict[str, object], at: int) -> None:
    made = events(record(*(("decided", None, note) for note in notes), penalty=penalty))
    imposed = [told(event).get("penalties") for event in made[1:]]
    expected = [{"violation": "v1", "party": "p1", "fine": "9000", "goods": "6 bottles"}]
    assert [i for i, found in enumerate(imposed) if found] == [at]
    assert imposed[at] == expected
    assert "fine" not in told(made[0])


def test_a_revoked_decision_is_not_the_one_that_stands() -> None:
    steps = [("decided", None, None), ("decided", None, None), ("revoked", None, "self")]
    made = events(record(*steps, penalty=PENALTY))
    assert told(made[1])["penalties"]
    assert "penalties" not in told(made[2])


def test_without_a_decision_the_amounts_stay_with_the_record() -> None:
    found = record(("published", None, None), penalty={"fine_cny": 1300, "confiscated_gains_cny": 20679001.1})
    first = told(events(found)[0])
    assert (first["fine"], first["gains"]) == ("1300", "20679001.1")


def test_numbered_violations_end_each_in_its_own_way() -> None:
    case = fold(shipped()["sc-dachuan-2025-water"])
    assert case.violations["v1"]["outcome"] == "no_penalty"
    assert case.violations["v2"]["outcome"] == "penalty"
    assert case.violations["v3"] == {"act": "使用未检定水表"}


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_case_ids_are_fit_and_never_shared(one: str, other: str) -> None:
    assert CASE_ID.fullmatch(case_id(one))
    assert (case_id(one) == case_id(other)) is (one == other)


def test_case_ids_made_and_given_never_meet() -> None:
    made = case_id("An id with blanks")
    assert case_id(made.removeprefix("case-pub-")) != made
    assert case_id(made.removeprefix("case-")) != made
    assert case_id("zj-quzhou-2024-144") == "case-pub-zj-quzhou-2024-144"
    assert CASE_ID.fullmatch(case_id("x" * 200))


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
NOTES = sorted({step.note for found in shipped().values() for step in found.steps if step.note})
DATES = st.one_of(
    st.none(),
    st.dates(max_value=TODAY).map(str),
    st.dates(max_value=TODAY).map(lambda day: str(day)[:7]),
    st.dates(max_value=TODAY).map(lambda day: str(day)[:4]),
)
STEP = st.tuples(st.sampled_from(sorted(STEPS)), DATES, st.one_of(st.none(), st.sampled_from(NOTES), TEXT))
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "origin": st.sampled_from(["report", "inspection", "transfer", "media", None, "other"]),
        "party_kind": st.sampled_from(["citizen", "company", "individual business", None]),
        "uscc": st.sampled_from([None, USCC]),
        "adjacent": st.booleans(),
        "summary_procedure": st.sampled_from([True, False, None]),
        "region": st.sampled_from([None, {"gbt2260": "330302"}, {"gbt2260": "120000"}, {"gbt2260": None}]),
        "outcome": st.sampled_from(["penalised", "not filed", None]),
        "penalty": st.fixed_dictionaries(
            {}, optional={"fine_cny": st.integers(0, 10**9), "other": TEXT, "warning": st.booleans()}
        ),
    },
)


@settings(max_examples=300)
@given(st.lists(STEP, max_size=14), MEMBERS)
def test_any_course_of_known_steps_is_taken_and_folds(
    steps: list[object], members: dict[str, object]
) -> None:
    raw = line("any", *steps, **members)  # type: ignore[arg-type]
    made = events(read(raw, TODAY))
    assert len(made) == len(steps) + 1
    first, again = (
        Case.fold(made[0].originator_id, events(read(raw, TODAY)), Law.load()).dump() for _ in range(2)
    )
    assert orjson.dumps(first) == orjson.dumps(again)
    orjson.dumps([event.data() for event in made], option=orjson.OPT_STRICT_INTEGER)


def test_no_number_of_a_record_becomes_a_float() -> None:
    def floats(value: object) -> bool:
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not any(floats(event.data()) for found in shipped().values() for event in events(found))
