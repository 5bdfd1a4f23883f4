"""The types of which events' data is made: plain JSON values with a form and a meaning.

Each is a `str` or `int` annotated with a `Form`; nested parts are TypedDicts. `enforcement.forms` turns them into
validation and JSON Schema, so a field's type is written once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, NotRequired, TypedDict
from unicodedata import is_normalized

from enforcement.values import DECIMAL, Text, precision, valid_fraction, valid_region, valid_uscc


@dataclass(frozen=True)
class Form:
    """What a plain value must look like; `test` decides, what JSON Schema can say of it stands beside."""

    expected: Text
    test: Callable[[str], bool]
    pattern: str | None = None
    format: str | None = None
    longest: int | None = None
    """Most characters; at least one is always wanted."""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_moment(text: str) -> bool:
    try:
        return precision(text) in ("instant", "day")
    except ValueError:
        return False


def _matches(pattern: str) -> Callable[[str], bool]:
    form = re.compile(pattern)
    return lambda text: bool(form.fullmatch(text))


def _form(pattern: str, en: str, zh: str) -> Form:
    return Form(Text(en, zh), _matches(pattern), f"^{pattern}$")


def _storable(text: str) -> bool:
    """Neither NUL nor half of a surrogate pair: JSON can write both, but not every store and stream can hold them."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _is_label(text: str) -> bool:
    """A word that may stand in a draw's lists: NFC, no control characters (steelyard-draw-1, “Text”)."""
    return 0 < len(text) <= 64 and _storable(text) and text.isprintable() and is_normalized("NFC", text)


_NODE = re.compile("(inspector|person)-[a-z0-9][a-z0-9-]{0,63}")
_PERSONAL = re.compile("[0-9]{15}|[0-9]{17}[0-9x]|1[0-9]{10}")
"""What looks like an identity card's or a telephone's number."""


def _is_node(text: str) -> bool:
    kind, _, id = text.partition("-")
    if kind == "entity":
        return valid_uscc(id)
    return bool(_NODE.fullmatch(text)) and not (kind == "person" and _PERSONAL.fullmatch(id.replace("-", "")))


def _sane(text: str) -> bool:
    return 0 < len(text) <= 4000 and _storable(text)


