"""What a note bears out: small questions to the text of a step, shared by all that fill events.

A note is never turned into more than its words; where it says nothing, a field stays absent.
"""

import re
from typing import Any

from enforcement.importing.course import Course

Data = dict[str, Any]


def told(**fields: Any) -> Data:
    """The fields that are known."""
    return {name: value for name, value in fields.items() if value is not None}


def says(course: Course, pattern: str) -> bool:
    return bool(course.note and re.search(pattern, course.note, re.IGNORECASE))


def chosen(course: Course, *choices: tuple[str, str]) -> str | None:
    """The first value whose pattern the note bears out; None where it says nothing."""
    if not course.note:
        return None
    return next((value for value, pattern in choices if says(course, pattern)), None)


def nothing(course: Course) -> Data:
    return {}


def noted(course: Course) -> Data:
    """A fact without a row in the procedure: the word of the source; its note stands beside it."""
    return {"what": course.step.word}


def reason(course: Course) -> Data:
    return told(reason=course.step.note)


def method(course: Course) -> str | None:
    """How it was served 送达方式, where the note says so."""
    return chosen(
        course,
        ("public_notice", "public (announcement|notice)|公告"),
        ("post", r"\bby post\b|registered (mail|letter)|邮寄"),
        ("electronic", "electronic|e-?mail|电子"),
        ("left", r"\bleft (at|there|with)\b|留置"),
        ("direct", "in person|handed over|当场|直接送达"),
    )
