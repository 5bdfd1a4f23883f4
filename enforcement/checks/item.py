"""The item list 随机抽查事项清单 (国市监信〔2019〕38号): what may be inspected at random, on which basis, how much.

An item says which objects it is about; who is in its pool on a day is derived from the registers by the read model
`pools`. General items keep to the ratio of the list; key items (safety, quality, public interest) have no upper limit.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from enforcement.errors import Breach, InvalidData, Refused
from enforcement.events import Event
from enforcement.fields import Fraction, ItemCode, Region, Skill, ThingId, Words
from enforcement.registry.register import Facts, Registered
from enforcement.values import Text

SOURCE = "国市监信〔2019〕38号"
Objects = Literal["entity", "instrument", "product", "stall"]
"""经营主体 · 计量器具 · 产品 · 摊位."""
ItemKind = Literal["general", "key"]
"""一般检查事项 · 重点检查事项."""
Method = Literal["on_site", "written", "online", "test"]
"""现场检查 · 书面检查 · 网络监测 · 检验检测."""
Level = Literal["province", "city", "county", "station"]
"""省 · 市 · 县 · 所."""


class Item(Registered):
    """One item of the list."""

    KIND: ClassVar[str] = "item"
    PREFIX: ClassVar[str] = "item-"
    ID: ClassVar[str] = "code"

    @classmethod
    def after(cls, facts: Facts, event: Event) -> Facts:
        return super().after(facts, event) | {"withdrawn": isinstance(event, ItemWithdrawn)}


def judge(item: Item, event: Event) -> Sequence[Event]:
    """Refuses changes of an item that was taken off the list, and methods or levels that name nothing."""
    if item.facts.get("withdrawn"):
        said = Text(f"{item.own_id} was taken off the list", f"{item.own_id} 已移出清单")
        raise Refused([Breach("ITEM_WITHDRAWN", SOURCE, said)])
    after = item.after(item.facts, event)
    empty = [name for name in ("methods", "levels") if not after[name]]
    if empty:
        raise InvalidData({f"data.{name}": [Text("name at least one", "至少填写一项")] for name in empty})
    return ()


class ItemListed(Event):
    """列入清单. `ratio` of the pool; without `kinds`, `sectors` or `regions` every object of the type is meant."""

    TOPIC = "item.listed"
    code: ItemCode
    category: Words
    item: Words
    sub_item: Words | None = None
    objects: Objects
    kind: ItemKind
    methods: list[Method]
    basis: Words
    levels: list[Level]
    ratio: Fraction
    frequency: Words | None = None
    skill: Skill | None = None
    kinds: list[ThingId] | None = None
    """Kinds of business or of instrument, product, stall."""
    sectors: list[Words] | None = None
    regions: list[Region] | None = None
    remark: Words | None = None
    public_information: bool = False
    """公示信息抽查: it checks what enterprises published (SC 2); the plan then keeps to the shares of that rule."""


class ItemChanged(Event):
    """调整清单事项: only what changed; an empty list of kinds, sectors or regions means all again."""

    TOPIC = "item.changed"
    category: Words | None = None
    item: Words | None = None
    sub_item: Words | None = None
    kind: ItemKind | None = None
    methods: list[Method] | None = None
    basis: Words | None = None
    levels: list[Level] | None = None
    ratio: Fraction | None = None
    frequency: Words | None = None
    skill: Skill | None = None
    kinds: list[ThingId] | None = None
    sectors: list[Words] | None = None
    regions: list[Region] | None = None
    remark: Words | None = None
    public_information: bool | None = None
    reason: Words | None = None


class ItemWithdrawn(Event):
    """移出清单."""

    TOPIC = "item.withdrawn"
    reason: Words
