"""`GET /cases/{id}` – token, region, read model, deadlines, what may happen next – against a bare Flask route.

Both answer the same bytes through the same test client; the bare route does nothing but return them. Asked at
1,000 and at 100,000 cases. A case that was asked for before is kept rendered and only looked up (`queries.current`),
so cases that were not are a figure of their own.
"""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.services import Services, build
from enforcement.settings import Settings
from enforcement.store import open_recorder
from projections.registry import PROJECTIONS
from tests.bench.frame import Figure, in_turn
from tests.bench.material import cases, record_all, token

SIZES = (1_000, 100_000)
REQUESTS = 400

Work = Callable[[], int]


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """The ratio at both sizes, and the rate at the larger size against that at the smaller."""
    asks = []
    opened = [_filled(folder / str(size), size) for size in SIZES]
    for size, services in zip(SIZES, opened, strict=True):
        ask, first, bare = _clients(services, size)
        asks.append(ask)
        yield in_turn(
            f"GET /cases/{{id}}, {size:,} cases",
            ask,
            bare,
            aim=">= 0.4",
            unit="requests/s",
            against="a Flask route returning the same bytes",
        )
    yield in_turn(
        f"GET /cases/{{id}} of cases not asked for before, {SIZES[-1]:,} cases",
        first,
        bare,
        aim="-",
        unit="requests/s",
        against="a Flask route returning the same bytes",
    )
    yield in_turn(
        f"{SIZES[0]:,} cases against {SIZES[1]:,}",
        *asks,
        aim="<= 1.3",
        unit="requests/s",
        against=f"the same request at {SIZES[1]:,} cases",
    )
    for services in opened:
        services.close()


def _filled(folder: Path, size: int) -> Services:
    folder.mkdir()
    environ = {
        "STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "STEELYARD_AUTH_KEY_FILE": str(folder / "key.json"),
    }
    settings = Settings.from_env(environ)
    services = build(settings)
    record_all(open_recorder(settings.recorder_env()), cases(size))
    services.follower.start()
    if not all(services.follower.wait_for(services.ledger.head(), 600, name) for name in PROJECTIONS):
        raise TimeoutError("the read models were not filled")
    return services


def _clients(services: Services, size: int) -> tuple[Work, Work, Work]:
    """Some thousand cases asked for again and again, cases that nobody has asked for, and the bare route."""
    client = create_app(services).test_client()
    headers = {"Authorization": f"Bearer {token(services)}"}
    again = itertools.cycle(range(0, size, max(1, size // 997)))
    first = iter(range(1, size, 7))
    answer = client.get(f"/cases/case-bench-{next(again)}", headers=headers)
    assert answer.status_code == 200, answer.data
    body = answer.data
    plain = Flask("bare")
    plain.add_url_rule(
        "/cases/<id>", view_func=lambda id: plain.response_class(body, mimetype="application/json")
    )
    return (
        partial(_ask, client, again, headers),
        partial(_ask, client, first, headers),
        partial(_ask, plain.test_client(), again, headers),
    )


def _ask(client: FlaskClient, numbers: Iterator[int], headers: dict[str, str]) -> int:
    for n in itertools.islice(numbers, REQUESTS):
        client.get(f"/cases/case-bench-{n}", headers=headers)
    return REQUESTS
