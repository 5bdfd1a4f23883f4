"""The deadlines of a report against a second reading that walks from day to day and shares no code with the first.

A story is what happened to one report, in order. The ledger's side folds it as events and counts; the other side keeps
the figures of the rules in a table of its own, takes the working days from `chinese_calendar`, and crosses days off.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import chinese_calendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enforcement.events import Who, registry
from enforcement.law import Law
from enforcement.reports.deadlines import of
from enforcement.reports.report import Report

LAW = Law.load()
DAY = timedelta(days=1)
CHINA = timezone(timedelta(hours=8))
OLD_RULE_ENDS = date(2026, 4, 14)
"""The last day of receipt on which Order 20 owes a real-name reporter the word whether a case was filed."""
FIRST = date(2021, 12, 1)
"""From this day on every rule has been in force, that of rewards the last."""


@dataclass(frozen=True)
class Act:
    """One thing that happened."""

    kind: str
    day: date
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A report: what it is, what happened to it, and the day on which it is looked at."""

    matter: str
    region: str
    real_name: bool
    reward_wished: bool
    acts: tuple[Act, ...]
    today: date

    @property
    def received(self) -> date:
        return self.acts[0].day

    @property
    def zhejiang_metrology(self) -> bool:
        return self.matter == "metrology" and self.region.startswith("33")


# -- the ledger's side ---------------------------------------------------------------------------------------------


def computed(story: Story) -> dict[str, tuple[date | None, list[str]]]:
    """Day due of every clock, and its state on the days that matter, as the program says."""
    found = of(Report.fold("report-1", events(story), LAW), LAW)
    return {d.key: (d.due, [d.state(day) for day in looked_at(story, d.due)]) for d in found}


def looked_at(story: Story, due: date | None) -> list[date]:
    """The story's own day, the last day of the period, and the day after it."""
    return [story.today, *([due, due + DAY] if due else [])]


def events(story: Story) -> Iterator[Any]:
    facts = {name: getattr(story, name) for name in ("matter", "region", "real_name", "reward_wished")} | {
        "files": [],
        "reporter": "reporter-1",
    }
    for version, act in enumerate(story.acts, 1):
        data = facts if act.kind == "received" else act.more
        who = Who("wz-1", "intake", f"c{version}")
        recorded = "2026-11-01T00:00:00.000000Z"
        cls = registry()[f"report.{act.kind}"]
        yield cls.new("report-1", version, who, recorded, written(act.day, version), dict(data), "report-1")


def written(day: date, version: int) -> str:
    """A day as it stands in an event: sometimes as the instant in UTC at which it begins in China."""
    begins = datetime.combine(day, time(0, 30), CHINA).astimezone(UTC)
    return day.isoformat() if version % 2 == 0 else begins.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# -- the other side ------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """So many working days after a day; days on which something that stops it goes on are not counted."""

    start: date
    days: int
    stopped_by: frozenset[str] = frozenset()
    longer: list[tuple[date, int]] = field(default_factory=list)
    ended: date | None = None

    def due(self, stops: list[tuple[date, date | None, str]]) -> date | None:
        """The last day; None while it stands still. What came after the last day makes it no longer."""
        mine = [(begun, over) for begun, over, kind in stops if kind in self.stopped_by]
        last = counted(self.start, self.days, mine)
        for decided, more in self.longer:
            if last is None or decided <= last:
                self.days += more
                last = counted(self.start, self.days, mine)
        return last


def counted(day: date, days: int, stops: list[tuple[date, date | None]]) -> date | None:
    while days:
        day += DAY
        around = [over for begun, over in stops if begun < day and (over is None or day <= over)]
        if None in around:
            return None
        if works(day) and not around:
            days -= 1
    return day


def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if day.year <= 2026 else day.weekday() < 5


def walked(story: Story) -> dict[str, tuple[date | None, list[str]]]:
    """Day due and states of every clock, told once more from the rules."""
    clocks: dict[str, Clock] = {}
    stops: list[tuple[date, date | None, str]] = []
    for act in story.acts:
        take(story, act, clocks, stops)
    found = {}
    for name, clock in clocks.items():
        due = clock.due(stops)
        found[name] = (due, [state(due, clock.ended, day) for day in looked_at(story, due)])
    return found


