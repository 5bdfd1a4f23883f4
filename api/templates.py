"""The CSV templates of the registers, to fill in and import with `steelyard import`."""

from flask import Response

from api.auth import ROLES, roles
from api.blueprint import Blueprint
from enforcement.importing.sheets import SHEETS

blp = Blueprint("register-templates", __name__, description="导入模板: the registers' columns as CSV")


@blp.route("/entities/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def entities() -> Response:
    """The template of the register of businesses."""
    return _template("entities")


@blp.route("/instruments/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def instruments() -> Response:
    """The template of the register of instruments."""
    return _template("instruments")


@blp.route("/inspectors/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def inspectors() -> Response:
    """The template of the directory of inspectors."""
    return _template("inspectors")


@blp.route("/products/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def products() -> Response:
    """The template of the register of products."""
    return _template("products")


@blp.route("/stalls/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def stalls() -> Response:
    """The template of the register of stalls."""
    return _template("stalls")


@blp.route("/relations/template")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.alt_response(200, description="CSV in UTF-8 with a byte order mark")
def relations() -> Response:
    """The template of the register of relations."""
    return _template("relations")


def _template(name: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    body = ("\ufeff" + SHEETS[name].template()).encode()
    return Response(body, 200, named, content_type="text/csv; charset=utf-8")
