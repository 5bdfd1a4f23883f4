"""A picture of a simulation: how totals are spread before and after, and who goes from which class to which.

matplotlib draws into a file without a screen; titles are in English, as not every machine has a Chinese font.
"""

from pathlib import Path

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from enforcement.credit.policy import GRADES
from projections.whatif.simulate import Simulation

BINS = 40


def draw(found: Simulation, path: Path) -> None:
    """Write the picture; its kind follows from the ending (.png, .svg, .pdf)."""
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _spread(left, found)
    _matrix(right, found)
    figure.suptitle(
        f"{found.draft.id} beside {found.current.id}, {found.days[0]}: {found.businesses:,} businesses"
    )
    figure.savefig(path, dpi=150)


def _spread(axes: Axes, found: Simulation) -> None:
    """Totals of both policies, counted on a logarithmic scale: most businesses stand at the base."""
    totals = [found.scores[name].to_numpy() / 100 for name in ("total_before", "total_after")]
    axes.hist(totals, bins=BINS, label=[found.current.id, found.draft.id], log=True)
    axes.set(xlabel="total", ylabel="businesses", title="Totals")
    axes.legend()


def _matrix(axes: Axes, found: Simulation) -> None:
    counts = {
        (row[1], row[2]): row[3] for row in found.moves.filter(pl.col("day") == found.days[0]).iter_rows()
    }
    shares = [[counts.get((before, after), 0) for after in GRADES] for before in GRADES]
    axes.imshow(
        [
            [float(n > 0) * (0.15 + (b != a) * 0.35) for a, n in enumerate(row)]
            for b, row in enumerate(shares)
        ],
        cmap="Blues",
        vmin=0,
        vmax=1,
    )
    for b, row in enumerate(shares):
        for a, number in enumerate(row):
            axes.text(a, b, f"{number:,}", ha="center", va="center")
    axes.set(xlabel="class under the draft", ylabel="class now", title="Classes")
    axes.set_xticks(range(len(GRADES)), GRADES)
    axes.set_yticks(range(len(GRADES)), GRADES)
