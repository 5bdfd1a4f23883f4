"""The tables of the case register and the deadline board.

`cases` holds one small row a case, what lists are filtered and sorted by; `case_documents` holds the whole case
beside it, so that a list never reads past documents it does not show. The link tables say who and what a case
concerns. `deadlines` holds the running deadlines of open cases and of open procedures about credit. Whether something
is overdue stands in no table: it is asked with the reader's day.
"""

from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    true,
)

from projections.tables import Key, Position

NEVER = "9999-12-31"
"""Sorts behind every day: no deadline runs. An unknown day of opening sorts before every day, as ''."""


class CaseRow(NamedTuple):
    """A row of `cases`, in the order of its columns. Days are ISO texts; `recorded` is UTC text."""

    id: str
    version: int
    first: int
    position: int
    recorded: str
    state: str
    open: bool
    region: str | None
    unit: str | None
    authority: str | None
    source: str | None
    procedure: str
    outcome: str | None
    opened: str | None
    opened_lo: str
    opened_hi: str
    findings: int
    next_due: str
    provisional: bool
    reach: str


class DeadlineRow(NamedTuple):
    """A row of `deadlines`. `about` is a case, or a listing, repair or objection; `due` is the day of `at`, NEVER while
    paused; `lapses` marks rights, which end unheard."""

    about: str
    key: str
    rule: str
    due: str
    lapses: bool
    provisional: bool
    paused: bool
    region: str | None
    unit: str | None


def shape(meta: MetaData, suffix: str) -> None:
    _cases(meta, suffix)
    _links(meta, suffix)
    board = Table(
        f"deadlines{suffix}",
        meta,
        Column("about", Key, primary_key=True),
        Column("key", Key, primary_key=True),
        Column("rule", Key, nullable=False),
        Column("due", Key, nullable=False),
        Column("lapses", Boolean, nullable=False),
        Column("provisional", Boolean, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("region", Key),
        Column("unit", Key),
        Index(None, "due", "about", "key"),
        Index(None, "unit", "due"),
        Index(None, "region", "due"),
    )
    _partly_indexed(board, "provisional", board.c.provisional.is_(true()))
    _partly_indexed(board, "duties", board.c.lapses.is_(false()))


def _partly_indexed(board: Table, name: str, some: ColumnElement[bool]) -> None:
    """In order of urgency, only those that a list of them shows."""
    columns = (board.c.due, board.c.about, board.c.key)
    Index(f"ix_{board.name}_{name}", *columns, sqlite_where=some, postgresql_where=some)


def _cases(meta: MetaData, suffix: str) -> None:
    Table(
        f"cases{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("first", Position, nullable=False),
        Column("position", Position, nullable=False),
        Column("recorded", Key, nullable=False),
        Column("state", Key, nullable=False),
        Column("open", Boolean, nullable=False),
        Column("region", Key),
        Column("unit", Key),
        Column("authority", Key),
        Column("source", Key),
        Column("procedure", Key, nullable=False),
        Column("outcome", Key),
        Column("opened", Key),
        Column("opened_lo", Key, nullable=False),
        Column("opened_hi", Key, nullable=False),
        Column("findings", Integer, nullable=False),
        Column("next_due", Key, nullable=False),
        Column("provisional", Boolean, nullable=False),
        Column("reach", Key, nullable=False),
        Index(None, "opened_lo", "id"),
        Index(None, "next_due", "id"),
        Index(None, "position", "id"),
        Index(None, "region", "opened_lo", "id"),
        Index(None, "region", "next_due", "id"),
        Index(None, "region", "position", "id"),
        Index(None, "state", "id"),
        Index(None, "unit", "id"),
        Index(None, "reach"),
    )
    Table(
        f"case_documents{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("document", LargeBinary, nullable=False),
    )


def _links(meta: MetaData, suffix: str) -> None:
    Table(
        f"case_parties{suffix}",
        meta,
        Column("case_id", Key, primary_key=True),
        Column("party", Key, primary_key=True),
        Column("kind", Key),
        Column("uscc", Key),
        Column("name", Text),
        Index(None, "uscc", "case_id"),
    )
    Table(
        f"case_officers{suffix}",
        meta,
        Column("case_id", Key, primary_key=True),
        Column("officer", Key, primary_key=True),
        Column("current", Boolean, nullable=False),
        Index(None, "officer", "case_id"),
    )
    Table(
        f"case_violations{suffix}",
        meta,
        Column("case_id", Key, primary_key=True),
        Column("violation", Key, primary_key=True),
        Column("code", Key),
        Index(None, "code", "case_id"),
    )


LINKS = {
    "case_parties": "case_id",
    "case_officers": "case_id",
    "case_violations": "case_id",
    "deadlines": "about",
}
"""The tables whose rows of a case are replaced as a whole, each with the column that names it."""
