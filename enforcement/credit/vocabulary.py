"""Which events clauses may look at, and which fields they have: from the event classes themselves.

Nested parts are flattened (`penalties.fine`), lists keep their elements. Free text and ids of persons are left out:
nothing may turn on them. What a reader derives beside the event's own fields (`record`, `amount`) stands in `DERIVED`
with its meaning. `steelyard policy fields` prints this table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import enforcement.cases.events
import enforcement.checks.inspection_events
import enforcement.checks.netcontent_record
import enforcement.credit.listing
import enforcement.registry.commitment
import enforcement.registry.object_commands
import enforcement.reports.events  # noqa: F401
from enforcement import fields
from enforcement.credit.facts import Scalar, Value
from enforcement.events import known
from enforcement.fields import Form
from enforcement.forms import own_fields
from enforcement.values import Text, money

Kind = Literal["text", "choice", "flag", "number", "money", "day", "id"]
"""An id says which things are the same; no condition may ask for one."""
UNASKED = frozenset({"note", "files", "document", "history", "parties"})
"""Fields that say nothing about the business, or something about others."""


@dataclass(frozen=True)
class Field:
    """One field of a fact. `choices` are all values that a choice can have; `many` marks a list."""

    kind: Kind
    many: bool = False
    choices: frozenset[str] = frozenset()
    text: Text | None = None


RECORD = ("not_published", "minor", "general", "serious")
"""The class of a penalty's public record 不公示 · 轻微 · 一般 · 严重 (Order 107)."""
PENALTY = {
    "record": Field(
        "choice",
        choices=frozenset(RECORD),
        text=Text("class of the public record (Order 107)", "处罚信息公示的类别（总局令第107号）"),
    ),
    "amount": Field("money", text=Text("fine plus confiscated gains", "罚款与没收违法所得合计")),
    "total_fine": Field("money", text=Text("all fines of the decision", "罚款合计")),
}
CORRECTION = {
    "in_time": Field("flag", text=Text("corrected by the day ordered", "在责令期限内改正")),
    "days": Field("number", text=Text("days from the order to the check", "自责令之日至核查之日的天数")),
}
LISTING = {
    "list": Field("choice", choices=frozenset({"abnormal", "serious"}), text=Text("which list", "名录类别")),
}
MATTER = {
    "case": Field("id", text=Text("the case that shows it, for once_per", "据以查实的案件，用于 once_per"))
}
VERIFICATION = {"until": Field("day", text=Text("last day of its certificate", "检定证书有效期截止日"))}
DERIVED: dict[str, Mapping[str, Field]] = {
    "case.penalty-decided": PENALTY,
    "case.decision-changed": PENALTY,
    "case.decided-on-the-spot": PENALTY,
    "case.no-penalty-decided": {},
    "case.payment-overdue": {},
    "case.correction-checked": CORRECTION,
    "case.listed": {},
    "listing.published": LISTING,
    "listing.restored": LISTING,
    "case.credit-repaired": {},
    "case.publicity-ended": {},
    "commitment.made": {},
    "commitment.demonstration-recognised": {},
    "inspection.results-entered": {},
    "netcontent.judged": {},
    "report.substantiated": MATTER,
    "instrument.registered": VERIFICATION,
    "instrument.verified": VERIFICATION,
    "instrument.transferred": VERIFICATION,
    "instrument.resumed": VERIFICATION,
}
"""The event types that become facts, and what is derived of each beside its own fields."""


@cache
def fields_of(topic: str) -> Mapping[str, Field]:
    """Every field of a fact of this type, by its flat name. LookupError for a type that never becomes a fact."""
    cls = known(topic)
    if cls is None or topic not in DERIVED:
        raise LookupError(topic)
    found: dict[str, Field] = {}
    for name, hint in own_fields(cls).items():
        if name not in UNASKED:
            found.update(_flat(name, hint, many=False))
    return {**found, **DERIVED[topic]}


def _flat(name: str, hint: Any, *, many: bool) -> Iterator[tuple[str, Field]]:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        yield from _flat(name, next(arg for arg in args if arg is not NoneType), many=many)
    elif getattr(origin, "__name__", "") in ("NotRequired", "Required"):
        yield from _flat(name, args[0], many=many)
    elif origin is list:
        yield from _flat(name, args[0], many=True)
    elif is_typeddict(hint):
        for inner, its in get_type_hints(hint, include_extras=True).items():
            yield from _flat(f"{name}.{inner}", its, many=many)
    elif (field := _field(hint, many)) is not None:
        yield name, field


def _field(hint: Any, many: bool) -> Field | None:
    if hint in _FORMS:
        return Field(_FORMS[hint], many)
    if get_origin(hint) is Literal:
        return Field("choice", many, frozenset(get_args(hint)))
    if get_origin(hint) is Annotated and get_args(hint)[0] is str and _coded(get_args(hint)[1:]):
        return Field("text", many)
    return Field(_PLAIN[hint], many) if hint in (bool, int) else None


_FORMS: dict[Any, Kind] = {fields.Money: "money", fields.Day: "day"}
_PLAIN: dict[Any, Kind] = {bool: "flag", int: "number"}
_IDS = [get_args(kind)[1] for kind in (fields.OfficerId, fields.PartId, fields.CaseId, fields.Digest)]


def _coded(extras: tuple[Any, ...]) -> bool:
    """Whether a text is a code: free text has no pattern, and ids mean nothing outside their case."""
    form = next((extra for extra in extras if isinstance(extra, Form)), None)
    return form is not None and form.pattern is not None and form not in _IDS


def flatten(topic: str, data: Mapping[str, Any]) -> dict[str, Value]:
    """An event's data as the fields of its fact; what is null or not declared is left out."""
    found: dict[str, Value] = {}
    for name, field in fields_of(topic).items():
        values = [_scalar(field, value) for value in _at(data, name.split("."))]
        if field.many and values:
            found[name] = values
        elif values:
            found[name] = values[0]
    return found


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Everything that stands at a path, through lists."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, Mapping):
        yield from _at(value.get(path[0]), path[1:])


def _scalar(field: Field, value: Any) -> Scalar:
    scalar: Scalar = fen(value) if field.kind == "money" else value
    return scalar


def fen(text: str) -> int:
    """An amount in whole fen; what is less than a fen is no money."""
    return int(money(text) * 100)
