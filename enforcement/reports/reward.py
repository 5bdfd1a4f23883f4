"""What a report earns 举报奖励: whether it qualifies, the standard, and how several reporters share it.

The figures are dated rows (`law/data/rewards.toml`), chosen by the day on which the report was received and by the
place. The outcome is its own explanation: every step is a line with its article, and the amount is what the last line
says. What comes out is the *standard* 奖励标准; the award is decided by people, who also weigh the value of the goods
and the social influence (奖励办法 12).

Pure: no clock, no store. NotFound where no rule is in force on the day; nothing falls through to another version.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from enforcement.errors import InvalidData, NotFound
from enforcement.law.dated import Row, coded_on, row_on, rows_on
from enforcement.law.facts import CENT, cny
from enforcement.law.norms import text_of
from enforcement.values import Text

ONE = Decimal(1)
PERSONS = frozenset({"person", "sole_trader", "unknown"})


@dataclass(frozen=True)
class Ending:
    """How the case ended, as finally decided after remedies (CNY); `kinds` = codes of the penalties imposed."""

    fine: Decimal = Decimal(0)
    gains: Decimal = Decimal(0)
    goods: Decimal = Decimal(0)
    kinds: frozenset[str] = frozenset()
    party_kind: str = "organisation"
    punished: bool = True
    crime: bool = False
    """A suspected crime: the case went to the police."""

    @property
    def total(self) -> Decimal:
        """罚没款: fine, confiscated gains and confiscated goods, imposed."""
        return self.fine + self.gains + self.goods


@dataclass(frozen=True)
class Reporter:
    """What is asked about the reporter: never who it is."""

    natural_person: bool = True
    insider: bool = False
    excluded: frozenset[str] = frozenset()
    """Codes of `rewards.excluded` that hold."""
    target_and_evidence: bool = True
    unknown_before: bool = True
    first: bool | None = None
    """Whether the first of one matter, or with a part of its own; None where nobody else reported it."""


@dataclass(frozen=True)
class Line:
    """One step of a computation or one thing asked: what it says, what came of it, and by which article."""

    key: str
    text: Text
    article: str
    status: str
    holds: bool | None = None
    """For a condition: met or not; None where nobody can say by the rows at hand."""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Qualification:
    """Whether the report qualifies, and the answer to each condition; None = a person has to decide."""

    qualifies: bool | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reward:
    """The standard in CNY; `finance` = to be fixed together with the finance department of the same level."""

    amount: Decimal
    finance: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Claim:
    """One reporter, or joint signers, of a case: `clue` names what was reported; earlier ones come first."""

    id: str
    clue: str
    standard: Decimal
    signers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one signer of one claim gets (CNY), and why."""

    claim: str
    signer: str
    amount: Decimal
    lines: tuple[Line, ...]


# -- qualification 是否符合奖励条件 ------------------------------------------------------------------------------


def qualify(
    ending: Ending, reporter: Reporter, fields: Collection[str], on: date, jurisdiction: str
) -> Qualification:
    """Whether a report received `on` a day earns a reward. `fields`: codes of `rewards.field` that a person found.

    InvalidData on an unknown code.
    """
    _check_codes("field", fields, on)
    _check_codes("excluded", reporter.excluded, on)
    lines = [
        *_conditions(ending, reporter, on),
        *_exclusions(reporter, on),
        *_first(reporter, on),
        _severity(ending, on, jurisdiction),
        _field(fields, on),
    ]
    answers = {line.holds for line in lines}
    return Qualification(False if False in answers else None if None in answers else True, tuple(lines))


def _check_codes(section: str, codes: Collection[str], on: date) -> None:
    known = {row["code"] for row in rows_on("rewards", section, on)}
    if not known:
        raise NotFound("rule in force on " + on.isoformat(), f"rewards.{section}")
    for code in sorted(set(codes) - known):
        listed = ", ".join(sorted(known))
        raise InvalidData({section: [Text(f"{code!r} is none of {listed}", f"{code!r} 不在 {listed} 之中")]})


def _conditions(ending: Ending, reporter: Reporter, on: date) -> Iterator[Line]:
    met = {
        "natural_person": reporter.natural_person,
        "target_and_evidence": reporter.target_and_evidence,
        "unknown_before": reporter.unknown_before,
        "punished": ending.punished,
    }
    for row in rows_on("rewards", "conditions", on):
        yield _asked(row, met[row["code"]])


