"""Whether the time of an answer tells a right receipt code from a wrong one.

Both are asked in turn through the API. The figure is the ratio of the medians, and beside it the chance of naming the
right one by the time of a single answer (the area under the curve: 0.5 is a coin).
"""

import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path

from api.app import create_app
from api.limits import Bucket
from api.services import build
from enforcement.settings import Settings
from tests.bench.frame import Figure

ROUNDS = 150
FILING = {"region": "330302", "matter": "metrology", "text": "a scale that is wrong", "files": []}


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """Medians in milliseconds, and how well one answer tells the two apart."""
    names = {"DATABASE_URL": f"sqlite:///{folder}/ledger.db", "FILES_URL": f"{folder}/files"}
    names |= {f"{name}_FILE": f"{folder}/{name}" for name in ("AUTH_KEY", "SEAL_KEY", "SIGNING_KEY")}
    services = build(Settings.from_env({f"STEELYARD_{name}": value for name, value in names.items()}))
    object.__setattr__(services, "codes", Bucket(10**9, 1, time.monotonic))
    client = create_app(services).test_client()
    right = client.post("/reports", json=FILING).json["code"]
    taken: dict[str, list[float]] = {"right": [], "wrong": []}
    for number in range(ROUNDS):
        wrong = f"{number:025d}"
        for name, code in (
            (("right", right), ("wrong", wrong)) if number % 2 else (("wrong", wrong), ("right", right))
        ):
            begun = time.perf_counter()
            client.get("/reports/mine", headers={"Report-Code": code})
            taken[name].append((time.perf_counter() - begun) * 1000)
    services.close()
    ours, baseline = (statistics.median(taken[name]) for name in ("right", "wrong"))
    yield Figure(
        "a right code against a wrong one", ours, baseline, ours / baseline, "0.9-1.1", "ms", "a wrong code"
    )
    told = told_apart(taken["right"], taken["wrong"])
    yield Figure("told apart by one answer's time", told, 0.5, told / 0.5, "0.9-1.2", "chance", "a coin")


def told_apart(longer: list[float], shorter: list[float]) -> float:
    """The chance that one of the first takes longer than one of the second; ties count half."""
    ordered = sorted(shorter)
    wins = sum((bisect_left(ordered, x) + bisect_right(ordered, x)) / 2 for x in longer)
    return wins / (len(longer) * len(shorter))
