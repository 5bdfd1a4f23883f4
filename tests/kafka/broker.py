"""A real broker in a folder: Apache Kafka in KRaft mode, started, stopped, killed, paused and woken by tests.

It has three doors on 127.0.0.1: `address`; a second one that is advertised under another port, `proxied`, so
that a proxy between the two sees everything a client does; and one that `extra` settings may open, `further`.
The ports stay the same when it is started again.
"""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.kafka import install

API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)
CLUSTER = "c3RlZWx5YXJkLXRlc3RzLQ"
PATIENCE = 60.0
# A run that is killed cannot clean up: this does, when the process $1 is gone, for the broker in the folder $2.
WATCH = """(
    while kill -0 "$1"; do sleep 1; done
    kill -9 "$(cat "$2/pid")"
    rm -rf "$2"
) > /dev/null 2>&1 &"""
# A shell in between, so that the broker is nobody's child and whoever ends it has no one to bury.
LAUNCH = 'folder=$1; shift; "$@" < /dev/null >> "$folder/log" 2>&1 & echo $! > "$folder/pid"'


class Broker(Protocol):
    """What tests may do to a broker of their own."""

    address: str
    proxied: tuple[int, int]
    """(the port that is advertised, the port that listens)"""
    further: str

    @property
    def running(self) -> bool:
        """Whether its process is there, paused or not."""

    def start(self) -> None:
        """Return when it answers."""

    def stop(self) -> None:
        """Stop it the friendly way."""

    def kill(self) -> None:
        """As the kernel does when memory runs out (SIGKILL)."""

    def pause(self) -> None:
        """Keep it from running; connections stay open (SIGSTOP)."""

    def resume(self) -> None:
        """Let it run again."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [s.getsockname()[1] for s in sockets]


def settings(ports: list[int], data: str) -> dict[str, str]:
    """The configuration of a broker that is its own controller."""
    direct, behind, advertised, controller = ports[:4]
    doors = {"PLAINTEXT": direct, "PROXIED": behind, "CONTROLLER": controller}
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, port in doors.items()),
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{direct},PROXIED://127.0.0.1:{advertised}",
        "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in doors),
        "log.dirs": data,
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "auto.create.topics.enable": "false",
        "log.cleaner.dedupe.buffer.size": "16777216",
        # a killed broker is let in again when its old session has ended: 9 seconds by default
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
    }


def with_extra(values: dict[str, str], extra: Mapping[str, str], further: int) -> dict[str, str]:
    """`extra` is appended to the values; `{further}` in it is the port of the third door."""
    added = {
        key: values.get(key, "") + value.replace("{further}", str(further)) for key, value in extra.items()
    }
    return values | added


def in_one_line(value: str) -> str:
    """As Java reads it from a properties file."""
    return value.replace("\n", "\\n")


def await_answer(port: int, pid: int | None = None) -> None:
    """Return when the broker answers its first request; RuntimeError when it ends or stays silent."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as connection:
            connection.sendall(API_VERSIONS)
            if connection.recv(1):
                return
        if pid is not None and not _runs(pid):
            raise RuntimeError("the broker ended while it was starting")
        time.sleep(0.05)
    raise RuntimeError(f"the broker does not answer on port {port}")


class JavaBroker:
    """The jars from Maven, run by the Java of the machine; known to other processes by the files in its folder."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        """`extra` settings: see `with_extra`."""
        self.folder = folder
        self._ports = self._kept_ports()
        self.address = f"127.0.0.1:{self._ports[0]}"
        self.proxied = (self._ports[2], self._ports[1])
        self.further = f"127.0.0.1:{self._ports[4]}"
        self._values = with_extra(settings(self._ports, str(folder / "data")), extra or {}, self._ports[4])

    @property
    def running(self) -> bool:
        return self._pid_file.exists() and _runs(self._pid)

    def start(self) -> None:
        if not (self.folder / "data").exists():
            self._format()
        java = [*self._java("-Xmx512m", "-XX:+UseSerialGC"), "kafka.Kafka", str(self._config)]
        command = ["sh", "-c", LAUNCH, "launch", str(self.folder), *java]
        subprocess.run(command, check=True, start_new_session=True)
        await_answer(self._ports[0], self._pid)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def watch(self, owner: int) -> None:
        """Have it killed and its folder removed when the process with this id is gone."""
        command = ["sh", "-c", WATCH, "watch", str(owner), str(self.folder)]
        subprocess.run(command, check=True, start_new_session=True)

    @property
    def _config(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid"

    @property
    def _pid(self) -> int:
        return int(self._pid_file.read_text())

    def _kept_ports(self) -> list[int]:
        kept = self.folder / "ports"
        if not kept.exists():
            kept.write_text(" ".join(map(str, free_ports(5))))
        return [int(port) for port in kept.read_text().split()]

    def _java(self, *options: str) -> list[str]:
        return ["java", "-XX:TieredStopAtLevel=1", *options, "-cp", f"{install.jars()}/*"]

    def _format(self) -> None:
        lines = (f"{key}={in_one_line(value)}\n" for key, value in self._values.items())
        self._config.write_text("".join(lines))
        tool = [*self._java(), "kafka.tools.StorageTool"]
        format = [*tool, "format", "--standalone", "-t", CLUSTER, "-c", str(self._config)]
        subprocess.run(format, check=True, capture_output=True)

    def _end(self, how: signal.Signals) -> None:
        if not self._pid_file.exists():
            return
        pid = self._pid
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, how)
        end = time.monotonic() + PATIENCE
        while _runs(pid) and time.monotonic() < end:
            time.sleep(0.02)
        self._pid_file.unlink()


def _runs(pid: int) -> bool:
    """Whether the process is there and more than the memory of one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
