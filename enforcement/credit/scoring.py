"""The score of a business: its lines, and nothing beside them. Pure and exact: whole hundredths of a point.

`total = base + sum of the lines`, through one code path. A line is one clause met by one event; it names both, what
it is worth now and at its start, when it ends, and the article. Three kinds of line stand for several events: one that
says `because` counts only while an earlier event stands too (repeat), one that says `counted_by` is worth nothing while
an earlier event of the same matter stands, and one without an event gives back what a category's cap does not let
through. So what is not about an event does not change when that event is taken away.

A veto is a line of 0 points with `at_best`. Nothing here reads a clock: the day is an argument, and the same facts,
policy and day give the same score for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from enforcement.credit.conditions import quantity
from enforcement.credit.facts import Fact
from enforcement.credit.months import later, passed
from enforcement.credit.policy import Clause, Points, Policy, points_text

LAST_DAY = date.max


class Line(NamedTuple):
    """One line of a score; points in hundredths. A cap's line has no event. `ends_on`: the first day without it."""

    clause: str
    event: str | None
    position: int | None
    day: date | None
    points: int
    points_at_start: int
    ends_on: date | None
    article: str | None
    because: tuple[str, ...] = ()
    at_best: str | None = None
    counted_by: tuple[str, ...] = ()
    """Earlier events of the same matter that stand: while they do, this one is worth nothing."""

    def dump(self) -> dict[str, Any]:
        """The line as JSON; `because`, `at_best` and `counted_by` only where they say something."""
        line = {
            "clause": self.clause,
            "event": self.event,
            "position": self.position,
            "date": self.day.isoformat() if self.day else None,
            "points": points_text(self.points),
            "points_at_start": points_text(self.points_at_start),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "article": self.article,
        }
        extra: dict[str, Any] = {
            "because": list(self.because),
            "at_best": self.at_best,
            "counted_by": list(self.counted_by),
        }
        return line | {name: value for name, value in extra.items() if value}


@dataclass(frozen=True)
class Score:
    """A score: points in hundredths, `grade` the class, `next_change` the first later day on which it would differ."""

    base: int
    lines: tuple[Line, ...]
    total: int
    grade: str
    next_change: date | None

    def dump(self) -> dict[str, Any]:
        """The score as JSON, decimals as strings."""
        return {
            "base": points_text(self.base),
            "lines": [line.dump() for line in self.lines],
            "total": points_text(self.total),
            "class": self.grade,
            "next_change": self.next_change.isoformat() if self.next_change else None,
        }


class Match(NamedTuple):
    """A clause met by an event, for all days: it counts from `start` to before `end`, its months run from `clock`."""

    order: int
    clause: Clause
    fact: Fact
    start: date
    clock: date
    end: date
    points: int
    earlier: tuple[Fact, ...] = ()
    """Events that met the same conditions within the time before, where the clause asks for one."""
    first: tuple[Fact, ...] = ()
    """Earlier events of the same matter, where the clause counts once for each."""


def score(facts: Iterable[Fact], policy: Policy, as_of: date) -> Score:
    """The score of the facts of one business on a day. Which policy is in force on it is not asked here: a what-if
    asks any policy for any day."""
    matches = matched(facts, policy)
    lines = _lines(matches, policy, as_of)
    total = policy.base + sum(line.points for line in lines)
    grade = policy.grade(total, (line.at_best for line in lines if line.at_best))
    return Score(policy.base, lines, total, grade, _next_change(matches, policy, lines, as_of))


def matched(facts: Iterable[Fact], policy: Policy) -> list[Match]:
    """Every clause met by every event, in the order of the ledger and the policy."""
    found = []
    known = sorted(facts, key=lambda fact: (fact.position, fact.event))
    for fact in known:
        taken: set[str] = set()
        for order, clause in policy.by_type.get(fact.type, ()):
            if clause.group in taken or not clause.when.holds(fact.fields):
                continue
            if clause.group is not None:
                taken.add(clause.group)
            match = _match(order, clause, fact)
            if match is not None:
                found.append(match)
    found = [_with_earlier(match, known) if match.clause.again_within else match for match in found]
    return [_with_first(match, found) if match.clause.once_per else match for match in found]


def _match(order: int, clause: Clause, fact: Fact) -> Match | None:
    """The days and points of a clause that an event meets; None when it never counts."""
    start, points = starts(clause, fact), worth(clause.points, fact)
    if start is None or (points is None and clause.at_best is None):
        return None
    clock = _clock(clause, fact, start)
    term = None if clause.fade.months is None else later(clock, clause.fade.months)
    end = min((day for day in (fact.since(clause.ends), term) if day is not None), default=LAST_DAY)
    return Match(order, clause, fact, start, clock, end, points or 0) if start < end else None


def starts(clause: Clause, fact: Fact) -> date | None:
    """The first day on which the line counts; None for an event without a date, or a state that is not there."""
    if fact.day is None:
        return None
    if clause.state is not None:
        return fact.since([clause.state])
    if clause.after is not None:
        named = fact.fields.get(clause.after)
        over = _day_after(date.fromisoformat(str(named))) if named else None
        return None if over is None else max(over, fact.day)
    return fact.day


