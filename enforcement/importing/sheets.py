"""The registers that come as CSV: their columns, and which events make the ledger say what a row says.

A row states what its cells hold; an empty cell states nothing. A thing that is not registered yet is registered; for
one that is, what differs becomes the event that such a difference is: another owner of an instrument a transfer,
another end of validity a verification. Roles of officers are no column: those who may grant authority do so by hand.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from enforcement import fields
from enforcement.importing.cells import BadCell, capital, choice, count, day, flag, listed, named, small, text
from enforcement.importing.sheet import Column, Happening, Sheet, changed
from enforcement.importing.sheets_of_things import PRODUCTS, RELATIONS, STALLS
from enforcement.law import instruments as law
from enforcement.registry.entity import Entity
from enforcement.registry.inspector import Inspector
from enforcement.registry.instrument import Instrument
from enforcement.registry.register import Facts
from enforcement.values import Text

# -- businesses

KINDS = {
    "企业": "company",
    "公司": "company",
    "个体工商户": "sole_trader",
    "农民专业合作社": "cooperative",
    "事业单位": "institution",
    "社会团体": "association",
    "其他": "other",
}
STATUS = {
    "存续": "active",
    "在业": "active",
    "开业": "active",
    "停业": "suspended",
    "吊销": "revoked",
    "注销": "deregistered",
    "迁出": "moved_out",
}
ENTITIES = Sheet(
    "entities",
    Entity,
    (
        Column("uscc", ("统一社会信用代码", "信用代码"), capital(fields.Uscc), "91330302MA2AAAAA0J", True),
        Column("name", ("名称", "企业名称", "主体名称"), text(fields.Words), "瓯江粮油有限公司", True),
        Column("kind", ("类型", "主体类型", "企业类型"), choice(KINDS), "企业", True),
        Column("region", ("行政区划代码", "区划代码", "行政区划"), text(fields.Region), "330302", True),
        Column("sector", ("行业", "行业门类"), text(fields.Words), "粮食零售"),
        Column("status", ("登记状态", "状态", "经营状态"), choice(STATUS), "存续"),
        Column("established", ("成立日期",), day, "2020-05-01"),
    ),
    lambda row: [("entity.registered", row)],
    lambda facts, row: changed("entity.changed", facts, row),
)

# -- inspectors

INSPECTORS = Sheet(
    "inspectors",
    Inspector,
    (
        Column("officer", ("人员编号", "执法人员编号"), small(fields.OfficerId), "wz-lc-017", True),
        Column("unit", ("单位", "所在单位"), text(fields.Words), "鹿城区局计量科", True),
        Column("region", ("行政区划代码", "区划代码", "行政区划"), text(fields.Region), "330302", True),
        Column("licence", ("执法证号", "证件号"), text(fields.Words), "浙C-000017"),
        Column("licence_until", ("执法证有效期至", "证件有效期至"), day, "2028-12-31", True),
        Column("regions", ("检查区域", "片区"), listed(text(fields.Region)), "330302、330304"),
        Column("skills", ("专业", "业务专长"), listed(text(fields.Skill)), "衡器、加油机"),
        Column("expert", ("专家", "是否专家"), flag, "否"),
        Column("cap", ("任务上限", "检查上限"), count, "20"),
        Column("status", ("人员状态", "状态"), choice({"在岗": "active", "离岗": "left"}), "在岗"),
    ),
    lambda row: [("inspector.registered", {"roles": [], **row})],
    lambda facts, row: changed("inspector.changed", facts, row),
)

# -- instruments

PURPOSES = {
    "贸易结算": "trade",
    "安全防护": "safety",
    "医疗卫生": "medical",
    "环境监测": "environment",
    "其他": "other",
}
USE = {"在用": "used", "停用": "stopped", "报废": "scrapped"}
ENDS = {"stopped": "instrument.stopped", "scrapped": "instrument.scrapped"}
FROM_FILE = "据导入台账"


@cache
def kind_names() -> Mapping[str, str]:
    """Chinese names of the kinds of the law's table."""
    return {name.zh: kind for kind, name in law.kinds().items()}


def _new_instrument(row: Facts) -> list[Happening]:
    data = {name: value for name, value in row.items() if name != "use"}
    end = ENDS.get(row.get("use", "used"))
    return [("instrument.registered", data), *([(end, {"reason": FROM_FILE})] if end else [])]


def _instrument(facts: Facts, row: Facts) -> Iterator[Happening]:
    use, phase = row.get("use"), facts["phase"]
    happenings = list(_stated(facts, row))
    if phase in law.gone():
        if happenings or use in ("used", "stopped"):
            raise BadCell(Text(f"no change: the instrument is {phase}", f"不得变更：该器具已 {phase}"))
        return
    yield from happenings
    if use in ENDS and not (use == "stopped" and phase == law.STOPPED):
        yield ENDS[use], {"reason": FROM_FILE}
    elif use == "used" and phase == law.STOPPED:
        yield "instrument.resumed", {"reason": FROM_FILE}


def _stated(facts: Facts, row: Facts) -> Iterator[Happening]:
    if row.get("owner", facts["owner"]) != facts["owner"]:
        moved: Facts = {name: row[name] for name in ("owner", "region", "place") if name in row}
        yield "instrument.transferred", moved
        facts = facts | moved
    yield from changed("instrument.changed", facts, row)
    until = row.get("until")
    if until is None or until == facts["until"]:
        return
    if facts["phase"] in law.NO_VERIFICATION:
        raise BadCell(
            Text(
                "no validity: it failed verification, record the next one",
                "空值：检定不合格，请先登记重新检定",
            )
        )
    yield "instrument.verified", {"until": until}


INSTRUMENTS = Sheet(
    "instruments",
    Instrument,
    (
        Column("instrument", ("器具编号", "台账编号"), small(fields.ThingId), "wz-jjc-0001", True),
        Column(
            "kind", ("器具种类", "器具名称", "种类"), named(kind_names, fields.ThingId), "电子计价秤", True
        ),
        Column(
            "owner",
            ("使用单位信用代码", "统一社会信用代码"),
            capital(fields.Uscc),
            "91330302MA2AAAAA0J",
            True,
        ),
        Column("region", ("行政区划代码", "区划代码", "行政区划"), text(fields.Region), "330302", True),
        Column("place", ("使用地点", "安装地点"), text(fields.Words), "1号门"),
        Column("number", ("出厂编号",), text(fields.Words), "A-1024"),
        Column("maker", ("制造单位", "生产厂家"), text(fields.Words), "永康衡器厂"),
        Column("model", ("型号规格", "型号"), text(fields.Words), "ACS-30"),
        Column("accuracy", ("准确度等级",), text(fields.Words), "III"),
        Column("purpose", ("用途",), choice(PURPOSES), "贸易结算"),
        Column("jjg", ("检定规程",), text(fields.Words), "JJG 539-2016"),
        Column("until", ("有效期至", "检定有效期至"), day, "2026-12-31"),
        Column("use", ("使用状态", "状态"), choice(USE), "在用"),
    ),
    _new_instrument,
    _instrument,
)

SHEETS = {sheet.name: sheet for sheet in (ENTITIES, INSTRUMENTS, INSPECTORS, PRODUCTS, STALLS, RELATIONS)}
