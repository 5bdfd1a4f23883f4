"""Waiting for something to become so, as tests of several processes have to: never for a time to pass."""

import threading
import time
from collections.abc import Callable

PATIENCE = 60.0


def until(reached: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return as soon as it is so; AssertionError when it never is."""
    pause, end = threading.Event(), time.monotonic() + patience
    while not reached():
        if time.monotonic() > end:
            raise AssertionError("it did not happen")
        pause.wait(0.005)
