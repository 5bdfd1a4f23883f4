"""The sorts of value a setting may have: what is expected, in both languages, and how its text is read.

A reader raises ValueError when the text does not fit; `settings` makes the sentence.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from enforcement import databases
from enforcement.values import Text


class Kind(NamedTuple):
    """A sort of value: what is expected, and the reader of its text (ValueError when it does not fit)."""

    expected: Text
    read: Callable[[str, Path], Any]


def matching(pattern: str, en: str, zh: str) -> Kind:
    def read(text: str, _: Path) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return Kind(Text(en, zh), read)


def _between(convert: Callable[[str], float], low: float, high: float, en: str, zh: str) -> Kind:
    def read(text: str, _: Path) -> float:
        value = convert(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return Kind(Text(f"{en} from {low:,} to {high:,}", f"{low} 至 {high} 的{zh}"), read)


whole = partial(_between, int)
decimal = partial(_between, float)


def one_of(*words: str) -> Kind:
    return matching("|".join(words), f"one of {', '.join(words)}", f"{'、'.join(words)} 之一")


URL = matching(r"https?://[^\s/]+\S*", "an http or https address", "http 或 https 地址")
DATABASE = Kind(
    Text(
        "sqlite:///path/to/file.db or postgresql+psycopg://user:password@host:port/name",
        "sqlite:///文件路径 或 postgresql+psycopg://用户:密码@主机:端口/库名",
    ),
    databases.resolved,
)


def _files(text: str, cwd: Path) -> str:
    """A folder made absolute, or the address of a store as it stands."""
    scheme, separator, _ = text.partition("://")
    if not separator:
        return f"file://{cwd / text}"
    if not re.fullmatch("[a-z][a-z0-9+.-]*", scheme):
        raise ValueError(text)
    return text


FILES = Kind(
    Text("a folder, or the address of a store that fsspec knows", "文件夹，或 fsspec 支持的存储地址"), _files
)
FILE = Kind(Text("a path to a file", "文件路径"), lambda text, cwd: cwd / text)
NAME = matching("[a-z0-9-]+", "small letters, digits and hyphens", "小写字母、数字和连字符")
DIVISION = matching(r"[1-9][0-9]{5}", "a GB/T 2260 code of six digits", "六位 GB/T 2260 行政区划代码")
ORIGIN = matching(r"[^\s+/]+/ledgers/[a-z0-9-]+", "<host>/ledgers/<name>", "<主机>/ledgers/<账本名>")
HOST = matching(r"[A-Za-z0-9._:\[\]-]+", "a host name or an address", "主机名或地址")
BROKERS = matching(
    r"[A-Za-z0-9._-]+:\d{1,5}(,[A-Za-z0-9._-]+:\d{1,5})*", "host:port[,host:port…]", "主机:端口[,主机:端口…]"
)
TOPIC_PREFIX = matching(
    r"[A-Za-z0-9._-]{1,100}", "letters, digits, '.', '_' and '-'", "字母、数字、'.'、'_' 和 '-'"
)
WORD = matching(r"\S+", "a text without spaces", "不含空格的文本")
SECRET = matching(
    r"[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*", "keys of 32 bytes in base64", "base64 形式的 32 字节密钥"
)
