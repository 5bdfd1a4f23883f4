"""The law as data: the violation catalogue, the procedure, the deadline rules, each as it stands on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, roles
from api.blueprint import Blueprint
from api.context import services
from api.schemas import law as answers
from api.schemas import queries
from enforcement.cases.procedure import Row, table
from enforcement.law.deadline_rules import Rule
from enforcement.law.violations import Violation

blp = Blueprint(
    "law", __name__, description="法律依据: what is unlawful, what may follow, until when, by which article"
)


@blp.route("/violations")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.arguments(queries.LawOn, location="query")
@blp.response(200, answers.Catalogue)
def violations(query: dict[str, Any]) -> Response:
    """The violation catalogue 违法行为目录.

    Rows in force on a day (default today). Each names its articles, the consequences that follow and their bands.
    """
    found = services().law().catalogue.all(_day(query), query.get("jurisdiction", "zhejiang"))
    return as_json({"items": [violation(row) for row in found]})


@blp.route("/violations/<code:code>")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.arguments(queries.LawDay, location="query")
@blp.response(200, answers.CatalogueRow)
def one_violation(query: dict[str, Any], code: str) -> Response:
    """One row of the violation catalogue, as in force on a day."""
    return as_json(violation(services().law().catalogue.get(code, _day(query))))


@blp.route("/law/procedure")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.arguments(queries.LawDay, location="query")
@blp.response(200, answers.ProcedureList)
def procedure(query: dict[str, Any]) -> Response:
    """The table of the penalty procedure 程序表: every event, where it may happen, who decides, its article."""
    on = _day(query)
    return as_json({"items": [step(row) for row in table().rows if row.in_force(on)]})


@blp.route("/law/deadlines")
@blp.reads("Accept-Language")
@roles(*ROLES)
@blp.arguments(queries.LawOn, location="query")
@blp.response(200, answers.DeadlineRuleList)
def deadline_rules(query: dict[str, Any]) -> Response:
    """The rules by which deadlines are counted 期限规则."""
    wanted = {"national", query.get("jurisdiction", "zhejiang")}
    return as_json(
        {"items": [rule(row) for row in _in_force(services().law().deadlines, _day(query), wanted)]}
    )


def _in_force(rules: Iterable[Rule], on: date, jurisdictions: set[str]) -> list[Rule]:
    return [row for row in rules if row.jurisdiction in jurisdictions and row.in_force(on)]


def _day(query: dict[str, Any]) -> date:
    given = query.get("on")
    return date.fromisoformat(given) if given else services().today()


def violation(row: Violation) -> dict[str, Any]:
    """A row of the catalogue as readers see it."""
    cites = [
        {"article": c.article, "band_of": c.band_of, "print_article": c.print_article} for c in row.cites
    ]
    return {
        "code": row.code,
        "act": row.act,
        "article": row.article,
        "jurisdiction": row.jurisdiction,
        "status": row.status,
        "reason": row.reason or None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "requires_order": row.requires_order,
        "cites": cites,
        "duties": row.duties,
        "consequences": row.consequences,
        "needs": row.needs,
        "party": row.party,
        "via": row.via,
        "shown": row.shown,
        "notes": row.notes,
    }


def step(row: Row) -> dict[str, Any]:
    """A row of the procedure as readers see it."""
    return {
        "no": row.no,
        "type": row.topic,
        "zh": row.zh,
        "section": row.section,
        "from": row.from_text,
        "to": row.to,
        "actor": row.actor,
        "roles": row.roles,
        "decider": row.decider,
        "guards": row.guards,
        "starts": row.starts,
        "ends": row.ends,
        "deadline": row.deadline or None,
        "form": row.form,
        "article": row.article,
        "status": row.status,
        "reason": row.reason,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "jurisdiction": row.jurisdiction,
    }


def rule(row: Rule) -> dict[str, Any]:
    """A deadline rule as readers see it."""
    return {
        "rule": row.id,
        "name": row.name,
        "length": row.length,
        "unit": row.unit,
        "duty": row.duty,
        "starts": row.starts,
        "backward": row.backward,
        "extension": row.extension,
        "extension_steps": row.extension_steps,
        "pauses": row.pauses,
        "figures": row.figures,
        "article": row.article,
        "jurisdiction": row.jurisdiction,
        "status": row.status,
        "reason": row.reason,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }
