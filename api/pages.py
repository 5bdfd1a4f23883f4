"""Pages for people: HTML answers, and static files of ours and of Swagger UI, all from this host.

A page may load scripts, styles and pictures from this host and nothing from anywhere else; the policy in its
header says so to the browser. Swagger UI sets styles and inline pictures (`data:`) of its own.
"""

import mimetypes
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flask import Response, render_template

from api.auth import public
from api.blueprint import Blueprint
from enforcement.errors import NotFound

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
OURS = ("docs.js", "docs.css", "report.css")
SWAGGER_UI = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

blp = Blueprint("pages", __name__, description="文档页: pages for people")


@blp.route("/docs")
@public
@blp.response(200, {"type": "string"}, content_type="text/html")
def docs() -> Response:
    """The documentation of this API, to read and to try out; everything it loads comes from this host."""
    return html(render_template("docs.html"))


@blp.route("/docs/<name>")
@public
@blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def asset(name: str) -> Response:
    """A script, style or picture of the documentation page."""
    if name not in (*OURS, *SWAGGER_UI):
        raise NotFound("asset", name)
    kind, _ = mimetypes.guess_type(name)
    answer = Response(content(name), content_type=kind)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def html(text: str) -> Response:
    """A page with its policy."""
    answer = Response(text, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


@cache
def content(name: str) -> bytes:
    """The bytes of a file of the page."""
    return folder(name).joinpath(name).read_bytes()


def folder(name: str) -> Traversable:
    """Ours lie beside this module, Swagger UI's in the package that ships them."""
    return files("api").joinpath("static") if name in OURS else files("flask_swagger_ui").joinpath("dist")
