"""Registers from CSV: what a row says becomes events, what is said already none, what cannot be taken is told."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.forms import load
from enforcement.importing.csvfile import CsvFile
from enforcement.importing.register_importer import RegisterImporter, Report
from enforcement.importing.rejects import Rejects
from enforcement.importing.sheet import Sheet
from enforcement.importing.sheets import ENTITIES, INSPECTORS, INSTRUMENTS, SHEETS
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.ledgers import who

A, B, C = "91330302MA2AAAAA0J", "91330302000000001K", "91330304000000002K"
HEADER = "统一社会信用代码,名称,类型,行政区划代码,行业,登记状态,成立日期"
ROWS = [
    f"{A},瓯江粮油有限公司,企业,330302,粮食零售,存续,2020/5/1",
    f"{B},“老王”商行（鹿城）,个体工商户,330302,,,",
    f"{C},瓯海𠮷加油站,company,330304,成品油零售,停业,2019年12月3日",
]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


def text(*rows: str, header: str = HEADER) -> str:
    return "\r\n".join((header, *rows, ""))


def imported(ledger: Ledger, given: str | bytes, sheet: Sheet = ENTITIES, **more: Any) -> Report:
    raw = given if isinstance(given, bytes) else given.encode()
    return RegisterImporter(ledger, sheet, io.BytesIO(raw), **more).run()


def facts(ledger: Ledger, id: str, sheet: Sheet = ENTITIES) -> dict[str, Any]:
    ledger.held.look()
    return ledger.held.take(sheet.kind, sheet.kind.PREFIX + id, ledger.law).facts


def events(ledger: Ledger) -> list[Event]:
    return [found.event for found in ledger.read(1, 10_000) if found.event]


def counts(report: Report) -> tuple[int, ...]:
    return report.read, report.added, report.changed, report.unchanged, report.rejected, report.events


def test_rows_become_registrations_in_the_form_of_a_command(ledger: Ledger) -> None:
    assert counts(imported(ledger, text(*ROWS))) == (3, 3, 0, 0, 0, 3)
    assert facts(ledger, A) == {
        "uscc": A,
        "name": "瓯江粮油有限公司",
        "kind": "company",
        "region": "330302",
        "sector": "粮食零售",
        "status": "active",
        "established": "2020-05-01",
    }
    assert (facts(ledger, C)["status"], facts(ledger, C)["established"]) == ("suspended", "2019-12-03")
    for event in events(ledger):
        data = {name: value for name, value in event.data().items() if name != "occurred"}
        assert load(type(event), data) == data
        assert (event.role, event.actor, event.subject) == ("bureau_system", "import", data["uscc"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_says_the_same(ledger: Ledger, encoding: str) -> None:
    report = imported(ledger, text(*ROWS).encode(encoding))
    assert (report.added, report.encoding) == (3, "gb18030" if encoding == "gb18030" else "utf-8")
    assert facts(ledger, C)["name"] == "瓯海𠮷加油站"
    assert facts(ledger, B)["name"] == "“老王”商行（鹿城）"


def test_encoding_is_told_by_the_body_where_the_header_is_english(ledger: Ledger) -> None:
    header = "uscc,name,kind,region,sector,status,established"
    assert imported(ledger, text(*ROWS, header=header).encode("gb18030")).encoding == "gb18030"
    assert imported(ledger, text(*ROWS, header=header)).encoding == "utf-8"
    assert facts(ledger, A)["name"] == "瓯江粮油有限公司"


def test_second_import_records_nothing(ledger: Ledger) -> None:
    imported(ledger, text(*ROWS))
    head = ledger.head()
    assert counts(imported(ledger, text(*ROWS))) == (3, 0, 0, 3, 0, 0)
    assert counts(imported(ledger, text(*ROWS).encode("gb18030"))) == (3, 0, 0, 3, 0, 0)
    assert ledger.head() == head


def test_what_differs_becomes_one_change_of_just_that(ledger: Ledger) -> None:
    imported(ledger, text(*ROWS))
    moved = f"{A},瓯江粮油有限公司,企业,330304,,注销,"
    assert counts(imported(ledger, text(moved, *ROWS[1:]), occurred="2026-11-01")) == (3, 0, 1, 2, 0, 1)
    last = events(ledger)[-1]
    assert last.data() == {"occurred": "2026-11-01", "region": "330304", "status": "deregistered"}
    assert (last.TOPIC, last.originator_version) == ("entity.changed", 2)
    assert (facts(ledger, A)["sector"], facts(ledger, A)["established"]) == ("粮食零售", "2020-05-01")


def test_change_made_by_an_officer_is_seen_by_the_import(ledger: Ledger) -> None:
    imported(ledger, text(*ROWS))
    ledger.change_entity(who("k", "handler"), A, "2026-05-01", {"name": "新瓯江粮油有限公司"}, 1)
    assert counts(imported(ledger, text(ROWS[0]))) == (1, 0, 1, 0, 0, 1)
    assert facts(ledger, A)["name"] == "瓯江粮油有限公司"
    ledger.change_entity(who("l", "handler"), A, "2026-05-02", {"sector": "粮食批发"}, 3)


def test_columns_may_come_in_any_order_and_some_not_at_all(ledger: Ledger) -> None:
    report = imported(
        ledger, text(f"330302,x,{A},企业,甲", header="*行政区划,备注,信用代码,企业类型, 企业 名称")
    )
    assert (report.added, report.ignored) == (1, ["备注"])
    assert imported(ledger, text(f"{A},吊销", header="统一社会信用代码,经营状态")).changed == 1
    assert facts(ledger, A)["status"] == "revoked"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("91330302MA2AAAAA0X,甲,企业,330302,,,", "统一社会信用代码: expected a unified social credit code"),
        (f"{A},甲,企业,0330,,,", "行政区划代码: expected a GB/T 2260 code"),
        (f"{A},甲,商店,330302,,,", "类型: expected one of company, sole_trader"),
        (f"{A},甲,企业,330302,,,2026-02-30", "成立日期: expected a day"),
        (f"{A},甲,企业,330302,,,20265", "成立日期: expected a day"),
        (f"{A},,企业,330302,,,", "a value for 名称, as it is not registered yet"),
        (",甲,企业,330302,,,", "the id is missing"),
        (f"{A},甲,企业", "3 cells, the header has 7"),
        (f"{A},甲,企业,330302,,,,x", "8 cells, the header has 7"),
        (f"{A},{'甲' * 4001},企业,330302,,,", "名称: expected 1 to 4,000 characters"),
    ],
)
def test_row_that_cannot_be_taken_is_told_and_the_rest_goes_in(ledger: Ledger, row: str, reason: str) -> None:
    report = imported(ledger, text(ROWS[1], row, ROWS[2]))
    assert (report.added, report.rejected) == (2, 1)
    assert report.errors[0].line == 3
    assert reason in report.errors[0].reason.en
    assert report.errors[0].reason.zh != report.errors[0].reason.en


def test_every_fault_of_a_row_is_told_at_once(ledger: Ledger) -> None:
    report = imported(ledger, text(f"{A},甲,商店,0330,,死亡,"))
    assert report.errors[0].reason.en.count("expected") == 3


def test_bytes_of_another_encoding_reject_their_row_alone(ledger: Ledger) -> None:
    raw = text(ROWS[0], f"{B},@@,企业,330302,,,", ROWS[2]).encode().replace(b"@@", "商行".encode("gb18030"))
    report = imported(ledger, raw)
    assert (report.added, report.rejected, report.errors[0].line) == (2, 1, 3)


def test_quoted_line_breaks_keep_the_count_of_lines(ledger: Ledger) -> None:
    report = imported(ledger, text(f'{A},"瓯江\n粮油",企业,330302,,,', "", "x,甲,企业,330302,,,"))
    assert (report.read, report.added, report.errors[0].line) == (2, 1, 5)


def test_open_quote_does_not_swallow_the_ledger(ledger: Ledger) -> None:
    report = imported(ledger, text(ROWS[0], f'{B},"甲,企业,330302,,,'))
    assert (report.added, report.rejected) == (1, 1)
    assert "not CSV" in report.errors[0].reason.en


def test_id_that_stands_twice_is_taken_once_every_time(ledger: Ledger) -> None:
    other = f"{A},另一名称,企业,330302,,,"
    for added in (1, 0):
        report = imported(ledger, text(ROWS[0], other))
        assert (report.added, report.unchanged, report.rejected) == (added, 1 - added, 1)
    assert facts(ledger, A)["name"] == "瓯江粮油有限公司"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"", "no header"),
        ("名称,类型\r\n甲,企业\r\n".encode(), "missing columns: 统一社会信用代码"),
        ("名称,企业名称,统一社会信用代码\r\n".encode(), "a column stands twice: name"),
        (HEADER.encode("utf-16"), "UTF-16"),
    ],
)
def test_file_without_a_usable_header_is_refused(ledger: Ledger, given: bytes, reason: str) -> None:
    with pytest.raises(InvalidData, match=reason):
        imported(ledger, given)


def test_rejected_rows_come_out_as_they_went_in(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    raw = text(ROWS[0], f"{B},老王商行,商店,330302,,,", 'x,"甲,乙",企业,330302,,,').encode("gb18030")
    with Rejects(path) as rejects:
        importer = RegisterImporter(
            ledger,
            ENTITIES,
            io.BytesIO(raw),
            rejected=lambda row, fault: rejects.take(importer.csv, row, fault),
        )
        importer.run()
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
    assert rows[0] == [*HEADER.split(","), "拒收行号", "拒收原因"]
    assert [(row[1], row[7]) for row in rows[1:]] == [("老王商行", "3"), ("甲,乙", "4")]
    assert "应为以下之一" in rows[1][8]
    again = path.read_bytes().decode("gb18030").replace("商店", "企业")
    report = imported(ledger, again.encode("gb18030"))
    assert (report.added, report.rejected, report.ignored) == (1, 1, [])


def test_nothing_rejected_makes_no_file(tmp_path: Path) -> None:
    with Rejects(tmp_path / "rejected.csv"):
        pass
    assert not (tmp_path / "rejected.csv").exists()


def test_rows_of_many_saves_all_arrive(ledger: Ledger) -> None:
    header = "人员编号,单位,行政区划代码,执法证有效期至"
    rows = [f"wz-{n},鹿城区局,330302,2028-12-31" for n in range(2_345)]
    told: list[int] = []
    raw = text(*rows, header=header)
    report = imported(ledger, raw, INSPECTORS, told=told.append)
    assert counts(report) == (2345, 2345, 0, 0, 0, 2345)
    assert told == sorted(told)
    assert 0 < told[-1] <= len(raw.encode())


def test_two_imports_at_once_record_each_row_once(tmp_path: Path) -> None:
    first, second = ledgers.at(tmp_path / "ledger.db"), ledgers.at(tmp_path / "ledger.db")
    mine = RegisterImporter(first, ENTITIES, io.BytesIO(text(*ROWS).encode()))
    append = first.append_events

    def beaten(events: Any) -> None:
        first.append_events = append  # type: ignore[method-assign]
        imported(second, text(ROWS[1], f"{A},另一名称,企业,330302,,,"))
        append(events)

    first.append_events = beaten  # type: ignore[method-assign]
    report = mine.run()
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    assert facts(first, A)["name"] == "瓯江粮油有限公司"
    first.close(), second.close()


# -- the other registers


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_template_can_be_imported_as_it_is(ledger: Ledger, sheet: Sheet, encoding: str) -> None:
    raw = sheet.template().encode(encoding)
    for expected in ((1, 1, 0, 0, 0, 1), (1, 0, 0, 1, 0, 0)):
        assert counts(imported(ledger, raw, sheet)) == expected
    assert len(CsvFile(io.BytesIO(raw), sheet.names()).header) == len(sheet.columns)


def test_inspectors_come_without_authority(ledger: Ledger) -> None:
    imported(ledger, INSPECTORS.template(), INSPECTORS)
    found = facts(ledger, "wz-lc-017", INSPECTORS)
    assert (found["roles"], found["regions"], found["skills"]) == (
        [],
        ["330302", "330304"],
        ["加油机", "衡器"],
    )
    assert (found["cap"], found["expert"], found["status"]) == (20, False, "active")


LEDGER_OF = "器具编号,器具种类,使用单位信用代码,行政区划代码,有效期至,使用状态"


def told_instrument(ledger: Ledger, *cells: str) -> Report:
    return imported(ledger, text(",".join(("g-1", "燃油加油机", *cells)), header=LEDGER_OF), INSTRUMENTS)


def test_differences_of_an_instrument_are_what_happened_to_it(ledger: Ledger) -> None:
    told_instrument(ledger, A, "330302", "2026-06-01", "在用")
    assert (facts(ledger, "g-1", INSTRUMENTS)["kind"], facts(ledger, "g-1", INSTRUMENTS)["phase"]) == (
        "fuel-dispenser",
        "VALID",
    )
    told_instrument(ledger, B, "330304", "2026-12-01", "停用")
    assert [event.TOPIC for event in events(ledger)] == [
        "instrument.registered",
        "instrument.transferred",
        "instrument.verified",
        "instrument.stopped",
    ]
    found = facts(ledger, "g-1", INSTRUMENTS)
    assert (found["owner"], found["region"], found["until"], found["phase"]) == (
        B,
        "330304",
        "2026-12-01",
        "STOPPED",
    )
    assert told_instrument(ledger, B, "330304", "2026-12-01", "停用").unchanged == 1
    assert told_instrument(ledger, B, "330304", "2026-12-01", "在用").events == 1
    assert told_instrument(ledger, B, "330304", "2026-12-01", "报废").events == 1
    assert told_instrument(ledger, B, "330304", "2026-12-01", "报废").unchanged == 1


def test_instrument_that_is_gone_or_failed_is_not_revived_by_a_file(ledger: Ledger) -> None:
    told_instrument(ledger, A, "330302", "2026-06-01", "在用")
    ledger.record_instrument(who("f", "handler"), "g-1", "instrument.failed", "2026-03-01", {})
    report = told_instrument(ledger, A, "330302", "2026-06-01", "在用")
    assert "it failed verification" in report.errors[0].reason.en
    ledger.record_instrument(
        who("g", "handler"), "g-1", "instrument.scrapped", "2026-03-02", {"reason": "旧"}
    )
    report = told_instrument(ledger, B, "330302", "", "")
    assert "the instrument is SCRAPPED" in report.errors[0].reason.en
