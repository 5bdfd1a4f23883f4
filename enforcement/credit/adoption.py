"""The adoption of a scoring policy 评分规则发布: one event that holds its whole text and its hash.

A policy is adopted once and never changed; another one follows it. It governs from its first day on, and that day may
not lie among days that already have a policy: what was answered for a day stays the answer.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from enforcement.aggregates import Aggregate
from enforcement.credit.policy import NoPolicy, Policy, in_force
from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.fields import Day, Digest, LongText, PolicyId
from enforcement.law import Law
from enforcement.values import Text


class AdoptedPolicy(Aggregate):
    """A policy as the ledger knows it: adopted, or not."""

    KIND: ClassVar[str] = "policy"

    def when(self, event: Event, law: Law) -> None:
        """Nothing but the adoption happens to a policy."""


class PolicyAdopted(Event):
    """发布评分规则: the document word for word, and the SHA-256 of its canonical JSON."""

    TOPIC = "policy.adopted"
    policy: PolicyId
    hash: Digest
    text: LongText
    valid_from: Day
    valid_to: Day | None = None


def check_beginning(new: Policy, adopted: Iterable[Policy], today: date) -> None:
    """InvalidData when the policy would change what holds on a day up to today.

    Days without a policy may be given one afterwards: the first policy of a bureau may look back.
    """
    known = list(adopted)
    for day in (new.valid_from, today):
        standing = _standing(known, day)
        if standing is not None and new.valid_from <= today:
            said = Text(
                f"{new.valid_from} is not after today, {today}: on {day} {standing.id} is in force; "
                "a policy changes nothing before it begins",
                f"{new.valid_from} 不晚于今日 {today}：{day} 现行规则为 {standing.id}，新规则不溯及既往",
            )
            raise InvalidData({"policy.valid_from": [said]})


def _standing(known: Iterable[Policy], day: date) -> Policy | None:
    try:
        return in_force(known, day)
    except NoPolicy:
        return None
