"""Regular expressions of RFC 9485 (I-Regexp), matched as a whole: the announced form of a public number.

They are read by the grammar of the RFC and matched by following sets of positions, so no expression and no text
makes it slow, and none means more here than elsewhere: `^` and `$` are characters like others, `.` is any
character but line feed and carriage return. `\\p{…}` is refused: its answer depends on the version of Unicode.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

ESCAPED = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "()*+-.?[\\]^{|}"}
NORMAL = re.compile(r"[^()*+.?\[\\\]{|}]")
IN_CLASS = re.compile(r"[^\-\[\\\]]")
QUANTITY = re.compile(r"\{([0-9]+)(?:(,)([0-9]+)?)?\}")
SIMPLE = {"*": (0, None), "+": (1, None), "?": (0, 1)}
DEEPEST = 100


class NotIRegexp(ValueError):
    """The text is no I-Regexp, or one with \\p{…}; the message says where it stops being one."""


@dataclass(frozen=True)
class Characters:
    """One character out of ranges, or (`other`) one outside of them."""

    ranges: tuple[tuple[str, str], ...]
    other: bool = False

    def ends(self, text: str, starts: set[int]) -> set[int]:
        return {at + 1 for at in starts if at < len(text) and self._has(text[at]) != self.other}

    def _has(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges)


@dataclass(frozen=True)
class Sequence:
    """One part after the other."""

    parts: tuple["Node", ...]

    def ends(self, text: str, starts: set[int]) -> set[int]:
        for part in self.parts:
            starts = part.ends(text, starts)
        return starts


@dataclass(frozen=True)
class Choice:
    """Any of the branches."""

    branches: tuple["Node", ...]

    def ends(self, text: str, starts: set[int]) -> set[int]:
        return set().union(*(branch.ends(text, starts) for branch in self.branches))


@dataclass(frozen=True)
class Repeat:
    """The part at least `low` and at most `high` times (None: without end)."""

    part: "Node"
    low: int
    high: int | None

    def ends(self, text: str, starts: set[int]) -> set[int]:
        """A set that no longer changes, or is empty, stays so: `a{1000000}` needs no million steps."""
        for _ in range(self.low):
            before, starts = starts, self.part.ends(text, starts)
            if starts == before:
                break
        found, fresh, left = set(starts), starts, -1 if self.high is None else self.high - self.low
        while fresh and left:
            fresh = self.part.ends(text, fresh) - found
            found |= fresh
            left -= 1
        return found


Node = Characters | Sequence | Choice | Repeat
ANY = Characters((("\n", "\n"), ("\r", "\r")), other=True)


def parse(source: str) -> Node:
    """The expression; NotIRegexp when the text is none."""
    reader = _Reader(source)
    found = reader.choice(0)
    if reader.at < len(source):
        reader.refuse("an unexpected")
    return found


def matches(expression: Node, text: str) -> bool:
    """Whether the expression matches the whole text."""
    return len(text) in expression.ends(text, {0})


class _Reader:
    """Recursive descent over the grammar of RFC 9485 §4; one method a production."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def choice(self, depth: int) -> Node:
        if depth > DEEPEST:
            self.refuse("groups nested too deeply at")
        branches = [self.branch(depth)]
        while self.took("|"):
            branches.append(self.branch(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def branch(self, depth: int) -> Node:
        parts = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            parts.append(self.piece(depth))
        return Sequence(tuple(parts))

    def piece(self, depth: int) -> Node:
        atom = self.atom(depth)
        here = self.source[self.at : self.at + 1]
        if here in SIMPLE:
            self.at += 1
            return Repeat(atom, *SIMPLE[here])
        if here == "{":
            return Repeat(atom, *self.quantity())
        return atom

    def quantity(self) -> tuple[int, int | None]:
        found = QUANTITY.match(self.source, self.at)
        if not found:
            self.refuse("no quantity such as {2} or {2,5} at")
        low = natural(found[1])
        high = natural(found[3]) if found[3] else None if found[2] else low
        if high is not None and high < low:
            self.refuse("a quantity that ends before it begins at")
        self.at = found.end()
        return low, high

    def atom(self, depth: int) -> Node:
        if self.took("("):
            inner = self.choice(depth + 1)
            if not self.took(")"):
                self.refuse("no closing parenthesis at")
            return inner
        if self.took("."):
            return ANY
        if self.took("["):
            return self.character_class()
        if self.took("\\"):
            return _only(self.escaped())
        if not NORMAL.match(self.source, self.at):
            self.refuse("an unexpected")
        return _only(self.next())

    def escaped(self) -> str:
        here = self.source[self.at : self.at + 1]
        if here in ("p", "P"):
            self.refuse("a category of characters, which is not used here, at")
        if here not in ESCAPED:
            self.refuse("a backslash before")
        return ESCAPED[self.next()]

    def character_class(self) -> Node:
        other, ranges = self.took("^"), list[tuple[str, str]]()
        if self.took("-"):
            ranges.append(("-", "-"))
        while not self.took("]"):
            if ranges and self.source.startswith("-]", self.at):
                self.at += 1
                ranges.append(("-", "-"))
            else:
                ranges.append(self.range())
        if not ranges:
            self.refuse("an empty class before")
        return Characters(tuple(ranges), other)

    def range(self) -> tuple[str, str]:
        low = high = self.class_character()
        if self.source.startswith("-", self.at) and not self.source.startswith("-]", self.at):
            self.at += 1
            high = self.class_character()
        if high < low:
            self.refuse("a range that ends before it begins at")
        return low, high

    def class_character(self) -> str:
        if self.took("\\"):
            return self.escaped()
        if not IN_CLASS.match(self.source, self.at):
            self.refuse("an unexpected")
        return self.next()

    def took(self, character: str) -> bool:
        if not self.source.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def next(self) -> str:
        self.at += 1
        return self.source[self.at - 1]

    def refuse(self, what: str) -> NoReturn:
        here = repr(self.source[self.at]) if self.at < len(self.source) else "the end"
        raise NotIRegexp(f"{what} {here} (character {self.at + 1})")


def natural(digits: str) -> int:
    """A whole number of any length; `int` alone stops at 4,300 digits."""
    found = 0
    for start in range(0, len(digits), 4000):
        part = digits[start : start + 4000]
        found = found * 10 ** len(part) + int(part)
    return found


def _only(character: str) -> Characters:
    return Characters(((character, character),))
