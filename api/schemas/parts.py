"""Fields of answers. Answers are documented by these and tested against them; nothing is dumped through them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from enforcement.values import MAX_INT


class Answer(Schema):
    """Every member that an answer may have is named."""

    class Meta:
        unknown = RAISE


def string(**kwargs: Any) -> fields.Field[Any]:
    """A text."""
    return fields.String(**_required(kwargs))


def maybe(**kwargs: Any) -> fields.Field[Any]:
    """A text or null."""
    return fields.String(allow_none=True, **_required(kwargs))


def number(**kwargs: Any) -> fields.Field[Any]:
    """A whole number from 0, or null where `allow_none`."""
    return fields.Integer(validate=validate.Range(0, MAX_INT), **_required(kwargs))


def flag(**kwargs: Any) -> fields.Field[Any]:
    """true or false."""
    return fields.Boolean(**_required(kwargs))


def day(**kwargs: Any) -> fields.Field[Any]:
    """A day, YYYY-MM-DD."""
    return fields.String(**_required(kwargs), metadata={"format": "date"})


def texts(**kwargs: Any) -> fields.Field[Any]:
    """A list of texts."""
    return fields.List(fields.String(), **_required(kwargs))


def free(**kwargs: Any) -> fields.Field[Any]:
    """An object whose members the ledger's own schemas describe."""
    return fields.Dict(**_required(kwargs))


def one(schema: type[Schema], **kwargs: Any) -> fields.Field[Any]:
    """A part."""
    return fields.Nested(schema, **_required(kwargs))


def many(schema: type[Schema], **kwargs: Any) -> fields.Field[Any]:
    """A list of parts."""
    return fields.List(fields.Nested(schema), **_required(kwargs))


def _required(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, **kwargs}


class Bilingual(Answer):
    """A text in English and Chinese."""

    en = string()
    zh = string()


def bilingual(**kwargs: Any) -> fields.Field[Any]:
    """A text in both languages."""
    return fields.Nested(Bilingual, **_required(kwargs))


def listing(name: str, item: type[Schema], doc: str, paged: bool = False) -> type[Schema]:
    """`{"items": […]}`, with `next` where the list comes in pages."""
    made: dict[str, Any] = {"items": many(item)}
    if paged:
        made["next"] = maybe(metadata={"description": "the cursor of the following page, null on the last"})
    return type(name, (Answer,), {"__doc__": doc, **made})
