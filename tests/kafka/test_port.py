"""The parts of the port that need no broker: windows, partitions, settings, the choice of a client."""

from pathlib import Path

import pytest

from enforcement.settings import Settings
from streams import clients, trouble
from streams.partitioning import murmur2, partition
from streams.port import WINDOW_BYTES, WINDOW_RECORDS, Access, Fatal, Record, windows


def record(size: int = 0) -> Record:
    return Record("t", b"", b"x" * size)


def test_windows_hold_every_record_in_order() -> None:
    given = [Record("t", b"%d" % n, b"") for n in range(2 * WINDOW_RECORDS + 1)]
    found = list(windows(given))
    assert [len(window) for window in found] == [WINDOW_RECORDS, WINDOW_RECORDS, 1]
    assert [r for window in found for r in window] == given
    assert list(windows([])) == []


def test_windows_are_bounded_in_bytes() -> None:
    sizes = [WINDOW_BYTES // 2 + 1] * 3 + [10 * WINDOW_BYTES, 1, 1]
    found = [[len(r.value or b"") for r in window] for window in windows([record(size) for size in sizes])]
    assert found == [sizes[:2], sizes[2:4], sizes[4:]]


# The table of Kafka's own tests of its Java client; the numbers there are signed.
JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize("key", JAVA)
def test_keys_are_hashed_as_java_hashes_them(key: bytes) -> None:
    assert murmur2(key) == JAVA[key] % 2**32
    assert partition(key, 12) == (JAVA[key] & 0x7FFFFFFF) % 12


def test_the_settings_become_an_access(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a b\nnot this\n", "utf-8")
    variables = {
        "KAFKA": "one:9093,two:9093",
        "KAFKA_SECURITY": "SASL_SSL",
        "KAFKA_CA_FILE": "ca.pem",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-256",
        "KAFKA_SASL_USER": "relay",
        "KAFKA_SASL_PASSWORD_FILE": "password",
    }
    settings = Settings.from_env({f"STEELYARD_{name}": value for name, value in variables.items()}, tmp_path)
    access = Access.of(settings)
    assert (access.brokers, access.security, access.mechanism) == (
        "one:9093,two:9093",
        "SASL_SSL",
        "SCRAM-SHA-256",
    )
    assert (access.ca_file, access.user, access.password()) == (tmp_path / "ca.pem", "relay", "a b")
    assert Access(brokers="one:9092").password() is None


def test_a_client_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(clients.MODULES, "librdkafka", ("streams.not_there", "librdkafka"))
    with pytest.raises(Fatal, match=r"pip install 'steelyard\[librdkafka\]'"):
        clients.library("librdkafka", Access(brokers="one:9092"))


def test_trouble_is_told_in_both_languages() -> None:
    error = trouble.too_large("steelyard.ledger.v1", b"case-7", "1 MB")
    assert "case-7" in error.message.en
    assert "case-7" in error.message.zh
    assert str(error) == error.message.en