def _exclusions(reporter: Reporter, on: date) -> Iterator[Line]:
    for row in rows_on("rewards", "excluded", on):
        spared = row["insider_excepted"] and reporter.insider
        holds = row["code"] not in reporter.excluded or spared
        said = text_of(row["name"])
        yield Line(
            f"not-{row['code']}",
            Text(f"not {said.en}", f"不属于：{said.zh}"),
            row["article"],
            row["status"],
            holds,
        )


def _first(reporter: Reporter, on: date) -> Iterator[Line]:
    if reporter.first is not None:
        yield _asked(coded_on("rewards", "several", "first", on), reporter.first)


def _severity(ending: Ending, on: date, jurisdiction: str) -> Line:
    """A suspected crime, a heavy kind of penalty, or a large amount where the place has fixed what is large."""
    rows = rows_on("rewards", "severity", on)
    found = [
        row for row in rows if set(row["kinds"]) & ending.kinds or (row["code"] == "crime" and ending.crime)
    ]
    if found:
        return _asked(found[0], True)
    row = next(row for row in rows if row["code"] == "large_amount")
    try:
        local = row_on("rewards", "large", on, jurisdiction)
    except NotFound:
        said = Text(
            f"fine and confiscation of {cny(ending.total)} CNY: no figure of what is large at this place and day",
            f"罚没款{cny(ending.total)}元：当地当日无“较大数额”标准",
        )
        return Line("large_amount", said, row["article"], "unconfirmed", None if ending.total else False)
    limit = Decimal(local["person" if ending.party_kind in PERSONS else "organisation"])
    said = Text(
        f"fine and confiscation of {cny(ending.total)} CNY; large from {cny(limit)} CNY on",
        f"罚没款{cny(ending.total)}元，较大数额为{cny(limit)}元以上",
    )
    return Line("large_amount", said, local["article"], local["status"], ending.total >= limit)


def _field(fields: Collection[str], on: date) -> Line:
    rows = [row for row in rows_on("rewards", "field", on) if row["code"] in fields]
    if rows:
        return _asked(rows[0], True)
    said = Text("none of the fields of a major act", "不属于重大违法行为的任一领域情形")
    return Line("field", said, "奖励办法", "confirmed", False)


def _asked(row: Row, holds: bool) -> Line:
    return Line(row["code"], text_of(row["name"]), row["article"], row["status"], holds)


# -- the standard 奖励标准 ---------------------------------------------------------------------------------------


def reward(grade: str, base: Decimal, on: date, jurisdiction: str, insider_factor: Decimal = ONE) -> Reward:
    """min(max(rate × base, floor) × u, cap), in whole cents; `base` is the part of fine and confiscation that matches.

    NotFound for a grade or a day without a row; InvalidData for a negative base and for a factor that the place
    does not allow.
    """
    standard = row_on("rewards", "standard", on, jurisdiction)
    row = coded_on("rewards", "grades", grade, on)
    most = Decimal(standard["insider_most"])
    _check_numbers(base, insider_factor, most)
    lines = list(_rated(row, base))
    amount = lines[-1].amount or Decimal(0)
    if insider_factor != ONE:
        amount = (amount * insider_factor).quantize(CENT, ROUND_HALF_UP)
        lines.append(_raised(standard, insider_factor, amount))
    cap = Decimal(standard["cap"])
    if amount > cap:
        amount = cap
        said = Text(f"no more than {cny(cap)} CNY a case", f"每案不超过{cny(cap)}元")
        lines.append(Line("cap", said, standard["article"], standard["cap_after_insider_status"], amount=cap))
    together = amount >= Decimal(standard["finance_from"])
    finance = together or insider_factor != ONE
    if finance:
        lines.append(_finance(standard, together, amount))
    return Reward(amount, finance, tuple(lines))


def _check_numbers(base: Decimal, factor: Decimal, most: Decimal) -> None:
    if base < 0:
        raise InvalidData({"base": [Text("expected 0 or more", "不得为负")]})
    if not ONE <= factor <= most:
        wanted = Text(f"expected 1 to {most}", f"应为 1 至 {most}")
        raise InvalidData({"insider_factor": [wanted]})


