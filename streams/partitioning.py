"""Which partition a key belongs to: murmur2 as Java's own producer computes it, so all clients agree.

Whoever waits for one aggregate has to know its partition, and the clients' own functions are not all public.
"""

import struct

_M = 0x5BD1E995
_SEED = 0x9747B28C
_ALL = 0xFFFFFFFF


def partition(key: bytes, partitions: int) -> int:
    """The number of the key's partition in a topic of so many."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """The 32 bits of MurmurHash2 with Kafka's seed, unsigned."""
    whole = len(data) & ~3
    h = _SEED ^ len(data)
    for k in struct.unpack_from(f"<{whole >> 2}I", data):
        k = k * _M & _ALL
        h = h * _M & _ALL ^ (k ^ k >> 24) * _M & _ALL
    if rest := data[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _ALL
    h = (h ^ h >> 13) * _M & _ALL
    return h ^ h >> 15
