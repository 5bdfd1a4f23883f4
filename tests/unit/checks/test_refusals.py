"""Every rule of the input has its refusal, which names the place and the breach; the one-file verifier refuses too."""

import json
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest

from enforcement.canonical import jcs
from enforcement.checks import entropy, lists, transcript, verify_draw
from enforcement.checks.lists import Conflict, Inspector, Listed, Lists
from enforcement.errors import DrawRefused
from tests.unit.checks import material

Document = dict[str, Any]
RATIOS = {"A": "1/2", "B": "1/3", "empty": "1/1"}
ROWS = Lists(
    [Listed("o1", "330302", "A"), Listed("o2", "330302", "A"), Listed("o3", "330303", "B")],
    [Inspector(f"i{n}", ("330300",), ("计量",), 5) for n in range(3)],
    [Conflict("i0", "o1"), Conflict("i1", "o2")],
)
SOUND = material.document(material.given(material.plan(), RATIOS, ROWS))


def at(path: str, value: Any) -> Callable[[Document], None]:
    """Put a value at a path such as `freeze.strata.0.key`."""

    def change(document: Document) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inner: Any = document
        for part in way:
            inner = inner[part]
        inner[last] = value

    return change


def without(path: str) -> Callable[[Document], None]:
    """Take a member away."""

    def change(document: Document) -> None:
        *way, last = path.split(".")
        inner = document
        for part in way:
            inner = inner[part]
        del inner[last]

    return change


def refused(change: Callable[[Document], None]) -> DrawRefused:
    document = deepcopy(SOUND)
    change(document)
    with pytest.raises(DrawRefused) as caught:
        transcript.read(json.dumps(document).encode())
    return caught.value


def test_the_input_that_is_changed_below_is_sound() -> None:
    assert transcript.compute(transcript.read(json.dumps(SOUND).encode()))["failed"] is None


