"""The material of an application: what is taken, who may have it, that nothing is half there (Arts. 17, 25, 29)."""

import asyncio
import hashlib
import itertools
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from app.commands import upkeep
from app.commands.upkeep import sweep_files
from app.kernel.errors import Collision
from app.kernel.files import FileStore, new_key
from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.stages.applications import PDF, apply, begin, recommend, register_applicant, request, upload
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.documents import PNG
from tests.support.killed_upload import killed_uploads
from tests.support.problems import refused


def drafted(world: World) -> tuple[str, Any]:
    """A draft and its applicant."""
    _, applicant = register_applicant(world)
    return begin(world, open_round(world), applicant)["id"], applicant


def post(caller: Any, application_id: str, content: Any = PDF, **params: str) -> Any:
    given = {"material": "self_assessment", "filename": "样例.pdf", **params}
    return caller.post(f"/v1/applications/{application_id}/attachments", params=given, content=content)


def listed(caller: Any, application_id: str) -> list[dict[str, Any]]:
    return ok(caller.get(f"/v1/applications/{application_id}/attachments"))["items"]  # type: ignore[no-any-return]


def stored_files(settings: Settings) -> list[Path]:
    folder = Path(settings.files_url.removeprefix("file:"))
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_told_by_its_content_and_never_shown_in_place(world: World) -> None:
    application_id, applicant = drafted(world)
    made = upload(applicant, application_id, "extra", content=PNG, filename="../../etc/证明 1.exe")
    assert (made["media_type"], made["filename"], made["size"]) == ("image/png", "证明 1.exe", len(PNG))
    assert made["sha256"] == hashlib.sha256(PNG).hexdigest()
    answer = applicant.get(f"/v1/applications/{application_id}/attachments/{made['id']}/content")
    assert answer.status_code == 200 and answer.content == PNG
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(PNG))
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert unquote(disposition.rpartition("filename*=UTF-8''")[2]) == "证明 1.png"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_material_has_versions_and_the_removed_one_is_not_handed_to_the_unit(world: World) -> None:
    application_id, applicant = drafted(world)
    first = upload(applicant, application_id, "extra")
    second = upload(applicant, application_id, "extra", content=PDF + b"%2\n", trade_secret=True)
    assert [(item["revision"], item["trade_secret"]) for item in (first, second)] == [(1, False), (2, True)]
    gone = ok(applicant.post(f"/v1/applications/{application_id}/attachments/{second['id']}/removal"))
    assert gone["removed_at"]
    refused(applicant.post(f"/v1/applications/{application_id}/attachments/{second['id']}/removal"), 409)
    third = upload(applicant, application_id, "extra")
    assert third["revision"] == 3
    recommend(world, application_id, applicant)
    unit = world.by("unit-wenwuba")
    assert [item["revision"] for item in listed(unit, application_id) if item["material"] == "extra"] == [1, 3]
    refused(unit.get(f"/v1/applications/{application_id}/attachments/{second['id']}/content"), 404)
    assert unit.get(f"/v1/applications/{application_id}/attachments/{third['id']}/content").status_code == 200


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"#!/bin/sh\n", 415, "file_type_refused"),
        (b"MZ" + b"\0" * 64, 415, "file_type_refused"),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(
    world: World, settings: Settings, content: bytes, status: int, code: str
) -> None:
    application_id, applicant = drafted(world)
    files = len(stored_files(settings))
    refused(post(applicant, application_id, content), status, code)
    assert len(stored_files(settings)) == files


def test_a_file_over_the_limit_is_refused_with_and_without_a_declared_length(world: World, settings: Settings) -> None:
    application_id, applicant = drafted(world)
    files = len(stored_files(settings))
    too_much = PDF + b" " * settings.max_file_bytes
    refused(post(applicant, application_id, too_much), 413, "file_too_large")

    def pieces() -> Any:
        for start in range(0, len(too_much), 1 << 20):
            yield too_much[start : start + (1 << 20)]

    refused(post(applicant, application_id, pieces()), 413, "file_too_large")
    assert len(stored_files(settings)) == files


