"""Words and notes become event types: every word, every reading, and the records that are hard to read."""

import json
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from enforcement.events import known
from enforcement.forms import own_fields, schema
from enforcement.importing.history import steps
from enforcement.importing.readings import READINGS
from enforcement.importing.vocabulary import STEPS
from tests.records import Record, events, record, shipped, told

GOLDEN: dict[str, list[Any]] = json.loads(
    (Path(__file__).parents[1] / "golden" / "readings.json").read_text("utf-8")
)
ALWAYS = {name: readings[-1] for name, readings in READINGS.items()}


def read(*told: tuple[str, str | None], **members: Any) -> list[str]:
    """The event types of steps given as (word, note), all without a date."""
    found = record(*((word, None, note) for word, note in told), **members)
    return [topic for topic, _, _ in steps(found, None)]


@pytest.mark.parametrize("word", sorted(STEPS))
def test_every_word_is_read_with_any_note(word: str) -> None:
    for note in (None, "something that no reading knows", "文字"):
        (topic,) = read((word, note))
        assert known(topic) is not None


def test_the_table_has_every_word_and_no_other() -> None:
    assert set(READINGS) == STEPS


@pytest.mark.parametrize("word", sorted(STEPS))
def test_the_last_reading_of_a_word_fits_always(word: str) -> None:
    assert ALWAYS[word].note is None
    assert ALWAYS[word].when is None


