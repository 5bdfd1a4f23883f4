"""A second, naive way to a score: from the policy's document as it is written and facts as JSON, day by day.

It shares no code with what it checks: fractions in the place of hundredths, months counted by trying days, every
clause asked of every fact, the next change found by walking.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

MONEY = {"amount", "total_fine", "penalties.fine", "penalties.gains"}
NUMBERS = {"penalties.units", "days"}
Doc = dict[str, Any]


def result(policy: Doc, facts: list[Doc], on: date) -> tuple[list[tuple[Any, ...]], Fraction, str]:
    """(clause, event, points) of every line, the total, the class."""
    lines = []
    for fact in sorted(facts, key=lambda f: f["position"]):
        for clause in meeting(policy, fact):
            points = now(clause, fact, facts, on)
            if points is not None and "once_per" in clause:
                others = [other for other in facts if clause in meeting(policy, other)]
                points = Fraction(0) if any(is_first(clause, other, fact, on) for other in others) else points
            if points is not None:
                lines.append((clause["id"], fact["event"], points))
    for category in policy["categories"]:
        members = {c["id"] for c in policy["clauses"] if c.get("category") == category["id"]}
        given = sum((points for clause, _, points in lines if clause in members), Fraction(0))
        held = max(given, Fraction(category["least"])) if "least" in category else given
        held = min(held, Fraction(category["most"])) if "most" in category else held
        if held != given:
            lines.append((f"cap:{category['id']}", None, held - given))
    total = Fraction(policy["base"]) + sum(points for _, _, points in lines)
    best = [
        c["at_best"] for c in policy["clauses"] for line in lines if c["id"] == line[0] and "at_best" in c
    ]
    return lines, total, max([grade(policy, total), *best])


def meeting(policy: Doc, fact: Doc) -> list[Doc]:
    """The clauses that a fact meets, of each group the first."""
    found: list[Doc] = []
    for clause in policy["clauses"]:
        groups = {one["group"] for one in found if "group" in one}
        met_ = fact["type"] in clause["on"] and met(clause.get("when"), fact["fields"])
        if met_ and clause.get("group") not in groups:
            found.append(clause)
    return found


def grade(policy: Doc, total: Fraction) -> str:
    for row in policy["grades"]:
        if ("least" not in row or total >= Fraction(row["least"])) and (
            "below" not in row or total < Fraction(row["below"])
        ):
            return str(row["grade"])
    raise AssertionError(total)


def met(condition: Any, fields: Doc) -> bool:
    if condition is None:
        return True
    if "all" in condition:
        return all(met(part, fields) for part in condition["all"])
    if "any" in condition:
        return any(met(part, fields) for part in condition["any"])
    name = condition["field"]
    if name not in fields:
        return False
    found = fields[name] if isinstance(fields[name], list) else [fields[name]]
    return any(compare(one, condition["op"], condition["value"], name) for one in found)


def compare(found: Any, op: str, value: Any, name: str) -> bool:
    if op == "in":
        return any(compare(found, "eq", one, name) for one in value)
    left = Fraction(found) if name in MONEY | NUMBERS else found
    right = Fraction(value) * 100 if name in MONEY else Fraction(value) if name in NUMBERS else value
    return (
        {"eq": left == right, "ne": left != right}.get(op)
        if op in ("eq", "ne")
        # type: ignore[return-value]
        else (
            left < right
            if op == "lt"
            else left <= right
            if op == "le"
            else left > right
            if op == "gt"
            else left >= right
        )
    )


def now(clause: Doc, fact: Doc, facts: list[Doc], on: date) -> Fraction | None:
    """The points of a clause and a fact on a day; None where there is no line."""
    start, points = first_day(clause, fact), at_start(clause.get("points", {"fixed": "0"}), fact["fields"])
    if start is None or points is None or on < start or over(clause, fact, on):
        return None
    clock = max([start, *days(fact, [clause["fade"].get("since")])[:1]])
    gone = 0
    while on >= after(clock, gone + 1):
        gone += 1
    months = int(clause["fade"]["months"]) if "months" in clause["fade"] else None
    if months is not None and gone >= months:
        return None
    if "again_within" in clause and not any(is_earlier(clause, other, fact, on) for other in facts):
        return None
    kept = Fraction(1)
    if clause["fade"]["kind"] == "linear":
        kept = Fraction((months or 1) - gone, months or 1)
    for step in clause["fade"].get("steps", ()):
        if gone >= int(step["after"]):
            kept = Fraction(int(step["keep"]), 100)
    return Fraction(int(abs(points) * kept * 100), 100) * (-1 if points < 0 else 1)


def is_first(clause: Doc, other: Doc, fact: Doc, on: date) -> bool:
    """Whether another fact that met the clause is of the same matter, came earlier, and has not been ended."""
    matter = clause["once_per"]
    if (
        matter not in fact["fields"]
        or other["fields"].get(matter) != fact["fields"][matter]
        or not other["day"]
    ):
        return False
    worth = at_start(clause["points"], other["fields"]) is not None
    before = (other["day"], other["position"]) < (fact["day"], fact["position"])
    return worth and before and not over(clause, other, on)


def is_earlier(clause: Doc, other: Doc, fact: Doc, on: date) -> bool:
    if (
        other["day"] is None
        or other["type"] not in clause["on"]
        or not met(clause.get("when"), other["fields"])
    ):
        return False
    before = (other["day"], other["position"]) < (fact["day"], fact["position"])
    reach = after(date.fromisoformat(other["day"]), int(clause["again_within"]))
    return before and reach >= date.fromisoformat(fact["day"]) and not over(clause, other, on)


def first_day(clause: Doc, fact: Doc) -> date | None:
    if fact["day"] is None:
        return None
    own, starts = date.fromisoformat(fact["day"]), clause.get("starts", {})
    if "state" in starts:
        return next(iter(days(fact, [starts["state"]])), None)
    if "after" in starts:
        named = fact["fields"].get(starts["after"])
        return max(own, date.fromisoformat(named) + timedelta(days=1)) if named else None
    return own


def days(fact: Doc, kinds: list[Any]) -> list[date]:
    return sorted(date.fromisoformat(since) for kind in kinds for since, _ in fact["states"].get(kind, ()))


def over(clause: Doc, fact: Doc, on: date) -> bool:
    return any(day <= on for day in days(fact, clause.get("ends", [])))


def at_start(points: Doc, fields: Doc) -> Fraction | None:
    if "fixed" in points:
        return Fraction(points["fixed"])
    name = points.get("per") or points["band"]
    if name not in fields:
        return None
    found = Fraction(sum(fields[name]) if isinstance(fields[name], list) else fields[name])
    if "band" in points:
        reached = [
            s for s in points["steps"] if Fraction(s["least"]) * (100 if name in MONEY else 1) <= found
        ]
        return Fraction(reached[-1]["points"]) if reached else None
    given = Fraction(points["each"]) * found
    if "most" in points and abs(given) > abs(Fraction(points["most"])):
        given = Fraction(points["most"])
    return given or None


def after(day: date, months: int) -> date:
    month = day.month + months
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError(day)


def next_change(policy: Doc, facts: list[Doc], on: date, until: date) -> date | None:
    """The first later day with other lines, looked for day by day."""
    before = result(policy, facts, on)[0]
    day = on
    while day < until:
        day += timedelta(days=1)
        if result(policy, facts, day)[0] != before:
            return day
    return None
