"""What must hold before a text is redacted, a copy handed out, or a hidden segment opened."""

from typing import Any

from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.report import Report

OF_THE_ORIGINAL = ("opening", "original")


@guard
def text_there(report: Report, event: Any, _: Asked) -> Why | None:
    found = report.text_at(event.source)
    holds = found is not None and (event.part == "text" or found["field"] == "content")
    return no(
        holds,
        f"event {event.source} holds no sealed {event.part}",
        f"事件 {event.source} 没有封存的 {event.part}",
    )


@guard
def file_there(report: Report, event: Any, _: Asked) -> Why | None:
    holds = event.file in {file["sha256"] for file in report.files}
    return no(holds, f"no file {event.file} was handed in", f"未收到文件 {event.file}")


@guard
def another_file(_: Report, event: Any, __: Asked) -> Why | None:
    holds = event.replacement["sha256"] != event.file
    return no(
        holds, "the replacement is the file itself: nothing was blacked out", "替换文件与原文件相同，未作遮盖"
    )


@guard
def redaction_there(report: Report, event: Any, _: Asked) -> Why | None:
    known = {redaction["version"] for redaction in report.redactions}
    holds = event.redaction is None or event.redaction in known
    return no(holds, f"event {event.redaction} is no redaction", f"事件 {event.redaction} 不是遮盖")


@guard
def newest_copy(report: Report, event: Any, _: Asked) -> Why | None:
    """An earlier one may show what a later one hides."""
    if event.what != "copy" or event.role == "custodian":
        return None
    later = report.superseded_by(event.redaction)
    return no(
        later is None,
        f"redaction {event.redaction} was superseded by {later}",
        f"遮盖 {event.redaction} 已被 {later} 取代",
    )


@guard
def original_apart(_: Report, event: Any, __: Asked) -> Why | None:
    holds = event.what not in OF_THE_ORIGINAL or event.role == "custodian"
    return no(holds, "only the custodian opens what is hidden", "仅保管人可以开启已遮盖内容")


@guard
def segment_there(report: Report, event: Any, _: Asked) -> Why | None:
    if event.what != "opening":
        return None
    count = next((r["segments"] for r in report.redactions if r["version"] == event.redaction), 0)
    holds = event.segment is not None and 0 <= event.segment < count
    return no(holds, f"expected a segment from 0 to {count - 1}", f"段号应为 0 至 {count - 1}")
