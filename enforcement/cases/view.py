"""The case as its readers see it: facts, deadlines, findings, and what may happen next. Plain JSON values.

`positions[v - 1]` is the ledger position of the event of version v, so that everything names the event it comes from
in the ledger's own currency.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from enforcement.cases import deadlines, money_view
from enforcement.cases.case import Case
from enforcement.cases.deadlines import Deadline
from enforcement.cases.guards import standing
from enforcement.cases.procedure import Row, table
from enforcement.law import Law
from enforcement.law.documents import Paper, file_order, form, volume_of

FACTS = (
    "state",
    "procedure",
    "jurisdiction",
    "source",
    "region",
    "unit",
    "authority",
    "summary",
    "metrology",
    "opened",
    "filed",
    "served",
    "closed",
    "outcome",
    "remedy_end",
    "deferred_until",
    "parties",
    "violations",
    "handlers",
    "former_handlers",
    "recused",
    "review",
    "review_grounds",
    "proposal",
    "notice",
    "hearing",
    "rights_told",
    "payments",
    "instalments",
    "regions",
    "flags",
)


def view(case: Case, law: Law, today: date, positions: Sequence[int]) -> dict[str, Any]:
    """Everything about a case; `today` decides what is overdue and what may happen now."""
    return {
        "id": case.id,
        "version": case.version,
        "position": positions[-1] if positions else None,
        "open": case.open,
        **{name: getattr(case, name) for name in FACTS},
        "discovered": _placed(case.discovered, positions) if case.discovered else None,
        "decisions": [_placed(d, positions) for d in case.decisions],
        "intervals": [_placed(i, positions) for i in case.intervals],
        "links": [_placed(link, positions) for link in case.links],
        "corrections": [_placed(c, positions) for c in case.corrections],
        "deadlines": [deadline(d, today, positions) for d in deadlines.of(case, law)],
        "findings": [_placed(f, positions) for f in case.findings],
        "discretion": money_view.discretion(case, law, today),
        "gains": money_view.gains_found(case, law, today),
        "surcharge": money_view.surcharges(case, law, today),
        "balance": money_view.balance(case, law, today),
        "allowed_events": allowed_events(case, law, today),
    }


def deadline(found: Deadline, today: date, positions: Sequence[int]) -> dict[str, Any]:
    """One deadline: due when, by which article, started by which event, paused, extended, provisional or final."""
    return {
        "key": found.key,
        "rule": found.rule,
        "name": found.name._asdict(),
        "article": found.article,
        "status": found.status,
        "duty": found.duty,
        "state": found.state(today),
        "due": _text(found.at),
        "due_strict": _text(found.strict),
        "due_rolled": _text(found.rolled),
        "provisional": found.provisional,
        "provisional_reason": found.provisional_reason._asdict() if found.provisional_reason else None,
        "started": found.started,
        "started_by": _position(found.started_by, positions),
        "paused_since": _text(found.paused_since),
        "remaining": found.remaining,
        "paused": [_placed(p, positions) for p in found.pauses],
        "extended": [_placed(e, positions) for e in found.extensions],
        "extensions_refused": [reason._asdict() for reason in found.invalid_extensions],
        "ended": found.ended,
        "ended_by": _position(found.ended_by, positions),
    }


def allowed_events(case: Case, law: Law, today: date) -> list[dict[str, Any]]:
    """What may happen next, who may record it, who decides, from when, under which article."""
    found = []
    for row in table().possible_in(case.state):
        possible, earliest = _possible(case, row, law, today)
        if possible:
            found.append(_allowed(row, earliest))
    return found


def _possible(case: Case, row: Row, law: Law, today: date) -> tuple[bool, str | None]:
    """Whether the event may happen, or will be possible by waiting: then from when."""
    earliest = None
    for breach in standing(case, row, law, today) if row.guards else ():
        if breach.hard and breach.earliest is None:
            return False, None
        if breach.hard:
            earliest = max(earliest or "", _text(breach.earliest) or "")
    return True, earliest


def documents(case: Case, positions: Sequence[int]) -> list[dict[str, Any]]:
    """The file in statutory order (P 78): numbered documents, other papers, and those whose form is not known."""
    papers = [(d, _paper(d)) for d in case.documents if d.get("form")]
    places = {paper: place for place, paper in enumerate(file_order([p for _, p in papers]))}
    papers.sort(key=lambda pair: places[pair[1]])
    listed = [
        {**_placed(d, positions), "name": form(d["form"]).name.zh, "volume": volume_of(paper)}
        for d, paper in papers
    ]
    return listed + [{**_placed(d, positions), "volume": None} for d in case.documents if not d.get("form")]


def _paper(document: dict[str, Any]) -> Paper:
    return Paper(document["form"], document.get("on"), document.get("number"))


def _allowed(row: Row, earliest: str | None) -> dict[str, Any]:
    return {
        "type": row.topic,
        "zh": row.zh,
        "actor": row.actor,
        "roles": list(row.roles),
        "decided_by": row.decider,
        "earliest": earliest,
        "article": row.article,
        "status": row.status,
    }


def _placed(fact: dict[str, Any], positions: Sequence[int]) -> dict[str, Any]:
    """The fact with the position of its event in the place of the version."""
    placed = {k: v for k, v in fact.items() if k not in ("version", "endv")}
    placed["position"] = _position(fact.get("version"), positions)
    return placed


def _position(version: int | None, positions: Sequence[int]) -> int | None:
    return positions[version - 1] if version and version <= len(positions) else None


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
