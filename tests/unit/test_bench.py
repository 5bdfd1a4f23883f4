"""Every suite of `make bench` can be asked for by its name; what they measure is never asserted."""

import importlib
import inspect
import signal

import pytest

from tests.bench import __main__ as bench
from tests.bench.frame import Figure


@pytest.mark.parametrize("name", bench.EMBEDDED + bench.SERVICES)
def test_every_suite_gives_its_figures(name: str) -> None:
    suite = importlib.import_module(f"tests.bench.{name}")
    assert len(inspect.signature(suite.figures).parameters) == 2
    assert suite.__doc__


def test_a_suite_that_fails_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = Figure("one", 1.0, 2.0, 0.5, "-", "s", "-")

    class Good:
        figures = staticmethod(lambda folder, long: iter([figure]))

    class Bad:
        figures = staticmethod(lambda folder, long: 1 / 0)

    suites = {"tests.bench.good": Good, "tests.bench.bad": Bad}
    monkeypatch.setattr(bench.importlib, "import_module", suites.__getitem__)
    assert bench.main(["bad", "good"], long=False) == 1
    said = capsys.readouterr()
    assert '"name": "one"' in said.out
    assert "ZeroDivisionError" in said.err


def test_a_suite_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Endless:
        figures = staticmethod(lambda folder, long: signal.raise_signal(signal.SIGALRM))

    monkeypatch.setattr(bench.importlib, "import_module", lambda name: Endless)
    assert bench.main(["endless"], long=False) == 1
    assert f"TimeoutError: more than {bench.LIMIT} s" in capsys.readouterr().err
