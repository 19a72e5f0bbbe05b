"""What the public posts and reads is limited by network; an objection past the limit costs a proof of work, and none is
refused for another's flood (Art. 21). Nothing slow is done while others wait for the writer."""

import base64
import contextlib
import json
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import altcha
import pytest

from app.kernel import apart, counters, file_types, workbooks
from app.kernel.counters import Counters
from app.kernel.origins import network_of
from app.kernel.proof_of_work import LIFETIME
from app.kernel.security import passwords
from app.kernel.throttle import Throttle
from app.store.database import Database, WriteSession
from sandbox.stages.applications import PDF, register_applicant
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.stages.parties import registration
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


@pytest.fixture
def path(world: World) -> str:
    """Where a candidate is objected to."""
    made = in_publicity(world, Contender())
    return f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"


def limited(world: World, **limits: int) -> None:
    """Limits so low that a test reaches them; nothing was counted yet."""
    app: Any = world.client.app
    app.state.throttle = Throttle(app.state.settings.model_copy(update=limits))


def coming_from(world: World, address: str) -> None:
    world.client._transport.coming_from(address)  # type: ignore[attr-defined]


def solved(world: World) -> str:
    told = ok(world.public.get("/v1/proof-challenge"))
    challenge = altcha.Challenge.from_dict(json.loads(base64.b64decode(told["challenge"])))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    proof: str = altcha.Payload(challenge, solution).to_base64()
    return proof


def post(world: World, path: str, proof: str | None = None, **headers: str) -> Any:
    given = {**headers, **({} if proof is None else {"Proof-Of-Work": proof})}
    return world.client.post(path, json=OBJECTION, headers=given)


