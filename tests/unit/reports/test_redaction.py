"""Redaction: what is cut, what is committed to, who reads which text, and what a copy proves to people outside."""

import hashlib
import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.canonical import jcs
from enforcement.errors import FileDamaged, InvalidData, KeyReused, NotFound, NotPermitted, Refused
from enforcement.events import Who
from enforcement.recording import Receipt
from enforcement.reports.redaction import copies, proof
from enforcement.reports.redaction.copies import CopyFails, Source
from enforcement.reports.redaction.cutting import MOST, PATHS, REASONS, Span, cut, faults, leaf, loaded, shown
from enforcement.reports.redaction.cutting import dumped as fixed
from enforcement.reports.redaction.desk import Redactions, Wanted
from tests.unit.reports.bureau import KEY, WHO, Bureau

TEXT = "我是三号摊的张秀兰，电话13800000000。邻摊的秤每公斤多二十克。"
NAME, PHONE = Span(6, 9, "identity"), Span(12, 23, "contact")
SPANS = (NAME, PHONE)
SEEN = "我是三号摊的〔遮盖 身份〕，电话〔遮盖 联系方式〕。邻摊的秤每公斤多二十克。"
KEYS = [KEY.public]
CONTENT = {"text": TEXT, "happened": "开市时", "target": {"name": "李记", "place": "东市"}}


def filed(bureau: Bureau, content: Any = CONTENT) -> str:
    id = bureau.receive(content=content).receipt.id
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    return id


def redact(
    bureau: Bureau,
    id: str,
    *spans: Span,
    event: int = 1,
    part: str = "text",
    who: Who | None = None,
) -> Receipt:
    wanted = Wanted(event, part, spans or SPANS)
    who = who or bureau.who("custodian")
    return Redactions(bureau.desk).redact(who, id, wanted, "隐去举报人特征", bureau.today)


def copy(bureau: Bureau, id: str, number: int, role: str = "handler") -> bytes:
    return Redactions(bureau.desk).copy(bureau.who(role), id, number, "移送法院", bureau.today)


def opening(bureau: Bureau, id: str, number: int, segment: int, role: str = "custodian") -> bytes:
    who = bureau.who(role)
    return jcs(Redactions(bureau.desk).opening(who, id, number, segment, "法院调查", bureau.today))


def read(bureau: Bureau, id: str, role: str, what: str = "content") -> Any:
    return bureau.desk.read(bureau.who(role), id, what, "核查", bureau.today).parts


def steps(bureau: Bureau, id: str) -> list[tuple[str, Any]]:
    return [
        (row.topic.removeprefix("report."), json.loads(row.state)["data"])
        for row in bureau.ledger.recorder.select_events(id)
    ]


# -- the commitment, by another hand -----------------------------------------------------------------------------


def own_leaf(text: str, salt: bytes) -> bytes:
    raw = text.encode("utf-8")
    size = len(raw).to_bytes(8, "big")
    return hashlib.sha256(b"\x00" + b"steelyard-redaction-1\n" + salt + size + raw).digest()


