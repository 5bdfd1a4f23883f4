"""A skipped test is a promise not kept, so the set of them is fixed in `expected_skips.txt`.

The run fails when a test is skipped that does not stand there, when one that stands there is not skipped, and,
in a full run, when a line names a test that does not exist. Expected failures (xfail) are not skips.

A line `<beginning of test ids> — <reason> | without <programs>` allows skips while one of the programs is not on
the PATH: an ordinary user cannot install them. Where they are, as in continuous integration, it allows nothing.
"""

import shutil
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("expected_skips.txt")
SEPARATOR = " — "
WITHOUT = " | without "


def expected(text: str) -> dict[str, str]:
    """Test id → reason; ValueError for a line without a reason."""
    reasons = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#") and WITHOUT not in line:
            test, separator, reason = line.partition(SEPARATOR)
            if not separator or not reason.strip():
                raise ValueError(f"{LIST.name}: {line!r} gives no reason")
            reasons[test.strip()] = reason.strip()
    return reasons


def allowed(text: str) -> tuple[str, ...]:
    """The beginnings of test ids that may be skipped here, because a program that they need is missing."""
    found = []
    for line in text.splitlines():
        rule, separator, programs = line.partition(WITHOUT)
        if separator and not line.startswith("#") and not all(map(shutil.which, programs.split())):
            found.append(rule.partition(SEPARATOR)[0].strip())
    return tuple(found)


def differences(expected: set[str], skipped: set[str], seen: set[str], full: bool) -> list[str]:
    """What does not agree, as sentences; nothing when all is as it should be."""
    found = [f"skipped, but not in {LIST.name}: {test}" for test in sorted(skipped - expected)]
    found += [f"in {LIST.name}, but not skipped: {test}" for test in sorted(expected & seen - skipped)]
    if full:
        found += [f"in {LIST.name}, but there is no such test: {test}" for test in sorted(expected - seen)]
    return found


class SkipWatch:
    """Collects the outcome of every test where the results of all workers arrive."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skipped: set[str] = set()
        self.seen: set[str] = set()
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seen.add(report.nodeid)
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.seen.add(report.nodeid)
            self.skipped.add(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        text = LIST.read_text("utf-8")
        may = allowed(text)
        skipped = {test for test in self.skipped if not test.startswith(may)} if may else self.skipped
        self.found = differences(set(expected(text)), skipped, self.seen, self._is_full())
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.found:
            terminalreporter.section("unexpected skips", red=True)
            for line in self.found:
                terminalreporter.line(line, red=True)

    def _is_full(self) -> bool:
        narrowed = any(
            self.config.getoption(name, None) for name in ("keyword", "markexpr", "lf", "collectonly")
        )
        return self.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipWatch(config), "steelyard-skips")
