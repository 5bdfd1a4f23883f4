"""Reports that were merged 合并办理: which of them goes on, who came first, and what the others learn of it.

A merged report never goes back into the procedure: it is verified within the report that goes on. What came of that is
written into every report behind it by the same save, and from there on the reward of each reporter has a way of its
own, with its own code, voucher and periods. Whose clue was first is asked of the whole matter.

Pure: other reports are looked up by a function that is given.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from enforcement.events import Event
from enforcement.reports.report import Report
from enforcement.values import occurred_day

Look = Callable[[str], Report | None]

TOLD: dict[str, Callable[[Any], dict[str, str]]] = {
    "report.substantiated": lambda event: {"outcome": event.outcome, "case": event.case},
    "report.unsubstantiated": lambda event: {"outcome": "unsubstantiated", "case": event.case},
    "report.not-filed": lambda _: {"outcome": "not_filed"},
    "report.transferred": lambda _: {"outcome": "transferred"},
}
"""The steps of the report that goes on which decide about those behind it as well, and what they learn."""
TRUE = ("penalty", "crime")
"""The outcomes with which a reward can be due."""


def lead(report: Report, look: Look) -> Report | None:
    """The report that goes on, at the end of the chain; itself where it was never merged.

    None where the chain leads to nothing, or in a circle.
    """
    seen, found = {report.id}, report
    while into := found.facts.get("merged_into"):
        following = None if into in seen else look(into)
        if following is None:
            return None
        seen.add(into)
        found = following
    return found


def behind(report: Report, look: Look) -> list[Report]:
    """Every report that was merged into it, at first hand or through another one."""
    found: dict[str, Report] = {}
    waiting = list(report.merged)
    while waiting:
        id = waiting.pop(0)
        other = None if id in found or id == report.id else look(id)
        if other is not None:
            found[id] = other
            waiting += other.merged
    return list(found.values())


def matter(report: Report, look: Look) -> list[Report]:
    """All reports of one matter, itself among them, the first in time at the head."""
    going_on = lead(report, look) or report
    every = {one.id: one for one in (going_on, *behind(going_on, look), report)}
    return sorted(every.values(), key=in_time)


def in_time(report: Report) -> tuple[date, str, str]:
    """The order in which reports came in: by day, of one day as they were recorded."""
    return occurred_day(report.received) or date.max, report.recorded, report.id


def last_received(report: Report, look: Look) -> str:
    """The day of the last report of those that it brings along: from it the clock runs anew."""
    days = (occurred_day(one.received) for one in (report, *behind(report, look)))
    return str(max(day for day in days if day is not None))


def told(report: Report, event: Event, look: Look) -> list[tuple[str, dict[str, str]]]:
    """The reports behind that learn of a step, each with what it learns.

    Who wished for no reward has nothing more to come of a report that is true; who was erased is told nothing.
    """
    say = TOLD.get(event.TOPIC)
    if say is None:
        return []
    data = {"lead": report.id, **say(event)}
    return [
        (other.id, data)
        for other in behind(report, look)
        if other.state == "MERGED"
        and not other.erased
        and (other.facts["reward_wished"] or data["outcome"] not in TRUE)
    ]


def waits(report: Report, look: Look) -> bool:
    """Whether a merged report may still come to a reward: the one that goes on is not decided."""
    going_on = lead(report, look)
    return (
        report.state == "MERGED"
        and bool(report.facts["reward_wished"])
        and going_on is not None
        and going_on.open
        and "outcome" not in going_on.reward
    )
