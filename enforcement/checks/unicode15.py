"""Whether a text is in NFC as Unicode 15.0 decides, whichever version the running Python knows.

Normal forms of assigned characters never change, so versions differ only about characters that one of them does
not have. Those that matter are the few that combine. A character that came in 15.0 is looked at in the guise of
an older one that combines in the same place and does nothing else; one that came later has no properties in
15.0, so it is looked at as one without any. `tests/unit/checks/test_unicode15.py` makes both lists anew from the
databases of the versions and compares all characters.
"""

import unicodedata

SAME_CLASS = {9: "\u094d", 220: "\u0316", 230: "\u033e", 232: "\u0358"}
"""A character of Unicode 14 for each combining class, without part in any composition or decomposition."""

NEW = {
    **dict.fromkeys((0x11F41, 0x11F42), 9),
    **dict.fromkeys((0x10EFD, 0x10EFE, 0x10EFF, 0x1E4EE), 220),
    **dict.fromkeys((0x1E08F, 0x1E4EF), 230),
    **dict.fromkeys((0x1E4EC, 0x1E4ED), 232),
}
"""Combining class of every combining character that came with Unicode 15.0."""

WITHOUT_PROPERTIES = "\ue000"

LATER = """
    5C8-5C9 897 1ACF-1AF0 105C9 105D2 105DA 105E4 10D69-10D6D 10ECB-10ECF 10EF0-10EFB 11382-11385 1138B 1138E
    11390-11391 113B8 113BB 113C2 113C5 113C7-113C9 113CE-113D0 1611E-16129 1612F 16D63 16D67-16D6A 1D127-1D128
    1D250-1D252 1D25B-1D25C 1D25F 1D280-1D281 1E5EE-1E5EF 1E6E3 1E6E6 1E6EE-1E6EF 1E6F5
"""
"""What came with Unicode 16 to 18 and combines, or takes part in a composition."""


def _later() -> set[int]:
    spans = [(span.split("-") * 2)[:2] for span in LATER.split()]
    return {code for first, last in spans for code in range(int(first, 16), int(last, 16) + 1)}


_GUISE = {code: SAME_CLASS[combining] for code, combining in NEW.items()} | dict.fromkeys(
    _later(), WITHOUT_PROPERTIES
)


def is_nfc(text: str) -> bool:
    """Whether Unicode 15.0 calls the text normalized in form C."""
    return unicodedata.is_normalized("NFC", text.translate(_GUISE))
