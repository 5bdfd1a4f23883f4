"""Material for the benchmarks: published histories like those of the demo, many times, with other ids and dates."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from stdnum.cn import uscc

from api.keys import KeyFile
from api.services import Services
from api.tokens import issue
from enforcement.events import Event, EventMapper, OrjsonTranscoder, Who, known
from enforcement.registry import entity  # noqa: F401  its types are known from here on
from enforcement.store import LedgerRecorder

RECORDED = "2026-11-02T08:00:00.000000Z"
REGIONS = ("330302", "330303", "330304", "330305", "330381", "330382", "330383")
STEPS: Sequence[tuple[str, dict[str, Any]]] = (
    ("case.inspected", {"note": "standard weights: the scale fails"}),
    ("case.measure-imposed", {"items": "1 price scale", "kind": "seize"}),
    ("case.filed", {}),
    ("case.penalty-decided", {"penalties": [{"violation": "v1", "fine": "1400", "goods": "1 scale"}]}),
    ("case.published", {"where": "the bureau's page"}),
)


def histories(cases: int, each: int) -> Iterator[list[tuple[str, list[Event]]]]:
    """Batches of whole new cases of six small events, `each` events or so a batch."""
    per_batch = max(1, each // (len(STEPS) + 1))
    for first in range(0, cases, per_batch):
        yield [history(n) for n in range(first, min(first + per_batch, cases))]


def cases(count: int) -> Iterator[Event]:
    """The events of so many new cases, one case after another."""
    for n in range(count):
        yield from history(n)[1]


def record_all(log: LedgerRecorder, events: Iterable[Event], together: int = 2_000) -> None:
    """Record ready events, so many a save."""
    stored = map(EventMapper(OrjsonTranscoder()).to_stored_event, events)
    while batch := list(itertools.islice(stored, together)):
        log.insert_events(batch)


def history(n: int) -> tuple[str, list[Event]]:
    """One published case: imported, inspected, seized, filed, decided, published."""
    id = f"case-bench-{n}"
    who = Who("steelyard-import", "bureau_system", f"bench-{n}")
    opened: dict[str, Any] = {
        "record": "{}",
        "record_id": f"bench-{n}",
        "sha256": "0" * 64,
        "authority": "温州市市场监督管理局",
        "region": REGIONS[n % len(REGIONS)],
        "source": "inspection",
        "parties": [{"id": "p1", "kind": "sole_trader"}],
        "violations": [{"id": "v1", "act": "scale without valid verification"}],
        "history": True,
    }
    day = n % 27 + 1
    events = [made(id, 1, who, "case.imported", None, opened)]
    for version, (topic, data) in enumerate(STEPS, start=2):
        on = f"2025-{version + 1:02d}-{day:02d}"
        events.append(made(id, version, who, topic, on, {**data, "history": True}))
    return id, events


def registration(n: int) -> Event:
    """One business is registered; its code is nobody's."""
    body = f"91{REGIONS[n % len(REGIONS)]}{n:09d}"
    code = body + uscc.calc_check_digit(body)
    data = {
        "uscc": code,
        "name": f"merchant {n}",
        "kind": "sole_trader",
        "region": REGIONS[n % len(REGIONS)],
        "sector": "F52",
    }
    who = Who("steelyard-import", "bureau_system", f"bench-{code}")
    return made(f"entity-{code}", 1, who, "entity.registered", f"2025-03-{n % 27 + 1:02d}", data, code)


def made(
    id: str, version: int, who: Who, topic: str, occurred: str | None, data: dict[str, Any], subject: str = ""
) -> Event:
    """An event of a bench, as it would be recorded."""
    cls = known(topic)
    assert cls is not None
    return cls.new(id, version, who, RECORDED, occurred, data, subject or id)


def token(services: Services) -> str:
    """A token that sees the whole bureau."""
    key = KeyFile(services.settings.auth_key_file)
    settings = services.settings
    return issue(key, "wz-bench", ("auditor",), settings.region, services.clock(), timedelta(hours=1))
