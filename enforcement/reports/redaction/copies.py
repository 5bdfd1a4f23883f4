"""The redacted copy 遮盖副本, form 1, and the opening of a hidden segment: documents for people outside. Pure.

A copy holds shown segments with their salts, of hidden ones only the leaf and the reason. Its digest and its root stand
in the event `report.redacted`; it does not know that event's position, which comes with the signed receipt. What is
handed out is copy, event and receipt together, as canonical JSON (RFC 8785).
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from enforcement.audit import merkle
from enforcement.canonical import jcs
from enforcement.reports.redaction.cutting import Segment, leaf

FORM = 1
COPY, OPENING = "steelyard-redacted-copy", "steelyard-redaction-opening"


class Source(NamedTuple):
    """The text that is redacted: of which ledger, report, event and part, and the digest of that event's envelope."""

    ledger: str
    report: str
    event: int
    part: str
    digest: str


class CopyFails(ValueError):
    """The document is none, or is not what was recorded."""


def made(source: Source, segments: Sequence[Segment], salts: Sequence[bytes]) -> dict[str, Any]:
    """The copy."""
    leaves = [leaf(segment.text, salt) for segment, salt in zip(segments, salts, strict=True)]
    return {
        "form": FORM,
        "kind": COPY,
        **source._asdict(),
        "root": merkle.root(leaves).hex(),
        "segments": [
            {"text": segment.text, "salt": b64encode(salt).decode()}
            if segment.reason is None
            else {"leaf": hashed.hex(), "reason": segment.reason}
            for segment, salt, hashed in zip(segments, salts, leaves, strict=True)
        ],
    }


def digest(copy: Mapping[str, Any]) -> str:
    """SHA-256 of its canonical bytes."""
    return sha256(jcs(dict(copy))).hexdigest()


def root(copy: Mapping[str, Any]) -> str:
    """The root over what the copy shows and the leaves of what it hides; CopyFails where a hash has not 32 bytes."""
    leaves = [
        leaf(segment["text"], b64decode(segment["salt"], validate=True))
        if "text" in segment
        else bytes.fromhex(segment["leaf"])
        for segment in copy["segments"]
    ]
    if not leaves or any(len(found) != merkle.SIZE for found in leaves):
        raise CopyFails("it has no segments, or a leaf that is no SHA-256")
    return merkle.root(leaves).hex()


def opening(copy: Mapping[str, Any], segment: int, text: str, salt: bytes) -> dict[str, Any]:
    """The proof of what a hidden segment says."""
    return {
        "form": FORM,
        "kind": OPENING,
        **{name: copy[name] for name in ("ledger", "report", "event", "part", "root")},
        "segment": segment,
        "text": text,
        "salt": b64encode(salt).decode(),
    }


def opened(copy: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[int, str]:
    """Which hidden segment of the copy an opening proves, and what it says; CopyFails where it proves none."""
    number, text = given["segment"], given["text"]
    if type(number) is not int or not 0 <= number < len(copy["segments"]):
        raise CopyFails(f"the opening is of segment {number}, which the copy has not")
    segment = copy["segments"][number]
    wanted = opening(copy, number, text, b64decode(given["salt"], validate=True))
    if "leaf" not in segment or dict(given) != wanted:
        raise CopyFails("the opening is of another copy, or of a segment that is shown")
    if leaf(text, b64decode(given["salt"], validate=True)).hex() != segment["leaf"]:
        raise CopyFails(f"segment {number} did not say what the opening says")
    return number, text