Words = Annotated[str, Form(Text("1 to 4,000 characters", "1 至 4000 个字符"), _sane, longest=4000)]
LongText = Annotated[
    str,
    Form(
        Text("1 to 48,000 characters", "1 至 48000 个字符"),
        lambda text: 0 < len(text) <= 48_000 and _storable(text),
        longest=48_000,
    ),
]
OfficerId = Annotated[
    str, _form("[a-z0-9][a-z0-9-]{0,63}", "an officer id such as wz-lc-017", "执法人员编号，如 wz-lc-017")
]
PartId = Annotated[str, _form("[a-z0-9][a-z0-9-]{0,31}", "a short id such as p1", "短编号，如 p1")]
CaseId = Annotated[str, _form("case-[a-z0-9-]{1,120}", "a case id", "案件编号")]
EventId = Annotated[
    str,
    _form(
        "[A-Za-z0-9-]{1,160}/[1-9][0-9]{0,9}",
        "an event as <aggregate>/<version>, such as case-4fe46dee/12",
        "事件编号（聚合/版本），如 case-4fe46dee/12",
    ),
]
CampaignId = Annotated[str, _form("campaign-[a-z0-9-]{1,110}", "a campaign id", "抽查任务编号")]
InspectionId = Annotated[str, _form("inspection-[a-z0-9-]{1,110}", "an inspection id", "检查编号")]
ReportId = Annotated[str, _form("report-[a-z0-9-]{1,120}", "a report id", "举报编号")]
SubjectId = Annotated[str, _form("reporter-[0-9a-f]{32}", "the pseudonym of a reporter", "举报人代号")]
Digest = Annotated[str, _form("[0-9a-f]{64}", "a SHA-256 in lower-case hex", "小写十六进制 SHA-256")]
Region = Annotated[
    str,
    Form(
        Text("a GB/T 2260 code of six digits", "六位 GB/T 2260 行政区划代码"), valid_region, "^[1-9][0-9]{5}$"
    ),
]
Uscc = Annotated[
    str,
    Form(
        Text(
            "a unified social credit code with a right check character (GB 32100)",
            "校验正确的统一社会信用代码",
        ),
        valid_uscc,
        "^[0-9A-HJ-NPQRTUWXY]{18}$",
    ),
]
Money = Annotated[
    str,
    Form(
        Text(
            "an amount in CNY as a string such as '1305600' or '6045.44'",
            "以字符串表示的人民币金额，如 '6045.44'",
        ),
        lambda text: bool(DECIMAL.fullmatch(text)) and not text.startswith("-") and len(text) <= 32,
        "^(0|[1-9][0-9]*)(\\.[0-9]+)?$",
        longest=32,
    ),
]
Reading = Annotated[
    str,
    Form(
        Text("a quantity as a string such as '498.2'", "以字符串表示的数值，如 '498.2'"),
        lambda text: bool(DECIMAL.fullmatch(text)) and not text.startswith("-") and len(text) <= 12,
        "^(0|[1-9][0-9]*)(\\.[0-9]+)?$",
        longest=12,
    ),
]
"""A measured or printed quantity, not negative."""
Day = Annotated[
    str, Form(Text("a day, YYYY-MM-DD", "日期，YYYY-MM-DD"), _is_day, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "date")
]
Moment = Annotated[
    str,
    Form(
        Text("an RFC 3339 instant or a day", "RFC 3339 时刻或日期"),
        _is_moment,
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
    ),
]
PolicyId = Annotated[
    str,
    _form(
        "[a-z0-9][a-z0-9-]{0,99}",
        "the id of a scoring policy such as wenzhou-metrology-2026",
        "评分规则编号，如 wenzhou-metrology-2026",
    ),
]
ViolationCode = Annotated[
    str, _form("M-[A-Z][0-9]{2}", "a code of the violation catalogue such as M-V01", "违法行为目录代码")
]
ItemCode = Annotated[
    str, _form("[a-z0-9][a-z0-9-]{0,31}", "an item's code such as jl-jmsc-01", "抽查事项编码，如 jl-jmsc-01")
]
PlanId = Annotated[
    str, _form("[a-z0-9][a-z0-9-]{0,31}", "a plan's id such as 2026-wz", "抽查计划编号，如 2026-wz")
]
ThingId = Annotated[
    str,
    _form(
        "[a-z0-9][a-z0-9-]{0,63}",
        "an id of small letters, digits and hyphens",
        "由小写字母、数字和连字符组成的编号",
    ),
]
Skill = Annotated[
    str,
    Form(Text("the name of a skill, 1 to 64 characters", "专业名称，1 至 64 个字符"), _is_label, longest=64),
]
Fraction = Annotated[
    str,
    Form(
        Text("a reduced fraction from '0/1' to '1/1' such as '1/20'", "0/1 至 1/1 的最简分数，如 '1/20'"),
        valid_fraction,
        "^(0|[1-9][0-9]*)/[1-9][0-9]*$",
        longest=32,
    ),
]
NodeId = Annotated[
    str,
    Form(
        Text(
            "inspector-<id>, entity-<USCC> or person-<an id that is no identity or telephone number>",
            "inspector-<编号>、entity-<统一社会信用代码> 或 person-<非证件号、非电话号码的编号>",
        ),
        _is_node,
        "^(inspector-[a-z0-9][a-z0-9-]{0,63}|entity-[0-9A-HJ-NPQRTUWXY]{18}|person-[a-z0-9][a-z0-9-]{0,63})$",
    ),
]

Base64 = Annotated[
    str,
    _form(
        "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
        "padded base64",
        "带填充的 base64",
    ),
]
KeyId = Annotated[str, _form("k-[0-9a-f]{16}", "the id of a key", "密钥编号")]


class Sealed(TypedDict):
    """封存: personal data readable only while its subject's key exists; nonce ‖ ciphertext ‖ tag."""

    sealed: Base64
    key: KeyId
    alg: Literal["A256GCM"]