@pytest.mark.parametrize(
    ("word", "note", "topic"),
    [
        ("clue_received", None, "case.clue-registered"),
        ("inspected", "plain-clothes", "case.inspected"),
        ("inspected", "by the procuratorate with the institute", "case.noted"),
        ("filed", "leader approval", "case.filed"),
        ("filed", "decided not to file", "case.not-filed"),
        ("filed", "filed by the police", "case.police-opened"),
        ("evidence_preserved", None, "case.preservation-ordered"),
        ("evidence_preserved", "released", "case.preservation-disposed"),
        ("seized", "5 scales", "case.measure-imposed"),
        ("seized", "returned to the owner", "case.measure-lifted"),
        ("seized", "extended by 30 days", "case.measure-extended"),
        ("seizure_extended", None, "case.measure-extended"),
        ("sampled", "4 scales sent", "case.sample-taken"),
        ("test_report", "fail", "case.test-reported"),
        ("interviewed", "operator", "case.interviewed"),
        ("interviewed", "assistance letters to the maker", "case.assistance-requested"),
        ("extended", "first", "case.extended"),
        ("extended", "the seizure, 30 days", "case.measure-extended"),
        ("extended", "the legal review, by the head", "case.review-extended"),
        ("extended", "of the check of the clue", "case.verification-extended"),
        ("collective_discussion", None, "case.collectively-discussed"),
        ("legal_review", None, "case.review-passed"),
        ("legal_review", "returned for more evidence", "case.review-returned"),
        ("legal_review", "passed after one return", "case.review-passed"),
        ("legal_review", "review extended", "case.review-extended"),
        ("legal_review", "papers received", "case.sent-to-review"),
        ("notice_served", "proposed 450,000", "case.notice-served"),
        ("hearing_requested", "orally", "case.hearing-requested"),
        ("hearing_requested", "asks for a re-test, orally", "case.noted"),
        ("hearing_held", "open", "case.hearing-held"),
        ("hearing_held", "open hearing of the procuratorate", "case.noted"),
        ("hearing_held", "whether it was held is not clear", "case.noted"),
        ("statement_heard", "in writing", "case.defence-submitted"),
        ("statement_heard", "all rights waived", "case.rights-waived"),
        ("statement_heard", "no statement made", "case.noted"),
        ("statement_heard", "re-checked, not adopted", "case.defence-rechecked"),
        ("decided", "fine 500", "case.penalty-decided"),
        ("decided", "no penalty: first offence", "case.no-penalty-decided"),
        ("decided", "violation 1 no penalty; violation 2 fine 500", "case.penalty-decided"),
        ("decided", "facts not established", "case.not-proven-decided"),
        ("served", None, "case.decision-served"),
        ("served", "service by public announcement", "case.decision-served"),
        ("served", "order to stop use, on site", "case.correction-ordered"),
        ("served", "order to suspend use", "case.correction-ordered"),
        ("served", "notice forbidding outside weighing", "case.correction-ordered"),
        ("served", "whole market suspended for rectification", "case.correction-ordered"),
        ("served", "told through the platform", "case.reporter-told"),
        ("served", "told through the 12315 platform", "case.reporter-told"),
        ("served", "credit-repair notice issued together with the penalty", "case.noted"),
        ("served", "consultation with the market bureau", "case.noted"),
        ("served", "pre-litigation procuratorial suggestion", "case.noted"),
        ("served", "hearing notice", "case.notice-served"),
        ("served", "notice of the intended penalty", "case.notice-served"),
        ("served", "decision, with its order to suspend business", "case.decision-served"),
        ("paid", None, "case.paid"),
        ("paid", "consumers refunded", "case.noted"),
        ("paid", "reward of 200", "case.reward-noted"),
        ("transferred_police", "same day", "case.police-transferred"),
        ("transferred_police", "announced, to be transferred", "case.noted"),
        ("transferred_police", "police opened the case", "case.police-opened"),
        ("police_declined", "not prosecuted", "case.police-declined"),
        ("resumed", None, "case.resumed"),
        ("resumed", "procuratorial opinion", "case.returned"),
        ("resumed", "reverse handling", "case.returned"),
        ("resumed", "jurisdiction designated", "case.jurisdiction-settled"),
        ("resumed", "follow-up letter", "case.noted"),
        ("resumed", "cross-city meeting", "case.noted"),
        ("closed", None, "case.closed"),
        ("closed", "not filed; reward refused", "case.not-filed"),
        ("closed", "decision not to file, leader approval", "case.not-filed"),
        ("closed", "district bureau: not accepted", "case.not-filed"),
        ("closed", "22 May: investigation ended", "case.investigation-ended"),
        ("closed", "investigation terminated: owner died", "case.investigation-terminated"),
        ("closed", "bureau replies it cannot act", "case.noted"),
        ("closed", "enforcement: court ruling terminates", "case.court-terminated"),
        ("published", None, "case.announced"),
        ("reconsidered", "application", "case.reconsideration"),
        ("litigated", "party sues", "case.litigation"),
        ("litigated", "application to the court for compulsory enforcement", "case.court-applied"),
        ("litigated", "ruling: enforcement granted", "case.court-ruled"),
        ("revoked", "agency revokes its own decision", "case.decision-revoked"),
        ("revoked", "unlawful but not revoked", "case.decision-declared-unlawful"),
        ("revoked", "declared void", "case.decision-void"),
        ("revoked", "changed to 500", "case.decision-changed"),
        ("revoked", "business licence revoked", "case.penalty-decided"),
        ("no_penalty", "minor, corrected", "case.no-penalty-decided"),
        ("no_penalty", "not filed: first offence and slight", "case.not-filed"),
        ("no_penalty", "told orally", "case.noted"),
        ("corrected", "labels completed", "case.noted"),
        ("corrected", "ordered to correct in ten days", "case.correction-ordered"),
        ("corrected", "clerical error in the decision", "case.decision-clerically-corrected"),
        ("reward_granted", "0.20 yuan", "case.reward-noted"),
        ("reward_granted", "refused", "case.reward-noted"),
        ("reward_paid", None, "case.reward-noted"),
        ("credit_repaired", None, "case.credit-repaired"),
        ("credit_repaired", "application", "case.noted"),
        ("listed", "serious violation list", "case.listed"),
        ("listed", "removed from the list", "case.noted"),
    ],
)
def test_the_note_decides_where_the_word_does_not_fit(word: str, note: str | None, topic: str) -> None:
    assert read((word, note)) == [topic]


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ([("inspected", None), ("clue_received", None)], ["case.inspected", "case.clue-merged"]),
        ([("clue_received", None)] * 2, ["case.clue-registered", "case.clue-merged"]),
        ([("filed", None), ("sampled", "boards sent")], ["case.filed", "case.test-entrusted"]),
        ([("filed", None), ("extended", "clue")], ["case.filed", "case.extended"]),
        ([("notice_served", None)] * 2, ["case.notice-served", "case.notice-reissued"]),
        ([("hearing_held", None), ("legal_review", None)], ["case.hearing-held", "case.legal-review-done"]),
        ([("decided", None), ("published", None)], ["case.penalty-decided", "case.published"]),
        ([("published", None), ("decided", None)], ["case.announced", "case.penalty-decided"]),
        (
            [("decided", None), ("revoked", None), ("published", None)],
            ["case.penalty-decided", "case.decision-revoked", "case.announced"],
        ),
        (
            [("decided", None), ("reconsidered", "dismissed"), ("published", None)],
            ["case.penalty-decided", "case.reconsideration", "case.announced"],
        ),
        ([("no_penalty", None), ("published", None)], ["case.no-penalty-decided", "case.announced"]),
        ([("decided", None), ("revoked", "licence revoked")], ["case.penalty-decided", "case.noted"]),
        (
            [("served", "order to stop"), ("corrected", "not obeyed")],
            ["case.correction-ordered", "case.correction-checked"],
        ),
        (
            [("collective_discussion", None), ("extended", "+60 days")],
            ["case.noted", "case.extended"],
        ),
    ],
)
def test_the_course_decides_where_the_note_is_silent(
    told: list[tuple[str, str | None]], topics: list[str]
) -> None:
    assert read(*told) == topics


