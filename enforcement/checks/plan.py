"""The annual plan 年度抽查工作计划 (国市监信〔2019〕38号): batches with scope, number and time; published and filed.

A plan is written batch by batch. Publishing freezes what the public sees; whatever is changed afterwards, with its
reason, is to be published and filed again. Both duties are shown as open until they are met.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction as Share
from typing import Any, ClassVar, NotRequired, TypedDict

from enforcement.checks.item import SOURCE
from enforcement.checks.plan_rules import Items, findings
from enforcement.errors import Breach, InvalidData, Refused
from enforcement.events import Event
from enforcement.fields import Day, Digest, Fraction, ItemCode, PartId, PlanId, Region, Words
from enforcement.registry.register import Facts, Registered, stated
from enforcement.values import Text


class Batch(TypedDict):
    """批次: what is drawn, how much of it, when. `ratio` and `number` are of this batch; without, the item's ratio."""

    batch: PartId
    items: list[ItemCode]
    directed: bool
    """定向 (true) · 不定向."""
    scope: Words
    regions: list[Region]
    ratio: NotRequired[Fraction | None]
    number: NotRequired[int | None]
    start: Day
    end: Day
    departments: NotRequired[list[Words]]
    """Other departments in a joint check 联合抽查."""
    team: NotRequired[int | None]


class Plan(Registered):
    """One year's plan of a bureau."""

    KIND: ClassVar[str] = "plan"
    PREFIX: ClassVar[str] = "plan-"
    ID: ClassVar[str] = "plan"

    @classmethod
    def after(cls, facts: Facts, event: Event) -> Facts:
        before = facts or {**_NEW, "batches": {}}
        change = _CHANGES.get(event.TOPIC)
        return before | change(before, event) if change else super().after(before, event)


_NEW: Facts = {
    "status": "draft",
    "filed": None,
    "filed_with": None,
    "to_publish": True,
    "to_file": True,
    "public": None,
}
_OPEN = {"to_publish": True, "to_file": True}
"""Whatever changes the plan opens both duties (again)."""


def _batch_set(facts: Facts, event: Any) -> Facts:
    batches = {**facts["batches"], event.batch["batch"]: event.batch}
    return _OPEN | {"batches": dict(sorted(batches.items()))}


def _batch_dropped(facts: Facts, event: Any) -> Facts:
    return _OPEN | {"batches": {id: batch for id, batch in facts["batches"].items() if id != event.batch}}


def _published(facts: Facts, event: Any) -> Facts:
    """What the public sees is what stood in the plan when it was published."""
    hidden = {*_NEW, "batches"}
    public = {name: value for name, value in facts.items() if name not in hidden}
    public |= {"batches": list(facts["batches"].values()), "published": _day(event), "where": event.where}
    return {"status": "published", "to_publish": False, "public": public}


def _filed(facts: Facts, event: Any) -> Facts:
    return {"filed": _day(event), "filed_with": event.authority, "to_file": False}


def _day(event: Event) -> str:
    """When it happened; where that is not known, when it was recorded."""
    return event.occurred or event.recorded[:10]


def _changed(facts: Facts, event: Event) -> Facts:
    return _OPEN | stated(event)


_CHANGES: dict[str, Callable[[Facts, Any], Facts]] = {
    "plan.changed": _changed,
    "plan.batch-set": _batch_set,
    "plan.batch-dropped": _batch_dropped,
    "plan.published": _published,
    "plan.filed": _filed,
}


class PlanDrafted(Event):
    """拟定年度抽查工作计划; the authority whose plan it is, and its division."""

    TOPIC = "plan.drafted"
    plan: PlanId
    year: int
    authority: Words
    region: Region
    title: Words


class PlanChanged(Event):
    """修改计划名称等."""

    TOPIC = "plan.changed"
    authority: Words | None = None
    region: Region | None = None
    title: Words | None = None
    reason: Words | None = None


class PlanBatchSet(Event):
    """增加或调整批次: a batch of the same id is replaced."""

    TOPIC = "plan.batch-set"
    batch: Batch
    reason: Words | None = None


class PlanBatchDropped(Event):
    """取消批次."""

    TOPIC = "plan.batch-dropped"
    batch: PartId
    reason: Words


