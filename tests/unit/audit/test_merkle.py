"""Trees and proofs: the published vectors, and the definitions of RFC 9162 written down once more, literally."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.audit import merkle

ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = """
    6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
    fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
    aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
    d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
    4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
    76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
    ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
    5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
"""Tree hashes of the first 1 … 8 entries, as published with the reference code of Certificate Transparency."""


def hashes(n: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % i) for i in range(n)]


def by_the_book(entries: list[bytes]) -> bytes:
    """MTH exactly as the RFC defines it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + by_the_book(entries[:k]) + by_the_book(entries[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_tree_hash_equals_the_published_vector(size: int) -> None:
    assert merkle.tree_hash(ENTRIES[:size]).hex() == ROOTS[size - 1]


def test_hash_of_an_empty_list_is_that_of_nothing() -> None:
    assert merkle.tree_hash([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", [9, 100, 4095, 4096, 4097, 8192, 8193, 12_289, 20_000])
def test_a_stream_gives_the_hash_that_the_rfc_defines(size: int) -> None:
    entries = [b"%d" % i for i in range(size)]
    assert merkle.tree_hash(iter(entries)) == by_the_book(entries)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.tree_hash([b"a", b"b"]) != merkle.tree_hash([left + right])


def test_published_inclusion_proof_of_the_rfc_shape() -> None:
    """RFC 9162 §2.1.5, a tree of seven: d0 by [b, h, l], d3 by [c, g, l], d4 by [f, j, k], d6 by [i, k]."""
    a, b, c, d, e, f, j = hashes(7)
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, last = merkle.node_hash(g, h), merkle.node_hash(i, j)
    assert merkle.inclusion_proof(0, hashes(7)) == [b, h, last]
    assert merkle.inclusion_proof(3, hashes(7)) == [c, g, last]
    assert merkle.inclusion_proof(4, hashes(7)) == [f, j, k]
    assert merkle.inclusion_proof(6, hashes(7)) == [i, k]


def test_published_consistency_proof_of_the_rfc_shape() -> None:
    """RFC 9162 §2.1.5: three, four and six entries in a tree of seven: [c, d, g, l], [l], [i, j, k]."""
    a, b, c, d, e, f, j = hashes(7)
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, last = merkle.node_hash(g, h), merkle.node_hash(i, j)
    assert merkle.consistency_proof(3, hashes(7)) == [c, d, g, last]
    assert merkle.consistency_proof(4, hashes(7)) == [last]
    assert merkle.consistency_proof(6, hashes(7)) == [i, j, k]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_entry_is_proved_and_no_other_in_its_place(size: int) -> None:
    leaves = hashes(size)
    root = merkle.root(leaves)
    for index in range(size):
        proof = merkle.inclusion_proof(index, leaves)
        fits = [at for at in range(size) if merkle.includes(leaves[at], index, size, proof, root)]
        assert fits == [index]
        assert [at for at in range(size + 2) if merkle.includes(leaves[index], at, size, proof, root)] == [
            index
        ]


@pytest.mark.parametrize("second", range(1, 34))
def test_every_beginning_is_proved_and_no_other_root_for_it(second: int) -> None:
    leaves = hashes(second)
    root = merkle.root(leaves)
    other = merkle.leaf_hash(b"another")
    for first in range(1, second + 1):
        proof, beginning = merkle.consistency_proof(first, leaves), merkle.root(leaves[:first])
        assert merkle.extends(first, beginning, second, root, proof)
        assert not merkle.extends(first, other, second, root, proof)
        assert not merkle.extends(first, beginning, second, other, proof)
        assert not merkle.extends(first, beginning, second, root, [*proof, other])
        assert not merkle.extends(first, beginning, second, root, proof[:-1]) or not proof


@given(st.integers(1, 300), st.data())
def test_a_changed_bit_of_a_proof_is_noticed(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    proof = [*merkle.inclusion_proof(index, leaves), merkle.root(leaves)]
    which, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    proof[which] = (int.from_bytes(proof[which]) ^ 1 << bit).to_bytes(32)
    assert not merkle.includes(leaves[index], index, size, proof[:-1], proof[-1])


def test_hashes_of_another_length_are_refused() -> None:
    leaves = hashes(2)
    root = merkle.root(leaves)
    assert merkle.includes(leaves[0], 0, 2, [leaves[1]], root)
    assert not merkle.includes(leaves[0][:-1], 0, 2, [leaves[0][-1:] + leaves[1]], root)
    assert not merkle.includes(leaves[0], 0, 2, [leaves[1] + b"\x00"], root)
    assert not merkle.extends(1, leaves[0][:-1], 2, root, [leaves[1]])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_for_an_entry_outside_the_list(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(index, hashes(size))
    assert not merkle.includes(merkle.leaf_hash(b"0"), index, size, [], merkle.leaf_hash(b"0"))


@pytest.mark.parametrize("first", [-1, 0, 4])
def test_no_proof_of_a_beginning_that_is_none(first: int) -> None:
    with pytest.raises(IndexError):
        merkle.consistency_proof(first, hashes(3))
    assert not merkle.extends(first, merkle.EMPTY, 3, merkle.root(hashes(3)), [])