def _day_after(day: date) -> date | None:
    """The next day; None behind the calendar: 9999-12-31 stands for never."""
    return None if day == LAST_DAY else day + timedelta(days=1)


def worth(points: Points, fact: Fact) -> int | None:
    """The points at the start; None where the quantity is not known, or below the first band, or zero."""
    if points.field is None:
        return points.fixed
    found = quantity(fact.fields, points.field)
    if found is None:
        return None
    if points.each is None:
        return next((given for least, given in reversed(points.bands) if found >= least), None)
    given = points.each * found
    if points.most is not None and abs(given) > abs(points.most):
        given = points.most
    return given or None


def _clock(clause: Clause, fact: Fact, start: date) -> date:
    """The day from which the months of the fade run."""
    since = fact.since([clause.fade.since]) if clause.fade.since else None
    return start if since is None else max(start, since)


def _with_earlier(match: Match, facts: Sequence[Fact]) -> Match:
    """The earlier events that make this one a repeat: they meet the same conditions, so many months back at most."""
    clause, day = match.clause, match.fact.day or LAST_DAY
    place = (day, match.fact.position)
    earlier = tuple(
        fact
        for fact in facts
        if fact.day is not None
        and (fact.day, fact.position) < place
        and later(fact.day, clause.again_within or 0) >= day
        and fact.type in clause.on
        and clause.when.holds(fact.fields)
    )
    return match._replace(earlier=earlier)


def _with_first(match: Match, matches: Sequence[Match]) -> Match:
    """The events that this clause has met before in the same matter; one whose matter is not known stands alone."""
    name, place = match.clause.once_per or "", (match.start, match.fact.position)
    first = tuple(
        other.fact
        for other in matches
        if other.clause is match.clause
        and name in match.fact.fields
        and other.fact.fields.get(name) == match.fact.fields[name]
        and (other.start, other.fact.position) < place
    )
    return match._replace(first=first)


# -- one day ---------------------------------------------------------------------------------------------------


def faded(match: Match, on: date) -> int:
    """The points on a day of the line, cut towards zero to whole hundredths."""
    fade, points = match.clause.fade, match.points
    if fade.kind == "none":
        return points
    gone = passed(match.clock, on) if on >= match.clock else 0
    if fade.kind == "linear":
        months = fade.months or 1
        return _part(points, months - gone, months)
    kept = next((keep for after, keep in reversed(fade.steps) if gone >= after), 100)
    return _part(points, kept, 100)


def _part(points: int, of: int, whole: int) -> int:
    part = abs(points) * of // whole
    return -part if points < 0 else part


def _stands(fact: Fact, clause: Clause, on: date) -> bool:
    """Whether an earlier event still stands: nothing that ends such a line has happened to it."""
    ended = fact.since(clause.ends)
    return ended is None or on < ended


def _lines(matches: Iterable[Match], policy: Policy, on: date) -> tuple[Line, ...]:
    """The lines of a day: events first, then what the caps give back."""
    lines = tuple(line for match in matches if (line := _line(match, on)) is not None)
    return (*lines, *_caps(lines, policy))


def _line(match: Match, on: date) -> Line | None:
    if not match.start <= on < match.end:
        return None
    because, counted_by = (
        tuple(fact.event for fact in facts if _stands(fact, match.clause, on))
        for facts in (match.earlier, match.first)
    )
    if match.clause.again_within and not because:
        return None
    return Line(
        match.clause.id,
        match.fact.event,
        match.fact.position,
        match.fact.day,
        0 if counted_by else faded(match, on),
        0 if counted_by else match.points,
        None if match.end == LAST_DAY else match.end,
        match.clause.article,
        because,
        match.clause.at_best,
        counted_by,
    )


def _caps(lines: Iterable[Line], policy: Policy) -> Iterator[Line]:
    sums: dict[str | None, int] = defaultdict(int)
    for line in lines:
        sums[policy.category_of[line.clause]] += line.points
    for cap in policy.categories:
        given = sums[cap.id]
        low = given if cap.least is None else max(given, cap.least)
        held = low if cap.most is None else min(low, cap.most)
        if held != given:
            yield Line(f"cap:{cap.id}", None, None, None, held - given, held - given, None, None)


# -- the next change -------------------------------------------------------------------------------------------


def _next_change(matches: Sequence[Match], policy: Policy, lines: Sequence[Line], as_of: date) -> date | None:
    """The first later day on which the lines differ, if nothing new happens."""
    now = [_seen(line) for line in lines]
    for day in sorted({day for match in matches for day in _turns(match) if day > as_of}):
        if [_seen(line) for line in _lines(matches, policy, day)] != now:
            return day
    return None


def _seen(line: Line) -> tuple[Any, ...]:
    return line.clause, line.event, line.points, line.because, line.counted_by


def _turns(match: Match) -> Iterator[date]:
    """Every day on which a line can change."""
    fade = match.clause.fade
    yield match.start
    if match.end != LAST_DAY:
        yield match.end
    steps = range(1, fade.months or 0) if fade.kind == "linear" else (after for after, _ in fade.steps)
    yield from (later(match.clock, months) for months in steps)
    ended = (fact.since(match.clause.ends) for fact in (*match.earlier, *match.first))
    yield from (day for day in ended if day is not None)
