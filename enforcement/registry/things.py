"""What else may be inspected beside businesses and instruments: products 产品 and stalls 摊位.

Both belong to a business: the producer, the organiser of the market. Whoever keeps a stall may be a natural person
and is not in the ledger unless registered as a business.
"""

from typing import Any, ClassVar, Literal

from enforcement.events import Event
from enforcement.fields import Region, ThingId, Uscc, Words
from enforcement.registry.register import Registered

Presence = Literal["active", "ended"]
"""在列 · 退出."""


class Owned(Registered):
    """Something that a business has; its events are about the business."""

    def subject(self, data: dict[str, Any]) -> str:
        return str(data.get("owner") or self.facts.get("owner") or self.id)


class Product(Owned):
    """A product of one producer."""

    KIND: ClassVar[str] = "product"
    PREFIX: ClassVar[str] = "product-"
    ID: ClassVar[str] = "product"


class Stall(Owned):
    """A stall of one market."""

    KIND: ClassVar[str] = "stall"
    PREFIX: ClassVar[str] = "stall-"
    ID: ClassVar[str] = "stall"


class ProductRegistered(Event):
    """登记产品: `owner` produces it, in `region`; `kind` is what a directed draw asks for."""

    TOPIC = "product.registered"
    product: ThingId
    owner: Uscc
    kind: ThingId
    name: Words
    region: Region
    specification: Words | None = None
    status: Presence = "active"


class ProductChanged(Event):
    """变更产品信息: only what changed."""

    TOPIC = "product.changed"
    owner: Uscc | None = None
    kind: ThingId | None = None
    name: Words | None = None
    region: Region | None = None
    specification: Words | None = None
    status: Presence | None = None
    reason: Words | None = None


class StallRegistered(Event):
    """登记摊位: `owner` organises the market; `keeper` is the stallholder where that is a registered business."""

    TOPIC = "stall.registered"
    stall: ThingId
    owner: Uscc
    keeper: Uscc | None = None
    kind: ThingId
    region: Region
    place: Words | None = None
    status: Presence = "active"


class StallChanged(Event):
    """变更摊位信息: only what changed."""

    TOPIC = "stall.changed"
    owner: Uscc | None = None
    keeper: Uscc | None = None
    kind: ThingId | None = None
    region: Region | None = None
    place: Words | None = None
    status: Presence | None = None
    reason: Words | None = None
