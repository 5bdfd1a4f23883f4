"""Published spot checks 抽查 as campaigns that were held elsewhere: one event each, marked as without a transcript.

What the source prints is kept; figures that do not add up become findings. Other members than those named here are
kept with the record's text and never a reason to refuse it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from enforcement.checks.campaign_events import CampaignImported
from enforcement.events import Event
from enforcement.importing.figures import Irregular, adds_up, counts_of, percentage, printed, whole
from enforcement.importing.figures import within as fits
from enforcement.importing.members import Members
from enforcement.importing.published import (
    Format,
    Published,
    aggregate_id,
    closed,
    count,
    event,
    opened,
    when,
)
from enforcement.importing.record import PROVINCES
from enforcement.law import Law
from enforcement.values import Text, valid_region

COUNTS = ("pool", "planned", "sampled", "instruments_checked", "inspectors")
FAILED = ("failed", "fail", "rectify")


def read(raw: bytes, today: date) -> Published:
    """The record of a line; Rejected with every reason."""
    source, members = opened(raw)
    found: list[Irregular] = []
    fields: dict[str, Any] = {
        name: members.text(name) for name in ("kind", "item", "authority", "inspectors_unit")
    }
    fields |= {name: count(members, name, found) for name in COUNTS}
    fields["region"], fields["place"] = _place(members)
    fields["random"] = "double random" in (fields["kind"] or "") or None
    ratio = printed(members.values.get("ratio"))
    fields["ratio"] = ratio and ratio.text
    fields["date"] = members.text("date")
    results = members.inner("results")
    day = when(members, today, found)
    found += _findings(fields, members.values, results.values)
    return closed(raw, source, members, day, fields, found)


def _place(members: Members) -> tuple[str | None, str | None]:
    """The division code and the place in words: a list that ends with the code, an object, or words."""
    value = members.values.get("region")
    if isinstance(value, str):
        return None, members.text("region")
    if isinstance(value, dict):
        parts = [value.get(name) for name in ("province", "city", "county", "gbt2260")]
    else:
        parts = members.list("region")
    *names, code = parts or [None]
    for part in parts:
        if part is not None and not isinstance(part, str):
            members.fault("region", Text("expected names and a code", "应为地名和代码"))
            return None, None
    if code is not None and not (valid_region(code) and code[:2] in PROVINCES):
        members.fault(
            "region", Text(f"{code[:40]!r} is not a division code", f"{code[:40]!r} 不是行政区划代码")
        )
        return None, None
    return code, "".join(dict.fromkeys(name for name in names if name)) or None


def _findings(fields: dict[str, Any], values: dict[str, Any], results: dict[str, Any]) -> Iterator[Irregular]:
    pool, sampled, instruments = (fields[name] for name in ("pool", "sampled", "instruments_checked"))
    wholes = [whole(results.get("batches")), instruments, sampled]
    passed, failed = whole(results.get("pass")), _first(results, FAILED)
    if fields["random"] and pool is None:
        yield Irregular("pool", "drawn at random, and the pool is not stated", "随机抽查但未公布抽查对象总数")
    yield from fits("sampled", sampled, [pool])
    yield from _ratio(pool, (sampled, instruments), values.get("ratio"))
    yield from percentage("pass_pct", passed, wholes, results.get("pass_pct"))
    if passed is None and failed is not None:
        for each in [n for n in wholes if n is not None and n >= failed][:1]:
            yield from percentage("pass_pct", each - failed, [each], results.get("pass_pct"))
    if passed is not None and failed is not None:
        yield from adds_up("pass and the rest", [passed, failed], wholes)
    yield from _hundred(results)
    yield from adds_up("breakdown", counts_of(values.get("breakdown")), (sampled, instruments))
    for name in ("pass", *FAILED):
        yield from fits(f"results.{name}", whole(results.get(name)), wholes)
    yield from _plan(fields["planned"], sampled, instruments)


def _first(results: dict[str, Any], names: Sequence[str]) -> int | None:
    return next((n for name in names if (n := whole(results.get(name))) is not None), None)


def _ratio(pool: int | None, parts: Sequence[int | None], stated: Any) -> Iterator[Irregular]:
    """A ratio of what was drawn, or of what was checked, to the pool."""
    faults = [list(percentage("ratio", part, [pool], stated, scale=1)) for part in parts if part is not None]
    if faults and all(faults):
        yield faults[0][0]


def _hundred(results: dict[str, Any]) -> Iterator[Irregular]:
    shares = [printed(results.get(name)) for name in ("pass_pct", "fail_pct")]
    known = [share for share in shares if share is not None]
    if len(known) == len(shares) and sum(share.value for share in known) != 100:
        text = " + ".join(share.text for share in known)
        yield Irregular("percentage", f"{text} is not 100 %", f"{text} 不等于 100%")


def _plan(planned: int | None, *done: int | None) -> Iterator[Irregular]:
    """More or fewer than planned, whichever of the two totals is looked at."""
    known = [n for n in done if n is not None]
    if planned is not None and known and planned not in known:
        shown = ", ".join(map(str, known))
        yield Irregular("plan", f"planned were {planned}, done {shown}", f"计划 {planned}，实际 {shown}")


def history(record: Published, recorded: str) -> list[Event]:
    """`campaign.imported`."""
    id = aggregate_id("campaign", record.id)
    return [event(CampaignImported, id, record, recorded, id)]


def findings(_: str, events: Sequence[Event], law: Law) -> Iterator[str]:
    """The kinds of what does not add up."""
    for each in events:
        if isinstance(each, CampaignImported):
            yield from (finding["kind"] for finding in each.findings)


SPOTCHECKS = Format(read, lambda id: aggregate_id("campaign", id), history, findings, lambda _: 0)
