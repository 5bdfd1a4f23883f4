"""A file as numbered lines, each of bounded length, so that no file can fill the memory.

Lines end with LF or CR LF and nothing else: U+2028 and its like may stand inside a text. Blank lines are passed
over but counted, so that a number is the one an editor shows. A byte order mark is taken off the first line.
"""

from collections.abc import Iterator
from typing import IO, NamedTuple

MAX_LINE = 64 * 1024
"""Bytes of a line that can still become an event: its envelope holds the whole record."""
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line without its end; `raw` is None where the line is longer than MAX_LINE."""

    number: int
    raw: bytes | None
    size: int


def lines(file: IO[bytes]) -> Iterator[Line]:
    """Every line that is not blank."""
    number = 0
    while head := file.readline(MAX_LINE + 2):
        number += 1
        size = len(head) + _skip_rest(file, head)
        raw = head.rstrip(b"\r\n")
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if raw.strip():
            yield Line(number, raw if len(raw) <= MAX_LINE else None, size)


def _skip_rest(file: IO[bytes], head: bytes) -> int:
    """Read on to the end of a line that is too long; the number of bytes passed over."""
    skipped, piece = 0, head
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(MAX_LINE)
        skipped += len(piece)
    return skipped
