"""Data for every event type, made from the annotations of its class: mostly of the right form, seldom of sense.

Ids are drawn from a few that cases of the tests use, days from the months in which they play.
"""

from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from hypothesis import strategies as st

from enforcement import fields
from enforcement.events import Event
from enforcement.fields import Form
from enforcement.forms import own_fields
from tests.unit.cases.given import EXPIRED, OFFICERS

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(str)
WORDS = st.text(min_size=1, max_size=12).filter(lambda text: "\x00" not in text)
BY_FORM: dict[Any, st.SearchStrategy[Any]] = {
    fields.OfficerId: st.sampled_from([*OFFICERS, EXPIRED, "wz-unknown"]),
    fields.PartId: st.sampled_from(["p1", "p2", "v1", "v2", "t1", "e1", "m1", "o1", "r1", "l1", "a1"]),
    fields.CaseId: st.just("case-other"),
    fields.Digest: st.just("0" * 64),
    fields.Region: st.sampled_from(["330302", "330300", "320500"]),
    fields.Uscc: st.just("91330302MA2AAAAA0J"),
    fields.Money: st.integers(0, 20_000_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
    fields.Day: DAYS,
    fields.Moment: DAYS,
    fields.ViolationCode: st.sampled_from(["M-V01", "M-N03", "M-U01", "M-C04", "M-Z99"]),
}


def data_of(event: type[Event]) -> st.SearchStrategy[dict[str, Any]]:
    """Every required field and some of the optional ones."""
    hints = {
        name: hint for name, hint in own_fields(event).items() if name not in ("history", "document", "files")
    }
    return _object(hints, {name for name in hints if hasattr(event, name)})


def _object(hints: dict[str, Any], optional: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: value(hint) for name, hint in hints.items() if name not in optional},
        optional={name: value(hint) for name, hint in hints.items() if name in optional},
    )


def value(hint: Any) -> st.SearchStrategy[Any]:
    """Values of one annotation."""
    if hint in BY_FORM:
        return BY_FORM[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return WORDS if isinstance(args[1], Form) else value(args[0])
    if origin in (Union, UnionType):
        return st.one_of([value(arg) for arg in args if arg is not NoneType])
    if origin is not None and getattr(origin, "__name__", "") in ("NotRequired", "Required"):
        return value(args[0])
    if origin is Literal:
        return st.sampled_from(args)
    if origin is list:
        return st.lists(value(args[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(WORDS, st.one_of(WORDS, st.booleans(), st.integers(0, 9)), max_size=2)
    if is_typeddict(hint):
        optional: frozenset[str] = hint.__optional_keys__
        return _object(get_type_hints(hint, include_extras=True), set(optional))
    return {bool: st.booleans(), int: st.integers(0, 60), str: WORDS}[hint]