def own_root(leaves: list[bytes]) -> bytes:
    """By the definition of RFC 9162 §2.1.1: split at the largest power of two below the number."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + own_root(leaves[:k]) + own_root(leaves[k:])).digest()


def own_check(document: dict[str, Any], hidden: dict[int, tuple[str, bytes]]) -> bytes:
    """The root of a copy: shown segments by their salts, hidden ones by what they are said to be."""
    leaves = []
    for number, segment in enumerate(document["copy"]["segments"]):
        text, salt = hidden.get(number) or (segment["text"], b64decode(segment["salt"]))
        assert len(salt) == 32
        leaves.append(own_leaf(text, salt))
        assert "leaf" not in segment or segment["leaf"] == leaves[-1].hex()
    return own_root(leaves)


def test_a_copy_and_its_openings_are_what_another_program_computes(bureau: Bureau) -> None:
    id = filed(bureau)
    number = redact(bureau, id).version
    document = json.loads(copy(bureau, id, number))
    opened = {n: json.loads(opening(bureau, id, number, n)) for n in (1, 3)}
    hidden = {n: (found["text"], b64decode(found["salt"])) for n, found in opened.items()}
    event = dict(steps(bureau, id))["redacted"]
    assert own_check(document, hidden).hex() == event["root"] == document["copy"]["root"]
    texts = [hidden[n][0] if n in hidden else s["text"] for n, s in enumerate(document["copy"]["segments"])]
    assert texts == [TEXT[:6], "张秀兰", "，电话", "13800000000", TEXT[23:]]
    assert hashlib.sha256(jcs(document["copy"])).hexdigest() == event["copy_digest"]
    first = bureau.desk.envelope_at(bureau.ledger.position_of(id, 1) or 0)[0]
    assert hashlib.sha256(first).hexdigest() == event["original"] == document["copy"]["digest"]
    salts = [b64decode(s["salt"]) for s in document["copy"]["segments"] if "salt" in s]
    assert len({*salts, *(salt for _, salt in hidden.values())}) == 5


CHARACTERS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
        st.sampled_from("秤张𠮷👩‍🌾é́̂🇨🇳"),
    ),
    min_size=1,
    max_size=60,
)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(CHARACTERS)
    places = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=12, unique=True).map(sorted))
    reasons = st.sampled_from(list(REASONS))
    return text, [Span(a, b, draw(reasons)) for a, b in zip(places[::2], places[1::2], strict=False)]


@settings(max_examples=300, deadline=None)
@given(cuts(), st.randoms(use_true_random=False))
def test_any_text_is_cut_into_what_it_was_and_proved(found: tuple[str, list[Span]], chance: Any) -> None:
    text, spans = found
    assert list(faults(text, spans)) == []
    segments = cut(text, spans)
    assert "".join(segment.text for segment in segments) == text
    assert [segment.text for segment in segments if segment.reason] == [text[a:b] for a, b, _ in spans]
    assert all(segment.text for segment in segments)
    assert loaded(fixed(spans)) == spans
    salts = [chance.randbytes(32) for _ in segments]
    made = copies.made(Source("x.org/ledgers/x", "report-1", 1, "text", "0" * 64), segments, salts)
    again = json.loads(jcs(made))
    hidden = {n: (s.text, salts[n]) for n, s in enumerate(segments) if s.reason}
    assert own_check({"copy": again}, hidden).hex() == copies.root(again) == made["root"]
    for number, (said, _) in hidden.items():
        proved = json.loads(jcs(copies.opening(made, number, said, salts[number])))
        assert copies.opened(again, proved) == (number, said)


def test_a_leaf_is_what_the_shell_computes() -> None:
    """`(printf '\\x00steelyard-redaction-1\\n'; bytes 00 to 1f; printf '\\0\\0\\0\\0\\0\\0\\0\\7秤𠮷') | sha256sum`."""
    said = "99c0d0dc42dd53100bd7e305c862183f96a2d24a4dc0f636e955602e8537bce4"
    assert leaf("秤𠮷", bytes(range(32))).hex() == own_leaf("秤𠮷", bytes(range(32))).hex() == said
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="a salt of"):
            leaf("秤", wrong)


def test_places_count_code_points_whatever_the_glyph() -> None:
    """One family of three people is five code points; an accent may be cut from its letter."""
    family = "a👩\u200d👩\u200d👦e\u0301b"
    assert [s.text for s in cut(family, [Span(1, 6, "other"), Span(7, 8, "other")])] == [
        "a",
        "👩\u200d👩\u200d👦",
        "e",
        "\u0301",
        "b",
    ]


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "path", "said"),
    [
        ([], "spans", "expected 1 to 200 spans"),
        ([Span(n, n + 1, "other") for n in range(MOST + 1)], "spans", "expected 1 to 200"),
        ([Span(0, len(TEXT) + 1, "other")], "spans.0", f"within 0 and {len(TEXT)}"),
        ([Span(-1, 2, "other")], "spans.0", "within 0"),
        ([Span(len(TEXT) + 1, len(TEXT) + 2, "other")], "spans.0", "within 0"),
        ([Span(3, 3, "other")], "spans.0", "behind the start"),
        ([Span(4, 3, "other")], "spans.0", "behind the start"),
        ([NAME, Span(8, 10, "other")], "spans.1", "from 9 on"),
        ([PHONE, NAME], "spans.1", "sorted and do not overlap"),
        ([NAME, NAME], "spans.1", "do not overlap"),
        ([Span(0, 20, "other"), Span(4, 6, "other"), Span(8, 9, "other")], "spans.2", "from 20 on"),
        ([Span(0, 1, "beauty")], "spans.0", "expected a reason of identity"),
    ],
)
def test_spans_that_do_not_fit_are_refused_with_what_was_expected(
    bureau: Bureau, spans: list[Span], path: str, said: str
) -> None:
    id = filed(bureau)
    wanted = Wanted(1, "text", tuple(spans))
    with pytest.raises(InvalidData) as caught:
        Redactions(bureau.desk).redact(bureau.who("custodian"), id, wanted, "x", bureau.today)
    assert said in str(caught.value.errors[path][0].en)
    assert caught.value.errors[path][0].zh
    assert [topic for topic, _ in steps(bureau, id)] == ["received", "assigned", "read"]
    assert read(bureau, id, "handler")[0]["value"]["text"] == TEXT


def test_the_whole_text_and_neighbours_may_be_hidden(bureau: Bureau) -> None:
    id = filed(bureau)
    number = redact(bureau, id, Span(0, 6, "place_or_time"), Span(6, len(TEXT), "other")).version
    assert read(bureau, id, "handler")[0]["value"]["text"] == "〔遮盖 可识别身份的地点或时间〕〔遮盖 其他〕"
    assert proof.verify(copy(bureau, id, number), KEYS)[6:8] == (2, 2)


def test_a_text_that_is_not_there_is_refused_before_anything_is_opened(bureau: Bureau) -> None:
    id = filed(bureau)
    bureau.step(id, "message-sent", "handler", text="请补充")
    before = len(steps(bureau, id))
    for event, part in ((2, "text"), (9, "text"), (3, "happened")):
        with pytest.raises(Refused, match=f"event {event} holds no sealed {part}") as caught:
            redact(bureau, id, Span(0, 1, "other"), event=event, part=part)
        assert caught.value.breaches[0].rule == "text-there"
    assert len(steps(bureau, id)) == before
    bare = filed(bureau, {"text": TEXT})
    with pytest.raises(InvalidData, match="a part that event 1 has"):
        redact(bureau, bare, Span(0, 1, "other"), part="happened")


@pytest.mark.parametrize("role", ["handler", "intake", "unit_head", "head", "principal_head", "auditor"])
def test_only_the_custodian_redacts_opens_and_compares(bureau: Bureau, role: str) -> None:
    id = filed(bureau)
    with pytest.raises(NotPermitted):
        redact(bureau, id, who=bureau.who(role, WHO.get(role, "wz-b1")))
    number = redact(bureau, id).version
    acts = Redactions(bureau.desk)
    who = bureau.who(role, WHO.get(role, "wz-b1"))
    before = len(steps(bureau, id))
    with pytest.raises((Refused, NotPermitted)):
        acts.opening(who, id, number, 1, "x", bureau.today)
    with pytest.raises((Refused, NotPermitted)):
        acts.compare(who, id, number, "x", bureau.today)
    assert len(steps(bureau, id)) == before


def test_a_custodian_with_an_interest_finds_no_report_to_redact(bureau: Bureau) -> None:
    id = filed(bureau)
    number = redact(bureau, id).version
    bureau.step(id, "conflict-declared", "custodian", officers=["wz-k1"], units=[], reason="亲属")
    for act in (
        lambda: redact(bureau, id),
        lambda: copy(bureau, id, number, "custodian"),
        lambda: opening(bureau, id, number, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_segment_that_is_shown_or_missing_is_not_opened(bureau: Bureau) -> None:
    id = filed(bureau)
    number = redact(bureau, id).version
    with pytest.raises(InvalidData, match="expected a hidden segment"):
        opening(bureau, id, number, 0)
    for segment in (5, -1):
        with pytest.raises(Refused, match="a segment from 0 to 4"):
            opening(bureau, id, number, segment)
    with pytest.raises(Refused, match="event 1 is no redaction"):
        copy(bureau, id, 1)


# -- who reads what ------------------------------------------------------------------------------------------------


def test_handlers_read_the_redacted_text_and_the_custodian_the_original(bureau: Bureau) -> None:
    id = filed(bureau)
    number = redact(bureau, id).version
    for role in ("handler", "intake", "unit_head", "head", "principal_head"):
        part = read(bureau, id, role)[0]
        assert part["value"]["text"] == SEEN, role
        assert part["redactions"] == [{"number": number, "part": "text"}]
        assert (part["value"]["happened"], part["value"]["target"]) == ("开市时", CONTENT["target"])
    assert read(bureau, id, "custodian")[0]["value"]["text"] == TEXT
    read_by = [data["what"] for topic, data in steps(bureau, id) if topic == "read"]
    assert read_by == ["content"] * 7


@pytest.mark.parametrize("part", PATHS)
def test_every_part_of_what_was_filed_can_be_redacted_by_itself(bureau: Bureau, part: str) -> None:
    id = filed(bureau)
    redact(bureau, id, Span(0, 2, "other"), part=part)
    value = read(bureau, id, "handler")[0]["value"]
    flat = {"text": value["text"], "happened": value["happened"]}
    flat |= {f"target_{name}": text for name, text in value["target"].items()}
    assert [name for name, text in flat.items() if "〔遮盖 其他〕" in text] == [part]


def test_messages_and_evidence_are_redacted_too_and_the_reporter_reads_all(bureau: Bureau) -> None:
    id = filed(bureau)
    anyone = bureau.desk.anyone()
    message = bureau.desk.step(anyone, id, "report.message-sent", bureau.today, {"text": "我住河边"}).version
    more = bureau.desk.add_evidence(bureau.desk.anyone(), id, "我拍的", [], bureau.today).version
    redact(bureau, id, Span(0, 4, "place_or_time"), event=message)
    redact(bureau, id, Span(0, 1, "identity"), event=more)
    assert [part["value"] for part in read(bureau, id, "handler", "talk")] == [
        "〔遮盖 可识别身份的地点或时间〕"
    ]
    assert [part["value"]["text"] for part in read(bureau, id, "handler")] == [TEXT, "〔遮盖 身份〕拍的"]
    own = bureau.desk.read(bureau.desk.anyone(), id, "talk", None, bureau.today).parts
    assert [(part["value"], "redactions" in part) for part in own] == [("我住河边", False)]


def test_a_later_redaction_stands_in_the_place_of_the_earlier_one(bureau: Bureau) -> None:
    id = filed(bureau)
    first = redact(bureau, id, NAME).version
    old = copy(bureau, id, first)
    second = redact(bureau, id, PHONE).version
    text = read(bureau, id, "handler")[0]["value"]["text"]
    assert ("张秀兰" in text, "13800000000" in text) == (True, False)
    with pytest.raises(Refused, match=f"superseded by {second}"):
        copy(bureau, id, first)
    assert copy(bureau, id, first, "custodian") == old
    proof.verify(old, KEYS)
    again = json.loads(copy(bureau, id, second))["copy"]["segments"]
    salts = {s.get("salt") for s in json.loads(old)["copy"]["segments"]} & {s.get("salt") for s in again}
    assert salts - {None} == set()


def test_making_one_records_the_reading_of_the_original_first(bureau: Bureau) -> None:
    id = filed(bureau)
    redact(bureau, id)
    (read_, reading), (made, event) = steps(bureau, id)[-2:]
    assert (read_, reading["what"], reading["purpose"]) == ("read", "content", "隐去举报人特征")
    assert made == "redacted"
    assert {name: event[name] for name in ("source", "part", "segments", "hidden", "reasons")} == {
        "source": 1,
        "part": "text",
        "segments": 5,
        "hidden": 2,
        "reasons": ["identity", "contact"],
    }
    assert set(event["spans"]) == {"sealed", "key", "alg"}


def test_the_same_command_again_meets_its_receipt_and_another_is_refused(bureau: Bureau) -> None:
    id = filed(bureau)
    who = bureau.who("custodian")
    first = redact(bureau, id, who=who)
    again = redact(bureau, id, who=who)
    assert (again.version, again.replayed) == (first.version, True)
    with pytest.raises(KeyReused):
        redact(bureau, id, NAME, who=who)
    with pytest.raises(KeyReused):
        redact(bureau, id, Span(6, 8, "identity"), PHONE, who=who)
    refused = bureau.who("custodian")
    with pytest.raises(InvalidData):
        redact(bureau, id, Span(3, 3, "other"), who=refused)
    with pytest.raises(KeyReused):
        redact(bureau, id, who=refused)


def test_the_sealed_length_tells_nothing_of_the_hidden_lengths(bureau: Bureau) -> None:
    sizes = set()
    for span in (Span(1, 2, "other"), Span(1, len(TEXT) - 1, "other"), Span(9, 12, "other")):
        id = filed(bureau)
        redact(bureau, id, span)
        sizes.add(len(dict(steps(bureau, id))["redacted"]["spans"]["sealed"]))
    assert len(sizes) == 1


# -- what a copy proves ----------------------------------------------------------------------------------------------


@pytest.fixture
def proved(bureau: Bureau) -> tuple[Bureau, str, int, dict[str, Any]]:
    id = filed(bureau)
    number = redact(bureau, id).version
    return bureau, id, number, json.loads(copy(bureau, id, number))


Proved = tuple[Bureau, str, int, dict[str, Any]]


def test_a_copy_verifies_with_nothing_but_the_public_key(proved: Proved) -> None:
    bureau, id, number, document = proved
    raw = jcs(document)
    found = proof.verify(raw + b"\n", KEYS, [opening(bureau, id, number, 3)])
    assert (found.report, found.event, found.part) == (id, 1, "text")
    assert (found.position, found.segments, found.hidden) == (bureau.ledger.position_of(id, number), 5, 2)
    assert found.opened == {3: "13800000000"}
    for word in ("张秀兰", "13800000000"):
        assert word not in raw.decode()
    position = bureau.ledger.position_of(id, 1) or 0
    proof.check_filing(raw, bureau.desk.receipt_of(Receipt(id, 1, position)), KEYS)
    other = bureau.desk.receipt_of(Receipt(id, 2, bureau.ledger.position_of(id, 2) or 0))
    with pytest.raises(CopyFails, match="another event than the one of this receipt"):
        proof.check_filing(raw, other, KEYS)
    with pytest.raises(CopyFails, match="does not hold"):
        proof.check_filing(raw, other.replace("position", "place"), KEYS)


def _character(copy: Any) -> None:
    copy["segments"][0]["text"] = copy["segments"][0]["text"].replace("三", "二")


def _swapped(copy: Any) -> None:
    copy["segments"][0], copy["segments"][2] = copy["segments"][2], copy["segments"][0]


def _salt(copy: Any) -> None:
    copy["segments"][0]["salt"] = copy["segments"][2]["salt"]


def _hidden_swapped(copy: Any) -> None:
    copy["segments"][1], copy["segments"][3] = copy["segments"][3], copy["segments"][1]


def _reason(copy: Any) -> None:
    copy["segments"][1]["reason"] = "other"


def _dropped(copy: Any) -> None:
    del copy["segments"][4]


def _boundary(copy: Any) -> None:
    first, third = copy["segments"][0], copy["segments"][2]
    first["text"], third["text"] = first["text"][:-1], first["text"][-1] + third["text"]


def _named(name: str, value: Any) -> Any:
    return lambda copy: copy.__setitem__(name, value)


@pytest.mark.parametrize("change", [_character, _swapped, _salt, _hidden_swapped, _dropped, _boundary])
@pytest.mark.parametrize("known", [False, True], ids=["found by digest", "found by root"])
def test_a_changed_copy_is_found_out(proved: Proved, change: Any, known: bool, monkeypatch: Any) -> None:
    """The root finds it too, were the digest of the copy to be trusted."""
    document = proved[3]
    change(document["copy"])
    if known:
        event = json.loads(document["event"])["data"]["copy_digest"]
        monkeypatch.setattr(copies, "digest", lambda _: event)
    with pytest.raises(CopyFails, match=r"changed|another root"):
        proof.verify(jcs(document), KEYS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_reason, "digest"),
        (_named("root", "0" * 64), "another root"),
        (_named("report", "report-x"), "another text"),
        (_named("event", 2), "another text"),
        (_named("part", "happened"), "another text"),
        (_named("digest", "0" * 64), "another text"),
        (_named("ledger", "example.org/ledgers/other"), "another text"),
        (_named("form", 2), "digest"),
        (_named("kind", "other"), "digest"),
        (_named("segments", None), "no such document"),
        (_named("segments", []), "another root"),
    ],
)
def test_a_copy_that_names_something_else_is_found_out(proved: Proved, change: Any, said: str) -> None:
    document = proved[3]
    change(document["copy"])
    with pytest.raises(CopyFails, match=said):
        proof.verify(jcs(document), KEYS)


def test_a_copy_with_another_event_or_receipt_is_found_out(proved: Proved) -> None:
    bureau, id, _, document = proved
    position = bureau.ledger.position_of(id, 1) or 0
    received = bureau.desk.envelope_at(position)[0].decode()
    receipt = bureau.desk.receipt_of(Receipt(id, 1, position))
    other = filed(bureau)
    elsewhere = json.loads(copy(bureau, other, redact(bureau, other).version))
    second = json.loads(copy(bureau, id, redact(bureau, id).version))
    pair = lambda from_: {name: from_[name] for name in ("event", "receipt")}  # noqa: E731
    for changed, said in (
        ({"event": received, "receipt": receipt}, "no redaction"),
        ({"receipt": receipt}, "the receipt is of another event"),
        ({"event": document["event"].replace("identity", "contact")}, "the receipt is of another event"),
        ({"receipt": document["receipt"].replace("position", "position ")}, "the receipt does not hold"),
        (pair(elsewhere), "another text"),
        (pair(second), "another root"),
        ({"copy": elsewhere["copy"]}, "another text"),
        ({"form": 2}, "form 2"),
        ({"event": 3}, "no such document"),
    ):
        with pytest.raises(CopyFails, match=said):
            proof.verify(jcs({**document, **changed}), KEYS)
    proof.verify(jcs(document), KEYS)


@pytest.mark.parametrize("raw", [b"", b"[]", b"3", b"{}", b'{"form":1}', b"\xff", b'{"form": 1}'])
def test_what_is_no_copy_is_refused_and_never_a_crash(raw: bytes) -> None:
    with pytest.raises(CopyFails):
        proof.verify(raw, KEYS)


def test_a_copy_with_a_member_twice_or_formatted_anew_is_refused(proved: Proved) -> None:
    raw = jcs(proved[3])
    for changed in (raw[:-1] + b',"receipt":"x"}', json.dumps(proved[3], indent=1).encode()):
        with pytest.raises(CopyFails, match="canonical"):
            proof.verify(changed, KEYS)


def test_an_opening_proves_one_segment_of_one_copy(proved: Proved) -> None:
    bureau, id, number, document = proved
    raw, good = jcs(document), json.loads(opening(bureau, id, number, 1))
    third = json.loads(opening(bureau, id, number, 3))
    second = redact(bureau, id).version
    for changed, said in (
        ({"text": "张秀芳"}, "did not say"),
        ({"salt": third["salt"]}, "did not say"),
        ({"salt": "AAAA"}, "no such document"),
        ({"text": 3}, "no such document"),
        ({"segment": 3}, "did not say"),
        ({"segment": 0}, "shown"),
        ({"segment": 5}, "has not"),
        ({"segment": True}, "has not"),
        ({"report": "report-x"}, "another copy"),
        ({"more": 1}, "another copy"),
    ):
        with pytest.raises(CopyFails, match=said):
            proof.verify(raw, KEYS, [jcs({**good, **changed})])
    with pytest.raises(CopyFails, match="another copy"):
        proof.verify(raw, KEYS, [opening(bureau, id, second, 1)])


def test_the_server_proves_the_original_against_what_was_recorded(proved: Proved) -> None:
    bureau, id, number, _ = proved
    compared = Redactions(bureau.desk).compare(bureau.who("custodian"), id, number, "核对", bureau.today)
    assert compared[1] is True
    topic, data = steps(bureau, id)[-1]
    assert (topic, data["what"], data["redaction"]) == ("read", "original", number)


@pytest.mark.parametrize("what", ["value", "spans"])
def test_a_changed_original_gives_no_copy_and_no_hidden_word(
    proved: Proved, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a stolen store could be changed to: another text, or cuts that would show more."""
    bureau, id, number, _ = proved
    report = bureau.report(id)
    changed = (
        bureau.desk.sealer.seal(id, {**CONTENT, "text": TEXT.replace("三", "二")}, "forged")
        if what == "value"
        else bureau.desk.sealer.seal(id, {"spans": fixed([NAME]), "salts": "AAAA" * 32}, "forged")
    )
    if what == "value":
        report.sealed[0]["value"] = changed
    else:
        report.redactions[0]["spans"] = changed
    acts = Redactions(bureau.desk)
    monkeypatch.setattr(bureau.ledger, "report", lambda _: report)
    with pytest.raises(FileDamaged):
        copy(bureau, id, number)
    assert acts.compare(bureau.who("custodian"), id, number, "核对", bureau.today)[1] is False


