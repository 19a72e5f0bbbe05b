"""Whoever knows an operation that writes finds its file and its function by its name alone."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.commands.pages import ROOT
from app.commands.pages_acts import CarriedOut, carried_out
from app.web.contract import routes_of
from scripts.lint_rooms import SUBJECTS


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
    assert [item.operation for item in acts if not item.file_named] == []
    elsewhere = CarriedOut("suspend_reviewer", "POST", "/", "suspend_reviewer", "reviewers/keep_pool.py")
    assert elsewhere.function_named and not elsewhere.file_named


def test_the_function_in_the_file_has_the_name_of_the_operation(acts: list[CarriedOut]) -> None:
    assert [item.operation for item in acts if not item.function_named] == []
    other = CarriedOut("suspend_reviewer", "POST", "/", "suspend", "reviewers/suspend_reviewer.py")
    assert other.file_named and not other.function_named


def test_a_name_of_a_file_is_found_once(acts: list[CarriedOut]) -> None:
    """Of two files of one name, in two rooms, a search finds the wrong one as well."""
    names = {f"{item.operation}.py" for item in acts}
    found = [path.name for path in (ROOT / "app" / "services").rglob("*.py") if path.name in names]
    assert sorted(found) == sorted(names)
