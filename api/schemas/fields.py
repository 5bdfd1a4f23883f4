"""Fields of requests: marshmallow fields that say in both languages what was expected."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from marshmallow import ValidationError, fields, validate

from api.bodies import Said
from enforcement.fields import Form
from enforcement.values import MAX_INT, Text, occurred_bounds, precision

OCCURRED_PATTERN = (
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$"
)


def form_of(hint: Any) -> Form:
    """The form of an annotated type of `enforcement.fields`."""
    return next(extra for extra in get_args(hint) if isinstance(extra, Form))


class Plain(fields.String):
    """A string of a form; nothing that merely prints like one."""

    def __init__(self, hint: Any, **kwargs: Any) -> None:
        form = form_of(hint)
        metadata = {"description": f"{form.expected.en} ({form.expected.zh})", **kwargs.pop("metadata", {})}
        if form.pattern:
            metadata["pattern"] = form.pattern
        if form.format:
            metadata["format"] = form.format
        super().__init__(validate=tested(form.test, form.expected), metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value


def tested(test: Callable[[Any], bool], expected: Text) -> Callable[[Any], None]:
    """A validator with its message in both languages."""
    message = Said(Text(f"expected {expected.en}", f"应为{expected.zh}"))

    def check(value: Any) -> None:
        if not test(value):
            raise ValidationError(message)

    return check


def _is_occurred(value: str) -> bool:
    try:
        occurred_bounds(value)
        if precision(value) == "instant":
            datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True


OCCURRED = Text(
    "an RFC 3339 instant, YYYY-MM-DD, YYYY-MM, YYYY or null: the form is the precision",
    "RFC 3339 时刻、YYYY-MM-DD、YYYY-MM、YYYY 或 null；格式即精度",
)
OccurredText = Annotated[str, Form(OCCURRED, _is_occurred, OCCURRED_PATTERN)]


def occurred() -> Plain:
    """When it happened, in the precision in which it is known."""
    return Plain(OccurredText, required=True, allow_none=True)


def _is_moment(value: str) -> bool:
    return _is_occurred(value) and precision(value) in ("instant", "day")


MOMENT = Text("an RFC 3339 instant or a day, YYYY-MM-DD", "RFC 3339 时刻或日期 YYYY-MM-DD")
MomentText = Annotated[str, Form(MOMENT, _is_moment)]


def choice(names: Callable[[], Sequence[str]], **kwargs: Any) -> fields.Field[Any]:
    """One of some words; they are looked up when a request comes, so that nothing is read at import."""

    def check(value: str) -> None:
        if value not in names():
            listed = ", ".join(names())
            raise ValidationError(Said(Text(f"expected one of {listed}", f"应为以下之一：{listed}")))

    return fields.String(validate=check, **kwargs)


def words(names: Sequence[str], **kwargs: Any) -> fields.Field[Any]:
    """One of some words that are known beforehand."""
    return choice(lambda: names, metadata={"enum": list(names), **kwargs.pop("metadata", {})}, **kwargs)


class Number(fields.Integer):
    """A whole number in a query string, between two bounds."""

    def __init__(self, least: int = 0, most: int = MAX_INT, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(value)
        if not (
            text.isascii() and text.isdigit() and len(text) <= 16 and self.least <= int(text) <= self.most
        ):
            wanted = Text(
                f"expected a whole number from {self.least} to {self.most}",
                f"应为 {self.least} 至 {self.most} 的整数",
            )
            raise ValidationError(Said(wanted))
        return int(text)


class Flag(fields.Boolean):
    """`true` or `false` in a query string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value not in ("true", "false"):
            raise ValidationError(Said(Text("expected true or false", "应为 true 或 false")))
        return value == "true"
