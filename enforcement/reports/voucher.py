"""The voucher 领奖凭证: what finance sees of a reward, and nothing that leads back to a report."""

from typing import ClassVar

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.law import Law
from enforcement.reports import events


class Voucher(Aggregate):
    """A voucher 领奖凭证: an amount, paid once."""

    KIND: ClassVar[str] = "voucher"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.amount: str | None = None
        self.paid = False

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, events.VoucherIssued):
            self.amount = event.amount
        elif isinstance(event, events.VoucherPaid):
            self.paid = True
