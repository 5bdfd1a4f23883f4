"""NFC by Unicode 15.0: against the database of that version, for every character and in every order that matters."""

import sys
import unicodedata
from itertools import permutations
from types import ModuleType

import pytest

from enforcement.checks.unicode15 import LATER, NEW, SAME_CLASS, is_nfc

EVERY = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


@pytest.fixture(scope="module")
def version15() -> ModuleType:
    """The database of Unicode 15.0: Python 3.12's own, before it that of a package."""
    if unicodedata.unidata_version.startswith("15."):
        return unicodedata
    import unicodedata2

    assert unicodedata2.unidata_version == "15.0.0"
    module: ModuleType = unicodedata2
    return module


def test_every_character_is_judged_as_unicode_15_does(version15: ModuleType) -> None:
    for character in EVERY:
        for text in (character, f"a{character}\u0316", f"a\u0301{character}", f"{character}\u0307"):
            assert is_nfc(text) == (version15.normalize("NFC", text) == text), ascii(text)


def test_marks_of_unicode_15_stand_in_their_order(version15: ModuleType) -> None:
    marks = [*map(chr, NEW), "\u0301", "\u0316", "\u0345"]
    for pair in permutations(marks, 2):
        for start in ("a", "中", "\U0001e290"):
            text = start + "".join(pair)
            assert is_nfc(text) == (version15.normalize("NFC", text) == text), ascii(text)


def test_the_list_of_new_marks_is_complete(version15: ModuleType) -> None:
    """Made anew by comparison, where the running Python is older than 15."""
    if not unicodedata.unidata_version.startswith("14."):
        assert {code: version15.combining(chr(code)) for code in NEW} == NEW
        return
    changed = [c for c in EVERY if version15.combining(c) != unicodedata.combining(c)]
    assert {ord(c): version15.combining(c) for c in changed} == NEW
    for character in EVERY:
        ours, theirs = unicodedata.decomposition(character), version15.decomposition(character)
        assert ours == theirs or theirs.startswith("<"), ascii(character)


def test_guises_combine_in_the_same_place_and_do_nothing_else() -> None:
    for combining, guise in SAME_CLASS.items():
        assert unicodedata.combining(guise) == combining
        assert unicodedata.decomposition(guise) == ""
        assert not any(guise in unicodedata.decomposition(c) for c in EVERY if unicodedata.decomposition(c))


@pytest.mark.parametrize("span", LATER.split())
def test_what_came_later_has_no_properties(span: str) -> None:
    for code in (int(text, 16) for text in span.split("-")):
        assert is_nfc(f"a\u0301{chr(code)}\u0316") == is_nfc("a\u0301\ue000\u0316")
        assert is_nfc(f"{chr(code)}\u0316a")


@pytest.mark.parametrize(
    ("text", "normal"),
    [("café", True), ("cafe\u0301", False), ("Å", True), ("\u212b", False), ("가", True), ("\u1100\u1161", False),
     ("𠮷", True), ("\uf900", False), ("（", True), ("\U0001e4ef\U0001e4ee", False), ("\U0001e4ee\U0001e4ef", True)],
)  # fmt: skip
def test_known_texts(text: str, normal: bool) -> None:
    assert is_nfc(text) is normal
