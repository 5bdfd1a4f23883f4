"""Commands about what is inspected: instruments, products, stalls; and about relations that demand recusal."""

from collections.abc import Mapping
from typing import Any

from enforcement.events import Who
from enforcement.recording import Judge, Receipt, Recording, class_of
from enforcement.registry import instrument, relation
from enforcement.registry.instrument import Instrument
from enforcement.registry.register import Registered
from enforcement.registry.relation import Relation
from enforcement.registry.things import Product, Stall
from enforcement.values import Occurred


class ObjectCommands(Recording):
    """检查对象名录库 beside the businesses, and 关联关系."""

    def register_instrument(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """登记计量器具, by the id of its ledger 台账编号."""
        return self._register(Instrument, who, occurred, data)

    def record_instrument(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """What happened to an instrument; refused with the article where its phase does not allow it."""
        return self._change(Instrument, who, id, topic, occurred, data, expected, instrument.judge)

    def register_thing(
        self, kind: type[Product | Stall], who: Who, occurred: Occurred, data: Mapping[str, Any]
    ) -> Receipt:
        """登记产品 or 摊位."""
        return self._register(kind, who, occurred, data)

    def change_thing(
        self,
        kind: type[Product | Stall],
        who: Who,
        id: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """变更产品 or 摊位: only what changed."""
        return self._change(kind, who, id, f"{kind.KIND}.changed", occurred, data, expected)

    def declare_relation(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """申报关联关系: an officer's own declaration, or what a register tells."""
        return self._register(Relation, who, occurred, data, "declared", relation.judge)

    def end_relation(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """关系终止 or 撤回."""
        return self._change(Relation, who, id, topic, occurred, data, expected, relation.judge)

    def _register(
        self,
        kind: type[Registered],
        who: Who,
        occurred: Occurred,
        data: Mapping[str, Any],
        act: str = "registered",
        judge: Judge | None = None,
    ) -> Receipt:
        id = f"{kind.PREFIX}{data.get(kind.ID)}"
        return self.command(kind, id, who, class_of(f"{kind.KIND}.{act}"), occurred, data, 0, judge)

    def _change(
        self,
        kind: type[Registered],
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None,
        judge: Judge | None = None,
    ) -> Receipt:
        return self.command(kind, kind.PREFIX + id, who, class_of(topic), occurred, data, expected, judge)
