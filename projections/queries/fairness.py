"""Is the work shared and judged evenly, does the score predict, and the bureau's own indicators of random checks.

Everything follows from the read model of checks and the register of officers, for checks drawn at random and entered
between two days. Figures are for auditors and for those who answer for the bureau; they accuse nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from enforcement.checks.chances import Share, Visit, repeats, share
from projections.checks import CHECKS
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.registers import REGISTERS

FINISHED = ("PUBLISHED", "FOLLOW_UP", "CLOSED")
GRADES = ("A", "B", "C", "D")


def fairness(conn: Connection, scope: str | None, since: date, until: date) -> dict[str, Any]:
    """Load, repeated pairs, leave, recusals and strictness of every inspector; redraws and voids of every organiser."""
    rows = _random(conn, scope, since, until)
    teams = _teams(conn, [row.id for row in rows])
    visits = [
        Visit(row.region or "", row.object or row.id, tuple(teams[row.id]["visited"]), row.negative)
        for row in rows
        if row.entered is not None
    ]
    known = repeats(visits)
    judged = [visit for visit in visits if visit.negative is not None]
    overall = share(sum(bool(v.negative) for v in judged), len(judged))
    leave = _leave(conn, since, until)
    sent, recused = (_parts(teams, part) for part in ("sent", "recused"))
    names = sorted({*known, *sent, *recused} - {""})
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "inspections": len(rows),
        "findings": overall._asdict(),
        "repeats": known[""]._asdict(),
        "inspectors": [
            {
                "inspector": name,
                "inspections": sent[name],
                "repeats": known[name]._asdict() if name in known else None,
                "leave": leave.get(name, 0.0),
                "recusals": share(recused[name], sent[name] + recused[name])._asdict(),
                **_strictness(name, judged, overall),
            }
            for name in names
        ],
        "organisers": _organisers(conn, scope, since, until),
    }


def _random(conn: Connection, scope: str | None, since: date, until: date) -> Sequence[Any]:
    c = tables_of(conn, CHECKS)["inspections"].c
    days = and_(c.assigned >= since.isoformat(), c.assigned <= until.isoformat())
    columns = (c.id, c.region, c.object, c.entered, c.negative, c.grade)
    return conn.execute(select(*columns).where(c.random, days, within(c.region, scope)).order_by(c.id)).all()


def _teams(conn: Connection, ids: Sequence[str]) -> Mapping[str, Mapping[str, list[str]]]:
    """Of each inspection: who was sent, who entered, who stepped out."""
    c = tables_of(conn, CHECKS)["inspection_officers"].c
    wanted, found = set(ids), defaultdict[str, dict[str, list[str]]](lambda: defaultdict(list))
    for row in conn.execute(select(c.inspection, c.officer, c.part).order_by(c.inspection, c.officer)):
        if row.inspection in wanted:
            found[row.inspection][row.part].append(row.officer)
    return found


def _parts(teams: Mapping[str, Mapping[str, list[str]]], part: str) -> Counter[str]:
    return Counter(name for team in teams.values() for name in team.get(part, ()))


def _strictness(name: str, judged: Sequence[Visit], overall: Share) -> dict[str, Any]:
    """The share of findings of an inspector, and whether its interval leaves the bureau's share out."""
    own = [visit for visit in judged if name in visit.inspectors]
    found = share(sum(bool(visit.negative) for visit in own), len(own))
    apart = overall.share is not None and not found.low <= overall.share <= found.high
    return {"findings": found._asdict(), "apart": apart}


def _leave(conn: Connection, since: date, until: date) -> dict[str, float]:
    """The share of the days on which each officer is on leave."""
    c = tables_of(conn, REGISTERS)["officers"].c
    days = (until - since).days + 1
    found = {}
    for row in conn.execute(select(c.id, c.facts)):
        away = {
            day
            for leave in orjson.loads(row.facts).get("leave") or ()
            for day in _days(leave["start"], leave.get("end"), since, until)
        }
        found[row.id] = len(away) / days
    return found


def _days(start: str, end: str | None, since: date, until: date) -> range:
    first = max(date.fromisoformat(start), since)
    last = min(date.fromisoformat(end), until) if end else until
    return range(first.toordinal(), last.toordinal() + 1)


