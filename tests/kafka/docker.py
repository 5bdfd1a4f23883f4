"""The same broker in a container, where an engine answers: the image of the Apache project, on the host's network."""

import shutil
import subprocess
from collections.abc import Mapping
from uuid import uuid4

from tests.kafka import install
from tests.kafka.broker import await_answer, free_ports, in_one_line, settings, with_extra

DATA = "/var/lib/kafka/data"


def answers() -> bool:
    """Whether a container engine can be used here."""
    if not shutil.which("docker"):
        return False
    try:
        return not subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode
    except subprocess.TimeoutExpired:
        return False


class DockerBroker:
    """A container that is told its whole configuration by variables, as the image wants it."""

    def __init__(self, extra: Mapping[str, str] | None = None) -> None:
        """`extra` is what it is for the other broker."""
        self._ports = free_ports(5)
        self._values = with_extra(settings(self._ports, DATA), extra or {}, self._ports[4])
        self._made = False
        self.name = f"steelyard-tests-{uuid4().hex[:12]}"
        self.address = f"127.0.0.1:{self._ports[0]}"
        self.proxied = (self._ports[2], self._ports[1])
        self.further = f"127.0.0.1:{self._ports[4]}"

    @property
    def running(self) -> bool:
        return _docker("inspect", "-f", "{{.State.Running}}", self.name).strip() == "true"

    def start(self) -> None:
        if self._made:
            _docker("start", self.name)
        else:
            image = f"apache/kafka:{install.version()}"
            _docker("run", "-d", "--network", "host", "--name", self.name, *self._options(), image)
            self._made = True
        await_answer(self._ports[0])

    def stop(self) -> None:
        _docker("stop", self.name)

    def kill(self) -> None:
        _docker("kill", "-s", "KILL", self.name)

    def pause(self) -> None:
        _docker("pause", self.name)

    def resume(self) -> None:
        if _docker("inspect", "-f", "{{.State.Paused}}", self.name).strip() == "true":
            _docker("unpause", self.name)

    def _options(self) -> list[str]:
        values = dict(self._values)
        # the image formats for a quorum that is named, not for one that is found
        values["controller.quorum.voters"] = "1@" + values.pop("controller.quorum.bootstrap.servers")
        named = (f"KAFKA_{_variable(key)}={in_one_line(value)}" for key, value in values.items())
        return [word for variable in named for word in ("-e", variable)]


def _variable(setting: str) -> str:
    return setting.upper().replace("_", "__").replace("-", "___").replace(".", "_")


def remove(name: str) -> None:
    """Stop a container and forget what it held."""
    _docker("rm", "-f", "-v", name)


def _docker(*words: str) -> str:
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout
