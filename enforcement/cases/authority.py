"""Who may record and who decides 权限 (1.2): role, region, licence, and the officers whom an event names.

These facts lie outside the case – in the token and the register of officers –, so they are asked once, when a
live command is given, and never when a case is folded.
"""

from collections.abc import Callable, Iterator
from datetime import date

from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.events.investigation import RecusalDecided
from enforcement.cases.guards.order import named
from enforcement.cases.procedure import Row
from enforcement.errors import Breach, NotPermitted
from enforcement.registry.inspector import Inspector
from enforcement.values import Text, region_covers

Lookup = Callable[[str], Inspector | None]
MUST_BE_LICENSED = ("officers", "handlers")
REVIEWS = (
    "case.sent-to-review",
    "case.review-returned",
    "case.review-passed",
    "case.legal-review-done",
)


def check_role(row: Row, role: str) -> None:
    """NotPermitted unless the row lets this role record the event."""
    if role not in row.roles:
        may = ", ".join(row.roles)
        raise NotPermitted(
            Text(
                f"{row.topic} is recorded by {may}; you act as {role}",
                f"{row.zh} 由 {may} 记录；当前角色为 {role}",
            ),
            roles=list(row.roles),
        )


def check_scope(scope: str | None, region: str | None) -> None:
    """NotPermitted where the token does not reach the region; None = the whole bureau."""
    if scope is not None and not region_covers(scope, region):
        raise NotPermitted(
            Text(f"your token is limited to {scope}; this is {region}", f"权限限于 {scope}，本案属 {region}"),
            region=region,
        )


def of_people(row: Row, event: CaseEvent, case: Case, day: date, officer: Lookup) -> Iterator[Breach]:
    """Every officer named is registered; investigators hold a valid licence; the decider holds the deciding role."""
    if event.role == "handler" and case.handlers and event.actor not in case.handlers:
        text = Text(f"{event.actor} is not a handler of this case", f"{event.actor} 不是本案办案人员")
        yield Breach("not-a-handler", "P 19", text)
    found = {id: officer(id) for id in sorted(named(event) | _whose(event))}
    for id, inspector in found.items():
        if inspector is None:
            yield Breach(
                "officer-unknown",
                "P 22",
                Text(f"{id} is not a registered officer", f"{id} 不在执法人员名录中"),
            )
    yield from _unlicensed(event, day, found)
    for field, role, article in _deciders(row, event, found, day):
        yield from _without_role(row, event, field, role, article, day, found)
    yield from _members(row, event, day, found)
    yield from _collectively(event, day, found)


def _whose(event: CaseEvent) -> set[str]:
    """The officer whose recusal is decided must be known as well."""
    return {event.officer} if isinstance(event, RecusalDecided) else set()


def _unlicensed(event: CaseEvent, day: date, found: dict[str, Inspector | None]) -> Iterator[Breach]:
    for field in MUST_BE_LICENSED:
        for id in getattr(event, field, None) or ():
            inspector = found.get(id)
            if inspector is not None and not inspector.licensed(day):
                until = inspector.facts.get("licence_until")
                text = Text(f"the licence of {id} was valid until {until}", f"{id} 执法证件有效期至 {until}")
                yield Breach("licence-expired", "P 22; APL 42", text)


def _deciders(
    row: Row, event: CaseEvent, found: dict[str, Inspector | None], day: date
) -> Iterator[tuple[str, str, str]]:
    """Who must hold which role: field of the event, role, article (1.2)."""
    if row.decider:
        yield "approved_by", row.decider, row.article
    yield "named_by", "unit_head", "P 19"
    if event.TOPIC in REVIEWS:
        yield "reviewer", "reviewer", "P 51, 52"
    if isinstance(event, RecusalDecided):
        yield "decided_by", _recuses(event, found, day), "P 4; H 4"


def _recuses(event: RecusalDecided, found: dict[str, Inspector | None], day: date) -> str:
    """Whose recusal it is settles who decides: what the register says of the officer, before what the event says."""
    if event.officer_is == "hearing_staff":
        return "hearing_host"
    if _is(event.officer, "principal_head", found, day) or event.officer_is == "principal_head":
        return "head"  # collectively, see below
    is_head = _is(event.officer, "head", found, day) or event.officer_is == "head"
    return "principal_head" if is_head else "head"


def _is(officer: str, role: str, found: dict[str, Inspector | None], day: date) -> bool:
    inspector = found.get(officer)
    return inspector is not None and inspector.holds(role, day)


def _collectively(event: CaseEvent, day: date, found: dict[str, Inspector | None]) -> Iterator[Breach]:
    """The recusal of the principal head is decided by the heads together, whatever the event calls him (P 4)."""
    if not isinstance(event, RecusalDecided) or event.collective:
        return
    if _is(event.officer, "principal_head", found, day):
        text = Text(
            f"{event.officer} is the principal head: decided collectively",
            f"{event.officer} 为主要负责人，其回避由集体讨论决定",
        )
        yield Breach("recusal-decider", "P 4", text)


def _without_role(
    row: Row,
    event: CaseEvent,
    field: str,
    role: str,
    article: str,
    day: date,
    found: dict[str, Inspector | None],
) -> Iterator[Breach]:
    id = getattr(event, field, None)
    inspector = found.get(id) if id else None
    if inspector is not None and not inspector.holds(role, day):
        text = Text(
            f"{row.topic}: {field} is the {role}; {id} was not on {day}",
            f"{row.zh} 的 {field} 应为 {role}，{id} 在 {day} 无此职权",
        )
        yield Breach("wrong-decider", article, text)


def _members(row: Row, event: CaseEvent, day: date, found: dict[str, Inspector | None]) -> Iterator[Breach]:
    """A collective discussion is one of the heads 负责人集体讨论 (P 60)."""
    for opinion in getattr(event, "members", None) or ():
        inspector = found.get(opinion["member"])
        if inspector is not None and not inspector.holds("head", day):
            text = Text(
                f"{opinion['member']} is no head of the bureau", f"{opinion['member']} 并非部门负责人"
            )
            yield Breach("wrong-decider", row.article, text)
