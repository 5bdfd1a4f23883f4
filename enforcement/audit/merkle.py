"""Merkle trees of RFC 9162 (Certificate Transparency 2.0) §2.1 over SHA-256.

A tree's hash commits to a list of byte strings and to their order. An inclusion proof shows that one entry is in
the list, a consistency proof that an earlier list is the beginning of a later one; both have about log₂ n hashes.
Frozen lists of a draw and the log of events stand on the same tree.

Entries may come as a stream: a tree hash keeps one hash for 4,096 entries. Proofs work on leaf hashes, which
whoever proves has at hand. Pure; whoever verifies must refuse a hash that has not 32 bytes, and this does.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

CHUNK = 4096
"""Entries folded at a time; a power of two, so that every full chunk is a subtree."""
SIZE = 32
EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """H(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def tree_hash(entries: Iterable[bytes]) -> bytes:
    """MTH of a list of byte strings; of an empty one H("")."""
    rest = iter(entries)
    chunks = iter(lambda: [leaf_hash(entry) for entry in islice(rest, CHUNK)], [])
    return root([root(chunk) for chunk in chunks])


def root(hashes: Sequence[bytes]) -> bytes:
    """The tree hash over ready leaf hashes (or roots of equally large full subtrees and one last smaller one).

    Pairing neighbours from below and letting a single last one rise gives the same tree as the RFC's split at
    the largest power of two.
    """
    level = list(hashes)
    while len(level) > 1:
        pairs = iter(level)
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0] if level else EMPTY


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH(index, leaves): the hashes that lead from the entry to the root. IndexError outside the list."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"entry {index} of a tree of {len(hashes)}")
    return _path(index, hashes)


def _path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    k = _split(len(hashes))
    if index < k:
        return [*_path(index, hashes[:k]), root(hashes[k:])]
    return [*_path(index - k, hashes[k:]), root(hashes[:k])]


def consistency_proof(first: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PROOF(first, leaves): that the tree of the `first` leaves is the beginning of this one.

    Empty when both are the same. IndexError when the first is empty or larger than the second.
    """
    if not 0 < first <= len(hashes):
        raise IndexError(f"the beginning of {first} entries in a tree of {len(hashes)}")
    return _subproof(first, hashes, True)


def _subproof(first: int, hashes: Sequence[bytes], known: bool) -> list[bytes]:
    if first == len(hashes):
        return [] if known else [root(hashes)]
    k = _split(len(hashes))
    if first <= k:
        return [*_subproof(first, hashes[:k], known), root(hashes[k:])]
    return [*_subproof(first - k, hashes[k:], False), root(hashes[:k])]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf hash to the root of a tree of that size (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _sound(leaf, root, *proof):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the first tree is the beginning of the second (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second or not _sound(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    steps = iter(proof if first & (first - 1) else [first_root, *proof])
    return _both_reached(first, first_root, second, second_root, steps)


def _both_reached(
    first: int, first_root: bytes, second: int, second_root: bytes, steps: Iterator[bytes]
) -> bool:
    """Walk up from the last node of the first tree and compare both roots."""
    at, last = first - 1, second - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    old = new = next(steps, b"")
    for step in steps:
        if last == 0:
            return False
        if at % 2 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _sound(*hashes: bytes) -> bool:
    return all(len(found) == SIZE for found in hashes)
