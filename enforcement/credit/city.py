"""A made-up city: businesses, cases, checks and reports from a seed, at the rates of the real one.

Everything follows from the seed by SHA-256, so a city is the same on every machine and in every release of Python.
Rates are events a year for 100,000 businesses, from published national and Wenzhou figures of 2018 to 2025; `busy`
multiplies them, for benchmarks that want more history than a city has. Codes of businesses are synthetic: their
organisation number begins with `0000`, so that none points at a real business.

Histories are recorded as history: nothing of them is judged, and nobody is accused by them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

import enforcement.ledger  # noqa: F401  every type of event is known from here on
from enforcement.events import Event, Who, known

T = TypeVar("T")
History = tuple[str, list[Event]]
"""An aggregate's id and its events."""

PER = 100_000
CASES, CHECKS, REPORTS, INSTRUMENTS = 770, 5_000, 380, 20_000
"""A year: 12,000 cases, 78,000 random checks, 59,000 reports of which a tenth is substantiated, on the 1.564 million
businesses of Wenzhou. At any time: 0.2 to 0.5 million periodically verified instruments."""
REGIONS = "330302 330303 330304 330305 330324 330326 330327 330328 330329 330381 330382 330383".split()
SECTORS = ("集贸市场", "加油站", "餐饮业", "商店", "医院", "眼镜店", "制造业", "物流")
CODES = ("M-V01", "M-V01", "M-V01", "M-V02", "M-N03", "M-Q02", "M-U04", "M-M05", "M-C04", "M-C05")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
RECORDED = "T08:00:00.000000Z"


