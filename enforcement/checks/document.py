"""A draw's JSON as its specification means it: strict, so that two programs cannot read one text differently.

UTF-8, one value, no member twice in an object, whole numbers within ±(2^53 − 1) without fraction or exponent, no
NaN, no half surrogates. Every string and name is in NFC by Unicode 15.0 and free of control characters – but for
the public number, which is used byte for byte. Anything else is refused with its place, never repaired.
"""

import json
import re
from typing import Any, NoReturn

from enforcement.checks.unicode15 import is_nfc
from enforcement.errors import DrawRefused
from enforcement.values import MAX_INT, Text

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
WHOLE = "document"
"""The path of the document itself."""
BYTE_FOR_BYTE = "public_text"


def refuse(path: str, en: str, zh: str) -> NoReturn:
    """Name a breach of the specification."""
    raise DrawRefused(path, Text(en, zh))


def parse(raw: bytes) -> Any:
    """The value of a document; DrawRefused says what is no JSON in it. Texts are not looked at yet."""
    try:
        return _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        refuse(
            WHOLE, f"is not UTF-8 (byte {error.start + 1})", f"不是 UTF-8 编码（第 {error.start + 1} 字节）"
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        refuse(
            WHOLE,
            f"is not JSON: {error.msg} at {where}",
            f"不是 JSON：第 {error.lineno} 行第 {error.colno} 列",
        )
    except RecursionError:
        refuse(WHOLE, "is nested too deeply", "嵌套过深")


def check_text(text: str, path: str) -> None:
    """Valid Unicode in NFC, without control characters."""
    if text.isascii() and text.isprintable():
        return
    check_unicode(text, path)
    if found := CONTROL.search(text):
        code = f"U+{ord(found[0]):04X}"
        refuse(path, f"contains the control character {code}", f"含有控制字符 {code}")
    if not is_nfc(text):
        refuse(path, f"{text!r} is not in NFC (Unicode 15.0)", f"{text!r} 不是 Unicode 15.0 的 NFC 形式")


def check_unicode(text: str, path: str) -> None:
    """No half surrogates: such a text has no bytes in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse(
            path,
            "contains half a surrogate pair, which is not Unicode",
            "含有不成对的代理码元，不是有效的 Unicode",
        )


def check_texts(value: Any, path: str) -> None:
    """The same for every string and every name in a value."""
    if isinstance(value, str):
        check_text(value, path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            check_texts(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            check_text(name, f"a name in {path}")
            check_texts(item, f"{path}.{name}")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        refuse(WHOLE, f"the name {twice!r} stands twice in one object", f"同一对象中名称 {twice!r} 重复")
    return members


def _whole(digits: str) -> int:
    value = int(digits) if len(digits) <= 17 else MAX_INT + 1
    if not -MAX_INT <= value <= MAX_INT:
        refuse(
            WHOLE, f"the number {digits[:40]} is outside ±(2^53 − 1)", f"数字 {digits[:40]} 超出 ±(2^53 − 1)"
        )
    return value


def _broken(digits: str) -> NoReturn:
    refuse(
        WHOLE,
        f"the number {digits[:40]} has a fraction or an exponent; numbers are whole",
        f"数字 {digits[:40]} 含小数或指数；此处只用整数",
    )


def _constant(name: str) -> NoReturn:
    refuse(WHOLE, f"{name} is not JSON", f"{name} 不是 JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_whole, parse_float=_broken, parse_constant=_constant
)
