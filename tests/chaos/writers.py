"""Officers at work: they file cases and note facts through the API, and repeat what got no answer under its key."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.api.conftest import CLUE
from tests.e2e.server import Caller

PAUSE = 0.05
AGAIN = 0.1
NO_ANSWER = frozenset({0, 500, 503})
"""Nobody there, a connection that broke under a command, a database that is away: what was recorded is not known."""


class Writer(threading.Thread):
    """One officer; every command has a key of its own, and every receipt is kept."""

    def __init__(self, apis: Sequence[Caller], number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.receipts: list[dict[str, Any]] = []
        self.repeats = 0
        self.answers: Counter[int] = Counter()
        self.silence = 0.0
        """The longest time in seconds without an answer."""
        self.failure: BaseException | None = None
        self._apis, self._number, self._ending = apis, number, stop
        self._chance = random.Random(number)
        self._token = apis[0].token("intake", f"wz-w-{number}")

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.failure = error

    def _work(self) -> None:
        count = 0
        while not self._ending.wait(PAUSE):
            count += 1
            key = f"{self._number}-{count}"
            opened = self._send("/cases", {"occurred": "2026-03-02", "data": CLUE}, key)
            for note in range(self._chance.randrange(4) if opened else 0):
                noted = {"type": "case.noted", "occurred": "2026-03-03", "data": {"what": f"note {note}"}}
                self._send(f"/cases/{opened['id']}/events", noted, f"{key}-{note}")  # type: ignore[index]

    def _send(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        begun = time.monotonic()
        while not self._ending.is_set():
            api = self._chance.choice(self._apis)
            status, _, answer = api.request("POST", path, body, headers)
            self.answers[status] += 1
            if status == 201:
                self.silence = max(self.silence, time.monotonic() - begun)
                self.receipts.append(answer)
                return answer  # type: ignore[no-any-return]
            assert status in NO_ANSWER, (status, answer)
            self.repeats += 1
            self._ending.wait(AGAIN)
        return None
