"""A step word and its note, read as an event type: the table of readings.

The word is what the collector of the record chose from a short list; the note says what the act was. So for each
word the readings are tried in order, and the first that fits the note (a pattern) and the course so far (a
condition) gives the event; the last one of a word fits always. `fill` gives the fields that the source states and
no others: what it does not say stays absent.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from enforcement.importing import fill_inquiry as inquiry
from enforcement.importing import fill_outcome as outcome
from enforcement.importing import notes
from enforcement.importing.course import Course
from enforcement.importing.penalty import decision_known

Fill = Callable[[Course], dict[str, Any]]
Condition = Callable[[Course], bool]


class Reading(NamedTuple):
    """One way to read a word."""

    topic: str
    fill: Fill
    note: re.Pattern[str] | None = None
    when: Condition | None = None

    def fits(self, course: Course) -> bool:
        if self.note is not None and not (course.note and self.note.search(course.note)):
            return False
        return self.when is None or self.when(course)


def read(course: Course) -> tuple[str, dict[str, Any]]:
    """The event type of the present step, and its fields."""
    for reading in READINGS[course.step.word]:
        if reading.fits(course):
            return reading.topic, reading.fill(course)
    raise LookupError(f"no reading of {course.step.word!r} fits")  # a test shows that this cannot be


def _r(
    topic: str, given: Fill = notes.nothing, note: str | None = None, when: Condition | None = None
) -> Reading:
    return Reading(topic, given, None if note is None else re.compile(note, re.IGNORECASE), when)


# -- conditions ------------------------------------------------------------------------------------------------


def _opens(course: Course) -> bool:
    return course.at == 0


def _filed(course: Course) -> bool:
    return "case.filed" in course.seen


def _unfiled(course: Course) -> bool:
    return not _filed(course)


def _ordered(course: Course) -> bool:
    return "case.correction-ordered" in course.seen


def _noticed(course: Course) -> bool:
    return "case.notice-served" in course.seen


def _undecided(course: Course) -> bool:
    return not course.standing


def _about_extension(course: Course) -> bool:
    """A discussion whose next step is an extension decided that, not a penalty."""
    following = course.neighbour(1)
    return following is not None and following.word == "extended" and following.date == course.step.date


def _on_the_spot(course: Course) -> bool:
    return bool(course.record.summary) and _unfiled(course) and not course.seen & outcome.DECIDING


def _after_hearing(course: Course) -> bool:
    return "case.hearing-held" in course.seen


def _publicity(course: Course) -> bool:
    """Of a penalty: one decided before, or one whose decision the record knows without its step."""
    if course.remedy_last:
        return False
    return course.standing or (not course.seen & outcome.DECIDING and decision_known(course.record))


# -- the table -------------------------------------------------------------------------------------------------

NOTED = "case.noted"
PROCURATOR = "procurat|检察"
NOT_FILED = "not filed|not to file|not accepted|不予立案|不予受理"
READINGS: dict[str, tuple[Reading, ...]] = {
    "clue_received": (
        _r("case.clue-registered", inquiry.clue, when=_opens),
        _r("case.clue-merged", inquiry.further_clue),
    ),
    "inspected": (
        _r(NOTED, notes.noted, f"by the ({PROCURATOR})"),
        _r("case.inspected"),
    ),
    "filed": (
        _r("case.not-filed", inquiry.not_filed, NOT_FILED),
        _r("case.police-opened", note="(filed|opened) by (the )?police|公安.{0,6}立案"),
        _r("case.filed"),
    ),
    "evidence_preserved": (
        _r("case.preservation-disposed", inquiry.disposed, "released|lifted|converted|turned into|解除"),
        _r("case.preservation-ordered", inquiry.preservation),
    ),
    "seized": (
        _r("case.measure-extended", inquiry.measure_extended, "extended|延长"),
        _r("case.measure-lifted", inquiry.measure_lifted, "released|lifted|returned|解除"),
        _r("case.measure-imposed", inquiry.measure),
    ),
    "seizure_extended": (_r("case.measure-extended", inquiry.measure_extended),),
    "sampled": (
        _r("case.test-entrusted", inquiry.test_entrusted, r"\bsent\b|entrusted|送检|委托", _filed),
        _r("case.sample-taken", inquiry.sample),
    ),
    "test_report": (_r("case.test-reported", inquiry.test_reported),),
    "interviewed": (
        _r("case.assistance-requested", inquiry.assistance, "assistance letter|协查|协助调查"),
        _r("case.interviewed", inquiry.interviewed),
    ),
    "extended": (
        _r(
            "case.measure-extended",
            inquiry.measure_extended,
            "seizure|sealing|detention|preservation|查封|扣押",
        ),
        _r("case.review-extended", notes.reason, r"\b(legal|case) review\b|审核"),
        _r("case.verification-extended", notes.reason, "clue|核查", _unfiled),
        _r("case.extended", inquiry.extended),
    ),
    "collective_discussion": (
        _r(NOTED, notes.noted, when=_about_extension),
        _r("case.collectively-discussed", inquiry.discussed),
    ),
    "legal_review": (
        _r("case.review-extended", notes.reason, "extended|延长"),
        _r("case.legal-review-done", inquiry.review_done, when=_after_hearing),
        _r("case.review-passed", inquiry.legal, "passed|approved|通过"),
        _r("case.review-returned", inquiry.review_returned, "return|sent back|退回"),
        _r("case.sent-to-review", inquiry.legal, "sent to|submitted|received|送审"),
        _r("case.review-passed", inquiry.legal),
    ),
    "notice_served": (
        _r("case.notice-reissued", inquiry.notice, when=_noticed),
        _r("case.notice-served", inquiry.notice),
    ),
    "hearing_requested": (
        _r(NOTED, notes.noted, "re-?test|复检"),
        _r("case.hearing-requested", inquiry.hearing_asked),
    ),
    "hearing_held": (
        _r(NOTED, notes.noted, f"{PROCURATOR}|not a penalty hearing|not clear|unclear|never held|not held"),
        _r("case.hearing-held", inquiry.hearing),
    ),
    "statement_heard": (
        _r("case.rights-waived", inquiry.waived, "waive|放弃"),
        _r(NOTED, notes.noted, "^no (statement|defence)|not? .*(statement|defence) (was )?made|未提出"),
        _r("case.defence-rechecked", inquiry.rechecked, "re-?check|复核"),
        _r("case.defence-submitted", inquiry.defence),
    ),
    "decided": (
        _r("case.no-penalty-decided", outcome.no_penalty, outcome.ONLY_NO_PENALTY),
        _r("case.not-proven-decided", notes.reason, "not established|not proven|unfounded|不能成立"),
        _r("case.decided-on-the-spot", outcome.on_the_spot, when=_on_the_spot),
        _r("case.penalty-decided", outcome.decided),
    ),
    "no_penalty": (
        _r("case.not-filed", inquiry.not_filed, NOT_FILED),
        _r(NOTED, notes.noted, "^(told|announced) |口头"),
        _r("case.no-penalty-decided", outcome.no_penalty),
    ),
    "served": (
        _r(
            "case.notice-served",
            inquiry.notice,
            "hearing notice|notice of (the |a )?(intended|proposed|hearing)|告知书",
        ),
        _r("case.reporter-told", notes.nothing, "through the (12315 )?platform|reporter|举报人|平台告知"),
        _r(
            NOTED,
            notes.noted,
            f"repair|信用修复|consultation|磋商|{PROCURATOR}|suggestion|建议书",
        ),
        _r(
            "case.decision-served",
            outcome.service,
            "^(penalty )?decision|decision (was )?(served|delivered)|决定书",
        ),
        _r(
            "case.correction-ordered",
            inquiry.order,
            "orders? to |ordered to |forbid|suspen[ds]|rectif|责令|停止使用|停业",
        ),
        _r("case.decision-served", outcome.service),
    ),
    "paid": (
        _r("case.reward-noted", outcome.reward_paid, "reward|奖励"),
        _r(NOTED, notes.noted, "refund|compensat|deferr|instal?ments? (granted|agreed)|退款|赔偿|延期|暂缓"),
        _r("case.paid", outcome.paid),
    ),
    "transferred_police": (
        _r(NOTED, notes.noted, "to be transferred|will be transferred|not (yet )?transferred|拟移送"),
        _r("case.police-opened", note="police (have |has )?(opened|filed)|立案侦查"),
        _r("case.police-transferred", outcome.sent_to),
    ),
    "police_declined": (_r("case.police-declined", outcome.declined),),
    "resumed": (
        _r("case.jurisdiction-settled", outcome.jurisdiction, "jurisdiction|指定管辖"),
        _r(NOTED, notes.noted, "follow-?up|meeting|reaches|会商|跟进"),
        _r(
            "case.returned",
            outcome.returned,
            f"opinion|reverse|returned|sent back|{PROCURATOR}|police|反向|退回|意见",
        ),
        _r("case.resumed"),
    ),
    "closed": (
        _r("case.not-filed", inquiry.not_filed, NOT_FILED),
        _r(NOTED, notes.noted, "cannot act|repl(y|ies|ied) |无法办理"),
        _r(
            "case.investigation-ended",
            notes.nothing,
            "investigation (is |was )?(ended|over|complet)|调查终结",
        ),
        _r("case.investigation-terminated", inquiry.terminated, "investigation (was )?terminated|终止调查"),
        _r("case.court-terminated", note="court .*terminat|裁定终结"),
        _r("case.closed"),
    ),
    "published": (
        _r("case.announced", notes.nothing, "still open|case is open|under (way|investigation)", _undecided),
        _r("case.published", when=_publicity),
        _r("case.announced"),
    ),
    "reconsidered": (_r("case.reconsideration", outcome.reconsideration),),
    "litigated": (
        _r(
            "case.court-ruled",
            outcome.ruling,
            "ruling.*enforce|enforcement (is |was )?(granted|refused)|准予强制",
        ),
        _r("case.court-applied", notes.nothing, "compulsory enforcement|apply .*enforce|申请强制执行"),
        _r("case.litigation", outcome.litigation),
    ),
    "revoked": (
        _r(
            "case.decision-declared-unlawful",
            outcome.revoked,
            "not revoked|(declared|confirmed) unlawful|确认违法",
        ),
        _r("case.decision-void", outcome.revoked, r"\bvoid\b|无效"),
        _r(
            "case.decision-changed",
            outcome.revoked,
            "^changed|(decision|penalty|fine) (is |was )?changed|变更",
        ),
        _r(NOTED, notes.noted, outcome.LICENCE, lambda course: course.standing),
        _r("case.penalty-decided", outcome.decided, outcome.LICENCE),
        _r("case.decision-revoked", outcome.revoked),
    ),
    "corrected": (
        _r("case.decision-clerically-corrected", outcome.clerical, "clerical|misprint|typing|笔误"),
        _r("case.correction-ordered", inquiry.order, "order(ed)? to|责令"),
        _r("case.correction-checked", inquiry.checked, when=_ordered),
        _r(NOTED, notes.noted),
    ),
    "reward_granted": (
        _r("case.reward-noted", outcome.reward_refused, "refus|not granted|不予奖励"),
        _r("case.reward-noted", outcome.reward_granted),
    ),
    "reward_paid": (_r("case.reward-noted", outcome.reward_paid),),
    "credit_repaired": (
        _r(
            NOTED,
            notes.noted,
            "appl(y|ied|ication)|refus|reject|notice|not (yet )?(granted|repaired)|申请|不予",
        ),
        _r("case.credit-repaired"),
    ),
    "listed": (
        _r(NOTED, notes.noted, "removed|taken off|移出"),
        _r("case.listed", outcome.listed),
    ),
}
