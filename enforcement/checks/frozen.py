"""What is frozen before any randomness exists, and the rules that it must keep (`steelyard-draw-1`, sections 1, 2).

`FREEZE` is the table of the specification. `check_freeze` looks at the object alone, `check_lists` compares it
with the lists that its roots commit to, `check_staffable` asks whether every object could be inspected at all.
`freeze` puts a new one together. All raise DrawRefused with the place of the first breach. Pure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from enforcement.canonical import jcs
from enforcement.checks import forms
from enforcement.checks.document import refuse
from enforcement.checks.eligibility import Eligibility
from enforcement.checks.iregexp import natural
from enforcement.checks.lists import Inspector, Listed, Lists, root
from enforcement.checks.lists import check as check_rows

ALGORITHM = "steelyard-draw-1"

ITEM = forms.record(
    code=forms.text,
    kind=forms.one_of("general", "key"),
    skill=forms.optional(forms.text),
    directed=forms.flag,
    filter=forms.filter_,
)
STRATUM = forms.record(key=forms.name, ratio=forms.ratio, size=forms.whole(0), sample=forms.whole(0))
PARTY = forms.record(name=forms.name, commitment=forms.hash_)
PUBLIC = forms.record(source=forms.text, at=forms.time, format=forms.iregexp)
EXCLUDED = forms.record(object=forms.name, reason=forms.filled)

FREEZE = forms.record(
    algorithm=forms.one_of(ALGORITHM),
    campaign=forms.name,
    replaces=forms.optional(forms.name),
    item=ITEM,
    objects_root=forms.hash_,
    objects_size=forms.whole(0),
    strata=forms.listed(STRATUM, by=lambda stratum: stratum["key"]),
    inspectors_root=forms.hash_,
    inspectors_size=forms.whole(0),
    conflicts_root=forms.hash_,
    conflicts_size=forms.whole(0),
    team=forms.whole(2),
    policy=forms.optional(forms.record(id=forms.name, hash=forms.hash_)),
    entropy=forms.record(parties=forms.listed(PARTY), reveal_by=forms.time, public=forms.optional(PUBLIC)),
    excluded=forms.listed(EXCLUDED, by=lambda entry: entry["object"]),
    frozen_at=forms.time,
)


def freeze(plan: Mapping[str, Any], ratios: Mapping[str, str], lists: Lists) -> dict[str, Any]:
    """The freeze object of a plan and its lists, checked whole.

    `plan` has `campaign`, `replaces`, `item`, `team`, `policy`, `entropy`, `excluded` and `frozen_at` as the
    specification words them; `ratios` maps every stratum that the policy names, empty ones too, to its "p/q".
    """
    check_rows(lists)
    for key in ratios:
        forms.ratio(ratios[key], f"strata {key!r}")
    frozen = {
        "algorithm": ALGORITHM,
        **plan,
        "strata": list(_strata(ratios, lists.objects)),
        "objects_root": root(lists.objects).hex(),
        "objects_size": len(lists.objects),
        "inspectors_root": root(lists.inspectors).hex(),
        "inspectors_size": len(lists.inspectors),
        "conflicts_root": root(lists.conflicts).hex(),
        "conflicts_size": len(lists.conflicts),
    }
    check_freeze(frozen)
    _check_members(frozen, lists)
    check_staffable(frozen, lists)
    return frozen


def sample(ratio: str, size: int) -> int:
    """ceil(size · p/q), in integers: in floats 100 × 7/100 is more than 7."""
    p, q = map(natural, ratio.split("/"))
    return -(-size * p // q)


def _strata(ratios: Mapping[str, str], objects: Sequence[Listed]) -> Iterator[dict[str, Any]]:
    sizes = Counter(object.stratum for object in objects)
    for key in sorted(ratios):
        size = sizes[key]
        yield {"key": key, "ratio": ratios[key], "size": size, "sample": sample(ratios[key], size)}


def check_freeze(frozen: Any, path: str = "freeze") -> None:
    """The form of every member, and the rules between them."""
    FREEZE(frozen, path)
    if frozen["replaces"] == frozen["campaign"]:
        refuse(f"{path}.replaces", "a campaign cannot follow itself", "抽查任务不能接替其自身")
    _check_strata(frozen, path)
    _check_entropy(frozen, f"{path}.entropy")


def _check_strata(frozen: dict[str, Any], path: str) -> None:
    for number, stratum in enumerate(frozen["strata"]):
        expected = sample(stratum["ratio"], stratum["size"])
        if stratum["sample"] != expected:
            refuse(
                f"{path}.strata[{number}].sample",
                f"is {stratum['sample']}; {stratum['ratio']} of {stratum['size']} rounded up is {expected}",
                f"为 {stratum['sample']}；{stratum['size']} 的 {stratum['ratio']} 向上取整为 {expected}",
            )
    total = sum(stratum["size"] for stratum in frozen["strata"])
    if total != frozen["objects_size"]:
        refuse(
            f"{path}.objects_size",
            f"is {frozen['objects_size']}, but the strata have {total} objects together",
            f"为 {frozen['objects_size']}，而各分层合计 {total} 个对象",
        )


def _check_entropy(frozen: dict[str, Any], path: str) -> None:
    entropy, at = frozen["entropy"], frozen["frozen_at"]
    parties, public = entropy["parties"], entropy["public"]
    if len(parties) < 2:
        refuse(
            f"{path}.parties",
            f"has {len(parties)}; two or more give a nonce",
            f"仅 {len(parties)} 方，至少应有两方",
        )
    for member in ("name", "commitment"):
        for number, party in enumerate(parties):
            if party[member] in [other[member] for other in parties[:number]]:
                refuse(
                    f"{path}.parties[{number}].{member}",
                    f"{forms.shown(party[member])} stands twice; all {member}s differ",
                    f"{forms.shown(party[member])} 重复",
                )
    if not at < entropy["reveal_by"]:
        refuse(
            f"{path}.reveal_by",
            f"{entropy['reveal_by']} is not after frozen_at {at}",
            f"{entropy['reveal_by']} 不晚于冻结时间 {at}",
        )
    if public and not public["at"] > entropy["reveal_by"]:
        refuse(
            f"{path}.public.at",
            f"{public['at']} is not after reveal_by {entropy['reveal_by']}: the number would be known too early",
            f"{public['at']} 不晚于揭示期限 {entropy['reveal_by']}：公开数字会过早为人所知",
        )


def check_lists(frozen: dict[str, Any], lists: Lists) -> None:
    """The lists are those that the freeze commits to, and name nothing that it does not."""
    for name, rows in lists._asdict().items():
        if len(rows) != frozen[f"{name}_size"]:
            refuse(
                f"freeze.{name}_size",
                f"is {frozen[f'{name}_size']}, but the list has {len(rows)}",
                f"为 {frozen[f'{name}_size']}，而列表有 {len(rows)} 项",
            )
        if (found := root(rows).hex()) != frozen[f"{name}_root"]:
            refuse(
                f"freeze.{name}_root",
                f"is {frozen[f'{name}_root']}, but the list has the root {found}",
                f"为 {frozen[f'{name}_root']}，而列表的根为 {found}",
            )
    _check_members(frozen, lists)


def _check_members(frozen: dict[str, Any], lists: Lists) -> None:
    """Strata have the sizes that they say, nothing excluded is listed, conflicts are between those listed."""
    sizes = Counter(object.stratum for object in lists.objects)
    named = {stratum["key"] for stratum in frozen["strata"]}
    if not named.issuperset(sizes):
        number = next(n for n, object in enumerate(lists.objects) if object.stratum not in named)
        stratum = lists.objects[number].stratum
        refuse(
            f"objects[{number}].stratum",
            f"{forms.shown(stratum)} is none of the strata of the freeze",
            f"{forms.shown(stratum)} 不在冻结的分层之内",
        )
    for number, stratum in enumerate(frozen["strata"]):
        if sizes[stratum["key"]] != stratum["size"]:
            refuse(
                f"freeze.strata[{number}].size",
                f"is {stratum['size']}, but {sizes[stratum['key']]} objects stand in {stratum['key']!r}",
                f"为 {stratum['size']}，而 {stratum['key']!r} 有 {sizes[stratum['key']]} 个对象",
            )
    _check_apart(frozen, lists)


def _check_apart(frozen: dict[str, Any], lists: Lists) -> None:
    objects = {object.object for object in lists.objects}
    for number, entry in enumerate(frozen["excluded"]):
        if entry["object"] in objects:
            refuse(
                f"freeze.excluded[{number}].object",
                f"{entry['object']!r} is excluded and listed",
                f"{entry['object']!r} 既被排除又在列表中",
            )
    inspectors = {inspector.inspector for inspector in lists.inspectors}
    for number, (inspector, object) in enumerate(lists.conflicts):
        for id, known in ((inspector, inspectors), (object, objects)):
            if id not in known:
                refuse(
                    f"conflicts[{number}]",
                    f"{id!r} stands in none of the lists of objects and inspectors",
                    f"{id!r} 不在检查对象与执法检查人员列表中",
                )


def check_staffable(frozen: dict[str, Any], lists: Lists) -> None:
    """Every listed object has a full team of eligible inspectors with a cap of one or more."""
    team = frozen["team"]
    for object, found in short_of_inspectors(frozen["item"]["skill"], team, lists):
        refuse(
            "objects",
            f"{object!r} has {found} eligible inspectors with a cap of 1 or more, a team is {team}: it could never be "
            "inspected; exclude it or complete the inspectors",
            f"{object!r} 仅有 {found} 名可用执法检查人员（上限不少于 1），少于每组 {team} 人；请予排除或补充人员",
        )


def short_of_inspectors(skill: str | None, team: int, lists: Lists) -> Iterator[tuple[str, int]]:
    """The objects with fewer than `team` eligible inspectors who take any, with how many they have.

    A campaign takes them out of its pool before it freezes, and names them in `excluded`.
    """
    able: Sequence[Inspector] = [inspector for inspector in lists.inspectors if inspector.cap >= 1]
    eligibility = Eligibility(skill, able, lists.conflicts)
    for object in lists.objects:
        found = eligibility.count(object)
        if found < team:
            yield object.object, found


def plan_hash(frozen: dict[str, Any]) -> bytes:
    """H(JCS(freeze)): public from the moment of the freeze."""
    return sha256(jcs(frozen)).digest()
