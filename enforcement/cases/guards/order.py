"""What holds for every event: its place in the order, its date, and nobody who has stepped out acting again."""

from collections.abc import Iterator

from enforcement.cases.guards.base import Act
from enforcement.cases.procedure import RANK
from enforcement.errors import Breach
from enforcement.values import occurred_bounds

ZH = {"party": "当事人", "violation": "违法行为"}
PEOPLE = ("officers", "handlers", "reviewer", "host", "assessors", "named_by", "approved_by", "decided_by")


def out_of_order(act: Act) -> Iterator[Breach]:
    """The state must be one from which the table lets the event happen.

    An imported case is opened by its record; the clue or the decision on the spot that the record tells of follows.
    """
    case, row = act.case, act.row
    if row.begins:
        if case.version and not (act.history and case.state == "CLUE"):
            yield act.breach(
                "out-of-order", f"{row.topic} opens a case; this one is open", f"{row.zh} 只能作为首个事件"
            )
        return
    if case.state in row.states:
        return
    late = RANK.get(case.state, 0) > max((RANK[s] for s in row.states), default=0)
    kind = "out-of-order" if late else "step-not-recorded"
    states = ", ".join(row.from_text)
    yield act.breach(
        kind,
        f"{row.topic} may happen in {states}; the case is {case.state}",
        f"{row.zh} 应在 {states} 状态下进行，案件现为 {case.state}",
    )


def contradicts_dates(act: Act) -> Iterator[Breach]:
    """An event cannot lie wholly before one that is recorded ahead of it.

    Hard for a step of the main line before an earlier one; what stands beside the line may be recorded late.
    """
    event, latest = act.event, act.case.latest
    if event is None or latest is None or event.occurred is None:
        return
    day = event.occurred if len(event.occurred) == 10 else _last(event.occurred)
    step = act.case.latest_step
    if day < latest:
        yield act.breach(
            "contradictory-dates",
            f"{act.row.topic} is dated {event.occurred}, before {latest} of an event recorded ahead of it",
            f"{act.row.zh} 日期 {event.occurred} 早于先前事件的 {latest}",
            hard=bool(act.row.to) and step is not None and day < step,
        )


def names_recused(act: Act) -> Iterator[Breach]:
    """Who has been recused takes no further part."""
    recused = act.case.recused
    if not recused or act.event is None:
        return
    for officer in sorted((named(act.event) | {act.event.actor}) & set(recused)):
        yield act.breach("recused", f"{officer} has been recused", f"{officer} 已回避", article="P 4; APL 43")


def names_unknown(act: Act) -> Iterator[Breach]:
    """A party or a violation that an event speaks of is one of the case."""
    event = act.event
    if event is None or act.history or act.row.begins:
        return
    lines = [*(getattr(event, "penalties", None) or ()), *(getattr(event, "others", None) or ())]
    meant = {"party": {p.get("party") for p in lines}, "violation": {p["violation"] for p in lines}}
    for field, found in meant.items():
        own = getattr(event, field, None)
        found |= {own} if isinstance(own, str) else set()
        known = act.case.parties if field == "party" else act.case.violations
        for id in sorted(found - {None} - set(known)):
            yield act.breach(
                f"unknown-{field}", f"this case has no {field} {id}", f"本案没有编号为 {id} 的{ZH[field]}"
            )


def named(event: object) -> set[str]:
    """Everyone whom an event names as acting."""
    people = {opinion["member"] for opinion in getattr(event, "members", None) or ()}
    for field in PEOPLE:
        value = getattr(event, field, None)
        people.update([value] if isinstance(value, str) else value or ())
    return people


def _last(occurred: str) -> str:
    bounds = occurred_bounds(occurred)
    return bounds[1].isoformat() if bounds else ""
