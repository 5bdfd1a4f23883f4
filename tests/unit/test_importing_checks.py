"""Published spot checks and net-content checks: every real record is taken, and what does not add up is named."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from enforcement.importing.importer import Importer, Report
from enforcement.importing.netcontents import NETCONTENT
from enforcement.importing.published import Format
from enforcement.importing.spotchecks import SPOTCHECKS
from enforcement.ledger import Ledger
from tests.unit import ledgers

DEMO = Path(__file__).parents[2] / "api" / "demo"
SPOT: dict[str, Any] = {
    "id": "a-1",
    "kind": "special inspection",
    "item": "加油机",
    "region": ["浙江省", "温州市", "鹿城区", "330302"],
    "date": "2023-05-04",
}
NET: dict[str, Any] = {"id": "n-1", "kind": "single batch", "product": "大米", "nominal": "500 g"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


def run(ledger: Ledger, format: Format, *records: Any) -> Report:
    lines = [r if isinstance(r, bytes) else json.dumps(r, ensure_ascii=False).encode() for r in records]
    return Importer(ledger, format=format).run(BytesIO(b"\n".join(lines)))


def facts(ledger: Ledger, id: str) -> dict[str, Any]:
    return ledger.events_of(id)[0].data()


def kinds(ledger: Ledger, format: Format, record: dict[str, Any]) -> list[str]:
    report = run(ledger, format, record)
    assert report.errors == []
    return sorted(report.findings.elements())


@pytest.mark.parametrize(
    ("name", "format", "records", "found"),
    [
        ("spotchecks", SPOTCHECKS, 51, {"date": 8, "percentage": 2, "plan": 1, "pool": 2}),
        ("netcontent", NETCONTENT, 18, {}),
    ],
)
def test_every_real_record_is_taken_once(
    ledger: Ledger, name: str, format: Format, records: int, found: dict[str, int]
) -> None:
    raw = (DEMO / f"{name}.jsonl").read_bytes()
    first = Importer(ledger, format=format).run(BytesIO(raw)).json()
    head = ledger.head()
    assert (first["read"], first["accepted"], first["rejected"], first["events"]) == (
        records,
        records,
        0,
        records,
    )
    assert first["findings"] == found
    again = Importer(ledger, format=format).run(BytesIO(raw)).json()
    assert (again["accepted"], again["unchanged"], again["findings"]) == (0, records, found)
    assert ledger.head() == head
    assert list(first) == ["read", "accepted", "unchanged", "rejected", "events", "findings", "errors"]


def test_known_figures_that_do_not_agree_are_those(ledger: Ledger) -> None:
    Importer(ledger, format=SPOTCHECKS).run(BytesIO((DEMO / "spotchecks.jsonl").read_bytes()))
    said = {
        id: [f["en"] for f in facts(ledger, f"campaign-pub-{id}")["findings"]]
        for id in ("sd-qixia-apple", "zj-sanmen-scrap-2008", "yn-2021-energylabel")
    }
    assert said == {
        "sd-qixia-apple": ["pass_pct is printed as 96.6; 1805 of 1865 is 96.78"],
        "zj-sanmen-scrap-2008": ["pass_pct is printed as 85; 23 of 30 is 76.67"],
        "yn-2021-energylabel": ["planned were 310, done 183, 2440"],
    }


def test_campaign_held_elsewhere_is_marked_and_kept_word_for_word(ledger: Ledger) -> None:
    raw = (DEMO / "spotchecks.jsonl").read_bytes()
    Importer(ledger, format=SPOTCHECKS).run(BytesIO(raw))
    event = ledger.events_of("campaign-pub-hn-changsha-2016-dr")[0]
    data = event.data()
    assert data["record"].encode() in raw.splitlines()
    assert (event.held_elsewhere, data["random"], data["pool"], data["sampled"]) == (True, True, 127, 8)
    assert (data["region"], data["place"], event.occurred) == ("430100", "湖南省长沙市", "2016-06-22")


@pytest.mark.parametrize(
    ("printed", "occurred"),
    [
        ("2023-05-04", "2023-05-04"),
        ("2023-05", "2023-05"),
        ("2023", "2023"),
        ("2023-01-10/11", "2023-01"),
        ("2020-03-18 onwards", "2020-03"),
        ("21 March (year not stated)", None),
        ("5-9 March (2007 or before)", None),
        (None, None),
    ],
)
def test_date_is_taken_as_exactly_as_it_is_printed(
    ledger: Ledger, printed: str | None, occurred: str | None
) -> None:
    run(ledger, SPOTCHECKS, SPOT | {"date": printed})
    event = ledger.events_of("campaign-pub-a-1")[0]
    assert event.occurred == occurred
    assert [f["kind"] for f in event.findings] == ([] if printed == occurred else ["date"])


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"pool": 127, "sampled": 8, "ratio": 0.063}, []),
        ({"pool": 127, "sampled": 8, "ratio": 0.08}, ["percentage"]),
        ({"pool": 88000, "sampled": 2743, "instruments_checked": 16999, "ratio": 0.193}, []),
        ({"pool": 10, "sampled": 11}, ["over-total"]),
        ({"pool": 10, "sampled": 10, "ratio": 1.0}, []),
        ({"sampled": 15, "results": {"pass": 10, "rectify": 5}}, []),
        ({"sampled": 15, "results": {"pass": 10, "rectify": 4}}, ["sum"]),
        ({"sampled": 14, "results": {"batches": 14, "pass": 12, "pass_pct": 85.7}}, []),
        ({"sampled": 14, "results": {"pass_pct": 97.9, "fail_pct": 2.01}}, ["percentage"]),
        ({"sampled": 10, "breakdown": {"a": 4, "b": 6}}, []),
        ({"sampled": 10, "breakdown": {"a": 4, "b": 7}}, ["sum"]),
        ({"sampled": 10, "breakdown": {"a": 4, "b": None}}, []),
        ({"sampled": 10, "results": {"failed": 11}}, ["over-total"]),
        ({"kind": "double random", "sampled": 3}, ["pool"]),
        ({"planned": 5, "sampled": 5}, []),
        ({"sampled": "some"}, ["figure-in-words"]),
    ],
)
def test_figures_of_a_spot_check_agree_or_are_named(
    ledger: Ledger, changed: dict[str, Any], found: list[str]
) -> None:
    assert kinds(ledger, SPOTCHECKS, SPOT | changed) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"batches": 242, "fail": 18, "pass_pct": 92.56}, []),
        ({"batches": 242, "fail": 19, "pass_pct": 92.56}, ["percentage"]),
        ({"batches": 28, "net_fail": 10, "fail_pct": 35.7}, []),
        ({"batches": 28, "net_fail": 11, "fail_pct": 35.7}, ["percentage"]),
        ({"samples": 400, "net_fail": 22, "pass_pct": 94.5}, []),
        ({"batches": 10, "net_pass": 11}, ["over-total"]),
        ({"batches": 3, "by_class": [{"batches": 1}, {"batches": 1}]}, ["sum"]),
        ({"batches": 3, "by_class": {"大米": 1, "面粉": 1}}, ["sum"]),
        ({"batches": 3, "by_class": {"大米": 94.7, "面粉": 80.4}}, []),
        ({"enterprises": 3, "by_size": {"large": {"n": 1}, "small": {"n": 1}}}, ["sum"]),
        ({"mean": 145.29, "correction": 0.87, "corrected_mean": 146.16}, []),
        ({"mean": 145.29, "correction": 0.87, "corrected_mean": 146.17}, ["sum"]),
        ({"batch_N": 1480, "unit_price_cny": 8.8, "goods_value_cny": 13024}, []),
        ({"batch_N": 1480, "unit_price_cny": 8.8, "goods_value_cny": 13025}, ["sum"]),
        ({"batch_N": 5, "sample_n": 6}, ["over-total"]),
        ({"T_limit": 15, "date": "2024-05-24"}, []),
        ({"T_limit": 16, "date": "2024-05-24"}, ["tolerance"]),
    ],
)
def test_figures_of_a_net_content_check_agree_or_are_named(
    ledger: Ledger, changed: dict[str, Any], found: list[str]
) -> None:
    assert kinds(ledger, NETCONTENT, NET | changed) == found


@pytest.mark.parametrize(
    ("changed", "verdicts"),
    [
        ({}, (None, None, None, None)),
        ({"verdict": "fail (mean)", "T1_count": 0, "T2_count": 0}, (None, True, False, False)),
        ({"verdict": "pass", "labelling": "pass"}, (True, None, None, True)),
        ({"labelling": "fail (character height 2 mm)", "verdict": "fail"}, (False, None, None, False)),
        ({"beyond_T": 10, "sample_n": 10, "verdict": "fail"}, (None, False, None, False)),
        ({"beyond_T": 7, "verdict": "fail"}, (None, None, None, False)),
    ],
)
def test_only_stated_verdicts_are_taken(
    ledger: Ledger, changed: dict[str, Any], verdicts: tuple[bool | None, ...]
) -> None:
    run(ledger, NETCONTENT, NET | changed)
    found = facts(ledger, "netcontent-pub-n-1")
    assert tuple(found.get(n) for n in ("label", "single", "average", "overall")) == verdicts


BAD = [
    (b"{", "not JSON"),
    (b"[]", "not an object"),
    (b'{"id": "a", "id": "b"}', "twice"),
    ({"kind": "raid"}, "id: missing"),
    (SPOT | {"pool": -1}, "whole number"),
    (SPOT | {"sampled": 1.5}, "whole number"),
    (SPOT | {"sampled": True}, "whole number"),
    (SPOT | {"date": "2023-02-30"}, "no date"),
    (SPOT | {"date": "2027-01-01"}, "future"),
    (SPOT | {"region": ["浙江省", "温州市", None, "990302"]}, "division code"),
    (SPOT | {"region": [1]}, "names and a code"),
    (SPOT | {"results": 7}, "an object"),
    (SPOT | {"item": "\x00"}, "cannot be stored"),
]


@pytest.mark.parametrize(("bad", "said"), BAD)
def test_line_that_cannot_be_read_is_named_and_the_rest_goes_in(ledger: Ledger, bad: Any, said: str) -> None:
    report = run(ledger, SPOTCHECKS, bad, SPOT | {"id": "good"})
    assert [(e.line, said in e.reason.en) for e in report.errors] == [(1, True)]
    assert (report.accepted, report.read) == (1, 2)


def test_unseen_members_and_shapes_are_kept_and_never_refused(ledger: Ledger) -> None:
    more = {
        "region": {"province": "浙江省", "city": "温州市", "county": None, "gbt2260": "330300"},
        "new": {"deep": [1, {"x": None}]},
        "results": {"anything": "some", "pass": None},
        "breakdown": ["a"],
    }
    report = run(ledger, SPOTCHECKS, SPOT | more, SPOT | {"id": "温州 2", "region": "温州"})
    assert (report.accepted, report.errors) == (2, [])
    assert facts(ledger, "campaign-pub-a-1")["region"] == "330300"


def test_record_with_other_content_is_refused_and_equal_value_is_unchanged(ledger: Ledger) -> None:
    run(ledger, SPOTCHECKS, SPOT)
    spaced = json.dumps(SPOT, ensure_ascii=False, indent=None, separators=(" , ", " : ")).encode()
    assert run(ledger, SPOTCHECKS, spaced).unchanged == 1
    report = run(ledger, SPOTCHECKS, SPOT | {"sampled": 9})
    assert "seen before with other content" in report.errors[0].reason.en
