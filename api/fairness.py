"""Fairness of random checks, whether the score predicts, and the bureau's indicators: for auditors and leaders."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import fairness as answers
from api.schemas import queries
from projections.queries import fairness as questions

READERS = ("auditor", "head", "principal_head", "bureau_system")

blp = Blueprint("fairness", __name__, description="公平性: load, repeated pairs, strictness; indicators")


@blp.route("/checks/fairness")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Between, location="query")
@blp.response(200, answers.Fairness)
def fairness(query: dict[str, Any]) -> Response:
    """Load, repeated pairs against chance, leave, recusals and strictness; redraws and voids of every organiser.

    Of checks drawn at random whose officers were sent between two days (default: this year so far).
    """
    return as_json(_asked(questions.fairness, query))


@blp.route("/checks/prediction")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Between, location="query")
@blp.response(200, answers.Prediction)
def prediction(query: dict[str, Any]) -> Response:
    """Does the score predict? Findings of random checks by credit class, with intervals and lift."""
    return as_json(_asked(questions.prediction, query))


@blp.route("/checks/indicators")
@blp.reads()
@roles(*READERS)
@blp.arguments(queries.Between, location="query")
@blp.response(200, answers.IndicatorList)
def indicators(query: dict[str, Any]) -> Response:
    """计划完成率、公示率、后续处置率、抽查事项覆盖率、联合监管率、信用规则应用率, each with its counts."""
    return as_json({"items": _asked(questions.indicators, query)})


def _asked(question: Callable[..., Any], query: dict[str, Any]) -> Any:
    for projection in ("checks", "registers"):
        wait_for(projection)
    today = services().today()
    since, until = query.get("since"), query.get("until")
    first = date.fromisoformat(since) if since else date(today.year, 1, 1)
    last = date.fromisoformat(until) if until else today
    with services().reads.read() as conn:
        return question(conn, scope(), first, max(first, last))
