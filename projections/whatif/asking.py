"""One question: what would a draft change? From the ledger to the checked answer."""

from datetime import date

from enforcement.credit.policy import Policy
from projections.whatif import columns
from projections.whatif.checking import Checked, check
from projections.whatif.history import known
from projections.whatif.simulate import Simulation, simulate
from streams.feed import Log


def ask(
    log: Log, draft: Policy, current: Policy, day: date, upto: int, sample: int
) -> tuple[Simulation, Checked]:
    """The draft beside the current policy, over everything that the ledger held at a position."""
    found = known(log, upto)
    every = columns.businesses(found.facts)
    laid = columns.facts(found.pages(), every, columns.Wanted.by([draft, current]))
    simulation = simulate(draft, current, every, laid, day)
    return simulation, check(
        simulation, every, lambda codes: {code: found.facts[code] for code in codes}, sample
    )
