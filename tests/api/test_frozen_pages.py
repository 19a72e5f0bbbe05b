"""Pages for anybody are kept as long as nothing happens, and not a moment longer: in whichever worker it happens."""

import asyncio
import gzip
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope

from app.kernel.settings import Settings
from app.main import create_app
from app.web.public_pages import EndOfTheChain, PublicPages
from sandbox.clock import MovableClock
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, candidates, conclude_round, in_publicity
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide
from tests.support.problems import refused
from tests.support.queries import counted


@pytest.fixture
def other(world: World, settings: Settings) -> Iterator[TestClient]:
    """Another worker on the same database."""
    clock = MovableClock(world.clock.now())
    with TestClient(create_app(settings, clock=clock)) as client:
        yield client


def pages_of(world: World, winner: Winner) -> list[str]:
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    return [
        "/v1/awards?limit=5",
        "/v1/awards?status=valid",
        f"/v1/awards/{winner.award_id}",
        f"/v1/certificates/{award['certificate_number']}",
    ]


def kept(client: Any, paths: list[str]) -> dict[str, Any]:
    """Asked until they are kept."""
    for _ in range(3):
        told = {path: ok(client.get(path)) for path in paths}
    return told


# It may grow with reason: each call is paid for by every reader, and a page that is kept has nothing else to pay for.
MOST_CALLS = 180


def test_a_page_that_is_kept_takes_a_bounded_number_of_calls(world: World) -> None:
    """Counted, never timed: what is entered of Python between the server and its answer, the drivers' own apart."""
    made = conclude_round(world, 2024, Contender())
    path = f"/v1/notices/{next(iter(candidates(world, made.round_id).values()))['notice_id']}"
    for _ in range(3):
        tag = world.public.get(path).headers["etag"]
    for headers, status in (((), 200), (((b"if-none-match", tag.encode()),), 304)):
        answered, called = world.client.portal.call(_counted_calls, world.client.app, path, headers)  # type: ignore[union-attr]
        assert answered == status
        assert len(called) <= MOST_CALLS, called
        # The framework's own way to a route is not gone.
        assert not {"IndexedRouter.app", "wrap_app_handling_exceptions.<locals>.wrapped_app"} & set(called)


async def _counted_calls(app: ASGIApp, path: str, headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, list[str]]:
    """The status of one answer, and the functions that were entered for it."""
    called: list[str] = []
    status = 0

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and not {"asyncpg", "asyncio"} & set(Path(frame.f_code.co_filename).parts):
            called.append(frame.f_code.co_qualname)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    scope: Scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"},
        **{"path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "state": {}},
        **{"client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 80)},
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"application/json"), *headers],
    }
    sys.setprofile(note)
    try:
        await app(scope, receive, send)
    finally:
        sys.setprofile(None)
    return status, called


