"""Settings: every variable is read, every wrong one is refused with a sentence that helps."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from enforcement.errors import SettingsError
from enforcement.settings import Settings

CWD = Path("somewhere").absolute()
SERVER = "postgresql+psycopg://writer:p%40ss@db.example:6432/ledger"


def read(**variables: str) -> Settings:
    return Settings.from_env({f"STEELYARD_{name}": value for name, value in variables.items()}, CWD)


def refusal(**variables: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(**variables)
    return caught.value


def test_an_empty_environment_gives_the_embedded_program() -> None:
    settings = Settings.from_env({}, CWD)
    assert settings.database_url == f"sqlite:///{CWD}/var/steelyard.db"
    assert settings.read_database_url == f"sqlite:///{CWD}/var/steelyard-read.db"
    assert settings.keys_database_url == f"sqlite:///{CWD}/var/steelyard-keys.db"
    assert settings.origin == "steelyard.local/ledgers/wenzhou"
    assert settings.auth_key_file == CWD / "var/dev-key.json"
    assert (settings.host, settings.port, settings.kafka) == ("127.0.0.1", 8080, None)
    assert (settings.max_body, settings.wait_seconds, settings.pool_size) == (1_048_576, 2.0, 2)


VALUES = {
    "DATABASE_URL": ("sqlite:///ledgers/wz.db", f"sqlite:///{CWD}/ledgers/wz.db"),
    "READ_DATABASE_URL": (SERVER, SERVER),
    "KEYS_DATABASE_URL": (SERVER, SERVER),
    "SEAL_KEY_FILE": ("keys/seal", CWD / "keys/seal"),
    "SEAL_KEY": (f"{'A' * 43}=,{'B' * 43}=", f"{'A' * 43}=,{'B' * 43}="),
    "SIGNING_KEY_FILE": ("keys/sign", CWD / "keys/sign"),
    "LEDGER_NAME": ("lucheng-2", "lucheng-2"),
    "ORIGIN": ("wz.example/ledgers/wenzhou", "wz.example/ledgers/wenzhou"),
    "HOST": ("0.0.0.0", "0.0.0.0"),
    "PORT": ("9090", 9090),
    "AUTH_KEY_FILE": ("keys/dev.json", CWD / "keys/dev.json"),
    "FILES_URL": ("evidence", f"file://{CWD}/evidence"),
    "OIDC_ISSUER": ("https://id.example/realms/wz", "https://id.example/realms/wz"),
    "OIDC_JWKS_URL": ("https://id.example/jwks", "https://id.example/jwks"),
    "OIDC_AUDIENCE": ("steelyard", "steelyard"),
    "MAX_BODY": ("2048", 2048),
    "WAIT_SECONDS": ("0.5", 0.5),
    "POOL_SIZE": ("4", 4),
    "KAFKA": ("kafka-1:9092,kafka-2:9092", "kafka-1:9092,kafka-2:9092"),
    "KAFKA_CLIENT": ("librdkafka", "librdkafka"),
    "KAFKA_SECURITY": ("SASL_PLAINTEXT", "SASL_PLAINTEXT"),
    "KAFKA_CA_FILE": ("tls/ca.pem", CWD / "tls/ca.pem"),
    "KAFKA_CERT_FILE": ("tls/own.pem", CWD / "tls/own.pem"),
    "KAFKA_KEY_FILE": ("tls/own.key", CWD / "tls/own.key"),
    "KAFKA_SASL_MECHANISM": ("SCRAM-SHA-256", "SCRAM-SHA-256"),
    "KAFKA_SASL_USER": ("relay", "relay"),
    "KAFKA_SASL_PASSWORD_FILE": ("run/password", CWD / "run/password"),
    "TOPIC_PREFIX": ("wz.", "wz."),
    "PARTITIONS": ("24", 24),
    "RELAY_POLL": ("0.5", 0.5),
    "RELAY_LEASE": ("30", 30.0),
    "BEHIND_LIMIT": ("90", 90.0),
    "METRICS_PORT": ("9464", 9464),
    "LOG": ("json", "json"),
    "JURISDICTION": ("national", "national"),
    "REGION": ("330302", "330302"),
}
TOGETHER = {name: VALUES[name][0] for name in ("OIDC_ISSUER", "OIDC_JWKS_URL", "OIDC_AUDIENCE")}
PAIR = {name: VALUES[name][0] for name in ("KAFKA_CERT_FILE", "KAFKA_KEY_FILE")}
LOGIN = {
    "KAFKA_SECURITY": "SASL_SSL",
    "KAFKA_SASL_USER": "relay",
    "KAFKA_SASL_PASSWORD_FILE": "run/password",
}


def test_these_examples_cover_every_setting() -> None:
    assert {item.metadata["env"] for item in fields(Settings)} == {f"STEELYARD_{name}" for name in VALUES}


@pytest.mark.parametrize("name", VALUES)
def test_a_variable_sets_its_field(name: str) -> None:
    given, expected = VALUES[name]
    others: dict[str, str] = next((group for group in (TOGETHER, PAIR, LOGIN) if name in group), {})
    variables = others | {name: given}
    assert getattr(read(**variables), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///var/"),
        ("DATABASE_URL", "postgres://writer@db/ledger"),
        ("DATABASE_URL", "postgresql+psycopg://db/ledger"),
        ("DATABASE_URL", "postgresql+psycopg://writer@db"),
        ("DATABASE_URL", "postgresql+psycopg://writer@db:port/ledger"),
        ("DATABASE_URL", "postgresql+psycopg://writer@db/ledger?sslmode=require"),
        ("DATABASE_URL", "postgresql+psycopg://writer@db/ledger?host"),
        ("LEDGER_NAME", "Wenzhou"),
        ("ORIGIN", "wz.example"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80a"),
        ("MAX_BODY", "1e6"),
        ("MAX_BODY", "10"),
        ("WAIT_SECONDS", "-1"),
        ("WAIT_SECONDS", "nan"),
        ("POOL_SIZE", "0"),
        ("KAFKA", "kafka"),
        ("KAFKA", "kafka:9092,"),
        ("TOPIC_PREFIX", "a/b"),
        ("PARTITIONS", "0"),
        ("RELAY_POLL", "0"),
        ("RELAY_LEASE", "1"),
        ("BEHIND_LIMIT", "0.5"),
        ("KAFKA_CLIENT", "pykafka"),
        ("KAFKA_SECURITY", "TLS"),
        ("KAFKA_SASL_MECHANISM", "GSSAPI"),
        ("LOG", "xml"),
        ("JURISDICTION", "jiangsu"),
        ("FILES_URL", "://evidence"),
        ("FILES_URL", "a b://evidence"),
        ("OIDC_ISSUER", "id.example"),
    ],
)
def test_a_value_that_does_not_fit_is_refusal(name: str, value: str) -> None:
    error = refusal(**{name: value})
    assert str(error).startswith(f"STEELYARD_{name} is {value!r}; expected is ")
    assert error.message.zh.startswith(f"STEELYARD_{name} 的值为 {value!r}，应为 ")


def test_a_store_of_files_keeps_its_address() -> None:
    assert read(FILES_URL="s3://evidence/wz").files_url == "s3://evidence/wz"


def test_an_unknown_variable_is_refused_with_a_guess() -> None:
    error = refusal(DATABSE_URL="sqlite:///x.db")
    assert str(error) == (
        "STEELYARD_DATABSE_URL is not a setting of this program; did you mean STEELYARD_DATABASE_URL?"
    )


def test_every_fault_is_named_at_once() -> None:
    error = refusal(PORT="x", COLOUR="red", LOG="y")
    assert [part.split()[0] for part in str(error).split("; ") if part.startswith("STEELYARD")] == [
        "STEELYARD_COLOUR",
        "STEELYARD_PORT",
        "STEELYARD_LOG",
    ]


def test_an_empty_value_means_the_default() -> None:
    assert read(KAFKA="", PORT=" ").port == 8080


def test_variables_of_the_tests_are_left_alone() -> None:
    assert read(TEST_DATABASE_URL="anything") == read()


def test_a_refusal_does_not_show_the_password() -> None:
    assert "secret" not in str(refusal(DATABASE_URL="postgres://writer:secret@db/ledger"))
    assert "secret" not in repr(read(DATABASE_URL="postgresql+psycopg://writer:secret@db/ledger"))


def test_the_origin_follows_the_name_and_must_match() -> None:
    assert read(LEDGER_NAME="ouhai").origin == "steelyard.local/ledgers/ouhai"
    assert "must end with /ledgers/ouhai" in str(
        refusal(LEDGER_NAME="ouhai", ORIGIN="wz.example/ledgers/wenzhou")
    )


def test_read_models_never_share_the_file_of_the_ledger() -> None:
    error = refusal(DATABASE_URL="sqlite:///a.db", READ_DATABASE_URL=f"sqlite:///{CWD}/a.db")
    assert "give them a file of their own" in str(error)


def test_on_a_server_read_models_share_the_database() -> None:
    assert read(DATABASE_URL=SERVER).read_database_url == SERVER


@pytest.mark.parametrize("missing", TOGETHER)
def test_an_identity_provider_is_set_as_a_whole(missing: str) -> None:
    rest = {name: value for name, value in TOGETHER.items() if name != missing}
    assert "set together or not at all" in str(refusal(**rest))


@pytest.mark.parametrize("missing", PAIR)
def test_a_certificate_and_its_key_go_together(missing: str) -> None:
    rest = {name: value for name, value in PAIR.items() if name != missing}
    assert "KAFKA_KEY_FILE are set together or not at all" in str(refusal(**rest))


@pytest.mark.parametrize("missing", LOGIN)
def test_a_login_to_kafka_is_set_as_a_whole(missing: str) -> None:
    rest = {name: value for name, value in LOGIN.items() if name != missing}
    assert "that begins with SASL_, or not at all" in str(refusal(**rest))


@pytest.mark.parametrize("variable", ["POSTGRES_ENABLE_DB_FUNCTIONS", "LEDGER_POSTGRES_ENABLE_DB_FUNCTIONS"])
def test_functions_that_make_readers_skip_events_are_refusal(variable: str) -> None:
    with pytest.raises(SettingsError, match="readers that follow the ledger miss some for good"):
        Settings.from_env({variable: "y"}, CWD)
    assert Settings.from_env({variable: "no"}, CWD) == read()


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEELYARD_PORT", "8181")
    assert Settings.from_env().port == 8181
    assert Settings.from_env().auth_key_file == Path.cwd() / "var/dev-key.json"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


def test_a_file_becomes_the_library_environment() -> None:
    env = read().recorder_env()
    assert env["SQLITE_DBNAME"] == f"{CWD}/var/steelyard.db"
    assert env["ORIGINATOR_ID_TYPE"] == "text"
    assert env["PERSISTENCE_MODULE"] == "enforcement.store.sqlite:SQLiteStore"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (SERVER, ("db.example", "6432", "writer", "p@ss", "ledger")),
        ("postgresql+psycopg://writer@/ledger?host=/run/db", ("/run/db", "5432", "writer", "", "ledger")),
        ("postgresql+psycopg://writer@db/a%20b", ("db", "5432", "writer", "", "a b")),
    ],
)
def test_a_server_becomes_the_library_environment(url: str, parts: tuple[str, ...]) -> None:
    env = read(DATABASE_URL=url, POOL_SIZE="3").recorder_env()
    assert tuple(env[f"POSTGRES_{name}"] for name in ("HOST", "PORT", "USER", "PASSWORD", "DBNAME")) == parts
    assert (env["POSTGRES_POOL_SIZE"], env["POSTGRES_MAX_OVERFLOW"], env["POSTGRES_LOCK_TIMEOUT"]) == (
        "3",
        "6",
        "1",
    )
    assert env["POSTGRES_ENABLE_DB_FUNCTIONS"] == "n"


def test_keys_do_not_share_a_file_with_what_is_kept_for_good() -> None:
    for other in ("DATABASE_URL", "READ_DATABASE_URL"):
        same = {other: "sqlite:///var/one.db", "KEYS_DATABASE_URL": "sqlite:///var/one.db"}
        assert "give them a file of their own" in str(refusal(**same))


def test_a_bad_seal_key_is_not_repeated() -> None:
    for bad in ("c2VjcmV0", f"{'A' * 43}=,"):
        assert bad not in str(refusal(SEAL_KEY=bad))
    good = read(SEAL_KEY=f"{'A' * 43}=")
    assert "A" * 43 not in repr(good)
