"""What is answered about businesses and officers."""

from api.schemas.cases import Counts
from api.schemas.parts import Answer, day, flag, listing, many, maybe, number, one, string, texts


class Entity(Answer):
    """A business as registered now."""

    id = string(metadata={"description": "the unified social credit code"})
    version = number()
    position = number()
    recorded = string()
    uscc = string()
    name = string()
    kind = string()
    region = string()
    sector = maybe(required=False)
    status = string(required=False)
    established = maybe(required=False)


class Commitments(Answer):
    """What speaks for a business now; `until` is the last day as a demonstration unit."""

    uscc = string()
    version = number()
    committed = flag()
    demonstration = flag()
    until = day(allow_none=True)


class OfficerGrant(Answer):
    """A role from a day, to a day where it is limited."""

    role = string()
    start = day()
    end = day(required=False, allow_none=True)


class Absence(Answer):
    """Days away."""

    start = day()
    end = day(required=False, allow_none=True)


class Officer(Answer):
    """An officer as registered now."""

    id = string()
    version = number()
    position = number()
    recorded = string()
    officer = string()
    unit = string()
    region = string()
    licence = maybe(required=False)
    licence_until = day()
    roles = many(OfficerGrant)
    regions = texts(required=False, allow_none=True)
    skills = texts(required=False, allow_none=True)
    leave = many(Absence, required=False, allow_none=True)
    expert = flag(required=False, allow_none=True)
    cap = number(required=False, allow_none=True)
    status = maybe(required=False)


class Burden(Answer):
    """What lies with an officer."""

    officer = string()
    open_cases = number()
    overdue = number()
    due = number()


class Workload(Burden):
    """What lies with one officer, and the board of those cases in figures."""

    deadlines = one(Counts)


EntityPage = listing("EntityPage", Entity, "A page of the register of businesses.", paged=True)
OfficerPage = listing("OfficerPage", Officer, "A page of the register of officers.", paged=True)
WorkloadList = listing("WorkloadList", Burden, "Officers with open cases, the most burdened first.")
