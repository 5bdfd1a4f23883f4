"""No schema that was ever released changes, and no later version breaks what was built on an earlier one."""

import json
from pathlib import Path

import pytest

from tests.contract import golden
from tests.contract.golden import Version


def versions(*schemas: dict[str, object]) -> golden.Schemas:
    return {Version("case.tried", number): schema for number, schema in enumerate(schemas, 1)}


def of(*required: str, **members: str) -> dict[str, object]:
    properties = {name: {"type": kind} for name, kind in members.items()}
    return {"type": "object", "properties": properties, "required": list(required)}


def test_every_schema_agrees_with_all_released_ones() -> None:
    known = golden.announced(golden.ANNOUNCED.read_text("utf-8"))
    assert golden.faults(golden.released(), golden.current(), known) == []


def test_golden_files_are_named_for_what_they_hold() -> None:
    names = {v: f"urn:steelyard:schema:{v.topic}:{v.number}" for v in golden.released()}
    names[Version(golden.ENVELOPE, 1)] = "urn:steelyard:envelope:1"
    assert {v: schema["$id"] for v, schema in golden.released().items()} == names


def test_a_released_version_may_not_change() -> None:
    before, now = versions(of(name="string")), versions(of(name="string", sum="string"))
    assert "case.tried version 1 is not what was released" in golden.faults(before, now, {})[0]


def test_a_description_of_a_released_version_may_change() -> None:
    described = {**of(name="string"), "description": "said better"}
    assert golden.faults(versions(of(name="string")), versions(described), {}) == []


def test_a_released_version_may_not_disappear() -> None:
    found = golden.faults(versions(of(), of()), versions(of()), {})
    assert found == ["case.tried.v2.json was released and is no longer served"]


def test_a_new_version_needs_its_golden_file() -> None:
    found = golden.faults(versions(of()), versions(of(), of(name="string")), {})
    assert found == ["case.tried.v2.json is missing: run make schemas"]


def test_later_versions_are_compared_with_all_earlier_ones() -> None:
    every = versions(of(name="string"), of(), of(name="integer"))
    assert list(golden.steps(every)) == [
        "case.tried v1 → v2 $.name: member removed breaks old consumers",
        "case.tried v1 → v3 $.name: no longer string breaks old messages",
        "case.tried v1 → v3 $.name: may now be integer breaks old consumers",
    ]


def test_an_announced_break_is_let_through_once_named() -> None:
    every = versions(of(name="string"), of())
    line = "case.tried v1 → v2 $.name: member removed breaks old consumers — agreed on 2026-11-02"
    assert golden.faults(every, every, {}) != []
    assert golden.faults(every, every, golden.announced(line)) == []


def test_an_announcement_without_its_break_fails() -> None:
    every = versions(of(name="string"))
    assert golden.faults(every, every, {"case.tried v1 → v2 $: x": "why"}) == [
        "announced, but not so: case.tried v1 → v2 $: x"
    ]


def test_an_announcement_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="gives no reason"):
        golden.announced("case.tried v1 → v2 $: x")


def test_writing_adds_files_and_changes_none(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "case.filed.v1.json").write_text(json.dumps({"$id": "as it was"}))
    added = list(golden.write(tmp_path, tmp_path / "kept"))
    assert len(added) == len(golden.current()) - 1
    assert json.loads((tmp_path / "case.filed.v1.json").read_text()) == {"$id": "as it was"}
    assert list(golden.write(tmp_path, tmp_path / "kept")) == []


def test_an_earlier_version_is_kept_where_it_is_served(tmp_path: Path) -> None:
    from enforcement import schemas

    (tmp_path / "kept").mkdir()
    (tmp_path / "case.filed.v0.json").write_text(json.dumps({"$id": "an earlier one"}))
    assert "kept case.filed.v0.json in kept" in list(golden.write(tmp_path, tmp_path / "kept"))
    assert schemas.of("case.filed", 0, tmp_path / "kept") == {"$id": "an earlier one"}
