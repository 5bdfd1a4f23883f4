"""The table of periods: entered a second time from the statutes, and the rule that holds on a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from enforcement.law.deadline_rules import DeadlineRules, NoRuleInForce, from_rows

RULES = DeadlineRules.load()

# id, length, unit, who is bound: a second entry, independent of the table. A row changed on one side fails.
SECOND_ENTRY = """
DL-VERIFY 15 wd bureau | DL-VERIFY-ZJ 10 wd bureau | DL-REFER-ZJ 3 wd bureau | DL-CASE 90 cd bureau
DL-REVIEW 10 wd bureau | DL-DEFENCE 5 wd party | DL-HEAR-HOST 3 wd bureau | DL-HEAR-FILES 3 wd bureau
DL-HEAR-SET 5 wd bureau | DL-HEAR-NOTICE 7 wd bureau | DL-HEAR-PUBLIC 3 wd bureau | DL-HEAR-REPORT 5 wd bureau
DL-PRESERVE 7 wd measure | DL-SEIZE 30 cd measure | DL-URGENT-REPORT 24 hours bureau | DL-ASSIST 15 wd bureau
DL-JURIS 7 wd bureau | DL-JURIS-SUPERIOR 7 wd bureau | DL-SERVE 7 wd bureau | DL-PUBNOTICE 30 cd bureau
DL-PAY 15 cd party | DL-SURCHARGE 34 cd measure | DL-URGE 10 wd party | DL-COURT 3 months bureau
DL-COURT-ACCEPT 5 wd court | DL-COURT-RULE 7 wd court | DL-COURT-RULE-DEFECT 30 cd court
DL-COURT-REVIEW 15 cd bureau | DL-COURT-REVIEW-ANSWER 15 cd court
DL-RECON 60 cd party | DL-RECON-UNTOLD 1 years party | DL-RECON-INTAKE 5 wd other
DL-RECON-ANSWER 10 wd bureau | DL-RECON-ANSWER-SIMPLE 5 wd bureau | DL-RECON-DECIDE 60 cd other
DL-RECON-DECIDE-SIMPLE 30 cd other | DL-SUE 6 months party | DL-SUE-METROLOGY 15 cd party
DL-SUE-AFTER-RECON 15 cd party | DL-SUIT-FIRST 6 months court | DL-SUIT-APPEAL 15 cd party
DL-SUIT-SECOND 3 months court | DL-CLOSE 15 wd bureau | DL-SUMMARY-FILE 7 wd bureau
DL-CASH-BUREAU 2 wd bureau | DL-CASH-BANK 2 wd bureau | DL-PUBLISH 20 wd bureau | DL-PUSH 10 wd bureau
DL-PUBLISH-REMOTE 10 wd bureau | DL-WITHDRAW 3 wd bureau | DL-SELF-PUBLISH 20 wd party
DL-POLICE-APPROVE 3 cd bureau | DL-POLICE-SEND 24 hours bureau | DL-POLICE-FORWARD 24 hours police
DL-POLICE-DECIDE 3 cd police | DL-POLICE-RECON 3 cd bureau | DL-POLICE-RECON-DECIDE 3 cd police
DL-POLICE-SUPERVISE 3 cd bureau | DL-POLICE-HANDOVER 3 cd bureau
DL-CHECK-PUBLISH 20 wd bureau | DL-CHECK-PUBLISH-METROLOGY 20 wd bureau | DL-ABNORMAL-REPORT 10 wd bureau
DL-ABNORMAL-ORDER 10 wd bureau | DL-ABNORMAL-NAME 10 wd bureau | DL-ABNORMAL-CONTACT 10 wd bureau
DL-ABN-OBJECT 30 cd party | DL-ABN-ACCEPT 5 wd bureau | DL-ABN-VERIFY 20 wd bureau | DL-ABN-FIX 5 wd bureau
DL-LIST-PUBLISH 20 wd bureau | DL-LIST-PUSH 10 wd bureau | DL-LIST-REMOTE 10 wd bureau
DL-LIST-UNDO 3 wd bureau | DL-REPAIR-ACCEPT 2 wd bureau | DL-REPAIR-DECIDE 7 wd bureau
DL-REPAIR-DECIDE-ABN 2 wd bureau | DL-REPAIR-DATA 3 wd bureau | DL-REPAIR-PUSH 3 wd bureau
DL-REPAIR-OTHER-DEPT 3 wd bureau | DL-REPAIR-BANKRUPT 7 wd bureau | DL-OBJECT-ZJ 5 wd bureau
DL-STOP-MINOR 3 months measure | DL-STOP-GENERAL-MIN 3 months measure | DL-STOP-GENERAL-MAX 1 years measure
DL-STOP-SERIOUS-MIN 1 years measure | DL-STOP-SERIOUS-MAX 3 years measure | DL-STOP-BEFORE-107 3 years measure
DL-COMPLAINT-ACCEPT 7 wd bureau | DL-MEDIATE 45 wd bureau | DL-MEDIATE 60 cd bureau
DL-MEDIATE-END-NOTICE 7 wd bureau | DL-FILING-NOTICE 5 wd bureau | DL-PUBINFO-REPORT 20 wd bureau
DL-REWARD-TELL 15 wd bureau | DL-REWARD-CLAIM 30 wd party | DL-REWARD-CLAIM-EXT 10 wd party
DL-REWARD-OBJECT 10 wd party | DL-STOP-CHECK 3 months measure
DL-VERIFY-ONSITE-ZJ 10 wd other | DL-VERIFY-LAB-ZJ 7 wd other | DL-REVERIFY-ZJ 15 cd party
DL-CMARK-REDECLARE 1 months party | DL-ARBITRATION-APPEAL 15 cd party | DL-SUPERVISION-REPLY 10 wd bureau
DL-SUPERVISION-CORRECTED 10 wd bureau | DL-SUPERVISION-REVIEW 5 wd bureau
DL-SUPERVISION-REVIEW-ANSWER 10 wd bureau
DL-LIMIT 2 years measure | DL-LIMIT 2 years measure | DL-LIMIT-LIFE 5 years measure
"""


def test_the_table_equals_its_second_entry() -> None:
    entered = [row.strip() for row in SECOND_ENTRY.strip().replace("\n", "|").split("|")]
    assert sorted(f"{r.id} {r.length} {r.unit} {r.duty}" for r in RULES) == sorted(entered)


def test_only_these_rules_extend_or_pause() -> None:
    steps = {r.id: [(s.length, s.by) for s in r.extension_steps] for r in RULES if r.extension_steps}
    assert steps == {
        "DL-VERIFY": [(15, "head")],
        "DL-CASE": [(30, "head"), (None, "collective")],
        "DL-REVIEW": [(None, "head")],
        "DL-ASSIST": [(None, "notice")],
        "DL-SEIZE": [(30, "head")],
        "DL-PAY": [(None, "head")],
        "DL-SURCHARGE": [(None, "agreement")],
        "DL-RECON-DECIDE": [(30, "reconsideration-body")],
        "DL-REPAIR-DECIDE": [(10, "head")],
        "DL-REPAIR-DECIDE-ABN": [(10, "head")],
        "DL-OBJECT-ZJ": [(15, "head")],
        "DL-STOP-SERIOUS-MIN": [(None, "law")],
        "DL-STOP-SERIOUS-MAX": [(None, "law")],
        "DL-VERIFY-ONSITE-ZJ": [(None, "agreement")],
        "DL-VERIFY-LAB-ZJ": [(None, "agreement")],
    }
    assert {r.id: set(r.pauses) for r in RULES if r.pauses} == {
        "DL-VERIFY": {"test", "right-holder-identification"},
        "DL-VERIFY-ZJ": {"test", "verification-testing"},
        "DL-CASE": {
            "suspension",
            "hearing",
            "public-notice",
            "test",
            "right-holder-identification",
            "refund-order",
        },
        "DL-SEIZE": {"test"},
        "DL-SURCHARGE": {"reconsideration", "litigation"},
        "DL-MEDIATE": {"test"},
    }


def test_every_row_says_what_it_rests_on() -> None:
    for rule in RULES:
        assert rule.article, rule.id
        for text in (rule.name, rule.starts):
            assert text.en, rule.id
            assert text.zh, rule.id
        assert rule.status == "confirmed" or rule.reason, rule.id


def test_every_version_holds_on_its_own_days_only() -> None:
    day = timedelta(days=1)
    for rule in RULES:
        assert RULES.rule(rule.id, rule.valid_from, rule.jurisdiction) is rule
        assert not rule.in_force(rule.valid_from - day)
        if rule.valid_to is not None:
            assert RULES.rule(rule.id, rule.valid_to, rule.jurisdiction) is rule
            assert not rule.in_force(rule.valid_to + day)


def test_mediation_changes_length_in_july_2024() -> None:
    old = RULES.rule("DL-MEDIATE", date(2024, 6, 30))
    new = RULES.rule("DL-MEDIATE", date(2024, 7, 1))
    assert (old.length, old.unit) == (45, "wd")
    assert (new.length, new.unit) == (60, "cd")


def test_an_expired_rule_is_not_handed_out() -> None:
    assert RULES.rule("DL-FILING-NOTICE", date(2026, 4, 14)).length == 5
    with pytest.raises(NoRuleInForce, match="DL-FILING-NOTICE is in force on 2026-04-15") as raised:
        RULES.rule("DL-FILING-NOTICE", date(2026, 4, 15))
    assert "2026-04-15" in raised.value.message.zh


def test_a_rule_does_not_reach_back_before_itself() -> None:
    with pytest.raises(NoRuleInForce):
        RULES.rule("DL-CASE", date(2021, 7, 14))


def test_zhejiang_rows_hold_in_zhejiang_only() -> None:
    assert RULES.rule("DL-VERIFY-ZJ", date(2025, 1, 1), "zhejiang").status == "unverified"
    with pytest.raises(NoRuleInForce, match="national"):
        RULES.rule("DL-VERIFY-ZJ", date(2025, 1, 1), "national")


def test_national_rows_hold_in_zhejiang_too() -> None:
    on = date(2025, 1, 1)
    assert RULES.rule("DL-VERIFY", on, "zhejiang") is RULES.rule("DL-VERIFY", on)


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="DL-NOTHING"):
        RULES.rule("DL-NOTHING", date(2025, 1, 1))


def row(**changed: Any) -> Mapping[str, Any]:
    """A good row with some fields changed."""
    good = {
        "id": "DL-X",
        "zh": "期限",
        "en": "period",
        "length": 5,
        "unit": "wd",
        "duty": "bureau",
        "starts": {"en": "start", "zh": "起算"},
        "article": "P 1",
        "jurisdiction": "national",
        "status": "confirmed",
        "valid_from": date(2021, 7, 15),
    }
    return {**good, **changed}


def test_a_place_has_its_own_version_first() -> None:
    rules = from_rows([row(), row(jurisdiction="zhejiang", length=9, valid_from=date(2024, 1, 1))])
    assert rules.rule("DL-X", date(2024, 1, 1), "zhejiang").length == 9
    assert rules.rule("DL-X", date(2023, 12, 31), "zhejiang").length == 5
    assert rules.rule("DL-X", date(2024, 1, 1)).length == 5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unit": "weeks"}, "'weeks' is none of wd"),
        ({"duty": "mayor"}, "'mayor' is none of bureau"),
        ({"status": "sure"}, "'sure' is none of"),
        ({"jurisdiction": "hebei"}, "'hebei' is none of"),
        ({"length": 0}, "length is not positive"),
        ({"valid_to": date(2021, 7, 14)}, "ends before it begins"),
        ({"pauses": ["holiday"]}, r"unknown pause \['holiday'\]"),
        ({"unit": "months", "pauses": ["test"]}, "only a count of days can pause"),
        ({"unit": "cd", "backward": True}, "only working days are counted back"),
        ({"extension": {"en": "x", "zh": "x"}}, "needs its words and its steps"),
        (
            {
                "extension": {"en": "x", "zh": "x"},
                "extension_steps": [{"by": "head", "length": 3, "unit": "cd"}],
            },
            "another unit",
        ),
        ({"status": "reading"}, "reading without a reason"),
        ({"lenght": 5}, "lenght"),
    ],
)
def test_a_bad_row_is_named_on_load(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"DL-X: .*{said}"):
        from_rows([row(**changed)])


def test_versions_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="two versions are in force on 2023-01-01"):
        from_rows([row(valid_from=date(2023, 1, 1)), row()])
    ended = row(valid_to=date(2022, 12, 31))
    assert from_rows([row(valid_from=date(2023, 1, 1)), ended]).rule("DL-X", date(2022, 12, 31)).valid_to
