"""The file of rejected rows: the rows as they came, in their encoding, each with its line and the reason.

It is made when the first row is rejected, and can be imported again once the rows are put right: the columns that say
line and reason are passed over.
"""

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from enforcement.importing.csvfile import BOM, CsvFile, Row
from enforcement.importing.register_importer import Fault
from enforcement.importing.sheet import IGNORED


class Rejects:
    """Writes rejected rows to a path; nothing is made while there are none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._places: list[int] = []

    def take(self, source: CsvFile, row: Row | None, fault: Fault) -> None:
        """Add a row; one that could not be read as a row leaves its line and reason alone."""
        if self._file is None:
            self._begin(source)
        cells = row.cells if row else []
        self._writer.writerow(
            [*(cells[n] if n < len(cells) else "" for n in self._places), fault.line, fault.reason.zh]
        )
        self.written += 1

    def _begin(self, source: CsvFile) -> None:
        if source.bom:
            self.path.write_bytes(BOM)
        self._file = self.path.open(
            "a" if source.bom else "w", encoding=source.encoding, errors="surrogateescape", newline=""
        )
        self._writer = csv.writer(self._file)
        self._places = [n for n, name in enumerate(source.header) if name not in IGNORED]
        self._writer.writerow([*(source.header[n] for n in self._places), *IGNORED])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
