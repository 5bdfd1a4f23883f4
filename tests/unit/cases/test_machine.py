"""Random commands over a case, lawful and not, through a real ledger: whatever comes, the table holds.

A walk begins anywhere on the prepared paths and follows what `allowed_events` offers, or tries anything at all.
"""

from datetime import date, timedelta
from typing import Any, get_args

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from enforcement.cases.case import Case
from enforcement.cases.guards import standing
from enforcement.cases.procedure import STATES, table
from enforcement.cases.view import allowed_events
from enforcement.errors import InvalidData, NotPermitted, Refused
from enforcement.events import Who, registry
from enforcement.registry.inspector import Role
from tests.unit.cases.given import ACTOR, NOW, NUMBERS, Bureau
from tests.unit.cases.steps import BY_STATE, DATA
from tests.unit.cases.strategies import data_of

TOPICS = sorted(row.topic for row in table().rows)
LAST_DAY = NOW.date()
FOUND_IN_THE_CASE = {
    "<before>": {"FILED", "INVESTIGATING", "REVIEW_RETURNED"},
    "<performed>": {"PERFORMING"},
    "<transferred>": {"TRANSFERRED_POLICE"},
    "<back>": {"INVESTIGATING", "VERIFYING"},
}
OF_THE_DATA = {
    # the usual penalties against what this case has approved, told or found
    "not-as-approved", "not-as-notified", "heavier-after-defence", "hearing-right", "cite-not-in-row",
    "kind-not-in-row", "fine-outside-band", "two-step", "no-catalogue-row", "violation-open", "unknown-party",
    "unknown-violation", "already-served", "no-notice", "criminal-fine",
    # the usual officers against those who have stepped out or judge the case
    "recused", "reviewer-handled-case", "host-handled-case", "not-the-host", "not-a-handler", "two-officers",
    # the usual ids, dates, amounts and kinds
    "id-used", "no-such-test", "no-such-event", "not-in-this-state", "order-running", "notice-too-short",
    "extends-nothing", "defers-nothing", "remedy-end-early", "contradictory-dates", "not-in-full",
    "waives-too-much", "nothing-to-refund", "legal-review", "second-extension", "extended-twice",
    "surcharge-not-told", "no-closing-ground", "not-executed",
}  # fmt: skip
"""What the usual data may break in a case that has gone its own way; everything else must have shown in
`allowed_events`."""


def machine(bureau: Bureau) -> type[RuleBasedStateMachine]:
    """The machine over the ledger of this bureau."""

    class CaseMachine(RuleBasedStateMachine):
        @initialize(state=st.sampled_from(STATES))
        def begin(self, state: str) -> None:
            path = BY_STATE[state]
            self.given = bureau.given(*path)
            self.today = date.fromisoformat(str(path[-1].on)[:10])

        @rule(data=st.data())
        def follow(self, data: st.DataObject) -> None:
            """One of the events that may happen, with the data that usually go with it."""
            offered = allowed_events(self.case, bureau.ledger.law, self.today)
            entry = data.draw(st.sampled_from(offered), label="offered")
            wait = date.fromisoformat(entry["earliest"][:10]) if entry["earliest"] else self.today
            if wait > LAST_DAY:
                return
            self.today = max(self.today, wait)
            topic = entry["type"]
            changed = data.draw(st.one_of(st.just({}), some_of(topic)), label="changed")
            row = table().row(topic)
            assert not [b for b in standing(self.case, row, bureau.ledger.law, self.today) if b.hard]
            rules = self.attempt(topic, {**DATA[topic], **changed}, data.draw(st.sampled_from(row.roles)))
            assert not rules & {"out-of-order", "step-not-recorded"}
            if not changed:
                assert rules <= OF_THE_DATA

        @rule(data=st.data(), topic=st.sampled_from(TOPICS), role=st.sampled_from(get_args(Role)))
        def try_anything(self, data: st.DataObject, topic: str, role: str) -> None:
            """Any event of any role with any data."""
            made = data.draw(data_of(registry()[topic]), label="data")
            self.attempt(topic, data.draw(st.sampled_from([made, {**DATA[topic], **made}])), role)

        @rule(days=st.integers(0, 40))
        def wait(self, days: int) -> None:
            self.today = min(self.today + timedelta(days=days), LAST_DAY)

        @rule(data=st.data())
        def correct(self, data: st.DataObject) -> None:
            """An earlier event was wrong."""
            version = data.draw(st.integers(1, self.case.version))
            back = timedelta(days=data.draw(st.integers(0, 30)))
            kinds: list[dict[str, Any]] = [
                {"kind": "set_aside"},
                {"kind": "amend", "becomes_on": (self.today - back).isoformat()},
            ]
            chosen = data.draw(st.sampled_from(kinds))
            self.attempt("case.event-corrected", {"corrects": version, "reason": "误录", **chosen}, "handler")

        def attempt(self, topic: str, given: dict[str, Any], role: str) -> set[str]:
            """The rules that refused the command; nothing may have changed then."""
            before, stored = self.case, self.stored()
            actor = before.handlers[0] if role == "handler" and before.handlers else ACTOR.get(role, "wz-sys")
            try:
                bureau.ledger.record(
                    Who(actor, role, f"m{next(NUMBERS)}"), self.given.id, topic, self.today.isoformat(), given
                )
            except (InvalidData, NotPermitted, Refused) as error:
                assert self.stored() == stored
                assert self.case.version == before.version
                return {b.rule for b in error.breaches} if isinstance(error, Refused) else set()
            self.check_move(topic, before)
            return set()

        def check_move(self, topic: str, before: Case) -> None:
            row, after = table().row(topic), self.case
            assert before.state in row.states
            assert after.version == before.version + 1
            if topic != "case.event-corrected" and after.state != before.state:
                targets = set(row.to.values())
                assert after.state in targets.union(*(FOUND_IN_THE_CASE.get(t, set()) for t in targets))

        @invariant()
        def the_state_is_one_of_the_table(self) -> None:
            if hasattr(self, "given"):
                assert self.case.state in STATES

        @invariant()
        def the_stored_events_give_the_same_case(self) -> None:
            if not hasattr(self, "given"):
                return
            held = bureau.ledger.case(self.given.id).dump()
            folded = self.given.now().case.dump()
            assert orjson.dumps(held) == orjson.dumps(folded)
            again = Case.restore(orjson.loads(orjson.dumps(held))).dump()
            assert orjson.dumps(again) == orjson.dumps(held)

        @invariant()
        def the_view_is_plain_json(self) -> None:
            if hasattr(self, "given"):
                shown = self.given.now().view(self.today.isoformat())
                assert orjson.loads(orjson.dumps(shown)) == shown

        @property
        def case(self) -> Case:
            return self.given.now().case

        def stored(self) -> list[tuple[int, bytes]]:
            rows = bureau.ledger.recorder.select_events(self.given.id)
            return [(row.originator_version, row.state) for row in rows]

    return CaseMachine


def some_of(topic: str) -> st.SearchStrategy[dict[str, Any]]:
    """The usual data with a field or two made up."""
    made = data_of(registry()[topic])
    return made.flatmap(
        lambda data: (
            st.sets(st.sampled_from(sorted(data)), max_size=2).map(lambda k: {n: data[n] for n in k})
            if data
            else st.just({})
        )
    )


def test_random_commands_never_leave_the_table(bureau: Bureau) -> None:
    run_state_machine_as_test(
        machine(bureau),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