def state(due: date | None, ended: date | None, today: date) -> str:
    if ended is not None:
        return "late" if due is not None and ended > due else "met"
    if due is None:
        return "paused"
    return "overdue" if today > due else "running"


def first_clocks(story: Story, start: date) -> dict[str, Clock]:
    """浙 39: ten working days to decide and to answer. Elsewhere P 18: fifteen. 公示条例 13: twenty."""
    if story.zhejiang_metrology:
        stop = frozenset({"test", "verification-testing"})
        return {"verify": Clock(start, 10, stop), "answer": Clock(start, 10, stop)}
    clocks = {"verify": Clock(start, 15, frozenset({"test", "right-holder-identification"}))}
    if story.matter == "public_information":
        clocks["answer-public-information"] = Clock(start, 20)
    return clocks


def take(
    story: Story, act: Act, clocks: dict[str, Clock], stops: list[tuple[date, date | None, str]]
) -> None:
    day = act.day

    def end(*names: str) -> None:
        for name in names:
            if name in clocks and clocks[name].ended is None:
                clocks[name].ended = day

    if act.kind == "received":
        clocks |= first_clocks(story, day)
        if story.zhejiang_metrology:
            clocks["refer"] = Clock(day, 3)
    elif act.kind == "absorbed":
        other = date.fromisoformat(act.more["received"])
        if other > clocks["verify"].start:
            clocks |= first_clocks(story, other)
    elif act.kind == "assigned":
        end("refer")
    elif act.kind in ("transferred", "merged"):
        end("refer", "verify", "answer", "answer-public-information")
    elif act.kind == "extended":
        clocks["verify"].longer.append((day, 15))
    elif act.kind == "paused":
        stops.append((day, None, act.more["kind"]))
    elif act.kind == "resumed":
        begun, _, kind = stops.pop()
        stops.append((begun, day, kind))
    elif act.kind in ("filed", "not-filed"):
        end("verify")
        if story.real_name and story.received <= OLD_RULE_ENDS:
            clocks["filing-notice"] = Clock(day, 5)
    elif act.kind == "reporter-told":
        end(
            *{"filing": ("filing-notice", "answer"), "result": ("answer", "answer-public-information")}[
                act.more["about"]
            ]
        )
    elif true(act) and story.reward_wished:
        clocks["reward-tell"] = Clock(day, 15)
    elif act.kind == "reward-told":
        end("reward-tell")
        clocks |= {"reward-claim": Clock(day, 30), "reward-object": Clock(day, 10)}
    elif act.kind == "claim-extended":
        clocks["reward-claim"].longer.append((day, act.more["days"]))
    elif act.kind == "reward-claimed":
        end("reward-claim", "reward-object")


def true(act: Act) -> bool:
    """Whether it says that the report, or the one that it was merged into, is true."""
    return act.kind == "substantiated" or act.more.get("outcome") in ("penalty", "crime")