@pytest.mark.parametrize(
    "params", [{"material": "../x"}, {"material": "A"}, {"filename": "/"}, {"filename": "a\x00b"}, {"filename": " "}]
)
def test_names_that_are_none_are_refused(world: World, params: dict[str, str]) -> None:
    application_id, applicant = drafted(world)
    refused(post(applicant, application_id, **params), 422)


def test_only_those_who_may_get_a_file_and_every_access_by_others_is_on_record(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    item = listed(applied.applicant, applied.id)[0]
    path = f"/v1/applications/{applied.id}/attachments/{item['id']}/content"
    for caller in (applied.applicant, world.by("unit-wenwuba"), world.office, world.auditor):
        assert caller.get(path).content == PDF
    _, stranger = register_applicant(world)
    for caller in (stranger, world.by("unit-junmenling")):
        refused(caller.get(path), 404, "not_found")
        refused(caller.get(f"/v1/applications/{applied.id}/attachments"), 404, "not_found")
    for caller in (world.government, world.platform, world.by("department-tax"), world.by("reviewer1")):
        refused(caller.get(path), 403, "forbidden")
    refused(world.public.get(path), 401)
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    opened = [entry["actor_role"] for entry in entries if entry["act"] == "open_attachment"]
    assert sorted(opened) == ["auditor", "office", "recommending_unit"]


def test_the_attachment_of_another_application_is_not_found(world: World) -> None:
    round_id = open_round(world)
    one, other = apply(world, round_id), apply(world, round_id)
    item = listed(other.applicant, other.id)[0]
    refused(one.applicant.get(f"/v1/applications/{one.id}/attachments/{item['id']}/content"), 404)
    refused(one.applicant.post(f"/v1/applications/{one.id}/attachments/{item['id']}/removal"), 404)
    refused(post(one.applicant, other.id), 404)


def test_after_the_submission_nothing_is_added_or_removed(world: World) -> None:
    applied = apply(world, open_round(world))
    item = listed(applied.applicant, applied.id)[0]
    refused(post(applied.applicant, applied.id), 409, "wrong_state")
    path = f"/v1/applications/{applied.id}/attachments/{item['id']}/removal"
    refused(applied.applicant.post(path), 409, "wrong_state")


def test_while_the_unit_is_reading_nothing_is_exchanged(world: World) -> None:
    application_id, applicant = drafted(world)
    request(world, application_id, applicant)
    refused(post(applicant, application_id), 409, "wrong_state")


def test_a_repeated_key_stores_one_file(world: World, settings: Settings) -> None:
    application_id, applicant = drafted(world)
    files = len(stored_files(settings))
    params, headers = {"material": "extra", "filename": "样例.pdf"}, {"Idempotency-Key": "the-same-upload"}
    path = f"/v1/applications/{application_id}/attachments"
    first = ok(applicant.post(path, params=params, content=PDF, headers=headers), 201)
    again = applicant.post(path, params=params, content=PDF, headers=headers)
    assert ok(again, 201) == first and again.headers["idempotency-replayed"] == "true"
    other = applicant.post(path, params=params, content=PDF + b"%\n", headers=headers)
    refused(other, 409, "idempotency_key_reused")
    assert len(stored_files(settings)) == files + 1
    assert [item["revision"] for item in listed(applicant, application_id) if item["material"] == "extra"] == [1]


def test_a_json_body_is_a_file_like_any_other_and_no_document(world: World) -> None:
    application_id, applicant = drafted(world)
    answer = applicant.post(
        f"/v1/applications/{application_id}/attachments",
        params={"material": "extra", "filename": "a.json"},
        content=b"{}",
        headers={"content-type": "application/json", "Idempotency-Key": "json-as-a-file"},
    )
    refused(answer, 415, "file_type_refused")


@pytest.fixture
def live(settings: Settings, clock: MovableClock) -> Iterator[World]:
    """The application behind a real server: only there does a body come piece by piece."""
    with serving(create_app(settings, clock=clock)) as client:
        yield World(client, clock)  # type: ignore[arg-type]


def test_an_upload_that_breaks_off_leaves_no_row_and_no_file(live: World, settings: Settings) -> None:
    application_id, applicant = drafted(live)
    files, rows = len(stored_files(settings)), len(listed(applicant, application_id))
    url = urlsplit(str(live.client.base_url))
    head = [
        f"POST /v1/applications/{application_id}/attachments?material=extra&filename=a.pdf HTTP/1.1",
        f"Host: {url.netloc}",
        f"Authorization: {applicant.headers()['Authorization']}",
        "Content-Length: 1000000",
    ]
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + PDF)
        time.sleep(0.3)
    time.sleep(0.3)
    assert (len(stored_files(settings)), len(listed(applicant, application_id))) == (files, rows)
    assert upload(applicant, application_id, "extra")["revision"] == 1


