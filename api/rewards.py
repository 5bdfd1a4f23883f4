"""Rewards 举报奖励: what a grade would earn, claims at the counter, and the vouchers that finance pays.

Finance sees a voucher and its amount, never a report: the voucher's code stands in the body, and no answer leads back.
"""

from decimal import Decimal
from typing import Any

from flask import Response

from api.answers import as_json
from api.auth import public, roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import who
from api.reports import seen
from api.schemas import reports as schemas
from enforcement.reports import several
from enforcement.reports.reward import Share, reward
from enforcement.values import decimal_text, occurred_day

blp = Blueprint("rewards", __name__, description="举报奖励: standards, claims, vouchers")


@blp.route("/reports/<report:id>/reward-standard")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles("unit_head", "head", "principal_head")
@blp.arguments(schemas.GradeWanted, location="query")
@blp.response(200, schemas.RewardStandard)
def standard(query: dict[str, Any], id: str) -> Response:
    """What a grade would earn on this report, line by line: the standard, which people then weigh."""
    report = seen(id)
    on = occurred_day(report.received) or services().today()
    found = reward(
        query["grade"], Decimal(query["matching"]), on, report.jurisdiction, Decimal(query["insider_factor"])
    )
    return as_json(
        {
            "amount": decimal_text(found.amount),
            "finance": found.finance,
            "lines": [_line(li) for li in found.lines],
        }
    )


@blp.route("/reports/<report:id>/reward-shares")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles("unit_head", "head", "principal_head")
@blp.response(200, schemas.RewardShares)
def reward_shares(id: str) -> Response:
    """What the rule gives this report where several led to one case: by its standard, and evenly to joint signers."""
    report, ledger = seen(id), services().ledger
    together = [ledger.report(other) for other in ledger.reports_of(report.case or "")]
    own = [share for share in several.proposed(together, services().today()) if share.claim == id]
    total = sum((share.amount for share in own), Decimal(0))
    return as_json({"amount": decimal_text(total), "shares": [_share(share) for share in own]})


def _share(share: Share) -> dict[str, Any]:
    return {
        "signer": share.signer,
        "amount": decimal_text(share.amount),
        "lines": [_line(li) for li in share.lines],
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "key": line.key,
        "text": line.text._asdict(),
        "article": line.article,
        "status": line.status,
        "holds": line.holds,
        "amount": None if line.amount is None else decimal_text(line.amount),
    }


@blp.route("/reports/<report:id>/claims", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("intake")
@blp.arguments(schemas.ClaimInPerson)
@blp.response(201, schemas.RewardClaimed)
def claim(body: dict[str, Any], id: str) -> Response:
    """A reward claimed at the counter, with proof of identity or by proxy. The voucher is shown this once."""
    report, desk = seen(id), services().desk()
    claimed = desk.claim(report, who(), body["by"], desk.today())
    amount = report.reward["amount"]
    return as_json({"voucher": claimed.voucher, "amount": amount, "position": claimed.receipt.position}, 201)


@blp.route("/vouchers/lookups", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("finance")
@blp.arguments(schemas.VoucherCode)
@blp.response(201, schemas.RewardVoucher)
def look_up(body: dict[str, Any]) -> Response:
    """What a voucher is worth."""
    services().codes.take()
    id, _ = services().desk().voucher(body["voucher"])
    found = services().ledger.voucher(id)
    return as_json({"amount": found.amount, "paid": found.paid}, 201)


@blp.route("/vouchers/payments", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("finance")
@blp.arguments(schemas.VoucherCode)
@blp.response(201, schemas.RewardVoucher)
def pay(body: dict[str, Any]) -> Response:
    """Pay a voucher, once."""
    services().codes.take()
    desk = services().desk()
    receipt = desk.pay(who(), body["voucher"], desk.today())
    found = services().ledger.voucher(receipt.id)
    return as_json({"amount": found.amount, "paid": found.paid}, 201)


@blp.route("/ledger/key")
@blp.reads("Accept-Language")
@public
@blp.response(200, schemas.VerifyKey)
def key() -> Response:
    """The ledger's public key (vkey), with which anyone checks a signed receipt."""
    return as_json({"vkey": services().signing_key().vkey})
