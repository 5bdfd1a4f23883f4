"""The tables of checks: inspections, net-content tests, campaigns, and who and what they concern.

A document holds everything about one of them as its aggregate dumps it; the row beside it holds what lists are
filtered and sorted by. No day stands here that is counted with a calendar.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table

from projections.tables import Key, Position


def shape(meta: MetaData, suffix: str) -> None:
    Table(
        f"check_documents{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("position", Position, nullable=False),
        Column("recorded", Key, nullable=False),
        Column("document", LargeBinary, nullable=False),
    )
    _inspections(meta, suffix)
    _netcontents(meta, suffix)
    _campaigns(meta, suffix)


def _inspections(meta: MetaData, suffix: str) -> None:
    names = ("item", "object", "entity", "region", "unit", "check_kind", "campaign", "grade")
    Table(
        f"inspections{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("position", Position, nullable=False),
        Column("state", Key, nullable=False),
        *(Column(name, Key) for name in names),
        Column("random", Boolean, nullable=False),
        Column("assigned", Key),
        Column("entered", Key),
        Column("results_on", Key),
        Column("published", Key),
        Column("shown", Boolean, nullable=False),
        Column("negative", Boolean),
        Column("kept", Boolean, nullable=False),
        Index(None, "state", "id"),
        Index(None, "entity", "id"),
        Index(None, "region", "id"),
        Index(None, "item", "id"),
        Index(None, "campaign", "id"),
        Index(None, "published", "id"),
    )
    Table(
        f"inspection_officers{suffix}",
        meta,
        Column("inspection", Key, primary_key=True),
        Column("officer", Key, primary_key=True),
        Column("part", Key, primary_key=True),
        Index(None, "officer", "inspection"),
    )
    Table(
        f"inspection_codes{suffix}",
        meta,
        Column("inspection", Key, primary_key=True),
        Column("list", Key, primary_key=True),
        Column("code", Key, primary_key=True),
        Index(None, "list", "code", "inspection"),
    )
    Table(
        f"inspection_keepers{suffix}",
        meta,
        Column("inspection", Key, primary_key=True),
        Column("record", Key, primary_key=True),
    )


def _netcontents(meta: MetaData, suffix: str) -> None:
    Table(
        f"netcontents{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("position", Position, nullable=False),
        Column("occurred", Key),
        *(Column(name, Key) for name in ("entity", "region", "product", "campaign", "inspection")),
        *(Column(name, Boolean) for name in ("label", "single", "average", "overall")),
        Column("history", Boolean, nullable=False),
        Column("withdrawn", Boolean, nullable=False),
        Index(None, "entity", "id"),
        Index(None, "region", "id"),
    )


def _campaigns(meta: MetaData, suffix: str) -> None:
    Table(
        f"campaigns{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("position", Position, nullable=False),
        Column("state", Key, nullable=False),
        *(Column(name, Key) for name in ("item", "region", "unit", "organiser", "start", "end")),
        Column("held_elsewhere", Boolean, nullable=False),
        Column("joint", Boolean, nullable=False),
        Column("by_policy", Boolean, nullable=False),
        *(Column(name, Key) for name in ("plan_hash", "frozen_at")),
        Column("drawn", Integer),
        Column("recusals", Integer, nullable=False),
        *(Column(name, Key) for name in ("replaces", "voided")),
        Index(None, "state", "id"),
        Index(None, "region", "id"),
    )
