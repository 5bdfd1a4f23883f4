"""Guards of credit repair (Order 107 art 7–17, 22, 25)."""

from collections.abc import Iterator
from datetime import date

from enforcement.cases.case import Case
from enforcement.checks.inspection import Inspection
from enforcement.credit.guards.base import ONE_DAY, Act, guard
from enforcement.credit.listing import Listing
from enforcement.credit.publicity import Term, of_check, of_listing, of_penalty
from enforcement.errors import Breach

ALWAYS = frozenset({"application", "entity_document", "commitment"})
PROOF = frozenset({"proof", "proof_shared"})
GOOD = {"performed": True, "corrected": True, "harm_removed": True, "repeated": False}


@guard
def record_is_its_own(act: Act) -> Iterator[Breach]:
    """What is to be repaired is a record about the business that applies, of the kind named."""
    target, record, uscc = act.event.target, act.event.record, act.event.uscc
    case, check, listing = _case(act), _check(act), _listing(act)
    own = {
        "penalty": case is not None and uscc in case.usccs(),
        "inspection": check is not None and check.facts.get("entity") == uscc,
    }.get(target, listing is not None and (listing.uscc, listing.list) == (uscc, target))
    if not own:
        yield act.breach(
            "not-its-record",
            f"{record} is no {target} record of {uscc}",
            f"{record} 不是 {uscc} 的相应公示信息",
        )


@guard
def record_is_public(act: Act) -> Iterator[Breach]:
    """What is not public any more needs no repair."""
    term = _term(act)
    if term is None or not term.public(act.day):
        ended = f" since {term.until}" if term and term.until else ""
        yield act.breach(
            "not-public", f"the record is not in public{ended}", "该信息未处于公示状态，无需修复"
        )


@guard
def not_barred(act: Act) -> Iterator[Breach]:
    """Three years without application after false papers."""
    standing = act.world.standing(act.fact("uscc"))
    if act.fact("ground") == "own" and standing.barred(act.day.isoformat()):
        until = date.fromisoformat(standing.barred_until or "")
        yield act.breach(
            "barred",
            f"false papers were used: no application until {until}",
            f"曾以虚假材料申请，{until} 前不得申请修复",
            earliest=until + ONE_DAY,
            article="Order 107",
        )


@guard
def applied_once(act: Act) -> Iterator[Breach]:
    """One application at a time for one record; what another department has repaired is none."""
    standing = act.world.standing(act.event.uscc)
    opened = (repair for repair, record in standing.repairing.items() if record == act.event.record)
    other = next(opened, None)
    if other is not None and act.event.ground != "other_department":
        yield act.breach(
            "open-already",
            f"{other} asks for the repair of {act.event.record} and is not decided",
            f"{act.event.record} 的修复申请 {other} 尚在办理",
        )


@guard
def shortest_term_over(act: Act) -> Iterator[Breach]:
    """A minor record ends by itself; others wait for their shortest term and for every restriction (art 7–9, 13)."""
    term = _term(act)
    if term is None or act.fact("ground") != "own":
        return
    if term.repairable is None:
        yield act.breach(
            "no-early-end",
            f"a record of class {term.code} ends by itself, on application it does not end earlier",
            f"{term.code} 类信息到期自动停止公示，不适用申请修复",
            article=term.article,
        )
    elif act.day < term.repairable:
        yield act.breach(
            "too-early",
            f"published on {term.published}; repair can be asked for from {term.repairable}",
            f"{term.published} 公示，自 {term.repairable} 起方可申请修复",
            earliest=term.repairable,
            article=term.article,
        )


@guard
def own_ground(act: Act) -> Iterator[Breach]:
    """Only an application of the business's own goes the way of acceptance and decision."""
    if act.process.ground != "own":
        yield act.breach(
            "other-ground", f"applied for as {act.process.ground}", "非自行申请修复，不适用本步骤"
        )


@guard
def asked_once(act: Act) -> Iterator[Breach]:
    """Everything that is missing is asked for at one time (art 14)."""
    if act.process.asked:
        yield act.breach("asked-once", "supplements were asked for before", "已一次性告知补正，不得再次要求")


@guard
def papers_complete(act: Act) -> Iterator[Breach]:
    """Application, entity document, commitment, proof – unless shared data has the proof."""
    papers = set(act.process.papers)
    missing = sorted(ALWAYS - papers) + ([] if PROOF & papers else ["proof"])
    if missing:
        yield act.breach("papers", f"missing: {', '.join(missing)}", f"材料不全：{', '.join(missing)}")


@guard
def two_verify(act: Act) -> Iterator[Breach]:
    """Two licensed officers verify (by analogy with P 22)."""
    officers = {id: act.world.officer(id) for id in act.event.officers}
    licensed = [id for id, officer in officers.items() if officer and officer.licensed(act.day)]
    if len(licensed) < 2:
        yield act.breach(
            "two-officers",
            f"two licensed officers verify, here {len(licensed)}",
            f"应由两名以上持证执法人员核实，现为 {len(licensed)} 人",
        )


@guard
def conditions_met(act: Act) -> Iterator[Breach]:
    """Duties performed voluntarily, correction done and harm removed, no new penalty of the kind."""
    found = act.process.verified or {}
    wrong = [name for name, good in GOOD.items() if found.get(name) is not good]
    if wrong:
        yield act.breach("conditions", f"not met: {', '.join(wrong)}", f"不符合修复条件：{', '.join(wrong)}")


@guard
def in_reorganisation(act: Act) -> Iterator[Breach]:
    """Data may be shielded while a court reorganises the business (art 22)."""
    if act.process.ground != "reorganisation" or "court_order" not in act.process.papers:
        yield act.breach(
            "no-reorganisation", "there is no court order of a reorganisation", "缺少法院重整裁定"
        )


@guard
def stops_at_once(act: Act) -> Iterator[Breach]:
    """Without a decision of our own only what another department has repaired stops (art 25)."""
    if act.process.state == "APPLIED" and act.process.ground != "other_department":
        yield act.breach("not-granted", "the repair is not granted", "尚未准予修复，不得停止公示")


def _case(act: Act) -> Case | None:
    record = act.fact("record")
    return act.world.case(record) if act.fact("target") == "penalty" else None


def _check(act: Act) -> Inspection | None:
    record = act.fact("record")
    return act.world.inspection(record) if act.fact("target") == "inspection" else None


def _listing(act: Act) -> Listing | None:
    record = act.fact("record")
    return act.world.listing(record) if act.fact("target") in ("abnormal", "serious") else None


def _term(act: Act) -> Term | None:
    case, check, listing = _case(act), _check(act), _listing(act)
    if case is not None:
        return of_penalty(case, act.fact("uscc"), act.law, act.day)
    if check is not None:
        return of_check(check, act.law, act.day, act.world.case, act.world.listing)
    return of_listing(listing, act.law, act.day) if listing is not None else None
