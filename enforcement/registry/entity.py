"""Entities 经营主体, by their unified social credit code 统一社会信用代码 (GB 32100-2015)."""

from typing import Any, ClassVar, Literal

from enforcement.events import Event
from enforcement.fields import Region, Uscc, Words
from enforcement.registry.register import Registered

Kind = Literal["company", "sole_trader", "cooperative", "institution", "association", "other"]
"""企业 · 个体工商户 · 农民专业合作社 · 事业单位 · 社会团体 · 其他."""
Status = Literal["active", "suspended", "revoked", "deregistered", "moved_out"]
"""存续 · 停业 · 吊销 · 注销 · 迁出."""


class Entity(Registered):
    """One registered business."""

    KIND: ClassVar[str] = "entity"
    PREFIX: ClassVar[str] = "entity-"
    ID: ClassVar[str] = "uscc"

    def subject(self, data: dict[str, Any]) -> str:
        return self.own_id


class EntityRegistered(Event):
    """登记经营主体."""

    TOPIC = "entity.registered"
    uscc: Uscc
    name: Words
    kind: Kind
    region: Region
    sector: Words | None = None
    status: Status = "active"
    established: Words | None = None


class EntityChanged(Event):
    """变更登记: only what changed."""

    TOPIC = "entity.changed"
    name: Words | None = None
    kind: Kind | None = None
    region: Region | None = None
    sector: Words | None = None
    status: Status | None = None
    established: Words | None = None
    reason: Words | None = None
