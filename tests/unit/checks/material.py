"""Draws to test with: inputs as JSON values, small and varied, with the traps of the specification in them."""

import random
from collections.abc import Mapping
from typing import Any

from enforcement.canonical import jcs
from enforcement.checks import entropy, frozen, lists, transcript
from enforcement.checks.lists import Conflict, Inspector, Listed, Lists

PARTIES = ("市市场监管局", "派驻纪检监察组", "delegate of the businesses")
CITY, COUNTIES = "330300", ("330302", "330303", "330304")
NUMBER = {
    "source": "Shanghai Composite, close",
    "at": "2026-03-04T07:00:00Z",
    "format": "[0-9]{4}\\.[0-9]{2}",
}


def nonce(number: int) -> bytes:
    return bytes([number]) * 32


def plan(campaign: str = "campaign-2026-03", public: bool = True, **changes: Any) -> dict[str, Any]:
    """A plan with two parties who commit to known nonces."""
    parties = [
        {"name": name, "commitment": entropy.commitment(campaign, name, nonce(n)).hex()}
        for n, name in enumerate(PARTIES[:2])
    ]
    return {
        "campaign": campaign,
        "replaces": None,
        "item": {"code": "jl-jmsc-01", "kind": "general", "skill": None, "directed": False, "filter": {}},
        "team": 2,
        "policy": {"id": "policy-wz", "hash": "ab" * 32},
        "entropy": {
            "parties": parties,
            "reveal_by": "2026-03-03T08:00:00Z",
            "public": NUMBER if public else None,
        },
        "excluded": [],
        "frozen_at": "2026-03-02T08:00:00Z",
    } | changes


def given(plan: Mapping[str, Any], ratios: Mapping[str, str], rows: Lists) -> transcript.Given:
    """Freeze, and reveal what was committed to."""
    freeze = frozen.freeze(plan, ratios, rows)
    names = [party["name"] for party in freeze["entropy"]["parties"]]
    reveals = [{"name": name, "nonce": nonce(n).hex()} for n, name in enumerate(names)]
    public = freeze["entropy"]["public"]
    return transcript.Given(freeze, reveals, "3245.67" if public else None, rows)


def document(given: transcript.Given) -> dict[str, Any]:
    """The input of `steelyard draw compute`."""
    rows = {name: list(lists.dump(part)) for name, part in given.lists._asdict().items()}
    return {"freeze": given.freeze, "reveals": given.reveals, "public_text": given.public_text, **rows}


def raw(given: transcript.Given) -> bytes:
    return jcs(document(given))


def city(seed: int, objects: int = 30, inspectors: int = 9, **changes: Any) -> transcript.Given:
    """A random city: three counties, strata by county and class, some inspectors for the whole city."""
    chance = random.Random(seed)
    staff = [
        Inspector(
            f"wz-{n:03}",
            tuple(sorted(chance.sample(COUNTIES, chance.randint(1, 2)))) if n % 3 else (CITY,),
            ("计量",) if chance.random() < 0.8 else (),
            chance.choice([3, 5, 8, 40]),
        )
        for n in range(inspectors)
    ]
    names = sorted(chance.choice(["", "（", "𠮷", "é"]) + f"obj-{n:03}" for n in range(objects))
    pool = [
        Listed(name, region, f"{region}/{chance.choice('AB')}")
        for name in names
        for region in [chance.choice(COUNTIES)]
    ]
    apart = sorted(
        {(chance.choice(staff).inspector, chance.choice(pool).object) for _ in range(objects // 6)}
    )
    rows = Lists(pool, staff, [Conflict(*pair) for pair in apart])
    ratios = {
        f"{region}/{grade}": chance.choice(["1/3", "7/100", "0/1", "1/1", "1/2"])
        for region in (*COUNTIES, "330381")
        for grade in "AB"
    }
    skill = chance.choice([None, "计量"])
    item = plan()["item"] | {"skill": skill}
    short = {object for object, _ in frozen.short_of_inspectors(skill, 2, rows)}
    left = Lists(
        [object for object in pool if object.object not in short],
        staff,
        [pair for pair in rows.conflicts if pair.object not in short],
    )
    excluded = [{"object": object, "reason": "无足够执法检查人员"} for object in sorted(short)]
    return given(plan(**({"item": item, "excluded": excluded} | changes)), ratios, left)
