"""Everything configurable, read once from the environment into one frozen object.

A variable that nobody knows or a value that does not fit stops the start with a sentence: a misspelt setting
that is silently ignored is found out in production. Each field carries its variable, default and meaning, from
which the table in the README is made; STEELYARD_TEST_… belongs to the tests and is left alone.

No module but the entry points reads the environment; everything else is handed what it needs.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from enforcement import databases
from enforcement.errors import SettingsError
from enforcement.setting_kinds import (
    BROKERS,
    DATABASE,
    DIVISION,
    FILE,
    FILES,
    HOST,
    NAME,
    ORIGIN,
    SECRET,
    TOPIC_PREFIX,
    URL,
    WORD,
    Kind,
    decimal,
    one_of,
    whole,
)
from enforcement.values import Text

PREFIX = "STEELYARD_"
TESTS = "STEELYARD_TEST_"
DB_FUNCTIONS = "POSTGRES_ENABLE_DB_FUNCTIONS"
FALSE = frozenset({"", "n", "no", "f", "false", "off", "0"})


def setting(
    name: str, kind: Kind, default: str | None, meaning: str, shown: str = "", **field_options: Any
) -> Any:
    """A field of Settings; `shown` describes a default that follows from other settings."""
    metadata = {
        "env": PREFIX + name,
        "kind": kind,
        "default": default,
        "shown": shown or default or "not set",
        "meaning": meaning,
    }
    return field(metadata=metadata, **field_options)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation may choose. Addresses do not show in the repr: they can hold a password."""

    database_url: str = setting(
        "DATABASE_URL", DATABASE, "sqlite:///var/steelyard.db", "where the ledger lives", repr=False
    )
    read_database_url: str = setting(
        "READ_DATABASE_URL",
        DATABASE,
        None,
        "where the read models live",
        "`…-read.db` beside the ledger's file; the same PostgreSQL",
        repr=False,
    )
    keys_database_url: str = setting(
        "KEYS_DATABASE_URL",
        DATABASE,
        None,
        "where the keys of sealed personal data and the hashes of codes live",
        "`…-keys.db` beside the ledger's file; the same PostgreSQL",
        repr=False,
    )
    seal_key_file: Path = setting(
        "SEAL_KEY_FILE", FILE, "var/seal-key", "the bureau's key that wraps these keys, made on first use"
    )
    seal_key: str | None = setting(
        "SEAL_KEY",
        SECRET,
        None,
        "the same key given here instead of in a file: base64, the current one first, separated by commas",
        repr=False,
    )
    signing_key_file: Path = setting(
        "SIGNING_KEY_FILE", FILE, "var/signing-key", "the ledger's Ed25519 key, made on first use"
    )
    ledger_name: str = setting("LEDGER_NAME", NAME, "wenzhou", "the name of this bureau's ledger, for good")
    origin: str = setting(
        "ORIGIN", ORIGIN, None, "origin in signed heads, ends with the name", "steelyard.local/ledgers/<name>"
    )
    region: str = setting(
        "REGION", DIVISION, "330300", "the bureau's own division (GB/T 2260): its tokens see every case"
    )
    host: str = setting("HOST", HOST, "127.0.0.1", "address to listen on")
    port: int = setting("PORT", whole(1, 65535, "a whole number", "整数"), "8080", "port to listen on")
    auth_key_file: Path = setting(
        "AUTH_KEY_FILE", FILE, "var/dev-key.json", "key of the development issuer behind `steelyard token`"
    )
    files_url: str = setting(
        "FILES_URL", FILES, "var/files", "folder or store of the files outside the ledger", repr=False
    )
    oidc_issuer: str | None = setting(
        "OIDC_ISSUER", URL, None, "`iss` of the tokens of your identity provider"
    )
    oidc_jwks_url: str | None = setting("OIDC_JWKS_URL", URL, None, "where its public keys are")
    oidc_audience: str | None = setting("OIDC_AUDIENCE", WORD, None, "the `aud` its tokens must carry")
    max_body: int = setting(
        "MAX_BODY",
        whole(1024, 64 * 1024 * 1024, "a whole number of bytes", "字节整数"),
        str(1024 * 1024),
        "largest request body, in bytes",
    )
    wait_seconds: float = setting(
        "WAIT_SECONDS",
        decimal(0, 60, "a number of seconds", "秒数"),
        "2",
        "how long a read with `After:` waits for its position",
    )
    pool_size: int = setting(
        "POOL_SIZE", whole(1, 100, "a whole number", "整数"), "2", "database connections kept open, a process"
    )
    kafka: str | None = setting("KAFKA", BROKERS, None, "Kafka brokers; not set: one process, embedded")
    kafka_client: str = setting(
        "KAFKA_CLIENT",
        one_of("kafka-python", "librdkafka"),
        "kafka-python",
        "client library; librdkafka is faster and needs the extra `librdkafka`",
    )
    kafka_security: str = setting(
        "KAFKA_SECURITY",
        one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
        "PLAINTEXT",
        "how the brokers are spoken to, in Kafka's words",
    )
    kafka_ca_file: Path | None = setting(
        "KAFKA_CA_FILE", FILE, None, "certificates (PEM) that the brokers are checked against"
    )
    kafka_cert_file: Path | None = setting(
        "KAFKA_CERT_FILE", FILE, None, "this program's own certificate (PEM), where brokers ask for one"
    )
    kafka_key_file: Path | None = setting("KAFKA_KEY_FILE", FILE, None, "the private key (PEM) to it")
    kafka_sasl_mechanism: str = setting(
        "KAFKA_SASL_MECHANISM",
        one_of("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"),
        "SCRAM-SHA-512",
        "how this program proves who it is",
    )
    kafka_sasl_user: str | None = setting("KAFKA_SASL_USER", WORD, None, "its name at the brokers")
    kafka_sasl_password_file: Path | None = setting(
        "KAFKA_SASL_PASSWORD_FILE", FILE, None, "file whose first line is the password"
    )
    topic_prefix: str = setting(
        "TOPIC_PREFIX", TOPIC_PREFIX, "steelyard.", "first part of every topic's name"
    )
    partitions: int = setting(
        "PARTITIONS",
        whole(1, 1000, "a whole number", "整数"),
        "12",
        "partitions of a topic when it is first made; fixed from then on",
    )
    relay_poll: float = setting(
        "RELAY_POLL",
        decimal(0.05, 60, "a number of seconds", "秒数"),
        "1",
        "longest time in seconds that a lost wake-up costs the relay",
    )
    relay_lease: float = setting(
        "RELAY_LEASE",
        decimal(2, 600, "a number of seconds", "秒数"),
        "15",
        "silence in seconds after which a waiting relay takes the place of the active one",
    )
    behind_limit: float = setting(
        "BEHIND_LIMIT",
        decimal(1, 86400, "a number of seconds", "秒数"),
        "60",
        "how far the relay or a read model may be behind, in seconds, before `/readyz` is red",
    )
    metrics_port: int | None = setting(
        "METRICS_PORT",
        whole(0, 65535, "a whole number", "整数"),
        None,
        "port on which a relay or worker shows its figures to Prometheus",
    )
    log: str = setting("LOG", one_of("console", "json"), "console", "form of the log lines")
    jurisdiction: str = setting(
        "JURISDICTION", one_of("zhejiang", "national"), "zhejiang", "whose rules stand over the national ones"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> Self:
        """Read the environment; SettingsError names every variable that is unknown or does not fit."""
        environ = os.environ if environ is None else environ
        values, faults = _read(cls, environ, cwd or Path.cwd())
        faults = [*_unknown(cls, environ), *_unsafe(environ), *faults]
        if not faults:
            _derive(values)
            faults = list(_contradictions(values))
        if faults:
            raise SettingsError(Text("; ".join(f.en for f in faults), "；".join(f.zh for f in faults)))
        return cls(**values)

    def recorder_env(self) -> dict[str, str]:
        """What the `eventsourcing` library reads to open the ledger."""
        return databases.recorder_env(self.database_url, self.pool_size)


def _read(cls: type[Settings], environ: Mapping[str, str], cwd: Path) -> tuple[dict[str, Any], list[Text]]:
    values: dict[str, Any] = {}
    faults = []
    for item in fields(cls):
        variable, kind = item.metadata["env"], item.metadata["kind"]
        text = environ.get(variable, "").strip() or item.metadata["default"]
        try:
            values[item.name] = None if text is None else kind.read(text, cwd)
        except ValueError:
            faults.append(_misfit(variable, text, kind.expected))
    return values, faults


def _misfit(variable: str, text: str, expected: Text) -> Text:
    if variable == PREFIX + "SEAL_KEY":
        text = "***"
    shown = re.sub(r"//([^:@/]*):[^@]*@", r"//\1:***@", text)
    return Text(
        f"{variable} is {shown!r}; expected is {expected.en}",
        f"{variable} 的值为 {shown!r}，应为 {expected.zh}",
    )


def _unknown(cls: type[Settings], environ: Mapping[str, str]) -> Iterator[Text]:
    known = [item.metadata["env"] for item in fields(cls)]
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable.startswith(TESTS) or variable in known:
            continue
        near = difflib.get_close_matches(variable, known, 1)
        hint, hint_zh = (f"; did you mean {near[0]}?", f"；是否指 {near[0]}？") if near else ("", "")
        yield Text(
            f"{variable} is not a setting of this program{hint}", f"{variable} 不是本程序的设置{hint_zh}"
        )


def _unsafe(environ: Mapping[str, str]) -> Iterator[Text]:
    """The library's insert function drops the table lock, and readers that follow the ledger skip events."""
    for variable, value in environ.items():
        if variable.upper().endswith(DB_FUNCTIONS) and value.strip().lower() not in FALSE:
            yield Text(
                f"{variable} is set: with it, events are committed out of the order of their positions and "
                "readers that follow the ledger miss some for good; unset it",
                f"{variable} 已设置：启用后事件提交顺序与位置不一致，跟随账本的读取方会永久漏读；请取消该设置",
            )


def _derive(values: dict[str, Any]) -> None:
    url = values["database_url"]
    if values["read_database_url"] is None:
        values["read_database_url"] = url
        if databases.is_sqlite(url):
            ledger = databases.file(url)
            values["read_database_url"] = f"sqlite:///{ledger.with_name(ledger.stem + '-read.db')}"
    if values["keys_database_url"] is None:
        values["keys_database_url"] = url
        if databases.is_sqlite(url):
            ledger = databases.file(url)
            values["keys_database_url"] = f"sqlite:///{ledger.with_name(ledger.stem + '-keys.db')}"
    if values["origin"] is None:
        values["origin"] = f"steelyard.local/ledgers/{values['ledger_name']}"


def _contradictions(values: Mapping[str, Any]) -> Iterator[Text]:
    name = values["ledger_name"]
    if not values["origin"].endswith(f"/ledgers/{name}"):
        yield Text(
            f"STEELYARD_ORIGIN is {values['origin']!r}; it must end with /ledgers/{name}, the name of the ledger",
            f"STEELYARD_ORIGIN 的值为 {values['origin']!r}，须以账本名 /ledgers/{name} 结尾",
        )
    if values["read_database_url"] == values["database_url"] and databases.is_sqlite(values["database_url"]):
        yield Text(
            "STEELYARD_READ_DATABASE_URL names the ledger's own file; read models can be dropped, the ledger cannot: "
            "give them a file of their own",
            "STEELYARD_READ_DATABASE_URL 指向账本文件；读模型可以丢弃，账本不可以：请另设文件",
        )
    if values["keys_database_url"] in (values["database_url"], values["read_database_url"]) and (
        databases.is_sqlite(values["keys_database_url"])
    ):
        yield Text(
            "STEELYARD_KEYS_DATABASE_URL names a file of the ledger or the read models; keys can be destroyed, the "
            "ledger cannot: give them a file of their own",
            "STEELYARD_KEYS_DATABASE_URL 指向账本或读模型文件；密钥可以销毁，账本不可以：请另设文件",
        )
    yield from _kafka(values)
    given = {key for key in ("oidc_issuer", "oidc_jwks_url", "oidc_audience") if values[key]}
    if given and len(given) < 3:
        yield Text(
            "STEELYARD_OIDC_ISSUER, STEELYARD_OIDC_JWKS_URL and STEELYARD_OIDC_AUDIENCE are set together or not at all",
            "STEELYARD_OIDC_ISSUER、STEELYARD_OIDC_JWKS_URL 与 STEELYARD_OIDC_AUDIENCE 须同时设置或均不设置",
        )


def _kafka(values: Mapping[str, Any]) -> Iterator[Text]:
    """Half of a pair would be found out at the first connection, by a message about something else."""
    login = {bool(values["kafka_sasl_user"]), bool(values["kafka_sasl_password_file"])}
    if login != {values["kafka_security"].startswith("SASL_")}:
        yield Text(
            "STEELYARD_KAFKA_SASL_USER and STEELYARD_KAFKA_SASL_PASSWORD_FILE are set together, with a "
            "STEELYARD_KAFKA_SECURITY that begins with SASL_, or not at all",
            "STEELYARD_KAFKA_SASL_USER 与 STEELYARD_KAFKA_SASL_PASSWORD_FILE 须同时设置，"
            "且 STEELYARD_KAFKA_SECURITY 须以 SASL_ 开头；否则均不设置",
        )
    if bool(values["kafka_cert_file"]) != bool(values["kafka_key_file"]):
        yield Text(
            "STEELYARD_KAFKA_CERT_FILE and STEELYARD_KAFKA_KEY_FILE are set together or not at all",
            "STEELYARD_KAFKA_CERT_FILE 与 STEELYARD_KAFKA_KEY_FILE 须同时设置或均不设置",
        )
