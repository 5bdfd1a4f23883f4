"""Whole histories into the ledger, many a save, against the bare library's batches of 100 of the same events.

`append` is given events that are ready, as the library is. `import` begins with the lines of a file: it reads and
checks each record, tells its steps apart, and folds each case once to count its findings.
"""

import io
import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from enforcement.importing.importer import Importer
from tests.bench.bare import bare_application, plain
from tests.bench.commands import open_ledger, settings
from tests.bench.frame import Figure, in_turn
from tests.bench.material import histories

BATCH = 100
CASES = 400


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """Events per second of a batch append and of a whole import."""
    ledger = open_ledger(folder)
    bare = bare_application(settings(folder, "bare").recorder_env())
    fresh = itertools.count(1)

    def append() -> int:
        batches = ready[next(fresh) % len(ready)]
        return sum(len(history) for batch in batches for _, history in _appended(ledger, batch))

    def imported() -> int:
        return Importer(ledger).run(io.BytesIO(texts.pop())).events

    ready = [list(_renamed(n)) for n in range(20)]
    texts = [_records(n) for n in range(20)]
    plains = [
        [plain(e, f"{e.originator_id}-{n}", e.originator_version) for e in _events()] for n in range(40)
    ]

    def library() -> int:
        events = plains.pop()
        for first in range(0, len(events), BATCH):
            bare.save(*events[first : first + BATCH])
        return len(events)

    against = f"Application.save of {BATCH} ready events, same recorder"
    yield in_turn("batch append", append, library, aim=">= 0.8", unit="events/s", against=against)
    yield in_turn("import of a file", imported, library, aim=">= 0.8", unit="events/s", against=against)
    ledger.close()
    bare.close()


def _appended(ledger: Any, batch: Any) -> Any:
    ledger.append(batch)
    return batch


def _events() -> list[Any]:
    return [event for batch in histories(CASES, BATCH) for _, history in batch for event in history]


def _renamed(n: int) -> Iterator[list[tuple[str, list[Any]]]]:
    """The same histories under ids that were never recorded."""
    for batch in histories(CASES, BATCH):
        for id, history in batch:
            for event in history:
                event.__dict__["originator_id"] = event.__dict__["subject"] = f"{id}-{n}"
        yield [(f"{id}-{n}", history) for id, history in batch]


def _records(n: int) -> bytes:
    """The published cases of the demo, under other ids."""
    text = files("api").joinpath("demo", "cases.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]
    stamp = datetime.now(UTC).strftime("%H%M%S")
    lines = [json.dumps({**r, "id": f"{r['id']}-{stamp}-{n}"}, ensure_ascii=False) for r in records]
    return "\n".join(lines).encode()
