"""Whoever knows an operation finds the file that carries it out: by its name, or in the table."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.commands.pages import ROOT
from app.commands.pages_acts import CarriedOut, carried_out
from app.web.contract import routes_of
from scripts.lint_rooms import SUBJECTS

# Operations whose file bears another name, because it holds several acts of one object. It may fall.
MAX_IN_A_FILE_OF_ANOTHER_NAME = 86
# Of these, operations whose function has another name as well.
MAX_OF_ANOTHER_NAME = 34


@pytest.fixture
def acts(client: TestClient) -> list[CarriedOut]:
    assert isinstance(client.app, FastAPI)
    return carried_out(client.app)


def test_every_operation_that_writes_has_its_file_in_a_room(client: TestClient, acts: list[CarriedOut]) -> None:
    assert isinstance(client.app, FastAPI)
    writing = {route.name for route in routes_of(client.app) if route.methods != {"GET"}}
    assert {item.operation for item in acts} == writing
    assert {item.file.split("/")[0] for item in acts} <= set(SUBJECTS)
    for item in acts:
        source = (ROOT / "app" / "services" / item.file).read_text(encoding="utf-8")
        assert f"async def {item.function}(" in source


def test_an_operation_is_found_by_the_name_of_its_file(acts: list[CarriedOut]) -> None:
    other = [item.operation for item in acts if not item.file_named]
    assert len(other) <= MAX_IN_A_FILE_OF_ANOTHER_NAME, other
    kept = CarriedOut("suspend_reviewer", "POST", "/", "suspend_reviewer", "reviewers/keep_pool.py")
    assert kept.named and not kept.file_named
    assert CarriedOut("suspend_reviewer", "POST", "/", "suspend", "reviewers/suspend_reviewer.py").file_named


def test_where_the_file_has_another_name_a_search_finds_the_function(acts: list[CarriedOut]) -> None:
    other = [item.operation for item in acts if not item.named]
    assert len(other) <= MAX_OF_ANOTHER_NAME, other
    assert not CarriedOut("report_return", "POST", "/", "report_returned", "disbursements/report_payment.py").named
