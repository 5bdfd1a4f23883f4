"""What happens without anyone's act: scores that fade, vetoes that bite, terms of publicity that end.

`tick` does it once; `Clockwork` does it again and again beside a server. What is recorded is recorded as events by the
system itself, each once: whoever ticks twice finds nothing left to do. One process ticks at a time. Before its first
tick every server makes good what a crash left: erasures that were recorded and not carried out.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from enforcement.credit.policy import NoPolicy, points_text
from enforcement.credit.publicity import CHECK
from enforcement.credit.rating import Rated, Result, Run
from enforcement.errors import Refused, VersionConflict
from enforcement.events import Who
from enforcement.values import china_day
from projections import locks
from projections.queries import check_results, records
from projections.queries import credit as questions
from projections.queries.reading import NotFilled
from projections.scoring import Scored, scored
from projections.scoring import tick as score_those_due

if TYPE_CHECKING:
    from datetime import date

    from api.services import Services

SYSTEM, ROLE = "steelyard", "bureau_system"
EVERY = 60.0
PIECE = 500
log = logging.getLogger(__name__)


@dataclass
class Ticked:
    """What a tick did: businesses scored again, classes that a veto changed at once, terms that ended."""

    scored: int = 0
    changed: int = 0
    ended: int = 0

    def dump(self) -> dict[str, int]:
        return asdict(self)


def make_good(services: "Services") -> int:
    """Finish the erasures that a crash, or a vault out of a backup, left undone; how many."""
    done = services.desk().finish_erasures()
    if done:
        log.warning(
            "%d erasures that were recorded had not been carried out; their keys are destroyed now", done
        )
    return done


def tick(services: "Services") -> Ticked:
    """Everything that is due today. Without a policy in force nobody is scored; terms end all the same."""
    done = Ticked(ended=end_terms(services))
    question = _now(services)
    try:
        vetoed = []
        for one in score_those_due(services.reads, question):
            done.scored += 1
            if one.veto:
                vetoed.append(one.uscc)
        for piece in _pieces(vetoed):
            done.changed += _rate(
                services, question, piece, Who(SYSTEM, ROLE, f"veto-{uuid.uuid4()}")
            ).changed
    except NoPolicy as error:
        log.info("nobody is scored: %s", error)
    return done


def rate(services: "Services", who: Who, as_of: "date | None" = None) -> Result:
    """The rating run over everyone: records every class that differs. NoPolicy where the day has none."""
    question = _now(services).on(as_of or services.today())
    question.chosen()
    result, after = Result(), ""
    while True:
        with services.reads.read() as conn:
            piece = questions.everyone(conn, after, PIECE)
        if not piece:
            return result
        found = _rate(services, question, piece, who)
        result.rated += found.rated
        result.changed += found.changed
        result.held += found.held
        after = piece[-1]


def _now(services: "Services") -> questions.Asked:
    position = services.reached("credit")
    return questions.Asked(services.today(), position, services.ledger.policies(position))


def _rate(services: "Services", question: questions.Asked, usccs: list[str], who: Who) -> Result:
    """Score a piece as the ledger was at the position of the run, which stands in what is recorded."""
    with services.reads.read() as conn:
        facts = questions.facts_of(conn, usccs, question.known_at)
        found = [_rated(one) for one in scored(conn, facts, question)]
    policy = question.chosen()
    run = Run(policy.id, policy.hash, question.as_of.isoformat(), question.known_at)
    return services.ledger.rate(who, run, found)


def _rated(one: Scored) -> Rated:
    dumped = one.score.dump()
    if one.gone:
        return Rated(one.uscc, None, points_text(one.score.total), [])
    return Rated(one.uscc, dumped["class"], dumped["total"], dumped["lines"])


def _pieces(usccs: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(usccs), PIECE):
        yield usccs[start : start + PIECE]


# -- terms -----------------------------------------------------------------------------------------------------


def end_terms(services: "Services") -> int:
    """End every publicity whose term has run out 到期自动停止公示; the number ended."""
    with services.reads.read() as conn:
        due = {id: kind for id, _, kind in records.over(conn, services.today())}
        due |= dict.fromkeys(check_results.over(conn, services.law(), services.today()), CHECK)
    return sum(_end(services, id, kind) for id, kind in due.items())


def _end(services: "Services", id: str, kind: str) -> bool:
    """Record the end by the record's own aggregate; what ended meanwhile, or is not over there, is left alone."""
    who = Who(SYSTEM, ROLE, f"term-{uuid.uuid4()}")
    day, ledger = china_day(services.clock()).isoformat(), services.ledger
    data: dict[str, Any] = {"why": "term"}
    try:
        if kind == "penalty":
            if ledger.penalty_public(id, china_day(services.clock())):
                return False
            ledger.record(who, id, "case.publicity-ended", day, data)
        elif kind == CHECK:
            ledger.record_check(who, id, "inspection.withdrawn", day, data | {"reason": "公示期满"})
        else:
            ledger.step_process(who, id, "listing.removed", day, data)
    except (Refused, VersionConflict) as error:
        log.info("the term of %s did not end: %s", id, error)
        return False
    return True


class Clockwork:
    """Makes good at once, then ticks now and then until `stop`; trouble is logged, and the next time is as good."""

    def __init__(self, services: "Services", every: float = EVERY) -> None:
        self._services, self._every = services, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """End after the tick at hand; safe to call twice."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        good = self._made_good()
        while not self._stop.wait(self._every):
            good = good or self._made_good()
            try:
                with locks.sole(self._services.reads, "clock") as alone:
                    if alone:
                        tick(self._services)
            except NotFilled:
                continue
            except Exception:
                log.exception("the clock was interrupted and goes on")

    def _made_good(self) -> bool:
        """Whoever begins does it, whether another process ticks or not: a key is destroyed only once."""
        try:
            make_good(self._services)
        except Exception:
            log.exception("erasures could not be finished; tried again with the next tick")
            return False
        return True
