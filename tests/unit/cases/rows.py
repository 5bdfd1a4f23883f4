"""What every row of the procedure does: one scenario a row, with due dates worked by hand on the calendar of 2026.

Days off that matter: 4–6 April, 1–5 May (9 May is worked), 19–21 June. A start day is not counted.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.unit.cases import steps as s
from tests.unit.cases.steps import Path, at


class Happens(NamedTuple):
    """After `given`, the event on a day leads to `state`; `starts` are due dates, `ends` clocks that stop."""

    topic: str
    given: Path
    on: str | None
    state: str
    starts: Mapping[str, str | None] = {}
    ends: tuple[str, ...] = ()
    data: Mapping[str, Any] = {}


GOODS_FINE = {"violation": "v1", "party": "p1", "goods": "电子秤一台"}
GOODS: Path = (
    at("case.clue-registered", "2026-03-02", violations=[{"id": "v1"}]),
    *s.INVESTIGATING[1:],
    at("case.investigation-ended", "2026-04-20", penalties=[GOODS_FINE]),
    *s.PASSED[len(s.INV_ENDED) :],
    at("case.proposal-approved", "2026-04-27", penalties=[GOODS_FINE]),
    at("case.notice-served", "2026-04-28", penalties=[GOODS_FINE]),
    at("case.penalty-decided", "2026-05-11", penalties=[GOODS_FINE]),
    at("case.decision-served", "2026-05-12"),
)
REMOTE: Path = (
    at("case.clue-registered", "2026-03-02", parties=[{**s.PARTY, "region": "320500"}]),
    *s.DECIDED[1:],
)
DISPUTED: Path = (*s.INVESTIGATING, at("case.jurisdiction-disputed", "2026-03-16"))
SUBMITTED: Path = (*DISPUTED, at("case.jurisdiction-submitted", "2026-03-20"))
REPORT_FILED: Path = (*s.REPORT, *s.FILED[1:])
REPORTED_TEST: Path = (*s.TESTED, at("case.test-reported", "2026-03-26"))
ASKED: Path = (*s.INVESTIGATING, at("case.assistance-requested", "2026-03-12"))
REFUND: Path = (*s.INVESTIGATING, at("case.refund-ordered", "2026-03-12"))
REVOKED: Path = (*s.PUBLISHED, at("case.decision-revoked", "2026-05-25"))
LISTED: Path = (*s.PUBLISHED, at("case.listed", "2026-05-20"))
LIFTED: Path = (*s.SEIZED, at("case.measure-lifted", "2026-03-20"))
SEALED_UNPAID: Path = (*s.SEIZED, *s.URGED[len(s.INVESTIGATING) :])
NOT_THEIRS: Path = (*s.SENT, at("case.police-received", "2026-03-19T09:30:00+08:00", theirs=False))
RECON_ASKED: Path = (*s.DECLINED, at("case.police-reconsideration-asked", "2026-03-23"))
DECLINED_AGAIN: Path = (*RECON_ASKED, at("case.police-reconsidered", "2026-03-25"))
CASH: Path = (at("case.decided-on-the-spot", "2026-03-02", cash="hard_to_collect"),)
HANDED_IN: Path = (*CASH, at("case.cash-handed-in", "2026-03-03"))

MAIN = [
    Happens("case.clue-merged", s.REPORT, "2026-03-05", "CLUE", {"DL-VERIFY-ZJ": "2026-03-19"}),
    Happens("case.verification-started", s.CLUE, "2026-03-03", "VERIFYING"),
    Happens(
        "case.verification-extended", s.VERIFYING, "2026-03-20", "VERIFYING", {"DL-VERIFY": "2026-04-14"}
    ),
    Happens("case.filed", s.VERIFYING, "2026-03-09", "FILED", {"DL-CASE": "2026-06-07"}, ("DL-VERIFY",)),
    Happens("case.not-filed", s.VERIFYING, "2026-03-09", "NOT_FILED", {}, ("DL-VERIFY",)),
    Happens(
        "case.reporter-told", REPORT_FILED, "2026-03-10", "FILED", {}, ("DL-VERIFY-ZJ", "DL-FILING-NOTICE")
    ),
    Happens("case.report-referred", s.REFERRED[:1], "2026-05-12", "CLUE_REFERRED", {}, ("DL-VERIFY-ZJ",)),
    Happens(
        "case.transferred-within",
        s.INVESTIGATING,
        "2026-03-20",
        "TRANSFERRED_AGENCY",
        {"DL-CLOSE": "2026-04-13"},
        ("DL-CASE",),
    ),
    Happens(
        "case.jurisdiction-disputed",
        s.INVESTIGATING,
        "2026-03-16",
        "INVESTIGATING",
        {"DL-JURIS": "2026-03-25"},
    ),
    Happens(
        "case.jurisdiction-submitted",
        DISPUTED,
        "2026-03-20",
        "INVESTIGATING",
        {"DL-JURIS-SUPERIOR": "2026-03-31"},
        ("DL-JURIS",),
    ),
    Happens(
        "case.jurisdiction-settled", SUBMITTED, "2026-03-27", "INVESTIGATING", {}, ("DL-JURIS-SUPERIOR",)
    ),
    Happens(
        "case.limitation-noted", s.INVESTIGATING, "2026-03-16", "INVESTIGATING", {"DL-LIMIT:v1": "2028-02-28"}
    ),
    Happens("case.rights-told", s.FILED, "2026-03-10", "FILED"),
    Happens("case.inspected", s.FILED, "2026-03-10", "INVESTIGATING"),
    Happens("case.evidence-collected", s.CLUE, "2026-03-02", "VERIFYING"),
    Happens("case.interviewed", s.FILED, "2026-03-10", "INVESTIGATING"),
    Happens("case.sample-taken", s.RETURNED, "2026-04-24", "INVESTIGATING"),
    Happens("case.test-entrusted", s.INVESTIGATING, "2026-03-12", "INVESTIGATING", {"DL-CASE": None}),
    # 14 days do not count; 2026-06-21 is the last day of 端午, which a State Council notice names
    Happens("case.test-reported", s.TESTED, "2026-03-26", "INVESTIGATING", {"DL-CASE": "2026-06-22"}),
    Happens("case.test-told", REPORTED_TEST, "2026-03-27", "INVESTIGATING"),
    Happens(
        "case.assistance-requested",
        s.INVESTIGATING,
        "2026-03-12",
        "INVESTIGATING",
        {"DL-ASSIST:a1": "2026-04-02"},
    ),
    Happens("case.assistance-answered", ASKED, "2026-03-27", "INVESTIGATING", {}, ("DL-ASSIST:a1",)),
    Happens("case.suspended", s.INVESTIGATING, "2026-03-20", "SUSPENDED", {"DL-CASE": None}),
    Happens("case.resumed", s.SUSPENDED, "2026-04-10", "INVESTIGATING", {"DL-CASE": "2026-06-28"}),
    Happens(
        "case.investigation-terminated",
        s.INVESTIGATING,
        "2026-03-20",
        "INV_TERMINATED",
        {"DL-CLOSE": "2026-04-13"},
        ("DL-CASE",),
    ),
    Happens("case.investigation-ended", s.INVESTIGATING, "2026-04-20", "INV_ENDED"),
    Happens(
        "case.correction-ordered",
        s.INVESTIGATING,
        "2026-03-16",
        "INVESTIGATING",
        {"own-date:o1": "2026-03-31"},
    ),
    Happens("case.correction-checked", s.ORDERED, "2026-03-25", "INVESTIGATING", {}, ("own-date:o1",)),
    Happens("case.refund-ordered", s.INVESTIGATING, "2026-03-12", "INVESTIGATING", {"DL-CASE": "2026-06-26"}),
    Happens("case.refund-done", REFUND, "2026-03-20", "INVESTIGATING", {"DL-CASE": "2026-06-15"}),
    Happens("case.handlers-changed", s.INVESTIGATING, "2026-03-20", "INVESTIGATING"),
    Happens("case.recusal-requested", s.INVESTIGATING, "2026-03-20", "INVESTIGATING"),
    Happens("case.recusal-decided", s.INVESTIGATING, "2026-03-20", "INVESTIGATING"),
    Happens("case.extended", s.INVESTIGATING, "2026-06-01", "INVESTIGATING", {"DL-CASE": "2026-07-07"}),
]

REVIEW = [
    Happens("case.sent-to-review", s.INV_ENDED, "2026-04-21", "IN_REVIEW", {"DL-REVIEW": "2026-05-08"}),
    Happens("case.review-extended", s.IN_REVIEW, "2026-05-07", "IN_REVIEW", {"DL-REVIEW": "2026-05-20"}),
    Happens("case.review-returned", s.IN_REVIEW, "2026-04-23", "REVIEW_RETURNED", {}, ("DL-REVIEW",)),
    Happens("case.review-passed", s.IN_REVIEW, "2026-04-24", "IN_REVIEW", {}, ("DL-REVIEW",)),
    Happens("case.proposal-approved", s.PASSED, "2026-04-27", "NOTICE_APPROVED"),
    Happens("case.notice-served", s.APPROVED, "2026-04-28", "NOTIFIED", {"DL-DEFENCE": "2026-05-08"}),
    Happens("case.notice-reissued", s.NOTIFIED, "2026-05-06", "NOTIFIED", {"DL-DEFENCE": "2026-05-12"}),
    Happens("case.defence-submitted", s.NOTIFIED, "2026-05-06", "DEFENCE_RECHECK"),
    Happens("case.defence-rechecked", s.DEFENDED, "2026-05-08", "DEFENCE_RECHECK"),
    Happens("case.rights-waived", s.NOTIFIED, "2026-04-29", "NOTIFIED", {}, ("DL-DEFENCE",)),
]

HEARING = [
    Happens(
        "case.hearing-requested",
        s.HIGH_NOTIFIED,
        "2026-05-07",
        "HEARING_REQUESTED",
        {"DL-HEAR-HOST": "2026-05-11", "DL-CASE": None},
    ),
    Happens(
        "case.hearing-host-appointed",
        s.REQUESTED,
        "2026-05-08",
        "HEARING_REQUESTED",
        {"DL-HEAR-FILES": "2026-05-12"},
        ("DL-HEAR-HOST",),
    ),
    Happens(
        "case.hearing-files-handed",
        s.HOST_NAMED,
        "2026-05-11",
        "HEARING_REQUESTED",
        {"DL-HEAR-SET": "2026-05-18"},
        ("DL-HEAR-FILES",),
    ),
    Happens(
        "case.hearing-scheduled",
        s.FILES_HANDED,
        "2026-05-13",
        "HEARING_SET",
        {"DL-HEAR-PUBLIC": "2026-05-19"},
        ("DL-HEAR-SET",),
    ),
    Happens("case.hearing-announced", s.SET, "2026-05-14", "HEARING_SET", {}, ("DL-HEAR-PUBLIC",)),
    Happens("case.hearing-paused", s.ANNOUNCED, "2026-05-20", "HEARING_PAUSED"),
    Happens("case.hearing-resumed", s.PAUSED, "2026-05-22", "HEARING_SET"),
    # the request of 7 May stopped the clock with 31 days left; 8–12 May do not count
    Happens(
        "case.hearing-terminated",
        s.HOST_NAMED,
        "2026-05-12",
        "HEARING_REQUESTED",
        {"DL-CASE": "2026-06-12"},
        ("DL-HEAR-FILES",),
    ),
    Happens(
        "case.hearing-held",
        s.ANNOUNCED,
        "2026-05-25",
        "HEARING_ENDED",
        {"DL-HEAR-REPORT": "2026-06-01", "DL-CASE": "2026-06-25"},
    ),
    Happens("case.hearing-reported", s.HELD, "2026-05-27", "HEARING_ENDED", {}, ("DL-HEAR-REPORT",)),
    Happens("case.legal-review-done", s.REPORTED, "2026-06-03", "LEGAL_REVIEW_AFTER_HEARING"),
    Happens("case.collectively-discussed", s.REVIEWED, "2026-06-08", "COLLECTIVE"),
]

DECISION = [
    Happens(
        "case.penalty-decided",
        s.NOTIFIED,
        "2026-05-11",
        "DECIDED_PENALTY",
        {"DL-SERVE": "2026-05-20", "DL-PUBLISH": "2026-06-08"},
        ("DL-CASE",),
    ),
    Happens(
        "case.no-penalty-decided",
        s.PASSED,
        "2026-04-27",
        "DECIDED_NO_PENALTY",
        {"DL-SERVE": "2026-05-09", "DL-CLOSE": "2026-05-20"},
        ("DL-CASE",),
    ),
    Happens(
        "case.not-proven-decided",
        s.PASSED,
        "2026-04-27",
        "DECIDED_NOT_PROVEN",
        {"DL-CLOSE": "2026-05-20"},
        ("DL-CASE",),
    ),
    Happens(
        "case.transferred-agency",
        s.INVESTIGATING,
        "2026-03-20",
        "TRANSFERRED_AGENCY",
        {"DL-CLOSE": "2026-04-13"},
        ("DL-CASE",),
    ),
    Happens(
        "case.decision-revoked",
        s.PUBLISHED,
        "2026-05-25",
        "INVESTIGATING",
        {"DL-WITHDRAW": "2026-05-28", "DL-CASE": "2026-08-23"},
        ("DL-PAY",),
        {"anew": True},
    ),
    Happens("case.decision-changed", s.PUBLISHED, "2026-05-25", "SERVED", {"DL-WITHDRAW": "2026-05-28"}),
    Happens(
        "case.decision-declared-unlawful", s.PUBLISHED, "2026-05-25", "SERVED", {"DL-WITHDRAW": "2026-05-28"}
    ),
    Happens(
        "case.decision-void",
        s.PUBLISHED,
        "2026-05-25",
        "INVESTIGATING",
        {"DL-WITHDRAW": "2026-05-28"},
        ("DL-PAY",),
    ),
    Happens(
        "case.penalty-refunded",
        (*s.PERFORMED, at("case.decision-revoked", "2026-05-25")),
        "2026-05-26",
        "INVESTIGATING",
    ),
    Happens("case.decision-clerically-corrected", s.SERVED, "2026-05-13", "SERVED"),
    Happens("case.party-changed", s.SERVED, "2026-05-13", "SERVED"),
    Happens("case.gains-computed", s.INVESTIGATING, "2026-04-01", "INVESTIGATING"),
    Happens("case.gains-not-computed", s.INV_ENDED, "2026-04-21", "INV_ENDED"),
    Happens(
        "case.decision-served",
        s.DECIDED,
        "2026-05-12",
        "SERVED",
        {
            "DL-PAY": "2026-05-27",
            "DL-RECON": "2026-07-13",
            "DL-SUE": "2026-11-12",
            "DL-SELF-PUBLISH": "2026-06-09",
        },
        ("DL-SERVE",),
    ),
    Happens(
        "case.service-posted", s.DECIDED, "2026-05-12", "DECIDED_PENALTY", {"DL-PUBNOTICE": "2026-06-11"}
    ),
]

PERFORMANCE = [
    Happens("case.paid", s.SERVED, "2026-05-20", "PERFORMING", {"DL-CLOSE": "2026-06-10"}, ("DL-PAY",)),
    Happens("case.deferral-granted", s.SERVED, "2026-05-19", "DEFERRED", {"DL-PAY": "2026-08-31"}),
    Happens("case.instalments-granted", s.SERVED, "2026-05-19", "DEFERRED", {"DL-PAY": "2026-08-31"}),
    Happens("case.payment-overdue", s.UNPAID, "2026-05-28", "OVERDUE", {"DL-SURCHARGE": "2026-06-30"}),
    Happens("case.remedy-end-confirmed", s.OVERDUE, "2026-07-14", "OVERDUE", {"DL-COURT": "2026-10-13"}),
    Happens("case.urging-served", s.OVERDUE, "2026-07-14", "URGED", {"DL-URGE": "2026-07-28"}),
    Happens(
        "case.court-applied",
        s.URGED,
        "2026-07-29",
        "COURT_APPLIED",
        {"DL-COURT-ACCEPT": "2026-08-05"},
        ("DL-URGE", "DL-COURT"),
    ),
    Happens(
        "case.court-accepted",
        s.COURT,
        "2026-08-03",
        "COURT_APPLIED",
        {"DL-COURT-RULE": "2026-08-12"},
        ("DL-COURT-ACCEPT",),
    ),
    Happens("case.court-ruled", s.ACCEPTED, "2026-08-10", "COURT_APPLIED", {}, ("DL-COURT-RULE",)),
    Happens(
        "case.court-refused",
        s.COURT,
        "2026-08-03",
        "COURT_APPLIED",
        {"DL-COURT-REVIEW": "2026-08-18"},
        ("DL-COURT-ACCEPT",),
    ),
    Happens(
        "case.court-refusal-appealed",
        s.REFUSED,
        "2026-08-10",
        "COURT_APPLIED",
        {"DL-COURT-REVIEW-ANSWER": "2026-08-25"},
        ("DL-COURT-REVIEW",),
    ),
    Happens(
        "case.court-terminated",
        s.RULED,
        "2026-11-02",
        "COURT_TERMINATED",
        {"DL-CLOSE": "2026-11-23"},
        ("DL-PAY", "DL-SURCHARGE"),
    ),
    Happens("case.performance-agreed", s.OVERDUE, "2026-05-30", "OVERDUE"),
    Happens("case.sealed-goods-auctioned", SEALED_UNPAID, "2026-08-10", "URGED"),
    Happens("case.goods-disposed", GOODS, "2026-06-01", "SERVED"),
    Happens("case.closing-proposed", s.PERFORMED, "2026-05-21", "PERFORMING", {}, ("DL-CLOSE",)),
    Happens("case.closed", s.PROPOSED, "2026-05-22", "CLOSED"),
    Happens("case.archived", s.CLOSED, "2026-05-25", "ARCHIVED"),
]

MEASURES = [
    Happens(
        "case.preservation-ordered",
        s.INVESTIGATING,
        "2026-03-11",
        "INVESTIGATING",
        {"DL-PRESERVE:e1": "2026-03-20"},
    ),
    Happens(
        "case.preservation-approved",
        s.PRESERVED_URGENTLY,
        "2026-03-12T09:00:00+08:00",
        "INVESTIGATING",
        {},
        ("DL-URGENT-REPORT:preservation-e1",),
    ),
    Happens(
        "case.preservation-disposed", s.PRESERVED, "2026-03-20", "INVESTIGATING", {}, ("DL-PRESERVE:e1",)
    ),
    Happens("case.preservation-lapsed", s.PRESERVED, "2026-03-21", "INVESTIGATING", {}, ("DL-PRESERVE:e1",)),
    Happens(
        "case.measure-imposed", s.INVESTIGATING, "2026-03-11", "INVESTIGATING", {"DL-SEIZE:m1": "2026-04-10"}
    ),
    Happens(
        "case.measure-approved",
        s.SEIZED_URGENTLY,
        "2026-03-12T09:00:00+08:00",
        "INVESTIGATING",
        {},
        ("DL-URGENT-REPORT:measure-m1",),
    ),
    Happens("case.measure-extended", s.SEIZED, "2026-04-08", "INVESTIGATING", {"DL-SEIZE:m1": "2026-05-10"}),
    Happens(
        "case.measure-test-period", s.SEIZED, "2026-03-16", "INVESTIGATING", {"DL-SEIZE:m1": "2026-04-20"}
    ),
    Happens("case.measure-lifted", s.SEIZED, "2026-03-20", "INVESTIGATING", {}, ("DL-SEIZE:m1",)),
    Happens("case.goods-disposed-early", s.SEIZED, "2026-03-12", "INVESTIGATING"),
    Happens("case.unclaimed-announced", LIFTED, "2026-03-23", "INVESTIGATING"),
]

POLICE = [
    Happens(
        "case.crime-reported",
        s.INVESTIGATING,
        "2026-03-16",
        "INVESTIGATING",
        {"DL-POLICE-APPROVE": "2026-03-19"},
    ),
    Happens(
        "case.police-transfer-approved",
        s.CRIME,
        "2026-03-18T10:20:00+08:00",
        "INVESTIGATING",
        {"DL-POLICE-SEND": "2026-03-19T11:00:00+08:00"},
        ("DL-POLICE-APPROVE",),
    ),
    Happens(
        "case.police-transferred",
        s.CRIME_APPROVED,
        "2026-03-19T09:00:00+08:00",
        "TRANSFERRED_POLICE",
        {},
        ("DL-POLICE-SEND", "DL-CASE"),
    ),
    Happens(
        "case.police-received", s.SENT, "2026-03-19", "TRANSFERRED_POLICE", {"DL-POLICE-DECIDE": "2026-03-22"}
    ),
    Happens(
        "case.police-forwarded", NOT_THEIRS, "2026-03-20", "TRANSFERRED_POLICE", {}, ("DL-POLICE-FORWARD",)
    ),
    Happens(
        "case.police-opened",
        s.RECEIVED,
        "2026-03-20",
        "TRANSFERRED_POLICE",
        {"DL-POLICE-HANDOVER": "2026-03-23", "DL-CLOSE": "2026-04-13"},
        ("DL-POLICE-DECIDE",),
    ),
    Happens(
        "case.police-declined",
        s.RECEIVED,
        "2026-03-20",
        "INVESTIGATING",
        {"DL-POLICE-RECON": "2026-03-23", "DL-CASE": "2026-06-18"},
        ("DL-POLICE-DECIDE",),
    ),
    Happens(
        "case.police-reconsideration-asked",
        s.DECLINED,
        "2026-03-23",
        "INVESTIGATING",
        {"DL-POLICE-RECON-DECIDE": "2026-03-26"},
        ("DL-POLICE-RECON",),
    ),
    Happens(
        "case.police-reconsidered",
        RECON_ASKED,
        "2026-03-25",
        "INVESTIGATING",
        {"DL-POLICE-SUPERVISE": "2026-03-28"},
        ("DL-POLICE-RECON-DECIDE",),
    ),
    Happens(
        "case.police-supervision-asked",
        DECLINED_AGAIN,
        "2026-03-27",
        "INVESTIGATING",
        {},
        ("DL-POLICE-SUPERVISE",),
    ),
    Happens(
        "case.police-goods-handed", s.OPENED, "2026-03-23", "TRANSFERRED_POLICE", {}, ("DL-POLICE-HANDOVER",)
    ),
    Happens(
        "case.returned", s.OPENED, "2026-04-20", "INVESTIGATING", {"DL-CASE": "2026-07-19"}, ("DL-CLOSE",)
    ),
]

AFTER = [
    Happens(
        "case.reconsideration",
        s.SERVED,
        "2026-05-25",
        "SERVED",
        {"DL-RECON-INTAKE:r1": "2026-06-01"},
        ("DL-RECON",),
    ),
    Happens("case.litigation", s.SERVED, "2026-06-01", "SERVED", {}, ("DL-SUE",)),
    Happens("case.published", s.SERVED, "2026-05-18", "SERVED", {}, ("DL-PUBLISH",)),
    Happens("case.announced", s.INVESTIGATING, "2026-03-15", "INVESTIGATING"),
    Happens(
        "case.publicity-pushed",
        REMOTE,
        "2026-05-18",
        "DECIDED_PENALTY",
        {"DL-PUBLISH-REMOTE": "2026-06-01"},
        ("DL-PUSH",),
    ),
    Happens("case.publicity-corrected", s.PUBLISHED, "2026-05-20", "SERVED"),
    Happens("case.publicity-withdrawn", REVOKED, "2026-05-28", "INVESTIGATING", {}, ("DL-WITHDRAW",)),
    Happens("case.publicity-ended", s.PUBLISHED, "2026-08-18", "SERVED"),
    Happens("case.listed", s.PUBLISHED, "2026-05-20", "SERVED"),
    Happens(
        "case.delisted",
        (*LISTED, at("case.decision-revoked", "2026-05-25")),
        "2026-05-27",
        "INVESTIGATING",
        {},
        ("DL-LIST-UNDO",),
    ),
    Happens("case.credit-repaired", s.PUBLISHED, "2026-08-18", "SERVED"),
    Happens("case.summary-filed", s.ON_THE_SPOT, "2026-03-05", "SERVED", {}, ("DL-SUMMARY-FILE",)),
    Happens(
        "case.cash-handed-in",
        CASH,
        "2026-03-03",
        "SERVED",
        {"DL-CASH-BANK": "2026-03-05"},
        ("DL-CASH-BUREAU",),
    ),
    Happens("case.cash-banked", HANDED_IN, "2026-03-05", "SERVED", {}, ("DL-CASH-BANK",)),
    Happens("case.party-added", s.FILED, "2026-03-10", "FILED"),
    Happens("case.violation-added", s.FILED, "2026-03-10", "FILED", {"DL-LIMIT:v2": "2028-02-27"}),
    Happens("case.linked", s.FILED, "2026-03-10", "FILED"),
    Happens("case.noted", s.FILED, "2026-03-10", "FILED"),
    Happens("case.reward-noted", s.CLOSED, "2026-06-10", "CLOSED"),
    Happens("case.material-added", s.FILED, "2026-03-10", "FILED"),
    Happens("case.event-corrected", s.FILED, "2026-03-10", "FILED"),
]

OPENINGS = [
    Happens("case.clue-registered", (), "2026-03-02", "CLUE", {"DL-VERIFY": "2026-03-23"}, ("DL-LIMIT:v1",)),
    # 2026-05-01 to 05 are off: a party is never late before the next working day
    Happens(
        "case.decided-on-the-spot",
        (),
        "2026-03-02",
        "SERVED",
        {"DL-PAY": "2026-03-17", "DL-SUMMARY-FILE": "2026-03-11", "DL-RECON": "2026-05-06"},
    ),
    Happens("case.imported", (), "2026-03-02", "CLUE"),
]

HAPPENS = [*MAIN, *REVIEW, *HEARING, *DECISION, *PERFORMANCE, *MEASURES, *POLICE, *AFTER]
