"""What must hold before an event of an inspection is recorded; each guard yields the breaches that it finds.

Names are those of the table.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from enforcement.checks.inspection import NOTHING_TO_DO, Inspection
from enforcement.checks.steps import Guard, Step
from enforcement.errors import Breach
from enforcement.registry.inspector import Inspector
from enforcement.values import Text

if TYPE_CHECKING:
    from enforcement.credit.publicity import Term

Lookup = Callable[[str], Inspector | None]
TEAM = 2
ONE_DAY = timedelta(days=1)
APPROVERS = ("unit_head", "head")
NOTHING_FOUND = "1"
UNREACHABLE, CORRECTED, LATER = "4", "5", "8"
ORDER, CLUE = "3", "4"
GROUNDS = {"contact": ("4",), "disclosure": ("2", "3")}
"""Result codes on which a listing rests (异常名录办法 7, 9)."""


class Asked(NamedTuple):
    """What a guard looks at."""

    row: Step
    it: Inspection
    event: Any
    day: date
    officer: Lookup
    term: "Callable[[Inspection, date], Term | None]"
    """How long a negative result is public, by the rules of a day."""

    def breach(self, rule: str, en: str, zh: str, earliest: date | None = None) -> Breach:
        """A breach of the row's article."""
        return Breach(rule, self.row.article, Text(en, zh), earliest)


def two_officers(a: Asked) -> Iterator[Breach]:
    """Two different officers at least 两人执法."""
    found = len(set(a.event.officers))
    if found < TEAM or found < len(a.event.officers):
        said = (
            f"a check takes two different officers or more; named are {', '.join(a.event.officers) or 'none'}"
        )
        yield a.breach(
            "two-officers", said, f"检查应由两名以上执法人员实施，现为 {'、'.join(a.event.officers)}"
        )


def licensed(a: Asked) -> Iterator[Breach]:
    """Every one of them registered, with a licence that is valid on the day."""
    for id in dict.fromkeys(a.event.officers):
        known = a.officer(id)
        if known is None:
            yield a.breach("officer-unknown", f"{id} is not a registered officer", f"{id} 不在执法人员名录中")
        elif not known.licensed(a.day):
            until = known.facts.get("licence_until")
            said = f"the licence of {id} is valid until {until}, not on {a.day}"
            yield a.breach("licence", said, f"{id} 的执法证件有效期至 {until}，{a.day} 无效")


def case_check_has_clue(a: Asked) -> Iterator[Breach]:
    """个案检查 names its clue; nothing drawn at random has one."""
    if a.event.check_kind == "case" and not a.event.clue:
        yield a.breach("clue", "a check on a clue names the clue", "个案检查应载明线索")
    if a.event.random and a.event.check_kind == "case":
        yield a.breach("clue", "a check on a clue is not drawn at random", "个案检查不是随机抽查")


def own_recusal(a: Asked) -> Iterator[Breach]:
    """Only a member of the team steps out."""
    if a.event.officer not in a.it.officers:
        said = f"{a.event.officer} is not in the team ({', '.join(a.it.officers)})"
        yield a.breach(
            "not-in-team", said, f"{a.event.officer} 不是本次检查人员（{'、'.join(a.it.officers)}）"
        )


def replacement(a: Asked) -> Iterator[Breach]:
    """Who takes the place is licensed, new to the team, and has not stepped out of this check before."""
    other = a.event.replacement
    if other is None:
        return
    if other in a.it.officers or other in a.it.recused or other == a.event.officer:
        said = f"{other} is in the team already or has stepped out of it"
        yield a.breach("replacement", said, f"{other} 已在检查组内或已回避")
    known = a.officer(other)
    if known is None or not known.licensed(a.day):
        said = f"{other} holds no licence that is valid on {a.day}"
        yield a.breach("licence", said, f"{other} 在 {a.day} 无有效执法证件")


def nobody_recused(a: Asked) -> Iterator[Breach]:
    """Who stepped out does not come back."""
    back = sorted(set(a.event.officers) & set(a.it.recused))
    if back:
        yield a.breach(
            "recused",
            f"{', '.join(back)} stepped out of this check",
            f"{'、'.join(back)} 已回避本次检查",
        )


def not_of_a_campaign(a: Asked) -> Iterator[Breach]:
    """In a campaign the draw decides who takes a place and which object follows: recorded there, not here."""
    if a.it.facts.get("campaign"):
        said = f"record this on {a.it.facts['campaign']}: its draw decides who or what comes next"
        yield a.breach("drawn", said, f"请在抽查任务 {a.it.facts['campaign']} 中办理，由抽取结果决定递补")


