"""Cells of a register's CSV into the values of its events: in the event's own form, or refused with the reason."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args
from unicodedata import normalize

from enforcement.fields import Form
from enforcement.values import Text

Reader = Callable[[str], Any]
_DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?")
_COMPACT = re.compile(r"[0-9]{8}")
_BETWEEN = re.compile("[、;；|]")
YES, NO = {"是", "yes", "true", "1"}, {"否", "no", "false", "0"}


class BadCell(ValueError):
    """A cell that does not have its form."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected


def text(hint: Any) -> Reader:
    """A text of a field type of `enforcement.fields`."""
    form = next(extra for extra in get_args(hint) if isinstance(extra, Form))

    def read(cell: str) -> str:
        value = normalize("NFC", cell)
        if not form.test(value):
            raise BadCell(form.expected)
        return value

    return read


def capital(hint: Any) -> Reader:
    """The same in capitals."""
    read = text(hint)
    return lambda cell: read(cell.upper())


def small(hint: Any) -> Reader:
    """The same in small letters."""
    read = text(hint)
    return lambda cell: read(cell.lower())


def choice(words: Mapping[str, str]) -> Reader:
    """One of some words, in Chinese or as the ledger has it."""
    known = {**words, **{word: word for word in words.values()}}
    listed = Text("one of " + ", ".join(dict.fromkeys(words.values())), "以下之一：" + "、".join(words))

    def read(cell: str) -> str:
        try:
            return known[cell]
        except KeyError:
            raise BadCell(listed) from None

    return read


def named(words: Callable[[], Mapping[str, str]], hint: Any) -> Reader:
    """A word of a table of names, or a value of the form as it is."""
    read = small(hint)
    return lambda cell: words().get(cell) or read(cell)


def day(cell: str) -> str:
    """A day as people write it: 2026-03-02, 2026/3/2, 2026年3月2日, 20260302."""
    found = _DAY.fullmatch(cell)
    if found and (_COMPACT.fullmatch(cell) or not cell.isdigit()):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            pass
    raise BadCell(Text("a day such as 2026-03-02", "日期，如 2026-03-02"))


def listed(read: Reader) -> Reader:
    """Several values with 、 or ; between them, each once, sorted."""
    return lambda cell: sorted({read(part.strip()) for part in _BETWEEN.split(cell) if part.strip()})


def flag(cell: str) -> bool:
    """是 or 否."""
    if cell.lower() in YES | NO:
        return cell.lower() in YES
    raise BadCell(Text("yes or no", "是或否"))


def count(cell: str) -> int:
    """A whole number from 0."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
        raise BadCell(Text("a whole number from 0 to 999999", "0 至 999999 的整数"))
    return int(cell)
