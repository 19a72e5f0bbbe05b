"""Every operation × every role, cell by cell, against the hand-kept list in `roles.toml`; the page that is generated
from the routes agrees with it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from app.measures.roles import Role
from app.pages.route import PageRoute
from app.web.contract import policy_of
from sandbox.callers import Caller
from sandbox.world import World
from tests.support.callers import callers as of_every_role
from tests.support.problems import refused

ROOT = Path(__file__).parent.parent.parent
_WORDS = {"everybody": set(Role), "signed_in": set(Role) - {Role.PUBLIC}}
_NOWHERE = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


def _oracle() -> list[tuple[str, str, dict[Role, bool]]]:
    """Method, path and who may, as `roles.toml` has it."""
    rows = []
    groups = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))["who"]
    for group in groups:
        roles = {role for word in group["roles"] for role in _WORDS.get(word) or {Role(word)}}
        rows += [(*operation.split(" "), {role: role in roles for role in Role}) for operation in group["may"]]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def _page() -> list[tuple[str, str, dict[Role, bool]]]:
    """The same of the page that is generated from the routes."""
    rows = []
    for line in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"^\| `([A-Z]+) (\S+)` \| (.*) \|$", line)
        if match:
            cells = [cell.strip() for cell in match.group(3).split("|")]
            rows.append(
                (match.group(1), match.group(2), {role: cell == "●" for role, cell in zip(Role, cells, strict=True)})
            )
    return sorted(rows, key=lambda row: (row[1], row[0]))


@pytest.fixture
def callers(world: World) -> dict[Role, Caller]:
    return of_every_role(world)


def test_the_list_covers_the_whole_contract(contract: dict[str, Any]) -> None:
    operations = {(method.upper(), path) for path, methods in contract["paths"].items() for method in methods}
    listed = [(method, path) for method, path, _ in _oracle()]
    assert len(listed) == len(set(listed))
    assert set(listed) == operations


def test_the_generated_page_says_the_same() -> None:
    assert _page() == _oracle()


def test_no_route_is_without_a_policy_but_those_that_serve_nobodys_data(application: FastAPI) -> None:
    found = set()
    for route in iter_route_contexts(application.routes):
        one = getattr(route, "original_route", route)
        # A page has data of operations alone, which it asks as the public: an import contract keeps it from the rest.
        if not isinstance(one, PageRoute) and (not isinstance(one, APIRoute) or policy_of(one) is None):
            found.add(one.path)
    assert found == {
        "/livez",
        "/readyz",
        "/metrics",
        "/desk",
        "/desk/{name}",
        "/docs",
        "/docs/assets/{name}",
        "/docs/operations/{operation_id}",
        "/docs/schemas/{name}",
        "/openapi.json",
        "/problems/{code}",
    }


def test_every_cell_is_as_the_list_says(callers: dict[Role, Caller]) -> None:
    wrong = []
    for method, template, allowed in _oracle():
        path = re.sub(r"\{[a-z_]+\}", _NOWHERE, template)
        for role, caller in callers.items():
            options: dict[str, Any] = {} if method == "GET" else {"json": {}}
            response = caller.request(method, path, **options)
            assert response.status_code < 500, f"{role} {method} {template}: {response.text}"
            if allowed[role]:
                if response.status_code in (401, 403) and template != "/v1/tokens":
                    wrong.append(f"{role.value} {method} {template}: {response.status_code}, may")
            elif role is Role.PUBLIC:
                refused(response, 401)
            elif response.status_code != 403:
                wrong.append(f"{role.value} {method} {template}: {response.status_code}, may not")
            else:
                refused(response, 403, "forbidden")
    assert wrong == []


def test_a_page_asks_as_the_public_whoever_opens_it(callers: dict[Role, Caller], application: FastAPI) -> None:
    """With a token of the office it shows what it shows to anybody: what is not public yet is on no page."""
    prepared = callers[Role.OFFICE].post("/v1/rounds", {"year": 2030, "title": "样例未公布届"}).json()
    pages = [route for route in application.routes if isinstance(route, PageRoute)]
    addresses = {route.path for route in pages if "GET" in (route.methods or ())}
    assert {"/", "/en", "/candidates", "/follow"} <= addresses
    for address in sorted(addresses):
        path = re.sub(r"\{[a-z_]+\}", prepared["id"], address)
        for role in (Role.OFFICE, Role.PUBLIC):
            answer = callers[role].get(path)
            assert answer.status_code < 500 and "未公布届" not in answer.text, (role, path)
    assert "未公布届" in callers[Role.OFFICE].get("/v1/rounds").text
