"""Who may inspect what (`steelyard-draw-1`, section 4): skill, region, and no duty to recuse. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from enforcement.checks.lists import Conflict, Inspector, Listed


def covers(code: str, other: str) -> bool:
    """Whether a region covers another: 330300 covers every 3303xx, 330302 covers itself."""
    while code.endswith("00"):
        code = code[:-2]
    return other.startswith(code)


class Eligibility:
    """Answers for one item, asked once a region and then by look-up."""

    def __init__(
        self, skill: str | None, inspectors: Sequence[Inspector], conflicts: Iterable[Conflict]
    ) -> None:
        self.skill, self.inspectors, self.conflicts = skill, inspectors, conflicts
        self._able: dict[str, frozenset[str]] = {}

    def of(self, object: Listed) -> frozenset[str]:
        """The ids of those who may inspect it."""
        able = self.able(object.region)
        recused = self._recused.get(object.object)
        return able - recused if recused else able

    def count(self, object: Listed) -> int:
        """How many those are."""
        return len(self.of(object))

    def able(self, region: str) -> frozenset[str]:
        """Those with the item's skill whose regions cover this one."""
        if region not in self._able:
            self._able[region] = frozenset(
                inspector.inspector
                for inspector in self.inspectors
                if self.skilled(inspector) and reaches(inspector, region)
            )
        return self._able[region]

    def skilled(self, inspector: Inspector) -> bool:
        """Whether the inspector has the item's skill; every one has, if it names none."""
        return self.skill is None or self.skill in inspector.skills

    def removed(self, objects: Sequence[Listed]) -> dict[str, int]:
        """How many pairs with these objects skill, region and conflict remove, counted in that order."""
        found = Counter(skill=0, region=0, conflict=0)
        regions = Counter(object.region for object in objects)
        for inspector in self.inspectors:
            if not self.skilled(inspector):
                found["skill"] += len(objects)
                continue
            within = sum(number for region, number in regions.items() if reaches(inspector, region))
            found["region"] += len(objects) - within
        found["conflict"] = sum(
            len(self._recused[object.object] & self.able(object.region))
            for object in objects
            if object.object in self._recused
        )
        return dict(found)

    @cached_property
    def _recused(self) -> Mapping[str, set[str]]:
        recused = defaultdict(set)
        for inspector, object in self.conflicts:
            recused[object].add(inspector)
        return recused


def reaches(inspector: Inspector, region: str) -> bool:
    """Whether one of the inspector's regions covers this one."""
    return any(covers(code, region) for code in inspector.regions)
