"""Bearer tokens: JSON Web Tokens of one or more issuers, checked with joserfc and turned into a Caller.

A token names its issuer, is signed with an asymmetric key of that issuer, is meant for us (`aud`), has an end
(`exp`), and says who acts (`sub`: an officer's id), in which roles, and for which region (a GB/T 2260 code).
Nothing in a token is believed before its signature holds. Verified tokens are kept for some minutes in a bounded
table, so that a signature is not checked again with every request.
"""

import json
import re
import threading
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError

from api.errors import Unauthenticated
from api.keys import Key, KeyFile, KeySource
from enforcement.credit.judging import BUSINESS
from enforcement.values import Text, valid_region, valid_uscc

ALGORITHMS = (
    "Ed25519",
    "EdDSA",
    "ES256",
    "ES384",
    "ES512",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
)
AUDIENCE = "steelyard"
DEVELOPMENT = "steelyard-development"
LEEWAY = 60
MAX_TOKEN = 8192
OFFICER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
ROLE = re.compile(r"[a-z][a-z_]{0,31}")

INVALID = Text("the token does not hold", "令牌无效")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the officer's id, the roles in the order of the token, the region to which they reach."""

    actor: str
    roles: tuple[str, ...]
    region: str
    expires: float


@dataclass(frozen=True)
class Issuer:
    """Whose tokens we take, and where its keys are."""

    name: str
    keys: KeySource
    audience: str = AUDIENCE


class Verifier:
    """Turns a bearer token into a Caller, or raises Unauthenticated with the reason."""

    def __init__(
        self,
        issuers: Iterable[Issuer],
        clock: Callable[[], datetime],
        kept: int = 4096,
        kept_for: float = 300.0,
    ) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}
        self._clock = clock
        self._kept = kept
        self._kept_for = kept_for
        self._callers: OrderedDict[str, tuple[float, Caller]] = OrderedDict()
        self._lock = threading.Lock()

    def caller(self, token: str) -> Caller:
        """The caller whom a token speaks for."""
        now = self._clock().timestamp()
        found = self._callers.get(token)
        if found is not None and now < found[0]:
            return found[1]
        caller = self._verify(token, now)
        self._keep(token, min(now + self._kept_for, caller.expires + LEEWAY), caller)
        return caller

    def _keep(self, token: str, until: float, caller: Caller) -> None:
        with self._lock:
            self._callers[token] = (until, caller)
            self._callers.move_to_end(token)
            while len(self._callers) > self._kept:
                self._callers.popitem(last=False)

    def _verify(self, token: str, now: float) -> Caller:
        header, claims = _peek(token)
        issuer = self._issuers.get(str(claims.get("iss")))
        if issuer is None:
            raise Unauthenticated(
                Text("the token comes from an issuer that is not known here", "令牌的签发者未知")
            )
        key = issuer.keys.find(header.get("kid"))
        if key is None:
            raise Unauthenticated(
                Text("the token is signed with a key that is not known here", "令牌的签名密钥未知")
            )
        return caller_of(_checked(token, key, issuer, now))


def _peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before any check; only to find the issuer and its key."""
    try:
        header, claims = (_part(part) for part in token.split(".")[:2])
        if len(token) > MAX_TOKEN or header.get("alg") not in ALGORITHMS:
            raise ValueError("too long, or signed by no algorithm of ours")
        if header.get("kid") is not None and not isinstance(header["kid"], str):
            raise ValueError("kid")
    except (ValueError, RecursionError):
        raise Unauthenticated(INVALID) from None
    return header, claims


def _part(part: str) -> dict[str, Any]:
    found = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _checked(token: str, key: Key, issuer: Issuer, now: float) -> Mapping[str, Any]:
    registry = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer.name},
        aud={"essential": True, "value": issuer.audience},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except ExpiredTokenError:
        raise Unauthenticated(Text("the token has expired", "令牌已过期")) from None
    except (InvalidClaimError, MissingClaimError) as error:
        claim = getattr(error, "claim", None) or str(error)
        raise Unauthenticated(
            Text(f"the token's claims do not hold: {claim}", f"令牌声明无效：{claim}")
        ) from None
    except (JoseError, ValueError):
        raise Unauthenticated(INVALID) from None
    return claims


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Who acts, by claims whose signature holds."""
    subject, region = claims["sub"], claims.get("region")
    roles = _roles(claims.get("roles", claims.get("role")))
    if not isinstance(subject, str) or not _may_be(subject, roles):
        raise Unauthenticated(Text("the token's sub is not an officer's id", "令牌的 sub 不是执法人员编号"))
    if not isinstance(region, str) or not valid_region(region):
        raise Unauthenticated(
            Text("the token names no region (GB/T 2260)", "令牌未载明行政区划代码（GB/T 2260）")
        )
    if not roles:
        raise Unauthenticated(Text("the token names no role", "令牌未载明角色"))
    return Caller(subject, roles, region, float(claims["exp"]))


def _may_be(subject: str, roles: tuple[str, ...]) -> bool:
    """An officer by its id, or a business by its code, which then has no other role."""
    return valid_uscc(subject) if BUSINESS in roles and len(roles) == 1 else bool(OFFICER.fullmatch(subject))


def _roles(claim: Any) -> tuple[str, ...]:
    named = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else []
    return tuple(dict.fromkeys(role for role in named if isinstance(role, str) and ROLE.fullmatch(role)))


def issue(
    key_file: KeyFile,
    actor: str,
    roles: Sequence[str],
    region: str,
    now: datetime,
    life: timedelta,
    audience: str = AUDIENCE,
) -> str:
    """A token of the development issuer; its key is made with the first one."""
    key = key_file.create()
    start = int(now.timestamp())
    claims = {
        "iss": DEVELOPMENT,
        "aud": audience,
        "sub": actor,
        "roles": list(roles),
        "region": region,
        "iat": start,
        "exp": start + int(life.total_seconds()),
    }
    algorithm = str(key.alg or ("ES256" if key.key_type == "EC" else "Ed25519"))
    return jwt.encode(
        {"alg": algorithm, "kid": str(key.kid or key.thumbprint())}, claims, key, algorithms=[algorithm]
    )
