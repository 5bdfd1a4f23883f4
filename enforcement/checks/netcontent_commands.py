"""Commands about net content: what is computed is computed here, by the ledger, from the readings given."""

from collections.abc import Mapping, Sequence
from typing import Any

from enforcement import forms
from enforcement.checks.netcontent_record import NetContent, NetContentJudged, NetContentWithdrawn, found
from enforcement.checks.reach import check_scope, day_of
from enforcement.errors import Breach, InvalidData, NotFound, Refused
from enforcement.events import Event, Who
from enforcement.recording import Receipt, Recording, check_id
from enforcement.values import Occurred, Text, region_covers


class NetContentCommands(Recording):
    """定量包装商品净含量: a test of a lot, and the withdrawal of one recorded wrongly."""

    def judge_netcontent(
        self, who: Who, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """Record readings with the verdict that follows from them by the tables in force that day."""
        given = forms.load(NetContentJudged, data)
        verdict = found(given, day_of(occurred))
        wrong = sorted(name for name in verdict.keys() & data.keys() if data[name] != verdict[name])
        if wrong:
            raise InvalidData({f"data.{name}": [_differs(verdict[name])] for name in wrong})
        check_scope(scope, given["region"])
        id = f"netcontent-{who.correlation}"
        return self.command(NetContent, id, who, NetContentJudged, occurred, {**given, **verdict}, 0)

    def withdraw_netcontent(
        self,
        who: Who,
        id: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """Take back a test that was recorded wrongly; what is right is recorded as a test of its own."""
        check_id(NetContent, id)
        judge = _Withdrawal(scope)
        return self.command(NetContent, id, who, NetContentWithdrawn, occurred, data, expected, judge)


class _Withdrawal:
    """Once, by somebody whose token reaches the place; to others the test is not there."""

    def __init__(self, scope: str | None) -> None:
        self.scope = scope

    def __call__(self, it: NetContent, event: NetContentWithdrawn) -> Sequence[Event]:
        if self.scope is not None and not region_covers(self.scope, it.facts.get("region")):
            raise NotFound("netcontent", it.id)
        day_of(event.occurred)
        if it.withdrawn is not None:
            said = Text("the test was withdrawn before", "该检验结论已撤回")
            raise Refused([Breach("withdrawn", "定包 13", said)])
        return ()


def _differs(computed: object) -> Text:
    return Text(
        f"does not follow from the readings, which give {computed}",
        f"与读数不符，按读数计算为 {computed}",
    )
