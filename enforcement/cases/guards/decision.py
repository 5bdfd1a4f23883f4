"""Guards of the decision (P 60–63; APL 29, 31, 33, 36, 62)."""

from collections.abc import Iterator
from decimal import Decimal

from enforcement.cases import gains, owed
from enforcement.cases.guards import money
from enforcement.cases.guards.base import Act, guard
from enforcement.cases.procedure import table
from enforcement.errors import Breach

STANDS = ("STANDING", "CHANGED", "UNLAWFUL")
COLLECTIVE = {"P50_1_1", "P50_1_2", "P50_1_3", "P50_1_4"}
PENDING = {
    "REPORTED",
    "APPROVED",
    "SENT",
    "FORWARDED",
    "RECEIVED",
    "NOT_THEIRS",
    "OPENED",
    "HANDED_OVER",
}


@guard
def collective_members(act: Act) -> Iterator[Breach]:
    """A collective discussion has members and their opinions; the rule sets no quorum, the table does (P 60)."""
    members = act.event.members if act.event else None
    quorum = table().figures["collective_quorum"]
    if members is not None and len({m["member"] for m in members}) < quorum:
        yield act.breach(
            "collective",
            f"a collective discussion needs at least {quorum} members",
            f"集体讨论至少应有 {quorum} 名成员",
        )


@guard
def collective_done(act: Act) -> Iterator[Breach]:
    """Cases of P 50(1) in which a penalty is proposed are discussed collectively before the decision (P 60)."""
    case = act.case
    grounds = COLLECTIVE & set(case.review_grounds) | (
        {"P50_1_2"} if case.flags.get("hearing_held") else set()
    )
    if grounds and not case.flags.get("collective") and not act.history:
        named = ", ".join(sorted(grounds))
        yield act.breach(
            "collective",
            f"collective discussion is due ({named})",
            f"依 {named} 应经集体讨论",
            article="P 60",
        )


@guard
def penalties_lawful(act: Act) -> Iterator[Breach]:
    """Each penalty stands in the violation catalogue, inside the band of the article cited."""
    for penalty in _penalties(act):
        yield from money.against_catalogue(act, penalty)


@guard
def discretion_explained(act: Act) -> Iterator[Breach]:
    """The rung is stated, fits the amount and is explained; reviewers return files in which it is not."""
    for penalty in _penalties(act):
        yield from money.against_discretion(act, penalty)


@guard
def gains_as_found(act: Act) -> Iterator[Breach]:
    """No more gains are confiscated than were found for the act, less what went back (Order 118)."""
    if act.day is None or act.history:
        return
    for penalty in _penalties(act):
        most = gains.confiscable(act.case, str(penalty["violation"]), act.day)
        taken = Decimal(str(penalty.get("gains") or "0"))
        if most is not None and taken > most:
            yield act.breach(
                "gains-above-found",
                f"{taken} CNY of gains for {penalty['violation']}; {most} may be confiscated",
                f"违法行为 {penalty['violation']} 没收违法所得 {taken} 元，可没收 {most} 元",
                article="Order 118",
            )


@guard
def sue_period_told(act: Act) -> Iterator[Breach]:
    """Fifteen days only where an article of 计量法 itself is cited as the basis (计量法 31; 1.8)."""
    event = act.event
    if event is None or event.sue_days_told != "15_days" or act.history:
        return
    if not any(money.cites_metrology_law(act, p) for p in _penalties(act)):
        yield act.breach(
            "sue-period",
            "15 days to sue only where 计量法 itself is cited; else 6 months",
            "仅直接依据计量法的处罚适用十五日起诉期限",
            article="计量法 31",
        )


@guard
def no_pending_transfer(act: Act) -> Iterator[Breach]:
    """No penalty replaces the transfer of a suspected crime; no fine after a criminal fine (TR, APL 35)."""
    transfer = act.case.regions.get("police", {}).get("transfer", {})
    acts = set(transfer.get("violations") or ())
    if transfer.get("state") in PENDING and not act.history and _touched(act, acts):
        yield act.breach(
            "transfer-pending",
            "the case is with the police; no penalty may replace the transfer",
            "案件已移送公安机关，不得以罚代刑",
            article="TR 3, 11",
        )
    if act.case.flags.get("criminal_fine") and any(p.get("fine") for p in _penalties(act)):
        yield act.breach(
            "criminal-fine",
            "a criminal fine was imposed: no administrative fine",
            "已判处罚金，不再给予罚款",
            article="APL 35",
        )


@guard
def no_double_fine(act: Act) -> Iterator[Breach]:
    """One unlawful act is never fined twice (APL 29)."""
    fined = [(p["violation"], p.get("party")) for p in _penalties(act) if p.get("fine")]
    standing = [d for d in act.case.decisions if d["state"] in STANDS]
    before = {(p["violation"], p.get("party")) for d in standing for p in d["penalties"] if p.get("fine")}
    for key in sorted({k for k in fined if fined.count(k) > 1 or k in before}, key=str):
        yield act.breach(
            "double-fine",
            f"violation {key[0]} would be fined twice",
            f"违法行为 {key[0]} 不得重复罚款",
            article="APL 29",
        )


@guard
def educated(act: Act) -> Iterator[Breach]:
    """Who is not punished is educated (APL 33(3))."""
    if act.event is not None and act.event.educated is False:
        yield act.breach(
            "educate", "the party must be educated", "应当对当事人进行教育", article="APL 33(3); P 61"
        )


@guard
def decision_stands(act: Act) -> Iterator[Breach]:
    """There is a decision that stands, or a refusal to file."""
    standing = any(d["state"] in STANDS for d in act.case.decisions)
    if not standing and act.case.outcome != "NOT_FILED" and not act.history:
        yield act.breach(
            "no-decision",
            "no decision stands that could be changed",
            "没有可变更或撤销的有效决定",
            article="P 63",
        )


@guard
def every_violation_settled(act: Act) -> Iterator[Breach]:
    """A decision says of every violation how it ends; what is not ripe is split off into a case of its own."""
    event = act.event
    if event is None or act.history:
        return
    settled = {line["violation"] for line in (*(event.penalties or ()), *(event.others or ()))}
    for id in sorted(set(act.case.violations) - settled):
        yield act.breach(
            "violation-open",
            f"the decision does not say how violation {id} ends",
            f"决定未载明违法行为 {id} 的处理结果",
            article="P 60, 62",
        )


@guard
def self_correction_approved(act: Act) -> Iterator[Breach]:
    """What the heads decided, a head corrects (P 60, 63)."""
    event = act.event
    if event is not None and event.by == "self" and not event.approved_by and not act.history:
        yield act.breach(
            "not-approved",
            "a self-correction is decided by a head of the bureau",
            "自行纠正应经部门负责人批准",
        )


@guard
def refund_due(act: Act) -> Iterator[Breach]:
    """What is given back was paid, under a decision that no longer stands as it was (1.8)."""
    event = act.event
    left = owed.refundable(act.case)
    given = Decimal(event.amount or "0") if event is not None else Decimal(0)
    if act.history or (left > 0 and given <= left):
        return
    yield act.breach("nothing-to-refund", f"{left} CNY are to be given back", f"应退还 {left} 元")


def _touched(act: Act, acts: set[str]) -> bool:
    """Whether a penalty is for one of the acts that went to the police; none named = all of them."""
    return not acts or act.event is None or any(p["violation"] in acts for p in _penalties(act))


def _penalties(act: Act) -> list[dict[str, object]]:
    return list(getattr(act.event, "penalties", None) or []) if act.event is not None else []
