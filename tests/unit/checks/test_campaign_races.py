"""Two officers at one campaign at the same moment: one wins, the other is told why, and nothing is recorded twice.

Each pair is brought about twice: the second officer acts while the first one's command computes, at a place where its
files are written or its state has been read; and both at once in threads, on two ledgers over one file.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, BinaryIO

import pytest

from enforcement.attachments import Attachments, Stored
from enforcement.checks.campaign import Campaign
from enforcement.databases import recorder_env
from enforcement.errors import Refused, VersionConflict
from enforcement.ledger import Ledger, Receipt
from tests.unit.checks.drawing import PARTIES, PLANNED, TEXT, Bureau
from tests.unit.checks.test_campaigns import LISTS, RATIOS
from tests.unit.ledgers import IDENTITY

Act = Callable[[Bureau, str], Receipt]
Lost = Refused | VersionConflict


class Elsewhere(Bureau):
    """The same bureau from another process: a ledger of its own over the same file."""

    def __init__(self, first: Bureau, folder: Path) -> None:
        self.moment, self._number = first.moment, 1000
        env = recorder_env(f"sqlite:///{folder}/ledger.db", 2)
        self.ledger = Ledger(env, IDENTITY, lambda: self.moment)
        self.files = Attachments(str(folder / "files"))


class Interrupted(Attachments):
    """Files; while the first one is written, somebody else acts."""

    def __init__(self, folder: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(str(folder / "files"))
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def put(self, content: bytes | BinaryIO) -> Stored:
        if self._meanwhile:
            self._meanwhile.pop()()
        return super().put(content)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(tmp_path)
    yield made
    made.close()


@pytest.fixture
def other(bureau: Bureau, tmp_path: Path) -> Iterator[Elsewhere]:
    made = Elsewhere(bureau, tmp_path)
    yield made
    made.close()


def planned(bureau: Bureau) -> str:
    return bureau.plan()


def revealed(bureau: Bureau) -> str:
    """A campaign with everything that a draw needs."""
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    for party in PARTIES:
        bureau.reveal(id, party)
    bureau.later(hours=6)
    bureau.record(id, "public-number-taken", text=TEXT)
    return id


def drawn(bureau: Bureau) -> str:
    return bureau.drawn(LISTS, RATIOS)


def voided(bureau: Bureau) -> str:
    id = bureau.plan()
    bureau.record(id, "voided", why="other", reason="任务取消")
    return id


def freeze(bureau: Bureau, id: str) -> Receipt:
    return bureau.freeze(id, LISTS, RATIOS)


def draw(bureau: Bureau, id: str) -> Receipt:
    return bureau.record(id, "drawn")


def staff(bureau: Bureau, id: str) -> Receipt:
    return bureau.record(id, "staffed")


def void(bureau: Bureau, id: str) -> Receipt:
    return bureau.record(id, "voided", why="other", reason="任务取消")


def void_known(bureau: Bureau, id: str) -> Receipt:
    return bureau.record(id, "voided", why="known_early", reason="随机数提前泄露")


def follow(bureau: Bureau, id: str) -> Receipt:
    return bureau.ledger.plan_campaign(bureau.who(), bureau.today(), PLANNED | {"replaces": id})


PAIRS = {
    "two freeze": (planned, freeze, freeze),
    "one freezes, one voids": (planned, freeze, void),
    "two draw": (revealed, draw, draw),
    "one draws, one voids": (revealed, draw, void_known),
    "two staff": (drawn, staff, staff),
    "two follow a voided one": (voided, follow, follow),
}
INSIDE = [name for name, (_, first, _) in PAIRS.items() if first in (freeze, draw)]
"""Commands that write a file before they record."""


def outcome(act: Act, bureau: Bureau, id: str) -> Receipt | Lost:
    try:
        return act(bureau, id)
    except (Refused, VersionConflict) as error:
        return error


def judged(bureau: Bureau, id: str, outcomes: list[Receipt | Lost]) -> None:
    """One won, the other has a reason in both languages, and the ledger holds the winner's event alone."""
    won = [each for each in outcomes if isinstance(each, Receipt)]
    lost = [each for each in outcomes if not isinstance(each, Receipt)]
    assert (len(won), len(lost)) == (1, 1), outcomes
    said = lost[0].message
    assert said.zh
    assert said.en != said.zh
    topics = [event.TOPIC for event in bureau.ledger.events_of(id)]
    ends = ("frozen", "drawn", "staffed", "voided", "succeeded")
    decided = [t for t in topics if t.removeprefix("campaign.") in ends]
    assert len(decided) == len(set(decided))
    bureau.ledger.held.look()
    again: Any = Campaign.fold(id, bureau.ledger.events_of(id), bureau.ledger.law)
    assert again.dump() == bureau.campaign(id).dump()


