"""Two questions that every command about checks asks: on which day, and does the token reach so far."""

from datetime import date

from enforcement.errors import InvalidData, NotPermitted
from enforcement.values import Occurred, Text, occurred_day, precision, region_covers


def day_of(occurred: Occurred) -> date:
    """The day of a live step, by which it is judged; InvalidData when the date is coarser or none."""
    try:
        precision(occurred)
        day = occurred_day(occurred)
    except ValueError:
        day = None
    if day is None:
        said = Text("a live event needs a day (YYYY-MM-DD) or an instant", "实时记录的事件应有具体日期")
        raise InvalidData({"occurred": [said]})
    return day


def check_scope(scope: str | None, region: str | None) -> None:
    """NotPermitted where the token is limited to a division that does not contain the region."""
    if scope is not None and not region_covers(scope, region):
        raise NotPermitted(
            Text(f"your token is limited to {scope}; this is {region}", f"权限限于 {scope}，此处为 {region}"),
            region=region,
        )