@pytest.mark.parametrize(
    ("members", "topic"),
    [
        ({"penalty": {"fine_cny": 500}}, "case.published"),
        ({"documents": ["津市场监管宝稽罚〔2018〕111号"]}, "case.published"),
        ({"outcome": "penalised (amount cut off)"}, "case.published"),
        ({"penalty": {"other": "gains of about 96,000"}}, "case.announced"),
        ({"documents": ["衢政复〔2024〕144号"]}, "case.announced"),
        ({"outcome": "under investigation"}, "case.announced"),
    ],
)
def test_publication_without_a_decision_step_follows_the_record(members: dict[str, Any], topic: str) -> None:
    assert read(("inspected", None), ("published", None), **members)[-1] == topic


def test_summary_procedure_is_decided_on_the_spot() -> None:
    assert read(("decided", None), summary_procedure=True) == ["case.decided-on-the-spot"]
    assert read(("filed", None), ("decided", None), summary_procedure=True)[1] == "case.penalty-decided"


@pytest.mark.parametrize("id", sorted(GOLDEN))
def test_hard_records_are_read_as_written_down(id: str) -> None:
    found = [[event.TOPIC, event.occurred, told(event)] for event in events(shipped()[id])[1:]]
    assert found == GOLDEN[id]


def everything() -> list[Record]:
    odd = [
        (word, None, note) for word in sorted(STEPS) for note in (None, "part, first, refused, 2024-01-05")
    ]
    return [*shipped().values(), record(*odd), record(("decided", None, None), summary_procedure=True)]


def test_fields_have_the_form_of_their_event_type() -> None:
    for found in everything():
        for event in events(found):
            data = {k: v for k, v in event.data().items() if k != "occurred"}
            assert set(data) <= set(own_fields(type(event)))
            try:
                schema(type(event)).load(data, partial=True)
            except ValidationError as error:
                pytest.fail(f"{found.id} {event.TOPIC}: {error.messages}")
