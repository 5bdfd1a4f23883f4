"""The page for integrators as programs: its consumer, its functions, its example."""

import re
from pathlib import Path
from types import SimpleNamespace

PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"


def blocks(language: str) -> list[str]:
    """The blocks of code of the page, in order."""
    found: list[str] = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return found


def program() -> str:
    """The consumer as a file that can be started."""
    return blocks("python")[0]


def consumer() -> SimpleNamespace:
    """Everything that the page defines, not started."""
    defined: dict[str, object] = {"__name__": "page"}
    for block in blocks("python"):
        exec(compile(block, str(PAGE), "exec"), defined)
    return SimpleNamespace(**defined)
