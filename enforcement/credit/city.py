"""A made-up city: businesses and what happens to them in credit, from a seed, at the rates of the real one.

Everything follows from the seed by SHA-256, so a city is the same on every machine and in every release of Python.
Rates are events a year for 100,000 businesses, from published national and Wenzhou figures of 2018 to 2025; `busy`
multiplies them, for benchmarks that want more history than a city has. Codes of businesses are synthetic: their
organisation number begins with `0000`, so that none points at a real business.

Histories are recorded as history: nothing of them is judged, and nobody is accused by them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import enforcement.ledger  # noqa: F401  every type of event is known from here on
from enforcement.credit.chance import REGIONS, Chance, code_of
from enforcement.events import Event, Who, known

History = tuple[str, list[Event]]
"""An aggregate's id and its events."""

CASES, CHECKS, REPORTS, INSTRUMENTS = 770, 5_000, 380, 20_000
"""A year: 12,000 cases, 78,000 random checks, 59,000 reports of which a tenth is substantiated, on the 1.564 million
businesses of Wenzhou. At any time: 0.2 to 0.5 million periodically verified instruments."""
LOTS, SHORT, MISLABELLED = 11, 393, 307
"""A year: 20,933 net-content tests on 184 million businesses; of 10,000 tested 393 were short, 307 labelled wrongly."""
COMMITTED, DEMONSTRATION = 300, 64
"""At any time: 550,000 integrity commitments on 184 million businesses, 1,000 demonstration units on 1.564 million."""
ENTRIES = 600
"""A year, in the abnormal list: no figure was found, this one is ours."""
SECTORS = ("集贸市场", "加油站", "餐饮业", "商店", "医院", "眼镜店", "制造业", "物流")
CODES = ("M-V01", "M-V01", "M-V01", "M-V02", "M-N03", "M-Q02", "M-U04", "M-M05", "M-C04", "M-C05")
RECORDED = "T08:00:00.000000Z"


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
        for kind, rate in self.kinds():
            for count in range(self.chance.times(rate, self.city.years, self.city.busy)):
                yield from kind(count)
        if self.chance.times(COMMITTED, 1, self.city.busy):
            yield self._commitment()

    def kinds(self) -> Iterator[tuple[Callable[[int], Iterator[History]], int]]:
        """What may happen several times, and how often a year."""
        yield self._case, CASES
        yield self._check, CHECKS
        yield self._report, REPORTS
        yield self._lot, LOTS
        yield self._entry, ENTRIES

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

    def _case(self, count: int) -> Iterator[History]:
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
        id = f"case-{self.city.seed}-{self.number}-{count}"
        yield self._history(id, steps, history=True)
        repaired = next((step.day for step in steps if step.topic == "case.credit-repaired"), None)
        if repaired is not None:
            yield self._repair(id, "penalty", repaired)

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
            repaired = decided + timedelta(days=95) + later
            steps.append(_Step("case.credit-repaired", repaired, {}))
            steps.append(_Step("case.publicity-ended", repaired + timedelta(days=2), {"why": "repair"}))
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

    def _check(self, count: int) -> Iterator[History]:
        """A random check 双随机抽查 with its result codes, published; one in twelve finds something."""
        chance, day = self.chance, self._day()
        found = chance.below(12) == 0
        code = chance.of(("5", "5", "8", "4", "6")) if found else "1"
        about = {
            "entity": self.uscc,
            "item": "jl-jmsc-01",
            "check_kind": "daily",
            "random": True,
            "object": self.uscc,
            "region": self.region,
        }
        result = {"codes": [code], "followups": [{"code": "3" if code == "5" else "1"}]}
        steps = [
            _Step("inspection.assigned", day, {**about, "unit": "计量科", "public_information": False}),
            _Step("inspection.results-entered", day, {**about, **result}),
            _Step("inspection.published", day + timedelta(days=1 + chance.below(27)), {}),
        ]
        yield self._history(f"inspection-{self.city.seed}-{self.number}-{count}", steps)

    def _report(self, count: int) -> Iterator[History]:
        """A report 举报 that turned out to be true."""
        data = {
            "target": self.uscc,
            "case": f"case-{self.city.seed}-{self.number}-r{count}",
            "violation": self.chance.of(CODES),
            "outcome": "penalty",
        }
        steps = [_Step("report.substantiated", self._day(), data)]
        yield self._history(f"report-{self.city.seed}-{self.number}-{count}", steps)

    def _lot(self, count: int) -> Iterator[History]:
        """A net-content test 净含量检验 with its verdicts; who is short of the mean is so in half the cases by one."""
        chance = self.chance
        short, label = chance.below(10_000) < SHORT, chance.below(10_000) >= MISLABELLED
        single = not short or chance.below(2) == 0
        data = {
            "entity": self.uscc,
            "region": self.region,
            "product": "预包装食品",
            "place": "producer",
            "label": label,
            "single": single,
            "average": not short,
            "overall": label and not short,
        }
        steps = [_Step("netcontent.judged", self._day(), data)]
        yield self._history(f"netcontent-{self.city.seed}-{self.number}-{count}", steps)

    def _entry(self, count: int) -> Iterator[History]:
        """An entry in the abnormal list 经营异常名录; three of four are repaired within a year."""
        chance, day = self.chance, self._day()
        id = f"listing-{self.city.seed}-{self.number}-{count}"
        about = {"uscc": self.uscc, "region": self.region, "list": "abnormal", "since": day.isoformat()}
        ground = {"abnormal": chance.of(("annual_report", "annual_report", "unreachable")), "reasons": "查实"}
        steps = [
            _Step("listing.decided", day + timedelta(days=4), about | ground),
            _Step("listing.published", day + timedelta(days=5), {"where": "公示系统"}),
        ]
        repaired = day + timedelta(days=20 + chance.below(330)) if chance.below(4) else None
        if repaired is not None:
            steps.append(_Step("listing.removed", repaired + timedelta(days=2), {"why": "repair"}))
        yield self._history(id, steps)
        if repaired is not None:
            yield self._repair(id, "abnormal", repaired)

    def _repair(self, record: str, target: str, granted: date) -> History:
        """A credit repair 信用修复 that was granted on a day, from the application to the end of publicity."""
        about = {"uscc": self.uscc, "region": self.region, "target": target, "record": record}
        papers = ["application", "entity_document", "commitment", "proof"]
        found = {"performed": True, "corrected": True, "harm_removed": True, "repeated": False}
        steps = [
            _Step("repair.applied", granted - timedelta(days=2), {**about, "papers": papers}),
            _Step("repair.accepted", granted - timedelta(days=1), {}),
            _Step("repair.verified", granted, found),
            _Step("repair.granted", granted, {}),
            _Step("repair.stopped", granted + timedelta(days=2), {}),
        ]
        return self._history(f"repair-{record}", steps)

    def _commitment(self) -> History:
        """An integrity commitment 承诺; one in twenty is taken back, one in five makes a demonstration unit."""
        chance, day = self.chance, self._day()
        steps = [_Step("commitment.made", day, {"uscc": self.uscc, "where": "经营场所"})]
        if chance.below(20) == 0:
            over = day + timedelta(days=90 + chance.below(400))
            steps.append(_Step("commitment.withdrawn", over, {"reason": "自愿撤回"}))
        elif chance.below(COMMITTED) < DEMONSTRATION:
            until = (day + timedelta(days=1125)).isoformat()
            given = {"uscc": self.uscc, "until": until, "by": "市场监督管理局"}
            steps.append(_Step("commitment.demonstration-recognised", day + timedelta(days=30), given))
        return self._history(f"commitment-{self.uscc}", steps)

    def _history(self, id: str, steps: Sequence[_Step], history: bool = False) -> History:
        who = Who("steelyard-city", "bureau_system", f"{self.city.seed}-{self.number}")
        recorded = f"{self.city.until.isoformat()}{RECORDED}"
        events: list[Event] = []
        for step in steps:
            cls = known(step.topic)
            if cls is None or (step.day is not None and step.day > self.city.until):
                continue
            data = step.data | {"history": True} if history else step.data
            day = step.day.isoformat() if step.day else None
            events.append(cls.new(id, len(events) + 1, who, recorded, day, data, self.uscc))
        return id, events
