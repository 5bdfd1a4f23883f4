"""Reading requests: strict JSON bodies and query strings, validated by marshmallow, refused in both languages.

JSON as RFC 8259 means it and no more: UTF-8, no member twice, no NaN, no half surrogates, nesting within reason.
A query parameter stands once. Unknown names are refused on both sides, so a typing error is never a filter that
silently did nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema, ValidationError

from api.errors import MalformedRequest, UnsupportedMediaType
from enforcement.errors import InvalidData
from enforcement.values import Text

CHINESE = {
    "Missing data for required field.": "缺少必填项",
    "Field may not be null.": "不得为空",
    "Unknown field.": "未知字段",
    "Not a valid string.": "应为字符串",
    "Not a valid integer.": "应为整数",
    "Not a valid boolean.": "应为 true 或 false",
    "Not a valid mapping type.": "应为对象",
    "Invalid input type.": "应为对象",
}


class Said(str):
    """An English message that carries its Chinese text through marshmallow."""

    zh: str

    def __new__(cls, text: Text) -> "Said":
        said = super().__new__(cls, text.en)
        said.zh = text.zh
        return said


def taker(schema: type[Schema], location: str) -> Callable[[], Any]:
    """A function that reads body or query string of the request at hand and checks it."""
    instance = schema()
    if location == "json":
        return lambda: checked(instance, read_json())
    absent = cache(lambda: checked(instance, {}))
    return lambda: checked(instance, read_query()) if request.query_string else dict(absent())


def checked(schema: Schema, given: Any) -> Any:
    """What the schema makes of it; InvalidData names every wrong field."""
    try:
        return schema.load(given)
    except ValidationError as error:
        raise InvalidData(dict(flat(error.messages, ""))) from None


def read_query() -> dict[str, str]:
    """The query string; a parameter stands once."""
    twice = sorted(name for name, values in request.args.lists() if len(values) > 1)
    if twice:
        once = Text("give this parameter once", "该参数只能出现一次")
        raise InvalidData({name: [once] for name in twice})
    return request.args.to_dict()


def flat(messages: Any, path: str) -> Iterator[tuple[str, list[Text]]]:
    """Nested messages as (path, texts)."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            yield from flat(inner, here)
    else:
        yield path or "body", [Text(str(m), getattr(m, "zh", CHINESE.get(str(m), str(m)))) for m in messages]


def read_json() -> Any:
    """The body as JSON."""
    if (
        request.mimetype != "application/json"
        or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8"
    ):
        wrong = Text("the body must be application/json in UTF-8", "请求体须为 UTF-8 编码的 application/json")
        raise UnsupportedMediaType(wrong)
    return parse_json(request.get_data(cache=False))


def parse_json(body: bytes) -> Any:
    """JSON of RFC 8259 and nothing beside it; MalformedRequest says what was wrong, and where."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        _malformed(
            f"the body is not JSON: {error.msg} at {where}",
            f"请求体不是 JSON：第 {error.lineno} 行第 {error.colno} 列",
        )
    except UnicodeError:
        _malformed("the body is not Unicode in UTF-8", "请求体不是有效的 UTF-8 文本")
    except RecursionError:
        _malformed("the body is nested too deeply", "请求体嵌套过深")
    except ValueError as error:
        _malformed(f"the body is not JSON: {error}", f"请求体不是 JSON：{error}")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        _malformed(f"the member {name!r} stands twice in one object", f"对象中成员 {name!r} 重复")
    return found


def _constant(name: str) -> NoReturn:
    _malformed(f"{name} is not JSON", f"{name} 不是 JSON")


def _malformed(en: str, zh: str) -> NoReturn:
    raise MalformedRequest(Text(en, zh))
