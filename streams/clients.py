"""Chooses the client library that the settings ask for, and imports no other."""

from importlib import import_module
from typing import Any

from enforcement.settings import Settings
from streams import trouble
from streams.port import Access, Admin, Clients, Consumer, Producer

MODULES = {"kafka-python": ("streams.kafka", "kafka"), "librdkafka": ("streams.confluent", "librdkafka")}


class Library:
    """One library and one login; what it makes connects when it is first used."""

    def __init__(self, module: Any, access: Access) -> None:
        self._module, self._access = module, access

    def producer(self, patience: float = 30.0) -> Producer:
        made: Producer = self._module.Producer(self._access, patience)
        return made

    def consumer(self, patience: float = 30.0) -> Consumer:
        made: Consumer = self._module.Consumer(self._access, patience)
        return made

    def admin(self, patience: float = 30.0) -> Admin:
        made: Admin = self._module.Admin(self._access, patience)
        return made


def clients(settings: Settings) -> Clients:
    """What makes producers, consumers and admins. Fatal when the library is not installed."""
    return library(settings.kafka_client, Access.of(settings))


def library(name: str, access: Access) -> Clients:
    """The same, by the name of the client."""
    module, extra = MODULES[name]
    try:
        return Library(import_module(module), access)
    except ImportError as error:
        raise trouble.not_installed(name, extra) from error
