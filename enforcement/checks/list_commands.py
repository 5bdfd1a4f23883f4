"""Commands about what is inspected and when: the item list 抽查事项清单 and the annual plan 年度抽查计划."""

from collections.abc import Mapping
from typing import Any

from enforcement.checks import item, plan
from enforcement.checks.item import Item
from enforcement.checks.plan import Plan
from enforcement.events import Who
from enforcement.recording import Receipt, Recording, class_of
from enforcement.values import Occurred


class ListCommands(Recording):
    """一单 and the plans drawn up from it."""

    def list_item(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """列入随机抽查事项清单."""
        id = f"item-{data.get('code')}"
        return self.command(Item, id, who, item.ItemListed, occurred, data, 0, item.judge)

    def change_item(
        self,
        who: Who,
        code: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """调整事项 or 移出清单."""
        return self.command(Item, f"item-{code}", who, class_of(topic), occurred, data, expected, item.judge)

    def draft_plan(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """拟定年度抽查工作计划."""
        judge = plan.Judge(self.listed)
        return self.command(Plan, f"plan-{data.get('plan')}", who, plan.PlanDrafted, occurred, data, 0, judge)

    def change_plan(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """设置或取消批次, 公布, 备案. Refused where a batch does not keep to the item list."""
        judge = plan.Judge(self.listed)
        return self.command(Plan, f"plan-{id}", who, class_of(topic), occurred, data, expected, judge)

    def listed(self, code: str) -> Mapping[str, Any] | None:
        """What the item list says of an item now; None where it never stood on it."""
        found = self.held.take(Item, f"item-{code}", self.law)
        self.held.keep(found)
        return found.facts if found.version else None