@pytest.mark.parametrize("name", INSIDE)
def test_officer_who_is_overtaken_while_computing_is_told_why(
    bureau: Bureau, other: Elsewhere, tmp_path: Path, name: str
) -> None:
    begin, first, second = PAIRS[name]
    id = begin(bureau)
    other.moment = bureau.moment
    outcomes: list[Receipt | Lost] = []
    bureau.files = Interrupted(tmp_path, lambda: outcomes.append(outcome(second, other, id)))
    outcomes.append(outcome(first, bureau, id))
    assert isinstance(outcomes[0], Receipt)
    judged(bureau, id, outcomes)


@pytest.mark.parametrize("name", PAIRS)
def test_of_two_officers_at_once_one_wins(bureau: Bureau, other: Elsewhere, name: str) -> None:
    begin, first, second = PAIRS[name]
    id = begin(bureau)
    other.moment = bureau.moment
    gate = Barrier(2)

    def run(work: tuple[Act, Bureau]) -> Receipt | Lost:
        gate.wait(60)
        return outcome(work[0], work[1], id)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, [(first, bureau), (second, other)]))
    judged(bureau, id, outcomes)


@pytest.mark.parametrize("name", PAIRS)
def test_officer_who_comes_a_moment_later_is_refused(bureau: Bureau, other: Elsewhere, name: str) -> None:
    begin, first, second = PAIRS[name]
    id = begin(bureau)
    other.moment = bureau.moment
    for one, after in ((first, second),):
        outcomes = [outcome(one, bureau, id), outcome(after, other, id)]
        assert isinstance(outcomes[1], Refused)
        judged(other, id, outcomes)


def test_transcript_is_the_winner_s_whoever_draws(bureau: Bureau, other: Elsewhere) -> None:
    """Chance is not asked twice: both would have drawn the same."""
    id = revealed(bureau)
    other.moment = bureau.moment
    draw(other, id)
    with pytest.raises(Refused, match="possible in REVEALED"):
        draw(bureau, id)
    assert bureau.transcript(id) == other.transcript(id)


def test_every_drawn_object_has_one_inspection_after_two_staffed(bureau: Bureau, other: Elsewhere) -> None:
    id = drawn(bureau)
    other.moment = bureau.moment
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: outcome(staff, each, id), [bureau, other]))
    made = bureau.ledger.inspections_of(bureau.campaign(id), bureau.files)
    assert [it.version for it in made] == [1, 1, 1, 1]


def test_whoever_followed_between_the_judging_and_the_numbering_is_seen(
    bureau: Bureau, other: Elsewhere
) -> None:
    id = voided(bureau)
    other.moment = bureau.moment
    first: list[Receipt] = []
    take = bureau.ledger.held.take

    def taking(kind: Any, taken: str, law: Any) -> Any:
        """Somebody else acts right after the voided campaign was looked at."""
        found = take(kind, taken, law)
        if taken == id and not first:
            first.append(follow(other, id))
        return found

    bureau.ledger.held.take = taking  # type: ignore[method-assign]
    second = outcome(follow, bureau, id)
    assert isinstance(second, Refused)
    judged(bureau, id, [*first, second])
