"""What comes in and goes out about reports. Texts come in clear here and are sealed before they are recorded."""

from typing import Annotated, Any, get_args

from marshmallow import RAISE, Schema, fields

from api.schemas.fields import Flag, Number, Plain, choice, occurred, words
from api.schemas.parts import Answer, bilingual, flag, free, listing, many, maybe, number, string
from api.schemas.queries import Page
from enforcement.fields import CaseId, Form, Money, Region, Uscc
from enforcement.reports.events import Channel, Matter
from enforcement.reports.files import LARGEST, MOST
from enforcement.reports.procedure import table
from enforcement.values import Text


def _up_to(most: int) -> Any:
    def holds(text: str) -> bool:
        return len(text.strip()) > 0 and len(text) <= most and "\x00" not in text

    return Annotated[str, Form(Text(f"1 to {most:,} characters", f"1 至 {most} 个字符"), holds, longest=most)]


Short, Facts, Letter = _up_to(200), _up_to(10_000), _up_to(4_000)


class Given(Schema):
    """Unknown members are refused."""

    class Meta:
        unknown = RAISE


def _plain(hint: Any, **kwargs: Any) -> Plain:
    return Plain(hint, **kwargs)


def _part(schema: type[Schema], **kwargs: Any) -> fields.Field[Any]:
    return fields.Nested(schema, **kwargs)


class ReportTarget(Given):
    """被举报对象: whom it is about; a name or a place at least helps to find it."""

    name = _plain(Short)
    uscc = _plain(Uscc)
    place = _plain(Short)


class ReporterIdentity(Given):
    """举报人: who reports. Sealed apart from the report, and opened only to a custodian on a second person's word."""

    name = _plain(Short, required=True)
    phone = _plain(Short)
    address = _plain(Short)
    email = _plain(Short)
    id_number = _plain(Short)


