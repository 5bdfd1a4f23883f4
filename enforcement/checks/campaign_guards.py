"""What must hold before an event of a campaign is recorded; each guard yields the breaches that it finds.

What the draw itself demands – commitments, forms of numbers – is asked of its own pure modules, so there is one rule.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from enforcement.checks import entropy
from enforcement.checks.campaign import Campaign
from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_guards import APPROVERS, TEAM, Lookup
from enforcement.checks.steps import Guard, Step
from enforcement.errors import Breach, DrawRefused
from enforcement.values import Text

DONE = ("VOIDED",)


class Asked(NamedTuple):
    """What a guard looks at. `frozen` is the freeze object, `inspections` are those of the draw, when asked for."""

    row: Step
    it: Campaign
    event: Any
    day: date
    now: datetime
    officer: Lookup
    frozen: Callable[[], dict[str, Any]]
    inspections: Callable[[], Sequence[Inspection]]
    predecessor: Callable[[], Campaign | None]

    def breach(self, rule: str, en: str, zh: str) -> Breach:
        """A breach of the row's article."""
        return Breach(rule, self.row.article, Text(en, zh))

    def planned(self, name: str) -> Any:
        """A member of the plan as it would stand after the event."""
        value = getattr(self.event, name)
        return self.it.facts.get(name) if value is None else value


def team_of_two(a: Asked) -> Iterator[Breach]:
    """Two inspectors an inspection at least."""
    if a.planned("team") < TEAM:
        yield a.breach("two-officers", "a team is two inspectors or more", "每组执法检查人员不得少于两人")


def days_in_order(a: Asked) -> Iterator[Breach]:
    """It ends on its first day or later."""
    if a.planned("end") < a.planned("start"):
        said = f"it ends on {a.planned('end')}, before it begins on {a.planned('start')}"
        yield a.breach("days", said, "结束日期早于开始日期")


def follows_a_voided_one(a: Asked) -> Iterator[Breach]:
    """What it replaces was voided, and has no successor yet."""
    if a.event.replaces is None:
        return
    before = a.predecessor()
    if before is None or before.state != "VOIDED":
        said = f"{a.event.replaces} is not a voided campaign"
        yield a.breach("replaces", said, f"{a.event.replaces} 不是已作废的抽查任务")
    elif before.successor is not None:
        said = f"{before.id} is followed by {before.successor} already"
        yield a.breach("replaces", said, f"{before.id} 已由 {before.successor} 接替")


def once_revealed(a: Asked) -> Iterator[Breach]:
    """A party reveals once."""
    if a.event.name in a.it.reveals:
        yield a.breach("revealed", f"{a.event.name} has revealed", f"{a.event.name} 已揭示")


def committed(a: Asked) -> Iterator[Breach]:
    """The nonce is the one that was committed to."""
    try:
        entropy.check_reveal(a.frozen(), a.event.name, a.event.nonce)
    except DrawRefused as error:
        yield a.breach("commitment", error.message.en, error.message.zh)


def in_time(a: Asked) -> Iterator[Breach]:
    """Until `reveal_by`; afterwards the campaign is void."""
    by = (a.it.frozen or {})["reveal_by"]
    if a.now > _moment(by):
        said = f"the time to reveal ended at {by}: the campaign is voided, another one follows"
        yield a.breach("reveal-by", said, f"揭示期限为 {by}，已过期：应作废并另立任务")


def number_announced(a: Asked) -> Iterator[Breach]:
    """Only what was announced in the freeze, and once."""
    if (a.it.frozen or {}).get("public") is None:
        yield a.breach("public-number", "no public number was announced", "未约定公开数字")
    elif a.it.public_text is not None:
        yield a.breach("public-number", "the public number was taken before", "公开数字已录入")


def number_has_its_form(a: Asked) -> Iterator[Breach]:
    """The text has the form that was announced, as a whole."""
    if (a.it.frozen or {}).get("public") is None:
        return
    try:
        entropy.check_public_text(a.frozen(), a.event.text)
    except DrawRefused as error:
        yield a.breach("public-number", error.message.en, error.message.zh)


def number_is_out(a: Asked) -> Iterator[Breach]:
    """Not before it is published."""
    public = (a.it.frozen or {}).get("public")
    if public is not None and a.now < _moment(public["at"]):
        said = f"the number is published at {public['at']}"
        yield Breach(
            "public-number",
            a.row.article,
            Text(said, f"公开数字于 {public['at']} 发布"),
            _moment(public["at"]),
        )


