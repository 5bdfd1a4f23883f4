"""What every format of published records shares: a checked line with an id, and how it becomes events.

A format is a value: how to read a line, under which id its history stands, which events it makes, what to count as
findings. The importer knows nothing else of it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5

from enforcement.events import Event, Who
from enforcement.importing import strict
from enforcement.importing.figures import Irregular
from enforcement.importing.members import Members, Rejected, occurred
from enforcement.importing.strict import Number
from enforcement.law import Law
from enforcement.values import Occurred, Text

ACTOR, ROLE = "import", "bureau_system"
MAX_ID = 200
MAX_RECORD = 48_000


class Source(Protocol):
    """A checked record of any format."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class Format:
    """A format of published records. `steps` is how many events a record makes beside its first."""

    read: Callable[[bytes, date], Any]
    id: Callable[[str], str]
    history: Callable[[Any, str], list[Event]]
    findings: Callable[[str, Sequence[Event], Law], Iterable[str]]
    steps: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Published:
    """One line of a file of published checks: what it says of itself as fields of its event, and what does not fit."""

    id: str
    text: str
    sha256: str
    occurred: Occurred
    fields: dict[str, Any]
    findings: tuple[Irregular, ...]


def opened(raw: bytes) -> tuple[str, Members]:
    """The text of a line and its members; Rejected when it is no object."""
    try:
        source = strict.text(raw)
        value = strict.parse(source)
    except strict.NotJson as error:
        raise Rejected(None, [error.message]) from None
    if not isinstance(value, dict):
        raise Rejected(None, [Text("the line is not an object", "该行不是 JSON 对象")])
    members = Members(value)
    if len(source) > MAX_RECORD:
        said = f"the record has {len(source):,} characters, an event holds {MAX_RECORD:,}"
        members.fault("", Text(said, f"记录共 {len(source):,} 个字符，事件最多容纳 {MAX_RECORD:,} 个字符"))
    return source, members


def closed(
    raw: bytes,
    source: str,
    members: Members,
    when: Occurred,
    fields: dict[str, Any],
    findings: Iterable[Irregular],
) -> Published:
    """The record; Rejected with every reason and with its id where it has one."""
    id = members.text("id", most=MAX_ID)
    if id is None and not any(fault.path == "id" for fault in members.faults):
        members.fault("id", Text("missing", "缺少"))
    if members.faults or id is None:
        raise Rejected(id, [fault.text() for fault in members.faults])
    stated = {name: value for name, value in fields.items() if value is not None}
    return Published(id, source, sha256(raw).hexdigest(), when, stated, tuple(findings))


def count(members: Members, name: str, found: list[Irregular]) -> int | None:
    """A count that may be absent. Words in its place are kept and named; what is no count is a fault."""
    value = members.values.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        members.text(name)
        found.append(Irregular("figure-in-words", f"{name} is given in words", f"{name} 以文字表述"))
        return None
    if isinstance(value, Number) and value.text.isdigit() and len(value.text) <= 15:
        return int(value.text)
    members.fault(name, Text("expected a whole number from 0", "应为非负整数"))
    return None


def when(members: Members, today: date, found: list[Irregular]) -> Occurred:
    """The date in its precision. More than a date – a range, “year not stated” – is kept, as exactly as it begins."""
    text = members.text("date")
    if text is None:
        year = members.values.get("year")
        text = year.text if isinstance(year, Number) else None
        if text is None:
            return None
    exact = text if _dated(text) else text[:7] if _begins(text) else None
    if exact != text:
        found.append(Irregular("date", f"the date is printed as {text!r}", f"日期印为“{text}”"))
    fault = occurred(exact, today) if exact is not None else None
    if fault is not None:
        members.fault("date", fault)
        return None
    return exact


def _dated(text: str) -> bool:
    """Whether a text has the length of a date and begins like one; whether it is one is asked later."""
    return len(text) in (4, 7, 10) and text[:4].isdigit() and "/" not in text


def _begins(text: str) -> bool:
    """Whether a text begins with a year and a month."""
    return len(text) > 7 and text[:4].isdigit() and text[4] == "-" and text[5:7].isdigit()


def aggregate_id(kind: str, record_id: str) -> str:
    """The id of the history of a record: its own id where that fits, else one made from it; never the same for two."""
    if 0 < len(record_id) <= 90 and all(char in SLUG for char in record_id):
        return f"{kind}-pub-{record_id}"
    return f"{kind}-pubx-{uuid5(NAMESPACE_URL, f'steelyard:record:{record_id}')}"


SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def event(cls: type[Event], id: str, record: Published, recorded: str, subject: str) -> Event:
    """The one event of a record, with its text word for word."""
    who = Who(ACTOR, ROLE, f"import-{record.sha256[:32]}")
    data = {
        "record": record.text,
        "record_id": record.id,
        "sha256": record.sha256,
        **record.fields,
    }
    if record.findings:
        data["findings"] = [each._asdict() for each in record.findings]
    return cls.new(id, 1, who, recorded, record.occurred, data, subject)
