"""A signed receipt 回执: that an event was recorded – its digest, time and position – and not a word of its content.

Whoever holds it can have it checked by anyone with the ledger's public key, and can hold the ledger to it: the event
at that position must have that digest, for good. It is a signed note; its first line keeps it apart from a signed
head, whose first line is the origin.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from enforcement.audit.signing import NotSigned, PublicKey, SigningKey, verify

FIRST = "steelyard-receipt/1"
FORM = re.compile(
    rf"{FIRST}\norigin (?P<origin>\S+)\nposition (?P<position>[1-9][0-9]{{0,18}})\n"
    r"digest sha256:(?P<digest>[0-9a-f]{64})\nrecorded (?P<recorded>\S{27})\n"
)


class SignedReceipt(NamedTuple):
    """What a receipt says: at which position of which ledger an event with this digest was recorded, and when (UTC)."""

    origin: str
    position: int
    digest: str
    recorded: str

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return (
            f"{FIRST}\norigin {self.origin}\nposition {self.position}\n"
            f"digest sha256:{self.digest}\nrecorded {self.recorded}\n"
        )


def issue(key: SigningKey, envelope: bytes, position: int, recorded: str) -> str:
    """The signed receipt of an event, by the bytes of its envelope."""
    digest = hashlib.sha256(envelope).hexdigest()
    return key.sign(SignedReceipt(key.public.name, position, digest, recorded).text)


def check(note: str, keys: Sequence[PublicKey]) -> SignedReceipt:
    """What a receipt says, when one of the keys signed it and it is of that key's ledger; NotSigned otherwise."""
    found = FORM.fullmatch(verify(note, keys))
    if found is None:
        raise NotSigned("it is signed, but it is no receipt")
    receipt = SignedReceipt(found["origin"], int(found["position"]), found["digest"], found["recorded"])
    if receipt.origin not in {key.name for key in keys}:
        raise NotSigned("it is a receipt of another ledger")
    return receipt
