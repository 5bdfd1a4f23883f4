"""The fields of events up to the notice and the hearing, as their steps state them: from the course to data.

Only what the source says is filled in. A required field that it does not state stays absent and reads as None.
"""

import re
from datetime import date

from enforcement.importing.course import Course
from enforcement.importing.notes import Data, chosen, method, says, told
from enforcement.importing.vocabulary import source_of


def clue(course: Course) -> Data:
    record = course.record
    found = told(
        source=source_of(record.origin), region=record.region, unit=record.authority, summary=record.act
    )
    return found | ({"metrology": False} if record.adjacent else {})


def further_clue(course: Course) -> Data:
    return told(source=source_of(course.record.origin), summary=course.step.note)


def not_filed(course: Course) -> Data:
    ground = chosen(
        course,
        ("P19_3", "not this department|jurisdiction|管辖|职权"),
        ("P20_2", "first offence|初次"),
    )
    return told(ground=ground, reason=course.step.note)


def preservation(course: Course) -> Data:
    return told(measure=f"e{course.number('e')}", items=course.step.note)


def disposed(course: Course) -> Data:
    how = chosen(course, ("released", "released|lifted|解除"), ("seized", "seiz|扣押"), ("tested", "test|检"))
    return told(measure=course.latest("e"), how=how)


def measure(course: Course) -> Data:
    sealed = says(course, "seal|查封") and not says(course, "detain|seize|collect|remov|扣押")
    return told(measure=f"m{course.number('m')}", kind="seal" if sealed else "seize", items=course.step.note)


def measure_extended(course: Course) -> Data:
    return told(measure=course.latest("m"), reason=course.step.note)


def measure_lifted(course: Course) -> Data:
    return {"measure": course.latest("m")}


def sample(course: Course) -> Data:
    return told(sample=f"s{course.number('s')}", what=course.step.note)


def test_entrusted(course: Course) -> Data:
    test = f"t{course.number('t')}"
    course.open_tests.append(test)
    return told(test=test, body=course.step.note)


def test_reported(course: Course) -> Data:
    """The result of the test that was asked for first, else of one of its own."""
    test = course.open_tests.pop(0) if course.open_tests else f"t{course.number('t')}"
    return told(test=test, result=course.step.note)


def assistance(course: Course) -> Data:
    return told(letter=f"a{course.number('a')}", to=course.step.note)


def interviewed(course: Course) -> Data:
    whom = chosen(
        course,
        ("agent", "agent|代理人"),
        ("party", "party|operator|manager|owner|admit|当事人|经营者"),
        ("witness", "witness|证人"),
        ("other", "organiser|companies|supplier|consumer|举办者"),
    )
    return told(whom=whom)


def order(course: Course) -> Data:
    return told(order=f"o{course.number('o')}", what=course.step.note)


def checked(course: Course) -> Data:
    undone = says(course, r"\bnot\b.*(done|corrected|obeyed)|refus|未改正|拒不")
    return {"order": course.latest("o"), "result": "not_done" if undone else "done"}


def extended(course: Course) -> Data:
    """办案期限延长: which one, how long and until when, as far as the note or the discussion beside it says."""
    before = course.neighbour(-1)
    beside = before is not None and before.word == "collective_discussion" and before.date == course.step.date
    collective = beside or says(course, "collective|集体讨论")
    first = says(course, r"\bfirst\b|首次") or (course.number("x") == 1 and not collective)
    step = "first" if first and not says(course, r"\b(second|third)\b|再次") else "second"
    days = re.search(r"\+ ?([1-9]\d{0,2}) days", course.note)
    return told(
        step=step,
        until=_until(course.note) if step == "second" else None,
        days=int(days[1]) if days else None,
        collective=collective or None,
        reason=course.step.note,
    )


def _until(note: str) -> str | None:
    """The date to which a collective discussion extends; the head's thirty days have none of their own."""
    found = re.search(r"\b(?:to|until|till) (\d{4}-\d{2}-\d{2})\b", note)
    try:
        return date.fromisoformat(found[1]).isoformat() if found else None
    except ValueError:
        return None


def terminated(course: Course) -> Data:
    ground = chosen(
        course, ("died", r"\bdied\b|death|死亡"), ("ended", "deregister|dissol|ended to exist|注销|终止主体")
    )
    return told(ground=ground)


def legal(course: Course) -> Data:
    return {"kind": "legal"}


def review_returned(course: Course) -> Data:
    return told(
        to=chosen(course, ("investigate", "investigat|evidence|证据"), ("correct", "correct|改")),
        reason=course.step.note,
    )


def review_done(course: Course) -> Data:
    returned = says(course, "return|sent back|退回") and not says(course, "passed|approved|通过")
    return {"result": "returned" if returned else "passed"}


def notice(course: Course) -> Data:
    hearing = says(course, "hearing notice|right to a hearing|听证")
    return told(hearing_right=hearing or None, method=method(course))


def hearing_asked(course: Course) -> Data:
    return told(oral=says(course, r"\boral(ly)?\b|口头") or None)


def hearing(course: Course) -> Data:
    closed = says(course, "not (open|public)|closed|不公开")
    return {"public": False} if closed else {}


def defence(course: Course) -> Data:
    return told(summary=course.step.note, oral=says(course, r"\boral(ly)?\b|口头") or None)


def waived(course: Course) -> Data:
    return told(hearing=says(course, "hearing|听证") or None)


def rechecked(course: Course) -> Data:
    result = chosen(
        course,
        ("not_adopted", "not adopted|rejected|不予采纳"),
        ("partly", "partly|部分"),
        ("adopted", "adopted|采纳"),
    )
    return told(result=result, reason=course.step.note)


def discussed(course: Course) -> Data:
    return told(result=course.step.note)
