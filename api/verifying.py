"""Checking a draw without trusting this bureau: a page that computes in the reader's browser, and one file of Python.

Both are public, load nothing from elsewhere and send nothing anywhere. What they check is a transcript; whether
its freeze is the one made public before the draw, the reader compares by the plan hash.
"""

from functools import cache
from importlib.resources import files

from flask import Response, render_template

from api.auth import public
from api.blueprint import Blueprint
from api.pages import html
from enforcement.errors import NotFound

KINDS = {
    "verify_draw.js": "text/javascript; charset=utf-8",
    "verify_page.js": "text/javascript; charset=utf-8",
    "verify_page.css": "text/css; charset=utf-8",
}

blp = Blueprint("verifying", __name__, description="抽取核验: checking a draw")


@blp.route("/draw/verify")
@public
@blp.response(200, {"type": "string"}, content_type="text/html")
def page() -> Response:
    """The page that verifies a transcript in the reader's browser; `?transcript=/path` takes one of this host."""
    return html(render_template("verify.html"))


@blp.route("/draw/verify/<name>")
@public
@blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def asset(name: str) -> Response:
    """A script or style of the page; `verify_draw.js` runs in Node too."""
    if name not in KINDS:
        raise NotFound("asset", name)
    return _kept(_static(name), KINDS[name])


@blp.route("/verify_draw.py")
@public
@blp.response(200, {"type": "string", "format": "binary"}, content_type="text/x-python")
def single_file() -> Response:
    """The verifier as one file of Python's standard library: `python3 verify_draw.py TRANSCRIPT [PLAN_HASH]`."""
    answer = _kept(_program(), "text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return answer


def _kept(content: bytes, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@cache
def _static(name: str) -> bytes:
    return files("api").joinpath("static", name).read_bytes()


@cache
def _program() -> bytes:
    return files("enforcement.checks").joinpath("verify_draw.py").read_bytes()
