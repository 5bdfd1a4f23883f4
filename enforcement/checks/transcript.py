"""The transcript of a draw (`steelyard-draw-1`, section 6): everything that anybody needs to compute it again.

`compute` goes from the frozen lists, the nonces and the public number to the whole document; a campaign adds its
replacements and its events. `read` takes the same from JSON and refuses whatever the specification does not allow.
Pure: the same input gives the same bytes, everywhere and always.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from enforcement.checks import document, draw, entropy, forms, frozen, lists
from enforcement.checks.assignment import assign
from enforcement.checks.eligibility import Eligibility
from enforcement.checks.lists import Listed, Lists

INPUT = ("freeze", "reveals", "public_text", "objects", "inspectors", "conflicts")


class Given(NamedTuple):
    """All that a draw follows from."""

    freeze: dict[str, Any]
    reveals: list[dict[str, str]]
    public_text: str | None
    lists: Lists


def read(raw: bytes) -> Given:
    """The input of a computation, checked whole; DrawRefused names the first breach."""
    value = document.parse(raw)
    forms.members(value, document.WHOLE, INPUT)
    frozen.check_freeze(value["freeze"])
    given = Given(value["freeze"], value["reveals"], value["public_text"], lists.read(value))
    frozen.check_lists(given.freeze, given.lists)
    frozen.check_staffable(given.freeze, given.lists)
    check_entropy(given.freeze, given.reveals, given.public_text)
    return given


def check_entropy(freeze: dict[str, Any], reveals: Any, public_text: Any) -> None:
    """All nonces are those committed to, and the public number has its form."""
    entropy.check_reveals(freeze, reveals)
    entropy.check_public_text(freeze, public_text)


def compute(given: Given) -> dict[str, Any]:
    """The transcript, without replacements and events; `failed` is filled in where it cannot be staffed."""
    freeze, reveals, public_text, frozen_lists = given
    seed = entropy.seed(freeze, reveals, public_text)
    samples = {stratum["key"]: stratum["sample"] for stratum in freeze["strata"]}
    drawn = draw.draw(seed, frozen_lists.objects, samples)
    return {
        "freeze": freeze,
        "plan_hash": frozen.plan_hash(freeze).hex(),
        "seed": seed.hex(),
        "reveals": reveals,
        "public_text": public_text,
        **{name: list(lists.dump(rows)) for name, rows in frozen_lists._asdict().items()},
        "drawn": list(_drawn(drawn.order)),
        "substitutes": {key: _substitutes(drawn, key, size) for key, size in samples.items()},
        **staff(freeze, frozen_lists, seed, [one.object for one in drawn.order]),
        "replacements": [],
        "ledger": [],
    }


def _drawn(order: Sequence[draw.Ticketed]) -> Iterable[dict[str, Any]]:
    for number, (ticket, object) in enumerate(order, 1):
        yield {
            "object": object.object,
            "stratum": object.stratum,
            "ticket": ticket.hex(),
            "order": number,
        }


def _substitutes(drawn: draw.Drawn, stratum: str, sample: int) -> list[dict[str, str]]:
    first = drawn.substitutes[stratum][: draw.published(sample)]
    return [{"object": object.object, "ticket": ticket.hex()} for ticket, object in first]


def staff(freeze: dict[str, Any], frozen_lists: Lists, seed: bytes, order: list[Listed]) -> dict[str, Any]:
    """`assignments`, `loads` and `failed` of the drawn objects."""
    inspectors = frozen_lists.inspectors
    eligibility = Eligibility(freeze["item"]["skill"], inspectors, frozen_lists.conflicts)
    eligible = [tuple(sorted(eligibility.of(object))) for object in order]
    caps = {inspector.inspector: inspector.cap for inspector in inspectors}
    names = {inspector.inspector: inspector.inspector.encode() for inspector in inspectors}

    def by_lot(number: int, able: Sequence[str]) -> list[str]:
        before = seed + b"\x01" + order[number].object.encode() + b"\x00"
        return sorted(able, key=lambda name: sha256(before + names[name]).digest())

    teams, blocking = assign(eligible, caps, freeze["team"], by_lot)
    if teams is None:
        failed = _failed(freeze["team"], eligibility, caps, [order[n] for n in blocking])
        return {"assignments": None, "loads": None, "failed": failed}
    able, loads = (Counter(name for names in listed for name in names) for listed in (eligible, teams))
    return {
        "assignments": [
            {"object": object.object, "inspectors": team} for object, team in zip(order, teams, strict=True)
        ],
        "loads": [{"inspector": name, "eligible": able[name], "load": loads[name]} for name in caps],
        "failed": None,
    }


def _failed(
    team: int, eligibility: Eligibility, caps: dict[str, int], objects: list[Listed]
) -> dict[str, Any]:
    """The blocking set, and what would have been needed."""
    able = Counter(name for object in objects for name in eligibility.of(object))
    return {
        "objects": [object.object for object in objects],
        "inspectors": sorted(able),
        "needed": team * len(objects),
        "available": sum(min(caps[name], number) for name, number in able.items()),
        "removed": eligibility.removed(objects),
    }
