"""The plain pages of reports in a real browser at phone width, with scripts and without: filed, and returned to."""

import html
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from api.cli_serve import listen
from tests.api.conftest import Bureau, start
from tests.e2e.browser import PHONE, browser

Served = tuple[Bureau, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    bureau = start(tmp_path_factory.mktemp("pages"))
    server = listen(bureau.app, bureau.services.settings, "127.0.0.1", 0, 4)
    Thread(target=server.run, daemon=True).start()
    yield bureau, f"http://127.0.0.1:{server.effective_port}"
    bureau.services.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_filed_and_returned_to(served: Served, scripts: bool, lang: str, tmp_path: Path) -> None:
    bureau, address = served
    photo = tmp_path / "scale.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 a scale")
    with browser(tmp_path) as page:
        page.scripts(scripts)
        page.visit(f"{address}/report?lang={lang}")
        page.picture(tmp_path / "form.png")
        assert page.width() <= PHONE["width"]
        page.type("[name=text]", "电子秤每斤少一两")
        page.type("[name=target_name]", "某水产摊")
        page.choose("[name=files]", photo)
        page.press("form button")
        code = html.unescape(re.sub("<[^>]*>", "", page.html(".code"))).strip()
        assert re.fullmatch(r"(\d{5} ){4}\d{5}", code), page.html()
        assert "steelyard-receipt/1" in page.html("pre")
        page.picture(tmp_path / "filed.png")
        assert page.width() <= PHONE["width"]
        page.visit(f"{address}/report/mine?lang={lang}")
        page.type("[name=code]", code)
        page.press("button[value=look]")
        assert {"zh": "已收到", "en": "received"}[lang] in page.html("#state")
        page.type("textarea[name=text]", "摊位在二楼")
        page.press("button[value=add]")
        page.press("button[value=read]")
        assert "摊位在二楼" in page.html("article")
        page.picture(tmp_path / "mine.png")
        assert page.width() <= PHONE["width"]
        assert code.replace(" ", "") not in page.ask("Page.getNavigationHistory")["entries"][-1]["url"]
        assert page.console == []
    report = bureau.services.desk().by_code(code)
    assert (report.facts["channel"], len(report.files)) == ("web", 1)


def test_wrong_input_comes_back_with_its_reason_and_what_was_typed(served: Served) -> None:
    bureau, _ = served
    client = bureau.app.test_client()
    typed = {"text": "缺斤少两", "matter": "metrology", "phone": "1", "target_name": "<b>某</b>"}
    answer = client.post("/report?lang=zh", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "identity.name" in page
    assert "缺斤少两" in page
    assert "&lt;b&gt;某" in page
    wrong = client.post("/report/mine?lang=en", data={"code": "1" * 25, "act": "look"})
    assert wrong.status_code == 404
    assert 'role="alert"' in wrong.get_data(as_text=True)
    assert "1" * 25 not in wrong.get_data(as_text=True)


def test_pages_ask_nobody_and_are_kept_by_nobody(served: Served) -> None:
    bureau, _ = served
    for path in ("/report", "/report/mine"):
        answer = bureau.app.test_client().get(path, headers={"Accept-Language": "zh"})
        page = answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in page
        assert "Set-Cookie" not in answer.headers
        assert not re.findall(r'(?:src|href|action)="https?:', page)
        assert 'lang="zh-Hans"' in page


def test_a_large_file_never_touches_the_disk_in_clear(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau, _ = served

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was asked for")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", forbidden)
    photo = b"\xff\xd8\xff\xe0" + bytes(3 * 1024 * 1024)
    form = {"text": "缺斤少两", "matter": "metrology", "files": (BytesIO(photo), "scale.jpg")}
    assert bureau.app.test_client().post("/report", data=form).status_code == 200
    many = {
        "text": "缺斤少两",
        "matter": "metrology",
        "files": [(BytesIO(b"a"), f"{n}.txt") for n in range(6)],
    }
    assert bureau.app.test_client().post("/report", data=many).status_code == 422
