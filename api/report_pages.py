"""The plain pages of reports 举报: to file one, and to return with the code. No script, no cookie, any phone.

They do what the API does and check by the same schemas. The code travels in the body of a form, never in an address;
the pages load one style sheet from this host and nothing else, and no browser keeps them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from api.auth import public
from api.blueprint import Blueprint
from api.bodies import checked
from api.context import services
from api.mine import by_code, step
from api.pages import content
from api.problem_types import BY_STATUS, TABLE
from api.reports import check_number, filing_of
from api.schemas import reports as schemas
from enforcement.errors import SteelyardError
from enforcement.reports import view
from enforcement.reports.files import LARGEST, MOST
from enforcement.reports.report import Report
from enforcement.values import Text

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HTML: Any = {"type": "string"}
REFUSALS = (400, 404, 409, 410, 413, 415, 422, 429, 503)
MATTERS = {
    "metrology": Text("scales, meters, quantities", "计量（秤、表、定量包装等）"),
    "public_information": Text("false public information of a company", "企业公示信息虚假"),
    "food": Text("food", "食品"),
    "drug": Text("drugs", "药品"),
    "equipment": Text("special equipment", "特种设备"),
    "product": Text("product quality", "产品质量"),
    "price": Text("prices", "价格"),
    "other": Text("other", "其他"),
}
FLAGS = ("reward_wished", "complaint", "concerns_staff")
PERSON = ("name", "phone", "address")

blp = Blueprint("report_pages", __name__, description="举报网页: plain pages to file a report and to return")


def page(view_: Callable[[], Response]) -> Callable[[], Response]:
    """Documents the refusals of a page: every one is a page as well."""
    made: Any = blp.response(200, HTML, content_type="text/html")(view_)
    refused = {
        "description": "The page again, with what was wrong.",
        "content": {"text/html": {"schema": HTML}},
    }
    made._apidoc["problems"] = {str(status): refused for status in REFUSALS}
    declared: Callable[[], Response] = public(made)
    return declared


@blp.route("/report")
@page
def form() -> Response:
    """The page on which a report is filed."""
    return _page("report.html", given={})


@blp.route("/report", methods=["POST"])
@page
def file() -> Response:
    """File what the form holds; the answer shows the code, this once."""
    return _answered(_file, "report.html")


@blp.route("/report/mine")
@page
def enter_code() -> Response:
    """The page on which the code is typed."""
    return _page("report_mine.html", code="", found=None)


@blp.route("/report/mine", methods=["POST"])
@page
def mine() -> Response:
    """Where the report of the code stands, after what the form asks for was done."""
    return _answered(_mine, "report_mine.html")


# -- filing ------------------------------------------------------------------------------------------------------


def _file() -> Response:
    services().filings.take()
    given = _form()
    filing = filing_of(checked(schemas.ReportFiling(), _body(given)), {"channel": "web"})
    filed = services().desk().file(replace(filing, files=_files()))
    return _page("report_filed.html", filed=filed)


def _body(given: Mapping[str, str]) -> dict[str, Any]:
    """The form's fields as the schema knows them; what was left empty is not there."""
    said = {name: value.strip() for name, value in given.items() if value.strip()}
    identity = {name: said[name] for name in PERSON if name in said}
    target = {name: said[f"target_{name}"] for name in ("name", "uscc", "place") if f"target_{name}" in said}
    body: dict[str, Any] = {name: said[name] for name in ("matter", "text", "happened") if name in said}
    body |= {"region": said.get("region", services().settings.region), "target": target}
    body |= {name: name in said for name in FLAGS}
    return body | ({"identity": identity} if identity else {})


def _files() -> tuple[tuple[str, bytes], ...]:
    found = [file for file in request.files.getlist("files") if file.filename]
    check_number(len(found))
    return tuple((file.filename or "", file.read()) for file in found)


# -- returning -----------------------------------------------------------------------------------------------------


def _mine() -> Response:
    given = _form()
    code, act = given.get("code", ""), given.get("act", "look")
    report = by_code(code)
    talk, voucher = [], None
    if act == "read":
        desk = services().desk()
        talk = desk.read(desk.anyone(), report.id, "talk", None, desk.today()).parts
    elif act == "claim":
        desk = services().desk()
        voucher = desk.claim(report, desk.anyone(), "code", desk.today()).voucher
    elif act in ACTS:
        ACTS[act](report, given)
    now = services().ledger.report(report.id)
    found = view.mine(now, services().law(), services().today())
    may = {row["act"] for row in found["may"]}
    return _page("report_mine.html", code=code, found=found, talk=talk, voucher=voucher, may=may, did=act)


def _add(report: Report, given: Mapping[str, str]) -> None:
    text = checked(schemas.ReportMessage(), {"text": given.get("text", "")})["text"]
    files, desk = _files(), services().desk()
    if files:
        desk.add_evidence(desk.anyone(), report.id, text, files, desk.today())
    else:
        step(report, "report.message-sent", {"text": text})


def _object(report: Report, given: Mapping[str, str]) -> None:
    step(
        report,
        "report.review-requested",
        checked(schemas.ReviewReasons(), {"reasons": given.get("text", "")}),
    )


ACTS: Mapping[str, Callable[[Report, Mapping[str, str]], Any]] = {
    "add": _add,
    "object": _object,
    "waive": lambda report, _: step(report, "report.reward-waived", {"ground": "reporter"}),
    "withdraw": lambda report, _: step(report, "report.withdrawn", {}),
}


# -- pages ---------------------------------------------------------------------------------------------------------


def _form() -> dict[str, str]:
    request.max_content_length = MOST * LARGEST + services().settings.max_body
    return request.form.to_dict()


def _answered(act: Callable[[], Response], template: str) -> Response:
    """The act, or the page again with what was wrong and what was typed."""
    try:
        return act()
    except SteelyardError as error:
        status, said = TABLE[error.slug].status, error.message
    except HTTPException as error:
        status = error.code or 400
        said = TABLE[BY_STATUS.get(status, "malformed-request")].title
    given = request.form.to_dict() if status not in (400, 413, 415) else {}
    answer = _page(template, error=said, given=given, code=given.get("code", ""), found=None)
    answer.status_code = status if status in REFUSALS else 400
    return answer


def language() -> str:
    """Chinese unless English is asked for, by `lang` or by the browser."""
    wanted = request.values.get("lang") if request.method == "GET" else request.args.get("lang")
    if wanted in ("zh", "en"):
        return wanted
    return request.accept_languages.best_match(("zh", "en"), default="zh") or "zh"


def _page(template: str, **values: Any) -> Response:
    lang = language()

    def t(en: str, zh: str) -> str:
        return zh if lang == "zh" else en

    def said(text: Any) -> str:
        return str(text[lang] if isinstance(text, dict) else getattr(text, lang))

    made = render_template(
        template,
        t=t,
        said=said,
        lang=lang,
        matters=MATTERS,
        most=MOST,
        megabytes=LARGEST // 1024**2,
        **values,
    )
    answer = Response(made, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Vary"] = "Accept-Language"
    return answer


@blp.route("/report/report.css")
@public
@blp.response(200, HTML, content_type="text/css")
def style() -> Response:
    """The one style sheet of these pages."""
    answer = Response(content("report.css"), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
