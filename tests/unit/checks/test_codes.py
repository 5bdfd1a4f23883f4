"""The codes that events take are those of the law's lists, each with its words."""

from typing import Any, get_args

import pytest

from enforcement.checks.inspection_events import Code, FollowupCode, Provincial
from enforcement.checks.steps import codes, named
from enforcement.law.tables import load


@pytest.mark.parametrize(
    ("kind", "taken"), [("national", Code), ("provincial", Provincial), ("followup", FollowupCode)]
)
def test_every_code_that_is_taken_has_its_words(kind: str, taken: Any) -> None:
    assert codes(kind) == get_args(taken)
    words = [named(kind, code) for code in codes(kind)]
    assert len({said.zh for said in words}) == len({said.en for said in words}) == len(words)


def test_lists_are_as_long_as_they_were_read() -> None:
    assert [len(load("checks")[kind]) for kind in ("national", "provincial", "followup")] == [8, 19, 6]
