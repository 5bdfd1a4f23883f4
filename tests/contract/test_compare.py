"""Every kind of change between two schemas, and whom it breaks: old messages (M), old consumers (C), nobody."""

from typing import Any

import pytest

from tests.contract.compare import breaks, meaning

TEXT: dict[str, Any] = {"type": "string"}
FILE = {"type": "object", "properties": {"sha256": TEXT}, "required": ["sha256"]}


def one(**member: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": member}}


def obj(*required: str, **members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(required)}


def conditional(test: str, *required: str) -> dict[str, Any]:
    return {"properties": {"x": TEXT}, "if": {"required": [test]}, "else": {"required": list(required)}}


def with_part(part: dict[str, Any], name: str = "File") -> dict[str, Any]:
    files = {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
    return {"type": "object", "properties": {"files": files}, "$defs": {name: part}}


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "nothing": (one(**TEXT), one(**TEXT), ""),
    "another description": (one(**TEXT, description="a"), one(**TEXT, title="b", description="c"), ""),
    "a new optional member": (obj(x=TEXT), obj(x=TEXT, y=TEXT), ""),
    "a new required member": (obj(x=TEXT), obj("y", x=TEXT, y=TEXT), "M"),
    "a member made required": (obj(x=TEXT), obj("x", x=TEXT), "M"),
    "a member made optional": (obj("x", x=TEXT), obj(x=TEXT), "C"),
    "an optional member removed": (obj(x=TEXT, y=TEXT), obj(x=TEXT), "C"),
    "a required member removed": (obj("x", x=TEXT), obj(), "CC"),
    "a member renamed": (obj(x=TEXT), obj(y=TEXT), "C"),
    "null no longer allowed": (one(type=["string", "null"]), one(**TEXT), "M"),
    "null now allowed": (one(**TEXT), one(type=["string", "null"]), "C"),
    "another type": (one(**TEXT), one(type="integer"), "MC"),
    "number narrowed to integer": (one(type="number"), one(type="integer"), "M"),
    "integer widened to number": (one(type="integer"), one(type="number"), "C"),
    "any type narrowed": (one(), one(**TEXT), "M"),
    "one type widened to any": (one(**TEXT), one(), "C"),
    "a word removed": (one(enum=["a", "b"]), one(enum=["a"]), "M"),
    "a word added": (one(enum=["a"]), one(enum=["a", "b"]), "C"),
    "words in another order": (one(enum=["a", "b"]), one(enum=["b", "a"]), ""),
    "text narrowed to words": (one(**TEXT), one(**TEXT, enum=["a"]), "M"),
    "words widened to text": (one(**TEXT, enum=["a"]), one(**TEXT), "C"),
    "another constant": (one(const=1), one(const=2), "MC"),
    "a constant as its only word": (one(const="a"), one(enum=["a"]), ""),
    "a pattern added": (one(**TEXT), one(**TEXT, pattern="^a$"), "M"),
    "a pattern removed": (one(**TEXT, pattern="^a$"), one(**TEXT), "C"),
    "another pattern": (one(**TEXT, pattern="^a$"), one(**TEXT, pattern="^b$"), "MC"),
    "a format added": (one(**TEXT), one(**TEXT, format="date"), "M"),
    "a format removed": (one(**TEXT, format="date"), one(**TEXT), "C"),
    "a longer text": (one(maxLength=10), one(maxLength=11), "C"),
    "a shorter text": (one(maxLength=10), one(maxLength=9), "M"),
    "a bound added": (one(), one(maxItems=3), "M"),
    "a bound removed": (one(maxItems=3), one(), "C"),
    "a greater minimum": (one(minimum=1), one(minimum=2), "M"),
    "a smaller minimum": (one(minimum=1), one(minimum=0), "C"),
    "a minimum added": (one(), one(minLength=1), "M"),
    "a minimum removed": (one(minLength=1), one(), "C"),
    "another default": (one(**TEXT, default="a"), one(**TEXT, default="b"), "M"),
    "a default removed": (one(**TEXT, default=None), one(**TEXT), "M"),
    "a default added": (one(**TEXT), one(**TEXT, default="a"), ""),
    "unknown members forbidden": (obj(), {**obj(), "additionalProperties": False}, "M"),
    "unknown members now allowed": ({**obj(), "additionalProperties": False}, obj(), "C"),
    "unknown members allowed in words": (obj(), {**obj(), "additionalProperties": True}, ""),
    "items narrowed": (one(items=TEXT), one(items={**TEXT, "enum": ["a"]}), "M"),
    "items of another type": (one(items=TEXT), one(items={"type": "integer"}), "MC"),
    "items no longer said": (one(items=TEXT), one(type="array"), "MC"),
    "a rule for items added": (one(), one(items=TEXT), "M"),
    "another condition": (conditional("h", "x"), conditional("i", "x"), "MC"),
    "a condition dropped": (conditional("h", "x"), {"properties": {"x": TEXT}}, "MC"),
    "more required under a condition": (conditional("h"), conditional("h", "x"), "M"),
    "less required under a condition": (conditional("h", "x"), conditional("h"), "C"),
    "a part under another name": (with_part(FILE), with_part(FILE, "Attachment"), ""),
    "a member removed from a part": (with_part(FILE), with_part(obj()), "CC"),
    "a new required member of a part": (
        with_part(FILE),
        with_part(obj("sha256", "b", sha256=TEXT, b=TEXT)),
        "M",
    ),
    "a part that may now be null": (one(**FILE), one(anyOf=[FILE, {"type": "null"}]), "C"),
    "a part that may no longer be null": (one(anyOf=[FILE, {"type": "null"}]), one(**FILE), "M"),
    "null of a part written otherwise": (
        one(anyOf=[FILE, {"type": "null"}]),
        one(anyOf=[{"type": "null"}, FILE]),
        "",
    ),
    "a keyword that is not known here": (one(**TEXT), one(**TEXT, contentEncoding="base64"), "M"),
    "a choice that is not known here": (one(anyOf=[TEXT, FILE]), one(anyOf=[TEXT]), "M"),
    "a deep change": (one(**obj(y=obj(z=TEXT))), one(**obj(y=obj(z={**TEXT, "maxLength": 5}))), "M"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_breaks_whom_it_must(what: str) -> None:
    old, new, sides = CHANGES[what]
    found = "".join(change.side[0].upper() for change in breaks(old, new))
    assert found == sides, breaks(old, new)


def test_a_break_names_its_place_and_reason() -> None:
    old, new = with_part(FILE), with_part({**FILE, "properties": {"sha256": {**TEXT, "pattern": "^a$"}}})
    assert [str(b) for b in breaks(old, new)] == ["$.files[].sha256: pattern is now ^a$ breaks old messages"]


def test_a_part_that_contains_itself_is_compared_once() -> None:
    def tree(kind: str) -> dict[str, Any]:
        node = obj(value={"type": kind}, children={"items": {"$ref": "#/$defs/Node"}})
        return {"$ref": "#/$defs/Node", "$defs": {"Node": node}}

    assert [b.path for b in breaks(tree("string"), tree("integer"))] == ["$.value", "$.value"]


def test_members_named_like_keywords_keep_their_meaning() -> None:
    schema = obj("title", title=TEXT, description={**TEXT, "description": "said to people"})
    assert meaning(schema) == obj("title", title=TEXT, description=TEXT)