def approved(a: Asked) -> Iterator[Breach]:
    """审批: by somebody who holds the role on the day."""
    known = a.officer(a.event.approved_by)
    if known is None or not any(known.holds(role, a.day) for role in APPROVERS):
        said = f"{a.event.approved_by} is neither a unit head nor a leader of the bureau on {a.day}"
        yield a.breach("approval", said, f"{a.event.approved_by} 在 {a.day} 不是机构负责人或负责人")


def own_officers(a: Asked) -> Iterator[Breach]:
    """Those who enter are those who were sent."""
    others = sorted(set(a.event.officers) - set(a.it.officers))
    if others:
        said = f"{', '.join(others)} were not sent; the team is {', '.join(a.it.officers)}"
        yield a.breach(
            "not-in-team", said, f"{'、'.join(others)} 未被派往；检查组为 {'、'.join(a.it.officers)}"
        )


def licence_shown(a: Asked) -> Iterator[Breach]:
    """出示执法证件."""
    if not a.event.licence_shown:
        yield a.breach("licence-shown", "licences are shown at entry", "应当出示执法证件")


def scanned(a: Asked) -> Iterator[Breach]:
    """扫码入企 keeps the code that was scanned."""
    if a.event.entry == "scan" and not a.event.code:
        yield a.breach("scan-code", "the code that was scanned is missing", "缺少入企扫码的编码")


def every_question(a: Asked) -> Iterator[Breach]:
    """Every question of the item once, and no other."""
    asked = [question["id"] for question in a.it.facts["questions"]]
    given = Counter(answer["question"] for answer in a.event.answers)
    wrong = [id for id in asked if given[id] != 1] + [id for id in given if id not in asked]
    if wrong:
        said = f"each question is answered once; missing, repeated or unknown: {', '.join(wrong)}"
        yield a.breach("record-sheet", said, f"每个问题应回答一次；缺少、重复或未知：{'、'.join(wrong)}")


def signed_or_witnessed(a: Asked) -> Iterator[Breach]:
    """Signed, or the reason and a witness (SC 9)."""
    if not a.event.signed and not (a.event.unsigned_reason and a.event.witness):
        said = "not signed: the reason and a witness are needed"
        yield a.breach("signature", said, "当事人未签字的，应注明原因并由见证人见证")


def sheet_first(a: Asked) -> Iterator[Breach]:
    """No result without the record of the check."""
    if a.it.sheet is None:
        yield a.breach("record-sheet", "the record sheet comes first", "应先填写现场检查记录")


def codes(a: Asked) -> Iterator[Breach]:
    """One code at least, none twice; “nothing found” stands alone, in both lists."""
    for name in ("codes", "provincial"):
        given = getattr(a.event, name)
        if name == "codes" and not given:
            yield a.breach("codes", "a result has one code or more", "检查结果至少应有一个代码")
        if len(set(given)) < len(given):
            yield a.breach("codes", f"{name}: a code stands twice", f"{name}：代码重复")
        if NOTHING_FOUND in given and len(given) > 1:
            said = f"{name}: 1 “nothing found” stands alone"
            yield a.breach("codes", said, f"{name}：“未发现问题”不得与其他代码并列")


def followups(a: Asked) -> Iterator[Breach]:
    """What the codes promise is in the follow-ups: 5 an order, 8 something; “none needed” stands alone."""
    given = [each["code"] for each in a.event.followups]
    if not given or len(set(given)) < len(given):
        yield a.breach(
            "followups", "one follow-up code or more, none twice", "后续处置代码至少一个且不得重复"
        )
    if NOTHING_TO_DO in given and len(given) > 1:
        yield a.breach("followups", "1 “none needed” stands alone", "“无需后续处置”不得与其他代码并列")
    if CORRECTED in a.event.codes and ORDER not in given:
        said = "code 5 (ordered to correct) goes with follow-up 3"
        yield a.breach("followups", said, "代码5（已责令改正）应有后续处置3（责令限期整改）")
    if LATER in a.event.codes and not set(given) - {NOTHING_TO_DO}:
        said = "code 8 (to be dealt with) goes with a follow-up other than 1"
        yield a.breach("followups", said, "代码8（待后续处理）应有后续处置")


def second_person(a: Asked) -> Iterator[Breach]:
    """Who checked or entered does not audit."""
    if a.event.actor in (*a.it.visitors, *a.it.officers, (a.it.results or {}).get("by")):
        said = f"{a.event.actor} took part in the check; a second person audits"
        yield a.breach("second-person", said, f"{a.event.actor} 参与了检查，应由他人审核")