def number_taken(a: Asked) -> Iterator[Breach]:
    """Nothing is drawn before the public number is there."""
    if (missing := missing_number(a.it)) is not None:
        yield a.breach("public-number", missing.en, missing.zh)


def missing_number(it: Campaign) -> Text | None:
    """What is said while an announced number is not there."""
    if (it.frozen or {}).get("public") is None or it.public_text is not None:
        return None
    return Text("the public number is still missing", "尚缺公开数字")


def approved(a: Asked) -> Iterator[Breach]:
    """By somebody who holds the role on the day."""
    known = a.officer(a.event.approved_by)
    if known is None or not any(known.holds(role, a.day) for role in APPROVERS):
        said = f"{a.event.approved_by} is neither a unit head nor a leader of the bureau on {a.day}"
        yield a.breach("approval", said, f"{a.event.approved_by} 在 {a.day} 不是机构负责人或负责人")


def names_who(a: Asked) -> Iterator[Breach]:
    """A recusal names who steps out."""
    if a.event.out is None:
        yield a.breach("recusal", "name who steps out", "应写明回避人员")


def all_have_results(a: Asked) -> Iterator[Breach]:
    """Every inspection has a result or came to nothing."""
    yield from _every(a, "results", lambda it: it.results is not None, "has no result", "尚未录入结果")


def all_audited(a: Asked) -> Iterator[Breach]:
    """Every result has passed."""
    yield from _every(a, "audit", _passed, "has not passed its audit", "尚未通过审核")


def _passed(it: Inspection) -> bool:
    return (it.audited or {}).get("result") == "passed"


def all_published(a: Asked) -> Iterator[Breach]:
    """Every result is, or was, in public."""
    yield from _every(a, "publication", lambda it: it.published is not None, "is not published", "尚未公示")


def nothing_open(a: Asked) -> Iterator[Breach]:
    """Every follow-up is finished."""
    yield from _every(
        a, "followup", lambda it: not it.open_followups(), "has open follow-ups", "后续处置未完结"
    )


def _every(a: Asked, rule: str, holds: Callable[[Inspection], bool], en: str, zh: str) -> Iterator[Breach]:
    left = [it.id for it in a.inspections() if it.state not in DONE and not holds(it)]
    if left:
        shown = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
        yield a.breach(
            rule, f"{len(left)} of the inspections: {shown} {en}", f"{len(left)} 项检查{zh}：{shown}"
        )


def reason_holds(a: Asked) -> Iterator[Breach]:
    """A campaign is voided for what is so: once frozen, nobody may void it because of what would be drawn."""
    said = VOIDABLE[a.event.why](a)
    if said is not None:
        yield a.breach("void", said.en, said.zh)


def _late(a: Asked) -> Text | None:
    if a.it.state == "FROZEN" and a.now > _moment((a.it.frozen or {})["reveal_by"]):
        return None
    return Text("not every party is late: the time to reveal is not over", "揭示期限尚未届满，或各方均已揭示")


def _no_number(a: Asked) -> Text | None:
    public = (a.it.frozen or {}).get("public")
    if a.it.state == "REVEALED" and public and a.it.public_text is None and a.now > _moment(public["at"]):
        return None
    return Text("the public number is not missing", "公开数字并未缺失")


def _failed(a: Asked) -> Text | None:
    return None if a.it.state == "DRAW_FAILED" else Text("the draw has not failed", "抽取并未失败")


def _known(a: Asked) -> Text | None:
    return None if a.it.frozen else Text("nothing is frozen yet", "尚未冻结")


def _not_frozen(a: Asked) -> Text | None:
    if a.it.state == "PLANNED":
        return None
    return Text(
        "once frozen it is voided only for a late party, a nonce known early, a missing number or a failed draw",
        "冻结之后，仅在逾期未揭示、随机数提前泄露、公开数字缺失或抽取失败时可作废",
    )


VOIDABLE: dict[str, Callable[[Asked], Text | None]] = {
    "not_revealed": _late,
    "public_number": _no_number,
    "draw_failed": _failed,
    "known_early": _known,
    "other": _not_frozen,
}
"""Reason of a void → why it does not hold, or None."""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        *(team_of_two, days_in_order, follows_a_voided_one, once_revealed, committed, in_time),
        *(number_announced, number_has_its_form, number_is_out, number_taken, approved, names_who),
        *(all_have_results, all_audited, all_published, nothing_open, reason_holds),
    )
}
