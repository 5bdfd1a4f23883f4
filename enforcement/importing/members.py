"""The members of a JSON object, read by name and type; what does not fit is noted and reading goes on.

Texts that an event could not hold – a NUL, half of a surrogate pair – are faults as well: the record itself is kept
word for word, but what is taken out of it must survive every store and every stream.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from enforcement.importing.strict import Number
from enforcement.values import DECIMAL, Text, decimal_text, occurred_bounds

MAX_DIGITS = 20
MAX_WORDS = 4000
"""Characters of a text in an event; a longer one is cut there, and stands in full in the record."""
DATE_LENGTHS = (4, 7, 10)


class Fault(NamedTuple):
    """What is wrong with one member."""

    path: str
    said: Text

    def text(self) -> Text:
        """The sentence with its place."""
        at = f"{self.path}: " if self.path else ""
        return Text(at + self.said.en, at + self.said.zh)


class Rejected(ValueError):
    """A record that is not taken, with every reason."""

    def __init__(self, id: str | None, reasons: Sequence[Text]) -> None:
        self.id = id
        self.reason = Text("; ".join(r.en for r in reasons), "；".join(r.zh for r in reasons))
        super().__init__(self.reason.en)


class Members:
    """One object of a record, and the list of faults that all its parts share."""

    __slots__ = ("at", "faults", "values")

    def __init__(self, values: dict[str, Any], faults: list[Fault] | None = None, at: str = "") -> None:
        self.values = values
        self.faults: list[Fault] = [] if faults is None else faults
        self.at = at

    def fault(self, name: str, said: Text) -> None:
        self.faults.append(Fault(f"{self.at}.{name}" if self.at and name else self.at or name, said))

    def text(self, name: str, *, most: int = 0, empty: bool = False) -> str | None:
        """A text, or None where it is null, absent or – unless `empty` means something – empty."""
        value = self.values.get(name)
        if value is None:
            return None
        if type(value) is not str:
            self._expected(name, value, Text("a text", "字符串"))
            return None
        if not value.isprintable() and not _storable(value):
            self.fault(name, Text("holds a character that cannot be stored", "含有无法存储的字符"))
            return None
        if most and len(value) > most:
            self.fault(name, Text(f"longer than {most} characters", f"超过 {most} 个字符"))
            return None
        if not empty and not value.strip():
            return None
        return value if len(value) <= MAX_WORDS else value[: MAX_WORDS - 1] + "…"

    def flag(self, name: str) -> bool | None:
        """true, false or None."""
        value = self.values.get(name)
        if value is None or value is True or value is False:
            return value
        self._expected(name, value, Text("true, false or null", "true、false 或 null"))
        return None

    def amount(self, name: str) -> str | None:
        """An amount in CNY with the digits of the source: `20679001.10` keeps its last nought."""
        value = self.values.get(name)
        if value is None:
            return None
        amount = _amount(value.text) if isinstance(value, Number) else None
        if amount is None:
            self._expected(name, value, Text("an amount in CNY as a number", "以数字表示的人民币金额"))
        return amount

    def inner(self, name: str) -> "Members":
        """An object; an empty one where there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self._expected(name, value, Text("an object", "对象"))
        return Members(value if isinstance(value, dict) else {}, self.faults, name)

    def list(self, name: str) -> list[Any]:
        """A list; an empty one where it is null or absent."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            self._expected(name, value, Text("a list", "列表"))
        return value if isinstance(value, list) else []

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty ones are left out."""
        found = Members({str(i): value for i, value in enumerate(self.list(name))}, self.faults, name)
        return tuple(text for key in found.values if (text := found.text(key)))

    def objects(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list that must be there, each with its path."""
        if self.values.get(name) is None:
            self._expected(name, None, Text("a list", "列表"))
        for i, value in enumerate(self.list(name)):
            if isinstance(value, dict):
                yield f"{name}[{i}]", value
            else:
                self._expected(f"{name}[{i}]", value, Text("an object", "对象"))

    def _expected(self, name: str, value: Any, wanted: Text) -> None:
        shown = _shown(value)
        self.fault(name, Text(f"expected {wanted.en}, not {shown}", f"应为{wanted.zh}，而非 {shown}"))


def occurred(text: str, today: date) -> Text | None:
    """What is wrong with a date of the forms YYYY, YYYY-MM, YYYY-MM-DD; None when it is one and not in the future."""
    first = _first_day(text)
    if first is None:
        return Text(
            f"{text[:40]!r} is no date of the forms YYYY, YYYY-MM or YYYY-MM-DD",
            f"{text[:40]!r} 不是 YYYY、YYYY-MM 或 YYYY-MM-DD 形式的有效日期",
        )
    if first > today:
        return Text(f"{text} lies in the future; today is {today}", f"{text} 晚于今日 {today}")
    return None


@lru_cache(maxsize=4096)
def _first_day(text: str) -> date | None:
    if len(text) not in DATE_LENGTHS:
        return None
    try:
        bounds = occurred_bounds(text)
    except ValueError:
        return None
    return bounds[0] if bounds else None


def _amount(printed: str) -> str | None:
    if DECIMAL.fullmatch(printed):
        return printed if not printed.startswith("-") and len(printed) <= MAX_DIGITS + 10 else None
    try:
        value = Decimal(printed)
    except ArithmeticError:
        return None
    if value.is_signed() or abs(value.adjusted()) > MAX_DIGITS or len(printed) > MAX_DIGITS + 10:
        return None
    return decimal_text(value)


def _storable(text: str) -> bool:
    """Neither NUL nor half of a surrogate pair; printable texts never hold them."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: Any) -> str:
    if isinstance(value, Number):
        return value.text[:40]
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    return (
        repr(value)[:60] if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
    )
