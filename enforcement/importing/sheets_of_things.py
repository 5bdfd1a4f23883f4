"""Products, stalls and relations as CSV.

The ends of a relation are ids, never names: `inspector-…`, `person-…`, `entity-…`, a bare credit code being a business.
What a relation is between never changes: a file may bring its end, another one is declared under another id.
"""

from collections.abc import Iterator
from typing import Any

from enforcement import fields
from enforcement.importing.cells import BadCell, Reader, capital, choice, day, small, text
from enforcement.importing.sheet import Column, Happening, Sheet, changed
from enforcement.registry.register import Facts
from enforcement.registry.relation import Relation, fault
from enforcement.registry.things import Product, Stall
from enforcement.values import Text, valid_uscc

PRESENCE = {"在列": "active", "退出": "ended"}
REGION = Column("region", ("行政区划代码", "区划代码", "行政区划"), text(fields.Region), "330302", True)
STATUS = Column("status", ("状态",), choice(PRESENCE), "在列")

PRODUCTS = Sheet(
    "products",
    Product,
    (
        Column("product", ("产品编号",), small(fields.ThingId), "wz-cp-0001", True),
        Column(
            "owner",
            ("生产者信用代码", "统一社会信用代码", "信用代码"),
            capital(fields.Uscc),
            "91330302MA2AAAAA0J",
            True,
        ),
        Column("kind", ("产品种类", "种类代码"), small(fields.ThingId), "rice", True),
        Column("name", ("产品名称", "名称"), text(fields.Words), "东北大米 5kg", True),
        REGION,
        Column("specification", ("规格", "规格型号"), text(fields.Words), "5 kg"),
        STATUS,
    ),
    lambda row: [("product.registered", row)],
    lambda facts, row: changed("product.changed", facts, row),
)

STALLS = Sheet(
    "stalls",
    Stall,
    (
        Column("stall", ("摊位编号",), small(fields.ThingId), "wz-tw-0001", True),
        Column(
            "owner",
            ("市场举办者信用代码", "统一社会信用代码", "信用代码"),
            capital(fields.Uscc),
            "91330302MA2AAAAA0J",
            True,
        ),
        Column("keeper", ("经营者信用代码", "摊主信用代码"), capital(fields.Uscc), "91330302000000001K"),
        Column("kind", ("摊位种类", "种类代码"), small(fields.ThingId), "aquatic", True),
        REGION,
        Column("place", ("位置", "摊位位置"), text(fields.Words), "一楼 A 区 12 号"),
        STATUS,
    ),
    lambda row: [("stall.registered", row)],
    lambda facts, row: changed("stall.changed", facts, row),
)

# -- relations

RELATION_KINDS = {
    "亲属": "kinship",
    "持股": "shareholding",
    "法定代表人": "legal_representative",
    "曾任职单位": "former_employer",
    "申报的利害关系": "declared_interest",
}
FIXED = ("kind", "a", "b", "start", "basis")


def node(cell: str) -> Any:
    """An end of a relation; a bare credit code is a business."""
    kind, dash, id = cell.partition("-")
    if valid_uscc(cell.upper()):
        kind, dash, id = "entity", "-", cell
    return _node(kind.lower() + dash + (id.upper() if kind.lower() == "entity" else id.lower()))


_node: Reader = text(fields.NodeId)


def _declared(row: Facts) -> list[Happening]:
    _fitting(row)
    return [("relation.declared", row)]


def _ended(facts: Facts, row: Facts) -> Iterator[Happening]:
    other = [name for name in FIXED if row.get(name, facts[name]) != facts[name]]
    if other or (facts["withdrawn"] and row.get("end", facts["end"]) != facts["end"]):
        what = ", ".join(other) or "end"
        raise BadCell(
            Text(
                f"another id: {what} of a declared relation does not change",
                f"另设编号：已登记关系的 {what} 不得变更",
            )
        )
    _fitting(facts | row)
    yield from changed("relation.ended", facts, row)


def _fitting(facts: Facts) -> None:
    """BadCell where the ends do not fit the kind, or it ends before it begins."""
    if (found := fault(facts)) is not None:
        said = found[1]
        raise BadCell(Text(f"a relation that holds together: {said.en}", f"前后一致的关系：{said.zh}"))


RELATIONS = Sheet(
    "relations",
    Relation,
    (
        Column("relation", ("关系编号",), small(fields.ThingId), "wz-gx-0001", True),
        Column("kind", ("关系种类", "关系类型"), choice(RELATION_KINDS), "曾任职单位", True),
        Column("a", ("一方",), node, "inspector-wz-lc-017", True),
        Column("b", ("另一方",), node, "entity-91330302MA2AAAAA0J", True),
        Column("start", ("开始日期", "起始日期"), day, "2020-05-01"),
        Column("end", ("结束日期", "终止日期"), day, "2026-12-31"),
        Column("basis", ("依据", "来源"), text(fields.Words), "本人申报"),
    ),
    _declared,
    _ended,
)
