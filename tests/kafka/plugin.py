"""Brokers for the tests: one for the whole run, which nobody harms, and one of its own for each worker, to be killed.

The shared one is the one that STEELYARD_TEST_KAFKA names; else, as the workers' own, one in Docker where an
engine answers, else the real thing from Maven. Where none can be had the tests are skipped with the reason.
Topics are never shared: every test puts its own prefix before their names.
"""

import contextlib
import fcntl
import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.kafka import docker
from tests.kafka.broker import Broker, JavaBroker
from tests.kafka.docker import DockerBroker
from tests.kafka.install import Unavailable

GIVEN = "STEELYARD_TEST_KAFKA"
HOME = pytest.StashKey[tuple[Path, int]]()
"""The folder of the shared broker, and the process with which it goes."""


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("steelyard_kafka")
    name, owner = given or (f"steelyard-kafka-{secrets.token_hex(8)}", os.getpid())
    config.stash[HOME] = (Path(tempfile.gettempdir()) / name, owner)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    folder, owner = node.config.stash[HOME]
    node.workerinput["steelyard_kafka"] = (folder.name, owner)


def pytest_unconfigure(config: pytest.Config) -> None:
    folder, _ = config.stash.get(HOME, (None, 0))
    if folder is not None and folder.exists() and not hasattr(config, "workerinput"):
        if (folder / "pid").exists():
            JavaBroker(folder).kill()
        if (folder / "container").exists():
            docker.remove((folder / "container").read_text())
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> str:
    """The address of the broker that all tests share."""
    if given := os.environ.get(GIVEN):
        return given
    folder, owner = pytestconfig.stash[HOME]
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "starting").open("w") as gate, skipping():
        fcntl.flock(gate, fcntl.LOCK_EX)
        known = folder / "address"
        if not known.exists():
            known.write_text(_shared(folder, owner))
        return known.read_text()


def _shared(folder: Path, owner: int) -> str:
    if docker.answers():
        container = DockerBroker()
        container.start()
        (folder / "container").write_text(container.name)
        return container.address
    broker = JavaBroker(folder)
    broker.watch(owner)
    broker.start()
    return broker.address


@pytest.fixture(scope="session")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of this worker, in whatever state the last test left it."""
    with running(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def broker(own_broker: Broker) -> Iterator[Broker]:
    """A broker that this test may harm; it runs when the test begins and when the next one does."""
    yield own_broker
    own_broker.resume()
    if not own_broker.running:
        own_broker.start()
    gc.collect()  # kafka-python leaves sockets that could not connect to the collector: here, not in another test


@pytest.fixture
def prefix() -> str:
    """The first part of the names of this test's topics and groups."""
    return f"t{uuid4().hex[:10]}."


@contextlib.contextmanager
def running(folder: Path, extra: Mapping[str, str] | None = None) -> Iterator[Broker]:
    """A broker of one's own, gone afterwards."""
    with skipping():
        if docker.answers():
            container = DockerBroker(extra)
            container.start()
            yield container
            docker.remove(container.name)
        else:
            broker = JavaBroker(folder, extra)
            broker.watch(os.getpid())
            broker.start()
            yield broker
            broker.kill()


@contextlib.contextmanager
def skipping() -> Iterator[None]:
    """Turn the want of a broker into the reason of a skip."""
    try:
        yield
    except Unavailable as reason:
        pytest.skip(f"no Kafka broker: {reason}")
