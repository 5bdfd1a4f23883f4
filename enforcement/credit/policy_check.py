"""Static checks of a policy: what its form cannot say. Each fault has one exact message in both languages.

Whether conditions can hold at all, and whether an earlier clause leaves anything for a later one, is asked of
`boxes.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import gcd
from typing import Any

from enforcement.credit import boxes, marks
from enforcement.credit.facts import KINDS
from enforcement.credit.faults import Faults
from enforcement.credit.judging_conditions import known_field
from enforcement.credit.policy import GRADES, Category, Clause, GradeRange, Policy, points_text
from enforcement.credit.vocabulary import fields_of

Form = Mapping[str, Any]


def check(policy: Policy, form: Form, faults: Faults) -> None:
    """All checks; the faults are added, nothing is raised."""
    _dates(policy, faults)
    _names(policy, form, faults)
    _grades(policy.grades, faults)
    _sampling(form["sampling"], faults)
    for clause, row in zip(policy.clauses, form["clauses"], strict=True):
        _clause(clause, row, policy, faults)
    for category in policy.categories:
        _category(category, [c for c in policy.clauses if c.category == category.id], faults)
    boxes.check(policy.clauses, faults)
    marks.check(form, faults)


def kinds(field: str | None, types: Iterable[str]) -> set[str]:
    """The kinds that a field has in event types."""
    return {found.kind for topic in types if (found := fields_of(topic).get(field or ""))}


def _dates(policy: Policy, faults: Faults) -> None:
    if policy.valid_to is not None and policy.valid_to < policy.valid_from:
        faults.add(
            "policy.valid_to",
            f"{policy.valid_to} lies before valid_from {policy.valid_from}",
            f"{policy.valid_to} 早于 valid_from {policy.valid_from}",
        )


def _names(policy: Policy, form: Form, faults: Faults) -> None:
    """An id names one thing."""
    for part in ("clauses", "categories"):
        for id, count in Counter(row["id"] for row in form[part]).items():
            if count > 1:
                faults.add(f"policy.{part}.{id}", f"this id stands {count} times", f"该编号出现 {count} 次")
    for part in ("grades", "sampling"):
        given = [row["grade"] for row in form[part]]
        if tuple(given) != GRADES:
            faults.add(
                f"policy.{part}",
                f"expected the classes A, B, C, D, each once and in this order, not {', '.join(given)}",
                f"应依次为 A、B、C、D 各一次，现为 {', '.join(given)}",
            )


def _grades(grades: Sequence[GradeRange], faults: Faults) -> None:
    """Every total is in exactly one class."""
    if tuple(row.grade for row in grades) != GRADES:
        return
    if grades[0].below is not None:
        limit = points_text(grades[0].below)
        faults.add(
            "policy.grades.A.below", f"totals from {limit} on have no class", f"{limit} 分以上没有等级"
        )
    if grades[-1].least is not None:
        limit = points_text(grades[-1].least)
        faults.add("policy.grades.D.least", f"totals below {limit} have no class", f"{limit} 分以下没有等级")
    for better, worse in pairwise(grades):
        _border(better, worse, faults)


def _border(better: GradeRange, worse: GradeRange, faults: Faults) -> None:
    if better.least is None or worse.below is None:
        path, name = (better, "least") if better.least is None else (worse, "below")
        faults.add(
            f"policy.grades.{path.grade}.{name}",
            "missing: only the ends are open",
            "缺少界限：仅两端可以开放",
        )
        return
    low, high = sorted((better.least, worse.below))
    totals = f"{points_text(low)} … {points_text(high)}"
    if worse.below < better.least:
        faults.add("policy.grades", f"totals {totals} have no class: a gap", f"{totals} 分没有等级：存在空档")
    if worse.below > better.least:
        both = f"{better.grade}, {worse.grade}"
        faults.add(
            "policy.grades",
            f"totals {totals} have two classes ({both}): an overlap",
            f"{totals} 分同属 {both}：存在重叠",
        )
    if worse.least is not None and worse.least >= worse.below:
        faults.add(f"policy.grades.{worse.grade}", "no total is in this class", "没有分值属于该等级")


def _sampling(rows: Sequence[Form], faults: Faults) -> None:
    for row in rows:
        p, q = map(int, row["ratio"].split("/"))
        at = f"policy.sampling.{row['grade']}.ratio"
        if p > q:
            faults.add(at, f"{row['ratio']} is more than all", f"{row['ratio']} 大于 1")
        elif gcd(p, q) != 1:
            lowest = f"{p // gcd(p, q)}/{q // gcd(p, q)}"
            faults.add(
                at,
                f"{row['ratio']} is not reduced; expected {lowest}",
                f"{row['ratio']} 未约分，应为 {lowest}",
            )


# -- one clause ------------------------------------------------------------------------------------------------


def _clause(clause: Clause, row: Form, policy: Policy, faults: Faults) -> None:
    at = f"policy.clauses.{clause.id}"
    veto, scored = "at_best" in row, "points" in row or "category" in row
    if veto == scored:
        faults.add(
            at, "expected either points and category, or at_best", "应为 points 与 category，或者 at_best"
        )
    elif veto and clause.at_best == GRADES[0]:
        faults.add(
            f"{at}.at_best",
            "no class is better than A: it would hold nothing back",
            "A 为最优等级，该条款不起作用",
        )
    elif scored:
        _scored(clause, row, policy, at, faults)
    _lasting(clause, at, faults)
    _beginning(clause, row, at, faults)
    if clause.once_per is not None:
        _once(clause, f"{at}.once_per", faults)


def _scored(clause: Clause, row: Form, policy: Policy, at: str, faults: Faults) -> None:
    if clause.category not in {category.id for category in policy.categories}:
        faults.add(f"{at}.category", f"no category {clause.category!r}", f"没有类别 {clause.category!r}")
    given = set(row.get("points", {}))
    if given not in ({"fixed"}, {"per", "each"}, {"per", "each", "most"}, {"band", "steps"}):
        faults.add(
            f"{at}.points",
            "expected fixed; or per and each, perhaps most; or band and steps",
            "应为 fixed；或者 per 与 each（可加 most）；或者 band 与 steps",
        )
        return
    if clause.points.field:
        _quantity(clause, at, faults)
    if any(points == 0 for points in possible(clause)):
        faults.add(f"{at}.points", "0 points say nothing", "0 分没有意义")
    if len({points > 0 for points in possible(clause)}) > 1:
        faults.add(f"{at}.points", "one clause gives and takes points", "同一条款既加分又减分")


def _quantity(clause: Clause, at: str, faults: Faults) -> None:
    points = clause.points
    known_field(points.field, clause.on, f"{at}.points", faults)
    if (found := kinds(points.field, clause.on)) and not found <= {"number", "money"}:
        faults.add(f"{at}.points", f"{points.field} is no quantity", f"{points.field} 不是数量")
    limits = [least for least, _ in points.bands]
    if limits != sorted(set(limits)):
        faults.add(f"{at}.points.steps", "expected ascending quantities", "数量应当递增")
    if points.most is not None and points.each is not None and abs(points.most) < abs(points.each):
        faults.add(f"{at}.points.most", "less than one unit", "小于一个单位的分值")


def possible(clause: Clause) -> Iterator[int]:
    """Every number of points that the clause names."""
    points = clause.points
    if points.field is None:
        yield points.fixed
    yield from (given for given in (points.each, points.most) if given is not None)
    yield from (given for _, given in points.bands)


def _lasting(clause: Clause, at: str, faults: Faults) -> None:
    fade, steps = clause.fade, clause.fade.steps
    if unknown := sorted(clause.ends - set(KINDS)):
        listed = ", ".join(KINDS)
        faults.add(
            f"{at}.ends",
            f"no such state: {', '.join(unknown)}; there are {listed}",
            f"没有该状态：{', '.join(unknown)}；可用：{listed}",
        )
    if fade.months is None and not clause.ends:
        faults.add(
            f"{at}.fade",
            "neither months nor an end: the line would last for ever",
            "既无期限又无终止情形，将永久有效",
        )
    if (fade.kind == "step") != bool(steps):
        faults.add(
            f"{at}.fade.steps",
            "steps belong to a fade in steps, and only there",
            "steps 仅用于且必须用于 step",
        )
    if fade.kind == "linear" and fade.months is None:
        faults.add(f"{at}.fade.months", "an even fade needs its length", "linear 应有期限")
    if [after for after, _ in steps] != sorted({after for after, _ in steps}):
        faults.add(f"{at}.fade.steps", "expected ascending months", "月数应当递增")
    if [keep for _, keep in steps] != sorted({keep for _, keep in steps}, reverse=True):
        faults.add(f"{at}.fade.steps", "expected descending percentages", "保留比例应当递减")
    if steps and fade.months is not None and steps[-1][0] >= fade.months:
        faults.add(
            f"{at}.fade.steps",
            f"no step is reached after the end at {fade.months} months",
            f"{fade.months} 个月期满后不再有阶段",
        )


def _beginning(clause: Clause, row: Form, at: str, faults: Faults) -> None:
    """From when the line counts, and from when its months run."""
    given = row.get("starts", {})
    if given and len(given) != 1:
        faults.add(f"{at}.starts", "expected either after or state", "应为 after 或者 state 之一")
    if clause.after is not None:
        known_field(clause.after, clause.on, f"{at}.starts.after", faults)
        if (found := kinds(clause.after, clause.on)) and found != {"day"}:
            faults.add(f"{at}.starts.after", f"{clause.after} is no day", f"{clause.after} 不是日期")
    for name, state in (("starts.state", clause.state), ("fade.since", clause.fade.since)):
        if state is not None and state not in KINDS:
            faults.add(f"{at}.{name}", f"no such state: {state}", f"没有该状态：{state}")


def _once(clause: Clause, at: str, faults: Faults) -> None:
    """Of one matter one event counts: one value names it, and the earliest event is the one that began first."""
    field = known_field(clause.once_per, clause.on, at, faults)
    if field is not None and field.many:
        faults.add(
            at,
            f"{clause.once_per} is a list: it names no one matter",
            f"{clause.once_per} 为列表，不指明同一事项",
        )
    given = {"at_best": clause.at_best, "again_within": clause.again_within}
    given |= {"starts": clause.after or clause.state}
    for name in (name for name, value in given.items() if value is not None):
        faults.add(at, f"does not go together with {name}", f"不能与 {name} 同时使用")


def _category(category: Category, clauses: Sequence[Clause], faults: Faults) -> None:
    """A cap that one line alone passes makes the number of that line void."""
    at = f"policy.categories.{category.id}"
    if not clauses:
        faults.add(at, "no clause is in this category", "没有条款属于该类别")
    if category.least is not None and category.least > 0:
        faults.add(
            f"{at}.least",
            "expected at most 0: an empty category is 0 points",
            "应不大于 0：没有记录时为 0 分",
        )
    if category.most is not None and category.most < 0:
        faults.add(
            f"{at}.most",
            "expected at least 0: an empty category is 0 points",
            "应不小于 0：没有记录时为 0 分",
        )
    for clause in clauses:
        for points in possible(clause):
            low = category.least is not None and points < category.least
            high = category.most is not None and points > category.most
            if low or high:
                cap = points_text((category.least if low else category.most) or 0)
                faults.add(
                    f"policy.clauses.{clause.id}.points",
                    f"{points_text(points)} alone passes the cap {cap} of {category.id}: the clause is void beyond it",
                    f"单项 {points_text(points)} 分已超过类别 {category.id} 的上限 {cap}，超出部分无效",
                )
