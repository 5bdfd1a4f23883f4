"""One full instance of every event type, always the same: every field of the class has a value.

`python -m tests.golden` writes the stored row and the envelope of each type that has no golden file yet. A file that
is there is never written again: it is what an installation may hold.
"""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import enforcement.cases.events
import enforcement.ledger  # noqa: F401
from enforcement import fields
from enforcement.events import Event, Who, known
from enforcement.fields import Form
from enforcement.forms import load, own_fields

USCC = "91330302MA2AAAAA0J"
WHO = Who("wz-lc-017", "handler", "2f1c7a5e-8f0b-5a6d-9f57-3f3b0a3c9d11")
RECORDED = "2026-11-23T02:00:00.123456Z"
OCCURRED = "2026-11-20T09:20:00+08:00"
POSITION = 1017
VERSION = 3
BY_FORM: dict[Any, str] = {
    fields.OfficerId: "wz-lc-017",
    fields.PartId: "p1",
    fields.CaseId: "case-2f1c7a5e",
    fields.EventId: "case-2f1c7a5e/3",
    fields.CampaignId: "campaign-2f1c7a5e",
    fields.InspectionId: "inspection-2f1c7a5e",
    fields.ItemCode: "jl-jmsc-01",
    fields.Reading: "498.2",
    fields.ReportId: "report-2f1c7a5e",
    fields.SubjectId: "reporter-" + "0123456789abcdef" * 2,
    fields.Base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    fields.KeyId: "k-0123456789abcdef",
    fields.Digest: "0123456789abcdef" * 4,
    fields.Region: "330302",
    fields.Uscc: USCC,
    fields.Money: "6045.44",
    fields.Day: "2026-11-20",
    fields.Moment: "2026-11-20T09:00:00+08:00",
    fields.ViolationCode: "M-V01",
    fields.ItemCode: "jl-jmsc-01",
    fields.PlanId: "2026-wz",
    fields.ThingId: "wz-jjc-0001",
    fields.Skill: "衡器",
    fields.Fraction: "1/20",
    fields.NodeId: "inspector-wz-lc-017",
    fields.PolicyId: "wenzhou-metrology-2026",
}
IDS = {
    "entity": f"entity-{USCC}",
    "inspector": "inspector-wz-lc-017",
    "calendar": "calendar-2027",
    "ledger": "ledger-wenzhou",
    "document": "series-330302-37-2026",
    "projection": "projection-cases",
    "listing": "listing-2f1c7a5e",
    "repair": "repair-2f1c7a5e",
    "objection": "objection-2f1c7a5e",
    "credit": f"credit-{USCC}",
    "item": "item-jl-jmsc-01",
    "plan": "plan-2026-wz",
    "instrument": "instrument-wz-jjc-0001",
    "product": "product-wz-jjc-0001",
    "stall": "stall-wz-jjc-0001",
    "relation": "relation-wz-jjc-0001",
    "policy": "policy-wenzhou-metrology-2026",
    "inspection": "inspection-2f1c7a5e",
    "netcontent": "netcontent-2f1c7a5e",
    "report": "report-2f1c7a5e",
    "voucher": "voucher-2f1c7a5e",
    "commitment": f"commitment-{USCC}",
}


def sample(topic: str) -> Event:
    """The instance of a type."""
    cls: Any = known(topic)
    data = {name: value(hint) for name, hint in own_fields(cls).items()}
    id = IDS.get(topic.split(".")[0], "case-2f1c7a5e")
    made: Event = cls.new(id, VERSION, WHO, RECORDED, OCCURRED, load(cls, data), USCC)
    return made


def value(hint: Any) -> Any:
    """The value of an annotation: the last choice, so that it is seldom the default."""
    if hint in BY_FORM:
        return BY_FORM[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return "电子计价秤 “ACS-30” – 10 台" if isinstance(args[1], Form) else value(args[0])
    if origin in (Union, UnionType):
        return value(next(arg for arg in args if arg is not NoneType))
    if origin is not None and getattr(origin, "__name__", "") in ("NotRequired", "Required"):
        return value(args[0])
    if origin is Literal:
        return args[-1]
    if origin is list:
        return [value(args[0])]
    if origin is dict:
        return {"what": "更正后", "files": [], "count": 1, "none": None}
    if is_typeddict(hint):
        return {name: value(inner) for name, inner in get_type_hints(hint, include_extras=True).items()}
    return {bool: True, int: 37, str: "wenzhou"}[hint]
