"""RFC 8785 canonical JSON (JCS) of the values that the ledger knows: the bytes that hashes are made of.

Strings, integers within ±(2^53 − 1), true, false, null, lists and objects; members stand in the order of their
names' UTF-16 code units. Whatever has no such form – a float, a tuple, a half surrogate, a name that is no
string – is refused rather than bent into one: two programs would bend it differently. Pure.
"""

from typing import Any

import orjson

from enforcement.values import MAX_INT


class NoCanonicalForm(ValueError):
    """The value, or something in it, is none of those that have a canonical form here."""


def jcs(value: Any) -> bytes:
    """The canonical bytes; NoCanonicalForm when there are none."""
    try:
        return orjson.dumps(_ordered(value))
    except (orjson.JSONEncodeError, RecursionError) as error:  # half surrogates, nesting beyond reason
        raise NoCanonicalForm(str(error)) from None


def _ordered(value: Any) -> Any:
    """The same value with the members of every object in canonical order."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise NoCanonicalForm(f"{value} is outside ±(2^53 − 1)")
        return value
    if kind is list:
        return [_ordered(item) for item in value]
    if kind is dict:
        return {name: _ordered(value[name]) for name in sorted(value, key=_units)}
    raise NoCanonicalForm(f"a {kind.__name__} has no canonical form")


def _units(name: Any) -> bytes:
    """What names are ordered by: UTF-16 code units, in which 𠮷 comes before （ – unlike in UTF-8."""
    if type(name) is not str:
        raise NoCanonicalForm(f"the name of a member must be a string, not {name!r}")
    try:
        return name.encode("utf-16-be")
    except UnicodeEncodeError:
        raise NoCanonicalForm(f"{name!r} is not Unicode") from None
