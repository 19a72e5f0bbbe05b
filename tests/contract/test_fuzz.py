"""The contract under random requests: no 500, no answer outside the contract, whoever asks.

Few requests per operation in `make siege SHORT=1`; `make fuzz` sends many.
"""

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.kernel.settings import Settings
from app.main import create_app
from app.measures.roles import Role
from sandbox.clock import MovableClock
from sandbox.live import LiveClient, serving
from sandbox.stages.parties import register
from sandbox.world import World
from siege import serializer
from tests.support.databases import PostgresTemplate, SqliteTemplate

pytestmark = pytest.mark.fuzz

# Whose import tells schemathesis how it is sent.
SHEET = serializer.SHEET
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
LOGINS = {
    "recommending_unit": "unit-wenwuba",
    "department": "department-tax",
    "reviewer": "reviewer1",
    "office": "office",
    "government": "government",
    "payment_platform": "payment_platform",
    "system_administrator": "system_administrator",
    "security_administrator": "security_administrator",
    "auditor": "auditor",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def live(
    request: pytest.FixtureRequest,
    templates: dict[str, SqliteTemplate | PostgresTemplate],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveClient]:
    """A server on a seeded database of either kind, for the whole module."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with templates[request.param].copy() as url:
        chosen = Settings(
            _env_file=None,
            database_url=url,
            files_url=f"file:{folder}",
            keys_file=folder / "keys.json",
            public_posts_per_minute=1_000_000,
            login_attempts=1_000_000,
            log_level="CRITICAL",
        )
        with serving(create_app(chosen, clock=MovableClock.at("2024-03-01"))) as client:
            yield client


@pytest.fixture(scope="module")
def tokens(live: LiveClient) -> dict[str, dict[str, str]]:
    """Headers for every role."""
    world = World(live, MovableClock.at("2024-03-01"))  # type: ignore[arg-type]
    found = {role: world.by(login).headers() for role, login in LOGINS.items()}
    return found | {"applicant": register(world).account.headers(), Role.PUBLIC.value: {}}


def test_every_answer_is_within_the_contract(live: LiveClient, tokens: dict[str, dict[str, str]]) -> None:
    schema = schemathesis.openapi.from_url(str(live.base_url.join("/openapi.json")))
    failures = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        try:
            _ask(operation, tokens)
        except (AssertionError, FailureGroup) as error:
            failures.append(f"{operation.label}: {error}")
    assert not failures, "\n\n".join(failures)


def _ask(operation: APIOperation[Any, Any, Any, Any], tokens: dict[str, dict[str, str]]) -> None:
    roles = operation.definition.raw["x-roles"]

    # What the contract allows, and what it does not.
    cases = operation.as_strategy()
    if operation.body or operation.query:
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @given(case=cases, role=strategies.sampled_from(roles))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any], role: str) -> None:
        case.call_and_validate(checks=CHECKS, headers=tokens[role])

    ask()


def _changed(document: dict[str, Any], change: str) -> dict[str, Any]:
    broken = copy.deepcopy(document)
    responses = broken["paths"]["/v1/rounds"]["get"]["responses"]
    if change == "status":
        responses["404"] = responses.pop("200")
    elif change == "content type":
        responses["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    elif change == "schema":
        responses["200"]["content"]["application/json"]["schema"] = {"type": "array"}
    elif change == "header":
        responses["200"]["headers"] = {"X-Nowhere": {"required": True, "schema": {"type": "string"}}}
    return broken


@pytest.mark.parametrize("change", ["status", "content type", "schema", "header"])
def test_an_answer_outside_the_contract_would_be_seen(live: LiveClient, change: str) -> None:
    document = live.get("/openapi.json").json()
    right, wrong = document, _changed(document, change)
    for contract in (right, wrong):
        schema = schemathesis.openapi.from_dict(contract)
        case = schema["/v1/rounds"]["GET"].Case()
        answer = case.call(base_url=str(live.base_url))
        if contract is right:
            case.validate_response(answer, checks=CHECKS)
        else:
            with pytest.raises(FailureGroup):
                case.validate_response(answer, checks=CHECKS)
