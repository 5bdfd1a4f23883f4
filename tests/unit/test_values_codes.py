"""Credit codes against the standard's own arithmetic (GB 32100-2015), worked out here."""

from random import Random

from enforcement.values import valid_uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_character(body: str) -> str:
    """The 18th character: weights are powers of three modulo 31, and all together make a multiple of 31."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[-total % 31]


def test_one_character_in_31_is_the_right_one() -> None:
    chance = Random(32100)
    for _ in range(300):
        body = "".join(chance.choice("0123456789") for _ in range(8))
        body += "".join(chance.choice(ALPHABET) for _ in range(9))
        assert [end for end in ALPHABET if valid_uscc(body + end)] == [check_character(body)]


def test_every_single_slip_of_the_pen_is_noticed() -> None:
    code = "91330302MA2AAAAA0J"
    slips = [
        code[:n] + other + code[n + 1 :]
        for n in range(18)
        for other in ALPHABET + "IOSVZ"
        if other != code[n]
    ]
    assert valid_uscc(code)
    assert not any(map(valid_uscc, slips))


def test_credit_codes_of_the_reference_are_told_apart() -> None:
    codes = ("91350100M000100Y43", "91350100M000100Y4Z", "91512081MA62K0260E", "91512081ma62k0260e")
    assert [valid_uscc(code) for code in codes] == [True, False, True, False]
    assert not any(
        valid_uscc(code) for code in ("", "91512081MA62K0260", "9151 2081MA62K0260E", "91512081MA62K0260EE")
    )
