"""Commands and questions about scoring policies: adopt one, list them, find the one of a day."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

import orjson

from enforcement.credit.adoption import AdoptedPolicy, PolicyAdopted, check_beginning
from enforcement.credit.parsing import parse, understood
from enforcement.credit.policy import Policy, in_force
from enforcement.errors import NotFound
from enforcement.events import Event, Who, live
from enforcement.recording import Receipt, Recording
from enforcement.store import LedgerRecorder
from enforcement.values import Occurred, china_day

PAGE = 100


class Adopted(NamedTuple):
    """A policy and where its adoption stands in the ledger."""

    position: int
    recorded: str
    policy: Policy


class PolicyCommands(Recording):
    """评分规则: adopted by a head, in force from its first day on."""

    def adopt_policy(self, who: Who, occurred: Occurred, text: str) -> Receipt:
        """发布评分规则. InvalidData names every fault of the document; VersionConflict when its id is taken."""
        policy = parse(text)
        data = {
            "policy": policy.id,
            "hash": policy.hash,
            "text": text,
            "valid_from": policy.valid_from.isoformat(),
            "valid_to": policy.valid_to.isoformat() if policy.valid_to else None,
        }

        def judge(_: AdoptedPolicy, __: PolicyAdopted) -> Sequence[Event]:
            check_beginning(policy, self.policies(), china_day(self.clock()))
            return ()

        return self.command(
            AdoptedPolicy, f"policy-{policy.id}", who, PolicyAdopted, occurred, data, 0, judge
        )

    def policies(self, at: int | None = None) -> list[Policy]:
        """Every policy adopted up to a position, in the order of adoption."""
        return [one.policy for one in self.adopted_policies(at)]

    def policy(self, id: str, at: int | None = None) -> Policy:
        """One policy by its id; NotFound when it was not adopted up to the position."""
        for policy in self.policies(at):
            if policy.id == id:
                return policy
        raise NotFound("scoring policy", id)

    def policy_on(self, day: date, at: int | None = None) -> Policy:
        """The policy in force on a day; NoPolicy when there is none."""
        return in_force(self.policies(at), day)

    def adopted_policies(self, at: int | None = None) -> list[Adopted]:
        """The policies with their places; those that another process adopted meanwhile are fetched first."""
        return [one for one in self._shelf.read() if at is None or one.position <= at]

    @cached_property
    def _shelf(self) -> "_Shelf":
        return _Shelf(self.recorder)


class _Shelf:
    """The adopted policies as far as the ledger has been looked through; each stretch of it is looked at once."""

    def __init__(self, recorder: LedgerRecorder) -> None:
        self._recorder = recorder
        self._lock = Lock()
        self._known: list[Adopted] = []
        self._seen = 0

    def read(self) -> list[Adopted]:
        """All that are in the ledger now, in the order of adoption."""
        with self._lock:
            head = self._recorder.head()
            after = self._seen
            while rows := self._recorder.rows(after, PAGE, head, [PolicyAdopted.TOPIC]):
                self._known.extend(_adopted(*row) for row in rows)
                after = rows[-1][0]
            self._seen = head
            return list(self._known)


def _adopted(position: int, aggregate: str, version: int, topic: str, state: bytes) -> Adopted:
    event: Any = live(PolicyAdopted, aggregate, version, orjson.loads(state))
    return Adopted(position, event.recorded, understood(event.text))
