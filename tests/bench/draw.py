"""The draw: a million objects against hashing and sorting their ids, and the exact assignment against a flow solver.

Seconds of processor time, so that other work on the machine counts less. What a draw of a million needs of memory
is measured in a process of its own.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import consistent_sampler
import networkx as nx

from enforcement.canonical import jcs
from enforcement.checks import draw, entropy, verify_draw
from enforcement.checks.assignment import assign
from enforcement.checks.lists import Inspector, Listed, Lists
from enforcement.checks.transcript import Given, compute
from tests.bench.frame import Figure
from tests.unit.checks.material import given, plan

MILLION = 1_000_000
COUNTIES = tuple(f"3303{number:02}" for number in range(1, 13))
ROUNDS = 3
FEW, MANY = 5_000, 20_000
"""Objects for the sampler, which needs milliseconds for each."""
SOLVED = 680
"""Objects of the largest case that the flow solver finishes in a minute, with a fifth as many inspectors: measured
once, as looking for it takes longer than the rest of the suite. Its time grows with the fourth power of the size.
"""


def figures(_folder: Path, long: bool) -> Iterator[Figure]:
    """Draw, memory, verifier, sampler, assignment, flow solver; `long` repeats what takes more than a few seconds."""
    rounds = ROUNDS if long else 1
    yield from million(rounds)
    yield sampler(MANY if long else FEW)
    yield from assignment(rounds)
    yield flow()


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of one call, the least of a few."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def ratio(name: str, ours: float, baseline: float, aim: str, against: str) -> Figure:
    """Seconds of ours over seconds of the baseline."""
    return Figure(name, ours, baseline, ours / baseline, aim, "s", against)


def city(objects: int) -> tuple[dict[str, str], Lists]:
    """Objects in twelve counties and four classes, a percent of each drawn; 500 inspectors."""
    pool = [
        Listed(f"9133{n:014}", COUNTIES[n % 12], f"{COUNTIES[n % 12]}/{'ABCD'[n // 12 % 4]}")
        for n in range(objects)
    ]
    staff = [Inspector(f"wz-{n:03}", (COUNTIES[n % 12],), (), 1000) for n in range(500)]
    return {f"{county}/{grade}": "1/100" for county in COUNTIES for grade in "ABCD"}, Lists(pool, staff, [])


def frozen_and_drawn(ratios: dict[str, str], lists: Lists) -> Given:
    """What the aim is about: from the lists to the objects drawn, in order, with their substitutes."""
    frozen = given(plan(), ratios, lists)
    samples = {stratum["key"]: stratum["sample"] for stratum in frozen.freeze["strata"]}
    draw.draw(entropy.seed(*frozen[:3]), lists.objects, samples)
    return frozen


def million(rounds: int) -> Iterator[Figure]:
    ratios, lists = city(MILLION)
    ids = [object.object for object in lists.objects]
    baseline = seconds(lambda: sorted((sha256(b"seed\x00" + id.encode()).digest(), id) for id in ids))
    ours = seconds(lambda: frozen_and_drawn(ratios, lists), max(rounds, 2))
    against = "hashing and sorting the same ids in bare Python"
    yield ratio("freeze and draw, 1,000,000 objects", ours, baseline, "<= 10 s; <= 4", against)
    raw = jcs(compute(frozen_and_drawn(ratios, lists)))
    verified = seconds(lambda: verify_draw.verify(raw), rounds)
    yield ratio("verify_draw.py, the whole transcript", verified, baseline, "-", against)
    code = "from tests.bench.draw import *; frozen_and_drawn(*city(MILLION)); print(peak())"
    used = int(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )
    yield Figure("memory of freeze and draw", used, 1024, used / 1024, "<= 1", "MiB", "1 GiB")


def peak() -> int:
    """The most memory that this program has used, in MiB; `getrusage` would count its parent before the exec too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def sampler(objects: int) -> Figure:
    """Per object: ours hashes, sorts and keeps the substitutes; the package does the same for one stratum."""
    listed = [Listed(f"9133{n:014}", COUNTIES[0], "A") for n in range(objects)]
    ids = [object.object for object in listed]
    ours = seconds(lambda: draw.draw(b"s" * 32, listed, {"A": objects // 100}))
    theirs = seconds(lambda: list(consistent_sampler.sampler(ids, "seed")))
    rates = objects / ours, objects / theirs
    name = "drawing from one stratum"
    return Figure(name, *rates, rates[0] / rates[1], ">= 5", "objects/s", "PyPI's consistent-sampler")


def assignment(rounds: int) -> Iterator[Figure]:
    """The issue's two sizes: everybody eligible for everything, and twelve counties."""
    for counties, aim in ((1, 5), (12, 2)):
        work = partial(staffed, 5000, 500, counties)
        against = f"the aim of {aim} s"
        yield ratio(
            f"assignment 5,000 x 500, {counties} counties", seconds(work, rounds), aim, "<= 1", against
        )


def staffed(objects: int, inspectors: int, counties: int = 1) -> None:
    """The exact assignment of teams of two, lots included."""
    names = [f"wz-{n:03}" for n in range(inspectors)]
    local = [tuple(names[county::counties]) for county in range(counties)]
    encoded = {name: name.encode() for name in names}

    def lots(number: int, able: tuple[str, ...]) -> list[str]:
        before = b"s" * 32 + b"\x01" + b"object-%d\x00" % number
        return sorted(able, key=lambda name: sha256(before + encoded[name]).digest())

    eligible = [local[n % counties] for n in range(objects)]
    assign(eligible, dict.fromkeys(names, 1000), 2, lots)  # type: ignore[arg-type]


def flow() -> Figure:
    """At the largest size that the flow solver finishes in a minute, ours finds the one assignment, theirs any."""
    objects, inspectors = SOLVED, SOLVED // 5
    theirs = seconds(partial(even_flow, objects, inspectors), 1)
    ours = seconds(partial(staffed, objects, inspectors))
    against = "networkx's min-cost flow, any even staffing"
    return Figure(f"assignment {objects} x {inspectors}", ours, theirs, theirs / ours, ">= 20", "s", against)


def even_flow(objects: int, inspectors: int) -> None:
    """Any even staffing: the k-th inspection of an inspector costs 2k − 1, so the least cost is the least Σ load²."""
    graph = nx.DiGraph()
    for inspector in range(inspectors):
        graph.add_edges_from(
            (("o", object), ("i", inspector), {"capacity": 1, "weight": 0}) for object in range(objects)
        )
        for k in range(1, objects + 1):
            graph.add_edge(("i", inspector), ("k", inspector, k), capacity=1, weight=2 * k - 1)
            graph.add_edge(("k", inspector, k), "end", capacity=1, weight=0)
    nx.set_node_attributes(graph, {("o", object): -2 for object in range(objects)}, "demand")
    graph.nodes["end"]["demand"] = 2 * objects
    nx.min_cost_flow(graph)
