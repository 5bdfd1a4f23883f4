"""The words of the format: every step that a timeline may name, and what its other words mean in the ledger."""

from typing import Literal

from enforcement.fields import PartyKind

Source = Literal["inspection", "report", "transfer", "assigned", "other"]

STEPS = frozenset(
    """
    clue_received inspected filed evidence_preserved seized seizure_extended sampled test_report interviewed extended
    collective_discussion legal_review notice_served hearing_requested hearing_held statement_heard decided served
    paid transferred_police police_declined resumed closed published reconsidered litigated revoked no_penalty
    corrected reward_granted reward_paid credit_repaired listed
    """.split()
)

PARTY_KINDS: dict[str | None, PartyKind] = {
    "citizen": "person",
    "individual business": "sole_trader",
    "company": "organisation",
    "public institution": "institution",
}
"""Other words, and null, are `unknown`: the record keeps them."""

SOURCES: dict[str | None, Source] = {
    "inspection": "inspection",
    "special campaign": "inspection",
    "double random": "inspection",
    "report": "report",
    "transfer": "transfer",
    "media": "other",
}
"""案源 by the word of the format; a word that is not here is `other`."""


def source_of(origin: str | None) -> Source:
    """The source of the case in the ledger's words."""
    return SOURCES.get(origin, "other")
