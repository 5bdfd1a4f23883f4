"""Credit 信用: the score of a business with every line, what changes it and when, and the classes recorded.

The class is an internal tool: officers see it, and a business sees its own with its own token. The public does not.
"""

from typing import Any

from flask import Response

from api.answers import as_json
from api.asking import asked, position_of, require_business
from api.auth import CREDIT_READERS, OFFICERS, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.schemas import credit as answers
from api.schemas import credit_queries as queries
from projections.queries import check_results
from projections.queries import credit as questions

blp = Blueprint("credit", __name__, description="信用: scores, classes, what changes them")


@blp.route("/entities/<uscc:uscc>/credit")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Asked, location="query")
@blp.response(200, answers.Credit)
def one(query: dict[str, Any], uscc: str) -> Response:
    """The score of a business: its lines are the score, each with its event, clause, article and end.

    For any day (`as_of`), as known at any position or time (`known_at`), by any policy that was adopted. While an
    objection runs, the same without what it contests stands beside it.
    """
    wait_for("credit")
    question = asked(query)
    with services().reads.read() as conn:
        require_business(conn, uscc)
        found = questions.with_contested(uscc, questions.facts_at(conn, uscc, question.known_at), question)
        found["recorded_class"] = questions.recorded_class(conn, uscc)
    return as_json(found)


@blp.route("/entities/<uscc:uscc>/credit/history")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Page, location="query")
@blp.response(200, answers.ClassChangePage)
def history(query: dict[str, Any], uscc: str) -> Response:
    """Every class recorded of a business, the last first."""
    wait_for("credit")
    with services().reads.read() as conn:
        require_business(conn, uscc)
        page = questions.history(conn, uscc, query["limit"], query.get("cursor"))
    return as_json({"items": page.items, "next": page.next})


@blp.route("/entities/<uscc:uscc>/credit/outlook")
@blp.reads()
@roles(*CREDIT_READERS)
@blp.arguments(queries.Asked, location="query")
@blp.response(200, answers.Outlook)
def outlook(query: dict[str, Any], uscc: str) -> Response:
    """What would change the score, and when: by itself in three years, and what repair can be asked for."""
    wait_for("credit")
    wait_for("checks")
    question, law = asked(query), services().law()
    with services().reads.read() as conn:
        require_business(conn, uscc)
        facts = questions.facts_at(conn, uscc, question.known_at)
        repairable = questions.repairable(conn, uscc, question.as_of)
        repairable += check_results.repairable(conn, uscc, law, question.as_of)
    steps = list(questions.outlook(uscc, facts, question))
    return as_json({**questions.answer(uscc, facts, question), "changes": steps, "repairable": repairable})


@blp.route("/credit/classes")
@blp.reads()
@roles(*OFFICERS, "auditor", "bureau_system")
@blp.arguments(queries.Counts, location="query")
@blp.response(200, answers.CountList)
def classes(query: dict[str, Any]) -> Response:
    """How many businesses have which class on a day or at the end of every month, by region and sector."""
    wait_for("credit")
    known_at = position_of(query.get("known_at"))
    days = queries.month_ends(query) or [query.get("on") or services().today()]
    with services().reads.read() as conn:
        items = [
            {"on": day.isoformat(), **row}
            for day in days
            for row in questions.counts(conn, scope(), day, known_at, query.get("region"))
        ]
    return as_json({"items": items})


@blp.route("/credit/migration")
@blp.reads()
@roles(*OFFICERS, "auditor", "bureau_system")
@blp.arguments(queries.Migration, location="query")
@blp.response(200, answers.MigrationList)
def migration(query: dict[str, Any]) -> Response:
    """How many businesses went from which class to which between two days; null: not rated then."""
    wait_for("credit")
    known_at = position_of(query.get("known_at"))
    with services().reads.read() as conn:
        items = questions.migration(conn, scope(), query["start"], query["end"], known_at)
    return as_json({"items": items})