class ReportFile(Given):
    """A file as base64; its kind is found out from what is in it."""

    name = _plain(Short, required=True)
    content = fields.String(required=True, metadata={"format": "byte", "maxLength": (LARGEST + 2) // 3 * 4})


def _files() -> fields.Field[Any]:
    return fields.List(fields.Nested(ReportFile), load_default=list, metadata={"maxItems": MOST})


class ReportFiling(Given):
    """举报: what happened, by whom, where, when."""

    region = _plain(Region, required=True)
    matter = words(get_args(Matter), required=True)
    text = _plain(Facts, required=True)
    target = _part(ReportTarget, load_default=dict)
    happened = _plain(Short)
    identity = _part(ReporterIdentity, allow_none=True, load_default=None)
    reward_wished = fields.Boolean(load_default=False)
    complaint = fields.Boolean(load_default=False)
    concerns_staff = fields.Boolean(load_default=False)
    signers = Number(1, 100, load_default=1)
    files = _files()


class ReportEntry(ReportFiling):
    """The same, entered by an officer for whoever called, wrote or came."""

    channel = words([c for c in get_args(Channel) if c not in ("web", "api")], required=True)
    occurred = occurred()
    number = _plain(Short)


class ReportMessage(Given):
    """A message in the talk."""

    text = _plain(Letter, required=True)


class ReportEvidence(Given):
    """More evidence."""

    text = _plain(Letter, required=True)
    files = _files()


class ReviewReasons(Given):
    """Why the amount is objected to."""

    reasons = _plain(Letter, required=True)


class SealedReading(Given):
    """What is to be opened, and why: an officer gives a purpose."""

    what = words(("content", "talk"), required=True)
    purpose = _plain(Short, required=True)


class FileReading(Given):
    """Why a file is opened."""

    purpose = _plain(Short, required=True)


class ClaimInPerson(Given):
    """A reward claimed at the counter."""

    by = words(("identity", "proxy"), required=True)


class IdentityAsking(Given):
    """For what the identity is needed."""

    purpose = _plain(Short, required=True)
    case = _plain(CaseId)


class IdentityApproval(Given):
    """For how many hours."""

    hours = Number(1, 72, required=True)


class IdentityRefusal(Given):
    """Why not."""

    reason = _plain(Short, required=True)


class GradeWanted(Given):
    """A grade that is thought of."""

    grade = words(("1", "2", "3"), required=True)
    matching = _plain(Money, required=True)
    insider_factor = _plain(Money, load_default="1")


class VoucherCode(Given):
    """A voucher as it is brought to the counter."""

    voucher = _plain(Short, required=True)


class ReportsWanted(Page):
    """Which reports."""

    state = choice(lambda: table().states)
    open = Flag()
    matter = words(get_args(Matter))
    region = _plain(Region)


class FilingReceipt(Answer):
    """What a reporter takes away. The code is shown this once; `receipt` is a signed note without any content."""

    code = maybe()
    receipt = string()
    position = number()


class EntryReceipt(FilingReceipt):
    """The same for an officer, who hands it on."""

    id = string()


class ReportDeadline(Answer):
    """A deadline, whether it runs or was kept."""

    key = string()
    name = bilingual()
    article = string()
    status = string()
    started = string()
    due = maybe()
    shown = maybe()
    provisional = flag()
    ended = maybe()
    state = string()


class ReportAct(Answer):
    """What the reporter may do now."""

    act = string()
    name = bilingual()


class MyReport(Answer):
    """A report as its reporter sees it, without opening anything sealed.

    `redacted` is the day of the last redaction: since then officers read less than was written.
    """

    state = string()
    name = bilingual()
    received = string()
    merged = flag()
    deadlines = many(ReportDeadline)
    messages = number()
    unread = number()
    reward = maybe()
    redacted = maybe()
    may = many(ReportAct)


class TextRedaction(Answer):
    """A redaction that stands of a text: its number, and the part of the text."""

    number = number()
    part = string()


class OpenedPart(Answer):
    """Something that was sealed, opened; `[erased]` or `[unreadable]` where it does not open.

    Where `redactions` names a part, all but the custodian read it redacted.
    """

    version = number()
    type = string()
    by = string()
    occurred = string()
    value = fields.Raw(required=True, allow_none=True)
    redactions = many(TextRedaction, required=False)


class OpenedReport(Answer):
    """What was read. The reading itself was recorded first, at `position`."""

    position = number()
    items = many(OpenedPart)


class RewardVoucher(Answer):
    """A voucher to be paid: the amount, and nothing else."""

    amount = string()
    paid = flag()


class ReportDone(Answer):
    """That it was recorded, and where in the ledger."""

    position = number()


class RewardClaimed(Answer):
    """The voucher, shown this once."""

    voucher = string()
    amount = string()
    position = number()


class IdentityRequest(Answer):
    """Who asked to open the identity, for what, what was decided by whom, and when it was read."""

    request = number()
    by = string()
    purpose = string()
    case = maybe()
    asked = string()
    state = string()
    decided_by = maybe(required=False)
    decided = maybe(required=False)
    hours = number(required=False)
    read = fields.List(fields.String(), required=False)


class ReportAllowed(Answer):
    """What may be recorded next, by whom and by which article."""

    type = string()
    name = bilingual()
    roles = fields.List(fields.String(), required=True)
    article = string()


class ReportCourse(Answer):
    """A report as an officer sees it: its course, nothing that is sealed."""

    id = string()
    version = number()
    state = string()
    open = flag()
    received = string()
    facts = free()
    unit = maybe()
    officers = fields.List(fields.String(), required=True)
    case = maybe()
    files = fields.List(fields.Dict(), required=True)
    deadlines = many(ReportDeadline)
    merged = fields.List(fields.String(), required=True)
    lead = maybe()
    told = fields.List(fields.Dict(), required=True)
    reward = free()
    held = flag()
    erased = flag()
    retained_until = maybe()
    allowed_events = many(ReportAllowed)


class ReportRow(Answer):
    """A line of the list."""

    id = string()
    version = number()
    position = number()
    state = string()
    open = flag()
    region = string()
    matter = string()
    channel = string()
    received = string()
    target = maybe()
    unit = maybe()
    decided = maybe()
    amount = maybe()


class StatisticsCell(Answer):
    """How many; null where so few that somebody could be found."""

    key = string()
    count = number(allow_none=True)


class ReportStatistics(Answer):
    """Figures of all reports of the caller's division, erased ones included."""

    total = number(allow_none=True)
    month = many(StatisticsCell)
    region = many(StatisticsCell)
    sector = many(StatisticsCell)
    matter = many(StatisticsCell)
    outcome = many(StatisticsCell)
    days = many(StatisticsCell)
    answer = many(StatisticsCell)


class RewardLine(Answer):
    """One step of a computation."""

    key = string()
    text = bilingual()
    article = string()
    status = string()
    holds = fields.Boolean(required=True, allow_none=True)
    amount = maybe()


class RewardStandard(Answer):
    """What a grade would earn, line by line."""

    amount = string()
    finance = flag()
    lines = many(RewardLine)


class RewardShare(Answer):
    """What one signer of a report gets."""

    signer = string()
    amount = string()
    lines = many(RewardLine)


class RewardShares(Answer):
    """A report's part where several led to one case; no shares before it is graded."""

    amount = string()
    shares = many(RewardShare)


class VerifyKey(Answer):
    """The ledger's public key, with which receipts are checked."""

    vkey = string()


class ReportStep(Answer):
    """An event of a report; what is sealed in it is left out."""

    version = number()
    position = number()
    type = string()
    occurred = maybe()
    recorded = string()
    actor = string()
    role = string()
    data = free()
    sealed = fields.List(fields.String(), required=True)


ReportPage = listing("ReportPage", ReportRow, "A page of reports.", paged=True)
IdentityRequestList = listing("IdentityRequestList", IdentityRequest, "Every request to open the identity.")
ReportStepList = listing("ReportStepList", ReportStep, "Every event of a report.")
