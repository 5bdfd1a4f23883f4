"""Products, stalls and relations from CSV; what all registers have in common is tested with the entities."""

from typing import Any

import pytest

from enforcement.importing.sheet import Sheet
from enforcement.importing.sheets import PRODUCTS, RELATIONS, STALLS
from enforcement.ledger import Ledger
from enforcement.registry.relation import RelationDeclared, judge
from tests.unit.ledgers import who
from tests.unit.test_importing_registers import A, B, counts, events, facts, imported, ledger, text

__all__ = ["ledger"]

PRODUCT = "产品编号,生产者信用代码,产品种类,产品名称,行政区划代码,规格,状态"
STALL = "摊位编号,市场举办者信用代码,经营者信用代码,摊位种类,行政区划代码,位置,状态"
RELATION = "关系编号,关系种类,一方,另一方,开始日期,结束日期,依据"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_product_is_registered_changed_and_then_unchanged(ledger: Ledger, encoding: str) -> None:
    first = text(f"CP-1,{A},rice,东北大米,330302,5 kg,在列", header=PRODUCT)
    moved = text(f"cp-1,{B},rice,东北大米,330302,,退出", header=PRODUCT)
    assert counts(imported(ledger, first.encode(encoding), PRODUCTS)) == (1, 1, 0, 0, 0, 1)
    assert counts(imported(ledger, moved.encode(encoding), PRODUCTS)) == (1, 0, 1, 0, 0, 1)
    assert counts(imported(ledger, moved.encode(encoding), PRODUCTS)) == (1, 0, 0, 1, 0, 0)
    known = {"product": "cp-1", "owner": B, "kind": "rice", "name": "东北大米", "region": "330302"}
    assert facts(ledger, "cp-1", PRODUCTS) == known | {"specification": "5 kg", "status": "ended"}
    assert [(e.TOPIC, e.subject) for e in events(ledger)] == [
        ("product.registered", A),
        ("product.changed", B),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_stall_is_registered_changed_and_then_unchanged(ledger: Ledger, encoding: str) -> None:
    first = text(f"tw-1,{A},,aquatic,330302,一楼,", header=STALL)
    let = text(f"tw-1,{A},{B},aquatic,330302,二楼,", header=STALL)
    assert counts(imported(ledger, first.encode(encoding), STALLS)) == (1, 1, 0, 0, 0, 1)
    assert facts(ledger, "tw-1", STALLS)["keeper"] is None
    assert counts(imported(ledger, let.encode(encoding), STALLS)) == (1, 0, 1, 0, 0, 1)
    assert counts(imported(ledger, let.encode(encoding), STALLS)) == (1, 0, 0, 1, 0, 0)
    assert (facts(ledger, "tw-1", STALLS)["keeper"], events(ledger)[-1].data()) == (
        B,
        {"occurred": None, "keeper": B, "place": "二楼"},
    )


def relation(*cells: str) -> str:
    return text(",".join(("gx-1", *cells)), header=RELATION)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_relation_is_declared_ended_and_then_unchanged(ledger: Ledger, encoding: str) -> None:
    declared = relation("曾任职单位", "Inspector-WZ-1", A.lower(), "2020/5/1", "", "人事档案")
    ended = relation("曾任职单位", "inspector-wz-1", f"entity-{A}", "2020-05-01", "2023-05-01", "")
    assert counts(imported(ledger, declared.encode(encoding), RELATIONS)) == (1, 1, 0, 0, 0, 1)
    assert counts(imported(ledger, ended.encode(encoding), RELATIONS)) == (1, 0, 1, 0, 0, 1)
    assert counts(imported(ledger, ended.encode(encoding), RELATIONS)) == (1, 0, 0, 1, 0, 0)
    assert counts(imported(ledger, declared.encode(encoding), RELATIONS)) == (1, 0, 0, 1, 0, 0)
    found = facts(ledger, "gx-1", RELATIONS)
    assert (found["a"], found["b"], found["end"]) == ("inspector-wz-1", f"entity-{A}", "2023-05-01")
    assert [event.TOPIC for event in events(ledger)] == ["relation.declared", "relation.ended"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("亲属", "inspector-wz-1", f"entity-{A}", "", "", ""), "kinship is between"),
        (("亲属", "inspector-wz-1", "inspector-wz-1", "", "", ""), "kinship is between"),
        (("持股", f"entity-{A}", "person-p1", "", "", ""), "shareholding is between"),
        (("亲属", "inspector-wz-1", "person-p1", "2024-01-02", "2024-01-01", ""), "before it begins"),
        (("同学", "inspector-wz-1", "person-p1", "", "", ""), "关系种类: expected one of kinship"),
        (("亲属", "wz-1", "person-p1", "", "", ""), "一方: expected inspector-<id>"),
        (
            ("亲属", "inspector-wz-1", "person-330302199001011234", "", "", ""),
            "另一方: expected inspector-<id>",
        ),
        (("亲属", "inspector-wz-1", "张三", "", "", ""), "另一方: expected inspector-<id>"),
        (("亲属", "inspector-wz-1", "", "", "", ""), "a value for 另一方"),
    ],
)
def test_relation_that_cannot_be_is_rejected(ledger: Ledger, cells: tuple[str, ...], reason: str) -> None:
    report = imported(ledger, relation(*cells), RELATIONS)
    assert (report.added, report.rejected) == (0, 1)
    assert reason in report.errors[0].reason.en


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (("持股", "inspector-wz-1", A, "", "", ""), "kind"),
        (("曾任职单位", "inspector-wz-2", A, "", "", ""), "a"),
        (("曾任职单位", "inspector-wz-1", B, "2021-01-01", "", ""), "b, start"),
        (("曾任职单位", "inspector-wz-1", A, "", "2020-04-30", ""), "before it begins"),
    ],
)
def test_relation_of_the_same_id_does_not_become_another(ledger: Ledger, cells: Any, what: str) -> None:
    imported(ledger, relation("曾任职单位", "inspector-wz-1", A, "2020-05-01", "", "申报"), RELATIONS)
    report = imported(ledger, relation(*cells), RELATIONS)
    assert (report.rejected, len(events(ledger))) == (1, 1)
    assert what in report.errors[0].reason.en


def test_withdrawn_relation_is_not_revived_by_a_file(ledger: Ledger) -> None:
    row = ("亲属", "inspector-wz-1", "person-p1")
    imported(ledger, relation(*row, "", "", ""), RELATIONS)
    ledger.end_relation(who("w", "head"), "gx-1", "relation.withdrawn", "2026-03-01", {"reason": "误报"})
    assert imported(ledger, relation(*row, "", "", ""), RELATIONS).unchanged == 1
    report = imported(ledger, relation(*row, "", "2026-12-31", ""), RELATIONS)
    assert (report.rejected, report.events) == (1, 0)


@pytest.mark.parametrize("sheet", [PRODUCTS, STALLS, RELATIONS], ids=lambda sheet: sheet.name)
def test_template_says_what_a_command_would_take(ledger: Ledger, sheet: Sheet) -> None:
    imported(ledger, sheet.template(), sheet)
    event = events(ledger)[0]
    if isinstance(event, RelationDeclared):
        assert judge(sheet.kind(event.originator_id), event) == ()  # type: ignore[arg-type]
    assert event.TOPIC.partition(".")[0] == sheet.kind.KIND
    assert len(event.data()) == len(sheet.columns) + 1 - (sheet is not RELATIONS)