class PlanPublished(Event):
    """向社会公布."""

    TOPIC = "plan.published"
    where: Words
    sha256: Digest | None = None


class PlanFiled(Event):
    """报上一级市场监管部门备案."""

    TOPIC = "plan.filed"
    authority: Words
    number: Words | None = None


class Judge:
    """Refuses what does not fit the item list or the plan's own state; `items` looks an item up."""

    def __init__(self, items: Items) -> None:
        self._items = items

    def __call__(self, plan: Plan, event: Event) -> Sequence[Event]:
        breaches = list(self._breaches(plan, event))
        if breaches:
            raise Refused(breaches)
        return ()

    def _breaches(self, plan: Plan, event: Any) -> Iterator[Breach]:
        if isinstance(event, PlanDrafted):
            _check_year(event.year)
        elif isinstance(event, PlanBatchSet):
            _check_batch(event.batch, plan.facts["year"])
            yield from self._against_list(event.batch)
            yield from _unexplained(plan, event)
        elif isinstance(event, PlanBatchDropped) and event.batch not in plan.facts["batches"]:
            said = Text(f"the plan has no batch {event.batch}", f"计划中没有批次 {event.batch}")
            raise InvalidData({"data.batch": [said]})
        elif isinstance(event, PlanChanged):
            yield from _unexplained(plan, event)
        elif isinstance(event, PlanPublished | PlanFiled):
            yield from self._ready(plan)

    def _ready(self, plan: Plan) -> Iterator[Breach]:
        """A plan that is published or filed has batches, and as many objects as the law certainly asks for."""
        if not plan.facts["batches"]:
            said = Text(
                "a plan names its batches with scope, number and time; this one has none",
                "计划应当明确批次、范围、数量和时间，现无批次",
            )
            yield Breach("PLAN_BATCHES", SOURCE, said)
        yield from (breach for breach in findings(plan.facts, self._items) if breach.hard)

    def _against_list(self, batch: Batch) -> Iterator[Breach]:
        for code in batch["items"]:
            item = self._items(code)
            if item is None or item["withdrawn"]:
                said = Text(f"{code} does not stand on the item list", f"{code} 不在随机抽查事项清单内")
                yield Breach("PLAN_ITEM", SOURCE, said)
                continue
            ratio = batch.get("ratio")
            if item["kind"] == "general" and ratio and Share(ratio) > Share(item["ratio"]):
                said = Text(
                    f"general item {code}: {ratio} is more than the list's {item['ratio']}",
                    f"一般检查事项 {code} 的抽查比例 {ratio} 超过清单规定的 {item['ratio']}",
                )
                yield Breach("PLAN_RATIO", SOURCE, said)


def _unexplained(plan: Plan, event: Any) -> Iterator[Breach]:
    """A published plan is changed with a reason."""
    if plan.facts["public"] and not event.reason:
        said = Text("the plan is published; a change says why", "计划已公布，调整应当说明理由")
        yield Breach("PLAN_REASON", SOURCE, said)


def _check_year(year: int) -> None:
    if not 2019 <= year <= 2100:
        raise InvalidData(
            {"data.year": [Text("expected a year from 2019 to 2100", "年份应在 2019 至 2100 之间")]}
        )


def _check_batch(batch: Batch, year: int) -> None:
    """InvalidData where the batch does not lie in the plan's year, asks for nobody, or sends one officer alone."""
    wrong: dict[str, list[Text]] = {}
    if not batch["items"]:
        wrong["data.batch.items"] = [Text("name at least one item", "至少填写一个抽查事项")]
    if not f"{year}-01-01" <= batch["start"] <= batch["end"] <= f"{year}-12-31":
        said = Text(f"expected start ≤ end within {year}", f"起止日期应在 {year} 年内且先后有序")
        wrong["data.batch.end"] = [said]
    if _less(batch.get("team"), 2):
        wrong["data.batch.team"] = [
            Text("two officers at least (P 22; APL 42)", "检查人员不得少于两人（P 22；APL 42）")
        ]
    if _less(batch.get("number"), 1):
        wrong["data.batch.number"] = [Text("expected 1 or more", "应为正整数")]
    if wrong:
        raise InvalidData(wrong)


def _less(given: int | None, least: int) -> bool:
    return given is not None and given < least
