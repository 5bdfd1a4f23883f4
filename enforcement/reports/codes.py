"""Receipt codes 查询码 and vouchers: 25 digits that are shown once and never kept.

25 random digits carry 83 bits. Kept is their Argon2id hash, with one salt for the whole bureau, so that a code is
looked up without telling whose it is: every code, right or wrong, costs one hash and one look-up by key. What cannot
be a code is hashed all the same.
"""

import re
import unicodedata
from collections.abc import Callable

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

DIGITS = 25
GROUP = 5
ITERATIONS, LANES, KIBIBYTES, LENGTH = 2, 1, 19 * 1024, 32
"""The least that OWASP names for Argon2id. The code's own entropy is what stands against guessing."""


def make(random: Callable[[int], bytes]) -> str:
    """A new code, in groups of five digits."""
    number = int.from_bytes(random(32)) % 10**DIGITS
    return shown(f"{number:0{DIGITS}d}")


def shown(digits: str) -> str:
    """The digits in groups, as people write them down."""
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def typed(text: str) -> str:
    """What was typed, without what people put between digits; full-width digits are digits."""
    plain = unicodedata.normalize("NFKC", text[:200])
    return re.sub(r"[\s\-–—_.,·]", "", plain)


def well_formed(text: str) -> bool:
    """Whether it could be a code."""
    return re.fullmatch(rf"[0-9]{{{DIGITS}}}", typed(text)) is not None


def hashed(text: str, salt: bytes) -> str:
    """The slow hash under which a code is kept, in hex."""
    kdf = Argon2id(salt=salt, length=LENGTH, iterations=ITERATIONS, lanes=LANES, memory_cost=KIBIBYTES)
    return kdf.derive(typed(text).encode()).hex()
