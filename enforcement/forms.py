"""The marshmallow schema of every event type, derived from the event class itself.

One declaration – the annotated fields of the class – gives the validation of commands, the OpenAPI document and
the JSON Schemas of the streams. A schema refuses unknown fields and says for each wrong one what was expected.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from marshmallow import RAISE, Schema, ValidationError, fields

from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.fields import Form
from enforcement.values import MAX_INT, Text

_BASE = frozenset(Event.__annotations__)
_SCHEMAS: dict[str, Schema] = {}

_CHINESE = {
    "Missing data for required field.": "缺少必填项",
    "Field may not be null.": "不得为空",
    "Unknown field.": "未知字段",
    "Not a valid string.": "应为字符串",
    "Not a valid integer.": "应为整数",
    "Not a valid boolean.": "应为布尔值",
    "Not a valid list.": "应为列表",
    "Invalid input type.": "应为对象",
    "Not a valid mapping type.": "应为对象",
}


class _Said(str):
    """An English message that carries its Chinese text through marshmallow."""

    zh: str

    def __new__(cls, text: Text) -> "_Said":
        said = super().__new__(cls, text.en)
        said.zh = text.zh
        return said


def schema(event: type[Event]) -> Schema:
    """The schema of an event's own data (without `occurred`, which every command gives beside it)."""
    if event.TOPIC not in _SCHEMAS:
        _SCHEMAS[event.TOPIC] = _made(event)
    return _SCHEMAS[event.TOPIC]


def _made(event: type[Event]) -> Schema:
    made = {name: _field(hint, required=not hasattr(event, name)) for name, hint in own_fields(event).items()}
    name = "".join(part.capitalize() for part in event.TOPIC.replace(".", "-").split("-"))
    return _schema(name + "Data", made)()


def own_fields(event: type[Event]) -> dict[str, Any]:
    """The annotated fields of an event type, in the order of declaration."""
    hints = get_type_hints(event, include_extras=True)
    return {name: hint for name, hint in hints.items() if name not in _BASE}


def load(event: type[Event], data: Mapping[str, Any], at: str = "data") -> dict[str, Any]:
    """The data as it will be stored: checked, defaults left out. InvalidData names every wrong field."""
    try:
        loaded: dict[str, Any] = schema(event).load(data)
    except ValidationError as error:
        raise InvalidData(dict(_flat(error.messages, at))) from None
    return {name: value for name, value in loaded.items() if value != getattr(event, name, ...)}


def load_part(kind: type, data: Any, at: str) -> dict[str, Any]:
    """A value that is no event's data, checked against its TypedDict. InvalidData names every wrong field."""
    try:
        loaded: dict[str, Any] = _part(kind)().load(data)
    except ValidationError as error:
        raise InvalidData(dict(_flat(error.messages, at))) from None
    return loaded


def _flat(messages: Any, path: str) -> Iterator[tuple[str, list[Text]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else f"{path}.{key}")
    else:
        yield path, [Text(str(m), getattr(m, "zh", _CHINESE.get(str(m), str(m)))) for m in messages]


def _schema(name: str, made: dict[str, fields.Field[Any]]) -> type[Schema]:
    meta = type("Meta", (), {"unknown": RAISE, "ordered": True})
    return type(name, (Schema,), {**made, "Meta": meta})


@cache
def _part(kind: type) -> type[Schema]:
    hints = get_type_hints(kind, include_extras=True)
    optional: frozenset[str] = getattr(kind, "__optional_keys__", frozenset())
    return _schema(kind.__name__, {n: _field(h, required=n not in optional) for n, h in hints.items()})


def _field(hint: Any, *, required: bool, none: bool = False, form: Form | None = None) -> fields.Field[Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        given = next((extra for extra in args[1:] if isinstance(extra, Form)), form)
        return _field(args[0], required=required, none=none, form=given)
    if origin in (Union, UnionType):
        inner = [arg for arg in args if arg is not NoneType]
        return _field(inner[0], required=required, none=len(inner) < len(args) or none)
    if origin is not None and getattr(origin, "__name__", "") in ("NotRequired", "Required"):
        return _field(args[0], required=required, none=none)
    common: dict[str, Any] = {"required": required, "allow_none": none}
    if origin is Literal:
        return _String(
            validate=_one_of(args), metadata={"enum": [*args, *([None] if none else [])]}, **common
        )
    if origin is list:
        return fields.List(
            _field(args[0], required=True), validate=_LIST, metadata={"maxItems": 1000}, **common
        )
    if origin is dict:
        return fields.Dict(keys=_String(), **common)
    if is_typeddict(hint):
        return fields.Nested(_part(hint), **common)
    if hint is bool:
        return _Boolean(**common)
    if hint is int:
        return fields.Integer(
            strict=True, validate=_INTEGER, metadata={"minimum": -MAX_INT, "maximum": MAX_INT}, **common
        )
    if inspect.isclass(hint) and issubclass(hint, str):
        return _String(**_text(form), **common)
    raise TypeError(f"no field for {hint!r}")


def _text(form: Form | None) -> dict[str, Any]:
    if form is None:
        return {"validate": _WORDS}
    metadata: dict[str, Any] = {"description": f"{form.expected.en} ({form.expected.zh})"}
    if form.pattern:
        metadata["pattern"] = form.pattern
    if form.format:
        metadata["format"] = form.format
    if form.longest:
        metadata.update(minLength=1, maxLength=form.longest)
    return {"validate": _tested(form), "metadata": metadata}


def _tested(form: Form) -> Any:
    return _must(form.test, Text(f"expected {form.expected.en}", f"应为{form.expected.zh}"))


def _must(holds: Callable[[Any], bool], expected: Text) -> Any:
    message = _Said(expected)

    def test(value: Any) -> None:
        if not holds(value):
            raise ValidationError(message)

    return test


_LIST = _must(lambda found: len(found) <= 1000, Text("expected at most 1,000 items", "最多 1000 项"))
_WORDS = _must(lambda text: len(text) <= 4000, Text("expected at most 4,000 characters", "最多 4000 个字符"))
_INTEGER = _must(
    lambda n: -MAX_INT <= n <= MAX_INT,
    Text("expected an integer within ±(2^53 − 1)", "应为 ±(2^53 − 1) 以内的整数"),
)


def _one_of(choices: tuple[Any, ...]) -> Any:
    listed = ", ".join(map(str, choices))
    expected = Text(f"expected one of {listed}", f"应为以下之一：{listed}")
    return _must(lambda value: value in choices, expected)


class _String(fields.String):
    """A string and nothing that merely prints like one."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value


class _Boolean(fields.Boolean):
    """true or false; no "yes", no 1."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value
