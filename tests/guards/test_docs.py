"""The pages made from the tables are equal to what the tables say now."""

from pathlib import Path

import pytest

from api.docs import PAGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_documentation_page_equals_the_code(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run `python -m api.docs`"
