"""Pools of random inspections 抽查对象池: counted at once, listed as a stream, each object out with its reasons.

A list of a million does not fit a page: members and exclusions come as one JSON object a line (NDJSON), read in one
view of the read models while they are sent.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json, dumps
from api.auth import ROLES, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import pools as answers
from enforcement.errors import NotFound
from projections.queries import pools as questions
from projections.queries.pool_members import Asked, Pool
from projections.sql import pieces

LINES = "application/x-ndjson"
DRAWERS = ("unit_head", "head", "principal_head", "auditor", "bureau_system")
"""Who may be drawn is told to those who hold draws and to those who check them, not to who may be sent."""
Question = Callable[[Any, Asked], Iterator[dict[str, Any]]]

blp = Blueprint(
    "pools", __name__, description="抽查对象池: who may be drawn for an item, in which stratum, and who not"
)


@blp.route("/pools")
@blp.reads()
@roles(*ROLES)
@blp.arguments(answers.Pools, location="query")
@blp.response(200, answers.PoolPage)
def listing(query: dict[str, Any]) -> Response:
    """Every item of the list with the size of its pool today."""
    _wait()
    with services().reads.read() as conn:
        page = questions.sizes(
            conn, services().today(), scope(), limit=query["limit"], after=query.get("cursor")
        )
    return as_json({"items": page.items, "next": page.next})


@blp.route("/pools/<item:id>")
@blp.reads()
@roles(*ROLES)
@blp.arguments(answers.Filter, location="query")
@blp.response(200, answers.PoolCounts)
def counts(query: dict[str, Any], id: str) -> Response:
    """The pool of an item in figures: members per stratum (region, class, kind), and how many each reason keeps out."""
    _wait()
    with services().reads.read() as conn:
        return as_json(questions.counts(conn, _asked(id, query)))


@blp.route("/pools/<item:id>/members")
@blp.reads()
@roles(*DRAWERS)
@blp.arguments(answers.Filter, location="query")
@blp.alt_response(200, description="one member a line, by id: {object, region, stratum}")
def members(query: dict[str, Any], id: str) -> Response:
    """Every object in the pool with its stratum, one a line."""
    return _streamed(questions.members, _asked(id, query))


@blp.route("/pools/<item:id>/exclusions")
@blp.reads()
@roles(*DRAWERS)
@blp.arguments(answers.Filter, location="query")
@blp.alt_response(200, description="one object a line, by id: {object, reason, reasons}")
def exclusions(query: dict[str, Any], id: str) -> Response:
    """Every object of the item that is not in its pool, with all reasons, one a line."""
    return _streamed(questions.exclusions, _asked(id, query))


@blp.route("/pools/<item:id>/objects/<object:object>")
@blp.reads()
@roles(*DRAWERS)
@blp.arguments(answers.Filter, location="query")
@blp.response(200, answers.PoolObject)
def one(query: dict[str, Any], id: str, object: str) -> Response:
    """Whether one object is in the pool, in which stratum, and every reason why not."""
    _wait()
    with services().reads.read() as conn:
        found = questions.why(conn, _asked(id, query), object)
    if found is None:
        raise NotFound("object", object)
    return as_json(found)


def _asked(item: str, query: dict[str, Any]) -> Asked:
    given = {
        name: values for name in ("regions", "kinds", "sectors", "classes") if (values := query.get(name))
    }
    day = date.fromisoformat(query["day"]) if "day" in query else services().today()
    return Asked(item, day, given, scope=scope())


def _wait() -> None:
    for projection in ("pools", "registers", "cases"):
        wait_for(projection)


def _streamed(question: Question, asked: Asked) -> Response:
    """The answers of a question, a line each; what is wrong with the question is said before the first line."""
    _wait()
    reads = services().reads
    with reads.read() as conn:
        Pool(conn, asked)

    def lines() -> Iterator[bytes]:
        with reads.read() as conn:
            for piece in pieces(question(conn, asked), 1_000):
                yield b"".join(dumps(row) + b"\n" for row in piece)

    return Response(lines(), 200, content_type=LINES)
