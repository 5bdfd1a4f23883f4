"""The project stands alone: it runs from any folder, on any machine, and carries nothing that should not leave one."""

import configparser
import re
from glob import glob

import pytest

from tests.guards.sources import ROOMS, ROOT, files, texts

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.:/~$}*-])/(?:root|home|Users|work|tmp|mnt|opt|srv)/\w",
    "a host of a package registry": r"pypi\.[a-z]+|pythonhosted\.|npmjs\.|repo1?\.maven|crates\.io|--[a-z-]*index-url",
    "a mark of unfinished work": r"\b(?:TODO|FIXME|XXX|HACK)\b",
    "a merge conflict": r"^(?:<{7} |={7}$|>{7} )",
    "a private key": r"BEGIN [A-Z ]*PRIVATE KEY|\"d\": ?\"[A-Za-z0-9_-]{40,}\"",
}
GUARD = "tests/guards/test_tracked_files.py"
LARGEST = 1_000_000


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_contains_what_must_not(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{file}:{n}: {line.strip()[:120]}"
        for file, n, line in texts()
        if file != GUARD and pattern.search(line)
    ]
    assert found == []


def test_every_shipped_data_file_is_in_the_package() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    packed = {
        path
        for package, patterns in config["options.package_data"].items()
        for pattern in patterns.split()
        for path in glob(str(ROOT / package.replace(".", "/") / pattern), recursive=True)  # noqa: PTH207
    }
    data = [f for f in files() if f.relative_to(ROOT).parts[0] in ROOMS and f.suffix != ".py"]
    assert [str(f.relative_to(ROOT)) for f in data if str(f) not in packed] == []


def test_no_tracked_file_is_very_large() -> None:
    assert [str(f.relative_to(ROOT)) for f in files() if f.stat().st_size > LARGEST] == []
