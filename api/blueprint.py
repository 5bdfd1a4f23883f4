"""A flask-smorest blueprint that also documents who may call a route and which headers it takes.

A view is declared by decorators from the outside in: `@blp.route`, `@blp.reads()` or `@blp.writes()` (headers),
`@roles(...)` or `@public`, `@blp.arguments` (query or body), `@blp.response`. Views return ready responses, so
`@blp.response` documents and runs nothing; bodies are read by `api.bodies`, which is stricter than webargs.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast

from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from api.bodies import taker

View = TypeVar("View", bound=Callable[..., Any])

READING = ("After", "Steelyard-Role", "Accept-Language")
WRITING = ("Idempotency-Key", "If-Match", "Steelyard-Role", "Accept-Language")

READ_PROBLEMS = {
    "400": "malformed-request",
    "404": "not-found",
    "422": "invalid-data",
    "503": "not-yet-visible",
}
WRITE_PROBLEMS = {
    "400": "malformed-request",
    "404": "not-found",
    "409": "refused-by-statute",
    "412": "version-conflict",
    "413": "too-large",
    "415": "unsupported-media-type",
    "422": "invalid-data",
    "503": "ledger-unavailable",
}


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """Our routes: documented with their roles, headers and problems."""

    def __init__(self, name: str, import_name: str, description: str) -> None:
        super().__init__(name, import_name, description=description)
        self._prepare_doc_cbks.append(_access)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """The address of the view; its name in the document is the blueprint's and its own."""
        add: Callable[[View], View] = super().route(rule, **options)

        def named(view: View) -> View:
            apidoc = deepcopy(getattr(view, "_apidoc", {}))
            apidoc.setdefault("manual_doc", {})["operationId"] = f"{self.name}_{view.__name__}"
            view._apidoc = apidoc  # type: ignore[attr-defined]
            return add(view)

        return named

    def arguments(self, schema: type[Schema], location: str = "json") -> Callable[[View], View]:
        """What is read from body or query string, checked, and handed to the view first."""
        take = taker(schema, location)
        document: Any = super().arguments(schema, location=location)

        def declare(view: View) -> View:
            @wraps(view)
            def taking(**path: Any) -> Any:
                return view(take(), **path)

            taking._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
            return cast(View, taking)

        return declare

    def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[View], View]:
        """What the view answers; documents only."""
        return _documented(super().response(status, schema, **options))

    def alt_response(self, status: int, **options: Any) -> Callable[[View], View]:
        """What else it may answer; documents only."""
        return _documented(super().alt_response(status, **options))

    def reads(self, *headers: str) -> Callable[[View], View]:
        """The view takes the headers of a read, or just those named."""
        return _takes(headers or READING, READ_PROBLEMS)

    def writes(self, *headers: str) -> Callable[[View], View]:
        """The view takes the headers of a command, or just those named."""
        return _takes(headers or WRITING, WRITE_PROBLEMS)


def _documented(decorator: Any) -> Callable[[View], View]:
    """Take the documentation from flask-smorest's wrapper and leave the wrapper: views answer themselves."""

    def declare(view: View) -> View:
        view._apidoc = decorator(view)._apidoc  # type: ignore[attr-defined]
        return view

    return declare


def _takes(headers: tuple[str, ...], problems: Mapping[str, str]) -> Callable[[View], View]:
    def declare(view: View) -> View:
        apidoc = deepcopy(getattr(view, "_apidoc", {}))
        apidoc.setdefault("arguments", {}).setdefault("parameters", []).extend(headers)
        apidoc["problems"] = problems
        view._apidoc = apidoc  # type: ignore[attr-defined]
        return view

    return declare


def _access(doc: dict[str, Any], doc_info: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Roles in words and for programs, and the problems that may come; a public operation asks for no token."""
    allowed = doc_info.get("access", ())
    responses = doc.setdefault("responses", {})
    responses.pop(422, None)
    responses.update(doc_info.get("problems", {}))
    if allowed:
        doc["x-roles"] = list(allowed)
        responses.update({"401": "unauthenticated", "403": "role-missing"})
    else:
        doc["security"] = []
    return doc
