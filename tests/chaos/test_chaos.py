"""The short form of `make chaos`: a minute of it, and the same counts at the end."""

from tests.chaos.run import run

KILLS = 12
SECONDS = 30.0
KINDS = ("api", "relay", "projections", "broker", "postgres")


def test_nothing_is_lost_or_counted_twice_whatever_dies() -> None:
    figures = run(seed=20261126, kills=KILLS, seconds=SECONDS)
    assert figures.faults == []
    assert {f"kill {kind}" for kind in KINDS} <= figures.deeds.keys()
    assert figures.receipts > 0
    assert figures.messages == figures.events + figures.duplicates
    assert figures.naive["counted_twice"] + figures.naive["never_counted"] > 0
