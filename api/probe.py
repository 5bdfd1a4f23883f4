"""`python -m api.probe`: whether the process in this container answers. For health checks; prints nothing.

The API is asked at /healthz, a relay or worker at the port where it shows its figures. Exit code 0 or 1.
"""

import sys
import urllib.request

from enforcement.settings import Settings

SECONDS = 5


def address(settings: Settings) -> str:
    """What answers when the process is well."""
    if settings.metrics_port is not None:
        return f"http://127.0.0.1:{settings.metrics_port}/metrics"
    return f"http://127.0.0.1:{settings.port}/healthz"


def main() -> int:
    """0 when it answers."""
    try:
        with urllib.request.urlopen(address(Settings.from_env()), timeout=SECONDS) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