@pytest.mark.slow
def test_an_upload_whose_process_is_killed_leaves_nothing_that_the_sweep_does_not_find(
    world: World, settings: Settings
) -> None:
    application_id, applicant = drafted(world)
    rows = len(listed(applicant, application_id))
    survived = set(stored_files(settings))
    swept: set[Path] = set()
    owner = str(applicant.account_id)
    with killed_uploads(settings, world.clock.now(), application_id, owner) as killed_before:
        # From the file stored and not recorded to just before the commit.
        for statement in itertools.count(1):
            if not killed_before(statement):
                break
            assert len(listed(applicant, application_id)) == rows
            left = set(stored_files(settings)) - survived
            swept |= left
            assert _sweep(settings) == left
            assert set(stored_files(settings)) == survived
    assert swept and statement > 3
    assert len(listed(applicant, application_id)) == rows + 1


def _sweep(settings: Settings) -> set[Path]:
    """What the operator's command finds and removes, the files being old enough."""
    an_hour_and_more_ago = time.time() - 4000
    for path in stored_files(settings):
        os.utime(path, (an_hour_and_more_ago, an_hour_and_more_ago))
    found = asyncio.run(sweep_files(settings, remove=True))
    return {Path(settings.files_url.removeprefix("file:")) / item.key for item in found}


def test_no_transaction_is_open_while_the_body_streams(live: World) -> None:
    application_id, applicant = drafted(live)
    made = []

    def slow() -> Iterator[bytes]:
        yield PDF
        # On SQLite there is one writer: were it held by the upload, nobody else could write now.
        made.append(ok(live.office.post("/v1/rounds", {"year": 2026, "title": "样例：上传期间"}), 201))
        yield b"%more\n"

    assert ok(post(applicant, application_id, slow(), material="extra"), 201)["size"] == len(PDF) + 6
    assert made


def test_digests_of_the_snapshot_are_those_of_the_files(world: World) -> None:
    applied = apply(world, open_round(world))
    frozen = ok(applied.applicant.get(f"/v1/applications/{applied.id}/snapshot"))["snapshot"]["materials"]
    assert [item["sha256"] for item in frozen] == [hashlib.sha256(PDF).hexdigest()]
    assert frozen[0]["material"] == "self_assessment" and frozen[0]["revision"] == 1


def test_a_dry_run_of_an_upload_keeps_neither_row_nor_file(world: World, settings: Settings) -> None:
    application_id, applicant = drafted(world)
    before = len(stored_files(settings))
    answer = post(applicant, application_id, PNG, material="extra", filename="样例.png", dry_run="true")
    assert (ok(answer, 201)["media_type"], answer.headers["dry-run"]) == ("image/png", "true")
    refused(post(applicant, application_id, b"MZ no document", dry_run="true"), 415, "file_type_refused")
    assert {item["material"] for item in listed(applicant, application_id)} == {"self_assessment"}
    assert len(stored_files(settings)) == before


def test_a_storage_that_is_hardly_the_databases_is_not_emptied(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of another database, or a copy of last year, would make every file one without a record."""
    monkeypatch.setattr(upkeep, "_FEW", 2)
    drafted(world)
    named = len(stored_files(settings))

    async def stored() -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield PDF

        await FileStore.from_settings(settings).put_stream(new_key(), chunks(), 10_000)

    for _ in range(max(named, 2) + 1):
        asyncio.run(stored())
    before = set(stored_files(settings))
    with pytest.raises(Collision, match="nothing was removed"):
        _sweep(settings)
    assert set(stored_files(settings)) == before
    # One fewer, and it may be what kills have left.
    found = asyncio.run(sweep_files(settings, remove=False))
    (Path(settings.files_url.removeprefix("file:")) / found[0].key).unlink()
    assert len(_sweep(settings)) == len(found) - 1
    assert len(stored_files(settings)) == named
