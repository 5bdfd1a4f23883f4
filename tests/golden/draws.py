"""Golden transcripts: `python -m tests.golden.draws` writes those that are not there; nothing rewrites one.

Each is a draw with one of the traps of the specification in it. The bytes are pinned: another release, another
machine, another Python gives the same ones.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from enforcement.canonical import jcs
from enforcement.checks import transcript, verify_draw
from enforcement.checks.lists import Conflict, Inspector, Listed, Lists
from enforcement.checks.replacing import Entry, Standing
from tests.unit.checks.material import city, given, plan

FOLDER = Path(__file__).with_name("draws")
Transcript = dict[str, Any]


def staff(count: int, region: str = "330300", cap: int = 9, first: int = 1) -> list[Inspector]:
    return [Inspector(f"wz-{n:03}", (region,), ("计量",), cap) for n in range(first, first + count)]


def pool(*objects: str, region: str = "330302", stratum: str = "330302/A") -> list[Listed]:
    return [Listed(id, region, stratum) for id in sorted(objects)]


def numbered(count: int, **changes: str) -> list[Listed]:
    return pool(*(f"91330300{n:04}" for n in range(count)), **changes)


def simple() -> Transcript:
    """Twelve businesses of one stratum, a third of them, four inspectors."""
    return transcript.compute(given(plan(), {"330302/A": "1/3"}, Lists(numbered(12), staff(4), [])))


def nothing() -> Transcript:
    """No objects and no inspectors."""
    return transcript.compute(given(plan(), {}, Lists([], [], [])))


def two_strata_one_empty() -> Transcript:
    """A stratum that the policy names and nobody stands in, and one of which nothing is drawn."""
    rows = Lists(numbered(9), staff(3), [])
    return transcript.compute(given(plan(), {"330302/A": "1/2", "330302/B": "1/1", "330302/C": "0/1"}, rows))


def odd_inspectors() -> Transcript:
    """Seven inspectors for teams of two, and three for teams of three."""
    rows = Lists(numbered(10), staff(7), [])
    return transcript.compute(given(plan(), {"330302/A": "1/1"}, rows))


def teams_of_three() -> Transcript:
    """Teams of three out of five."""
    rows = Lists(numbered(7), staff(5), [])
    return transcript.compute(given(plan(team=3), {"330302/A": "5/7"}, rows))


def key_item() -> Transcript:
    """A key item at 100 %: what is random is the order."""
    item = plan()["item"] | {
        "kind": "key",
        "skill": "计量",
        "directed": True,
        "filter": {"kinds": ["加油机", "电子秤"]},
    }
    return transcript.compute(given(plan(item=item), {"330302/A": "1/1"}, Lists(numbered(8), staff(5), [])))


def beyond_ascii() -> Transcript:
    """Ids whose order differs between UTF-8 and UTF-16, in different lengths, and "007" beside "7"."""
    rows = Lists(pool("（店", "𠮷野", "é", "7", "007", "中", "\U0001e290"), staff(3), [])
    item = plan()["item"] | {"filter": {"（": 1, "𠮷": True}}
    return transcript.compute(given(plan("抽查-2026-春", item=item), {"330302/A": "1/1"}, rows))


def seven_of_a_hundred() -> Transcript:
    """ceil(100 × 7/100) is 7; in floats it is 8."""
    return transcript.compute(given(plan(), {"330302/A": "7/100"}, Lists(numbered(100), staff(4), [])))


def small_county() -> Transcript:
    """A county with two inspectors beside one with six."""
    small = pool(*(f"s{n}" for n in range(6)), region="330381", stratum="330381")
    large = pool(*(f"t{n}" for n in range(9)), region="330302", stratum="330302")
    rows = Lists([*small, *large], [*staff(2, "330381"), *staff(6, "330302", first=3)], [])
    return transcript.compute(given(plan(), {"330302": "1/1", "330381": "1/1"}, rows))


def without_public_number() -> Transcript:
    """No public number: the last party to reveal could have aborted."""
    return transcript.compute(
        given(plan(public=False), {"330302/A": "1/2"}, Lists(numbered(6), staff(3), []))
    )


def failed() -> Transcript:
    """Six objects, three inspectors with a cap of two: it cannot be staffed, and the campaign is voided."""
    far = pool("z1", region="330381", stratum="330381")
    rows = Lists(
        [*numbered(6), *far],
        [*staff(3, "330302", cap=2), *staff(2, "330381", first=7), Inspector("wz-100", ("330300",), (), 9)],
        [Conflict("wz-001", "913303000003")],
    )
    item = plan()["item"] | {"skill": "计量"}
    return transcript.compute(
        given(plan("campaign-void", item=item), {"330302/A": "1/1", "330381": "1/1"}, rows)
    )


def successor() -> Transcript:
    """The campaign that follows the voided one, with more inspectors."""
    rows = Lists(numbered(6), staff(6, "330302", cap=2), [])
    freeze = plan("campaign-next", replaces="campaign-void", frozen_at="2026-03-02T09:30:00Z")
    return transcript.compute(given(freeze, {"330302/A": "1/1"}, rows))


def replaced() -> Transcript:
    """Recusals, a substitution whose team partly stays, a place that stays open, a number that stays empty."""
    near = pool("a1", "a2", "a3", "a4", "a5", stratum="A")
    far = pool("b1", "b2", region="330303", stratum="B")
    rows = Lists(
        [*near, *far],
        [*staff(4, "330302"), *staff(3, "330303", first=5)],
        [Conflict("wz-001", "a4"), Conflict("wz-002", "a4")],
    )
    drawn = given(plan(), {"A": "2/5", "B": "1/1"}, rows)
    found = transcript.compute(drawn)
    standing = Standing(found, rows)
    entries: list[Entry] = []
    first = found["drawn"][0]["object"]
    for reason in ("与当事人有亲属关系", "病假", "出差"):
        object = standing.order[0] or first
        present = [name for name in standing.teams[object] if name]
        entries += standing.recuse(object, present[0], reason)
    for one in found["drawn"]:
        if one["stratum"] == "A":
            entries += standing.substitute(one["object"], "已注销")
    entries += standing.substitute("b1", "查无下落")
    return told(found, entries)


def told(found: Transcript, entries: list[Entry]) -> Transcript:
    """With the positions and times of events, as a campaign records them."""
    events = [("campaign.frozen", 101), ("campaign.revealed", 120), ("campaign.drawn", 131)]
    events += [(verify_draw.EVENTS[entry["kind"]], 140 + number) for number, entry in enumerate(entries)]
    ledger = [
        {"position": position, "type": type, "at": f"2026-03-05T01:{position - 100:02}:00Z"}
        for type, position in events
    ]
    replacements = [
        entry | {"at": one["at"], "position": one["position"]}
        for entry, one in zip(entries, ledger[3:], strict=True)
    ]
    return found | {"ledger": ledger, "replacements": replacements}


def a_city() -> Transcript:
    """300 objects in three counties, conflicts, skills, caps."""
    return transcript.compute(city(2026, objects=300, inspectors=40))


def public_copy() -> Transcript:
    """The public copy of a confidential item: lists withheld."""
    withheld = dict.fromkeys(("objects", "inspectors", "conflicts", "loads"))
    return simple() | withheld


DRAWS: tuple[Callable[[], Transcript], ...] = (
    simple, nothing, two_strata_one_empty, odd_inspectors, teams_of_three, key_item, beyond_ascii,
    seven_of_a_hundred, small_county, without_public_number, failed, successor, replaced, a_city, public_copy,
)  # fmt: skip


def path(draw: Callable[[], Transcript]) -> Path:
    return FOLDER / f"{draw.__name__.replace('_', '-')}.json"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in DRAWS:
        if not path(draw).exists():
            path(draw).write_bytes(jcs(draw()))
            print(path(draw).name)  # noqa: T201
