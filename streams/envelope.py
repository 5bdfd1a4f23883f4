"""The message of a stored event: its aggregate as the key, its envelope's bytes as the value, its place as headers.

The value is what the ledger renders, untouched: the log's Merkle tree stands on these bytes, and whoever receives
them can compute it. A message is a function of the row and its leaf index, so a copy sent later is the same one.
"""

import orjson

from enforcement import envelope
from enforcement.store import Stored
from streams.port import Headers, Record
from streams.topics import ENVELOPES


def message(topic: str, ledger: str, row: Stored, leaf: int, traceparent: str | None = None) -> Record:
    """The message of a row; `leaf` counts the ledger's events from 0 without gaps."""
    position, aggregate, version, kind, state = row
    members = envelope.members(ledger, aggregate, version, kind, orjson.loads(state), position)
    headers: Headers = (
        ("position", b"%d" % position),
        ("leaf", b"%d" % leaf),
        ("type", members["type"].encode()),
        ("content-type", ENVELOPES),
    )
    if traceparent is not None:
        headers += (("traceparent", traceparent.encode()),)
    return Record(topic, aggregate.encode(), envelope.dumped(members), headers)
