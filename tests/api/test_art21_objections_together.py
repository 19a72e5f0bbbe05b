"""Art. 21: objections that come at once are taken in one transaction, each as if it had come alone: none is lost, none
is taken twice, each has its entry in the chain before it is answered."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.services.objections import incoming, take_objections_together
from app.store.objections import ObjectionOriginal
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity, objections
from sandbox.world import World, ok
from tests.support import plain
from tests.support.problems import refused

NOBODY = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


@pytest.fixture
def path(world: World) -> str:
    made = in_publicity(world, Contender())
    return f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"


def chain(world: World) -> dict[str, Any]:
    return ok(world.auditor.get("/v1/audit-chain"))  # type: ignore[no-any-return]


def entries(world: World) -> list[dict[str, Any]]:
    return ok(world.auditor.get("/v1/audit-entries?act=take_objection&limit=100"))["items"]  # type: ignore[no-any-return]


@contextlib.contextmanager
def writers_held(world: World) -> Iterator[None]:
    """Somebody else writes all the while."""
    url = world.client.app.state.settings.database_url  # type: ignore[attr-defined]
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT * FROM audit_head FOR UPDATE"))
            yield
            connection.rollback()
    finally:
        engine.dispose()


@contextlib.contextmanager
def at_once(world: World, posts: list[Callable[[], Any]]) -> Iterator[list[Future[Any]]]:
    """All of them have come before the first can be written."""
    state: Any = world.client.app.state  # type: ignore[attr-defined]
    real, arrived = state.objections, []

    class Counted:
        async def one(self, offer: Any) -> Any:
            arrived.append(offer)
            return await real.one(offer)

    state.objections = Counted()
    try:
        with ThreadPoolExecutor(len(posts)) as pool:
            with writers_held(world):
                posted = [pool.submit(post) for post in posts]
                deadline = time.monotonic() + 8
                while len(arrived) < len(posts):
                    assert time.monotonic() < deadline, "they do not come"
                    time.sleep(0.01)
            yield posted
    finally:
        state.objections = real


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({}, None),
        ({"name": None}, None),
        ({"evidence": "样例：抽查通报"}, None),
        ({"facts": "  "}, None),
        ({}, ("2024-05-31", "00:00:00")),
        ({"name": None, "contact": None, "facts": None}, None),
        ({"unknown": "x"}, None),
        ({"facts": 7}, None),
    ],
)
def test_the_plain_answer_is_that_of_the_frameworks_route(
    world: World, path: str, change: dict[str, Any], at: tuple[str, str] | None
) -> None:
    body = {name: value for name, value in (OBJECTION | change).items() if value is not None}
    if at is not None:
        world.clock.go(*at)
    answers = [world.public.post(path, body), world.public.post(f"{path}?dry_run=false", body)]
    told = [answer.json() for answer in answers]
    for one in told:
        one.pop("request_id", None)
        if answers[0].status_code == 201:
            assert len(one.pop("tracking_code")) == 43
    assert told[0] == told[1]
    assert answers[0].status_code == answers[1].status_code
    for name in (*plain.SAME_HEADERS, "cache-control"):
        assert answers[0].headers.get(name) == answers[1].headers.get(name), name
    taken, whole = entries(world) or [{}, {}]
    for one in (taken, whole):
        for name in ("seq", "subject_id", "request_id", "previous_hash", "hash"):
            one.pop(name, None)
    assert taken == whole
    assert chain(world)["intact"] is True


def test_what_came_in_lies_where_its_investigator_reads_it(world: World, path: str) -> None:
    code = ok(world.public.post(path, OBJECTION | {"evidence": "样例：抽查通报"}), 201)["tracking_code"]
    assert ok(world.public.get(f"/v1/objection-status/{code}"))["classification"] == "formal"
    with world.past_the_service() as session:
        original = session.execute(select(ObjectionOriginal)).scalar_one()
        found = (original.name, original.contact, original.facts, original.evidence)
        version = session.execute(text("SELECT version FROM objections")).scalar_one()
    assert found == (OBJECTION["name"], OBJECTION["contact"], OBJECTION["facts"], "样例：抽查通报")
    assert version == 1


def test_many_at_once_share_their_commits_and_each_has_its_entry(world: World, path: str) -> None:
    commits: list[Any] = []

    def note(connection: Any) -> None:
        commits.append(connection)

    before = chain(world)["entries"]

    def post() -> Any:
        return world.public.post(path, OBJECTION)

    event.listen(Engine, "commit", note)
    try:
        with at_once(world, [post] * 12) as posted:
            codes = {ok(one.result(), 201)["tracking_code"] for one in posted}
    finally:
        event.remove(Engine, "commit", note)
    assert len(codes) == 12 and len(commits) <= 2
    after = chain(world)
    assert (after["intact"], after["entries"]) == (True, before + 12)
    assert {item["subject_id"] for item in entries(world)} == {item["id"] for item in objections(world)}


def test_the_same_key_at_once_is_one_objection_and_its_code_is_told_once(world: World, path: str) -> None:
    def post() -> Any:
        return world.public.post(path, OBJECTION, headers={"Idempotency-Key": "objection-1"})

    with at_once(world, [post] * 6) as posted:
        answers = [one.result() for one in posted]
    codes = [ok(answer, 201)["tracking_code"] for answer in answers]
    assert len([code for code in codes if code]) == 1 and codes.count(None) == 5
    assert [answer.headers.get("idempotency-replayed") for answer in answers].count("true") == 5
    assert len(objections(world)) == len(entries(world)) == 1
    again = post()
    assert ok(again, 201)["tracking_code"] is None
    assert again.headers["idempotency-replayed"] == "true" and again.headers["content-type"] == "application/json"


def test_a_key_belongs_to_one_request(world: World, path: str) -> None:
    key = {"Idempotency-Key": "objection-1"}
    ok(world.public.post(path, OBJECTION, headers=key), 201)
    other = world.public.post(path, OBJECTION | {"facts": "样例：另一事实。"}, headers=key)
    refused(other, 409, "idempotency_key_reused")
    refused(world.public.post(path, OBJECTION, headers={"Idempotency-Key": "short"}), 422, "invalid")
    assert len(objections(world)) == 1


def test_who_is_refused_spoils_nothing_for_the_others(world: World, path: str) -> None:
    key = {"Idempotency-Key": "objection-1"}
    elsewhere = f"/v1/candidates/{NOBODY}/objections"
    posts = [
        lambda: world.public.post(path, OBJECTION),
        lambda: world.public.post(elsewhere, OBJECTION, headers=key),
        lambda: world.public.post(path, OBJECTION),
    ]
    with at_once(world, posts) as posted:
        taken, nowhere, other = (one.result() for one in posted)
    assert ok(taken, 201) and ok(other, 201)
    refused(nowhere, 404, "not_found")
    refused(world.public.post(elsewhere, OBJECTION, headers=key), 404)
    assert len(objections(world)) == len(entries(world)) == 2


def test_one_that_cannot_be_written_spoils_nothing_for_the_others(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever shares a transaction with it, and whatever its place there: one of them has a code that is given already.
    ok(world.public.post(path, OBJECTION), 201)
    with world.past_the_service() as session:
        given = session.execute(text("SELECT tracking_hash FROM objections")).scalar_one()
    doubled = "样例：其代码与在先者相同。"
    real = incoming.taken

    def taken(candidate: Any, period: Any, voice: incoming.Voice, **more: Any) -> incoming.Taken:
        made = real(candidate, period, voice, **more)
        return replace(made, row={**made.row, "tracking_hash": given}) if voice.facts == doubled else made

    monkeypatch.setattr(take_objections_together, "taken", taken)
    posts = [OBJECTION, OBJECTION, OBJECTION | {"facts": doubled}, OBJECTION]
    with at_once(world, [partial(world.public.post, path, body) for body in posts]) as posted:
        answers = [one.result() for one in posted]
    assert [answer.status_code for answer in answers] == [201, 201, 409, 201]
    assert len(objections(world)) == len(entries(world)) == 4
    assert chain(world)["intact"] is True


def test_a_commit_that_fails_acknowledges_none_of_them(world: World, path: str) -> None:
    def fail(_session: Session) -> None:
        raise OSError("the disk is full")

    key = {"Idempotency-Key": "objection-1"}
    event.listen(Session, "before_commit", fail)
    try:
        with at_once(world, [lambda: world.public.post(path, OBJECTION, headers=key)] * 3) as posted:
            for one in posted:
                refused(one.result(), 500, "internal_error")
    finally:
        event.remove(Session, "before_commit", fail)
    assert objections(world) == entries(world) == []
    assert ok(world.public.post(path, OBJECTION, headers=key), 201)["tracking_code"]


def test_without_the_chains_end_nothing_is_taken(world: World, path: str) -> None:
    with world.past_the_service() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_head_rows_stay"))
        session.execute(text("DELETE FROM audit_head"))
        session.commit()
    refused(world.public.post(path, OBJECTION), 500, "internal_error")
    assert objections(world) == []
