"""The fields of events from the decision on – service, payment, police, courts, publicity –, as their steps state them.

Only what the source says is filled in. A required field that it does not state stays absent and reads as None.
"""

from enforcement.importing.course import Course
from enforcement.importing.notes import Data, chosen, method, says, told
from enforcement.importing.penalty import imposed, split_outcomes

DECIDING = frozenset(
    {
        "case.penalty-decided",
        "case.decided-on-the-spot",
        "case.no-penalty-decided",
        "case.not-proven-decided",
        "case.not-filed",
    }
)
ONLY_NO_PENALTY = "^(?!.*(fine|confiscat|罚款|没收)).*(no penalty|not penalised|不予(行政)?处罚)"
LICENCE = "licen[cs]e|permit|吊销"


def decided(course: Course) -> Data:
    """The penalty goes to the decision to which the record ties it (`Course.penalty_at`), to no other one."""
    if course.at != course.penalty_at:
        return {}
    penalties, others = split_outcomes(course.record, course.note)
    return told(penalties=penalties or None, others=others or None)


def on_the_spot(course: Course) -> Data:
    record = course.record
    penalties = imposed(record) if course.at == course.penalty_at else None
    return told(
        region=record.region,
        unit=record.authority,
        parties=course.parties or None,
        penalties=penalties or None,
        facts=record.act,
    )


def no_penalty(course: Course) -> Data:
    ground = chosen(
        course,
        ("APL33_1_first", "first offence|初次"),
        ("APL33_2", "no (subjective )?fault|无主观过错"),
        ("APL33_1_minor", "(minor|slight).*corrected|轻微.*改正"),
    )
    return told(ground=ground, reason=course.step.note)


def service(course: Course) -> Data:
    return told(method=method(course))


def paid(course: Course) -> Data:
    part = says(course, r"\b(in )?part(ly|ial|ially)?\b|instal?ment|部分|分期")
    what = chosen(
        course, ("surcharge", "surcharge|加处罚款"), ("gains", "gains|违法所得"), ("fine", "fine|罚款")
    )
    return told(in_full=False if part else None, what=what)


def revoked(course: Course) -> Data:
    by = chosen(
        course,
        ("self", r"\bits own\b|\bself\b|自行"),
        ("court", "court|法院|judg"),
        ("reconsideration", "reconsideration|复议"),
        ("superior", "superior|(city|provincial|higher).{0,20}(bureau|government)|上级"),
    )
    anew = says(course, "anew|again|重新作出")
    return told(by=by, reason=course.step.note, anew=anew or None)


def clerical(course: Course) -> Data:
    return told(what=course.step.note)


def sent_to(course: Course) -> Data:
    return told(to=course.step.note)


def declined(course: Course) -> Data:
    by = chosen(course, ("procuratorate", "procurat|prosecut|检察|起诉"), ("police", "police|公安"))
    return told(by=by, reason=course.step.note)


def returned(course: Course) -> Data:
    by = chosen(
        course,
        ("procuratorate", "procurat|opinion|reverse|检察|反向|意见"),
        ("police", "police|公安"),
        ("court", "court|法院"),
    )
    return told(by=by, opinion=course.step.note)


def jurisdiction(course: Course) -> Data:
    return told(by="superior" if says(course, "designat|named|指定") else None)


RESULTS = (
    ("upheld", "upheld|维持"),
    ("dismissed", "dismiss|驳回"),
    ("settled", "settle|mediat|调解"),
    ("withdrawn", "withdr|撤回"),
    ("anew", "anew|重新作出"),
    ("unlawful", "unlawful|确认违法"),
    ("void", r"\bvoid\b|无效"),
    ("revoked", "revok|overturn|撤销"),
    ("changed", r"\bchanged\b|变更"),
    ("duty_to_act", "duty to act|ordered to act|责令履行"),
)


def reconsideration(course: Course) -> Data:
    """行政复议, one application after another; each keeps its id through its steps."""
    step = chosen(
        course,
        ("decided", "settle|mediat|withdr"),
        ("returned", "returned|补正"),
        ("accepted", "accepted|受理"),
        ("answer_asked", "notice to answer|asked to answer|答复通知"),
        ("answered", "answer|答复"),
        ("joined", "joined|追加"),
        ("decided", "dismiss|upheld|revoked|changed|unlawful|驳回|维持|撤销"),
        ("applied", "^against|applic|applied|completed material|申请"),
        ("heard", "heard|hearing|听取"),
        ("decided", "decision|decided|决定"),
    )
    remedy = _remedy(course)
    course.open_remedy[remedy] = step != "decided"
    return told(
        remedy=remedy,
        step=step or "other",
        by=applicant(course),
        procedure="simple" if says(course, "simpl|简易") else None,
        result=chosen(course, *RESULTS) if step == "decided" else None,
    )


def _remedy(course: Course) -> str:
    last = course.latest("r")
    return last if course.open_remedy.get(last) else f"r{course.number('r')}"


def applicant(course: Course) -> str | None:
    """Who asks: as the note says; against a report that led to no decision only the reporter can."""
    said = chosen(
        course,
        ("third_party", "third part|第三人"),
        ("reporter", "reporter|举报人"),
        ("party", "party|当事人"),
    )
    undecided = not course.seen & (DECIDING - {"case.not-filed"})
    return said or ("reporter" if undecided and course.record.origin == "report" else None)


def litigation(course: Course) -> Data:
    result = chosen(course, *RESULTS)
    step = chosen(
        course,
        ("filed", r"\bsues?\b|sued|起诉"),
        ("judged", "instance|judg|upheld|dismiss|revok|overturn|判决"),
        ("appealed", "appeal|上诉"),
        ("accepted", "accepted|受理"),
        ("heard", "heard|hearing|开庭"),
    )
    return told(
        remedy="l1",
        step=step or "other",
        instance=chosen(course, ("second", "second instance|二审"), ("retrial", "retrial|再审")),
        by=applicant(course),
        result=result if step == "judged" or result == "withdrawn" else None,
    )


def ruling(course: Course) -> Data:
    return {"result": "refused" if says(course, "refus|不准予") else "granted"}


def listed(course: Course) -> Data:
    which = chosen(course, ("serious", "serious|严重"), ("abnormal", "abnormal|异常"))
    return told(list=which, ground=course.step.note)


def reward_granted(course: Course) -> Data:
    return told(step="granted", amount=course.record.reward)


def reward_paid(course: Course) -> Data:
    return told(step="paid")


def reward_refused(course: Course) -> Data:
    return {"step": "refused"}