def test_where_the_cuts_do_not_open_nothing_of_the_text_is_shown(
    proved: Proved, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau, id, *_ = proved
    report = bureau.report(id)
    report.redactions[0]["spans"] = {**report.redactions[0]["spans"], "key": "k-0000000000000000"}
    monkeypatch.setattr(bureau.ledger, "report", lambda _: report)
    assert read(bureau, id, "handler")[0]["value"]["text"] == "[unreadable]"


def test_after_the_erasure_only_a_copy_handed_out_before_still_verifies(proved: Proved) -> None:
    bureau, id, number, document = proved
    opened = opening(bureau, id, number, 1)
    bureau.step(id, "malicious", "head", kind="forging", to="公安")
    bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")
    for act in (
        lambda: redact(bureau, id),
        lambda: copy(bureau, id, number),
        lambda: opening(bureau, id, number, 1),
        lambda: Redactions(bureau.desk).compare(bureau.who("custodian"), id, number, "x", bureau.today),
    ):
        with pytest.raises(Refused, match="erased"):
            act()
    assert proof.verify(jcs(document), KEYS, [opened]).opened == {1: "张秀兰"}
    assert shown(cut(TEXT, SPANS)) == SEEN


# -- files -------------------------------------------------------------------------------------------------------------

PHOTO, BLACKED = b"\xff\xd8\xff\xe0 a face", b"\xff\xd8\xff\xe0 a black box"


def with_file(bureau: Bureau) -> tuple[str, str]:
    """A report with a photo handed in as evidence: its id and the photo's hash."""
    id = filed(bureau)
    bureau.desk.add_evidence(bureau.desk.anyone(), id, "照片", [("张秀兰.jpg", PHOTO)], bureau.today)
    return id, str(bureau.report(id).files[0]["sha256"])


def replace(
    bureau: Bureau,
    id: str,
    sha256: str,
    content: bytes = BLACKED,
    role: str = "custodian",
    name: str = "1.jpg",
) -> str:
    """The hash of the file that stands in its place."""
    acts = Redactions(bureau.desk)
    acts.replace_file(bureau.who(role), id, sha256, (name, content), bureau.today)
    return str(bureau.report(id).replacements[-1]["replacement"]["sha256"])


def file_given(bureau: Bureau, id: str, sha256: str, role: str) -> bytes:
    return bureau.desk.read_file(bureau.who(role), id, sha256, "核查", bureau.today)[1]


def test_officers_are_given_the_replacement_and_the_custodian_the_original(bureau: Bureau) -> None:
    id, sha256 = with_file(bureau)
    assert file_given(bureau, id, sha256, "handler") == PHOTO
    other = replace(bureau, id, sha256)
    for role in ("handler", "intake", "unit_head", "head", "principal_head"):
        assert file_given(bureau, id, sha256, role) == file_given(bureau, id, other, role) == BLACKED
        assert "张秀兰.jpg" not in str(read(bureau, id, role))
        assert read(bureau, id, role)[1]["value"]["files"][0] == {
            "sha256": other,
            "name": "1.jpg",
            "original": hashlib.sha256(BLACKED).hexdigest(),
        }
    assert (file_given(bureau, id, sha256, "custodian"), file_given(bureau, id, other, "custodian")) == (
        PHOTO,
        BLACKED,
    )
    assert read(bureau, id, "custodian")[1]["value"]["files"][0]["name"] == "张秀兰.jpg"
    handed = [data["file"] for topic, data in steps(bureau, id) if topic == "read" and data["what"] == "file"]
    assert handed == [sha256, *[other] * 10, sha256, other]


def test_a_later_replacement_supersedes_and_names_both_files(bureau: Bureau) -> None:
    id, sha256 = with_file(bureau)
    first = replace(bureau, id, sha256)
    second = replace(bureau, id, sha256, BLACKED + b" and more")
    assert file_given(bureau, id, sha256, "handler") == BLACKED + b" and more"
    with pytest.raises(NotFound):
        file_given(bureau, id, first, "handler")
    assert file_given(bureau, id, first, "custodian") == BLACKED
    event = dict(steps(bureau, id))["file-redacted"]
    assert (event["file"], event["replacement"]["sha256"]) == (sha256, second)
    assert set(event["entry"]) == {"sealed", "key", "alg"}
    for found in (sha256, second):
        assert hashlib.sha256(bureau.files.read(found)).hexdigest() == found


def test_a_replacement_that_replaces_nothing_is_refused_and_not_kept(bureau: Bureau) -> None:
    id, sha256 = with_file(bureau)
    with pytest.raises(Refused, match="nothing was blacked out"):
        replace(bureau, id, sha256, PHOTO)
    with pytest.raises(Refused, match="no file 0000"):
        replace(bureau, id, "0" * 64)
    with pytest.raises(InvalidData, match="expected JPEG"):
        replace(bureau, id, sha256, b"MZ\x00")
    for role in ("handler", "head"):
        with pytest.raises(NotPermitted):
            replace(bureau, id, sha256, role=role)
    first = replace(bureau, id, sha256)
    with pytest.raises(Refused, match=f"no file {first}"):
        replace(bureau, id, first, BLACKED + b"!")
    assert len(bureau.report(id).replacements) == 1


def test_the_erasure_takes_originals_and_replacements_away(bureau: Bureau) -> None:
    id, sha256 = with_file(bureau)
    kept = [sha256, replace(bureau, id, sha256), replace(bureau, id, sha256, BLACKED + b"!")]
    assert all(bureau.files.has(found) for found in kept)
    bureau.step(id, "malicious", "head", kind="forging", to="公安")
    bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")
    assert not any(bureau.files.has(found) for found in kept)
    with pytest.raises(Refused, match="erased"):
        replace(bureau, id, sha256)


def test_where_the_replacements_name_does_not_open_the_original_is_not_named(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, sha256 = with_file(bureau)
    other = replace(bureau, id, sha256)
    report = bureau.report(id)
    report.replacements[0]["entry"] = {**report.replacements[0]["entry"], "key": "k-0000000000000000"}
    monkeypatch.setattr(bureau.ledger, "report", lambda _: report)
    assert read(bureau, id, "handler")[1]["value"]["files"] == [{"sha256": other, "name": "[unreadable]"}]
