"""The file of the frozen lists: canonical JSON, written row by row, read back as it was."""

import orjson
import pytest

from enforcement.canonical import jcs
from enforcement.checks import lists
from enforcement.checks.campaign_files import canonical
from enforcement.checks.lists import Conflict, Inspector, Listed, Lists

OBJECTS = [
    Listed("91330302MA2AAAAA0J", "330302", "330302/A/company"),
    Listed('摊位"7"', "330302", "330302/-/摊位"),
    Listed("（乙）", "330304", "甲"),
    Listed("𠮷", "330304", "甲"),
]
STAFF = [Inspector("wz-1", ("330300", "330302"), ("加油机", "衡器"), 20), Inspector("wz-2", (), (), 0)]
CONFLICTS = [Conflict("wz-1", "（乙）"), Conflict("wz-1", "𠮷")]


@pytest.mark.parametrize(
    "given",
    [
        Lists(OBJECTS, STAFF, CONFLICTS),
        Lists(OBJECTS, STAFF, []),
        Lists([], [], []),
        Lists(OBJECTS[:1], STAFF[:1], []),
    ],
)
def test_file_of_the_lists_is_their_canonical_json(given: Lists) -> None:
    rows = {name: list(lists.dump(of)) for name, of in given._asdict().items()}
    raw = canonical(given).read()
    assert raw == jcs(rows)
    assert lists.read(orjson.loads(raw)) == given
