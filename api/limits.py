"""A limit on how often something is asked, that remembers nobody: one bucket for all, refilled with time.

It keeps no address and no trace of a caller, so it cannot tell one from another either: under a flood everybody waits.
Each process has its own.
"""

from collections.abc import Callable
from threading import Lock

from api.errors import TooManyRequests


class Bucket:
    """At most `size` at once, and `rate` a second in the long run."""

    def __init__(self, size: int, rate: float, clock: Callable[[], float]) -> None:
        self.size, self.rate, self._clock = size, rate, clock
        self._left, self._at, self._lock = float(size), clock(), Lock()

    def take(self) -> None:
        """One more; TooManyRequests, with the seconds to wait, where the bucket is empty."""
        with self._lock:
            now = self._clock()
            self._left = min(self.size, self._left + (now - self._at) * self.rate)
            self._at = now
            if self._left < 1:
                raise TooManyRequests(int((1 - self._left) / self.rate) + 1)
            self._left -= 1
