"""Facts as columns: of every fact its business, its day, and those fields and states that some policies ask for.

The documents are those of `Fact.dump()`, decoded by the engine and not by Python; a business is a number here, the
place of its code in the list of all. Money stays whole fen, days stay days: nothing becomes a float.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from enforcement.credit.conditions import Atom, Condition
from enforcement.credit.policy import Clause, Policy
from enforcement.credit.vocabulary import Field, fields_of

TYPES: dict[str, type[pl.DataType]] = {
    "text": pl.String,
    "choice": pl.String,
    "flag": pl.Boolean,
    "number": pl.Int64,
    "money": pl.Int64,
    "day": pl.String,
    "id": pl.String,
}
Page = Sequence[tuple[str, bytes]]
"""(USCC, document) of some facts."""


@dataclass(frozen=True)
class Wanted:
    """What policies look at: fields by name, states by kind."""

    fields: dict[str, Field]
    states: tuple[str, ...]

    @classmethod
    def by(cls, policies: Iterable[Policy]) -> "Wanted":
        clauses = [clause for policy in policies for clause in policy.clauses]
        fields = {name: fields_of(clause.on[0])[name] for clause in clauses for name in asked(clause)}
        states = {state for clause in clauses for state in kinds(clause)}
        return cls(fields, tuple(sorted(states)))

    def schema(self) -> pl.Struct:
        """The part of a fact's document that is decoded."""
        plain = {"position": pl.Int64, "type": pl.String, "day": pl.String}
        fields = {name: _dtype(field) for name, field in self.fields.items()}
        states = dict.fromkeys(self.states, pl.List(pl.List(pl.String)))
        return pl.Struct({**plain, "fields": pl.Struct(fields), "states": pl.Struct(states)})


def asked(clause: Clause) -> Iterator[str]:
    """The fields that a clause looks at."""
    yield from _asked(clause.when)
    yield from (name for name in (clause.points.field, clause.after, clause.once_per) if name is not None)


def _asked(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Atom):
        yield condition.field
    else:
        for part in condition.parts:
            yield from _asked(part)


def kinds(clause: Clause) -> Iterator[str]:
    """The states that a clause looks at."""
    yield from clause.ends
    yield from (kind for kind in (clause.state, clause.fade.since) if kind is not None)


def _dtype(field: Field) -> pl.DataType:
    inner = TYPES[field.kind]()
    return pl.List(inner) if field.many else inner


def field(name: str) -> str:
    """The column of a field."""
    return f"field {name}"


def state(kind: str) -> str:
    """The column with the first day of a state."""
    return f"since {kind}"


def businesses(codes: Iterable[str]) -> pl.DataFrame:
    """All businesses with their numbers, in order of code."""
    found = pl.DataFrame({"uscc": pl.Series(list(codes), dtype=pl.String)}).unique().sort("uscc")
    return found.with_row_index("business")


def facts(pages: Iterable[Page], every: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """The columns of all facts of the businesses given."""
    return pl.concat([_decoded([], every, wanted), *(_decoded(page, every, wanted) for page in pages)])


def _decoded(page: Page, every: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    rows = pl.DataFrame(
        {"uscc": [uscc for uscc, _ in page], "document": [document for _, document in page]},
        schema={"uscc": pl.String, "document": pl.Binary},
    ).with_columns(pl.col("document").cast(pl.String))
    read = pl.col("document").str.json_decode(wanted.schema())
    return (
        rows.join(every, on="uscc")
        .with_columns(read.alias("fact"))
        .select(
            "business",
            *(pl.col("fact").struct.field(name) for name in ("position", "type")),
            pl.col("fact").struct.field("day").str.to_date("%Y-%m-%d"),
            *(_column(name, kind) for name, kind in wanted.fields.items()),
            *map(_since, wanted.states),
        )
    )


def _column(name: str, kind: Field) -> pl.Expr:
    """A field's column; a field without an element is as if it were not there."""
    read = pl.col("fact").struct.field("fields").struct.field(name)
    read = read.str.to_date("%Y-%m-%d") if kind.kind == "day" and not kind.many else read
    return read.alias(field(name))


def _since(kind: str) -> pl.Expr:
    """The first day of a state: they stand in order of days."""
    held = pl.col("fact").struct.field("states").struct.field(kind)
    return held.list.first().list.first().str.to_date("%Y-%m-%d").alias(state(kind))


LAST_DAY = date.max
