"""The command behind `steelyard credit rate`: records what a rating run found, in batches, each change once."""

from collections.abc import Iterable
from itertools import islice

from eventsourcing.persistence import RecordConflictError

from enforcement import forms
from enforcement.credit.rating import Rated, Result, Run, news
from enforcement.credit.standing import PREFIX, ClassChanged, Standing
from enforcement.errors import LedgerUnavailable
from enforcement.events import Event, Who
from enforcement.recording import RETRIES, Recording, check_who
from enforcement.values import Text, utc_text

BATCH = 200


class RatingCommands(Recording):
    """等级评定."""

    def rate(self, who: Who, run: Run, found: Iterable[Rated], batch: int = BATCH) -> Result:
        """Record every class that differs from the recorded one. Whoever starts a run that crashed again records
        the rest: what is recorded already is no news. LedgerUnavailable when others record without end."""
        check_who(who)
        result = Result()
        rest = iter(found)
        while piece := list(islice(rest, batch)):
            result.rated += len(piece)
            changed, held = self._rate(who, run, piece)
            result.changed += changed
            result.held += held
        return result

    def _rate(self, who: Who, run: Run, piece: list[Rated]) -> tuple[int, int]:
        for _ in range(RETRIES):
            self.held.look()
            standings = [self.held.take(Standing, f"{PREFIX}{one.uscc}", self.law) for one in piece]
            held = sum(bool(standing.held) for standing in standings)
            events = [
                e for s, one in zip(standings, piece, strict=True) if (e := self._changed(who, run, s, one))
            ]
            try:
                if events:
                    self._save(events)
            except RecordConflictError:
                continue
            return len(events), held
        raise LedgerUnavailable(Text("too many writers at once; try again", "并发写入过多，请重试"))

    def _changed(self, who: Who, run: Run, standing: Standing, found: Rated) -> Event | None:
        data = news(standing, found, run)
        if data is None:
            return None
        loaded = self._as_stored(forms.load(ClassChanged, data))
        recorded = utc_text(self.clock())
        subject = standing.subject(loaded)
        return ClassChanged.new(standing.id, standing.version + 1, who, recorded, run.as_of, loaded, subject)
