"""The contract asked by the command line of schemathesis, as each of twelve callers: a little of it here; and what is
no answer of the contract is told."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fastapi import FastAPI, HTTPException

from app.measures.roles import Role
from sandbox.live import serving as answering
from sandbox.migrating import migrate
from sandbox.seed import seed
from siege import fuzz
from siege.service import ROOT, connection, serving, signed_in

pytestmark = pytest.mark.siege

LITTLE = fuzz.Slice("examples,coverage,fuzzing", 3, ("read_me", "list_rounds"))


def test_ten_callers_of_every_role() -> None:
    assert len(fuzz.CALLERS) == 12
    assert {role for _, role in fuzz.CALLERS.values()} == {role.value for role in Role}


def test_the_service_answers_within_its_contract(tmp_path: Path) -> None:
    settings = fuzz.sample_in(tmp_path)
    migrate(settings.database_url)
    seed(settings.database_url)
    with serving(settings, tmp_path) as service, connection(service.address) as client:
        told = fuzz.run(service.address, signed_in(client, "auditor"), LITTLE, 1, tmp_path)
        # Of this database every caller but the sample's applicant.
        assert fuzz.changed(client) == 1
    assert told.cases > 20 and told.fell == 0, told.failures


@pytest.fixture
def other() -> Iterator[str]:
    """Another service, which keeps to nothing that it says."""
    app = FastAPI()

    @app.get("/broken", operation_id="read_me")
    def broken() -> None:
        raise HTTPException(500)

    @app.get("/undocumented", operation_id="list_rounds")
    def undocumented() -> None:
        raise HTTPException(418)

    with answering(app) as client:
        yield str(client.base_url).rstrip("/")


def test_server_errors_and_undocumented_answers_are_counted_apart(other: str, tmp_path: Path) -> None:
    told = fuzz.run(other, {}, fuzz.Slice("examples,fuzzing", 3, ("read_me",)), 1, tmp_path)
    assert told.server_errors >= 1 and told.fell >= 1 and "Server error" in "".join(told.failures)
    told = fuzz.run(other, {}, fuzz.Slice("examples,fuzzing", 3, ("list_rounds",)), 1, tmp_path)
    assert told.server_errors == 0 and told.undocumented >= 1 and "418" in "".join(told.failures)


def test_a_caller_begins_with_everything_and_goes_on_with_what_is_his() -> None:
    operations = {f"own{number}": {"office"} for number in range(20)} | {
        f"other{number}": {"public"} for number in range(20)
    }
    been: set[str] = set()
    first, *rest = itertools.islice(fuzz.slices(operations, "office", been, Random(1)), 4)
    assert first.operations == ()
    asked = [name for part in rest for name in part.operations]
    assert len(asked) == len(set(asked)) == 40 == len(been)
    assert {name[:3] for name in asked[:20]} == {"own"}
    # Whoever comes next begins where nobody has been, which is everywhere again.
    _, part = itertools.islice(fuzz.slices(operations, "public", been, Random(1)), 2)
    assert {name[:5] for name in part.operations} == {"other"} and len(been) == len(part.operations)


def test_no_example_of_the_contract_is_a_password_of_the_sample() -> None:
    contract = json.dumps(json.loads((ROOT / "openapi" / "openapi.json").read_text()), ensure_ascii=False)
    for login, _ in fuzz.CALLERS.values():
        if login is not None:
            assert fuzz.secret(login) not in contract
