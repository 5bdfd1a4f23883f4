"""Questions about credit: which day, as known when, by which policy – and who may ask about whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import orjson
from flask import g

from api.auth import caller, scope
from api.context import services
from api.errors import NotYetVisible
from enforcement.credit.judging import BUSINESS
from enforcement.errors import InvalidData, NotFound
from enforcement.values import CHINA, Text, region_covers
from projections.queries import credit as questions
from projections.queries.records import ProcessesWanted

if TYPE_CHECKING:
    from api.services import Services


def asked(query: dict[str, Any]) -> questions.Asked:
    """The question of a request: today, as known now, by the policy in force, where it says nothing else."""
    known_at = position_of(query.get("known_at"))
    policies = services().ledger.policies(known_at)
    named = query.get("policy")
    if named is not None and named not in {policy.id for policy in policies}:
        raise NotFound("scoring policy", named)
    return questions.Asked(query.get("as_of") or services().today(), known_at, policies, named)


def position_of(known_at: str | None) -> int:
    """The position that a position, a moment or a day means; the read model has applied it when this returns."""
    applied = services().reached("credit")
    if known_at is None:
        return applied
    position = int(known_at) if known_at.isdigit() else recorded_by(services(), known_at)
    if position > services().ledger.head():
        text = Text(f"position {known_at} lies beyond the ledger", f"位置 {known_at} 超出账本")
        raise InvalidData({"known_at": [text]})
    if position > applied and not services().wait(position, "credit"):
        raise NotYetVisible(position)
    return position


def recorded_by(found: "Services", known_at: str) -> int:
    """The last position recorded up to a moment or the end of a day, found by halving. ValueError on anything else."""
    limit = _moment(known_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    log = found.log()
    low, high = 0, log.head()
    while low < high:
        middle = (low + high + 1) // 2
        rows = log.rows(middle - 1, 1)
        if rows and orjson.loads(rows[0][4])["recorded"] <= limit:
            low = max(middle, rows[0][0])
        else:
            high = middle - 1
    return low


def _moment(text: str) -> datetime:
    """The moment; a day means its end in China."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.max, CHINA)
    return datetime.fromisoformat(text)


def require_business(conn: Any, uscc: str) -> None:
    """NotFound where nothing is recorded about a business, or the caller may not see it."""
    if g.role == BUSINESS:
        if caller().actor != uscc:
            raise NotFound("entity", uscc)
        return
    limit = scope()
    known = questions.known(conn, uscc) if limit is None else _lies_in(limit, questions.region(conn, uscc))
    if not known:
        raise NotFound("entity", uscc)


def _lies_in(limit: str, region: str | None) -> bool:
    return region is not None and region_covers(limit, region)


def sees(uscc: str | None, region: str | None) -> bool:
    """Whether the caller may see a procedure about a business: its own, or one in the caller's division."""
    if g.role == BUSINESS:
        return caller().actor == uscc
    limit = scope()
    return limit is None or _lies_in(limit, region)


def only_own(wanted: ProcessesWanted) -> ProcessesWanted:
    """What a business asks for is its own."""
    return replace(wanted, uscc=caller().actor) if g.role == BUSINESS else wanted
