"""The catalogue code of a published act, where the articles cited and the words of the act leave no other.

A press notice names an act loosely and a law without its article; a code guessed from that would measure the fine
by the wrong band. So a row applies only when a cited article is one of its own, the act says so in the words of the
law, and no second row applies.
"""

import re
from functools import lru_cache
from typing import NamedTuple


class Certain(NamedTuple):
    """One row of the catalogue as decisions cite it."""

    code: str
    cites: tuple[str, ...]
    act: re.Pattern[str]


def _row(code: str, cites: str, act: str) -> Certain:
    return Certain(code, tuple(cites.split()), re.compile(act))


UNVERIFIED = "未经检定|未按照?规定申请检定|超过?检定周期"
TABLE = (
    _row("M-V01", "计量法第九条第一款", f"^(?!.*不合格).*({UNVERIFIED})"),
    _row("M-V01", "计量法第二十五条 计量法实施细则第四十三条", f"^(?!.*不合格).*强制检定.*({UNVERIFIED})"),
    _row("M-V02", "计量法第二十五条 计量法实施细则第四十三条", f"^(?!.*({UNVERIFIED})).*检定不合格"),
    _row("M-V03", "计量法第九条第二款", f"^(?!.*不合格).*({UNVERIFIED})"),
    _row(
        "M-C02",
        "计量法第十六条 计量法第二十六条 计量法实施细则第四十六条",
        "^(?!.*(欺骗|作弊)).*破坏.{0,8}准确度",
    ),
    _row("M-C03", "计量法第二十七条 计量法实施细则第四十八条", "以欺骗消费者为目的"),
    _row(
        "M-C04",
        "浙江省计量监督管理条例第十四条第(六)项 浙江省计量监督管理条例第四十一条第(四)项",
        "作弊",
    ),
    _row(
        "M-C05",
        "浙江省计量监督管理条例第十四条第(七)项 浙江省计量监督管理条例第四十一条第(五)项",
        "封|防作弊",
    ),
    _row("M-N03", "定量包装商品计量监督管理办法第十八条", "净含量|短缺"),
    _row("M-F03", "法定计量检定机构监督管理办法第二十五条", "虚假|不实"),
)


@lru_cache(maxsize=4096)
def certain_code(act: str | None, articles: tuple[str, ...]) -> str | None:
    """The code, or None where the source does not settle it."""
    if not act or not articles:
        return None
    cited = [_plain(article) for article in articles]
    found = {row.code for row in TABLE if row.act.search(act) and _cited(row.cites, cited)}
    return found.pop() if len(found) == 1 else None


def _cited(own: tuple[str, ...], cited: list[str]) -> bool:
    return any(article == cite or article.startswith(cite + "第") for cite in own for article in cited)


def _plain(article: str) -> str:
    bare = re.sub(r"[\s《》]", "", article).translate(_BRACKETS)
    return bare.removeprefix("中华人民共和国")


_BRACKETS = str.maketrans("（）", "()")
