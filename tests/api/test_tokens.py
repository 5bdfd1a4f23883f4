"""Bearer tokens: what holds, what does not, and that a rotation is seen."""

import json
import stat
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from joserfc import jwk, jwt

from api.errors import Unauthenticated
from api.keys import MAX_KEY_SET, KeyFile, KeySetAddress, fetch_key_set
from api.tokens import AUDIENCE, DEVELOPMENT, LEEWAY, Caller, Issuer, Verifier, issue
from enforcement.errors import SettingsError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER = "https://idp.example/realms/wenzhou"
ES256 = jwk.ECKey.generate_key("P-256", {"use": "sig", "kid": "one"})
OTHER = jwk.ECKey.generate_key("P-256", {"use": "sig", "kid": "two"})


def claims(**changed: Any) -> dict[str, Any]:
    now = int(NOW.timestamp())
    given = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "wz-lc-017",
        "roles": ["handler", "unit_head"],
        "region": "330302",
        "iat": now,
        "exp": now + 3600,
    }
    return {name: value for name, value in (given | changed).items() if value is not None}


def signed(given: dict[str, Any], key: Any = ES256, alg: str = "ES256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid} | header, given, key, algorithms=[alg])


def key_set(*keys: Any) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


class Clock:
    """A monotonic clock and an address whose key set can be exchanged; counts how often it was asked."""

    def __init__(self, *keys: Any) -> None:
        self.now, self.asked = 0.0, 0
        self.answer: bytes | None = key_set(*keys)

    def __call__(self) -> float:
        return self.now

    def fetch(self, url: str) -> bytes:
        self.asked += 1
        if self.answer is None:
            raise OSError("no answer")
        return self.answer


@pytest.fixture
def provider() -> Clock:
    return Clock(ES256)


@pytest.fixture
def verify(provider: Clock) -> Callable[[str], Caller]:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    return Verifier([Issuer(ISSUER, source)], lambda: NOW).caller


def test_valid_token_names_officer_roles_and_region(verify: Callable[[str], Caller]) -> None:
    caller = verify(signed(claims()))
    assert (caller.actor, caller.roles, caller.region) == ("wz-lc-017", ("handler", "unit_head"), "330302")


def test_single_role_claim_is_taken_as_text(verify: Callable[[str], Caller]) -> None:
    assert verify(signed(claims(roles=None, role="handler reviewer"))).roles == ("handler", "reviewer")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": int(NOW.timestamp()) - LEEWAY - 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"nbf": int(NOW.timestamp()) + LEEWAY + 1}, "claims"),
        ({"iat": int(NOW.timestamp()) + LEEWAY + 1}, "claims"),
        ({"aud": "another-service"}, "aud"),
        ({"aud": None}, "aud"),
        ({"iss": "https://elsewhere.example"}, "issuer"),
        ({"sub": None}, "sub"),
        ({"sub": "Zhang San"}, "sub"),
        ({"region": None}, "region"),
        ({"region": "33"}, "region"),
        ({"roles": []}, "role"),
        ({"roles": {"admin": True}}, "role"),
    ],
)
def test_token_with_a_wrong_claim_is_refused(
    verify: Callable[[str], Caller], changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Unauthenticated, match=reason):
        verify(signed(claims(**changed)))


@pytest.mark.parametrize(
    "changed", [{"exp": int(NOW.timestamp()) - LEEWAY + 2}, {"nbf": int(NOW.timestamp()) + LEEWAY - 2}]
)
def test_clocks_may_differ_by_the_leeway(verify: Callable[[str], Caller], changed: dict[str, Any]) -> None:
    assert verify(signed(claims(**changed))).actor == "wz-lc-017"


def test_token_signed_with_another_key_is_refused(verify: Callable[[str], Caller]) -> None:
    with pytest.raises(Unauthenticated, match="does not hold"):
        verify(signed(claims(), OTHER, kid="one"))


def test_changed_claims_do_not_keep_the_signature(verify: Callable[[str], Caller]) -> None:
    header, _, signature = signed(claims()).split(".")
    forged = urlsafe_b64encode(json.dumps(claims(region="330300")).encode()).decode().rstrip("=")
    with pytest.raises(Unauthenticated, match="does not hold"):
        verify(f"{header}.{forged}.{signature}")


def test_unsigned_token_is_refused(verify: Callable[[str], Caller]) -> None:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "none"}, claims())]
    with pytest.raises(Unauthenticated, match="does not hold"):
        verify(".".join([*parts, ""]))


def test_public_key_is_never_a_shared_secret(verify: Callable[[str], Caller]) -> None:
    secret = jwk.OctKey.import_key(ES256.as_pem(private=False).hex())
    forged = jwt.encode({"alg": "HS256", "kid": "one"}, claims(), secret, algorithms=["HS256"])
    with pytest.raises(Unauthenticated, match="does not hold"):
        verify(forged)


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "é.é.é", "W10.W10.", "." * 9000, "[" * 5000])
def test_what_is_no_token_is_refused(verify: Callable[[str], Caller], token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token)


def test_rotated_key_is_fetched_when_first_met(verify: Callable[[str], Caller], provider: Clock) -> None:
    verify(signed(claims()))
    provider.answer = key_set(ES256, OTHER)
    provider.now = 31.0
    assert verify(signed(claims(), OTHER)).actor == "wz-lc-017"
    assert provider.asked == 2


