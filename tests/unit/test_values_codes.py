"""Codes that registers live by, against what others make of them."""

from random import Random

from stdnum.cn import uscc

from enforcement.values import valid_uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_credit_codes_are_what_another_library_takes() -> None:
    chance = Random(32100)
    for _ in range(2_000):
        body = "".join(chance.choice("0123456789") for _ in range(8))
        body += "".join(chance.choice(ALPHABET) for _ in range(9))
        right = [end for end in ALPHABET if valid_uscc(body + end)]
        assert right == [uscc.calc_check_digit(body)]
        changed = list(body + right[0])
        changed[chance.randrange(18)] = chance.choice(ALPHABET + "IOSVZ-")
        assert valid_uscc("".join(changed)) == uscc.is_valid("".join(changed))


def test_credit_codes_of_the_reference_are_told_apart() -> None:
    codes = ("91350100M000100Y43", "91350100M000100Y4Z", "91512081MA62K0260E", "91512081ma62k0260e")
    assert [valid_uscc(code) for code in codes] == [True, False, True, False]
    assert not any(
        valid_uscc(code) for code in ("", "91512081MA62K0260", "A1512081MA62K0260E", "９1512081MA62K0260E")
    )
