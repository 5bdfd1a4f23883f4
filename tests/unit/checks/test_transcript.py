"""Transcripts: the golden ones to the byte, two verifiers that share no code, and no change that goes unnoticed."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest

from enforcement.canonical import jcs
from enforcement.checks import transcript, verify_draw
from enforcement.checks.lists import Lists
from enforcement.checks.replacing import Standing
from tests.golden.draws import DRAWS, FOLDER, path
from tests.unit.checks import material, node

GOLDEN = {draw.__name__: path(draw).read_bytes() for draw in DRAWS}
NAMES = sorted(GOLDEN)
SINGLE_FILE = verify_draw.__file__


def loaded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN[name])
    return found


@pytest.mark.parametrize("draw", DRAWS, ids=lambda draw: draw.__name__)
def test_golden_transcript_is_made_again_to_the_byte(draw: Any) -> None:
    assert jcs(draw()) == GOLDEN[draw.__name__]


def test_every_golden_transcript_has_its_draw() -> None:
    assert sorted(FOLDER.iterdir()) == sorted(path(draw) for draw in DRAWS)


@pytest.mark.parametrize("name", NAMES)
def test_golden_transcript_is_verified(name: str) -> None:
    report = verify_draw.verify(GOLDEN[name])
    assert report.difference is None
    assert bool(report.unchecked) == (name == "public_copy")


def test_golden_transcripts_are_verified_by_the_second_verifier() -> None:
    for name, report in zip(NAMES, node.verify([GOLDEN[name] for name in NAMES]), strict=True):
        assert report["difference"] is None, name
        assert bool(report["unchecked"]) == (name == "public_copy")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "public_copy"])
def test_computing_from_the_input_alone_gives_the_transcript(name: str) -> None:
    whole = loaded(name)
    found = transcript.compute(transcript.read(jcs({key: whole[key] for key in transcript.INPUT})))
    later = ("replacements", "ledger")
    assert {k: v for k, v in found.items() if k not in later} == {
        k: v for k, v in whole.items() if k not in later
    }


def drawn_cities(seeds: range) -> list[bytes]:
    return [
        jcs(transcript.compute(material.city(seed, objects=seed % 40, inspectors=2 + seed % 9)))
        for seed in seeds
    ]


def test_random_draws_are_verified_by_both() -> None:
    documents = drawn_cities(range(150))
    assert [verify_draw.verify(document).difference for document in documents] == [None] * len(documents)
    assert node.differences(documents) == [None] * len(documents)


def replaced_city(seed: int) -> bytes | None:
    """A random draw with a dozen random replacements; None where it was not staffed."""
    drawn = material.city(seed, objects=10 + seed % 40, inspectors=4 + seed % 9)
    found = transcript.compute(drawn)
    if found["failed"]:
        return None
    chance, standing, entries = random.Random(seed), Standing(found, drawn.lists), []
    for _ in range(12):
        if not (current := [object for object in standing.order if object]):
            break
        object = chance.choice(current)
        present = [name for name in standing.teams[object] if name]
        if present and chance.random() < 0.5:
            entries += standing.recuse(object, chance.choice(present), "回避")
        else:
            entries += standing.substitute(object, "已注销")
    found["replacements"] = [
        entry | {"at": "2026-03-10T01:02:03Z", "position": 7 + n} for n, entry in enumerate(entries)
    ]
    Standing(found, drawn.lists).replay(found["replacements"])
    return jcs(found)


def test_random_replacements_are_verified_by_both() -> None:
    documents = [document for seed in range(80) if (document := replaced_city(seed))]
    assert len(documents) > 50
    assert [verify_draw.verify(document).difference for document in documents] == [None] * len(documents)
    assert node.differences(documents) == [None] * len(documents)


# What no computation can know: the words of a reason, and the names of the campaign's events in the ledger.


def derivable(document: Any) -> Any:
    """The document without what only the ledger can vouch for."""
    left = deepcopy(document)
    tied = {entry["position"] for entry in left["replacements"]}
    for entry in left["replacements"]:
        del entry["reason"]
    left["ledger"] = [entry for entry in left["ledger"] if entry["position"] in tied]
    return left


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a document, containers included."""
    if way:
        yield way
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from leaves(value[key], (*way, key))


def changed(value: Any) -> list[Any]:
    """Other values in the place of one."""
    if isinstance(value, bool):
        return [not value, int(value)]
    if isinstance(value, int):
        return [value + 1, value - 1, str(value)]
    if isinstance(value, str):
        last = chr(ord(value[-1]) ^ 1) if value else "x"
        return [value[:-1] + last, value + " ", None]
    if isinstance(value, list):
        return [[*value, value[-1]] if value else [None], value[:-1] if value else {}, value[::-1]]
    return [[]] if isinstance(value, dict) else ["", 0, {}]


