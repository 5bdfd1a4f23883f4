"""What is recorded of a redaction. In clear: which text, its commitment, how many segments; the cuts are sealed."""

from typing import Literal

from enforcement.fields import Digest, Sealed
from enforcement.reports.events import Attachment, ReportEvent

Reason = Literal["identity", "contact", "third_person", "place_or_time", "other"]
"""身份 · 联系方式 · 第三人 · 可识别身份的地点或时间 · 其他."""
Part = Literal["text", "happened", "target_name", "target_place"]
"""正文 · 发生时间 · 被举报对象名称 · 被举报对象地点; a message is all text."""


class Redacted(ReportEvent):
    """遮盖: `source` is the version of the event whose text was redacted, `original` the digest of its envelope.

    That digest stands in the reporter's signed receipt as well. `root` commits to every segment of the original,
    `copy_digest` is of the redacted copy. A later redaction of the same text supersedes an earlier one.
    """

    TOPIC = "report.redacted"
    source: int
    part: Part
    original: Digest
    root: Digest
    segments: int
    hidden: int
    reasons: list[Reason]
    copy_digest: Digest
    spans: Sealed


class FileRedacted(ReportEvent):
    """遮盖文件: another file stands in the place of one that was handed in; both by the hash of their sealed bytes.

    `entry` holds the replacement's name and own hash. A later one of the same file supersedes an earlier one.
    """

    TOPIC = "report.file-redacted"
    file: Digest
    replacement: Attachment
    entry: Sealed
