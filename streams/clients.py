"""Chooses the client library that the settings ask for, and imports no other."""

from importlib import import_module

from enforcement.settings import Settings
from streams import trouble
from streams.port import Access, Clients

MODULES = {"kafka-python": ("streams.kafka", "kafka"), "librdkafka": ("streams.confluent", "librdkafka")}


def clients(settings: Settings) -> Clients:
    """What makes producers, consumers and admins. Fatal when the library is not installed."""
    return library(settings.kafka_client, Access.of(settings))


def library(name: str, access: Access) -> Clients:
    """The same, by the name of the client."""
    module, extra = MODULES[name]
    try:
        made: Clients = import_module(module).Library(access)
    except ImportError as error:
        raise trouble.not_installed(name, extra) from error
    return made