PartyKind = Literal["person", "sole_trader", "organisation", "institution", "unknown"]
"""自然人 · 个体工商户 · 法人或其他组织 · 事业单位 · 不详."""


class Party(TypedDict):
    """当事人. A natural person's name and id number are never recorded here: only the file holds them."""

    id: PartId
    kind: PartyKind
    uscc: NotRequired[Uscc | None]
    name: NotRequired[Words | None]
    region: NotRequired[Region | None]


class Violation(TypedDict):
    """A suspected violation 涉嫌违法行为: the act, its catalogue code, and from when to when it was committed."""

    id: PartId
    code: NotRequired[ViolationCode | None]
    act: NotRequired[Words | None]
    party: NotRequired[PartId | None]
    began: NotRequired[Day | None]
    ended: NotRequired[Day | None]
    continuing: NotRequired[bool]
    danger: NotRequired[bool]
    """Life, health or financial safety touched, with harm: limitation of five years (APL 36)."""


class File(TypedDict):
    """A file outside the ledger, by its hash (evidence, record, audio, video)."""

    sha256: Digest
    name: NotRequired[Words | None]
    kind: NotRequired[Words | None]


class Document(TypedDict):
    """A document of the case (law: 56 forms of 2021): form number and document number."""

    form: int
    number: NotRequired[Words | None]


OtherKind = Literal[
    "stop",
    "seal_product",
    "compensate",
    "confiscate_instrument",
    "confiscate_goods",
    "grade_lowered",
    "permit_suspended",
    "licence_revoked",
    "authorisation_withdrawn",
    "restrict_business",
    "stop_business",
    "close",
    "restrict_occupation",
    "result_void",
    "barred",
    "disclosure",
]
"""Kinds of consequence beside fine, confiscated gains, warning, criticism and order to correct."""


class Penalty(TypedDict):
    """What is imposed, or proposed, for one violation of one party (CNY)."""

    violation: PartId
    party: NotRequired[PartId | None]
    code: NotRequired[ViolationCode | None]
    cite: NotRequired[Words | None]
    """The article cited as the basis; it decides the band."""
    fine: NotRequired[Money | None]
    gains: NotRequired[Money | None]
    """Illegal gains confiscated 没收违法所得."""
    goods_value: NotRequired[Money | None]
    goods: NotRequired[Words | None]
    warning: NotRequired[bool]
    criticism: NotRequired[bool]
    order_correct: NotRequired[bool]
    kinds: NotRequired[list[OtherKind]]
    rung: NotRequired[Literal["reduced", "lighter", "ordinary", "heavier"] | None]
    """裁量阶次: 减轻, 从轻, 一般, 从重."""
    reasons: NotRequired[Words | None]
    grounds: NotRequired[list[Literal["APL30_14_18", "APL32_1", "APL32_2", "APL32_3", "APL32_4"]]]
    """Why the penalty must be lighter or reduced 从轻、减轻 (APL 30, 32)."""
    until: NotRequired[Day | None]
    """Last day of a restriction of business or occupation 限制期限届满日; its record is public at least as long."""
    units: NotRequired[int | None]
    flags: NotRequired[list[Literal["refuses", "not_done", "serious", "loss", "failed", "contact_lens"]]]
    received: NotRequired[Money | None]
    """Illegal gains found (G), the base of multiples; may exceed what is confiscated."""


class Outcome(TypedDict):
    """How one violation ends where it is not a penalty."""

    violation: PartId
    outcome: Literal["no_penalty", "not_proven", "transferred", "terminated", "split_off"]
    """`split_off` 另案处理: it goes on as a case of its own, linked to this one."""
    ground: NotRequired[Words | None]


class DirectCost(TypedDict):
    """A direct cost of the act 直接成本; undocumented, unlawful or mixed with lawful business: not deducted."""

    kind: Literal["material", "purchase", "tax", "other"]
    amount: Money
    documented: NotRequired[bool]
    lawful: NotRequired[bool]
    applied_for: NotRequired[bool]
    """`other` costs count on the party's application, with proof."""
    mixed: NotRequired[bool]


class Opinion(TypedDict):
    """One member's opinion in a collective discussion."""

    member: OfficerId
    opinion: Words
