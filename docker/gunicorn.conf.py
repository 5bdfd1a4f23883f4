"""How gunicorn serves the API in its container; everything else comes from the settings (STEELYARD_…).

One worker process with threads, so that /metrics tells of all requests; for more of them start more containers. The
application is made after the fork (no preload): connections and threads do not survive one.
"""

from enforcement.settings import Settings

settings = Settings.from_env()

bind = f"{settings.host}:{settings.port}"
workers = 1
threads = 16
keepalive = 75
graceful_timeout = 25
# the heartbeat file must not wait for a disk, and the container's own is read-only
worker_tmp_dir = "/dev/shm"
# nothing is steered from inside: containers are started and stopped
control_socket_disable = True

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "api.logs.JsonLines" if settings.log == "json" else "api.logs.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"handlers": [], "propagate": True}, "gunicorn.access": {"handlers": []}},
}
