"""The scanned, stamped opinion: taken as a stream, named in an endorsement, handed out to few (Art. 3)."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.kernel.settings import Settings
from sandbox.stages.applications import PDF
from sandbox.stages.integration import asked, batch, endorsed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

PATH = "/v1/stamped-opinions"


def send(
    world: World, content: Any = PDF, *, unit: str = "wenwuba", filename: str = "推荐意见.pdf", **options: Any
) -> Any:
    return world.by(f"unit-{unit}").post(PATH, params={"filename": filename}, content=content, **options)


def stored(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.files_url.removeprefix("file:")).rglob("*") if path.is_file()]


def word_document() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return package.getvalue()


def test_a_sealed_opinion_is_taken_and_named_in_an_endorsement(world: World) -> None:
    sealed = ok(send(world), 201)
    assert sealed["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (sealed["media_type"], sealed["size"], sealed["unit_id"]) == (
        "application/pdf",
        len(PDF),
        world.id("unit:wenwuba"),
    )
    waiting = asked(world, open_round(world))
    ok(batch(world, endorsed(world, waiting, stamped_opinion_id=sealed["id"])))
    assert ok(world.office.get(f"/v1/recommendations/{waiting.id}"))["stamped_opinion_id"] == sealed["id"]


def test_it_is_handed_out_to_the_unit_the_office_and_the_auditor(world: World) -> None:
    sealed = ok(send(world), 201)
    for login in ("unit-wenwuba", "office", "auditor"):
        caller = world.by(login)
        assert ok(caller.get(f"{PATH}/{sealed['id']}")) == sealed
        answer = caller.get(f"{PATH}/{sealed['id']}/content")
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-type"] == "application/pdf"
        policy = answer.headers["content-security-policy"]
        assert "sandbox" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy


def test_another_unit_does_not_learn_of_it(world: World) -> None:
    sealed = ok(send(world), 201)
    other = world.by("unit-junmenling")
    refused(other.get(f"{PATH}/{sealed['id']}"), 404, "not_found")
    refused(other.get(f"{PATH}/{sealed['id']}/content"), 404, "not_found")
    waiting = asked(world, open_round(world), unit="junmenling", area="筠门岭镇")
    taken = batch(world, endorsed(world, waiting, stamped_opinion_id=sealed["id"]), unit="junmenling")
    body = refused(taken, 422, "batch_refused")
    assert [item["pointer"] for item in body["errors"]] == ["/items/0/stamped_opinion_id"]


def test_a_department_finds_its_own_only(world: World) -> None:
    sealed = ok(send(world), 201)
    for path in (f"{PATH}/{sealed['id']}", f"{PATH}/{sealed['id']}/content"):
        refused(world.by("department-tax").get(path), 404, "not_found")


@pytest.mark.parametrize("login", ["government", "payment_platform", "reviewer1"])
def test_nobody_else_reads_or_sends_one(world: World, login: str) -> None:
    sealed = ok(send(world), 201)
    refused(world.by(login).get(f"{PATH}/{sealed['id']}"), 403, "forbidden")
    refused(world.by(login).get(f"{PATH}/{sealed['id']}/content"), 403, "forbidden")
    refused(world.by(login).post(PATH, params={"filename": "a.pdf"}, content=PDF), 403, "forbidden")


def acts(world: World) -> list[str]:
    """The acts on record so far."""

    async def read() -> list[str]:
        async with world.client.app.state.database.reading() as session:  # type: ignore[attr-defined]
            return list((await session.execute(text("SELECT act FROM audit_entries ORDER BY seq"))).scalars())

    portal = world.client.portal
    assert portal is not None
    return portal.call(read)


def test_what_others_than_the_unit_open_is_put_on_record(world: World) -> None:
    sealed = ok(send(world), 201)
    world.by("unit-wenwuba").get(f"{PATH}/{sealed['id']}/content")
    assert acts(world) == ["add_stamped_opinion"]
    world.office.get(f"{PATH}/{sealed['id']}/content")
    assert acts(world) == ["add_stamped_opinion", "open_stamped_opinion"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"just text", 415, "file_type_refused"),
        (b"<html><script>alert(1)</script></html>", 415, "file_type_refused"),
        (word_document(), 415, "file_type_refused"),
    ],
)
def test_only_what_can_carry_a_seal_is_taken(
    world: World, settings: Settings, content: bytes, status: int, code: str
) -> None:
    refused(send(world, content), status, code)
    assert stored(settings) == []


def test_a_file_is_limited_declared_or_counted(world: World, settings: Settings) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        yield PDF
        for _ in range(count):
            yield b"\0" * 1_048_576

    refused(send(world, PDF + b"\0" * settings.max_file_bytes), 413, "file_too_large")
    refused(send(world, pieces(20)), 413, "file_too_large")
    assert stored(settings) == []
    ok(send(world, pieces(2)), 201)


@pytest.mark.parametrize(
    ("given", "shown"), [("../../etc/印章.pdf", "印章.pdf"), ("C:\\扫描\\印章.pdf", "印章.pdf"), ("印章", "印章")]
)
def test_its_name_is_for_people_and_never_a_path(world: World, settings: Settings, given: str, shown: str) -> None:
    assert ok(send(world, filename=given), 201)["filename"] == shown
    assert all(len(path.name) == 32 for path in stored(settings))
    refused(send(world, filename="../"), 422, "invalid")


def test_a_repeated_upload_is_taken_once(world: World, settings: Settings) -> None:
    key = {"Idempotency-Key": "seal-2024-0001"}
    first, again = send(world, headers=key), send(world, headers=key)
    assert ok(first, 201) == ok(again, 201)
    assert len(stored(settings)) == 1
    refused(send(world, PDF + b"\n", headers=key), 409, "idempotency_key_reused")
    assert len(stored(settings)) == 1


def test_an_upload_that_breaks_off_leaves_nothing(world: World, settings: Settings) -> None:
    unit = world.by("unit-wenwuba")
    arriving: list[dict[str, Any]] = [
        {"type": "http.request", "body": PDF, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def upload() -> None:
        async def receive() -> dict[str, Any]:
            return arriving.pop(0) if arriving else {"type": "http.disconnect"}

        async def send_nowhere(_message: Any) -> None:
            """The caller has gone away."""

        token = unit.headers()["Authorization"].encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"filename=a.pdf",
            "headers": [(b"authorization", token)],
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
            "server": ("testserver", 80),
            "client": ("testclient", 1),
            "app": world.client.app,
        }
        await world.client.app(scope, receive, send_nowhere)

    portal = world.client.portal
    assert portal is not None
    portal.call(upload)
    assert stored(settings) == []
    assert acts(world) == []
