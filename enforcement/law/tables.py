"""The tables of the law: TOML files under `enforcement/law/data/`, read once, on first use.

This is the only file of `enforcement/law` that reads anything. It knows no meaning: each module that asks for
a table checks its rows and turns them into its own frozen values, so a bad row fails where it is understood.
The dictionary is shared by every caller and must not be changed.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The table `name` (file `data/<name>.toml`) as parsed; FileNotFoundError when there is none."""
    source = files("enforcement.law").joinpath("data", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
