"""A published case as a checked record: every known member has its type, every date exists, every code is right.

`null` and an absent member say the same: not stated. Members that this format does not name are kept with the
record's text and never looked at. All reasons against a record are given at once.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from enforcement.importing import strict
from enforcement.importing.members import Members, Rejected, occurred
from enforcement.importing.vocabulary import STEPS
from enforcement.values import Occurred, Text, valid_region, valid_uscc

MAX_ID = 200
MAX_RECORD = 48_000
"""Characters of a record: what `case.imported` may hold."""
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline; the date is the text of the source, so its form is its precision."""

    word: str
    date: Occurred
    note: str | None


@dataclass(frozen=True, slots=True)
class Imposed:
    """The penalty as published; amounts in CNY as printed. What the source does not state is None."""

    fine: str | None = None
    gains: str | None = None
    goods: str | None = None
    warning: bool | None = None
    order_correct: bool | None = None
    other: str | None = None

    @property
    def certain(self) -> bool:
        """Whether something is stated that only a decision can impose."""
        return bool(self.fine or self.gains or self.goods or self.warning)


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file of published cases."""

    id: str
    text: str
    sha256: str
    steps: tuple[Step, ...]
    authority: str | None
    region: str | None
    party_kind: str | None
    uscc: str | None
    sector: str | None
    origin: str | None
    act: str | None
    articles: tuple[str, ...]
    penalty: Imposed
    outcome: str | None
    summary: bool | None
    documents: tuple[str, ...]
    reward: str | None
    adjacent: bool


def read(raw: bytes, today: date) -> Record:
    """The record of a line; Rejected with every reason, and with its id where it has one."""
    try:
        source = strict.text(raw)
        value = strict.parse(source)
    except strict.NotJson as error:
        raise Rejected(None, [error.message]) from None
    if not isinstance(value, dict):
        raise Rejected(None, [Text("the line is not an object", "该行不是 JSON 对象")])
    members = Members(value)
    id = members.text("id", most=MAX_ID)
    if id is None and not members.faults:
        members.fault("id", Text("missing", "缺少"))
    if len(source) > MAX_RECORD:
        members.fault("", _too_long(len(source)))
    found = _fields(members, today)
    if members.faults or id is None:
        raise Rejected(id, [fault.text() for fault in members.faults])
    return Record(id=id, text=source, sha256=sha256(raw).hexdigest(), **found)


def _fields(members: Members, today: date) -> dict[str, Any]:
    region = members.inner("region")
    act = members.inner("violation")
    reward = members.inner("reward")
    members.list("instruments")
    return {
        "steps": _steps(members, today),
        "authority": members.text("authority"),
        "region": _code(region, "gbt2260"),
        "party_kind": members.text("party_kind"),
        "uscc": _code(members, "uscc"),
        "sector": members.text("sector"),
        "origin": members.text("origin"),
        "act": act.text("zh") or act.text("en"),
        "articles": members.texts("law_articles"),
        "penalty": _penalty(members.inner("penalty")),
        "outcome": members.text("outcome"),
        "summary": members.flag("summary_procedure"),
        "documents": members.texts("documents"),
        "reward": reward.amount("granted_cny"),
        "adjacent": bool(members.flag("adjacent")),
    }


def _steps(members: Members, today: date) -> tuple[Step, ...]:
    if "timeline" not in members.values:
        members.fault("timeline", Text("missing", "缺少"))
        return ()
    return tuple(
        _step(Members(step, members.faults, path), today) for path, step in members.objects("timeline")
    )


def _step(step: Members, today: date) -> Step:
    word = step.text("step")
    if word not in STEPS:
        said = Text("no step is named", "缺少步骤") if word is None else _unknown(word)
        step.fault("step", said)
    day = step.text("date", empty=True)
    if day is not None:
        fault = occurred(day, today)
        if fault:
            step.fault("date", fault)
    return Step(word or "", day, step.text("note"))


def _unknown(word: str) -> Text:
    return Text(f"unknown step {word[:60]!r}", f"未知步骤 {word[:60]!r}")


def _code(members: Members, name: str) -> str | None:
    """A code that is right, or null."""
    code = members.text(name, empty=True)
    if code is None:
        return None
    if name == "uscc" and not valid_uscc(code):
        said = Text(
            f"{code[:40]!r} is not a unified social credit code with a right check character",
            f"{code[:40]!r} 不是校验正确的统一社会信用代码",
        )
        members.fault(name, said)
    if name == "gbt2260" and not (valid_region(code) and code[:2] in PROVINCES):
        said = Text(
            f"{code[:40]!r} is not a division code of six digits (GB/T 2260)",
            f"{code[:40]!r} 不是六位行政区划代码（GB/T 2260）",
        )
        members.fault(name, said)
    return code


def _penalty(members: Members) -> Imposed:
    return Imposed(
        fine=members.amount("fine_cny"),
        gains=members.amount("confiscated_gains_cny"),
        goods=members.text("confiscated_goods"),
        warning=members.flag("warning"),
        order_correct=members.flag("order_correct"),
        other=members.text("other"),
    )


def _too_long(length: int) -> Text:
    return Text(
        f"the record has {length:,} characters; an event holds {MAX_RECORD:,} (its envelope at most 64 KiB)",
        f"记录共 {length:,} 个字符，事件最多容纳 {MAX_RECORD:,} 个字符（信封上限 64 KiB）",
    )