def mutants(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one thing changed, everywhere; with what was changed."""
    for way in leaves(document):
        for number in range(4):
            mutant = deepcopy(document)
            inner: Any = mutant
            for step in way[:-1]:
                inner = inner[step]
            values = changed(inner[way[-1]])
            if number < len(values):
                inner[way[-1]] = values[number]
            else:
                del inner[way[-1]]
            if derivable_differs(mutant, document):
                yield f"{'.'.join(map(str, way))} #{number}", mutant
            if number >= len(values):
                break


def derivable_differs(mutant: Any, document: Any) -> bool:
    try:
        return bool(derivable(mutant) != derivable(document))
    except (TypeError, KeyError, AttributeError):
        return True


@pytest.mark.parametrize("name", ["replaced", "failed", "beyond_ascii"])
def test_no_change_of_a_field_goes_unnoticed(name: str) -> None:
    pairs = list(mutants(loaded(name)))
    assert len(pairs) > 300
    documents = [json.dumps(mutant).encode() for _, mutant in pairs]
    seconds = node.differences(documents)
    unnoticed = [
        what
        for (what, _), document, second in zip(pairs, documents, seconds, strict=True)
        if not (verify_draw.verify(document).difference and second)
    ]
    assert unnoticed == []


def flipped(name: str) -> list[bytes]:
    """One bit of every seventh byte turned, where the document says something else then."""
    raw, chance, found = GOLDEN[name], random.Random(name), []
    for at in range(0, len(raw), 7):
        mutant = bytearray(raw)
        mutant[at] ^= 1 << chance.randrange(8)
        try:
            same = not derivable_differs(json.loads(mutant), json.loads(raw))
        except ValueError:
            same = False
        if not same:
            found.append(bytes(mutant))
    return found


@pytest.mark.parametrize("name", ["replaced", "failed"])
def test_no_turned_bit_goes_unnoticed(name: str) -> None:
    documents = flipped(name)
    assert len(documents) > 400
    assert all(verify_draw.verify(document).difference for document in documents)
    assert all(node.differences(documents))


def test_a_swapped_pair_that_is_as_even_is_noticed() -> None:
    """Exchange two inspectors so that every load stays: only the rule of the lots tells the difference."""
    found = 0
    for seed in range(40):
        document = json.loads(drawn_cities(range(seed, seed + 1))[0])
        teams = document["assignments"] or []
        for one, other in pairwise(teams):
            a, b = one["inspectors"], other["inspectors"]
            if set(a) & set(b) or a[0] == b[0]:
                continue
            swapped = deepcopy(document)
            pair = [
                t["inspectors"]
                for t in swapped["assignments"]
                if t["object"] in (one["object"], other["object"])
            ]
            pair[0][0], pair[1][0] = b[0], a[0]
            found += 1
            assert verify_draw.verify(jcs(swapped)).difference
    assert found > 20


def test_places_of_a_team_stand_in_the_order_given() -> None:
    document = loaded("simple")
    document["assignments"][0]["inspectors"].reverse()
    assert "place 1 of" in str(verify_draw.verify(jcs(document)).difference)


def test_a_draw_cannot_be_called_failed_that_was_not() -> None:
    document = loaded("simple") | {"assignments": None, "loads": None, "failed": loaded("failed")["failed"]}
    assert verify_draw.verify(jcs(document)).difference == "the draw is called failed, but it can be staffed"
    assert node.differences([jcs(document)]) == ["the draw is called failed, but it can be staffed"]


def test_another_plan_hash_than_the_published_one_is_noticed() -> None:
    report = verify_draw.verify(GOLDEN["simple"], "00" * 32)
    assert str(report.difference).startswith("the plan hash published was 0000")
    assert verify_draw.verify(GOLDEN["simple"], loaded("simple")["plan_hash"]).notes == []


def test_a_public_copy_tells_what_cannot_be_checked() -> None:
    report = verify_draw.verify(GOLDEN["public_copy"])
    assert [line.split(";")[0] for line in report.unchecked] == [
        "the frozen list of objects is not published",
        "the frozen list of inspectors is not published",
        "the frozen list of conflicts is not published",
        "teams, loads and replacements: they follow from lists that are not published",
    ]


@pytest.mark.parametrize("withheld", ["objects", "inspectors", "conflicts"])
def test_one_withheld_list_still_leaves_tickets_to_check(withheld: str) -> None:
    document = loaded("small_county") | {withheld: None}
    if withheld == "inspectors":
        document["loads"] = None
    reports = [verify_draw.verify(jcs(document)).difference, *node.differences([jcs(document)])]
    assert reports == [None, None]
    document["drawn"][3]["ticket"] = "0" * 64
    assert verify_draw.verify(jcs(document)).difference
    assert all(node.differences([jcs(document)]))


def test_without_a_public_number_the_report_says_what_that_means() -> None:
    notes = verify_draw.verify(GOLDEN["without_public_number"]).notes
    assert "the last party to reveal could have aborted the draw knowingly" in notes[0]


def test_the_single_file_runs_without_anything_else(tmp_path: Any) -> None:
    file = tmp_path / "transcript.json"
    file.write_bytes(GOLDEN["replaced"])
    command = [sys.executable, "-I", "-S", SINGLE_FILE, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("the transcript follows from its freeze")
    file.write_bytes(GOLDEN["replaced"].replace(b'"order":1', b'"order":9', 1))
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("DIFFERS")


def test_the_single_file_says_how_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-I", SINGLE_FILE], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: verify_draw.py")


def test_lists_that_share_no_order_are_frozen_alike() -> None:
    given = material.city(5)
    assert isinstance(given.lists, Lists)
    assert transcript.read(material.raw(given)).lists == Lists(*map(list, given.lists))
