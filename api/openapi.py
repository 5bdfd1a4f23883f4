"""The OpenAPI 3.1 document of the application, made from the same declarations that serve it.

flask-smorest collects operations and schemas; added here are what it cannot know: the union of the steps of a
case, the headers, the token, and one response for every problem type.
"""

import importlib.metadata
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_smorest import Api

from api import paths
from api.problem_types import ROWS
from api.schemas import commands
from api.schemas.common import Problem
from api.schemas.events import command, put_commands

VERSION = "3.1.0"
PROBLEM = "application/problem+json"

HEADERS: Mapping[str, tuple[dict[str, Any], str]] = {
    "After": (
        {"type": "integer", "minimum": 0, "maximum": 9007199254740991},
        "A position, as a write answered it: the read waits until the read models have reached it, else 503.",
    ),
    "Idempotency-Key": (
        {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "The same key of the same actor is recorded once; a repeat answers the first receipt.",
    ),
    "If-Match": (
        {"type": "string", "pattern": '^("[1-9][0-9]{0,15}"|\\*)$'},
        "The version that the decision is based on, as the ETag of the read gave it.",
    ),
    "Steelyard-Role": (
        {"type": "string"},
        "The role to act in, where the token holds several; else the first that is allowed.",
    ),
    "Report-Code": (
        {"type": "string", "maxLength": 200},
        "The receipt code, 25 digits, as it was shown when the report was filed. Never in an address.",
    ),
    "Accept-Language": (
        {"type": "string"},
        "zh for Chinese texts in problems, en (default) for English ones.",
    ),
}

INTRODUCTION = """\
The ledger of a market supervision bureau: every change is an event, every answer names its article.

A write answers a receipt with the ledger-wide `position`; a read that says `After: <position>` sees it.
Errors are RFC 9457 problems, in English or Chinese by `Accept-Language`.
"""


class Collector(Api):  # type: ignore[misc]
    """flask-smorest's collector; errors are our problems."""

    ERROR_SCHEMA = Problem


def collect(app: Flask) -> Collector:
    """flask-smorest's collector, with everything that operations refer to."""
    app.config.update(
        API_TITLE="Steelyard", API_VERSION=importlib.metadata.version("steelyard"), OPENAPI_VERSION=VERSION
    )
    api = Collector(app, spec_kwargs={"info": {"description": INTRODUCTION}, "security": [{"bearer": []}]})
    for converter in paths.CONVERTERS.values():
        api.register_converter(converter, paths.parameter)
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for name, (schema, description) in HEADERS.items():
        components.parameter(name, "header", {"name": name, "schema": schema, "description": description})
    for row in ROWS:
        components.response(row.slug, _problem(f"{row.title.en}. {row.meaning.en}"))
    for family in commands.FAMILIES:
        for event in family.events():
            made = command(event, named=family.default != event.TOPIC)
            components.schema(made.__name__, schema=made)
    return api


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def document(api: Collector) -> dict[str, Any]:
    """The finished document."""
    found: dict[str, Any] = api.spec.to_dict()
    for family in commands.FAMILIES:
        put_commands(found, family.frame.__name__, family.events(), family.default)
    found["components"]["schemas"].pop("PaginationMetadata", None)
    found["components"]["responses"]["DEFAULT_ERROR"] = _problem("Any other problem")
    return found
