"""Scoring policies 评分规则: adopted by a head, read by everyone who works here, tried out before they are adopted."""

from datetime import date
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import ROLES, roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import recorded, who
from api.schemas import common, queries
from api.schemas import policies as answers
from enforcement.credit import written
from enforcement.credit.parsing import parse
from enforcement.credit.policy import NoPolicy, in_force
from enforcement.credit.policy_commands import Adopted
from enforcement.errors import NotFound

SAMPLE = 2_000
"""Businesses that a what-if over HTTP scores again one by one, beside those whose class changes."""

blp = Blueprint(
    "policies", __name__, description="评分规则: by which clauses businesses are scored and classed"
)


@blp.route("/policies")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles(*ROLES)
@blp.arguments(queries.LawDay, location="query")
@blp.response(200, answers.PolicyList)
def listing(query: dict[str, Any]) -> Response:
    """Every policy adopted, in the order of adoption, and the one in force on a day (default today)."""
    adopted = services().ledger.adopted_policies()
    on = date.fromisoformat(query["on"]) if "on" in query else services().today()
    return as_json({"items": [summary(one) for one in adopted], "in_force": _in_force(adopted, on)})


@blp.route("/policies/<policy:id>")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles(*ROLES)
@blp.response(200, answers.Policy)
def one(id: str) -> Response:
    """One policy: its text as adopted, and the same as JSON."""
    for adopted in services().ledger.adopted_policies():
        if adopted.policy.id == id:
            text = adopted.policy.text
            return as_json({**summary(adopted), "text": text, "document": written.read(text)})
    raise NotFound("scoring policy", id)


@blp.route("/policies", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("head", "principal_head")
@blp.arguments(answers.PolicyCommand)
@blp.response(201, common.Receipt)
def adopt(body: dict[str, Any]) -> Response:
    """Adopt a policy 发布评分规则. It changes nothing before its first day; every fault of the document is named."""
    receipt = services().ledger.adopt_policy(who(), body["occurred"], body["data"]["text"])
    return recorded(receipt, f"/policies/{receipt.id.removeprefix('policy-')}")


@blp.route("/policies/simulate", methods=["POST"])
@blp.writes("Steelyard-Role", "Accept-Language")
@roles("unit_head", "head", "principal_head", "auditor")
@blp.arguments(answers.Draft)
@blp.response(200, answers.WhatIf)
def simulate(body: dict[str, Any]) -> Response:
    """What a draft would change, for today and the next twelve month-ends; nothing is recorded.

    Every business is scored from its real history under the draft and under the policy in force. A sample, and
    everyone whose class changes, is scored again one by one: `checked` says how many, and of whom the two differ.
    """
    from projections.whatif import asking, report

    draft = parse(body["text"])
    ledger, day = services().ledger, date.fromisoformat(body.get("as_of") or services().today().isoformat())
    upto = ledger.head()
    found, checked = asking.ask(services().log(), draft, ledger.policy_on(day, upto), day, upto, SAMPLE)
    return as_json(report.summary(found) | {"known_at": upto, "checked": checked._asdict()})


def summary(adopted: Adopted) -> dict[str, Any]:
    """A policy without its text."""
    policy = adopted.policy
    return {
        "id": policy.id,
        "hash": policy.hash,
        "title": policy.title,
        "valid_from": policy.valid_from,
        "valid_to": policy.valid_to,
        "clauses": len(policy.clauses),
        "position": adopted.position,
        "recorded": adopted.recorded,
    }


def _in_force(adopted: list[Adopted], on: date) -> str | None:
    try:
        return in_force((one.policy for one in adopted), on).id
    except NoPolicy:
        return None
