"""What a view needs to find: the services of the application that serves the request, and its own document."""

from typing import TYPE_CHECKING

from flask import current_app
from prometheus_client import CollectorRegistry

if TYPE_CHECKING:
    from api.services import Services

SERVICES = "steelyard"
DOCUMENT = "steelyard-document"
METRICS = "steelyard-metrics"
CORRELATION = "steelyard.correlation"
"""In the request's environment: the id of the command, for the log."""


def services() -> "Services":
    """The services with which the application was created."""
    found: Services = current_app.extensions[SERVICES]
    return found


def document() -> bytes:
    """The OpenAPI document of the application, as bytes."""
    found: bytes = current_app.extensions[DOCUMENT]
    return found


def metrics() -> CollectorRegistry:
    """The figures of the application."""
    found: CollectorRegistry = current_app.extensions[METRICS]
    return found
