"""The page of reports: procedure, clocks, reward figures and retention, from their tables."""

from collections.abc import Iterator
from typing import Any

from api.docs_tables import MADE, joined, line
from enforcement.law.tables import load
from enforcement.reports.procedure import Row, table


def reports() -> str:
    """The procedure of a report, and what a report earns."""
    parts = [
        "# Reports and rewards 举报与奖励",
        MADE,
        "Each row names where an event may happen, what state follows, who may record it, what must hold, which clocks "
        "it starts and ends, and the article. `reporter` = whoever holds the receipt code; “–” opens a report.",
        "## Procedure 办理程序",
        *_procedure(),
        "## Clocks 期限",
        *_clocks(),
        "## Reward 奖励标准",
        "The higher of rate and floor, raised for insiders, no more than the cap, in CNY; from the finance figure on, "
        "and for an insider's raise, fixed together with the finance department.",
        *_rows(
            "standard",
            ("jurisdiction", "valid_from", "valid_to", "cap", "finance_from", "insider_most", "status"),
        ),
        "",
        *_rows("grades", ("code", "rate", "floor", "valid_from", "valid_to", "name", "status")),
        "",
        *_rows("large", ("person", "organisation", "jurisdiction", "valid_from", "status")),
        "## Retention of sealed data 封存数据保存期限",
        *_head("end", "months after the last step", "status"),
        *(line(state, str(months), "derived") for state, months in table().retention.items()),
    ]
    return "\n\n".join(joined(parts)) + "\n"


def _head(*columns: str) -> Iterator[str]:
    yield line(*columns)
    yield line(*["---"] * len(columns))


def _procedure() -> Iterator[str]:
    yield from _head("event", "from", "to", "recorded by", "must hold", "starts", "ends", "article")
    for row in table().rows.values():
        lists = (", ".join(names) for names in (row.roles, row.guards, row.starts, row.ends))
        yield line(f"`{row.topic}` {row.name.zh}", _states(row), _choices(row.to), *lists, row.article)


def _clocks() -> Iterator[str]:
    yield from _head("clock", "rule", "only where", "version of the rule")
    for clock in table().clocks:
        version = "day of receipt" if clock.by_receipt else "its own start"
        yield line(clock.key, clock.rule, ", ".join(clock.when), version)


def _rows(section: str, columns: tuple[str, ...]) -> Iterator[str]:
    yield from _head(*(name.replace("_", " ") for name in columns))
    for row in load("rewards")[section]:
        cells = (row.get(name, "") for name in columns)
        yield line(*(cell["zh"] if isinstance(cell, dict) else str(cell) for cell in cells))


def _states(row: Row) -> str:
    every = len(row.states) == len(table().states)
    return "–" if row.begins else "any" if every else ", ".join(sorted(row.states))


def _choices(to: Any) -> str:
    if to is None or isinstance(to, str):
        return to or ""
    name, choice = next(iter(to.items()))
    return "; ".join(f"{name} {value}: {state}" for value, state in choice.items())