class Chance:
    """Numbers that follow from a seed and a place, one after another."""

    def __init__(self, *place: object) -> None:
        self._key = "/".join(map(str, place)).encode()
        self._count = 0
        self._left = b""

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1; limits are small beside 2^32."""
        if len(self._left) < 4:
            self._left = hashlib.sha256(b"%b/%d" % (self._key, self._count)).digest()
            self._count += 1
        four, self._left = self._left[:4], self._left[4:]
        return int.from_bytes(four) * limit >> 32

    def of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def times(self, rate: int, years: int, busy: int) -> int:
        """How often something of a yearly rate happens in some years."""
        whole, rest = divmod(rate * years * busy, PER)
        return whole + (self.below(PER) < rest)


@dataclass(frozen=True)
class City:
    """So many businesses with so many years of history up to a day."""

    seed: str
    size: int
    until: date
    years: int = 3
    busy: int = 1

    def histories(self, first: int = 0) -> Iterator[History]:
        """Every business and everything about it, one business after another."""
        for number in range(first, self.size):
            yield from (found for found in _Business(self, number).histories() if found[1])

    def codes(self) -> Iterator[str]:
        """The codes of all businesses."""
        return (code_of(number) for number in range(self.size))


def code_of(number: int) -> str:
    """The synthetic code of a business, with right check characters (GB 32100, GB 11714)."""
    region = REGIONS[number % len(REGIONS)]
    rest, digits = number // len(REGIONS), ""
    for _ in range(4):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = f"0000{digits}"
    left = 11 - sum(int(char, 36) * weight for char, weight in zip(body, WEIGHTS, strict=True)) % 11
    start = f"9{'1' if number % 4 == 0 else '2'}{region}{body}{'0123456789X0'[left]}"
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(start))
    return start + ALPHABET[(31 - total % 31) % 31]


class _Step(NamedTuple):
    topic: str
    day: date | None
    data: dict[str, Any]


class _Business:
    """One business of the city, and what happened to it."""

    def __init__(self, city: City, number: int) -> None:
        self.city, self.number = city, number
        self.uscc = code_of(number)
        self.region = REGIONS[number % len(REGIONS)]
        self.chance = Chance(city.seed, number)

    def histories(self) -> Iterator[History]:
        yield self._registered()
        for count in range(self.chance.times(INSTRUMENTS, 1, self.city.busy)):
            yield self._instrument(count)
        for kind, rate in ((self._case, CASES), (self._check, CHECKS), (self._report, REPORTS)):
            for count in range(self.chance.times(rate, self.city.years, self.city.busy)):
                yield kind(count)

    def _day(self) -> date:
        return self.city.until - timedelta(days=1 + self.chance.below(365 * self.city.years))

    def _registered(self) -> History:
        kind = "company" if self.number % 4 == 0 else "sole_trader"
        data = {
            "uscc": self.uscc,
            "name": f"示例经营主体{self.number}",
            "kind": kind,
            "region": self.region,
            "sector": self.chance.of(SECTORS),
        }
        day = date(2010 + self.chance.below(12), 1, 1) + timedelta(days=self.chance.below(365))
        return self._history(f"entity-{self.uscc}", [_Step("entity.registered", day, data)])

    # -- what happens --------------------------------------------------------------------------------------

    def _case(self, count: int) -> History:
        """Clue, perhaps an order to correct, decision, publicity, and what became of it."""
        chance, day = self.chance, self._day()
        steps = [_Step("case.clue-registered", day, self._clue())]
        if chance.below(3) == 0:
            steps += self._correction(day)
        decided = day + timedelta(days=20 + chance.below(60))
        steps.append(_Step("case.penalty-decided", decided, {"penalties": [self._penalty()]}))
        steps.append(
            _Step("case.published", decided + timedelta(days=5 + chance.below(20)), {"where": "公示系统"})
        )
        steps += self._afterwards(decided)
        past = [step for step in steps if step.day is None or step.day <= self.city.until]
        return self._history(f"case-{self.city.seed}-{self.number}-{count}", past, history=True)

    def _clue(self) -> dict[str, Any]:
        return {
            "source": self.chance.of(("inspection", "report")),
            "region": self.region,
            "unit": "计量科",
            "summary": "计量监督检查中发现",
            "parties": [{"id": "p1", "kind": "organisation", "uscc": self.uscc}],
            "violations": [{"id": "v1", "code": self.chance.of(CODES)}],
        }

    def _correction(self, day: date) -> list[_Step]:
        due = day + timedelta(days=15)
        checked = day + timedelta(days=3 + self.chance.below(25))
        result = self.chance.of(("done", "done", "done", "not_done"))
        order = {"order": "o1", "due": due.isoformat(), "what": "限期改正"}
        return [
            _Step("case.correction-ordered", day, order),
            _Step("case.correction-checked", checked, {"order": "o1", "result": result}),
        ]

    def _penalty(self) -> dict[str, Any]:
        chance = self.chance
        penalty: dict[str, Any] = {
            "violation": "v1",
            "party": "p1",
            "fine": str(100 * (1 + chance.below(30) ** 2)),
            "rung": chance.of(("lighter", "lighter", "ordinary", "ordinary", "heavier")),
        }
        if chance.below(3) == 0:
            penalty["gains"] = f"{chance.below(60_000)}.{10 + chance.below(90)}"
        if chance.below(10) == 0:
            penalty["units"] = 1 + chance.below(12)
        if chance.below(40) == 0:
            penalty["kinds"] = ["stop_business"]
        return penalty

    def _afterwards(self, decided: date) -> list[_Step]:
        """Paid or not, repaired, revoked, listed."""
        chance, later = self.chance, timedelta(days=30 + self.chance.below(200))
        paid = {"amount": "1", "what": "fine", "in_full": True}
        steps = []
        if chance.below(8) == 0:
            steps.append(
                _Step("case.payment-overdue", decided + timedelta(days=20), {"surcharge_imposed": False})
            )
        if chance.below(16):
            steps.append(_Step("case.paid", decided + timedelta(days=5 + chance.below(40)), paid))
        if chance.below(50) == 0:
            revoked = {"by": chance.of(("court", "reconsideration", "self")), "reason": "事实不清"}
            steps.append(_Step("case.decision-revoked", decided + later, revoked))
        elif chance.below(6) == 0:
            steps.append(_Step("case.credit-repaired", decided + timedelta(days=95) + later, {}))
        if chance.below(60) == 0:
            steps.append(_Step("case.listed", decided + timedelta(days=20), {"list": "serious"}))
        return sorted(steps, key=lambda step: step.day or date.min)

    def _instrument(self, count: int) -> History:
        """A scale, verified every year: mostly in time, sometimes weeks late, sometimes not again."""
        day = self.city.until - timedelta(days=365 * self.city.years - self.chance.below(300))
        id = f"{self.number}-{count}"
        data = {"instrument": id, "kind": "price-scale", "owner": self.uscc, "region": self.region}
        steps = [_Step("instrument.registered", day, data)]
        while day <= self.city.until:
            last = day + timedelta(days=364)
            steps.append(_Step("instrument.verified", day, {"until": last.isoformat()}))
            day = last + timedelta(days=self.chance.of((-9, -5, -3, 0, 1, 20, 60, 9999)))
        return self._history(f"instrument-{id}", steps)

    def _check(self, count: int) -> History:
        """A random check 双随机抽查 with its result codes; one in twelve finds something."""
        chance = self.chance
        found = chance.below(12) == 0
        code = chance.of(("5", "5", "8", "4", "6")) if found else "1"
        data = {
            "entity": self.uscc,
            "item": "jl-jmsc-01",
            "check_kind": "daily",
            "random": True,
            "object": self.uscc,
            "region": self.region,
            "codes": [code],
            "followups": [{"code": "3" if code == "5" else "1"}],
        }
        steps = [_Step("inspection.results-entered", self._day(), data)]
        return self._history(f"inspection-{self.city.seed}-{self.number}-{count}", steps)

    def _report(self, count: int) -> History:
        """A report 举报 that turned out to be true."""
        data = {
            "target": self.uscc,
            "case": f"case-{self.city.seed}-{self.number}-r{count}",
            "violation": self.chance.of(CODES),
            "outcome": "penalty",
        }
        steps = [_Step("report.substantiated", self._day(), data)]
        return self._history(f"report-{self.city.seed}-{self.number}-{count}", steps)

    def _history(self, id: str, steps: Sequence[_Step], history: bool = False) -> History:
        who = Who("steelyard-city", "bureau_system", f"{self.city.seed}-{self.number}")
        recorded = f"{self.city.until.isoformat()}{RECORDED}"
        events: list[Event] = []
        for step in steps:
            cls = known(step.topic)
            if cls is None:
                continue
            data = step.data | {"history": True} if history else step.data
            day = step.day.isoformat() if step.day else None
            events.append(cls.new(id, len(events) + 1, who, recorded, day, data, self.uscc))
        return id, events
