"""Every setting says what it is for, and no text names a setting that does not exist."""

import re
from dataclasses import fields

from enforcement.settings import PREFIX, TESTS, Settings
from tests.guards.sources import texts

NAMES = {item.metadata["env"] for item in fields(Settings)}


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert len(NAMES) == len(fields(Settings))
    assert {PREFIX + item.name.upper() for item in fields(Settings)} == NAMES


def test_every_setting_tells_default_and_meaning() -> None:
    for item in fields(Settings):
        assert item.metadata["shown"], item.name
        assert len(item.metadata["meaning"].split()) >= 3, item.name
        assert item.metadata["kind"].expected.en, item.name
        assert item.metadata["kind"].expected.zh, item.name


def test_no_text_names_an_unknown_setting() -> None:
    unknown = [
        f"{file}:{number}: {name}"
        for file, number, line in texts()
        if not file.startswith("tests/")
        for name in re.findall(rf"\b{PREFIX}[A-Z][A-Z_]*[A-Z]\b", line)
        if name not in NAMES and not name.startswith(TESTS)
    ]
    assert unknown == []
