"""The tables of the credit projection. All rows are keyed by their event or their aggregate, so order does not matter.

Only `scores` is kept by the clock (`projections.scoring`): a rebuild begins it anew and compares nothing of it.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table

from projections.tables import CLOCKED, Key, Position


def shape(meta: MetaData, suffix: str) -> None:
    _of_events(meta, suffix)
    _of_businesses(meta, suffix)
    _of_records(meta, suffix)
    Table(
        f"scores{suffix}",
        meta,
        Column("uscc", Key, primary_key=True),
        Column("told", Position, nullable=False),
        Column("as_of", Key, nullable=False),
        Column("policy", Key, nullable=False),
        Column("total", Key, nullable=False),
        Column("grade", Key, nullable=False),
        Column("veto", Boolean, nullable=False),
        Column("next_change", Key),
        Index(None, "next_change"),
        info=CLOCKED,
    )


def _of_events(meta: MetaData, suffix: str) -> None:
    """The events that facts are read from, the facts as they hold now, and what events say of each other."""
    Table(
        f"credit_events{suffix}",
        meta,
        Column("aggregate", Key, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("position", Position, nullable=False),
        Column("topic", Key, nullable=False),
        Column("state", LargeBinary, nullable=False),
    )
    Table(
        f"facts{suffix}",
        meta,
        Column("event", Key),
        Column("uscc", Key),
        Column("aggregate", Key),
        Column("position", Position, nullable=False),
        Column("document", LargeBinary, nullable=False),
        PrimaryKeyConstraint("aggregate", "event", "uscc"),  # asked for by the aggregate while it is filled
        Index(None, "uscc", "position"),
    )
    Table(
        f"marks{suffix}",
        meta,
        Column("aggregate", Key, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("target", Key, nullable=False),
        Column("kind", Key, nullable=False),
        Column("since", Key, nullable=False),
        Column("until", Key),
        Index(None, "target"),
    )
    Table(
        f"sources{suffix}",
        meta,
        Column("uscc", Key, primary_key=True),
        Column("aggregate", Key, primary_key=True),
        Column("position", Position, nullable=False),
    )


def _of_businesses(meta: MetaData, suffix: str) -> None:
    """Where and what a business was from a day on, and every class that was recorded of it."""
    Table(
        f"businesses{suffix}",
        meta,
        Column("uscc", Key, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("position", Position, nullable=False),
        Column("since", Key, nullable=False),
        Column("name", Key),
        Column("region", Key),
        Column("sector", Key),
        Column("status", Key),
    )
    Table(
        f"classes{suffix}",
        meta,
        Column("uscc", Key, primary_key=True),
        Column("position", Position, primary_key=True, autoincrement=False),
        Column("as_of", Key, nullable=False),
        Column("before", Key),
        Column("grade", Key),
        Column("total", Key, nullable=False),
        Column("policy", Key, nullable=False),
        Column("policy_hash", Key, nullable=False),
        Column("looked_at", Position, nullable=False),
        Column("lines_digest", Key, nullable=False),
        Index(None, "as_of"),
    )


def _of_records(meta: MetaData, suffix: str) -> None:
    """What is public and until when, and the procedures about it."""
    Table(
        f"records{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("uscc", Key, primary_key=True),
        Column("kind", Key, nullable=False),
        Column("grade", Key, nullable=False),
        Column("published", Key, nullable=False),
        Column("until", Key),
        Column("repairable", Key),
        Column("document", LargeBinary, nullable=False),
        Index(None, "kind", "published", "id"),
        Index(None, "uscc"),
        Index(None, "until"),
    )
    Table(
        f"processes{suffix}",
        meta,
        Column("id", Key, primary_key=True),
        Column("kind", Key, nullable=False),
        Column("uscc", Key, nullable=False),
        Column("region", Key),
        Column("state", Key, nullable=False),
        Column("ended", Boolean, nullable=False),
        Column("about", Key),
        Column("record", Key),
        Column("version", Integer, nullable=False),
        Column("position", Position, nullable=False),
        Index(None, "kind", "id"),
        Index(None, "uscc"),
        Index(None, "record"),
    )
