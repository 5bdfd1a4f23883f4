"""What a record says of its penalty: for which violations, of which kinds, and by which of its decisions.

A record states one penalty and may tell of several decisions, of which some were revoked; and one decision may end
several violations in several ways. Amounts stay the texts of the source.
"""

import re
from typing import Any

from enforcement.importing.codes import certain_code
from enforcement.importing.record import Imposed, Record, Step

PARTY = "p1"
VIOLATION = "v1"
KINDS = (
    ("stop_business", "business (is |was )?suspended|suspen(ded|sion)|停业"),
    ("licence_revoked", "licen[cs]e (is |was )?revoked|吊销"),
    ("compensate", "compensat|赔偿"),
)
NUMBERED = re.compile(r"violation (\d{1,2})\b[:\s]*([^;；]*)", re.IGNORECASE)
DECISION_NUMBER = re.compile("[罚處处][字]?[〔\\[（(]")
NO_PENALTY = re.compile("no penalty|not penalised|不予处罚", re.IGNORECASE)
METROLOGY = re.compile("检定|计量|秤")


def imposed(record: Record, violation: str = VIOLATION) -> list[dict[str, Any]]:
    """The penalty as one line for one violation; none where the record states no part of it."""
    penalty = record.penalty
    line: dict[str, Any] = {"violation": violation, "party": PARTY}
    for name in ("fine", "gains", "goods", "warning", "order_correct"):
        value = getattr(penalty, name)
        if value:
            line[name] = value
    if kinds := _kinds(penalty):
        line["kinds"] = kinds
    return [line] if len(line) > 2 else []


def _kinds(penalty: Imposed) -> list[str]:
    other = penalty.other or ""
    return [kind for kind, pattern in KINDS if re.search(pattern, other, re.IGNORECASE)]


def split_outcomes(record: Record, note: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Penalties and other outcomes of a decision; a note that numbers the violations gives each its own."""
    numbered = {f"v{number}": clause.strip() for number, clause in NUMBERED.findall(note)}
    others = [
        {"violation": id, "outcome": "no_penalty", "ground": clause}
        for id, clause in numbered.items()
        if NO_PENALTY.search(clause)
    ]
    fined = [id for id, clause in numbered.items() if _names(clause, record.penalty)]
    return imposed(record, fined[0] if fined else VIOLATION), others


def violations(record: Record) -> list[dict[str, Any]]:
    """The violations of the record: one, or as many as its decision numbers."""
    numbers = _numbered_by(record.steps)
    if not numbers:
        found = {"id": VIOLATION, "code": certain_code(record.act, record.articles), "act": record.act}
        return [{name: value for name, value in found.items() if value is not None}]
    acts = _acts(record, numbers)
    return [{"id": id} | ({"act": acts[id]} if id in acts else {}) for id in sorted(numbers)]


def _numbered_by(steps: tuple[Step, ...]) -> dict[str, str]:
    for step in steps:
        numbered = NUMBERED.findall(step.note or "") if step.word == "decided" else []
        if numbered:
            return {f"v{number}": clause for number, clause in numbered}
    return {}


def _acts(record: Record, numbers: dict[str, str]) -> dict[str, str]:
    """Acts are listed in one order and numbered in another: only one that is named beyond doubt gets its number."""
    acts = re.split("[;；]", record.act or "")
    of_metrology = [act for act in acts if METROLOGY.search(act)]
    ids = [id for id, clause in numbers.items() if "metrology" in clause or METROLOGY.search(clause)]
    if len(acts) != len(numbers) or len(of_metrology) != 1 or len(ids) != 1:
        return {}
    return {ids[0]: of_metrology[0]}


def penalty_at(record: Record) -> int | None:
    """The place of the decision that imposed the penalty: the one whose note names its amount, else the last that
    was not revoked; None where no decision stands in the timeline."""
    places = [i for i, step in enumerate(record.steps) if _imposes(step)]
    named = [i for i in places if _names(record.steps[i].note or "", record.penalty)]
    if len(named) == 1 or len(places) < 2:
        return next(iter(named or places), None)
    if re.search("first|首次", record.penalty.other or ""):
        return places[0]
    revoked = [i for i, step in enumerate(record.steps) if step.word == "revoked"]
    standing = [
        i
        for n, i in enumerate(places)
        if not any(i < r < _next(places, n, len(record.steps)) for r in revoked)
    ]
    return (standing or places)[-1]


def _next(places: list[int], n: int, end: int) -> int:
    return places[n + 1] if n + 1 < len(places) else end


def _imposes(step: Step) -> bool:
    return step.word == "decided" and not (
        NO_PENALTY.search(step.note or "") and not NUMBERED.search(step.note or "")
    )


def _names(note: str, penalty: Imposed) -> bool:
    """Whether the note states one of the amounts, with or without separators."""
    digits = {n.replace(",", "") for n in re.findall(r"\d[\d,]*(?:\.\d+)?", note)}
    return any(amount in digits for amount in (penalty.fine, penalty.gains) if amount)


def decision_known(record: Record) -> bool:
    """Whether the record tells of a penalty decision even where its timeline has none."""
    outcome = (record.outcome or "").lower()
    return (
        record.penalty.certain
        or "licence_revoked" in _kinds(record.penalty)
        or outcome.startswith("penalised")
        or any(DECISION_NUMBER.search(number) for number in record.documents)
    )