def reason_unless_passed(a: Asked) -> Iterator[Breach]:
    """审核退回 and 不通过 say why."""
    if a.event.result != "passed" and not a.event.reason:
        yield a.breach("reason", "say why it does not pass", "退回或不通过应说明理由")


def still_shown(a: Asked) -> Iterator[Breach]:
    """Withdrawn once."""
    if not a.it.shown:
        yield a.breach("not-shown", "the result is not in public now", "该结果当前未公示")


def term_over(a: Asked) -> Iterator[Breach]:
    """A negative result is public to the end of its term; an earlier end comes by the last step of a repair."""
    if a.event.why == "repair":
        yield a.breach("by-repair-only", "a repair ends it by repair.stopped", "修复后应随停止公示一并记录")
    term = a.term(a.it, a.day) if a.event.why == "term" else None
    if term is not None and term.public(a.day):
        until = term.until or "its penalty or listing ends"
        said = f"a result that names a problem is public until {until}"
        earliest = term.until + ONE_DAY if term.until else None
        yield a.breach("term-running", said, f"公示期至 {term.until or '相关处罚、列入终止'}", earliest)


def order_is_new(a: Asked) -> Iterator[Breach]:
    """Every order has an id of its own."""
    if a.event.order in a.it.orders:
        yield a.breach("order", f"{a.event.order} was ordered before", f"{a.event.order} 已责令")


def date_ahead(a: Asked) -> Iterator[Breach]:
    """限期 ends after it begins."""
    if a.event.until <= a.day.isoformat():
        said = f"the date {a.event.until} is not after {a.day}"
        yield a.breach("date", said, f"限期 {a.event.until} 不晚于 {a.day}")


def order_open(a: Asked) -> Iterator[Breach]:
    """There is such an order, and it is not done yet."""
    order = a.it.orders.get(a.event.order)
    if order is None:
        yield a.breach("order", f"there is no order {a.event.order}", f"无责令事项 {a.event.order}")
    elif order["result"] == "done":
        yield a.breach("order", f"{a.event.order} was found done before", f"{a.event.order} 已改正")


def something_found(a: Asked) -> Iterator[Breach]:
    """A case rests on a problem that the result names."""
    if set(a.it.codes) <= {NOTHING_FOUND, "7"}:
        said = f"the result names no problem (codes {', '.join(a.it.codes)})"
        yield a.breach("nothing-found", said, f"检查结果未记载问题（代码 {'、'.join(a.it.codes)}）")


def ground_found(a: Asked) -> Iterator[Breach]:
    """The listing rests on a code of the result."""
    if not set(GROUNDS[a.event.ground]) & set(a.it.codes):
        due = " or ".join(GROUNDS[a.event.ground])
        said = f"a listing for {a.event.ground} rests on code {due}; the result has {', '.join(a.it.codes)}"
        yield a.breach("ground", said, f"检查结果（{'、'.join(a.it.codes)}）不支持该列入事由")


def once_listed(a: Asked) -> Iterator[Breach]:
    """One listing a ground."""
    if a.event.ground in a.it.listings:
        yield a.breach("listed", f"listed for {a.event.ground} before", "已按该事由列入")


def followup_open(a: Asked) -> Iterator[Breach]:
    """It is one of those that are open."""
    if a.event.code not in a.it.open_followups():
        said = f"follow-up {a.event.code} is not open; open are {', '.join(a.it.open_followups())}"
        yield a.breach("followup", said, f"后续处置 {a.event.code} 不在未完结之列")


def followup_done(a: Asked) -> Iterator[Breach]:
    """An order needs its re-check, a clue its case."""
    undone = [id for id, order in a.it.orders.items() if order["result"] is None]
    if a.event.code == ORDER and (undone or not a.it.orders):
        said = f"not re-checked: {', '.join(undone) or 'no order was recorded'}"
        yield a.breach("recheck", said, f"尚未复查：{'、'.join(undone) or '未记录责令改正'}")
    if a.event.code == CLUE and not a.it.cases:
        yield a.breach("case", "the clue has not opened a case yet", "线索尚未立为案源")


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        *(two_officers, licensed, case_check_has_clue, own_recusal, replacement, nobody_recused),
        *(not_of_a_campaign, approved, own_officers, licence_shown, scanned, every_question),
        *(signed_or_witnessed, sheet_first, codes, followups, second_person, reason_unless_passed),
        *(still_shown, term_over, order_is_new, date_ahead, order_open, something_found, ground_found),
        *(once_listed, followup_open, followup_done),
    )
}
