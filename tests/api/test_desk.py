"""The desk's page and files, and the contract that it reads: for whoever is signed in, closed or not."""

import re

import pytest
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from app.routers.desk import _names
from app.schemas.portal import FormNode
from sandbox.clock import MovableClock
from sandbox.world import World, ok
from tests.support.problems import refused

FILES = ("index.html", "desk.css", "desk.js", "api.js", "contract.js", "dom.js", "forms.js", "show.js", "words.js")


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/desk", *(f"/desk/{name}" for name in FILES)])
def test_its_files_run_from_here_alone_and_are_kept_by_their_hash(world: World, path: str) -> None:
    first = world.client.get(path)
    assert first.status_code == 200
    policy = first.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    again = world.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == policy


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["nothing.js", "..%2Fexamples.json", "README.md", "desk.js%00"])
def test_what_is_no_file_of_it_is_not_handed_out(world: World, name: str) -> None:
    assert world.client.get(f"/desk/{name}").status_code == 404


def test_its_page_names_every_file_that_it_has() -> None:
    assert set(_names()) == set(FILES)
    imported = {
        name for file in _names().values() for name in re.findall(r'from "\./(\w+\.js)"', file.args[0].decode())
    }
    assert imported == {name for name in FILES if name.endswith(".js")} - {"desk.js"}


def test_it_reads_no_member_of_a_form_that_there_is_not() -> None:
    text = _names()["forms.js"].args[0].decode()
    told = {f"{part}_{language}" for part in re.findall(r'told\(node, "(\w+)"\)', text) for language in ("zh", "en")}
    assert told | set(re.findall(r"\bnode\.(\w+)", text)) <= set(FormNode.__annotations__)


@pytest.mark.one_database
def test_a_closed_contract_is_read_by_whoever_is_signed_in(
    world: World, settings: Settings, clock: MovableClock
) -> None:
    closed = settings.model_copy(update={"contract_open": False})
    with TestClient(create_app(closed, clock=clock), client=("192.0.2.7", 50_000)) as client:
        refused(client.get("/openapi.json"), 404, "not_found")
        for headers in ({"Authorization": "Bearer x"}, {"Authorization": world.office.headers()["Authorization"][7:]}):
            refused(client.get("/openapi.json", headers=headers), 404, "not_found")
        token = world.office.headers()
        assert ok(client.get("/openapi.json", headers=token))["openapi"].startswith("3.1")
        clock.forward(days=2)
        refused(client.get("/openapi.json", headers=token), 404, "not_found")
