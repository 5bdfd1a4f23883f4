"""A record is checked as a whole: types, dates, codes. What the format does not name never refuses."""

from typing import Any

import pytest

from enforcement.importing.members import MAX_WORDS, Rejected
from enforcement.importing.record import MAX_RECORD, Imposed, read
from enforcement.importing.vocabulary import STEPS
from tests.records import TODAY, USCC, line, record, shipped

LAST = USCC[:-1]


def refused(raw: bytes) -> Rejected:
    with pytest.raises(Rejected) as error:
        read(raw, TODAY)
    assert error.value.reason.zh
    return error.value


@pytest.mark.parametrize("raw", [b"{", b"[]", b"3", b'"text"', b"null", b'{"id": "a", "id": "a"}'])
def test_line_that_is_no_object_is_refused_without_an_id(raw: bytes) -> None:
    assert refused(raw).id is None


@pytest.mark.parametrize(
    ("id", "said"),
    [
        (None, "id: missing"),
        ("", "id: missing"),
        ("  ", "id: missing"),
        (7, "id: expected a text, not 7"),
        ("x" * 201, "id: longer than 200"),
        ("a\x00b", "id: holds a character that cannot be stored"),
        ("\ud800", "id: holds a character that cannot be stored"),
        ({"a": 1}, "id: expected a text, not an object"),
    ],
)
def test_missing_or_odd_id_is_refused(id: Any, said: str) -> None:
    import json

    raw = json.dumps({"id": id, "timeline": []}).encode()
    error = refused(raw)
    assert said in error.reason.en
    assert error.id is None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-02-30", "is no date"),
        ("2024-13", "is no date"),
        ("2024-00", "is no date"),
        ("0000", "is no date"),
        ("24-01-01", "is no date"),
        ("2024/01/01", "is no date"),
        ("2024-1-1", "is no date"),
        ("2024-01-01T10:00:00+08:00", "is no date"),
        ("２０２４-01-01", "is no date"),
        ("", "is no date"),
        ("early 2024", "is no date"),
        ("2026-11-21", "lies in the future"),
        ("2026-12", "lies in the future"),
        ("2027", "lies in the future"),
        (2024, "expected a text, not 2024"),
    ],
)
def test_impossible_and_future_dates_are_refused(day: Any, said: str) -> None:
    error = refused(line("a", ("filed", "2020", None), ("decided", day, None)))
    assert error.reason.en.startswith("timeline[1].date: ")
    assert said in error.reason.en
    assert error.id == "a"


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11", "2026", "2024-02-29", "1990", None])
def test_dates_keep_the_form_of_the_source(day: str | None) -> None:
    assert record(("decided", day, None)).steps[0].date == day


@pytest.mark.parametrize("word", ["decide", "Decided", "", " ", None, 3, ["decided"]])
def test_unknown_steps_are_refused(word: Any) -> None:
    assert "timeline[0].step: " in refused(line("a", (word, None, None))).reason.en


@pytest.mark.parametrize(
    "uscc",
    [
        LAST + "M",
        USCC.lower(),
        USCC[:-1],
        USCC + "0",
        "",
        "9133O302000001396L",
        "\uff19" + USCC[1:],
        " " + USCC,
    ],
)
def test_credit_code_with_a_wrong_check_is_refused(uscc: str) -> None:
    assert "uscc: " in refused(line("a", uscc=uscc)).reason.en


@pytest.mark.parametrize("code", ["33030", "3303021", "033030", "990000", "33030X", "浙江", ""])
def test_code_that_is_no_division_is_refused(code: str) -> None:
    assert "region.gbt2260: " in refused(line("a", region={"gbt2260": code})).reason.en


@pytest.mark.parametrize("code", [None, "120000", "330300", "330302"])
def test_region_may_be_unknown_or_a_province(code: str | None) -> None:
    assert record(region={"gbt2260": code, "province": "…"}).region == code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authority", 1),
        ("region", []),
        ("region", "330302"),
        ("party_kind", True),
        ("origin", ["report"]),
        ("instruments", {}),
        ("violation", "text"),
        ("violation", {"zh": 1}),
        ("law_articles", "计量法"),
        ("law_articles", [1]),
        ("penalty", 100),
        ("penalty", {"fine_cny": "2000"}),
        ("penalty", {"fine_cny": True}),
        ("penalty", {"fine_cny": -1}),
        ("penalty", {"confiscated_gains_cny": [1]}),
        ("penalty", {"warning": "yes"}),
        ("penalty", {"confiscated_goods": 3}),
        ("documents", "号"),
        ("documents", [None, 4]),
        ("summary_procedure", "false"),
        ("adjacent", 1),
        ("reward", []),
        ("reward", {"granted_cny": "1"}),
        ("timeline", {}),
        ("timeline", None),
        ("timeline", ["filed"]),
    ],
)
def test_known_members_of_a_wrong_type_are_refused(name: str, value: Any) -> None:
    assert refused(line("a", **{name: value})).reason.en.startswith(name)


def test_timeline_must_be_there_but_may_be_empty() -> None:
    assert "timeline: missing" in refused(b'{"id": "a"}').reason.en
    assert read(b'{"id": "a", "timeline": []}', TODAY).steps == ()


def test_every_reason_is_given_at_once() -> None:
    said = refused(line("a", ("nope", "2024-02-30", 5), uscc="x", region={"gbt2260": "1"})).reason.en
    for path in ("timeline[0].step", "timeline[0].date", "timeline[0].note", "uscc", "region.gbt2260"):
        assert path in said


def test_members_outside_the_format_never_refuse() -> None:
    found = record(
        ("decided", None, None), mpe="±0.3%", linked=["a"], parties=9, rule={"x": [1.5]}, gains_period=None
    )
    assert '"mpe"' in found.text


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("2000", "2000"),
        ("6045.44", "6045.44"),
        ("20679001.10", "20679001.10"),
        ("0", "0"),
        ("0.20", "0.20"),
        ("1e5", "100000"),
        ("1.5E+3", "1500"),
    ],
)
def test_amounts_never_become_floats(printed: str, kept: str) -> None:
    raw = b'{"id": "a", "timeline": [], "penalty": {"fine_cny": %s}}' % printed.encode()
    assert read(raw, TODAY).penalty == Imposed(fine=kept)


@pytest.mark.parametrize("printed", ["-1", "-0", "1e999999999", "1e-999999999", "9" * 40])
def test_amounts_beyond_reason_are_refused(printed: str) -> None:
    raw = b'{"id": "a", "timeline": [], "penalty": {"fine_cny": %s}}' % printed.encode()
    assert "penalty.fine_cny: expected an amount" in refused(raw).reason.en


def test_record_too_long_for_an_event_is_refused() -> None:
    read(line("a", more="x" * (MAX_RECORD - 60)), TODAY)
    error = refused(line("a", more="x" * MAX_RECORD))
    assert "48,000" in error.reason.en
    assert error.id == "a"


def test_long_notes_are_cut_but_the_record_is_whole() -> None:
    found = record(("served", None, "字" * (MAX_WORDS + 1)))
    note = found.steps[0].note or ""
    assert (len(note), note[-1]) == (MAX_WORDS, "…")
    assert "字" * (MAX_WORDS + 1) in found.text


def test_all_shipped_records_are_right() -> None:
    assert len(shipped()) == 120
    assert {step.word for found in shipped().values() for step in found.steps} <= STEPS
