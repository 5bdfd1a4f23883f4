"""Checking a redacted copy with nothing but the ledger's public key.

It holds where the receipt is signed by the key, is of the event that comes with the copy, and that event names this
copy, its source and its root; then what is shown is what the root commits to. What it cannot show without an opening
is what the hidden segments say.
"""

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from enforcement.audit import receipts
from enforcement.audit.receipts import SignedReceipt
from enforcement.audit.signing import NotSigned, PublicKey
from enforcement.canonical import NoCanonicalForm, jcs
from enforcement.reports.redaction import copies
from enforcement.reports.redaction.copies import CopyFails

EVENT = "steelyard.report.redacted.v1"
BROKEN = (AttributeError, KeyError, TypeError, ValueError, binascii.Error, NoCanonicalForm)


class Proved(NamedTuple):
    """What a copy proves: of which text it is, where the redaction stands, what is hidden, and what was opened."""

    ledger: str
    report: str
    event: int
    part: str
    position: int
    recorded: str
    segments: int
    hidden: int
    opened: dict[int, str]
    receipt: str


def handed_out(copy: Mapping[str, Any], event: bytes, receipt: str) -> bytes:
    """The document that is given to people."""
    return jcs({"form": copies.FORM, "copy": dict(copy), "event": event.decode(), "receipt": receipt})


def verify(raw: bytes, keys: Sequence[PublicKey], openings: Sequence[bytes] = ()) -> Proved:
    """What the copy proves; CopyFails says why it proves nothing."""
    try:
        document = _read(raw)
        copy, event = document["copy"], document["event"].encode()
        receipt = _receipt(document, event, keys)
        _check_event(copy, orjson.loads(event), receipt)
        if copies.root(copy) != copy["root"]:
            raise CopyFails("a segment was changed: the segments do not lead to the root")
        opened = dict(copies.opened(copy, _read(given)) for given in openings)
    except CopyFails:
        raise
    except BROKEN as error:
        raise CopyFails(f"it is no such document ({type(error).__name__})") from None
    segments = copy["segments"]
    return Proved(
        copy["ledger"],
        copy["report"],
        copy["event"],
        copy["part"],
        receipt.position,
        receipt.recorded,
        len(segments),
        sum("leaf" in segment for segment in segments),
        opened,
        document["receipt"],
    )


def check_filing(raw: bytes, note: str, keys: Sequence[PublicKey]) -> None:
    """That the text was filed with the event of this receipt; CopyFails where it was not."""
    try:
        filed = receipts.check(note, keys)
    except NotSigned as error:
        raise CopyFails(f"the receipt of the filing does not hold: {error}") from None
    if filed.digest != _read(raw)["copy"]["digest"]:
        raise CopyFails("the copy is of another event than the one of this receipt")


def _read(raw: bytes) -> dict[str, Any]:
    """A document in its canonical bytes: no member twice, nothing beside it."""
    document: dict[str, Any] = orjson.loads(raw)
    if type(document) is not dict or jcs(document) != raw.strip():
        raise CopyFails("it is not canonical JSON (RFC 8785): was it formatted anew?")
    if document["form"] != copies.FORM:
        raise CopyFails(f"form {document['form']} is not known here")
    return document


def _receipt(document: Mapping[str, Any], event: bytes, keys: Sequence[PublicKey]) -> SignedReceipt:
    try:
        receipt = receipts.check(document["receipt"], keys)
    except NotSigned as error:
        raise CopyFails(f"the receipt does not hold: {error}") from None
    if hashlib.sha256(event).hexdigest() != receipt.digest:
        raise CopyFails("the receipt is of another event")
    return receipt


def _check_event(copy: Mapping[str, Any], event: Mapping[str, Any], receipt: SignedReceipt) -> None:
    if event["type"] != EVENT:
        raise CopyFails(f"the event is {event['type']}, no redaction")
    data = event["data"]
    said = (
        receipt.origin,
        event["source"].rpartition("/")[2],
        data["source"],
        data["part"],
        data["original"],
    )
    if said != tuple(copy[name] for name in copies.Source._fields):
        raise CopyFails("the redaction that was recorded is of another text")
    if (data["root"], data["segments"]) != (copy["root"], len(copy["segments"])):
        raise CopyFails("the redaction that was recorded has another root")
    if (copy["form"], copy["kind"]) != (copies.FORM, copies.COPY) or data["copy_digest"] != copies.digest(
        copy
    ):
        raise CopyFails("the copy was changed: its digest is not the one that was recorded")
