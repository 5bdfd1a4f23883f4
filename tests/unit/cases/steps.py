"""The usual data of every event type, and the paths by which a case comes to each state, with real days of 2026.

The bureau of Lucheng (330302) finds a scale past its verification on Monday 2026-03-02. `ORDINARY` leads to the
archive, `HEARD` through a hearing of a sole trader who faces 15,000 CNY.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

CLEARED: Final = object()
"""In the place of a value: the field is left out."""


class Step(NamedTuple):
    """An event of a path: what differs from the usual data stands in `data`."""

    topic: str
    on: str | None
    data: Mapping[str, Any]


def at(topic: str, on: str | None, /, **data: Any) -> Step:
    return Step(topic, on, data)


Path = tuple[Step, ...]

PARTY = {"id": "p1", "kind": "organisation", "uscc": "91330302MA2AAAAA0J", "region": "330302"}
TRADER = {"id": "p1", "kind": "sole_trader", "region": "330302"}
ACT = {"id": "v1", "code": "M-V01", "began": "2026-01-05", "ended": "2026-02-27"}
SHORT = {"id": "v1", "code": "M-N03", "began": "2026-01-05", "ended": "2026-02-27"}
FINE = {
    "violation": "v1",
    "party": "p1",
    "cite": "法 25",
    "fine": "500",
    "kinds": ["stop"],
    "rung": "ordinary",
    "reasons": "无从轻从重情节",
}
HIGH = {
    "violation": "v1",
    "party": "p1",
    "cite": "定包 18",
    "fine": "15000",
    "order_correct": True,
    "rung": "ordinary",
    "reasons": "无从轻从重情节",
}
TWO = ["wz-h1", "wz-h2"]
CONDITIONS = ["P19_1", "P19_2", "P19_3", "P19_4"]
PARTS = ["party", "source_and_course", "facts_and_evidence", "nature", "proposal", "discretion"]
POINTS = ["jurisdiction", "party", "facts", "nature", "basis", "procedure", "fairness"]
OPINIONS = [{"member": "wz-b1", "opinion": "同意"}, {"member": "wz-p1", "opinion": "同意"}]
BODY = {"test": "t1", "body": "温州市计量科学研究院", "qualified": True}

DATA: dict[str, dict[str, Any]] = {
    "case.clue-registered": {
        "source": "inspection",
        "region": "330302",
        "unit": "鹿城计量科",
        "summary": "电子秤超过检定周期",
        "parties": [PARTY],
        "violations": [ACT],
    },
    "case.clue-merged": {"source": "report", "summary": "另一举报"},
    "case.verification-started": {"officers": TWO},
    "case.verification-extended": {"approved_by": "wz-b1", "reason": "案情复杂"},
    "case.filed": {"approved_by": "wz-b1", "named_by": "wz-u1", "handlers": TWO, "conditions": CONDITIONS},
    "case.not-filed": {"approved_by": "wz-b1", "ground": "P19_1", "reason": "无证据"},
    "case.reporter-told": {"what": "已立案"},
    "case.report-referred": {"competent_body": "城管", "market_supervision": False, "reporter_told": True},
    "case.transferred-within": {"approved_by": "wz-b1", "receiver": "瓯海区局"},
    "case.jurisdiction-disputed": {"other_bureau": "瓯海区局", "claim": "both_claim"},
    "case.jurisdiction-submitted": {"superior": "温州市局"},
    "case.jurisdiction-settled": {"competent": "鹿城区局", "by": "superior"},
    "case.limitation-noted": {"violation": "v1", "ended": "2026-02-28"},
    "case.rights-told": {"officers": TWO},
    "case.inspected": {"officers": TWO},
    "case.evidence-collected": {"officers": TWO, "what": "检定证书"},
    "case.interviewed": {"officers": TWO, "party": "p1"},
    "case.sample-taken": {"officers": TWO, "sample": "s1", "what": "包装商品"},
    "case.test-entrusted": BODY,
    "case.test-reported": {"test": "t1", "result": "不合格"},
    "case.test-told": {"test": "t1"},
    "case.assistance-requested": {"letter": "a1", "to": "瑞安市局"},
    "case.assistance-answered": {"letter": "a1", "result": "done"},
    "case.suspended": {"approved_by": "wz-b1", "ground": "other_decision"},
    "case.resumed": {"approved_by": "wz-b1"},
    "case.investigation-terminated": {"approved_by": "wz-b1", "ground": "ended"},
    "case.investigation-ended": {
        "officers": TWO,
        "report": PARTS,
        "proposal": "penalty",
        "penalties": [FINE],
    },
    "case.correction-ordered": {"order": "o1", "due": "2026-03-31", "what": "停止使用"},
    "case.correction-checked": {"officers": TWO, "order": "o1", "result": "done"},
    "case.refund-ordered": {"order": "r1", "due": "2026-03-31"},
    "case.refund-done": {"order": "r1", "done": True},
    "case.handlers-changed": {"handlers": ["wz-h1", "wz-h3"], "named_by": "wz-u1", "reason": "调岗"},
    "case.recusal-requested": {"officer": "wz-h2", "by": "party", "reason": "利害关系"},
    "case.recusal-decided": {
        "officer": "wz-h2",
        "officer_is": "other",
        "decided_by": "wz-b1",
        "granted": True,
    },
    "case.extended": {"approved_by": "wz-b1", "step": "first", "reason": "案情复杂"},
    "case.sent-to-review": {"kind": "case", "reviewer": "wz-r1"},
    "case.review-extended": {"approved_by": "wz-b1", "until": "2026-05-20", "reason": "案情复杂"},
    "case.review-returned": {"reviewer": "wz-r1", "to": "correct", "reason": "定性不当"},
    "case.review-passed": {"reviewer": "wz-r1", "kind": "case", "qualified": True, "points": POINTS},
    "case.proposal-approved": {"approved_by": "wz-b1", "penalties": [FINE]},
    "case.notice-served": {"method": "direct", "penalties": [FINE], "hearing_right": False},
    "case.notice-reissued": {
        "method": "direct",
        "penalties": [FINE],
        "hearing_right": False,
        "reason": "依据变化",
    },
    "case.defence-submitted": {"summary": "请求从轻"},
    "case.defence-rechecked": {"officers": TWO, "result": "not_adopted", "reason": "无依据"},
    "case.rights-waived": {"hearing": True},
    "case.hearing-requested": {},
    "case.hearing-host-appointed": {"approved_by": "wz-b1", "host": "wz-o1"},
    "case.hearing-files-handed": {},
    "case.hearing-scheduled": {"at": "2026-05-25", "place": "会议室", "notice_served": "2026-05-13"},
    "case.hearing-announced": {},
    "case.hearing-paused": {"ground": "new_evidence"},
    "case.hearing-resumed": {},
    "case.hearing-terminated": {"ground": "withdrawn"},
    "case.hearing-held": {"host": "wz-o1"},
    "case.hearing-reported": {"host": "wz-o1", "opinion": "维持"},
    "case.legal-review-done": {"reviewer": "wz-r1", "result": "passed", "qualified": True},
    "case.collectively-discussed": {"members": OPINIONS, "result": "同意处罚"},
    "case.penalty-decided": {"approved_by": "wz-b1", "penalties": [FINE]},
    "case.no-penalty-decided": {
        "approved_by": "wz-b1",
        "ground": "APL33_1_minor",
        "facts": ["minor", "corrected", "no_harm"],
        "educated": True,
        "reason": "轻微并及时改正",
    },
    "case.not-proven-decided": {"approved_by": "wz-b1", "reason": "事实不能成立"},
    "case.transferred-agency": {"approved_by": "wz-b1", "receiver": "城管局", "reason": "无管辖权"},
    "case.decision-revoked": {"by": "self", "reason": "程序违法", "approved_by": "wz-b1"},
    "case.decision-changed": {
        "by": "reconsideration",
        "reason": "过罚不当",
        "penalties": [FINE | {"fine": "300"}],
    },
    "case.decision-declared-unlawful": {"by": "court", "reason": "超期"},
    "case.decision-void": {"by": "court", "reason": "无管辖权"},
    "case.penalty-refunded": {"amount": "500"},
    "case.decision-clerically-corrected": {"what": "文号笔误"},
    "case.party-changed": {"party": "p1", "change_kind": "renamed"},
    "case.gains-computed": {"violation": "v1", "receipts": "9000"},
    "case.gains-not-computed": {"approved_by": "wz-p1", "reason": "无法查清"},
    "case.decision-served": {"method": "direct", "publicity_told": True},
    "case.service-posted": {"what": "decision"},
    "case.paid": {"amount": "500", "what": "fine", "in_full": True},
    "case.deferral-granted": {
        "approved_by": "wz-b1",
        "until": "2026-08-31",
        "applied": "2026-05-18",
        "reason": "经济困难",
    },
    "case.instalments-granted": {
        "approved_by": "wz-b1",
        "dates": ["2026-06-30", "2026-08-31"],
        "amounts": ["200", "300"],
        "applied": "2026-05-18",
        "reason": "经济困难",
    },
    "case.payment-overdue": {"surcharge_imposed": True},
    "case.remedy-end-confirmed": {"remedy_end": "2026-07-13"},
    "case.urging-served": {},
    "case.court-applied": {"court": "鹿城区人民法院"},
    "case.court-accepted": {},
    "case.court-ruled": {"result": "granted"},
    "case.court-refused": {"reason": "材料不全"},
    "case.court-refusal-appealed": {},
    "case.court-terminated": {},
    "case.performance-agreed": {"waived": "15", "terms": "当日缴清"},
    "case.sealed-goods-auctioned": {"proceeds": "300"},
    "case.goods-disposed": {"how": "destroyed", "what": "电子秤一台"},
    "case.closing-proposed": {"outcome": "EXECUTED", "executed": "voluntarily"},
    "case.closed": {"approved_by": "wz-b1"},
    "case.archived": {"main_volume": "正卷一册"},
    "case.preservation-ordered": {
        "officers": TWO,
        "measure": "e1",
        "items": "电子秤一台",
        "approved_by": "wz-b1",
    },
    "case.preservation-approved": {"approved_by": "wz-b1", "measure": "e1", "approved": True},
    "case.preservation-disposed": {"approved_by": "wz-b1", "measure": "e1", "how": "released"},
    "case.preservation-lapsed": {"measure": "e1"},
    "case.measure-imposed": {
        "officers": TWO,
        "measure": "m1",
        "kind": "seize",
        "legal_basis": "产品质量法 18(4)",
        "items": "定量包装商品",
        "approved_by": "wz-b1",
    },
    "case.measure-approved": {"approved_by": "wz-b1", "measure": "m1", "approved": True},
    "case.measure-extended": {"approved_by": "wz-b1", "measure": "m1", "reason": "情况复杂"},
    "case.measure-test-period": {"measure": "m1", "begins": "2026-03-16", "ends": "2026-03-26"},
    "case.measure-lifted": {"approved_by": "wz-b1", "measure": "m1", "reason": "no_violation"},
    "case.goods-disposed-early": {"approved_by": "wz-b1", "measure": "m1", "consent": "right_holder_agrees"},
    "case.unclaimed-announced": {"measure": "m1"},
    "case.crime-reported": {"officers": TWO, "crime": "生产、销售伪劣产品罪"},
    "case.police-transfer-approved": {"approved_by": "wz-p1", "approved": True},
    "case.police-transferred": {"to": "鹿城公安分局"},
    "case.police-received": {},
    "case.police-forwarded": {"to": "瓯海公安分局"},
    "case.police-opened": {},
    "case.police-declined": {"reason": "数额不足"},
    "case.police-reconsideration-asked": {},
    "case.police-reconsidered": {"result": "declined"},
    "case.police-supervision-asked": {},
    "case.police-goods-handed": {},
    "case.returned": {"by": "procuratorate"},
    "case.reconsideration": {"remedy": "r1", "step": "applied"},
    "case.litigation": {"remedy": "l1", "step": "filed"},
    "case.published": {"where": "国家企业信用信息公示系统"},
    "case.announced": {"where": "微信公众号"},
    "case.publicity-pushed": {"to": "江苏省局"},
    "case.publicity-corrected": {"what": "文号"},
    "case.publicity-withdrawn": {"reason": "决定已撤销"},
    "case.publicity-ended": {"why": "term"},
    "case.listed": {"list": "serious"},
    "case.delisted": {"list": "serious", "reason": "决定已撤销"},
    "case.credit-repaired": {},
    "case.decided-on-the-spot": {
        "officers": TWO,
        "region": "330302",
        "unit": "鹿城计量科",
        "parties": [PARTY],
        "penalties": [{"violation": "v1", "party": "p1", "code": "M-V01", "fine": "500"}],
        "facts": "电子秤超过检定周期",
        "licence_shown": True,
        "rights_told": True,
        "heard": True,
    },
    "case.summary-filed": {},
    "case.cash-handed-in": {"amount": "500"},
    "case.cash-banked": {"amount": "500"},
    "case.party-added": {"party": {"id": "p2", "kind": "person"}},
    "case.violation-added": {"violation": {"id": "v2", "code": "M-U01", "ended": "2026-02-27"}},
    "case.linked": {"other": "case-other", "kind": "series"},
    "case.noted": {"what": "电话告知"},
    "case.reward-noted": {"step": "granted", "amount": "200"},
    "case.material-added": {"title": "照片", "sha256": "0" * 64},
    "case.event-corrected": {
        "corrects": 2,
        "kind": "amend",
        "reason": "日期误录",
        "becomes_on": "2026-03-03",
    },
    "case.imported": {"record": "{}", "record_id": "zj-1", "sha256": "0" * 64},
}

# -- the ordinary line ------------------------------------------------------------------------------------------

CLUE: Path = (at("case.clue-registered", "2026-03-02"),)
VERIFYING: Path = (*CLUE, at("case.verification-started", "2026-03-03"))
FILED: Path = (*VERIFYING, at("case.filed", "2026-03-09"))
INVESTIGATING: Path = (*FILED, at("case.rights-told", "2026-03-10"), at("case.inspected", "2026-03-10"))
SUSPENDED: Path = (*INVESTIGATING, at("case.suspended", "2026-03-20"))
INV_ENDED: Path = (*INVESTIGATING, at("case.investigation-ended", "2026-04-20"))
IN_REVIEW: Path = (*INV_ENDED, at("case.sent-to-review", "2026-04-21"))
RETURNED: Path = (*IN_REVIEW, at("case.review-returned", "2026-04-23"))
PASSED: Path = (*IN_REVIEW, at("case.review-passed", "2026-04-24"))
APPROVED: Path = (*PASSED, at("case.proposal-approved", "2026-04-27"))
NOTIFIED: Path = (*APPROVED, at("case.notice-served", "2026-04-28"))
DEFENDED: Path = (*NOTIFIED, at("case.defence-submitted", "2026-05-06"))
RECHECKED: Path = (*DEFENDED, at("case.defence-rechecked", "2026-05-08"))
DISCUSSED: Path = (*NOTIFIED, at("case.collectively-discussed", "2026-05-11"))
DECIDED: Path = (*NOTIFIED, at("case.penalty-decided", "2026-05-11"))
SERVED: Path = (*DECIDED, at("case.decision-served", "2026-05-12"))
PUBLISHED: Path = (*SERVED, at("case.published", "2026-05-18"))
PERFORMED: Path = (*SERVED, at("case.paid", "2026-05-20"))
PROPOSED: Path = (*PERFORMED, at("case.closing-proposed", "2026-05-21"))
CLOSED: Path = (*PROPOSED, at("case.closed", "2026-05-22"))
ARCHIVED: Path = (*CLOSED, at("case.archived", "2026-05-25"))

NOTIFIED_BY_ANOTHER: Path = (
    *NOTIFIED[len(INVESTIGATING) : -2],
    at("case.proposal-approved", "2026-04-27", approved_by="wz-p1"),
    NOTIFIED[-1],
)
"""From the investigation to the notice without the head wz-b1."""

# -- not paid: the fifteen days of 计量法 31 are told, so the remedies end with the reconsideration ---------------

UNPAID: Path = (
    *NOTIFIED,
    at("case.penalty-decided", "2026-05-11", sue_days_told="15_days"),
    at("case.decision-served", "2026-05-12"),
)
DEFERRED: Path = (*UNPAID, at("case.deferral-granted", "2026-05-19"))
INSTALMENTS: Path = (*UNPAID, at("case.instalments-granted", "2026-05-19"))
OVERDUE: Path = (*UNPAID, at("case.payment-overdue", "2026-05-28"))
CONFIRMED: Path = (*OVERDUE, at("case.remedy-end-confirmed", "2026-07-14"))
URGED: Path = (*CONFIRMED, at("case.urging-served", "2026-07-14"))
COURT: Path = (*URGED, at("case.court-applied", "2026-07-29"))
ACCEPTED: Path = (*COURT, at("case.court-accepted", "2026-08-03"))
RULED: Path = (*ACCEPTED, at("case.court-ruled", "2026-08-10"))
REFUSED: Path = (*COURT, at("case.court-refused", "2026-08-03"))
COURT_TERMINATED: Path = (*RULED, at("case.court-terminated", "2026-11-02"))

# -- a hearing ----------------------------------------------------------------------------------------------------

HIGH_APPROVED: Path = (
    at("case.clue-registered", "2026-03-02", parties=[TRADER], violations=[SHORT]),
    *INVESTIGATING[1:],
    at("case.investigation-ended", "2026-04-20", penalties=[HIGH]),
    *PASSED[len(INV_ENDED) :],
    at("case.proposal-approved", "2026-04-27", penalties=[HIGH]),
)
HIGH_NOTIFIED: Path = (
    *HIGH_APPROVED,
    at("case.notice-served", "2026-04-28", penalties=[HIGH], hearing_right=True),
)
REQUESTED: Path = (*HIGH_NOTIFIED, at("case.hearing-requested", "2026-05-07"))
HOST_NAMED: Path = (*REQUESTED, at("case.hearing-host-appointed", "2026-05-08"))
FILES_HANDED: Path = (*HOST_NAMED, at("case.hearing-files-handed", "2026-05-11"))
SET: Path = (*FILES_HANDED, at("case.hearing-scheduled", "2026-05-13"))
ANNOUNCED: Path = (*SET, at("case.hearing-announced", "2026-05-14"))
PAUSED: Path = (*ANNOUNCED, at("case.hearing-paused", "2026-05-20"))
HELD: Path = (*ANNOUNCED, at("case.hearing-held", "2026-05-25"))
REPORTED: Path = (*HELD, at("case.hearing-reported", "2026-05-27"))
REVIEWED: Path = (*REPORTED, at("case.legal-review-done", "2026-06-03"))
HEARD: Path = (*REVIEWED, at("case.collectively-discussed", "2026-06-08"))

# -- the other ends -----------------------------------------------------------------------------------------------

NOT_FILED: Path = (*VERIFYING, at("case.not-filed", "2026-03-09"))
REFERRED: Path = (
    at("case.clue-registered", "2026-05-11", source="report"),
    at("case.report-referred", "2026-05-12"),
)
NO_PENALTY: Path = (*PASSED, at("case.no-penalty-decided", "2026-04-27"))
NOT_PROVEN: Path = (*PASSED, at("case.not-proven-decided", "2026-04-27"))
TO_AGENCY: Path = (*INVESTIGATING, at("case.transferred-agency", "2026-03-20"))
TERMINATED: Path = (*INVESTIGATING, at("case.investigation-terminated", "2026-03-20"))

# -- things beside the main line ----------------------------------------------------------------------------------

CRIME: Path = (*INVESTIGATING, at("case.crime-reported", "2026-03-16"))
CRIME_APPROVED: Path = (*CRIME, at("case.police-transfer-approved", "2026-03-18T10:20:00+08:00"))
SENT: Path = (*CRIME_APPROVED, at("case.police-transferred", "2026-03-19T09:00:00+08:00"))
RECEIVED: Path = (*SENT, at("case.police-received", "2026-03-19"))
OPENED: Path = (*RECEIVED, at("case.police-opened", "2026-03-20"))
DECLINED: Path = (*RECEIVED, at("case.police-declined", "2026-03-20"))
PRESERVED: Path = (*INVESTIGATING, at("case.preservation-ordered", "2026-03-11"))
PRESERVED_URGENTLY: Path = (
    *INVESTIGATING,
    at("case.preservation-ordered", "2026-03-11T09:20:00+08:00", urgent=True, approved_by=CLEARED),
)
SEIZED: Path = (*INVESTIGATING, at("case.measure-imposed", "2026-03-11"))
SEIZED_URGENTLY: Path = (
    *INVESTIGATING,
    at("case.measure-imposed", "2026-03-11T09:20:00+08:00", urgent=True, approved_by=CLEARED),
)
ON_THE_SPOT: Path = (at("case.decided-on-the-spot", "2026-03-02"),)
TESTED: Path = (*INVESTIGATING, at("case.test-entrusted", "2026-03-12"))
ORDERED: Path = (*INVESTIGATING, at("case.correction-ordered", "2026-03-16"))
REPORT: Path = (at("case.clue-registered", "2026-03-02", source="report"),)
"""A report of a metrology matter in Zhejiang: ten working days for decision and answer (浙 39)."""

BY_STATE: dict[str, Path] = {
    "CLUE": CLUE,
    "VERIFYING": VERIFYING,
    "NOT_FILED": NOT_FILED,
    "CLUE_REFERRED": REFERRED,
    "FILED": FILED,
    "INVESTIGATING": INVESTIGATING,
    "SUSPENDED": SUSPENDED,
    "INV_TERMINATED": TERMINATED,
    "INV_ENDED": INV_ENDED,
    "IN_REVIEW": IN_REVIEW,
    "REVIEW_RETURNED": RETURNED,
    "NOTICE_APPROVED": APPROVED,
    "NOTIFIED": NOTIFIED,
    "DEFENCE_RECHECK": DEFENDED,
    "HEARING_REQUESTED": REQUESTED,
    "HEARING_SET": SET,
    "HEARING_PAUSED": PAUSED,
    "HEARING_ENDED": HELD,
    "LEGAL_REVIEW_AFTER_HEARING": REVIEWED,
    "COLLECTIVE": DISCUSSED,
    "DECIDED_PENALTY": DECIDED,
    "DECIDED_NO_PENALTY": NO_PENALTY,
    "DECIDED_NOT_PROVEN": NOT_PROVEN,
    "TRANSFERRED_AGENCY": TO_AGENCY,
    "TRANSFERRED_POLICE": SENT,
    "SERVED": SERVED,
    "PERFORMING": PERFORMED,
    "DEFERRED": DEFERRED,
    "OVERDUE": OVERDUE,
    "URGED": URGED,
    "COURT_APPLIED": COURT,
    "COURT_TERMINATED": COURT_TERMINATED,
    "CLOSED": CLOSED,
    "ARCHIVED": ARCHIVED,
}
