"""Commands about campaigns: plan, freeze, reveal, draw, staff, replace, finish, void.

What chance decides is computed here from what was frozen and revealed, never taken from who asks. Large lists lie in
files, given as an argument; an event holds their hashes. A replacement and the inspection that it changes go into one
save, so the two never disagree.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from eventsourcing.persistence import RecordConflictError

from enforcement import forms
from enforcement.canonical import jcs
from enforcement.checks import campaign_events as events
from enforcement.checks import frozen as freezing
from enforcement.checks.campaign import Campaign
from enforcement.checks.campaign_files import Files, drawn_of, freeze_of, keep, lists_of, standing
from enforcement.checks.campaign_freeze import frozen_as, plan_of
from enforcement.checks.campaign_guards import GUARDS, Asked, missing_number
from enforcement.checks.forms import filter_
from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_commands import InspectionCommands
from enforcement.checks.lists import Lists
from enforcement.checks.reach import check_scope, day_of
from enforcement.checks.replacing import Standing
from enforcement.checks.staffing import assigned, inspection_id, recused, voided
from enforcement.checks.steps import check, table
from enforcement.checks.transcript import Given, compute
from enforcement.errors import Breach, InvalidData, LedgerUnavailable, NotFound, Refused
from enforcement.events import Event, Who
from enforcement.recording import RETRIES, Receipt, check_id, class_of
from enforcement.values import Occurred, Text, utc_text

PIECE = 400
"""Inspections a save: about half a kilobyte each."""
OWN_COMMANDS = ("campaign.planned", "campaign.frozen", "campaign.draw-failed", "campaign.succeeded")


class CampaignCommands(InspectionCommands):
    """抽查任务."""

    def plan_campaign(
        self, who: Who, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """制定抽查任务. One that follows a voided one names it, and is named by it in the same save."""
        _check_filter(data)
        id = f"campaign-{who.correlation}"
        judge = _Judge(self, None, scope, data.get("region"))
        return self.command(Campaign, id, who, events.CampaignPlanned, occurred, data, 0, judge)

    def freeze_campaign(
        self,
        who: Who,
        id: str,
        freeze: Mapping[str, Any],
        lists: Lists,
        files: Files,
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """冻结. `freeze` has `ratios`, `entropy` and `excluded`; the rest is the plan's and the ledger's clock's.

        Refused by the draw's own rules (DrawRefused) while an object could not be inspected, or anything is amiss.
        """
        it = self.campaign(id)
        self._may(it, who, events.CampaignFrozen.TOPIC, scope)
        now = self._moment(it, who)
        made = freezing.freeze(plan_of(it, freeze, utc_text(now)[:19] + "Z"), freeze["ratios"], lists)
        data = frozen_as(made, keep(files, made, lists))
        judge = _Judge(self, files, scope, it.facts["region"])
        return self.command(
            Campaign, id, who, events.CampaignFrozen, utc_text(now), data, expected or it.version, judge
        )

    def _moment(self, it: Campaign, who: Who) -> datetime:
        """When it is frozen: now; where the command is repeated, when it was."""
        version = it.commands.get(who.correlation)
        event = self.events_of(it.id)[version - 1] if version else None
        if isinstance(event, events.CampaignFrozen):
            return datetime.fromisoformat(str(event.occurred))
        return self.clock().astimezone(UTC)

    def record_campaign(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        files: Files,
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """A step of a campaign; what follows from the draw is computed. Refused with the rule that forbids it."""
        cls = class_of(topic, events.CampaignEvent)
        if topic in OWN_COMMANDS:
            raise InvalidData(
                {"type": [Text(f"{topic} follows from another command", "该事件由其他操作产生")]}
            )
        _check_filter(data)
        it = self.campaign(id)
        given: Mapping[str, Any] = data
        if cls is events.CampaignDrawn:
            cls, given = self._draw(it, who, files, scope)
        if cls is events.CampaignStaffed:
            given = self._staff(it, who, occurred, files, scope)
        if issubclass(cls, events.Replaced):
            given = self._replacement(it, who, cls, data, files, scope)
        judge = _Judge(self, files, scope, it.facts["region"])
        receipt = self.command(Campaign, id, who, cls, occurred, given, expected, judge)
        self.held.take(Campaign, id, self.law)  # further events of it may have gone into the same save
        return receipt

    def campaign(self, id: str) -> Campaign:
        """The campaign as it stands; NotFound when there is none."""
        check_id(Campaign, id)
        self.held.look()
        it = self.held.take(Campaign, id, self.law)
        self.held.keep(it)
        if not it.version:
            raise NotFound("campaign", id)
        return it

    def inspections_of(self, it: Campaign, files: Files) -> list[Inspection]:
        """The inspections that the campaign has now, in the order of the draw."""
        order = standing(files, it).order
        ids = [inspection_id(it.id, n, object) for n, object in enumerate(order, 1) if object]
        return [self.held.take(Inspection, id, self.law) for id in ids]

    def _may(self, it: Campaign, who: Who, topic: str, scope: str | None) -> None:
        """Refused early where the event is not possible at all, before anything is computed."""
        check_scope(scope, it.facts.get("region"))
        if who.correlation in it.commands:
            return
        allowed(it, who.role, topic)

    def _draw(
        self, it: Campaign, who: Who, files: Files, scope: str | None
    ) -> tuple[type[events.CampaignEvent], dict[str, Any]]:
        """The transcript, put away; a draw that cannot be staffed is recorded as failed."""
        if it.transcript is not None and who.correlation in it.commands:
            made, sha256 = drawn_of(files, it), it.transcript
        else:
            self._may(it, who, events.CampaignDrawn.TOPIC, scope)
            if (missing := missing_number(it)) is not None:
                raise Refused([Breach("public-number", "draw 2", missing)])
            made = compute(Given(freeze_of(files, it), it.nonces(), it.public_text, lists_of(files, it)))
            sha256 = files.put(jcs(made)).sha256
        common = {"transcript": sha256, "seed": made["seed"]}
        if failed := made["failed"]:
            numbers = {name: failed[name] for name in ("needed", "available")}
            return events.DrawFailed, common | numbers
        return events.CampaignDrawn, common | {"drawn": len(made["drawn"])}

    def _staff(
        self, it: Campaign, who: Who, occurred: Occurred, files: Files, scope: str | None
    ) -> dict[str, Any]:
        """An inspection for every drawn object, those that are not there yet; their number."""
        if who.correlation not in it.commands:
            self._may(it, who, events.CampaignStaffed.TOPIC, scope)
        drawn = drawn_of(files, it)
        now = utc_text(self.clock())
        places = {row["object"]: row for row in drawn["objects"]}
        made = [
            assigned(it, who, now, occurred, number, places[team["object"]], team["inspectors"])
            for number, team in enumerate(drawn["assignments"], 1)
        ]
        for start in range(0, len(made), PIECE):
            self._begun(made[start : start + PIECE])
        return {"inspections": len(made)}

    def _begun(self, inspections: Sequence[Event]) -> None:
        """Save those that are not there yet; where somebody else staffs at this moment, look again."""
        for _ in range(RETRIES):
            known = self.recorder.first_rows([event.originator_id for event in inspections])
            fresh = [event for event in inspections if event.originator_id not in known]
            with suppress(RecordConflictError):
                if fresh:
                    self._save(fresh)
                return
        raise LedgerUnavailable(
            Text("the inspections are being recorded elsewhere; try again", "检查正由他处记录，请重试")
        )

    def _replacement(
        self,
        it: Campaign,
        who: Who,
        cls: type[events.Replaced],
        data: Mapping[str, Any],
        files: Files,
        scope: str | None,
    ) -> dict[str, Any]:
        """The command with who comes in by the rules; what else follows goes into the same save."""
        if "into" in data:
            raise InvalidData({"data.into": [Text("the draw decides who comes in", "由抽取结果决定递补")]})
        given = forms.load(cls, data)
        if who.correlation in it.commands:
            first = next(e for e in it.replacements if e["version"] == it.commands[who.correlation])
            return {**data, "into": first["into"]}
        self._may(it, who, cls.TOPIC, scope)
        entry = _entries(standing(files, it), cls.kind, given)[0]
        return {**data, "into": entry["in"]}


def allowed(it: Campaign, role: str, topic: str) -> Any:
    """The row of the event; where the campaign is frozen, a refusal that says what that means."""
    if it.state in ("FROZEN", "REVEALED") and topic not in _FREE and it.frozen is not None:
        at, plan = it.frozen["frozen_at"], it.frozen["plan_hash"]
        said = Text(
            f"frozen at {at} with the plan hash {plan}: until the draw nothing may change; possible are "
            f"{', '.join(_FREE)}",
            f"已于 {at} 冻结（计划哈希 {plan}）：抽取之前不得变更；仅可进行 {'、'.join(_FREE)}",
        )
        raise Refused([Breach("frozen", "draw 1, 2", said)])
    return table("campaign").allowed(it.state, role, topic)


_FREE = ("campaign.revealed", "campaign.public-number-taken", "campaign.drawn", "campaign.voided")


class _Judge:
    """Judges one command about a campaign, and adds the events of other aggregates that follow from it."""

    def __init__(
        self, ledger: CampaignCommands, files: Files | None, scope: str | None, region: str | None
    ) -> None:
        self.ledger, self.files, self.scope, self.region = ledger, files, scope, region

    def __call__(self, it: Campaign, event: events.CampaignEvent) -> Sequence[Event]:
        check_scope(self.scope, self.region)
        topic = "campaign.drawn" if isinstance(event, events.DrawFailed) else event.TOPIC
        row = allowed(it, event.role, topic)
        check(GUARDS, row, self._asked(row, it, event))
        if isinstance(event, events.CampaignPlanned) and event.replaces is not None:
            return [self._succeeded(event)]
        return self._replaced(it, event) if isinstance(event, events.Replaced) else []

    def _asked(self, row: Any, it: Campaign, event: Any) -> Asked:
        ledger, files = self.ledger, self.files
        return Asked(
            row,
            it,
            event,
            day_of(event.occurred),
            ledger.clock(),
            ledger.officer_of,
            partial(freeze_of, files, it) if files else dict,
            partial(ledger.inspections_of, it, files) if files else list,
            partial(self._predecessor, event),
        )

    def _predecessor(self, event: Any) -> Campaign | None:
        found = self.ledger.held.take(Campaign, event.replaces, self.ledger.law)
        return found if found.version else None

    def _succeeded(self, event: events.CampaignPlanned) -> Event:
        before = self._predecessor(event)
        assert before is not None
        who = Who(event.actor, event.role, event.correlation)
        data: dict[str, Any] = {"by": event.originator_id}
        cls, version = events.CampaignSucceeded, before.version + 1
        return cls.new(before.id, version, who, event.recorded, event.occurred, data, before.id)

    def _replaced(self, it: Campaign, event: events.Replaced) -> list[Event]:
        """The entries that follow from the first, and what they change in the inspections."""
        assert self.files is not None
        found = standing(self.files, it)
        number = found.order.index(event.object) + 1
        entries = _entries(found, event.kind, event.data())
        if event.into != entries[0]["in"]:  # another replacement came first
            event.__dict__["into"] = entries[0]["in"]
        further = [_further(event, n, entry) for n, entry in enumerate(entries[1:], 1)]
        before = self._inspection(it, number, event.object)
        if isinstance(event, events.CampaignRecused):
            return [recused(before, event)]
        assert isinstance(event, events.CampaignSubstituted)
        changed: list[Event] = [*further, voided(before, event)]
        if event.into is not None:
            place = found.objects[event.into]
            team = [name for name in found.teams[event.into] if name]
            who = Who(event.actor, event.role, event.correlation)
            row = place._asdict()
            changed.append(assigned(it, who, event.recorded, event.occurred, number, row, team))
        return changed

    def _inspection(self, it: Campaign, number: int, object: str) -> Inspection:
        return self.ledger.held.take(Inspection, inspection_id(it.id, number, object), self.ledger.law)


def _entries(found: Standing, kind: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the rules of the draw give for a recusal or a substitution; DrawRefused where it is none."""
    if kind == "substitution":
        return found.substitute(data["object"], data["reason"])
    return found.recuse(data["object"], data.get("out") or "", data["reason"])


def _further(first: events.Replaced, n: int, entry: Mapping[str, Any]) -> Event:
    """A recusal that follows from a substitution, directly after it."""
    who = Who(first.actor, first.role, first.correlation)
    data = {"object": entry["object"], "reason": entry["reason"], "out": entry["out"], "into": entry["in"]}
    data = {name: value for name, value in data.items() if value is not None}
    id, version = first.originator_id, first.originator_version + n
    return events.CampaignRecused.new(id, version, who, first.recorded, first.occurred, data, id)


def _check_filter(data: Mapping[str, Any]) -> None:
    """DrawRefused at once for a filter that a freeze would refuse."""
    if data.get("filter") is not None:
        filter_(data["filter"], "data.filter")
