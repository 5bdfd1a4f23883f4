"""Products 产品 and stalls 摊位 as objects of inspection: register, change, list. Two registers of one form."""

from typing import Any, Literal

from flask import Response

from api.answers import as_json
from api.auth import ROLES, require_region, require_sight, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.entities import REGISTRARS
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import directories as answers
from api.schemas import directory_queries as queries
from enforcement.errors import NotFound
from enforcement.registry.things import Product, Stall
from projections.queries import directories as questions

blp = Blueprint(
    "things", __name__, description="产品、摊位: what else is inspected beside businesses and instruments"
)
Name = Literal["products", "stalls"]


@blp.route("/products", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*REGISTRARS)
@blp.arguments(commands.PRODUCT.frame)
@blp.response(201, common.Receipt)
def register_product(body: dict[str, Any]) -> Response:
    """Register a product of a producer."""
    return _register(Product, "products", body)


@blp.route("/stalls", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*REGISTRARS)
@blp.arguments(commands.STALL.frame)
@blp.response(201, common.Receipt)
def register_stall(body: dict[str, Any]) -> Response:
    """Register a stall of a market."""
    return _register(Stall, "stalls", body)


@blp.route("/products/<thing:id>/events", methods=["POST"])
@blp.writes()
@roles(*REGISTRARS)
@blp.arguments(commands.PRODUCT_CHANGE.frame)
@blp.response(201, common.Receipt)
def change_product(body: dict[str, Any], id: str) -> Response:
    """Change a product: only what changed."""
    return _change(Product, "products", id, body)


@blp.route("/stalls/<thing:id>/events", methods=["POST"])
@blp.writes()
@roles(*REGISTRARS)
@blp.arguments(commands.STALL_CHANGE.frame)
@blp.response(201, common.Receipt)
def change_stall(body: dict[str, Any], id: str) -> Response:
    """Change a stall: only what changed."""
    return _change(Stall, "stalls", id, body)


@blp.route("/products")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Things, location="query")
@blp.response(200, answers.ProductPage)
def products(query: dict[str, Any]) -> Response:
    """The register of products, by id."""
    return _listing("products", query)


@blp.route("/stalls")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Things, location="query")
@blp.response(200, answers.StallPage)
def stalls(query: dict[str, Any]) -> Response:
    """The register of stalls, by id."""
    return _listing("stalls", query)


@blp.route("/products/<thing:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Product)
def product(id: str) -> Response:
    """One product."""
    return _one("products", id)


@blp.route("/stalls/<thing:id>")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.Stall)
def stall(id: str) -> Response:
    """One stall."""
    return _one("stalls", id)


def _register(kind: type[Product | Stall], name: Name, body: dict[str, Any]) -> Response:
    require_region(body["data"].get("region"))
    receipt = services().ledger.register_thing(kind, who(), body["occurred"], body["data"])
    return recorded(receipt, f"/{name}/{receipt.id.removeprefix(kind.PREFIX)}")


def _change(kind: type[Product | Stall], name: Name, id: str, body: dict[str, Any]) -> Response:
    require_sight(kind, kind.PREFIX + id)
    require_region(body["data"].get("region"))
    receipt = services().ledger.change_thing(
        kind, who(), id, body["occurred"], body["data"], expected_version()
    )
    return recorded(receipt, f"/{name}/{id}")


def _listing(name: Name, query: dict[str, Any]) -> Response:
    wait_for("registers")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.directory(conn, name, scope(), query, limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


def _one(name: Name, id: str) -> Response:
    wait_for("registers")
    with services().reads.read() as conn:
        found = questions.entry(conn, name, scope(), id)
    if found is None:
        raise NotFound(name.removesuffix("s"), id)
    return as_json(found, headers={"ETag": f'"{found["version"]}"'})
