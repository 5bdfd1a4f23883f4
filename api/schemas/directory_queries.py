"""What may be asked of items, plans, instruments, products, stalls, inspectors and relations."""

from typing import get_args

from api.schemas.fields import Flag, Number, Plain, words
from api.schemas.queries import Page, Query
from enforcement.checks.item import ItemKind, Objects
from enforcement.fields import Day, NodeId, Region, Skill, ThingId, Uscc, Words
from enforcement.law.instruments import Standing
from enforcement.registry.recusal import STEPS
from enforcement.registry.things import Presence

MAX_STEPS = 4


class Items(Page):
    """Which items."""

    objects = words(get_args(Objects))
    kind = words(get_args(ItemKind))


class Plans(Page):
    """Which plans."""

    region = Plain(Region)
    status = words(("draft", "published"))


class Instruments(Page):
    """Which instruments."""

    owner = Plain(Uscc)
    kind = Plain(ThingId)
    region = Plain(Region)
    phase = Plain(Words)
    standing = words(get_args(Standing), metadata={"description": "how it stands today"})
    until_to = Plain(Day, metadata={"description": "validity ends on that day or before"})


class Things(Page):
    """Which products or stalls."""

    owner = Plain(Uscc)
    kind = Plain(ThingId)
    region = Plain(Region)
    status = words(get_args(Presence))


class Inspectors(Page):
    """Which inspectors."""

    unit = Plain(Words)
    skill = Plain(Skill)
    covers = Plain(Region, metadata={"description": "who may inspect in that division"})
    available = Flag(metadata={"description": "in service, licensed and not on leave on the day"})
    on = Plain(Day, metadata={"description": "the day asked about; today where it is not given"})


class Relations(Page):
    """Which relations."""

    node = Plain(NodeId)


class Recusals(Query):
    """On which day, through how many relations."""

    on = Plain(Day, metadata={"description": "the day asked about; today where it is not given"})
    steps = Number(1, MAX_STEPS, load_default=STEPS, metadata={"description": "relations on a path at most"})
