"""The form of every event type: what is missing, unknown or of a wrong type is named by its path, in two languages."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import InvalidData
from enforcement.events import Event, known, registry
from enforcement.forms import load, own_fields, schema
from enforcement.values import Text
from tests.golden.samples import value
from tests.unit.cases.given import filled
from tests.unit.cases.steps import DATA
from tests.unit.cases.strategies import data_of

TOPICS = sorted(registry())
CLUE = filled("case.clue-registered", {})


def errors(topic: str, data: dict[str, Any]) -> dict[str, list[Text]]:
    cls = known(topic)
    assert cls is not None
    with pytest.raises(InvalidData) as error:
        load(cls, data)
    return dict(error.value.errors)  # type: ignore[arg-type]


def full(topic: str) -> dict[str, Any]:
    return {name: value(hint) for name, hint in own_fields(registry()[topic]).items()}


@pytest.mark.parametrize("topic", TOPICS)
def test_schema_of_a_type_has_the_fields_of_its_class(topic: str) -> None:
    cls = registry()[topic]
    made = schema(cls)
    assert list(made.fields) == list(own_fields(cls))
    assert {n for n, f in made.fields.items() if f.required} == {
        n for n in own_fields(cls) if not hasattr(cls, n)
    }
    assert schema(cls) is made


@pytest.mark.parametrize("topic", TOPICS)
def test_full_data_of_a_type_are_taken_as_they_are(topic: str) -> None:
    cls, data = registry()[topic], full(topic)
    assert load(cls, data) == {n: v for n, v in data.items() if v != getattr(cls, n, ...)}


@pytest.mark.parametrize("topic", TOPICS)
def test_unknown_field_of_a_type_is_refused(topic: str) -> None:
    assert errors(topic, {**full(topic), "colour": "red"}) == {
        "data.colour": [Text("Unknown field.", "未知字段")]
    }


@pytest.mark.parametrize("topic", TOPICS)
def test_every_missing_field_is_named_at_once(topic: str) -> None:
    cls = registry()[topic]
    required = [name for name in own_fields(cls) if not hasattr(cls, name)]
    if required:
        missing = [Text("Missing data for required field.", "缺少必填项")]
        assert errors(topic, {}) == {f"data.{name}": missing for name in required}
    else:
        assert load(cls, {}) == {}


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if own_fields(registry()[topic])])
def test_wrong_type_of_every_field_is_named(topic: str) -> None:
    wrong = dict.fromkeys(own_fields(registry()[topic]), 1.5)
    found = errors(topic, wrong)
    assert set(found) == {f"data.{name}" for name in wrong}
    for texts in found.values():
        assert all(text.en and text.zh and text.zh != text.en for text in texts), texts


@pytest.mark.parametrize("topic", sorted(DATA))
def test_usual_data_of_a_type_are_valid(topic: str) -> None:
    load(registry()[topic], DATA[topic])


@given(data=st.data())
def test_data_of_the_right_form_are_never_an_error_of_the_program(data: st.DataObject) -> None:
    cls = registry()[data.draw(st.sampled_from(TOPICS))]
    made = data.draw(data_of(cls))
    with suppress(InvalidData):
        assert set(load(cls, made)) <= set(made)


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (
            {"source": "rumour"},
            "data.source",
            "expected one of inspection, report, transfer, assigned, other",
        ),
        ({"region": "33030"}, "data.region", "expected a GB/T 2260 code of six digits"),
        ({"region": 330302}, "data.region", "Not a valid string."),
        ({"metrology": "yes"}, "data.metrology", "Not a valid boolean."),
        ({"metrology": 1}, "data.metrology", "Not a valid boolean."),
        ({"metrology": None}, "data.metrology", "Field may not be null."),
        ({"summary": ""}, "data.summary", "expected 1 to 4,000 characters"),
        ({"parties": {}}, "data.parties", "Not a valid list."),
        ({"parties": ["p1"]}, "data.parties.0", "Invalid input type."),
        ({"parties": [{"id": "p1"}]}, "data.parties.0.kind", "Missing data for required field."),
        (
            {"parties": [{"id": "p1", "kind": "person"}, {"id": "P 2", "kind": "person"}]},
            "data.parties.1.id",
            "expected a short id such as p1",
        ),
        (
            {"parties": [{"id": "p1", "kind": "person", "name": "张三", "phone": "1"}]},
            "data.parties.0.phone",
            "Unknown field.",
        ),
        (
            {"parties": [{"id": "p1", "kind": "organisation", "uscc": "91330302MA2AAAAA0X"}]},
            "data.parties.0.uscc",
            "expected a unified social credit code with a right check character (GB 32100)",
        ),
        (
            {"violations": [{"id": "v1", "ended": "2026-02-30"}]},
            "data.violations.0.ended",
            "expected a day, YYYY-MM-DD",
        ),
        (
            {"violations": [{"id": "v1", "ended": "20260227"}]},
            "data.violations.0.ended",
            "expected a day, YYYY-MM-DD",
        ),
        (
            {"violations": [{"id": "v1", "code": "M-1"}]},
            "data.violations.0.code",
            "expected a code of the violation catalogue such as M-V01",
        ),
        ({"files": [{"sha256": "ABC"}]}, "data.files.0.sha256", "expected a SHA-256 in lower-case hex"),
        ({"document": {"form": "7"}}, "data.document.form", "Not a valid integer."),
        ({"document": {"form": True}}, "data.document.form", "Not a valid integer."),
    ],
)
def test_error_names_the_path_and_what_was_expected(data: dict[str, Any], path: str, expected: str) -> None:
    found = errors("case.clue-registered", {**CLUE, **data})
    assert list(found) == [path]
    assert [text.en for text in found[path]] == [expected]
    assert all(any("\u4e00" <= char <= "\u9fff" for char in text.zh) for text in found[path])


@pytest.mark.parametrize(
    ("amount", "good"),
    [
        ("0", True),
        ("0.01", True),
        ("1305600", True),
        ("6045.440", True),
        ("-1", False),
        ("01", False),
        ("1.", False),
        (".5", False),
        ("1e3", False),
        ("1,000", False),
        ("１２", False),
        ("", False),
        (500, False),
        (None, False),
        ("9" * 33, False),
    ],
)
def test_amount_is_a_plain_decimal_in_a_string(amount: object, good: bool) -> None:
    data = {"amount": amount, "what": "fine", "in_full": False}
    if good:
        assert load(registry()["case.paid"], data)["amount"] == amount
    else:
        assert list(errors("case.paid", data)) == ["data.amount"]


@pytest.mark.parametrize("number", [2**53, -(2**53), 1.0, "3"])
def test_integer_is_a_safe_json_integer(number: object) -> None:
    data = {"corrects": number, "kind": "set_aside", "reason": "误录"}
    assert list(errors("case.event-corrected", data)) == ["data.corrects"]


def test_default_values_are_not_stored() -> None:
    data = {**CLUE, "metrology": True, "files": [], "history": False, "note": None, "report": None}
    assert load(registry()["case.clue-registered"], data) == CLUE


def test_list_of_more_than_a_thousand_is_refused() -> None:
    parties = [{"id": f"p{n}", "kind": "person"} for n in range(1001)]
    assert list(errors("case.clue-registered", {**CLUE, "parties": parties})) == ["data.parties"]


def test_error_can_stand_under_another_path() -> None:
    with pytest.raises(InvalidData) as error:
        load(registry()["case.noted"], {}, "data.becomes")
    assert list(error.value.errors) == ["data.becomes.what"]
    assert error.value.message.zh == "data.becomes.what：缺少必填项"


class Odd(Event):
    """An event with a field of a type that does not survive the store."""

    measured: float


def test_annotation_without_a_field_is_refused_when_the_form_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Odd, "TOPIC", "test.odd", raising=False)
    with pytest.raises(TypeError, match="float"):
        schema(Odd)
