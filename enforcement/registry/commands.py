"""Commands about registers: businesses, officers, calendars, and what operators decide about read models."""

from collections.abc import Mapping, Sequence
from typing import Any

from enforcement.events import Event, Who
from enforcement.recording import Receipt, Recording, class_of
from enforcement.registry import inspector
from enforcement.registry.calendar import CalendarLoaded, WorkingYear
from enforcement.registry.entity import Entity
from enforcement.registry.identity import Housekeeping
from enforcement.registry.inspector import Inspector
from enforcement.values import Occurred


class RegistryCommands(Recording):
    """登记: entities, inspectors, calendars."""

    def register_entity(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """登记经营主体, by its unified social credit code."""
        cls = class_of("entity.registered")
        return self.command(Entity, f"entity-{data.get('uscc')}", who, cls, occurred, data, 0)

    def change_entity(
        self, who: Who, uscc: str, occurred: Occurred, data: Mapping[str, Any], expected: int | None = None
    ) -> Receipt:
        """变更登记: name, region, sector, kind or registration status of an entity."""
        return self.command(
            Entity, f"entity-{uscc}", who, class_of("entity.changed"), occurred, data, expected
        )

    def register_inspector(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """登记执法人员: unit, region, licence and the roles granted, each with its dates."""
        cls = class_of("inspector.registered")
        id = f"inspector-{data.get('officer')}"
        return self.command(Inspector, id, who, cls, occurred, data, 0, inspector.judge)

    def change_inspector(
        self, who: Who, officer: str, occurred: Occurred, data: Mapping[str, Any], expected: int | None = None
    ) -> Receipt:
        """变更执法人员信息: licence renewed, roles granted or ended, moved to another unit, on leave."""
        cls = class_of("inspector.changed")
        id = f"inspector-{officer}"
        return self.command(Inspector, id, who, cls, occurred, data, expected, inspector.judge)

    def load_calendar(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """载入放假通知. Deadlines that were provisional for want of it are derived again."""

        def judge(_: WorkingYear, event: CalendarLoaded) -> Sequence[Event]:
            event.into(self.law)
            return ()

        year = f"calendar-{data.get('year')}"
        receipt = self.command(WorkingYear, year, who, CalendarLoaded, occurred, data, None, judge, new=True)
        self.load_years([int(data["year"])])
        return receipt

    def record_discard(self, who: Who, projection: str, position: int, reason: str) -> Receipt:
        """An operator gives up a parked event for one projection; the reason is kept."""
        data = {"projection": projection, "position": position, "reason": reason}
        cls = class_of("projection.event-discarded")
        return self.command(Housekeeping, f"projection-{projection}", who, cls, None, data, None, new=True)
