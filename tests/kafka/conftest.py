"""Both client libraries, each for every test of the contract."""

from collections.abc import Callable

import pytest

from streams.clients import MODULES, library
from streams.port import Access, Clients

Connect = Callable[[str], Clients]


@pytest.fixture(params=MODULES)
def client(request: pytest.FixtureRequest) -> str:
    """The name of a client library."""
    return str(request.param)


@pytest.fixture
def clients(client: str, kafka: str) -> Clients:
    """The library, connected to the shared broker."""
    return library(client, Access(brokers=kafka))


@pytest.fixture
def connect(client: str) -> Connect:
    """The library, connected to the broker at an address."""
    return lambda address: library(client, Access(brokers=address))
