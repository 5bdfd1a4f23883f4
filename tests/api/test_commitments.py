"""Commitments over HTTP: recorded and read where the business may be seen."""

from tests.api.conftest import Bureau

USCC = "91330302000000001K"
ENTITY = {"uscc": USCC, "name": "示例企业", "kind": "company", "region": "330302"}


def test_a_commitment_is_recorded_and_read(bureau: Bureau) -> None:
    assert bureau.post("/entities", {"occurred": "2026-01-05", "data": ENTITY}).status_code == 201
    path = f"/entities/{USCC}/commitments"
    body = {"type": "commitment.made", "occurred": "2026-02-01", "data": {"uscc": USCC}}
    answer = bureau.post(path, body)
    assert (answer.status_code, answer.headers["Location"]) == (201, path)
    assert bureau.get(path).json == {
        "uscc": USCC,
        "version": 1,
        "committed": True,
        "demonstration": False,
        "until": None,
    }
    withdrawn = {
        "type": "commitment.demonstration-withdrawn",
        "occurred": "2026-02-02",
        "data": {"reason": "x"},
    }
    assert bureau.post(path, withdrawn).status_code == 409


def test_a_business_elsewhere_is_not_found(bureau: Bureau) -> None:
    bureau.post("/entities", {"occurred": "2026-01-05", "data": ENTITY})
    assert bureau.get(f"/entities/{USCC}/commitments", "handler", region="330304").status_code == 404
