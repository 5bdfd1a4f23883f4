"""A relay killed at any step: its heir sends the tail again, byte for byte, and leaves no gap."""

import subprocess
import sys
from pathlib import Path

from enforcement.store import LedgerRecorder
from streams import cursors, database
from streams.cursors import Cursor
from tests.store.stores import ROOT
from tests.streams.crashing import seen
from tests.streams.ledgers import NAME, fill

EVENTS = 9
WINDOW = 4


def test_a_kill_at_any_step_costs_copies_but_no_gap(
    url: str, recorder: LedgerRecorder, tmp_path: Path
) -> None:
    fill(recorder, EVENTS)
    folder = tmp_path / "logs"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.streams.crashing", url, str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=240)
    deaths = sorted(folder.iterdir())
    # a turn, nine messages, three batches acknowledged and three cursors moved: sixteen steps to die at
    assert len(deaths) > 16
    copies = []
    for path in deaths:
        records = seen(path)
        positions = [int(dict(record.headers)["position"]) for record in records]
        assert list(dict.fromkeys(positions)) == list(range(1, EVENTS + 1)), path
        assert len(set(records)) == EVENTS, path
        copies.append(len(records) - EVENTS)
    assert max(copies) == WINDOW
    assert copies[-1] == 0
    with database.opened(url) as conn:
        assert {kept.at for topic, kept in cursors.kept(conn, NAME).items() if "ledger" in topic} == {
            Cursor(EVENTS, EVENTS)
        }
