"""Where the chance comes from (`steelyard-draw-1`, section 2): nonces behind commitments, and a public number.

Nobody may choose the seed: every party commits to its nonce before the lists are frozen, and the public number is
fixed after all have revealed. What does not fit is refused with DrawRefused. Pure: nonces are arguments.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from enforcement.checks import forms, iregexp
from enforcement.checks.document import BYTE_FOR_BYTE, check_unicode, refuse
from enforcement.checks.frozen import ALGORITHM, plan_hash

REVEAL = forms.record(name=forms.name, nonce=forms.hash_)

Reveals = Sequence[Mapping[str, str]]
"""`{"name", "nonce"}` in the order of the parties, the nonce in hex."""


def commitment(campaign: str, name: str, nonce: bytes) -> bytes:
    """H(0x02 ‖ campaign ‖ 0x00 ‖ name ‖ 0x00 ‖ nonce): what a party gives before the freeze."""
    return sha256(b"\x02" + campaign.encode() + b"\x00" + name.encode() + b"\x00" + nonce).digest()


def missing(frozen: Mapping[str, Any], reveals: Reveals) -> list[str]:
    """The parties that have not revealed: after `reveal_by` they void the campaign."""
    given = {reveal["name"] for reveal in reveals}
    return [party["name"] for party in frozen["entropy"]["parties"] if party["name"] not in given]


def check_reveal(frozen: Mapping[str, Any], name: str, nonce: str, path: str = "reveal") -> None:
    """The nonce is the one that the party committed to."""
    forms.hash_(nonce, f"{path}.nonce")
    party = next((party for party in frozen["entropy"]["parties"] if party["name"] == name), None)
    if party is None:
        refuse(
            f"{path}.name", f"{forms.shown(name)} is none of the parties", f"{forms.shown(name)} 不是参与方"
        )
    if commitment(frozen["campaign"], name, bytes.fromhex(nonce)).hex() != party["commitment"]:
        refuse(
            f"{path}.nonce",
            f"is not the nonce that {name!r} committed to",
            f"与 {name!r} 所作承诺不符",
        )


def check_reveals(frozen: Mapping[str, Any], reveals: Any) -> None:
    """Every party has revealed, in the order of the parties."""
    forms.listed(REVEAL)(reveals, "reveals")
    parties = [party["name"] for party in frozen["entropy"]["parties"]]
    for number, reveal in enumerate(reveals):
        path = f"reveals[{number}]"
        if number >= len(parties) or reveal["name"] != parties[number]:
            expected = repr(parties[number]) if number < len(parties) else "no further party"
            refuse(
                f"{path}.name",
                f"is {reveal['name']!r}; in the order of the parties it is {expected}",
                f"为 {reveal['name']!r}，按参与方顺序应为 {expected}",
            )
        check_reveal(frozen, reveal["name"], reveal["nonce"], path)
    for name in missing(frozen, reveals):
        refuse("reveals", f"{name!r} has not revealed its nonce", f"{name!r} 未揭示其随机数")


def check_public_text(frozen: Mapping[str, Any], text: Any) -> None:
    """The public number has the announced form as a whole; null exactly where none was announced."""
    public = frozen["entropy"]["public"]
    if (public is None) != (text is None):
        wanted = ("null: no public number was announced", "null：未约定公开数字")
        if public is not None:
            wanted = ("the public number that was announced", "约定的公开数字")
        refuse(BYTE_FOR_BYTE, f"is {forms.shown(text)}; expected is {wanted[0]}", f"应为 {wanted[1]}")
    if public is None:
        return
    if type(text) is not str:
        refuse(BYTE_FOR_BYTE, f"is {forms.shown(text)}; expected is a string", "应为字符串")
    check_unicode(text, BYTE_FOR_BYTE)
    if not iregexp.matches(iregexp.parse(public["format"]), text):
        refuse(
            BYTE_FOR_BYTE,
            f"{forms.shown(text)} does not match {public['format']!r} as a whole",
            f"{forms.shown(text)} 与格式 {public['format']!r} 不完全匹配",
        )


def seed(frozen: Mapping[str, Any], reveals: Reveals, public_text: str | None) -> bytes:
    """H("steelyard-draw-1" ‖ 0x00 ‖ plan_hash ‖ nonce_1 ‖ … ‖ nonce_k ‖ public_text)."""
    nonces = b"".join(bytes.fromhex(reveal["nonce"]) for reveal in reveals)
    public = (public_text or "").encode()
    return sha256(ALGORITHM.encode() + b"\x00" + plan_hash(dict(frozen)) + nonces + public).digest()
