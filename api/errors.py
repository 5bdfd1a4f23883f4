"""Errors that only the HTTP side has, in the same tree as the domain's; `api/problem_types.py` maps both."""

from enforcement.errors import SteelyardError
from enforcement.values import Text


class MalformedRequest(SteelyardError):
    """The request cannot be read: no JSON, a member twice, a header without its form."""

    slug = "malformed-request"


class UnsupportedMediaType(SteelyardError):
    """The body is something else than JSON in UTF-8."""

    slug = "unsupported-media-type"


class Unauthenticated(SteelyardError):
    """No token, or one that does not hold."""

    slug = "unauthenticated"

    def __init__(self, message: Text, error: str = "invalid_token") -> None:
        super().__init__(message)
        self.error = error


class RoleMissing(SteelyardError):
    """The token holds none of the roles that the route asks for."""

    slug = "role-missing"


class NotYetVisible(SteelyardError):
    """The read models have not reached the position that the caller named; ask again shortly."""

    slug = "not-yet-visible"

    def __init__(self, position: int) -> None:
        en = f"the read models have not reached position {position}; ask again shortly"
        zh = f"读模型尚未到达位置 {position}，请稍后再试"
        super().__init__(Text(en, zh), position=position)


class AlreadyExists(SteelyardError):
    """What should be created is there already."""

    slug = "already-exists"

    def __init__(self, version: int) -> None:
        super().__init__(
            Text(f"it exists already, at version {version}", f"已存在，当前版本为 {version}"), current=version
        )


class TooManyRequests(SteelyardError):
    """Asked too often by all together; `retry_after` seconds help."""

    slug = "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        text = Text(
            f"too many requests; try again in {retry_after} s", f"请求过多，请在 {retry_after} 秒后重试"
        )
        super().__init__(text, retry_after=retry_after)
