"""Law and case decide on arguments alone, so that a decision can be repeated years later, on any machine."""

import pytest

from tests.guards.sources import attributes, imports, modules, within

PURE = (
    "enforcement.law",
    "enforcement.cases",
    "enforcement.canonical",
    "enforcement.checks.assignment",
    "enforcement.checks.chances",
    "enforcement.checks.document",
    "enforcement.checks.draw",
    "enforcement.checks.eligibility",
    "enforcement.checks.entropy",
    "enforcement.checks.forms",
    "enforcement.checks.frozen",
    "enforcement.checks.iregexp",
    "enforcement.checks.lists",
    "enforcement.checks.plan_rules",
    "enforcement.checks.replacing",
    "enforcement.checks.staffing",
    "enforcement.checks.steps",
    "enforcement.checks.transcript",
    "enforcement.checks.unicode15",
    "enforcement.checks.netcontent",
    "enforcement.checks.netcontent_tables",
    "enforcement.credit.scoring",
    "enforcement.audit.merkle",
    "enforcement.reports.reward",
    "enforcement.reports.redaction.copies",
    "enforcement.reports.redaction.cutting",
    "enforcement.values",
)
# What neither reads nor writes anything, knows no time and no chance.
STANDARD = """
    __future__ abc base64 bisect calendar collections contextlib copy dataclasses datetime decimal difflib enum
    fractions functools hashlib heapq hmac inspect itertools json math operator re statistics string struct textwrap
    types typing unicodedata
"""
FOREIGN = "chinese_calendar marshmallow orjson stdnum"
QUIET = {*STANDARD.split(), *FOREIGN.split()}
READS_LAW = {"enforcement.law.tables": ("importlib.resources", "tomllib", "importlib")}
NOW = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
CHANCE = ("random", "secrets")


@pytest.mark.parametrize("name", [name for name in modules() if within(name, *PURE)])
def test_a_pure_module_imports_nothing_that_acts(name: str) -> None:
    allowed = QUIET | set(READS_LAW.get(name, ()))
    others = [use for use in imports(name) if not within(use.name, "enforcement", *allowed)]
    assert others == []


@pytest.mark.parametrize("name", [name for name in modules() if within(name, "enforcement", "projections")])
def test_nothing_behind_the_ledger_reads_a_clock(name: str) -> None:
    used = [use for use in attributes(name) if ".".join(use.name.split(".")[-2:]) in NOW]
    used += [use for use in imports(name) if within(use.name, *CHANCE) or use.name in NOW]
    assert used == []


def test_only_the_settings_read_the_environment() -> None:
    readers = ("os.environ", "os.getenv", "os.environb")
    others = [name for name in modules() if name != "enforcement.settings"]
    assert [use for name in others for use in attributes(name) if within(use.name, *readers)] == []
    assert [use for name in others for use in imports(name) if within(use.name, *readers)] == []