F = "freeze."
E = "freeze.entropy."
LATE = {"source": "x", "at": "2026-03-03T08:00:00Z", "format": "[0-9]+"}
CASES: list[tuple[Callable[[Document], None], str, str]] = [
    (at("extra", 1), "document", "'extra' does not belong here"),
    (without("conflicts"), "document", "'conflicts' is missing"),
    (at(F + "algorithm", "steelyard-draw-2"), F + "algorithm", "expected is 'steelyard-draw-1'"),
    (at(F + "extra", None), "freeze", "'extra' does not belong here"),
    (without(F + "excluded"), "freeze", "'excluded' is missing"),
    (at(F + "campaign", ""), F + "campaign", "has 0 characters"),
    (at(F + "campaign", "c" * 129), F + "campaign", "has 129 characters"),
    (at(F + "campaign", 7), F + "campaign", "expected is a string"),
    (at(F + "campaign", "a\x7f"), F + "campaign", "control character U+007F"),
    (at(F + "campaign", "a\x85"), F + "campaign", "control character U+0085"),
    (at(F + "campaign", "a\x00"), F + "campaign", "control character U+0000"),
    (at(F + "campaign", "e\u0301"), F + "campaign", "is not in NFC"),
    (at(F + "campaign", "\U0001e4ef\U0001e4ee"), F + "campaign", "is not in NFC"),
    (at(F + "campaign", "a\ud800"), F + "campaign", "half a surrogate"),
    (at(F + "replaces", ""), F + "replaces", "has 0 characters"),
    (at(F + "replaces", "campaign-2026-03"), F + "replaces", "cannot follow itself"),
    (at(F + "item.kind", "special"), F + "item.kind", "'general' or 'key'"),
    (at(F + "item.skill", 1), F + "item.skill", "expected is a string"),
    (at(F + "item.directed", 1), F + "item.directed", "true or false"),
    (at(F + "item.directed", None), F + "item.directed", "true or false"),
    (at(F + "item.filter", []), F + "item.filter", "expected is an object"),
    (at(F + "item.filter", {"a": None}), F + "item.filter.a", "holds null"),
    (at(F + "item.filter", {"a": {"b": 1}}), F + "item.filter.a", "flat lists"),
    (at(F + "item.filter", {"a": [["b"]]}), F + "item.filter.a", "flat lists"),
    (at(F + "item.filter", {"e\u0301": 1}), "a name in freeze.item.filter", "not in NFC"),
    (at(F + "item.filter", {"a": ["b\n"]}), F + "item.filter.a[0]", "control character U+000A"),
    (without(F + "item.code"), F + "item", "'code' is missing"),
    (at(F + "objects_root", "0" * 63), F + "objects_root", "64 digits"),
    (at(F + "objects_root", "A" * 64), F + "objects_root", "lower-case hex"),
    (at(F + "objects_root", "0" * 64), F + "objects_root", "the list has the root"),
    (at(F + "inspectors_root", "0" * 64), F + "inspectors_root", "the list has the root"),
    (at(F + "conflicts_root", "0" * 64), F + "conflicts_root", "the list has the root"),
    (at(F + "objects_size", 4), F + "objects_size", "the strata have 3 objects together"),
    (at(F + "objects_size", -1), F + "objects_size", "a whole number from 0"),
    (at(F + "objects_size", True), F + "objects_size", "a whole number from 0"),
    (at(F + "objects_size", "3"), F + "objects_size", "a whole number from 0"),
    (at(F + "inspectors_size", 4), F + "inspectors_size", "the list has 3"),
    (at(F + "conflicts_size", 1), F + "conflicts_size", "the list has 2"),
    (at(F + "strata.0.ratio", "2/4"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "0/2"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "3/2"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "1/0"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "01/2"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "-1/2"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "1/2\n"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "１/2"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.ratio", "0.5"), F + "strata[0].ratio", "reduced fraction"),
    (at(F + "strata.0.sample", 2), F + "strata[0].sample", "1/2 of 2 rounded up is 1"),
    (at(F + "strata.0.size", 3), F + "strata[0].sample", "1/2 of 3 rounded up is 2"),
    (at(F + "strata.0.key", "Z"), F + "strata[1]", "does not come after"),
    (at(F + "strata.0.key", "B"), F + "strata[1]", "does not come after"),
    (at(F + "strata.0.key", "AA"), "objects[0].stratum", "none of the strata"),
    (at(F + "team", 1), F + "team", "a whole number from 2"),
    (at(F + "team", 3), "objects", "has 2 eligible inspectors"),
    (at(F + "policy", {"id": "p"}), F + "policy", "'hash' is missing"),
    (at(F + "policy.hash", "ff"), F + "policy.hash", "64 digits"),
    (at(F + "policy.id", ""), F + "policy.id", "has 0 characters"),
    (at(F + "excluded", [{"object": "x", "reason": ""}]), F + "excluded[0].reason", "must not be empty"),
    (at(F + "excluded", [{"object": "o1", "reason": "r"}]), F + "excluded[0].object", "excluded and listed"),
    (
        at(F + "excluded", [{"object": "y", "reason": "r"}, {"object": "x", "reason": "r"}]),
        F + "excluded[1]",
        "does not come after",
    ),
    (at(F + "frozen_at", "2026-03-03T08:00:00Z"), E + "reveal_by", "is not after frozen_at"),
    (at(F + "frozen_at", "2026-02-30T08:00:00Z"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02T24:00:00Z"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02T08:00:60Z"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02T08:00:00.0Z"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02T08:00:00+00:00"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02t08:00:00z"), F + "frozen_at", "expected is a time"),
    (at(F + "frozen_at", "2026-03-02 08:00:00Z"), F + "frozen_at", "expected is a time"),
    (at(E + "reveal_by", "2026-13-02T08:00:00Z"), E + "reveal_by", "expected is a time"),
    (at(E + "public", LATE), E + "public.at", "is not after reveal_by"),
    (at(E + "public.format", "\\p{Nd}+"), E + "public.format", "category of characters"),
    (at(E + "public.format", "[0-9"), E + "public.format", "is no I-Regexp"),
    (at(E + "public.format", "(?i)a"), E + "public.format", "is no I-Regexp"),
    (at(E + "parties", SOUND["freeze"]["entropy"]["parties"][:1]), E + "parties", "two or more"),
    (at(E + "parties.1.name", material.PARTIES[0]), E + "parties[1].name", "stands twice"),
    (
        at(E + "parties.1.commitment", SOUND["freeze"]["entropy"]["parties"][0]["commitment"]),
        E + "parties[1].commitment",
        "stands twice",
    ),
    (at("objects.0.region", "000000"), "objects[0].region", "GB/T 2260"),
    (at("objects.0.region", "3303"), "objects[0].region", "GB/T 2260"),
    (at("objects.0.region", "３３０３０２"), "objects[0].region", "GB/T 2260"),
    (at("objects.0.region", 330302), "objects[0].region", "GB/T 2260"),
    (at("objects.0.object", "o2"), "objects[1]", "does not come after"),
    (at("objects.0.object", "o9"), "objects[1]", "does not come after"),
    (at("objects.0.object", "o0\t"), "objects[0].object", "control character U+0009"),
    (at("objects.0.object", "o11"), F + "objects_root", "the list has the root"),
    (at("objects.0.stratum", None), "objects[0].stratum", "expected is a string"),
    (at("objects.0.stratum", "C"), F + "objects_root", "the list has the root"),
    (at("objects.0.extra", 1), "objects[0]", "'extra' does not belong here"),
    (at("objects.0", "o1"), "objects[0]", "expected is an object"),
    (at("objects", None), "objects", "expected is a list"),
    (at("inspectors.0.regions", ["330303", "330302"]), "inspectors[0].regions[1]", "does not come after"),
    (at("inspectors.0.skills", ["b", "b"]), "inspectors[0].skills[1]", "does not come after"),
    (at("inspectors.0.cap", -1), "inspectors[0].cap", "a whole number from 0"),
    (at("inspectors.0.inspector", "i1"), "inspectors[1]", "does not come after"),
    (at("inspectors", {}), "inspectors", "expected is a list"),
    (at("conflicts.0", ["i0"]), "conflicts[0]", "expected is [inspector, object]"),
    (at("conflicts.0", ["i1", "o3"]), "conflicts[1]", "does not come after"),
    (at("conflicts.0.0", 7), "conflicts[0][0]", "expected is a string"),
    (at("reveals", []), "reveals", "has not revealed"),
    (at("reveals", None), "reveals", "expected is a list"),
    (at("reveals.0.nonce", "07" * 32), "reveals[0].nonce", "committed to"),
    (at("reveals.0.nonce", "00" * 31), "reveals[0].nonce", "64 digits"),
    (at("reveals.0.nonce", ("0a" * 32).upper()), "reveals[0].nonce", "64 digits"),
    (at("reveals.0.name", "somebody"), "reveals[0].name", "in the order of the parties"),
    (at("reveals", SOUND["reveals"][::-1]), "reveals[0].name", "in the order of the parties"),
    (at("reveals", [*SOUND["reveals"], SOUND["reveals"][0]]), "reveals[2].name", "no further party"),
    (at("public_text", None), "public_text", "the public number that was announced"),
    (at("public_text", 3245), "public_text", "expected is a string"),
    (at("public_text", "3,245.67"), "public_text", "does not match"),
    (at("public_text", "3245.67\n"), "public_text", "does not match"),
    (at("public_text", "\ud800"), "public_text", "half a surrogate"),
    (at(E + "public", None), "public_text", "no public number was announced"),
]


@pytest.mark.parametrize(
    ("change", "path", "sentence"), CASES, ids=[f"{n}-{c[1]}" for n, c in enumerate(CASES)]
)
def test_input_is_refused_at_the_place_of_its_breach(
    change: Callable[[Document], None], path: str, sentence: str
) -> None:
    error = refused(change)
    assert error.path == path
    assert sentence in str(error)
    assert error.message.zh.startswith(f"{path}：")


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES) if case[2] != "expected is a list"])
def test_the_verifier_refuses_what_the_program_refuses(number: int) -> None:
    made = transcript.compute(transcript.read(json.dumps(SOUND).encode()))
    CASES[number][0](made)
    assert verify_draw.verify(json.dumps(made).encode()).difference


def test_conflicts_name_only_those_listed() -> None:
    for pair in (["i9", "o1"], ["i0", "o9"]):
        rows = ROWS._replace(conflicts=[Conflict(*pair)])
        with pytest.raises(DrawRefused, match="stands in none of the lists"):
            material.given(material.plan(), RATIOS, rows)


ROW_CASES = [
    ({"objects": ROWS.objects[::-1]}, "objects[1]"),
    ({"objects": [ROWS.objects[0], *ROWS.objects]}, "objects[1]"),
    ({"objects": [Listed("e\u0301", "330302", "A")]}, "objects[0].object"),
    ({"objects": [*ROWS.objects, Listed("o4", "000000", "A")]}, "objects[3].region"),
    ({"objects": [*ROWS.objects, Listed("o4\n", "330302", "A")]}, "objects[3].object"),
    ({"objects": [*ROWS.objects, Listed("", "330302", "A")]}, "objects[3].object"),
    ({"inspectors": ROWS.inspectors[::-1]}, "inspectors[1]"),
    ({"inspectors": [Inspector("i", ("330303", "330302"), (), 1)]}, "inspectors[0].regions[1]"),
    ({"inspectors": [Inspector("i", (), (), -1)]}, "inspectors[0].cap"),
    ({"conflicts": ROWS.conflicts[::-1]}, "conflicts[1]"),
]


@pytest.mark.parametrize(("rows", "path"), ROW_CASES, ids=[path for _, path in ROW_CASES])
def test_nothing_unsound_can_be_frozen(rows: dict[str, Any], path: str) -> None:
    with pytest.raises(DrawRefused) as caught:
        material.given(material.plan(), RATIOS, ROWS._replace(**rows))
    assert caught.value.path == path


def test_an_object_in_a_stratum_that_the_policy_does_not_name_is_refused() -> None:
    with pytest.raises(DrawRefused, match="together"):
        material.given(material.plan(), {"A": "1/2"}, ROWS)


def test_cap_zero_counts_for_nobody() -> None:
    idle = ROWS._replace(inspectors=[ROWS.inspectors[0], *(i._replace(cap=0) for i in ROWS.inspectors[1:])])
    with pytest.raises(DrawRefused, match="has 0 eligible inspectors"):
        material.given(material.plan(), RATIOS, idle)


RAW = [
    (b"", "is not JSON"),
    (b"\xef\xbb\xbf{}", "is not JSON"),
    ("{}".encode("utf-16"), "is not UTF-8"),
    (b"{} {}", "is not JSON"),
    (b"[]", "expected is an object"),
    (b'{"a": 1, "a": 1}', "'a' stands twice"),
    (b'{"a": 1, "\\u0061": 1}', "'a' stands twice"),
    (b'{"freeze": {"b": 1, "b": 2}}', "'b' stands twice"),
    (b'{"a": 1.0}', "has a fraction or an exponent"),
    (b'{"a": 1e3}', "has a fraction or an exponent"),
    (b'{"a": 9007199254740992}', "outside"),
    (b'{"a": -9007199254740992}', "outside"),
    (b'{"a": ' + b"9" * 5000 + b"}", "outside"),
    (b'{"a": NaN}', "NaN is not JSON"),
    (b'{"a": -Infinity}', "-Infinity is not JSON"),
    (b'{"a": 01}', "is not JSON"),
    (b'{"a": "\n"}', "is not JSON"),
    (b"[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("raw", "sentence"), RAW, ids=range(len(RAW)))
def test_what_is_no_strict_json_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(DrawRefused) as caught:
        transcript.read(raw)
    assert caught.value.path == "document"
    assert sentence in str(caught.value)
    assert verify_draw.verify(raw).difference


def test_largest_whole_numbers_are_read() -> None:
    document = deepcopy(SOUND)
    document["freeze"]["item"]["filter"] = {"least": -(2**53) + 1, "most": 2**53 - 1}
    assert transcript.read(json.dumps(document).encode()).freeze["item"]["filter"]["most"] == 2**53 - 1


def test_a_public_number_keeps_its_trailing_newline() -> None:
    given = material.given(material.plan(public=False), RATIOS, ROWS)
    public = material.NUMBER | {"format": "[0-9]+\\n?"}
    freeze = given.freeze | {"entropy": given.freeze["entropy"] | {"public": public}}
    with_break = transcript.compute(given._replace(freeze=freeze, public_text="7\n"))
    without_break = transcript.compute(given._replace(freeze=freeze, public_text="7"))
    assert with_break["seed"] != without_break["seed"]
    assert verify_draw.verify(jcs(with_break)).difference is None


def test_commitment_is_made_of_the_bytes_that_the_specification_names() -> None:
    expected = sha256(b"\x02" + b"c" + b"\x00" + "甲".encode() + b"\x00" + bytes(32)).digest()
    assert entropy.commitment("c", "甲", bytes(32)) == expected


def test_parties_that_have_not_revealed_are_named() -> None:
    assert entropy.missing(SOUND["freeze"], SOUND["reveals"][1:]) == [material.PARTIES[0]]


def test_one_nonce_is_checked_as_it_comes() -> None:
    name, nonce = SOUND["reveals"][0]["name"], SOUND["reveals"][0]["nonce"]
    entropy.check_reveal(SOUND["freeze"], name, nonce)
    with pytest.raises(DrawRefused, match="none of the parties"):
        entropy.check_reveal(SOUND["freeze"], "somebody", nonce)


def test_regions_may_be_none_and_a_code_may_begin_with_zero() -> None:
    rows = lists.inspectors([{"inspector": "i", "regions": [], "skills": [""], "cap": 0}])
    assert rows == [Inspector("i", (), ("",), 0)]
    assert lists.objects([{"object": "o", "region": "010000", "stratum": "s"}])[0].region == "010000"