def _organisers(conn: Connection, scope: str | None, since: date, until: date) -> list[dict[str, Any]]:
    """Who planned campaigns: how many, how many of them voided and why, how many drawn anew."""
    c = tables_of(conn, CHECKS)["campaigns"].c
    days = and_(c.start >= since.isoformat(), c.start <= until.isoformat())
    own = and_(c.organiser.is_not(None), days, within(c.region, scope))
    found: dict[str, dict[str, Any]] = {}
    for row in conn.execute(select(c.organiser, c.voided, c.replaces, c.recusals).where(own)):
        each = found.setdefault(
            row.organiser,
            {
                "organiser": row.organiser,
                "campaigns": 0,
                "redraws": 0,
                "recusals": 0,
                "voided": Counter[str](),
            },
        )
        each["campaigns"] += 1
        each["redraws"] += row.replaces is not None
        each["recusals"] += row.recusals
        each["voided"].update([row.voided] if row.voided else [])
    return [each | {"voided": dict(sorted(each["voided"].items()))} for _, each in sorted(found.items())]


def prediction(conn: Connection, scope: str | None, since: date, until: date) -> dict[str, Any]:
    """Does the score predict? Findings of random checks by credit class, with intervals and the lift over all."""
    rows = [row for row in _random(conn, scope, since, until) if row.negative is not None]
    overall = share(sum(row.negative for row in rows), len(rows))
    found = []
    for grade in GRADES:
        own = [row for row in rows if row.grade == grade]
        of = share(sum(row.negative for row in own), len(own))
        lift = of.share / overall.share if of.share is not None and overall.share else None
        found.append({"grade": grade, **of._asdict(), "lift": lift})
    return {"overall": overall._asdict(), "classes": found}


def indicators(conn: Connection, scope: str | None, since: date, until: date) -> list[dict[str, Any]]:
    """The bureau's indicators by their own names, each as a count of a count."""
    tables = tables_of(conn, CHECKS)
    c, i = tables["campaigns"].c, tables["inspections"].c
    here = and_(
        ~c.held_elsewhere, c.start >= since.isoformat(), c.start <= until.isoformat(), within(c.region, scope)
    )
    campaigns = conn.execute(select(c.state, c.joint, c.by_policy, c.voided).where(here)).all()
    standing = [row for row in campaigns if row.voided is None]
    days = and_(i.assigned >= since.isoformat(), i.assigned <= until.isoformat(), within(i.region, scope))
    checks = conn.execute(
        select(i.state, i.results_on, i.published, i.item, i.random).where(days, i.state != "VOIDED")
    ).all()
    with_result = [row for row in checks if row.results_on is not None]
    due = [row for row in checks if row.state in ("FOLLOW_UP_OPEN", "FOLLOW_UP_CLOSED")]
    listed = _listed(conn)
    covered = listed & {row.item for row in with_result if row.random}
    return [
        _indicator("计划完成率", "plans completed", [row.state in FINISHED for row in standing]),
        _indicator("公示率", "results published", [row.published is not None for row in with_result]),
        _indicator("后续处置率", "follow-ups finished", [row.state == "FOLLOW_UP_CLOSED" for row in due]),
        {"zh": "抽查事项覆盖率", "en": "items of the list checked at random"}
        | share(len(covered), len(listed))._asdict(),
        _indicator("联合监管率", "joint campaigns", [row.joint for row in standing]),
        _indicator(
            "信用规则应用率", "campaigns that draw by a credit policy", [row.by_policy for row in standing]
        ),
    ]


def _listed(conn: Connection) -> set[str]:
    """The items that stand on the list now: one that was taken off is neither owed nor counts as checked."""
    c = tables_of(conn, REGISTERS)["items"].c
    return {row.id for row in conn.execute(select(c.id, c.facts)) if not orjson.loads(row.facts)["withdrawn"]}


def _indicator(zh: str, en: str, holds: Sequence[bool]) -> dict[str, Any]:
    return {"zh": zh, "en": en} | share(sum(holds), len(holds))._asdict()
