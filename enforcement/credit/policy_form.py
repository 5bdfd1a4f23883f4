"""The form of a policy document: which members there are and how each is written. What they mean: `policy.py`.

Every number carries a mark beside it, in `marks` of the part in which it stands: `statutory – …` with its article,
`example – …` with the published local rule it was taken from, or `ours`.
"""

import re
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from enforcement.fields import Day, Form, PolicyId, Words
from enforcement.values import Text


def _form(pattern: str, en: str, zh: str) -> Form:
    form = re.compile(pattern)
    return Form(Text(en, zh), lambda text: bool(form.fullmatch(text)), f"^{pattern}$")


Name = Annotated[
    str, _form("[a-z0-9][a-z0-9-]{0,63}", "a short name such as penalty-minor", "短名称，如 penalty-minor")
]
Points = Annotated[
    str,
    _form(
        "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,2})?",
        "points with at most two decimals, such as -7.5",
        "最多两位小数的分值，如 -7.5",
    ),
]
Months = Annotated[str, _form("[1-9][0-9]{0,2}", "1 to 999 months", "1 至 999 个月")]
Percent = Annotated[str, _form("0|[1-9][0-9]?", "0 to 99 percent", "百分之 0 至 99")]
Quantity = Annotated[str, _form("(0|[1-9][0-9]{0,11})(\\.[0-9]{1,2})?", "a number from 0", "不小于 0 的数")]
Ratio = Annotated[str, _form("[0-9]{1,9}/[1-9][0-9]{0,8}", "a fraction such as 1/20", "分数，如 1/20")]
Visits = Annotated[str, _form("0|[1-9][0-9]{0,2}", "a number of visits a year", "每年次数")]
Grade = Literal["A", "B", "C", "D"]
"""信用风险分类: 低 · 一般 · 较高 · 高 (国市监信发〔2022〕6号)."""
Marks = dict[str, Any]


class Bilingual(TypedDict):
    """Public wording in both languages."""

    en: Words
    zh: Words


class GradeForm(TypedDict):
    """A class and its totals: at least `least`, below `below`; absent at the ends."""

    grade: Grade
    least: NotRequired[Points]
    below: NotRequired[Points]
    marks: Marks


class CategoryForm(TypedDict):
    """Clauses that share a cap: the sum of their lines is not below `least`, not above `most`."""

    id: Name
    text: Bilingual
    least: NotRequired[Points]
    most: NotRequired[Points]
    marks: Marks


class StepForm(TypedDict):
    """From a quantity on, these points."""

    least: Quantity
    points: Points


class PointsForm(TypedDict):
    """How many points: `fixed`; or `each` for every unit of the field `per`, at most `most`; or by a field's `band`."""

    fixed: NotRequired[Points]
    per: NotRequired[Words]
    each: NotRequired[Points]
    most: NotRequired[Points]
    band: NotRequired[Words]
    steps: NotRequired[list[StepForm]]


class FadeStepForm(TypedDict):
    """After so many months only so many percent are kept."""

    after: Months
    keep: Percent


class FadeForm(TypedDict):
    """How the points fade: not at all, in steps, or evenly month by month; and after how many months they end.

    The months run from the line's first day, or from the state `since` where the event has come into it.
    """

    kind: Literal["none", "step", "linear"]
    since: NotRequired[Words]
    months: NotRequired[Months]
    steps: NotRequired[list[FadeStepForm]]


class StartsForm(TypedDict):
    """From when a line counts: not before the day after a date that the event names; or from a state on."""

    after: NotRequired[Words]
    state: NotRequired[Words]


class ClauseForm(TypedDict):
    """One clause; a veto has `at_best` in the place of points and category."""

    id: Name
    on: list[Words]
    when: NotRequired[dict[str, Any]]
    category: NotRequired[Name]
    points: NotRequired[PointsForm]
    at_best: NotRequired[Grade]
    fade: FadeForm
    starts: NotRequired[StartsForm]
    ends: NotRequired[list[Words]]
    again_within: NotRequired[Months]
    group: NotRequired[Name]
    once_per: NotRequired[Words]
    article: Words
    text: Bilingual
    marks: Marks


class SamplingForm(TypedDict):
    """How a class is drawn: which part of it, and at most how many visits a year (absent: as needed)."""

    grade: Grade
    ratio: Ratio
    visits: NotRequired[Visits]
    marks: Marks


class PolicyForm(TypedDict):
    """The whole document."""

    id: PolicyId
    title: Bilingual
    basis: list[Words]
    valid_from: Day
    valid_to: NotRequired[Day | None]
    base: Points
    marks: Marks
    grades: list[GradeForm]
    categories: list[CategoryForm]
    clauses: list[ClauseForm]
    sampling: list[SamplingForm]
