"""What happens to a drawn team afterwards (`steelyard-draw-1`, section 5): substitution and recusal.

Nobody chooses who comes next: the next substitute is the first of the stratum's list, the next inspector the one
with the smallest load, then the smallest lot. `Standing` is the draw as it stands after the replacements so far;
every method returns the entries that the transcript gets, without the time and position of their events. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from enforcement.checks import draw, entropy
from enforcement.checks.document import refuse
from enforcement.checks.eligibility import Eligibility
from enforcement.checks.lists import Listed, Lists

Entry = dict[str, Any]
Place = str | None
"""An inspector, or nobody: the place is open."""


class Standing:
    """Order, teams and loads of a staffed draw. `order` has None where a number stays empty."""

    def __init__(self, transcript: Mapping[str, Any], lists: Lists) -> None:
        freeze = transcript["freeze"]
        self.seed = entropy.seed(freeze, transcript["reveals"], transcript["public_text"])
        self.eligibility = Eligibility(freeze["item"]["skill"], lists.inspectors, lists.conflicts)
        self.caps = {inspector.inspector: inspector.cap for inspector in lists.inspectors}
        self.objects = {object.object: object for object in lists.objects}
        samples = {stratum["key"]: stratum["sample"] for stratum in freeze["strata"]}
        self._waiting = {
            key: [one.object for one in waiting]
            for key, waiting in draw.draw(self.seed, lists.objects, samples).substitutes.items()
        }
        self.order: list[str | None] = [one["object"] for one in transcript["drawn"]]
        self.teams: dict[str, list[Place]] = {
            one["object"]: list(one["inspectors"]) for one in transcript["assignments"]
        }
        self.loads = Counter({one["inspector"]: one["load"] for one in transcript["loads"]})
        self._left: dict[str, set[str]] = defaultdict(set)

    def substitute(self, object: str, reason: str) -> list[Entry]:
        """The next of its stratum takes the object's number; who may not inspect it is replaced.

        The first entry is the substitution, the others follow from it, each an event of its own.
        """
        self._check(object, reason)
        number, team = self.order.index(object), self.teams.pop(object)
        waiting = self._waiting[self.objects[object].stratum]
        new = waiting.pop(0) if waiting else None
        entry = _entry("substitution", object, object, new and new.object, reason)
        self.order[number] = new and new.object
        if new is None:
            self.loads.subtract(name for name in team if name)
            return [entry]
        self.teams[new.object] = team
        able = self.eligibility.of(new)
        places = [place for place, name in enumerate(team) if name not in able]
        return [entry, *(self._replace(new, place, reason) for place in places)]

    def recuse(self, object: str, inspector: str, reason: str) -> list[Entry]:
        """An inspector steps out; the place goes to the next one, or stays open."""
        self._check(object, reason)
        team = self.teams[object]
        if inspector not in team:
            refuse(
                "replacements",
                f"{inspector!r} is not in the team of {object!r}",
                f"{inspector!r} 不在 {object!r} 的检查组中",
            )
        return [self._replace(self.objects[object], team.index(inspector), reason)]

    def replay(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Repeat recorded replacements; DrawRefused where one is not what the rules give."""
        at = 0
        while at < len(entries):
            entry = entries[at]
            if entry["kind"] == "substitution":
                expected = self.substitute(entry["object"], entry["reason"])
            else:
                expected = self.recuse(entry["object"], entry["out"], entry["reason"])
            for number, one in enumerate(expected, at):
                found = entries[number] if number < len(entries) else None
                if found is None or {key: found[key] for key in one} != one:
                    refuse(
                        f"replacements[{number}]",
                        f"by the rules it is {_told(one)}",
                        f"按规则应为 {_told(one)}",
                    )
            at += len(expected)

    def _check(self, object: str, reason: str) -> None:
        if object not in self.teams:
            refuse(
                "replacements",
                f"{object!r} is not among the objects to inspect",
                f"{object!r} 不在待检查对象之内",
            )
        if not reason:
            refuse("replacements", "a replacement needs a reason", "替换须说明理由")

    def _replace(self, object: Listed, place: int, reason: str) -> Entry:
        team = self.teams[object.object]
        leaving = team[place]
        if leaving:
            self.loads[leaving] -= 1
            self._left[object.object].add(leaving)
        team[place] = next(iter(self._ranked(object, team)), None)
        if coming := team[place]:
            self.loads[coming] += 1
        return _entry("recusal", object.object, leaving, coming, reason)

    def _ranked(self, object: Listed, team: Iterable[Place]) -> list[str]:
        """Who may come in, the next one first."""
        able = self.eligibility.of(object) - self._left[object.object] - set(team)
        return sorted(
            (name for name in able if self.loads[name] < self.caps[name]),
            key=lambda name: (self.loads[name], draw.lot(self.seed, object.object, name)),
        )


def _entry(kind: str, object: str, out: str | None, into: str | None, reason: str) -> Entry:
    return {"kind": kind, "object": object, "out": out, "in": into, "reason": reason}


def _told(entry: Entry) -> str:
    return f"the {entry['kind']} at {entry['object']!r} of {entry['out']!r} by {entry['in']!r}"