def _rated(row: Row, base: Decimal) -> Iterator[Line]:
    rate, floor = Decimal(row["rate"]), Decimal(row["floor"])
    yield Line("grade", text_of(row["name"]), row["article"], row["status"])
    amount = (rate * base).quantize(CENT, ROUND_HALF_UP)
    percent = format((rate * 100).normalize(), "f")
    said = Text(
        f"{percent} % of {cny(base)} CNY = {cny(amount)} CNY",
        f"{cny(base)}元 × {percent}% = {cny(amount)}元",
    )
    yield Line("rate", said, row["article"], row["status"], amount=amount)
    if amount < floor:
        said = Text(f"no less than {cny(floor)} CNY", f"不足{cny(floor)}元的，按{cny(floor)}元")
        yield Line("floor", said, row["article"], row["status"], amount=floor)


def _raised(standard: Row, factor: Decimal, amount: Decimal) -> Line:
    said = Text(f"insider: × {factor} = {cny(amount)} CNY", f"内部举报人增发：× {factor} = {cny(amount)}元")
    return Line("insider", said, standard["insider_article"], standard["status"], amount=amount)


def _finance(standard: Row, together: bool, amount: Decimal) -> Line:
    if together:
        start = cny(Decimal(standard["finance_from"]))
        said = Text(
            f"from {start} CNY on fixed together with the finance department",
            f"{start}元以上须会同财政部门确定",
        )
        return Line("finance", said, standard["finance_article"], standard["status"], amount=amount)
    said = Text(
        "an insider's raise needs the finance department's consent", "内部举报人增发须经同级财政部门同意"
    )
    return Line("finance", said, standard["insider_article"], standard["status"], amount=amount)


# -- several reporters of one case --------------------------------------------------------------------------------


def shares(claims: Sequence[Claim], on: date) -> list[Share]:
    """What each signer gets. `claims` stand in the order of receipt; InvalidData when an id comes twice.

    Of several with the same clue only the first is rewarded; different clues of one case together get no more than
    the highest single standard, each in proportion to its own; joint signers share evenly, odd cents to the first.
    """
    ids = [claim.id for claim in claims]
    if len(set(ids)) < len(ids):
        raise InvalidData({"claims": [Text("a claim stands twice", "举报重复")]})
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim.clue, claim)
    paid = _in_proportion([(claim.id, claim.standard) for claim in first.values()])
    return [share for claim in claims for share in _shared(claim, paid.get(claim.id), on)]


def _in_proportion(standards: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The standards cut so that they do not pass the highest of them; cents that remain go to the earliest."""
    total = sum((amount for _, amount in standards), Decimal(0))
    most = max((amount for _, amount in standards), default=Decimal(0))
    if total <= most:
        return dict(standards)
    cut = {id: (most * amount / total).quantize(CENT, ROUND_DOWN) for id, amount in standards if amount}
    return dict.fromkeys((id for id, _ in standards), Decimal(0)) | _with_rest(cut, most)


def _with_rest(parts: dict[str, Decimal], total: Decimal) -> dict[str, Decimal]:
    left = total - sum(parts.values(), Decimal(0))
    for id in parts:
        if left < CENT:
            break
        parts[id], left = parts[id] + CENT, left - CENT
    return parts


def _shared(claim: Claim, amount: Decimal | None, on: date) -> Iterator[Share]:
    lines: list[Line] = []
    if amount is None:
        lines.append(_rule("first", Decimal(0), on))
    elif amount < claim.standard:
        lines.append(_rule("highest", amount, on))
    signers = claim.signers or (claim.id,)
    each = ((amount or Decimal(0)) / len(signers)).quantize(CENT, ROUND_DOWN)
    parts = _with_rest(dict.fromkeys(signers, each), amount or Decimal(0))
    for signer, part in parts.items():
        joint = [_rule("joint", part, on)] if len(signers) > 1 else []
        yield Share(claim.id, signer, part, (*lines, *joint))


def _rule(code: str, amount: Decimal, on: date) -> Line:
    row: Any = coded_on("rewards", "several", code, on)
    return Line(code, text_of(row["name"]), row["article"], row["status"], amount=amount)
