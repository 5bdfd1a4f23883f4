"""Requests made up from the document by schemathesis: no fault of ours, and answers as documented."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Bureau, enrol, start

HIDING = ("Steelyard-Role", "After")
"""A made-up role is refused and a made-up position awaited in vain: rightly, but either would hide the rest."""
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    status_code_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

BOUNDED = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    bureau = start(tmp_path_factory.mktemp("fuzzed"), STEELYARD_WAIT_SECONDS="0.05")
    enrol(bureau)
    bureau.filed_case()
    bureau.caught_up()
    yield bureau
    bureau.services.close()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_request_is_answered_as_documented(served: Bureau, method: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", served.app)
    token = served.token("head", "handler", "intake", "auditor", "bureau_system")
    headers = {"Authorization": f"Bearer {token}"}

    def ask(case: schemathesis.Case) -> None:
        for header in HIDING:
            case.headers.pop(header, None)
        case.call_and_validate(headers=headers, checks=CHECKS)

    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.method.upper() != method:
            continue
        with suppress(Unsatisfiable):  # an operation without parameters cannot be asked wrongly
            BOUNDED(given(operation.as_strategy(generation_mode=mode))(ask))()
            asked += 1
    assert asked > 5
