"""The same broker in a container, where an engine answers: the image of the Apache project, on the host's network."""

import shutil
import subprocess
from uuid import uuid4

from tests.kafka import install
from tests.kafka.broker import await_answer, free_ports, settings

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

    def __init__(self) -> None:
        self._ports = free_ports(5)
        self._made = False
        self.name = f"steelyard-tests-{uuid4().hex[:12]}"
        self.address = f"127.0.0.1:{self._ports[0]}"
        self.proxied = (self._ports[2], self._ports[1])

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
        values = settings(self._ports, DATA)
        # the image formats for a quorum that is named, not for one that is found
        values["controller.quorum.voters"] = "1@" + values.pop("controller.quorum.bootstrap.servers")
        named = (f"KAFKA_{key.upper().replace('.', '_')}={value}" for key, value in values.items())
        return [word for variable in named for word in ("-e", variable)]


def remove(name: str) -> None:
    """Stop a container and forget what it held."""
    _docker("rm", "-f", "-v", name)


def _docker(*words: str) -> str:
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout
