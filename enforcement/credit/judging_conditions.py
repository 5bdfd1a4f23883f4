"""A condition as written against the fields of the event types it is about: unknown names, wrong types, impossible
values are said in words."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from enforcement.credit.conditions import ALWAYS, OPERATORS, ORDERING, Atom, Condition, Join
from enforcement.credit.facts import Scalar
from enforcement.credit.faults import Faults
from enforcement.credit.vocabulary import DERIVED, Field, fen, fields_of
from enforcement.events import known

MEMBERS = {"field", "op", "value"}
EXPECTED = {
    "flag": ("true or false", "true 或 false"),
    "number": ("a whole number", "整数"),
    "money": ("an amount in CNY such as 50000", "人民币金额，如 50000"),
    "day": ("a day, YYYY-MM-DD", "日期，YYYY-MM-DD"),
    "text": ("a text", "文本"),
}


def known_types(types: Sequence[str], at: str, faults: Faults) -> list[str]:
    """Those of the event types that become facts; of the others it is said why not."""
    for topic in types:
        if known(topic) is None:
            like = _like(topic, DERIVED)
            faults.add(
                f"{at}.on", f"event type {topic!r} is not known{like[0]}", f"未知事件类型 {topic!r}{like[1]}"
            )
        elif topic not in DERIVED:
            listed = ", ".join(sorted(DERIVED))
            faults.add(
                f"{at}.on",
                f"{topic!r} never becomes a fact about a business; these do: {listed}",
                f"{topic!r} 不构成经营主体的信用事实；可用：{listed}",
            )
    if not types:
        faults.add(f"{at}.on", "expected at least one event type", "至少应有一个事件类型")
    return [topic for topic in types if topic in DERIVED and known(topic) is not None]


def condition(raw: Any, types: Sequence[str], at: str, faults: Faults) -> Condition:
    """The condition of a document, as far as it can be understood."""
    if isinstance(raw, Mapping) and len(raw) == 1 and (how := next(iter(raw))) in ("all", "any"):
        return _join(how, raw[how], types, f"{at}.{how}", faults)
    if isinstance(raw, Mapping) and set(raw) == MEMBERS:
        return _atom(raw, types, at, faults)
    faults.add(
        at,
        "expected field, op and value, or a list under all or any, and nothing else",
        "应为 field、op、value，或者 all、any 下的列表，不得有其他成员",
    )
    return ALWAYS


def _join(how: Any, parts: Any, types: Sequence[str], at: str, faults: Faults) -> Condition:
    if not isinstance(parts, list) or not parts:
        faults.add(at, "expected a list of at least one condition", "应为至少一个条件的列表")
        return ALWAYS
    return Join(how, tuple(condition(part, types, f"{at}.{n}", faults) for n, part in enumerate(parts)))


def _atom(raw: Mapping[str, Any], types: Sequence[str], at: str, faults: Faults) -> Condition:
    field = known_field(raw["field"], types, f"{at}.field", faults)
    op = raw["op"]
    if op not in OPERATORS:
        faults.add(
            f"{at}.op", f"expected one of {', '.join(OPERATORS)}", f"应为以下之一：{', '.join(OPERATORS)}"
        )
        return ALWAYS
    if field is None:
        return ALWAYS
    if field.kind == "id":
        faults.add(
            f"{at}.field",
            f"{raw['field']} is an id: nothing turns on it",
            f"{raw['field']} 为编号，不得作为条件",
        )
        return ALWAYS
    if op in ORDERING and field.kind not in ("number", "money", "day"):
        faults.add(
            f"{at}.op",
            f"{op} compares numbers, amounts and days; {raw['field']} is a {field.kind}",
            f"{op} 仅可比较数字、金额和日期；{raw['field']} 为 {field.kind}",
        )
        return ALWAYS
    if op == "in":
        return _one_of(raw, field, f"{at}.value", faults)
    value = _value(raw["value"], field, f"{at}.value", faults)
    return ALWAYS if value is None else Atom(raw["field"], op, value)


def _one_of(raw: Mapping[str, Any], field: Field, at: str, faults: Faults) -> Condition:
    if not isinstance(raw["value"], list) or not raw["value"]:
        faults.add(at, "in expects a list of at least one value", "in 应给出至少一个值的列表")
        return ALWAYS
    values = [_value(value, field, f"{at}.{n}", faults) for n, value in enumerate(raw["value"])]
    return Atom(raw["field"], "in", tuple(value for value in values if value is not None))


def known_field(name: Any, types: Sequence[str], at: str, faults: Faults) -> Field | None:
    """The field that all types have by this name, of one kind; else it is said which type has none."""
    found = [(topic, fields_of(topic).get(str(name))) for topic in types]
    for topic, field in found:
        if field is None:
            like = _like(str(name), fields_of(topic))
            faults.add(at, f"{topic} has no field {name!r}{like[0]}", f"{topic} 没有字段 {name!r}{like[1]}")
    fields = [field for _, field in found if field is not None]
    if len({(field.kind, field.many) for field in fields}) > 1:
        faults.add(
            at, f"{name!r} is not of one kind in all these event types", f"{name!r} 在各事件类型中类型不一"
        )
    return fields[0] if fields and len(fields) == len(found) else None


def _value(value: Any, field: Field, at: str, faults: Faults) -> Scalar | None:
    if field.kind == "choice":
        if value in field.choices:
            return str(value)
        listed = ", ".join(sorted(field.choices))
        faults.add(
            at,
            f"{value!r} never occurs; expected one of {listed}",
            f"{value!r} 不会出现；应为以下之一：{listed}",
        )
        return None
    scalar = _scalar(value, field.kind)
    if scalar is None:
        en, zh = EXPECTED[field.kind]
        faults.add(at, f"expected {en}, not {value!r}", f"应为{zh}，不是 {value!r}")
    return scalar


def _scalar(value: Any, kind: str) -> Scalar | None:
    """A value in the type of its field; None where it is not of that type."""
    if kind == "flag" or isinstance(value, bool):
        return value if kind == "flag" and isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    try:
        match kind:
            case "number":
                return int(value)
            case "money":
                return fen(value)
            case "day":
                return date.fromisoformat(value).isoformat()
            case _:
                return value
    except ValueError:
        return None


def _like(name: str, names: Mapping[str, Any]) -> tuple[str, str]:
    """A hint at the name that may have been meant."""
    close = difflib.get_close_matches(name, names, 1)
    return (f"; did you mean {close[0]!r}?", f"；是否为 {close[0]!r}？") if close else ("", "")
