"""The pages made from the tables are equal to what the tables say now."""

from pathlib import Path

import pytest

from api.docs import PAGES, README_TABLES, readme

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_documentation_page_equals_the_code(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run `python -m api.docs`"


@pytest.mark.parametrize("name", README_TABLES)
def test_readme_table_equals_the_code(name: str) -> None:
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert f"<!-- {name} -->" in text
    assert README_TABLES[name]() in readme(text)
    assert README_TABLES[name]() in text, "run `python -m api.docs`"
