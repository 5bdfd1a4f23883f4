"""A text cut into shown and hidden segments, and the commitment to all of them. Pure.

Places count Unicode code points from 0; `end` is behind the last hidden one. A segment's entry is the domain, a salt of
256 random bits, the length of its UTF-8 bytes in eight, and those bytes; the commitment is the RFC 9162 tree over the
entries in order. Whoever knows only a hidden segment's leaf cannot try guesses against it: the salt is as unknown as
the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from enforcement.audit import merkle
from enforcement.values import Text

DOMAIN = b"steelyard-redaction-1\n"
SALT = 32
MOST = 200
"""Spans of one redaction: its event stays below 64 KiB."""
REASONS: Mapping[str, Text] = {
    "identity": Text("identity", "身份"),
    "contact": Text("contact", "联系方式"),
    "third_person": Text("third person", "第三人"),
    "place_or_time": Text("identifying place or time", "可识别身份的地点或时间"),
    "other": Text("other", "其他"),
}
PATHS: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "happened": ("happened",),
    "target_name": ("target", "name"),
    "target_place": ("target", "place"),
}
"""Where a part stands in what was filed."""


class Span(NamedTuple):
    """Code points `start` to `end` (not included) that are hidden, and why."""

    start: int
    end: int
    reason: str


class Segment(NamedTuple):
    """A stretch of the text; hidden where it has a reason."""

    text: str
    reason: str | None = None


def faults(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, Text]]:
    """What is wrong with the spans, by their place; nothing where the text can be cut by them."""
    if not 0 < len(spans) <= MOST:
        yield "spans", Text(f"expected 1 to {MOST} spans to redact", f"应遮盖 1 至 {MOST} 处")
    end = 0
    for n, span in enumerate(spans):
        found = _fault(span, end, len(text))
        if found is not None:
            yield f"spans.{n}", found
        end = max(end, span.end)


def _fault(span: Span, before: int, length: int) -> Text | None:
    if span.reason not in REASONS:
        return Text(f"expected a reason of {', '.join(REASONS)}", f"遮盖理由应为 {'、'.join(REASONS)} 之一")
    if not 0 <= span.start <= length or span.end > length:
        said = f"expected code points within 0 and {length}, the text's length"
        return Text(said, f"应在 0 至 {length}（文本字符数）之内")
    if span.end <= span.start:
        return Text("expected an end behind the start: an empty span hides nothing", "终点应在起点之后")
    if span.start < before:
        said = f"expected a start from {before} on: spans are sorted and do not overlap"
        return Text(said, f"起点应不小于 {before}：各处应按顺序排列且不重叠")
    return None


def cut(text: str, spans: Sequence[Span]) -> list[Segment]:
    """The segments in order; none of them is empty, and together they are the text."""
    made, at = [], 0
    for start, end, reason in spans:
        made += [Segment(text[at:start])] if start > at else []
        made.append(Segment(text[start:end], reason))
        at = end
    return made + ([Segment(text[at:])] if at < len(text) else [])


def leaf(text: str, salt: bytes) -> bytes:
    """The leaf hash of a segment. ValueError where the salt has not 32 bytes."""
    if len(salt) != SALT:
        raise ValueError(f"a salt of {len(salt)} bytes")
    raw = text.encode()
    return merkle.leaf_hash(DOMAIN + salt + len(raw).to_bytes(8) + raw)


def shown(segments: Sequence[Segment]) -> str:
    """The text as handlers read it; the mark in the place of a hidden segment tells its reason and not its length."""
    return "".join(s.text if s.reason is None else f"〔遮盖 {REASONS[s.reason].zh}〕" for s in segments)


def text_of(value: Any, part: str) -> str | None:
    """A part of what was opened; None where there is none."""
    for name in PATHS[part] if isinstance(value, dict) else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) and (value or part == "text") else None


def with_text(value: Any, part: str, text: str) -> Any:
    """The same value with another text in the place of a part."""
    return _put(value, PATHS[part], text) if isinstance(value, dict) else text


def _put(value: Mapping[str, Any], path: Sequence[str], text: str) -> dict[str, Any]:
    name, *rest = path
    return {**value, name: _put(value[name], rest, text) if rest else text}


def dumped(spans: Sequence[Span]) -> list[list[str]]:
    """Spans as they are sealed: every place in eight digits, so that the sealed length tells nothing of theirs."""
    return [[f"{start:08}", f"{end:08}", reason] for start, end, reason in spans]


def loaded(spans: Sequence[Sequence[str]]) -> list[Span]:
    """Spans as they were before."""
    return [Span(int(start), int(end), reason) for start, end, reason in spans]