def test_art21_past_the_limit_an_objection_costs_a_proof_and_each_proof_is_taken_once(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    ok(post(world, path), 201)
    answer = post(world, path)
    assert "/v1/proof-challenge" in refused(answer, 429, "work_required")["detail"]
    assert answer.headers["Retry-After"] == "60"
    proof = solved(world)
    ok(post(world, path, proof), 201)
    refused(post(world, path, proof), 429, "work_required")
    ok(post(world, path, solved(world)), 201)
    assert len(ok(world.office.get("/v1/objections"))["items"]) == 3


def test_art21_a_proof_that_is_not_needed_is_not_taken(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    proof = solved(world)
    ok(post(world, path, proof), 201)
    ok(post(world, path, proof), 201)
    refused(post(world, path, proof), 429, "work_required")


def test_art21_a_proof_ends_in_minutes(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    ok(post(world, path), 201)
    first, second = solved(world), solved(world)
    world.clock.set(world.clock.now() + LIFETIME)
    ok(post(world, path, first), 201)
    world.clock.forward(seconds=1)
    refused(post(world, path, second), 429, "work_required")


def test_art21_what_proves_nothing_is_refused_and_writes_nothing(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    ok(post(world, path), 201)
    told = json.loads(base64.b64decode(solved(world)))
    easier = altcha.create_challenge("SHA-256", 1, key_prefix="00", data={"until": 9e9}, hmac_secret="guessed")
    lasting = json.loads(json.dumps(told))
    lasting["challenge"]["parameters"]["data"]["until"] = 9e9
    unsolved = json.loads(json.dumps(told))
    unsolved["solution"]["counter"] += 1
    own = {"challenge": easier.to_dict(), "solution": {"counter": 0, "derivedKey": "00"}}
    payloads: list[object] = [lasting, unsolved, own, {}, [], {"challenge": {}, "solution": {}}, "x"]
    for wrong in payloads:
        refused(post(world, path, base64.b64encode(json.dumps(wrong).encode()).decode()), 429, "work_required")
    for text in ("x", "====", "AAAA"):
        refused(post(world, path, text), 429, "work_required")
    refused(post(world, path, "A" * 4097), 422, "invalid")
    assert len(ok(world.office.get("/v1/objections"))["items"]) == 1


def test_art21_an_objection_that_was_taken_is_repeated_whatever_the_limit_says(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    made = ok(post(world, path, **{"Idempotency-Key": "objection-1"}), 201)
    refused(post(world, path, **{"Idempotency-Key": "objection-2"}), 429, "work_required")
    again = ok(post(world, path, **{"Idempotency-Key": "objection-1"}), 201)
    assert again == {**made, "tracking_code": None}
    ok(post(world, path, solved(world), **{"Idempotency-Key": "objection-2"}), 201)


def test_art21_one_network_does_not_speak_for_another(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    for address, code in (
        ("2001:db8:1:2::1", 201),
        # The same line of an ordinary household.
        ("2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:3::1", 201),
        ("192.0.2.1", 201),
        ("::ffff:192.0.2.1", 429),
        ("192.0.2.2", 201),
    ):
        coming_from(world, address)
        assert post(world, path).status_code == code, address


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_what_one_origin_is(address: str, origin: str) -> None:
    assert network_of(address) == origin


def test_reads_are_limited_far_away_and_not_for_the_machine_itself(world: World) -> None:
    limited(world, reads_per_minute=3)
    for _ in range(5):
        ok(world.public.get("/v1/awards"))
    coming_from(world, "198.51.100.7")
    for _ in range(3):
        ok(world.public.get("/v1/awards"))
    answer = world.public.get("/v1/awards")
    refused(answer, 429, "too_many_requests")
    # Until the minute is over, and no longer: as in the limit's own header.
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert answer.headers["RateLimit"] == f'"reads";r=0;t={wait}'
    assert answer.headers["RateLimit-Policy"] == '"reads";q=3;w=60'
    # What somebody reads takes nothing from what others of the network may say.
    coming_from(world, "198.51.100.8")
    ok(world.public.get("/v1/rounds"))


def test_workers_count_together_and_in_memory_alone() -> None:
    counters.share()
    try:
        shared = counters.counters()
        assert counters.counters() is shared
        for _ in range(2):
            if (child := os.fork()) == 0:
                for _ in range(50):
                    shared.count("a")
                os._exit(0)
            os.waitpid(child, 0)
        assert (shared.counted("a"), shared.count("a"), shared.counted("b")) == (100, 101, 0)
    finally:
        if counters._shared is not None and counters._shared._lock is not None:
            os.close(counters._shared._lock)
        counters._shared = None
    assert counters.counters() is not counters.counters()


def test_a_minute_later_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = Counters(), 600.0
    monkeypatch.setattr("app.kernel.counters.time.monotonic", lambda: now)
    assert [made.count("a") for _ in range(3)] == [1, 2, 3]
    now = 659.9
    assert made.counted("a") == 3
    now = 660.0
    assert (made.counted("a"), made.count("a")) == (0, 1)


@pytest.fixture
def slow_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int]]]:
    """What slow work was done, and how many write transactions were open meanwhile."""
    seen: list[tuple[str, int]] = []
    now_open = 0
    writing, hashed, looked = Database.writing, passwords._hash, apart.apart

    @contextlib.asynccontextmanager
    async def counted(database: Database) -> AsyncIterator[WriteSession]:
        nonlocal now_open
        now_open += 1
        try:
            async with writing(database) as session:
                yield session
        finally:
            now_open -= 1

    def hashing(secret: str) -> str:
        seen.append(("hash", now_open))
        return hashed(secret)

    async def looking(*given: Any, **named: Any) -> object:
        seen.append(("look", now_open))
        return await looked(*given, **named)

    monkeypatch.setattr(Database, "writing", counted)
    monkeypatch.setattr(passwords, "_hash", hashing)
    for module in (file_types, workbooks):
        monkeypatch.setattr(module, "apart", looking)
    yield seen


def test_nothing_slow_is_done_in_a_write_transaction(world: World, slow_work: list[tuple[str, int]]) -> None:
    ok(world.public.post("/v1/registrations", registration()), 201)
    assert slow_work == [("hash", 0)]
    _, applicant = register_applicant(world)
    application_id = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)["id"]
    slow_work.clear()
    files = f"/v1/applications/{application_id}/attachments"
    ok(applicant.post(files, params={"material": "extra", "filename": "a.pdf"}, content=PDF), 201)
    ok(world.by("unit-wenwuba").post("/v1/stamped-opinions", params={"filename": "a.pdf"}, content=PDF), 201)
    assert slow_work == [("look", 0)] * 2


def test_a_registration_that_is_refused_for_a_flood_costs_no_hash(
    world: World, slow_work: list[tuple[str, int]]
) -> None:
    limited(world, public_posts_per_minute=1)
    ok(world.public.post("/v1/registrations", registration()), 201)
    refused(world.public.post("/v1/registrations", registration()), 429, "too_many_requests")
    assert slow_work == [("hash", 0)]


def test_a_registration_is_tried_dry_and_repeated_by_its_key(world: World) -> None:
    body, headers = registration(), {"Idempotency-Key": "registration-1"}
    dry = world.client.post("/v1/registrations?dry_run=true", json=body, headers=headers)
    assert (dry.status_code, dry.headers["Dry-Run"]) == (201, "true")
    made = ok(world.client.post("/v1/registrations", json=body, headers=headers), 201)
    again = world.client.post("/v1/registrations", json=body, headers=headers)
    assert (ok(again, 201), again.headers["Idempotency-Replayed"]) == (made, "true")
    other = {**registration(), "claim_evidence": "另一份"}
    refused(world.client.post("/v1/registrations", json=other, headers=headers), 409, "idempotency_key_reused")
