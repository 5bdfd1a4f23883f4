"""Guards of the summary procedure (P 66–70, 72, 73; APL 51)."""

from collections.abc import Iterator

from enforcement.cases.guards import money
from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach


@guard
def summary_limits(act: Act) -> Iterator[Breach]:
    """A warning, or ≤ 200 for a person and ≤ 3,000 for an organisation; nothing else on the spot (APL 51)."""
    event = act.event
    if event is None or event.penalties is None:
        return
    kinds = {p["id"]: p["kind"] for p in event.parties or []}
    for party, penalties in money.grouped(event.penalties, next(iter(kinds), None)).items():
        yield from money.above_summary(act, kinds.get(party or "", "person"), penalties)


@guard
def summary_steps(act: Act) -> Iterator[Breach]:
    """Licence shown, facts and rights told, the party heard (P 67)."""
    event = act.event
    if event is None or act.history:
        return
    for field, en, zh in (
        ("licence_shown", "the licence was not shown", "未出示执法证件"),
        ("rights_told", "facts, basis and rights were not told", "未告知事实、依据和权利"),
        ("heard", "the party was not heard", "未听取陈述、申辩"),
    ):
        if getattr(event, field) is False:
            yield act.breach("summary-step", en, zh, article="P 67; APL 52")


@guard
def summary_cash(act: Act) -> Iterator[Breach]:
    """Cash on the spot: ≤ 100, or hard to collect later, or a remote place at the party's request (APL 68, 69)."""
    event = act.event
    if event is not None and event.cash == "small":
        yield from money.above_cash(act, event.penalties or [])


@guard
def is_summary(act: Act) -> Iterator[Breach]:
    """Only a case decided on the spot has these steps."""
    if act.case.procedure != "summary" and not act.history:
        yield act.breach(
            "not-summary", "this case was not decided on the spot", "本案未适用简易程序", article="P 66"
        )
