"""A CSV file as bureaux make them: UTF-8 or GB18030, with or without a byte order mark, a header in Chinese or English.

Rows come one by one with the line on which they begin, so that a file of any size is read in bounded memory. Bytes that
are not of the encoding stay what they are (surrogates): the row is refused, and written back unchanged.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, NamedTuple

from enforcement.errors import InvalidData
from enforcement.values import Text

UTF8, GB = "utf-8", "gb18030"
BOM, UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
MAX_LINE = 64 * 1024
SAMPLE = 1 << 20


class Row(NamedTuple):
    """One row: the line on which it begins, its cells, and the bytes of the file read so far."""

    line: int
    cells: list[str]
    done: int


class Unreadable(Exception):
    """A row that is no CSV."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.said = Text(f"not CSV: {why}", f"不是有效的 CSV：{why}")


class CsvFile:
    """An open file (one that can be read again from its beginning) and what its header says."""

    def __init__(self, file: IO[bytes], names: Mapping[str, str]) -> None:
        """`names`: every name that a column may have → its field. InvalidData where no header can be read."""
        self._file = file
        head = file.read(SAMPLE)
        if head.startswith(UTF16):
            raise _no_header(
                "UTF-16 is not read; save the file as CSV UTF-8", "不支持 UTF-16，请另存为 CSV UTF-8"
            )
        self.bom = head.startswith(BOM)
        self.encoding = _encoding(head.removeprefix(BOM), names)
        file.seek(len(BOM) if self.bom else 0)
        self._done, self._started = file.tell(), 0
        self._reader = csv.reader(self._lines(), strict=True)
        self.header = self._header()
        self.columns = {
            place: names[name] for place, name in enumerate(map(plain, self.header)) if name in names
        }
        twice = sorted({f for f in self.columns.values() if list(self.columns.values()).count(f) > 1})
        if twice:
            raise _no_header(f"a column stands twice: {', '.join(twice)}", f"列重复：{'、'.join(twice)}")

    def rows(self) -> Iterator[Row | Unreadable]:
        """Every row that is not empty."""
        while True:
            begins = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Unreadable(begins, str(error))
                continue
            if any(cells):
                yield Row(begins, cells, self._done)

    def _header(self) -> list[str]:
        try:
            return next(self._reader)
        except (StopIteration, csv.Error):
            raise _no_header("the file has no header", "文件没有表头") from None

    def _lines(self) -> Iterator[str]:
        while raw := self._file.readline(MAX_LINE):
            self._done += len(raw)
            yield raw.decode(self.encoding, "surrogateescape")


def plain(name: str) -> str:
    """A column's name without what spreadsheets and typists add."""
    return "".join(name.split()).strip('"*＊').lower()


def _encoding(head: bytes, names: Mapping[str, str]) -> str:
    """The encoding in which the first line names columns; where both do, the one in which the beginning can be read."""
    line = head.partition(b"\n")[0]
    for encoding in (UTF8, GB):
        with suppress(UnicodeDecodeError):
            known = sum(plain(name) in names for name in line.decode(encoding).split(","))
            if known and not (encoding == UTF8 and line.isascii() and not _is_utf8(head)):
                return encoding
    return UTF8


def _is_utf8(head: bytes) -> bool:
    """Whether a beginning is UTF-8; its last character may be cut."""
    try:
        head.decode(UTF8)
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and error.reason == "unexpected end of data"
    return True


def _no_header(en: str, zh: str) -> InvalidData:
    return InvalidData({"header": [Text(en, zh)]})


def required(columns: Sequence[str], wanted: Mapping[str, str]) -> None:
    """InvalidData where the header lacks a column; `wanted`: field → its name for people."""
    missing = [name for field, name in wanted.items() if field not in columns]
    if missing:
        raise _no_header(f"missing columns: {', '.join(missing)}", f"缺少列：{'、'.join(missing)}")
