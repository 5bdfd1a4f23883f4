"""A year of a bureau in small: its register, then twelve months of what `capacity.toml` counts, in those proportions.

Every history is whole and such as its read model takes it; a case here has six events, so there are more of them.
"""

from collections.abc import Callable, Iterator
from itertools import count

import enforcement.ledger  # noqa: F401  every type of event is known from here on
from enforcement.events import Event, Who
from tests.bench import capacity
from tests.bench.material import REGIONS, history, made, registration

WHO = Who("steelyard", "bureau_system", "bench-year")
OFFICERS = ["wz-bench-1", "wz-bench-2"]
SEALED = {
    "sealed": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "key": "k-0123456789abcdef",
    "alg": "A256GCM",
}
DIGEST = "0" * 64
MONTHS = 12


def year(scale: int) -> Iterator[Event]:
    """A year of Wenzhou divided by `scale`, in the order of recording."""
    volumes = {row["id"]: row["a_year"] * row["events"] // scale for row in capacity.read()["volume"]}
    businesses, verified = volumes["classes"] // MONTHS, volumes["verified"]
    usccs = []
    for n in range(businesses):
        usccs.append((event := registration(n)).subject)
        yield event
    for n in range(verified):
        yield _instrument(n, usccs[n % businesses])
    made_of: dict[str, Callable[[int], Iterator[Event]]] = {
        "reports": _report,
        "verified": _verification,
        "replaced": lambda n: iter([_instrument(verified + n, usccs[n % businesses])]),
        "changed": lambda n: iter([_change(usccs[n])]),
        "checks": lambda n: _check(n, usccs[n % businesses]),
        "cases": lambda n: iter(history(n)[1]),
    }
    numbers = {kind: count() for kind in made_of}
    for month in range(1, MONTHS + 1):
        for kind, make in made_of.items():
            done = 0
            while done < volumes[kind] // MONTHS:
                events = list(make(next(numbers[kind])))
                done += len(events)
                yield from events
        for uscc in usccs:
            yield _class(uscc, month)


def _class(uscc: str, month: int) -> Event:
    before, after = ("A", "B") if month % 2 else ("B", "A")
    data = {"from_class": before, "to_class": after, "total": "812.5", "as_of": f"2025-{month:02d}-28"}
    data |= {"policy": "metrology-credit", "policy_hash": DIGEST, "looked_at": month, "lines_digest": DIGEST}
    return made(f"credit-{uscc}", month, WHO, "credit.class-changed", f"2025-{month:02d}-28", data, uscc)


def _change(uscc: str) -> Event:
    data = {"name": "merchant, renamed", "reason": "application"}
    return made(f"entity-{uscc}", 2, WHO, "entity.changed", "2025-06-02", data, uscc)


def _instrument(n: int, owner: str) -> Event:
    data = {
        "instrument": f"bench-{n}",
        "kind": "price-scale",
        "owner": owner,
        "region": REGIONS[n % len(REGIONS)],
    }
    return made(f"instrument-bench-{n}", 1, WHO, "instrument.registered", "2025-01-06", data, owner)


def _verification(n: int) -> Iterator[Event]:
    data = {"until": "2026-07-01"}
    yield made(f"instrument-bench-{n}", 2, WHO, "instrument.verified", "2025-07-02", data)


def _report(n: int) -> Iterator[Event]:
    """Heard, given to a unit, verified, not filed, told."""
    received = {"channel": "web", "region": REGIONS[n % len(REGIONS)], "matter": "metrology", "files": []}
    received |= {"reporter": f"reporter-{n:032x}", "content": SEALED}
    steps = (
        ("report.received", "2025-04-01", received),
        ("report.assigned", "2025-04-02", {"unit": "wz-lc", "officers": OFFICERS}),
        ("report.not-filed", "2025-04-10", {"ground": "no_violation", "reason": "the scale is right"}),
        ("report.reporter-told", "2025-04-11", {"about": "result", "by": "code"}),
    )
    for version, (topic, day, data) in enumerate(steps, start=1):
        yield made(f"report-bench-{n}", version, WHO, topic, day, data)


def _check(n: int, uscc: str) -> Iterator[Event]:
    """Sent, entered, published."""
    said = {"item": "jl-jmsc-01", "object": uscc, "entity": uscc, "region": REGIONS[n % len(REGIONS)]}
    said |= {"check_kind": "daily", "random": True, "officers": OFFICERS}
    steps = (
        (
            "inspection.assigned",
            "2025-05-05",
            said | {"object_kind": "entity", "unit": "wz-lc", "questions": []},
        ),
        ("inspection.results-entered", "2025-05-08", said | {"codes": ["1"], "followups": []}),
        ("inspection.published", "2025-05-09", {}),
    )
    for version, (topic, day, data) in enumerate(steps, start=1):
        yield made(f"inspection-bench-{n}", version, WHO, topic, day, data, uscc)
