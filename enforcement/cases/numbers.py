"""Numbers of documents 文书编号, one series a bureau, form and year; the version of a series is its last number.

Two cases that number at once meet the same primary key, so a number is never given twice and none is left out.
"""

from enforcement.errors import NotFound
from enforcement.events import Event
from enforcement.fields import CaseId
from enforcement.law.documents import DocumentForm, abbreviation, form, number


class DocumentNumbered(Event):
    """文书编号."""

    TOPIC = "document.numbered"
    JUDGED = False
    number: str
    form: int
    case: CaseId


def series_id(region: str, no: int, year: int) -> str:
    """One series for a bureau, a form and a year."""
    return f"series-{region}-{no}-{year}"


def numbered(no: int) -> DocumentForm | None:
    """The form, where it carries a number."""
    found = form(no)
    return found if found.word else None


def number_text(region: str, found: DocumentForm, year: int, seq: int) -> str:
    """The number in full; a bureau without a known abbreviation uses its division code."""
    try:
        authority = abbreviation(region)
    except NotFound:
        authority = region
    return number(authority, found.word or "", year, seq)
