"""What may be asked of pools, and what is answered."""

from webargs.fields import DelimitedList

from api.schemas.fields import Plain
from api.schemas.parts import Answer, bilingual, flag, free, listing, many, maybe, number, string
from api.schemas.queries import Page, Query
from enforcement.fields import Day, Region, ThingId, Words


class Pools(Page):
    """Items a page."""


class Filter(Query):
    """A directed draw's filter 定向; nothing given: the whole pool 不定向. Commas between several values."""

    day = Plain(Day, metadata={"description": "the day asked about; today where it is not given"})
    regions = DelimitedList(Plain(Region))
    kinds = DelimitedList(Plain(ThingId))
    sectors = DelimitedList(Plain(Words))
    classes = DelimitedList(Plain(Words))


class PoolSize(Answer):
    """An item and the size of its pool."""

    id = string()
    item = string()
    objects = string()
    kind = string()
    size = number()


class Stratum(Answer):
    """A stratum and its members."""

    key = string()
    region = maybe()
    kind = maybe()
    size = number()

    class Meta(Answer.Meta):
        include = {"class": maybe()}


class PoolCounts(Answer):
    """A pool in figures; an object that several reasons keep out counts for each."""

    item = string()
    day = string()
    size = number()
    strata = many(Stratum)
    excluded = free(metadata={"description": "reason → objects"})


class Reason(Answer):
    """Why an object is not in the pool."""

    code = string()
    text = bilingual()
    state = string(required=False)
    case = string(required=False)
    checked = string(required=False)
    visits = number(required=False)
    limit = number(required=False)


class PoolObject(Answer):
    """One object and the pool."""

    object = string()
    region = maybe()
    stratum = string()
    member = flag()
    reasons = many(Reason)


PoolPage = listing("PoolPage", PoolSize, "Items with the sizes of their pools.", paged=True)
