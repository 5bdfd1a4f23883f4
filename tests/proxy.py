"""A TCP proxy on 127.0.0.1 for tests of bad networks: it cuts, delays, and swallows what goes either way.

A client that is told other addresses by the service – Kafka's are – has to be told the proxy's. `swallow` is the
evil of the three: bytes vanish and no connection breaks, as behind a firewall that forgot the connection.
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

CHUNK = 65536


class Proxy:
    """Passes on what comes to `port` until told otherwise; every switch also holds for connections already open."""

    def __init__(self, target: tuple[str, int] | str, port: int = 0) -> None:
        """`target` is (host, port) or the path of a socket; port 0 takes a free one."""
        self._target = target
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._flows = {"up": True, "down": True}
        self._refuses = False
        self._delay = 0.0
        self._closed = threading.Event()
        self.passed = {"up": 0, "down": 0}
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def cut(self) -> None:
        """Break every connection; new ones are let in."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def refuse(self, refuses: bool = True) -> None:
        """Break every connection, and new ones as well for as long as it refuses."""
        self._refuses = refuses
        self.cut()

    def delay(self, seconds: float) -> None:
        """Hold every piece back for so long, either way."""
        self._delay = seconds

    def swallow(self, up: bool = False, down: bool = False) -> None:
        """Let what goes to the service (up) or comes from it (down) vanish, until called again."""
        self._flows = {"up": not up, "down": not down}

    def close(self) -> None:
        """Break everything and listen no more."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            service = None if self._refuses else self._connect()
            if service is None:
                client.close()
                continue
            with self._lock:
                self._open |= {client, service}
            for way, source, sink in (("up", client, service), ("down", service, client)):
                threading.Thread(target=self._pump, args=(way, source, sink), daemon=True).start()

    def _connect(self) -> socket.socket | None:
        service = None
        try:
            if not isinstance(self._target, str):
                return socket.create_connection(self._target)
            service = socket.socket(socket.AF_UNIX)
            service.connect(self._target)
        except OSError:
            if service is not None:
                service.close()
            return None
        return service

    def _pump(self, way: str, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK):
                if self._delay:
                    self._closed.wait(self._delay)
                if self._flows[way]:
                    sink.sendall(piece)
                    self.passed[way] += len(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._bury(source)

    def _bury(self, ended: socket.socket) -> None:
        """Each pump closes the end it read from, so a number is never reused under the other one."""
        with self._lock:
            self._open.discard(ended)
            ended.close()
