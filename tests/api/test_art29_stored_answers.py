"""A stored answer is no licence (Art. 29): a reading is never stored, a repetition is for a caller who still may, and
what is kept can be read with a key that lies outside of the database."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.web.contract import routes_of
from sandbox.stages.applications import PDF, begin, register_applicant, request
from sandbox.stages.parties import registration
from sandbox.stages.reviews import fill, panel, qualified, reviewer_id
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

KEY = {"Idempotency-Key": "one-and-the-same"}
ROUND = {"year": 2024, "title": "样例第一届"}


def acts(world: World, name: str) -> int:
    return [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]].count(name)


def replayed(answer: Any) -> bool:
    return bool(answer.headers.get("idempotency-replayed") == "true")


def rows(settings: Settings, query: str) -> list[Any]:
    """What somebody reads who has the database and nothing else."""
    url = make_url(settings.database_url)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(query)))
    finally:
        engine.dispose()


def written(settings: Settings, statement: str) -> None:
    engine = create_engine(make_url(settings.database_url))
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def stored(settings: Settings, id: str) -> str:
    """An id as the database writes it."""
    return id.replace("-", "") if settings.database_url.startswith("sqlite") else id


@pytest.mark.parametrize("path", ["/v1/reviewers", "/v1/reviewers/{id}"])
def test_a_reading_of_the_pool_is_never_stored(world: World, path: str) -> None:
    path = path.replace("{id}", reviewer_id(world, "reviewer1"))
    for _ in range(2):
        answer = world.office.get(path, headers=KEY)
        assert ok(answer) and not replayed(answer)
    act = "read_reviewers" if path.endswith("s") else "read_reviewer"
    assert acts(world, act) == 2


def test_a_dossier_is_read_anew_each_time_and_not_after_the_recusal(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    path = f"/v1/review-assignments/{charge}/dossier"
    for count in (1, 2):
        answer = reviewer.get(path, headers=KEY)
        assert ok(answer) and not replayed(answer)
        assert acts(world, "open_dossier") == count
    ok(reviewer.post(f"/v1/review-assignments/{charge}/recusal", {"reason": "样例：与申报单位有利害关系"}))
    refused(reviewer.get(path, headers=KEY), 422, rule="art29.secrecy")
    assert acts(world, "open_dossier") == 2


def submitted(world: World, reviewer: Any, charge: str) -> Any:
    fill(world, reviewer, charge, 80)
    return lambda: reviewer.post(f"/v1/review-assignments/{charge}/score-sheet/submission", headers=KEY)


def edited(world: World, reviewer: Any, charge: str) -> Any:
    path = f"/v1/review-assignments/{charge}/score-sheet"
    version = ok(reviewer.get(path))["version"]
    return lambda: reviewer.patch(path, {"comments": {}}, version=version, headers=KEY)


def recused(world: World, reviewer: Any, charge: str) -> None:
    ok(reviewer.post(f"/v1/review-assignments/{charge}/recusal", {"reason": "样例：与申报单位有利害关系"}))


def suspended(world: World, reviewer: Any, charge: str) -> None:
    path = f"/v1/reviewers/{reviewer_id(world, 'reviewer1')}/suspension"
    ok(world.office.post(path, {"reason": "样例：核查期间暂停"}))


@pytest.mark.parametrize(("work", "lose"), [(edited, recused), (edited, suspended), (submitted, suspended)])
def test_a_sheet_is_not_repeated_to_a_reviewer_who_lost_the_case(world: World, work: Any, lose: Any) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    ask = work(world, reviewer, charge)
    first, again = ask(), ask()
    assert ok(first) == ok(again) and replayed(again)
    lose(world, reviewer, charge)
    body = refused(ask(), 422)
    assert {item["article"] for item in body["violations"]} & {"11", "29"} and "scores" not in body


def test_every_act_of_a_reviewer_on_an_assignment_asks_again(client: TestClient) -> None:
    assert isinstance(client.app, FastAPI)
    asking = {
        route.name
        for route in routes_of(client.app)
        if route.path.startswith("/v1/review-assignments/{assignment_id}/score-sheet")
        and route.methods != {"GET"}
        and any(getattr(part.call, "still", None) is not None for part in route.dependant.dependencies)
    }
    assert asking == {"edit_score_sheet", "submit_score_sheet"}


def test_no_reading_takes_what_a_write_takes(client: TestClient) -> None:
    contract = client.get("/openapi.json").json()
    taken = {
        (path, parameter["name"])
        for path, operations in contract["paths"].items()
        for parameter in operations.get("get", {}).get("parameters", [])
        if parameter.get("name", "").lower() in ("idempotency-key", "if-match", "dry_run")
    }
    assert taken == set()


def test_what_was_answered_to_one_party_is_not_answered_to_another(world: World, settings: Settings) -> None:
    # An account has one party for good today; should it ever be given another one, its old answers stay behind.
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    body = {"round_id": round_id}
    ok(applicant.post("/v1/applications", body, headers=KEY), 201)
    assert replayed(applicant.post("/v1/applications", body, headers=KEY))
    other, _ = register_applicant(world)
    written(
        settings,
        f"UPDATE accounts SET organisation_id = '{stored(settings, other)}' WHERE id = "
        f"'{stored(settings, str(applicant.account_id))}'",
    )
    refused(applicant.post("/v1/applications", body, headers=KEY), 409, "answer_withdrawn")


def test_an_upload_is_answered_again_when_the_case_has_moved_on(world: World) -> None:
    _, applicant = register_applicant(world)
    application_id = begin(world, open_round(world), applicant)["id"]
    path = f"/v1/applications/{application_id}/attachments"
    given = {"material": "extra", "filename": "样例.pdf"}
    first = applicant.post(path, params=given, content=PDF, headers=KEY)
    assert ok(first, 201)
    request(world, application_id, applicant)
    refused(applicant.post(path, params=given, content=PDF), 409, "wrong_state")
    again = applicant.post(path, params=given, content=PDF, headers=KEY)
    assert ok(again, 201) == first.json() and replayed(again)
    other = applicant.post(path, params=given, content=PDF + b"\n", headers=KEY)
    refused(other, 409, "idempotency_key_reused")
    refused(applicant.post(path, params={**given, "filename": "另.pdf"}, content=PDF, headers=KEY), 409)


def test_a_repeated_upload_leaves_no_second_file(world: World, settings: Settings) -> None:
    _, applicant = register_applicant(world)
    path = f"/v1/applications/{begin(world, open_round(world), applicant)['id']}/attachments"
    given = {"material": "extra", "filename": "样例.pdf"}
    before = len(ok(applicant.get(path))["items"])
    for _ in range(3):
        ok(applicant.post(path, params=given, content=PDF, headers=KEY), 201)
    assert len(ok(applicant.get(path))["items"]) == before + 1
    folder = Path(settings.files_url.removeprefix("file:"))
    assert len([file for file in folder.rglob("*") if file.is_file()]) == before + 1


def test_what_is_kept_shows_neither_content_nor_password(world: World, settings: Settings) -> None:
    ok(world.office.post("/v1/rounds", ROUND, headers=KEY), 201)
    account = {"login": "sample.unit", "role": "recommending_unit", "display_name": "样例"}
    body = {**account, "unit_id": world.id("unit:wenwuba")}
    invitation = ok(world.office.post("/v1/accounts", body, headers={"Idempotency-Key": "account-of-unit"}), 201)
    ok(world.public.post("/v1/registrations", registration(), headers={"Idempotency-Key": "registration-1"}), 201)
    kept = rows(settings, "SELECT fingerprint, body FROM idempotency_records")
    assert len(kept) == 3
    for fingerprint, body in kept:
        assert invitation["invitation"].encode() not in bytes(body)
        assert "样例".encode() not in bytes(body) and b"2024" not in bytes(body)
        assert re.fullmatch(r"[0-9a-f]{16}:[0-9a-f]{64}", fingerprint)


def test_a_password_is_no_part_of_what_tells_requests_apart(world: World, settings: Settings) -> None:
    # A password a step down, as a registration has it: nothing that is kept of the request depends on it.
    key = {"Idempotency-Key": "registration-1"}
    body = registration()
    made = ok(world.public.post("/v1/registrations", body, headers=key), 201)
    other = {**body, "account": {**body["account"], "password": "quilt ember trellis 92 moss"}}
    again = world.public.post("/v1/registrations", other, headers=key)
    assert ok(again, 201) == made and replayed(again)
    other["account"]["display_name"] = "样例另一人"
    refused(world.public.post("/v1/registrations", other, headers=key), 409, "idempotency_key_reused")
    # Whatever else stands a step down does.
    moved = {**body, "organisation": {**body["organisation"], "staff": 12}}
    refused(world.public.post("/v1/registrations", moved, headers=key), 409, "idempotency_key_reused")
    # It was not taken: who holds the first password signs in, and nobody else.
    login = made["account"]["login"]
    for password, status in ((body["account"]["password"], 200), (other["account"]["password"], 400)):
        form = {"grant_type": "password", "username": login, "password": password}
        assert world.client.post("/v1/tokens", data=form).status_code == status


def test_an_answer_ends_by_itself(world: World) -> None:
    ok(world.office.post("/v1/rounds", ROUND, headers=KEY), 201)
    world.clock.forward(days=7)
    assert replayed(world.office.post("/v1/rounds", ROUND, headers=KEY))
    world.clock.forward(seconds=1)
    other = world.office.post("/v1/rounds", {"year": 2026, "title": "样例第二届"}, headers=KEY)
    assert ok(other, 201)["year"] == 2026 and not replayed(other)
    assert replayed(world.office.post("/v1/rounds", {"year": 2026, "title": "样例第二届"}, headers=KEY))