def test_made_up_key_ids_do_not_ask_the_issuer_again(
    verify: Callable[[str], Caller], provider: Clock
) -> None:
    verify(signed(claims()))
    provider.now = 31.0
    for number in range(20):
        with pytest.raises(Unauthenticated, match="key"):
            verify(signed(claims(), OTHER, kid=f"made-up-{number}"))
    assert provider.asked == 2


def test_withdrawn_key_ends_after_the_key_set_is_stale(provider: Clock) -> None:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    assert source.find("one") is not None
    provider.answer, provider.now = key_set(OTHER), KeySetAddress.fresh_for + 1
    assert source.find("one") is None


def test_silent_issuer_leaves_known_keys_usable_for_a_day(provider: Clock) -> None:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    assert source.find("one") is not None
    provider.answer, provider.now = None, 3600.0
    assert source.find("one") is not None
    provider.now = KeySetAddress.usable_for + 1
    assert source.find("one") is None


def test_issuer_that_never_answered_is_asked_again(provider: Clock) -> None:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    good, provider.answer = provider.answer, None
    assert source.find("one") is None
    provider.answer, provider.now = good, 1.5
    assert source.find("one") is not None


def test_symmetric_and_encryption_keys_are_left_out(provider: Clock) -> None:
    secret = jwk.OctKey.generate_key(256, {"kid": "secret"})
    sealing = jwk.RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})
    keys = [secret.as_dict(private=True), sealing.as_dict(private=False), {"kty": "new"}, "no key"]
    provider.answer = json.dumps({"keys": [*keys, ES256.as_dict(private=False)]}).encode()
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    assert [source.find(kid) is not None for kid in ("secret", "enc", "one")] == [False, False, True]


def test_token_without_key_id_needs_a_single_key(provider: Clock) -> None:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    assert source.find(None) is not None
    provider.answer, provider.now = key_set(ES256, OTHER), KeySetAddress.fresh_for + 1
    assert source.find(None) is None


def test_verified_token_is_kept_only_until_it_ends() -> None:
    moment = [NOW]
    provider = Clock(ES256)
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    verifier = Verifier([Issuer(ISSUER, source)], lambda: moment[0])
    token = signed(claims(exp=int(NOW.timestamp()) + 100))
    assert verifier.caller(token) is verifier.caller(token)
    moment[0] += timedelta(seconds=100 + LEEWAY + 1)
    with pytest.raises(Unauthenticated, match="expired"):
        verifier.caller(token)


def test_table_of_verified_tokens_is_bounded(provider: Clock) -> None:
    source = KeySetAddress("https://idp.example/jwks", provider.fetch, provider)
    verifier = Verifier([Issuer(ISSUER, source)], lambda: NOW, kept=3)
    for number in range(6):
        verifier.caller(signed(claims(jti=str(number))))
    assert len(verifier._callers) == 3


def test_development_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "dev.json"
    first, second = KeyFile(path).create(), KeyFile(path).create()
    assert first.kid == second.kid
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["dev.json"]


def test_development_token_is_taken_by_a_running_server(tmp_path: Path) -> None:
    verifier = Verifier([Issuer(DEVELOPMENT, KeyFile(tmp_path / "dev.json"))], lambda: NOW)
    token = issue(KeyFile(tmp_path / "dev.json"), "wz-lc-017", ["head"], "330300", NOW, timedelta(hours=1))
    assert verifier.caller(token).roles == ("head",)


def test_key_file_may_hold_a_p256_key(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps(ES256.as_dict(private=True)))
    verifier = Verifier([Issuer(DEVELOPMENT, KeyFile(tmp_path / "dev.json"))], lambda: NOW)
    token = issue(KeyFile(tmp_path / "dev.json"), "wz-lc-017", ["head"], "330300", NOW, timedelta(hours=1))
    assert verifier.caller(token).region == "330300"


def test_key_file_without_private_key_is_a_setting_error(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps(ES256.as_dict(private=False)))
    with pytest.raises(SettingsError, match="private key"):
        KeyFile(tmp_path / "dev.json").create()


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, tuple[int, bytes]]]]:
    answers: dict[str, tuple[int, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers[self.path]
            self.send_response(status)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", answers
        listening.shutdown()
        thread.join()


def test_key_set_is_fetched_over_a_socket(server: tuple[str, dict[str, tuple[int, bytes]]]) -> None:
    address, answers = server
    answers["/keys"] = (200, key_set(ES256))
    assert fetch_key_set(address + "/keys") == key_set(ES256)


@pytest.mark.parametrize("answer", [(302, b""), (500, b""), (200, b"x" * (MAX_KEY_SET + 1))])
def test_key_set_is_not_taken_by_redirect_error_or_flood(
    server: tuple[str, dict[str, tuple[int, bytes]]], answer: tuple[int, bytes]
) -> None:
    address, answers = server
    answers["/keys"], answers["/moved"] = (200, key_set(ES256)), answer
    with pytest.raises(OSError, match=r"larger|HTTP Error"):
        fetch_key_set(address + "/moved")


@pytest.mark.parametrize("url", ["http://idp.example/jwks", "file:///etc/passwd", "ftp://127.0.0.1/jwks"])
def test_key_set_comes_over_https_only(url: str) -> None:
    with pytest.raises(OSError, match="https"):
        fetch_key_set(url)
