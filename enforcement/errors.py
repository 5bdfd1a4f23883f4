"""One tree of domain errors. They know the rule that was broken and no HTTP.

Each error has a stable `slug`, says what was wrong and what was expected in both languages, and carries the
article where a statute is behind it. `api/problems.py` holds the one table that maps them to responses.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from enforcement.values import Text


class Breach(NamedTuple):
    """A statutory rule that a fact does not meet.

    `hard` breaches refuse a live command; soft ones, and all of those in published history, become findings.
    `earliest` is the first day (or moment) on which the act would be possible, where waiting is the cure.
    """

    rule: str
    article: str
    message: Text
    earliest: date | datetime | None = None
    hard: bool = True


class SteelyardError(Exception):
    """The root: `slug` is stable, `message` is for people, `details` for programs."""

    slug: ClassVar[str] = "error"
    article: str | None = None

    def __init__(self, message: Text, **details: Any) -> None:
        super().__init__(message.en)
        self.message = message
        self.details: dict[str, Any] = details


class InvalidData(SteelyardError):
    """The data does not have the form its type demands; `errors` names every field by its path."""

    slug = "invalid-data"

    def __init__(self, errors: Mapping[str, Sequence[Text]]) -> None:
        self.errors = dict(errors)
        parts = [(path, text) for path, texts in self.errors.items() for text in texts]
        en = "; ".join(f"{path}: {text.en}" for path, text in parts)
        zh = "；".join(f"{path}：{text.zh}" for path, text in parts)
        super().__init__(Text(en, zh))


class NotFound(SteelyardError):
    """No such thing, or nothing that the caller may see: the two are not told apart."""

    slug = "not-found"

    def __init__(self, what: str, id: str) -> None:
        super().__init__(Text(f"{what} {id} was not found", f"未找到 {what} {id}"), id=id)


class Refused(SteelyardError):
    """The statute forbids the act now; every breached rule is named."""

    slug = "refused-by-statute"

    def __init__(self, breaches: Sequence[Breach]) -> None:
        self.breaches = tuple(breaches)
        self.article = breaches[0].article
        en = "; ".join(f"{b.message.en} ({b.article})" for b in breaches)
        zh = "；".join(f"{b.message.zh}（{b.article}）" for b in breaches)
        super().__init__(Text(en, zh))


class DrawRefused(SteelyardError):
    """What a draw would stand on breaks a rule of its specification; `path` is the place of the first breach."""

    slug = "draw-refused"

    def __init__(self, path: str, text: Text) -> None:
        super().__init__(Text(f"{path}: {text.en}", f"{path}：{text.zh}"), path=path)
        self.path = path


class NotPermitted(SteelyardError):
    """The caller's role or region does not reach this act."""

    slug = "not-permitted"


class VersionConflict(SteelyardError):
    """Someone else recorded an event first; read again and decide again."""

    slug = "version-conflict"

    def __init__(self, id: str, expected: int, current: int) -> None:
        en = f"{id} is at version {current}, the command expected version {expected}"
        zh = f"{id} 当前版本为 {current}，命令所依据的版本为 {expected}"
        super().__init__(Text(en, zh), expected=expected, current=current)


class KeyReused(SteelyardError):
    """The same idempotency key came with another payload."""

    slug = "idempotency-key-reused"

    def __init__(self, id: str, position: int | None) -> None:
        at = "" if position is None else f" at position {position}"
        at_zh = "" if position is None else f"（位置 {position}）"
        en = f"this Idempotency-Key was already used for {id}{at} with another payload; use a new key"
        zh = f"该 Idempotency-Key 已用于 {id}{at_zh}，且内容不同；请换用新的键"
        super().__init__(Text(en, zh), id=id, position=position)


class TooLarge(SteelyardError):
    """An event's envelope is over 64 KiB, or a save over 1 MB; evidence belongs into files."""

    slug = "too-large"


class LedgerMismatch(SteelyardError):
    """The store holds another ledger, or a form this release does not know."""

    slug = "ledger-mismatch"


class LedgerUnavailable(SteelyardError):
    """The store does not answer; nothing was recorded."""

    slug = "ledger-unavailable"


class FileDamaged(SteelyardError):
    """A file outside the ledger is not what its hash says: changed, or cut off."""

    slug = "file-damaged"


class SettingsError(SteelyardError):
    """A setting is unknown or has a bad value; the program does not start."""

    slug = "bad-setting"


class Erased(SteelyardError):
    """What is asked for was erased: its key is destroyed, and no new one is made."""

    slug = "erased"

    def __init__(self, id: str) -> None:
        super().__init__(Text(f"{id} was erased", f"{id} 已被清除"), id=id)
