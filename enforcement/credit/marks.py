"""Where every number of a policy comes from: the statute, a published local example, or us. None goes unmarked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from enforcement.credit.faults import Faults

MARK = re.compile(r"ours( \(.+\))?|(statutory|example) \(.+\)")
COUNTED = ("base", "least", "below", "most", "at_best", "points", "again_within", "ratio", "visits")
"""Members that are numbers (or, for a veto, decide like one)."""


def check(form: Mapping[str, Any], faults: Faults) -> None:
    """Every number has a mark of one of the three kinds, and no mark stands without a number."""
    for at, part in _parts(form):
        wanted, given = set(numbers(part)), part["marks"]
        for name in sorted(wanted - set(given)):
            faults.add(f"{at}.marks.{name}", "where does this number come from?", "该数字未注明来源")
        for name in sorted(set(given) - wanted):
            faults.add(f"{at}.marks.{name}", "there is no such number", "没有该数字")
        for name in sorted(wanted & set(given)):
            if not MARK.fullmatch(str(given[name])):
                faults.add(
                    f"{at}.marks.{name}",
                    "expected ours, statutory (article) or example (source)",
                    "应为 ours、statutory（条文）或者 example（来源）",
                )


def numbers(part: Mapping[str, Any]) -> Iterator[str]:
    """The members of a part that need a mark."""
    yield from (name for name in COUNTED if name in part)
    if "months" in part.get("fade", {}) or part.get("fade", {}).get("steps"):
        yield "fade"
    if _has_number(part.get("when")):
        yield "when"


def _has_number(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_number(one) for one in value.values())
    if isinstance(value, list):
        return any(_has_number(one) for one in value)
    return isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit()


def _parts(form: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "policy", {"base": form["base"], "marks": form["marks"]}
    for name, key in (("grades", "grade"), ("categories", "id"), ("clauses", "id"), ("sampling", "grade")):
        yield from ((f"policy.{name}.{row[key]}", row) for row in form[name])