def test_a_page_that_is_kept_costs_a_look_at_the_chain(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    listed = candidates(world, made.round_id)
    notice = next(iter(listed.values()))["notice_id"]
    paths = [
        "/v1/awards",
        f"/v1/rounds/{made.round_id}",
        f"/v1/rounds/{made.round_id}/candidate-list",
        f"/v1/notices/{notice}",
    ]
    told = kept(world.public, paths)
    for path in paths:
        with counted(world) as statements:
            assert ok(world.public.get(path)) == told[path]
        assert len(statements) == 1 and "audit_head" in statements[0], path


def test_what_is_asked_for_once_is_not_kept_and_costs_no_look(world: World) -> None:
    concluded(world, {})
    with counted(world) as statements:
        ok(world.public.get("/v1/awards?limit=7"))
    assert len(statements) == 1 and "audit_head" not in statements[0]


def test_art28_a_revocation_is_seen_at_once_in_every_worker(world: World, other: TestClient) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2025-06-01")
    other.app.state.clock.go("2025-06-01")  # type: ignore[attr-defined]
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    paths = pages_of(world, winner)
    before = [kept(client, paths) for client in (world.public, other)]
    assert before[0] == before[1] and before[0][paths[1]]["items"]
    decide(world, case)
    for client in (world.public, other):
        after = {path: ok(client.get(path)) for path in paths}
        assert after[paths[0]]["items"][0]["status"] == after[paths[3]]["status"] == "revoked"
        assert after[paths[1]]["items"] == []
        assert after[paths[2]]["revoked_on"] is not None


def test_art21_a_name_that_was_taken_off_is_seen_at_once_in_every_worker(world: World, other: TestClient) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/rounds/{made.round_id}/candidate-list"
    one = next(iter(candidates(world, made.round_id).values()))
    other.app.state.clock.go(world.clock.today.isoformat())  # type: ignore[attr-defined]
    for client in (world.public, other):
        assert kept(client, [path])[path]["candidates"][0]["state"] == "listed"
    ok(world.office.post(f"/v1/candidates/{one['id']}/removal", {"reason": "样例：认证证书到期"}))
    for client in (world.public, other):
        assert ok(client.get(path))["candidates"][0]["state"] == "removed"


def test_art23_another_day_is_another_page(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    paths = pages_of(world, winner)
    kept(world.public, paths)
    world.clock.go("2040-01-01")
    assert ok(world.public.get(paths[0]))["items"][0]["status"] == "expired"
    assert ok(world.public.get(paths[3]))["status"] == "expired"


def test_who_has_a_page_is_not_sent_it_again_until_it_changes(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    for path in pages_of(world, winner):
        first = world.public.get(path)
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "public, no-cache"
        for _ in range(3):
            again = world.public.get(path, headers={"If-None-Match": tag})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert world.public.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    world.clock.go("2025-06-01")
    paths = pages_of(world, winner)
    tags = {path: world.public.get(path).headers["etag"] for path in paths}
    decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD))
    for path, tag in tags.items():
        assert world.public.get(path, headers={"If-None-Match": tag}).status_code == 200, path


def test_a_page_is_compressed_for_those_who_take_that(world: World) -> None:
    concluded(world, {}, {}, {})
    forms = {}
    for coding in ("identity", "gzip"):
        for _ in range(3):
            with world.client.stream("GET", "/v1/awards", headers={"Accept-Encoding": coding}) as answer:
                forms[coding] = b"".join(answer.iter_raw()), answer.headers
    packed, headers = forms["gzip"]
    assert gzip.decompress(packed) == forms["identity"][0] and headers["content-encoding"] == "gzip"
    assert (
        headers["etag"] != forms["identity"][1]["etag"] and headers["vary"] == "Accept, Accept-Encoding, Authorization"
    )


def test_who_says_who_he_is_gets_a_page_of_his_own_that_nobody_keeps(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    for path in pages_of(world, winner):
        kept(world.public, [path])
        assert world.office.get(path).headers["cache-control"] == "no-store"


def test_what_is_refused_is_not_kept(world: World) -> None:
    concluded(world, {})
    for _ in range(3):
        refused(world.public.get("/v1/awards?cursor=aaaa"), 422, "invalid_cursor")
        refused(world.public.get(f"/v1/notices/{world.id('nobody')}"), 404, "not_found")
    pages = world.client.app.state.kept[PublicPages]  # type: ignore[attr-defined]
    assert not pages._kept


def test_pages_are_a_bounded_number(world: World) -> None:
    concluded(world, {})
    for year in range(2000, 2200):
        for limit in (1, 2):
            for _ in range(2):
                ok(world.public.get(f"/v1/awards?year={year}&limit={limit}"))
    pages = world.client.app.state.kept[PublicPages]  # type: ignore[attr-defined]
    assert len(pages._kept) == 256


class Slow:
    """A database that answers when it is told to, with how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[str]] = []

    async def row(self, *_: object) -> Any:
        self.asked.append(asyncio.get_running_loop().create_future())
        end = await self.asked[-1]

        class End:
            hash = end

        return End


def test_one_reading_tells_all_who_asked_before_it_and_nobody_who_asked_after() -> None:
    async def play() -> None:
        database, end = Slow(), EndOfTheChain()
        reader: Any = database
        first = asyncio.create_task(end.read(reader))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        later = [asyncio.create_task(end.read(reader)) for _ in range(9)]
        await asyncio.sleep(0)
        assert len(database.asked) == 1
        database.asked[0].set_result("before")
        assert await first == "before"
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(database.asked) == 2
        last = asyncio.create_task(end.read(reader))
        await asyncio.sleep(0)
        later[0].cancel()
        database.asked[1].set_result("after")
        assert await asyncio.gather(*later[1:]) == ["after"] * 8
        for _ in range(5):
            await asyncio.sleep(0)
        database.asked[2].set_exception(TimeoutError())
        with pytest.raises(TimeoutError):
            await last
        fresh = asyncio.create_task(end.read(reader))
        for _ in range(5):
            await asyncio.sleep(0)
        database.asked[3].set_result("again")
        assert await fresh == "again"

    asyncio.run(play())
