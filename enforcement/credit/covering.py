"""Whether several boxes together cover one: the box is cut along their edges until each part lies in one of them.

Exact for words to choose from, flags, numbers and money. A field that the box does not ask may be missing from an
event, so whoever asks it covers nothing for certain. Limits, always on the side of saying nothing: where a list is
asked twice, one comparison can only imply another; texts and days between two bounds are not counted out; and of a box
that would be cut into more than `MOST` parts nothing is said.
"""

from collections.abc import Iterator, Sequence

from enforcement.credit.ranges import Box, Range

MOST = 4096


class _TooManyParts(Exception):
    """Nobody reads such a policy."""


def covered(box: Box, others: Sequence[Box]) -> bool:
    """Whether whatever is in the box is in one of the others."""
    asked = [other for other in others if other.keys() <= box.keys()]
    try:
        return _covered(box, asked, iter(range(MOST)))
    except _TooManyParts:
        return False


def _covered(box: Box, others: Sequence[Box], parts: Iterator[int]) -> bool:
    if next(parts, None) is None:
        raise _TooManyParts
    touching = [other for other in others if _touch(box, other)]
    if any(_edge(box, other) is None for other in touching):
        return True
    if not touching:
        return False
    name = _edge(box, touching[0])
    assert name is not None
    (mine,), (its,) = box[name], touching[0][name]
    cut = [mine.both(its), *mine.minus(its)]
    return all(_covered({**box, name: (part,)}, touching, parts) for part in cut)


def _touch(box: Box, other: Box) -> bool:
    """Whether the other may take some of the box; of a list asked twice only who takes all of it counts."""
    return all(
        _implied(box[name], ranges)
        if max(len(box[name]), len(ranges)) > 1
        else not box[name][0].both(ranges[0]).empty
        for name, ranges in other.items()
    )


def _edge(box: Box, other: Box) -> str | None:
    """A field in which the other ends within the box; None where it takes all of it."""
    return next((name for name, ranges in other.items() if not _implied(box[name], ranges)), None)


def _implied(mine: Sequence[Range], its: Sequence[Range]) -> bool:
    """Whether each of their comparisons follows from one of ours."""
    return all(any(one.within(other) for one in mine) for other in its)
