"""A step of a report before it is recorded: its place in the procedure, who may take it, and what must hold.

All reasons are named at once, each with the article of its row. Whoever is kept away from a report is told that there
is none.
"""

from collections.abc import Iterator, Sequence

from enforcement.errors import Breach, InvalidData, NotFound, NotPermitted, Refused
from enforcement.events import Event
from enforcement.reports import guards, merging
from enforcement.reports.conflicts import sees
from enforcement.reports.guards import Asked
from enforcement.reports.procedure import Row, table
from enforcement.reports.report import Report
from enforcement.values import Text, occurred_day

REPORTER = "reporter"
"""The role, and the actor, of whoever holds the receipt code."""


def judge(report: Report, event: Event, asked: Asked) -> Sequence[Event]:
    """Refuse the step, or say nothing."""
    row = table().rows[event.TOPIC]
    _check_day(report, event)
    if report.version:
        _check_sight(report, event, asked)
    if event.role not in row.roles:
        raise NotPermitted(
            Text(
                f"{row.name.en}: recorded by {', '.join(row.roles)}, not as {event.role}",
                f"{row.name.zh}：应由 {'、'.join(row.roles)} 记录，当前角色为 {event.role}",
            )
        )
    found = list(breaches(report, event, row, asked))
    if found:
        raise Refused(found)
    return ()


def _check_day(report: Report, event: Event) -> None:
    day = occurred_day(event.occurred)
    if day is None:
        text = Text("a step of a report needs a day (YYYY-MM-DD) or an instant", "举报办理事项应有具体日期")
        raise InvalidData({"occurred": [text]})
    received = occurred_day(report.received)
    if received is not None and day < received:
        text = Text(f"before the report was received on {received}", f"早于收到举报之日 {received}")
        raise InvalidData({"occurred": [text]})


def _check_sight(report: Report, event: Event, asked: Asked) -> None:
    if event.role in (REPORTER, "bureau_system"):
        return
    if not _sees(report, event, asked):
        raise NotFound("report", report.id)


def _sees(report: Report, event: Event, asked: Asked) -> bool:
    officer = asked.officer(event.actor)
    facts = officer.facts if officer else {}
    return sees(report, event.actor, event.role, facts, asked.interested)


def breaches(report: Report, event: Event, row: Row, asked: Asked) -> Iterator[Breach]:
    """Every reason against the step; where its place in the procedure is wrong, only that."""
    if row.states and report.state not in row.states:
        yield Breach("procedure", row.article, _not_now(report, event, row, asked))
        return
    for name in row.guards:
        why = guards.GUARDS[name](report, event, asked)
        if why is not None:
            yield Breach(name.replace("_", "-"), row.article, why.message, why.earliest)


def _not_now(report: Report, event: Event, row: Row, asked: Asked) -> Text:
    more = _goes_on(report, event, asked) if "merged_into" in report.facts else Text("", "")
    states = sorted(row.states)
    return Text(
        f"{row.name.en}: not possible in {report.state}; possible in {', '.join(states)}{more.en}",
        f"{row.name.zh}：{report.state} 状态下不能实施；可以实施的状态：{'、'.join(states)}{more.zh}",
    )


def _goes_on(report: Report, event: Event, asked: Asked) -> Text:
    """Of a merged report: which one goes on, and where that one stands, for whoever may see it."""
    if report.state != "MERGED":
        return Text("", "")
    found = merging.lead(report, asked.report)
    if found is None:
        return Text("; the report that it was merged into is not found", "；未找到其并入的举报")
    seen = event.role != REPORTER and _sees(found, event, asked)
    stands = f" ({found.state})" if seen else ""
    named = found.id if seen else "another report"
    return Text(
        f"; it goes on as {named}{stands}, which decides about it",
        f"；已并入{found.id if seen else '另一举报'}{stands}，以其处理结果为准",
    )
