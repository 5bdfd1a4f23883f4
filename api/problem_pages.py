"""The pages behind the `type` of every problem: what it means and what helps, in both languages."""

from flask import Response, render_template, request

from api.answers import as_json
from api.auth import public
from api.blueprint import Blueprint
from api.pages import html
from api.problem_types import ROWS, TABLE, ProblemType
from api.schemas import common as answers
from enforcement.errors import NotFound

blp = Blueprint("problems", __name__, description="错误类型: the problem types and what helps")


@blp.route("/problems")
@public
@blp.response(200, answers.ProblemTypeList)
def types() -> Response:
    """Every problem type that the API answers with."""
    return as_json({"items": [shown(row) for row in ROWS]})


@blp.route("/problems/<slug>")
@public
@blp.response(200, answers.ProblemType)
@blp.alt_response(200, schema={"type": "string"}, content_type="text/html", success=True)
def describe(slug: str) -> Response:
    """One problem type, as JSON, or as a page for those who ask for HTML."""
    row = TABLE.get(slug)
    if row is None:
        raise NotFound("problem type", slug)
    if request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html":
        return html(render_template("problem.html", row=row))
    return as_json(shown(row))


def shown(row: ProblemType) -> dict[str, object]:
    """A row of the table as readers see it."""
    return {"type": f"/problems/{row.slug}", **row._asdict()}
