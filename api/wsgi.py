"""The application for a WSGI server in production: `gunicorn 'api.wsgi:application()'`.

Each worker process makes its own, after the fork: connections and threads do not survive one. Read models are kept
current here only where no Kafka is set; else `steelyard project` does it in processes of its own.
"""

import atexit

from flask import Flask

from api import logs
from api.app import create_app
from api.services import build
from enforcement.settings import Settings


def application() -> Flask:
    """The application by the settings of the environment; closed when the process ends."""
    settings = Settings.from_env()
    logs.configure(settings)
    services = build(settings)
    atexit.register(services.close)
    app = create_app(services)
    app.wsgi_app = logs.Logged(app.wsgi_app)  # type: ignore[method-assign]
    services.follow()
    services.keep_time()
    return app
