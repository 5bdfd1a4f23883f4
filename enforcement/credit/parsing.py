"""From the text of a policy to the policy: read, formed, given its meaning, checked.

Every fault is named with its path; those of conditions against the fields of the event types that the clause is about.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from enforcement.credit import policy_check, written
from enforcement.credit.conditions import ALWAYS
from enforcement.credit.faults import Faults
from enforcement.credit.judging_conditions import condition, known_types
from enforcement.credit.policy import (
    Category,
    Clause,
    Fade,
    GradeRange,
    Points,
    Policy,
    Sampling,
    hundredths,
)
from enforcement.credit.policy_form import PolicyForm
from enforcement.forms import load_part
from enforcement.values import Text

Document = Mapping[str, Any]


def parse(text: str) -> Policy:
    """The policy of a text that is to be adopted; InvalidData names every fault."""
    faults, (policy, form) = Faults(), _understood(text)
    policy_check.check(policy, form, faults)
    faults.raise_any()
    return policy


def understood(text: str) -> Policy:
    """The policy of a text that was adopted: checks that came later do not make it unreadable."""
    return _understood(text)[0]


def _understood(text: str) -> tuple[Policy, Document]:
    document = written.read(text)
    form = load_part(PolicyForm, document, "policy")
    faults = Faults()
    clauses = tuple(_clause(row, faults) for row in form["clauses"])
    faults.raise_any()
    return _policy(text, document, form, clauses), form


def _policy(text: str, document: Any, form: Document, clauses: tuple[Clause, ...]) -> Policy:
    return Policy(
        id=form["id"],
        hash=written.digest(document),
        text=text,
        title=_text(form["title"]),
        basis=tuple(form["basis"]),
        valid_from=date.fromisoformat(form["valid_from"]),
        valid_to=_day(form.get("valid_to")),
        base=hundredths(form["base"]),
        grades=tuple(
            GradeRange(row["grade"], _points(row, "least"), _points(row, "below")) for row in form["grades"]
        ),
        categories=tuple(
            Category(row["id"], _text(row["text"]), _points(row, "least"), _points(row, "most"))
            for row in form["categories"]
        ),
        clauses=clauses,
        sampling={row["grade"]: Sampling(row["ratio"], _number(row, "visits")) for row in form["sampling"]},
    )


def _clause(row: Document, faults: Faults) -> Clause:
    at = f"policy.clauses.{row['id']}"
    types = known_types(row["on"], at, faults)
    raw = row.get("when")
    starts = row.get("starts", {})
    return Clause(
        id=row["id"],
        on=tuple(row["on"]),
        when=ALWAYS if raw is None else condition(raw, types, f"{at}.when", faults),
        points=_given(row.get("points", {}), types),
        fade=_fade(row["fade"]),
        category=row.get("category"),
        at_best=row.get("at_best"),
        after=starts.get("after"),
        state=starts.get("state"),
        ends=frozenset(row.get("ends", ())),
        again_within=_number(row, "again_within"),
        group=row.get("group"),
        once_per=row.get("once_per"),
        article=row["article"],
        text=_text(row["text"]),
    )


def _given(row: Document, types: Sequence[str]) -> Points:
    field = row.get("per") or row.get("band")
    return Points(
        fixed=_points(row, "fixed") or 0,
        field=field,
        each=_points(row, "each"),
        most=_points(row, "most"),
        bands=tuple(
            (_quantity(step["least"], field, types), hundredths(step["points"]))
            for step in row.get("steps", ())
        ),
    )


def _quantity(text: str, field: str | None, types: Sequence[str]) -> int:
    """A step of a band in the unit of its field: whole fen, or a plain number."""
    return hundredths(text) if policy_check.kinds(field, types) == {"money"} else int(text.partition(".")[0])


def _fade(row: Document) -> Fade:
    steps = tuple((int(step["after"]), int(step["keep"])) for step in row.get("steps", ()))
    return Fade(row["kind"], _number(row, "months"), steps, row.get("since"))


def _points(row: Document, name: str) -> int | None:
    return hundredths(row[name]) if name in row else None


def _number(row: Document, name: str) -> int | None:
    return int(row[name]) if name in row else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(row: Document) -> Text:
    return Text(row["en"], row["zh"])