# -- stories -------------------------------------------------------------------------------------------------------


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A report that goes some way: with merges and tests in between, prolonged, told, rewarded."""
    matter = draw(st.sampled_from(["metrology", "food", "public_information"]))
    region = draw(st.sampled_from(["330302", "310100"]))
    near = st.dates(OLD_RULE_ENDS - 4 * DAY, OLD_RULE_ENDS + 4 * DAY)
    day = draw(near | st.dates(FIRST, date(2026, 10, 31)))
    received, acts = day, [Act("received", day)]

    def then(kind: str, /, **more: Any) -> None:
        nonlocal day
        day += draw(st.integers(0, 25)) * DAY
        acts.append(Act(kind, day, more))

    def maybe(kind: str, /, **more: Any) -> bool:
        happens = draw(st.booleans())
        if happens:
            then(kind, **more)
        return happens

    def merged() -> None:
        if draw(st.booleans()):
            other = received + draw(st.integers(-30, (day - received).days)) * DAY
            then("absorbed", report="report-2", received=other.isoformat())

    merged()
    if maybe("transferred", market_supervision=False, told="code"):
        return Story(matter, region, draw(st.booleans()), False, tuple(acts), day)
    then("assigned", unit="计量科", officers=[])
    then("verification-started", officers=[])
    for _ in range(draw(st.integers(0, 2))):
        kinds = ["test", "right-holder-identification", "verification-testing"]
        if maybe("paused", kind=draw(st.sampled_from(kinds))):
            merged()
            then("resumed")
        if matter != "metrology" or region != "330302":
            maybe("extended", reason="案情复杂")
        merged()
    if maybe("paused", kind="test") and draw(st.booleans()):
        return Story(matter, region, draw(st.booleans()), False, tuple(acts), day + DAY)
    wished = draw(st.booleans())

    def rewarded() -> None:
        maybe("reporter-told", about="result", by="code")
        if maybe("reward-told", by="code"):
            maybe("claim-extended", days=draw(st.integers(1, 10)))
            maybe("reward-claimed", by="code")

    if maybe("merged", into="report-2"):
        outcome = draw(st.sampled_from(["penalty", "crime", "unsubstantiated", "not_filed", "transferred"]))
        if maybe("outcome-shared", lead="report-2", outcome=outcome) and outcome in ("penalty", "crime"):
            rewarded()
    elif maybe("filed", case="case-1"):
        maybe("reporter-told", about="filing", by="code")
        then("substantiated", target=None, case="case-1", outcome="penalty")
        rewarded()
    elif maybe("not-filed", ground="no_violation", reason="秤合格"):
        maybe("reporter-told", about="filing", by="code")
    later = draw(st.integers(0, 60)) * DAY
    return Story(matter, region, draw(st.booleans()), wished, tuple(acts), day + later)


def decided(received: date, matter: str = "food", region: str = "330302") -> Story:
    """A real-name report on which a case was filed after ten days."""
    acts = (
        Act("received", received),
        Act("assigned", received + DAY, {"unit": "计量科", "officers": []}),
        Act("filed", received + 10 * DAY, {"case": "case-1"}),
    )
    return Story(matter, region, True, True, acts, received + 11 * DAY)


@example(decided(OLD_RULE_ENDS))
@example(decided(OLD_RULE_ENDS + DAY))
@settings(max_examples=250)
@given(stories())
def test_every_deadline_of_a_report_equals_the_walk(story: Story) -> None:
    assert computed(story) == walked(story)


@pytest.mark.parametrize(("received", "owed"), [(OLD_RULE_ENDS, True), (OLD_RULE_ENDS + DAY, False)])
def test_both_readings_change_the_rule_on_the_same_day(received: date, owed: bool) -> None:
    story = decided(received)
    assert ("filing-notice" in computed(story), "filing-notice" in walked(story)) == (owed, owed)


@pytest.mark.parametrize(
    "received", [date(2026, 4, 14), date(2026, 4, 15), date(2026, 9, 24), date(2025, 9, 28)]
)
def test_zhejiang_counts_three_and_ten_days_in_both_readings(received: date) -> None:
    story = decided(received, "metrology")
    found = computed(story)
    assert found == walked(story)
    between = {
        name: sum(works(received + n * DAY) for n in range(1, (due - received).days + 1))
        for name, (due, _) in found.items()
        if due is not None
    }
    assert (between["refer"], between["verify"], between["answer"]) == (3, 10, 10)


def test_a_report_received_earlier_restarts_no_clock() -> None:
    """The clock runs from the last of the merged reports, whichever of them goes on."""
    received = date(2026, 6, 1)
    merged = [
        Act("absorbed", received + 7 * DAY, {"report": "report-2", "received": other.isoformat()})
        for other in (received - 12 * DAY, received, received + 7 * DAY)
    ]
    for act, due in zip(merged, (date(2026, 6, 23), date(2026, 6, 23), date(2026, 6, 30)), strict=True):
        story = Story("food", "330302", False, False, (Act("received", received), act), received)
        assert computed(story)["verify"][0] == walked(story)["verify"][0] == due
