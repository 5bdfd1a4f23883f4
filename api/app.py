"""Makes the Flask application from ready services. Refuses to start when a route or an error was forgotten.

Every view declares its roles or that it is public, and every error class has its problem type: both are checked
here, so neither can go wrong in production first. Nothing is opened or read from the environment; the caller
hands in what the application works with.
"""

import orjson
from flask import Flask

from api import (
    asyncapi,
    auth,
    calendars,
    cases,
    deadlines,
    entities,
    events,
    headers,
    health,
    law,
    officers,
    openapi,
    pages,
    paths,
    problem_pages,
    problems,
)
from api.context import DOCUMENT, SERVICES
from api.services import Services

BLUEPRINTS = (
    cases.blp,
    deadlines.blp,
    entities.blp,
    officers.blp,
    calendars.blp,
    law.blp,
    events.blp,
    asyncapi.blp,
    health.blp,
    problem_pages.blp,
    pages.blp,
)


def create_app(services: Services) -> Flask:
    """The application; TypeError when a route declares no roles or an error has no problem type."""
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=services.settings.max_body, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.extensions[SERVICES] = services
    paths.register(app)
    collected = openapi.collect(app)
    for blueprint in BLUEPRINTS:
        collected.register_blueprint(blueprint)
    problems.register(app)
    auth.guard(app, auth.access_table(app))
    headers.finish(app)
    health.measure(app, services)
    app.extensions[DOCUMENT] = orjson.dumps(openapi.document(collected))
    return app
