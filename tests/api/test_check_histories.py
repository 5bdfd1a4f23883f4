"""The events of inspections and campaigns over HTTP, and the whole transcript that auditors alone are handed."""

from collections.abc import Iterator

import orjson
import pytest

from api.auth import ALL_ROLES
from enforcement.checks.verify_draw import verify
from tests.api.conftest import Bureau, enrol, start
from tests.api.test_checks import PARTIES, event, frozen, nonce, published
from tests.unit.checks.given import ASSIGNED, STEPS

LISTS = ("objects", "inspectors", "conflicts", "loads")
APART = ("custodian", "finance")


def drawn(bureau: Bureau, **changed: object) -> str:
    id = frozen(bureau, **changed)
    for party in PARTIES:
        event(bureau, id, "revealed", "auditor", name=party, nonce=nonce(party).hex())
    assert event(bureau, id, "drawn").status_code == 201
    return id


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bureau, str, str, str]]:
    """A bureau with an inspection, a confidential draw and an open one."""
    bureau = start(tmp_path_factory.mktemp("held"))
    enrol(bureau)
    found = published(bureau), drawn(bureau, confidential=True), drawn(bureau)
    bureau.caught_up()
    yield bureau, *found
    bureau.services.close()


Held = tuple[Bureau, str, str, str]


def test_events_of_an_inspection_come_as_recorded_in_pages(held: Held) -> None:
    bureau, id, _, _ = held
    whole = bureau.get(f"/inspections/{id}/events", "handler").json
    names = [f"inspection.{name}" for name in ("assigned", *STEPS)]
    assert ([each["type"] for each in whole["items"]], whole["next"]) == (names, None)
    result = whole["items"][4]
    assert (result["occurred"], result["role"], result["data"]["codes"]) == ("2026-03-05", "handler", ["5"])
    first = bureau.get(f"/inspections/{id}/events?limit=5", "auditor").json
    rest = bureau.get(f"/inspections/{id}/events?limit=5&cursor={first['next']}", "auditor").json
    assert (first["items"] + rest["items"], rest["next"]) == (whole["items"], None)


def test_events_of_a_campaign_come_as_recorded(held: Held) -> None:
    bureau, _, _, id = held
    found = bureau.get(f"/campaigns/{id}/events", "handler").json["items"]
    names = ["planned", "frozen", "revealed", "revealed", "drawn"]
    assert [each["type"] for each in found] == [f"campaign.{name}" for name in names]
    assert [each["version"] for each in found] == [1, 2, 3, 4, 5]
    assert {each["aggregate"] for each in found} == {id}


@pytest.mark.parametrize("kind", ["inspections", "campaigns"])
def test_events_of_another_division_are_not_there(held: Held, kind: str) -> None:
    bureau, inspection, _, campaign = held
    id = inspection if kind == "inspections" else campaign
    answers = [
        bureau.get(f"/{kind}/{asked}/events", "handler", region="330304")
        for asked in (id, f"{kind[:-1]}-none")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json["detail"].replace(id, f"{kind[:-1]}-none") == answers[1].json["detail"]
    assert bureau.get(f"/{kind}/{id}/events", "handler", region="330302").status_code == 200
    assert bureau.client.get(f"/{kind}/{id}/events").status_code == 401


def test_dossier_shows_inspections_of_the_callers_division_alone(held: Held) -> None:
    bureau, id, _, _ = held

    def seen(region: str) -> bool:
        items = bureau.get(f"/entities/{ASSIGNED['entity']}/dossier", "handler", region=region).json["items"]
        return id in {event["aggregate"] for event in items}

    assert (seen("330302"), seen("330300"), seen("330304")) == (True, True, False)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_events_are_for_officers_and_auditors(held: Held, role: str) -> None:
    bureau, inspection, campaign, _ = held
    for path in (f"/inspections/{inspection}/events", f"/campaigns/{campaign}/events"):
        assert bureau.get(path, role).status_code == (403 if role in APART else 200)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_whole_confidential_transcript_is_for_auditors_alone(held: Held, role: str) -> None:
    bureau, _, id, _ = held
    answer = bureau.get(f"/campaigns/{id}/transcript/whole", role)
    if role != "auditor":
        assert (answer.status_code, answer.json["type"]) == (403, "/problems/role-missing")
        return
    assert answer.status_code == 200
    assert [len(answer.json[name]) for name in LISTS] == [6, 3, 0, 3]


def test_whole_transcript_is_the_public_one_with_its_lists(held: Held) -> None:
    bureau, _, id, _ = held
    hash = bureau.get(f"/campaigns/{id}").json["frozen"]["plan_hash"]
    answer = bureau.get(f"/campaigns/{id}/transcript/whole")
    public = bureau.client.get(f"/campaigns/{id}/transcript").json
    assert orjson.loads(answer.data) | dict.fromkeys(LISTS) == public
    blind = verify(orjson.dumps(public), hash)
    seen = verify(answer.data, hash)
    assert (seen.difference, blind.difference) == (None, None)
    assert blind.unchecked
    assert not seen.unchecked


def test_whole_transcript_of_an_open_item_is_what_everybody_reads(held: Held) -> None:
    bureau, _, _, id = held
    whole = bureau.get(f"/campaigns/{id}/transcript/whole").data
    assert whole == bureau.client.get(f"/campaigns/{id}/transcript").data


def test_auditor_of_another_division_is_handed_nothing(held: Held) -> None:
    bureau, _, id, _ = held
    assert bureau.get(f"/campaigns/{id}/transcript/whole", region="330304").status_code == 404
    assert bureau.get(f"/campaigns/{id}/transcript/whole", region="330302").status_code == 200
    assert bureau.client.get(f"/campaigns/{id}/transcript/whole").status_code == 401
    assert bureau.get("/campaigns/campaign-none/transcript/whole").status_code == 404
