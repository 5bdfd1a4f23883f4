"""Published net-content checks 定量包装商品净含量抽查: single lots and yearly totals, one event each.

A verdict is taken only where the source states it; what is missing for a judgement – the size of the sample, s – stays
missing. Figures that do not add up, and a tolerance other than annex 3's, become findings.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from enforcement.checks import netcontent_tables as tables
from enforcement.checks.netcontent_record import NetContentImported
from enforcement.errors import SteelyardError
from enforcement.events import Event
from enforcement.importing.figures import Irregular, Printed, adds_up, counts_of, percentage, printed, whole
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
from enforcement.law import Law
from enforcement.values import occurred_bounds

COUNTS = (
    "enterprises",
    "batches",
    "samples",
    "batch_N",
    "sample_n",
    "label_pass",
    "net_pass",
    "net_fail",
    "fail",
)
NOMINAL = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(kg|g|mL|L|m|cm)")
MOST_ALLOWED = 7
"""No plan lets more packages be short."""


def read(raw: bytes, today: date) -> Published:
    """The record of a line; Rejected with every reason."""
    source, members = opened(raw)
    found: list[Irregular] = []
    counts = {name: count(members, name, found) for name in COUNTS}
    day = when(members, today, found)
    total = counts["batches"] if counts["batches"] is not None else counts["samples"]
    fields: dict[str, Any] = {name: members.text(name) for name in ("kind", "product", "region")}
    fields |= {
        "year": count(members, "year", found),
        "enterprises": counts["enterprises"],
        "batches": total,
        "label_passed": counts["label_pass"],
        "net_passed": _net_passed(counts, total),
        **_verdicts(members, counts["sample_n"]),
    }
    found += _totals(members.values, counts, total)
    found += _lot(members.values, day, counts)
    return closed(raw, source, members, day, fields, found)


def _net_passed(counts: dict[str, int | None], total: int | None) -> int | None:
    """As printed, else all but those that failed."""
    failed = counts["net_fail"] if counts["net_fail"] is not None else counts["fail"]
    if counts["net_pass"] is not None or total is None or failed is None or failed > total:
        return counts["net_pass"]
    return total - failed


def _verdicts(members: Members, sample: int | None) -> dict[str, bool | None]:
    """What the source says of label, single packages, mean and the whole."""
    said, label = members.text("verdict") or "", members.text("labelling") or ""
    short = [whole(members.values.get(name)) for name in ("T1_count", "T2_count")]
    beyond = whole(members.values.get("beyond_T"))
    return {
        "label": _word(label),
        "single": False
        if beyond is not None and beyond > MOST_ALLOWED
        else True
        if short == [0, 0]
        else None,
        "average": False if said.startswith("fail") and "mean" in said else None,
        "overall": _word(said),
    }


def _word(said: str) -> bool | None:
    return (
        False if said.startswith(("fail", "不合格")) else True if said.startswith(("pass", "合格")) else None
    )


def _totals(values: dict[str, Any], counts: dict[str, int | None], total: int | None) -> Iterator[Irregular]:
    failed = counts["net_fail"] if counts["net_fail"] is not None else counts["fail"]
    passed = _net_passed(counts, total)
    yield from percentage("label_pct", counts["label_pass"], [total], values.get("label_pct"))
    yield from percentage("net_pct", passed, [total], values.get("net_pct"))
    yield from percentage("pass_pct", passed, [total], values.get("pass_pct"))
    yield from percentage("fail_pct", failed, [total], values.get("fail_pct"))
    for name in ("label_pass", "net_pass", "net_fail", "fail"):
        yield from fits(name, counts[name], [total])
    classes = values.get("by_class")
    if isinstance(classes, list):
        yield from _classes([each for each in classes if isinstance(each, dict)], counts, total)
    yield from adds_up("by_class", counts_of(classes), [total])
    sizes = values.get("by_size")
    if isinstance(sizes, dict):
        parts = [whole(each.get("n")) if isinstance(each, dict) else None for each in sizes.values()]
        yield from adds_up("by_size", parts, [counts["enterprises"]])


def _classes(
    classes: Sequence[dict[str, Any]], counts: dict[str, int | None], total: int | None
) -> Iterator[Irregular]:
    """Every class by itself, and their sums."""
    for each in classes:
        own = [whole(each.get("batches"))]
        yield from percentage("net_pct of a class", whole(each.get("net_pass")), own, each.get("net_pct"))
        yield from percentage(
            "label_pct of a class", whole(each.get("label_pass")), own, each.get("label_pct")
        )
    for name, stated in (
        ("batches", total),
        ("label_pass", counts["label_pass"]),
        ("net_pass", counts["net_pass"]),
    ):
        yield from adds_up(f"{name} of the classes", [whole(each.get(name)) for each in classes], [stated])


def _lot(values: dict[str, Any], day: str | None, counts: dict[str, int | None]) -> Iterator[Irregular]:
    """A single lot: corrected mean, value of the goods, tolerance."""
    parts = [printed(values.get(name)) for name in ("mean", "correction", "corrected_mean")]
    yield from _sum("corrected_mean", parts)
    price, value = printed(values.get("unit_price_cny")), printed(values.get("goods_value_cny"))
    size = counts["batch_N"]
    if price is not None and value is not None and size is not None and price.value * size != value.value:
        yield Irregular(
            "sum",
            f"{size} × {price.text} is not {value.text}",
            f"{size} × {price.text} 不等于 {value.text}",
        )
    yield from fits("sample_n", counts["sample_n"], [size])
    yield from _tolerance(values, day)


def _sum(name: str, parts: list[Printed | None]) -> Iterator[Irregular]:
    mean, correction, corrected = parts
    if mean and correction and corrected and mean.value + correction.value != corrected.value:
        yield Irregular(
            "sum",
            f"{mean.text} + {correction.text} is not {name} {corrected.text}",
            f"{mean.text} + {correction.text} 不等于 {corrected.text}",
        )


def _tolerance(values: dict[str, Any], day: str | None) -> Iterator[Irregular]:
    """T as printed against annex 3."""
    stated, nominal = printed(values.get("T_limit")), NOMINAL.fullmatch(str(values.get("nominal")))
    bounds = occurred_bounds(day)
    if stated is None or nominal is None or bounds is None:
        return
    unit = tables.unit(nominal[2])
    try:
        own = tables.tolerance(unit.kind, Decimal(nominal[1]) * unit.per, bounds[1])
    except SteelyardError:
        return
    if own != stated.value:
        yield Irregular(
            "tolerance",
            f"T is printed as {stated.text}; annex 3 gives {own:f}",
            f"允许短缺量印为 {stated.text}，附件3为 {own:f}",
        )


def history(record: Published, recorded: str) -> list[Event]:
    """`netcontent.imported`."""
    id = aggregate_id("netcontent", record.id)
    return [event(NetContentImported, id, record, recorded, id)]


def findings(_: str, events: Sequence[Event], law: Law) -> Iterator[str]:
    """The kinds of what does not add up."""
    for each in events:
        if isinstance(each, NetContentImported):
            yield from (finding["kind"] for finding in each.findings)


NETCONTENT = Format(read, lambda id: aggregate_id("netcontent", id), history, findings, lambda _: 0)
