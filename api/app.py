"""Makes the Flask application from ready services. Refuses to start when a route or an error was forgotten.

Every view declares its roles or that it is public, and every error class has its problem type: both are checked
here, so neither can go wrong in production first. Nothing is opened or read from the environment; the caller
hands in what the application works with.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import orjson
from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin

from api import (
    asyncapi,
    auth,
    calendars,
    campaigns,
    cases,
    commitments,
    credit,
    deadlines,
    entities,
    events,
    fairness,
    headers,
    health,
    inspections,
    inspectors,
    instruments,
    items,
    law,
    lists,
    mine,
    netcontent,
    officers,
    openapi,
    pages,
    paths,
    plans,
    policies,
    pools,
    problem_pages,
    problems,
    processes,
    redactions,
    relations,
    report_figures,
    report_pages,
    reports,
    rewards,
    templates,
    things,
    verifying,
)
from api.context import DOCUMENT, SERVICES
from api.services import Services

BLUEPRINTS = (
    cases.blp,
    deadlines.blp,
    entities.blp,
    commitments.blp,
    officers.blp,
    inspectors.blp,
    relations.blp,
    instruments.blp,
    things.blp,
    items.blp,
    plans.blp,
    pools.blp,
    templates.blp,
    calendars.blp,
    campaigns.blp,
    fairness.blp,
    inspections.blp,
    netcontent.blp,
    mine.blp,
    redactions.blp,
    reports.blp,
    report_figures.blp,
    report_pages.blp,
    rewards.blp,
    law.blp,
    policies.blp,
    credit.blp,
    processes.blp,
    lists.blp,
    events.blp,
    asyncapi.blp,
    health.blp,
    problem_pages.blp,
    pages.blp,
    verifying.blp,
)


class NoSessions(SessionInterface):
    """There are no cookies here: who calls stands in the token."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return _NOBODY

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to keep."""


_NOBODY = NullSession()


class InMemory(Request):
    """A request whose uploaded files never touch the disk in clear: they wait in memory until they are sealed."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


class Application(Flask):
    """Flask without cookies, which need not ask of every function whether it is a coroutine: none is."""

    session_interface = NoSessions()
    request_class = InMemory

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(services: Services) -> Flask:
    """The application; TypeError when a route declares no roles or an error has no problem type."""
    app = Application(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=services.settings.max_body, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.extensions[SERVICES] = services
    paths.register(app)
    collected = openapi.collect(app)
    for blueprint in BLUEPRINTS:
        collected.register_blueprint(blueprint)
    problems.register(app)
    auth.guard(app, auth.access_table(app), services.verifier)
    health.measure(app, services)
    app.wsgi_app = headers.Finished(app.wsgi_app)  # type: ignore[method-assign]
    app.extensions[DOCUMENT] = orjson.dumps(openapi.document(collected))
    return app
