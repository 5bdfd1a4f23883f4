"""The 56 forms, their numbers and the order of the file; and the bureaux' abbreviations."""

import random
from datetime import date

import pytest

from enforcement.errors import NotFound
from enforcement.law.documents import Paper, abbreviation, file_order, form, forms, number, volume_of
from enforcement.law.norms import STATUSES
from enforcement.law.tables import load

WORDS = {
    2: "指定", 3: "交办", 4: "案移", 5: "涉罪移", 6: "物移", 13: "询通", 15: "限提", 16: "辨鉴通", 17: "协查",
    18: "协扣", 19: "先登", 20: "解登", 21: "强制", 22: "延强", 23: "解强", 26: "托管", 28: "先处告", 30: "检鉴委",
    31: "检鉴期", 32: "检鉴结", 33: "责改", 34: "责退", 37: "罚告", 39: "听通", 44: "当罚", 45: "处罚", 46: "不罚",
    47: "延分通", 48: "罚催", 49: "执申", 51: "罚送告",
}  # fmt: skip
REGIONS = [
    "330300",
    "330302",
    "330303",
    "330304",
    "330305",
    "330324",
    "330326",
    "330327",
    "330328",
    "330329",
    "330371",
    "330381",
    "330382",
    "330383",
]


def test_all_fifty_six_forms_are_there() -> None:
    assert list(forms()) == list(range(1, 57))
    assert all(f.name.en and f.name.zh and f.status in STATUSES for f in forms().values())
    assert {f.volume for f in forms().values()} == {"main", "side", "both"}


def test_numbered_forms_carry_their_word() -> None:
    assert {f.no: f.word for f in forms().values() if f.word} == WORDS


def test_every_form_has_a_place_in_its_volume() -> None:
    places = {row["code"]: row["volume"] for row in load("documents")["groups"]}
    assert all(places[f.group] in (f.volume, "both") for f in forms().values())


def test_form_outside_the_set_is_not_found() -> None:
    with pytest.raises(NotFound):
        form(57)


def test_document_number_has_the_statutory_pattern() -> None:
    assert number("温鹿", "罚告", 2026, 1) == "温鹿市监罚告〔2026〕1号"
    assert number(abbreviation("330300"), form(45).word or "", 2026, 120) == "温市监处罚〔2026〕120号"


@pytest.mark.parametrize(
    ("authority", "word", "seq"), [("", "罚告", 1), ("温鹿", "", 1), ("温鹿", "罚告", 0)]
)
def test_incomplete_document_number_is_refused(authority: str, word: str, seq: int) -> None:
    with pytest.raises(ValueError, match="no document number"):
        number(authority, word, 2026, seq)


def test_every_bureau_of_wenzhou_has_its_own_abbreviation() -> None:
    found = [abbreviation(region) for region in REGIONS]
    assert len(set(found)) == len(REGIONS)
    assert all(row["status"] == "unconfirmed" for row in load("authorities")["authorities"])
    with pytest.raises(NotFound):
        abbreviation("110000")


FILE = [
    Paper(54), Paper(55), Paper(7, "2026-01-05"),
    Paper(45, "2026-03-11"), Paper(50, "2026-03-15", serves=45),
    Paper(19, "2026-01-06"), Paper(50, "2026-01-06", serves=19),
    Paper(37, "2026-02-20"), Paper(50, "2026-02-22", serves=37), Paper(39, "2026-02-21"),
    Paper(9, "2026-01-04"), Paper(14, "2026-01-08"), Paper(29), Paper(40, "2026-03-01"), Paper(52, "2026-04-01"),
    Paper(38, "2026-02-24"), Paper(56),
    Paper(54, volume="side"),
    Paper(1, "2026-01-03"), Paper(35, "2026-02-01"), Paper(36, "2026-02-10"), Paper(41, "2026-03-03"),
    Paper(53, "2026-04-10"), Paper(42, "2026-03-08"), Paper(43, "2026-03-10"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_file_is_in_statutory_order_however_it_arrives(seed: int) -> None:
    shuffled = random.Random(seed).sample(FILE, len(FILE))
    assert file_order(shuffled) == FILE


def test_receipt_follows_the_younger_of_two_notices() -> None:
    first, second = Paper(37, "2026-02-01"), Paper(37, "2026-02-20")
    receipts = [Paper(50, "2026-02-03", serves=37), Paper(50, "2026-02-21", serves=37)]
    assert file_order([second, *receipts, first]) == [first, receipts[0], second, receipts[1]]


def test_receipt_without_its_document_keeps_the_documents_place() -> None:
    alone = Paper(50, "2026-03-15", serves=45)
    assert file_order([Paper(19, "2026-01-06"), alone]) == [alone, Paper(19, "2026-01-06")]


def test_internal_papers_lie_in_the_side_volume() -> None:
    assert [volume_of(Paper(no)) for no in (1, 35, 36, 41, 42, 53)] == ["side"] * 6
    assert [volume_of(Paper(no)) for no in (7, 45, 37, 9, 40, 52, 54)] == ["main"] * 7


def test_forms_are_dated_rows() -> None:
    rows = [*load("documents")["forms"], *load("documents")["groups"], *load("authorities")["authorities"]]
    assert all(isinstance(row["valid_from"], date) and row["article"] and row["jurisdiction"] for row in rows)
