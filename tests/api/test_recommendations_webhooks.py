"""Webhooks by the Standard Webhooks specification: told in order, signed, tried again, given up at last (Art. 3).

What is received is verified by the specification's own library, on a real server.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
import structlog
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

import app.kernel.webhook_sender as adapter
from app.cli import main
from app.commands.deliver_webhooks import Deliverer
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.services.recommendations.deliver_webhooks import BACKOFF
from app.store.database import Database
from app.web.observability import configure_logging
from sandbox.stages.integration import Asked, asked, batch, changes, declined
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.receiver import Received, Receiver, receiver

PATH = "/v1/webhooks"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_allow_private": True})


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def queue(world: World) -> list[Asked]:
    """Three requests of 2024; from then on it is today, as the verifier reads the machine's clock."""
    round_id = open_round(world)
    waiting = [asked(world, round_id) for _ in range(3)]
    now = datetime.now(UTC)
    world.clock.forward(seconds=(now - world.clock.now()).total_seconds())
    return waiting


def subscribe(world: World, url: str, *, after: int | None = 0, unit: str = "wenwuba") -> dict[str, Any]:
    made = world.by(f"unit-{unit}").post(PATH, {"url": url, "after": after})
    return ok(made, 201)  # type: ignore[no-any-return]


def shown(world: World, made: dict[str, Any]) -> dict[str, Any]:
    items = ok(world.by("unit-wenwuba").get(PATH))["items"]
    return next(item for item in items if item["id"] == made["id"])


def deliver(world: World, settings: Settings, *, at_once: int = 1) -> int:
    """One pass of the command, or several beside each other; how many messages were taken."""

    async def passes() -> int:
        taken: list[int] = []

        async def one() -> None:
            database = Database(settings.database_url, pool_size=4, seals=Keyring.of(settings))
            try:
                taken.append(await Deliverer(database, settings, world.clock).deliver_waiting())
            finally:
                await database.close()

        async with anyio.create_task_group() as group:
            for _ in range(at_once):
                group.start_soon(one)
        return sum(taken)

    return anyio.run(passes)


def verified(request: Received, secret: str) -> dict[str, Any]:
    return Verifier(secret).verify(request.body, request.headers)  # type: ignore[no-any-return]


def test_each_change_is_told_in_order_signed_and_by_id_only(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    assert deliver(world, settings) == 3
    told = [verified(request, made["secret"]) for request in endpoint.requests]
    feed = changes(world)["items"]
    assert told == [
        {
            "type": item["type"],
            "timestamp": item["changed_at"],
            "data": {"recommendation_id": item["recommendation_id"], "position": item["position"]},
        }
        for item in feed
    ]
    assert [item["data"]["recommendation_id"] for item in told] == [item.id for item in queue]
    assert {request.path for request in endpoint.requests} == {"/changes?of=award"}
    assert len({request.headers["webhook-id"] for request in endpoint.requests}) == 3
    assert endpoint.requests[0].headers["content-type"] == "application/json"
    traces = [request.headers["traceparent"].split("-") for request in endpoint.requests]
    assert {(trace[0], len(trace[1]), len(trace[2]), trace[3]) for trace in traces} == {("00", 32, 16, "01")}
    assert shown(world, made)["delivered_position"] == feed[-1]["position"]


def test_a_message_goes_on_the_trace_of_the_act_that_it_tells_of(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    subscribe(world, endpoint.url)
    assert deliver(world, settings) == 3
    begun = [request.headers["traceparent"].split("-") for request in endpoint.requests]
    # Three requests without a trace: each has begun one.
    assert len({trace[1] for trace in begun}) == 3
    trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    unit = world.by("unit-wenwuba")
    body = {"items": [declined(queue[0]), declined(queue[1])]}
    answer = unit.post("/v1/recommendation-batches", body, headers={"traceparent": f"00-{trace}-{span}-01"})
    ok(answer)
    endpoint.answers = [500]
    configure_logging("INFO")
    with structlog.testing.capture_logs() as lines:
        assert deliver(world, settings) == 0
        world.clock.forward(seconds=BACKOFF[0].total_seconds())
        assert deliver(world, settings) == 2
    configure_logging(settings.log_level)
    told = [request.headers["traceparent"].split("-") for request in endpoint.requests[3:]]
    # Two messages of one act, one of them twice: three spans of its trace, none of them the caller's.
    assert {(item[0], item[1], item[3]) for item in told} == {("00", trace, "01")}
    assert len({item[2] for item in told} - {span}) == len(told) == 3
    assert [line["trace_id"] for line in lines if line["event"] == "webhook"] == [trace] * 3


def test_what_was_altered_or_signed_by_another_is_not_verified(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    deliver(world, settings)
    first, second = endpoint.requests[:2]
    with pytest.raises(WebhookVerificationError):
        Verifier(made["secret"]).verify(second.body, first.headers)
    with pytest.raises(WebhookVerificationError):
        verified(first, "whsec_c2FtcGxlLXNlY3JldC1vZi1hbm90aGVyLWVuZHBvaW50")


def test_nothing_is_told_twice_and_what_comes_is_told_next(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    assert (deliver(world, settings), deliver(world, settings)) == (3, 0)
    ok(batch(world, declined(queue[0])))
    assert deliver(world, settings) == 1
    assert verified(endpoint.requests[-1], made["secret"])["type"] == "recommendation.declined"


def test_a_new_endpoint_is_told_what_comes_from_now_on(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    head = changes(world)["next_after"]
    subscribe(world, endpoint.url, after=None)
    assert deliver(world, settings) == 0
    ok(batch(world, declined(queue[0])))
    assert deliver(world, settings) == 1
    unknown = {"url": endpoint.url, "after": head + 2}
    refused(world.by("unit-wenwuba").post(PATH, unknown), 422, "invalid")


def test_a_unit_is_told_nothing_of_another(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    subscribe(world, endpoint.url, unit="junmenling")
    assert deliver(world, settings) == 0
    assert endpoint.requests == []


@pytest.mark.slow
@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_a_message_that_is_not_taken_is_tried_again_later_with_its_id(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked], status: int
) -> None:
    made = subscribe(world, endpoint.url)
    endpoint.answers = [status]
    assert deliver(world, settings) == 0
    assert len(endpoint.requests) == 1, "in order: what follows waits; a redirect is not followed"
    waiting = shown(world, made)
    assert (waiting["failures"], waiting["last_error"]) == (1, f"status_{status}")
    assert deliver(world, settings) == 0
    world.clock.forward(seconds=BACKOFF[0].total_seconds())
    assert deliver(world, settings) == 3
    assert endpoint.requests[0].headers["webhook-id"] == endpoint.requests[1].headers["webhook-id"]
    assert endpoint.requests[0].body == endpoint.requests[1].body
    after = shown(world, made)
    assert (after["failures"], after["last_error"], after["next_attempt_at"]) == (0, None, None)


@pytest.mark.slow
def test_after_ten_failures_in_a_row_an_endpoint_is_deactivated_and_can_be_activated_again(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    endpoint.answers = [500] * 10
    for number, wait in enumerate(BACKOFF, 1):
        deliver(world, settings)
        assert (shown(world, made)["failures"], shown(world, made)["deactivated_at"]) == (number, None)
        world.clock.forward(seconds=wait.total_seconds() - 1)
        assert deliver(world, settings) == 0 and len(endpoint.requests) == number
        world.clock.forward(seconds=1)
    deliver(world, settings)
    deactivated = shown(world, made)
    assert (deactivated["failures"], deactivated["deactivated_reason"]) == (10, "failures")
    world.clock.forward(days=30)
    assert deliver(world, settings) == 0 and len(endpoint.requests) == 10
    active = ok(world.by("unit-wenwuba").post(f"{PATH}/{made['id']}/activation"))
    assert (active["failures"], active["deactivated_at"], active["delivered_position"]) == (0, None, 0)
    assert deliver(world, settings) == 3


def test_an_endpoint_that_is_gone_is_told_no_more(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    endpoint.answers = [410]
    deliver(world, settings)
    assert shown(world, made)["deactivated_reason"] == "gone"


def test_an_endpoint_that_does_not_answer_is_left_waiting(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_SECONDS", 0.3)
    made = subscribe(world, endpoint.url)
    endpoint.delay = 1.5
    deliver(world, settings)
    assert shown(world, made)["last_error"] == "timeout"


def test_an_endpoint_that_fails_does_not_hold_up_another(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    with receiver() as down:
        url = down.url
    broken, sound = subscribe(world, url), subscribe(world, endpoint.url)
    assert deliver(world, settings) == 3
    assert shown(world, broken)["last_error"] == "connection"
    assert shown(world, sound)["failures"] == 0


def test_two_deliverers_beside_each_other_tell_each_message_once(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    endpoint.delay = 0.2
    assert deliver(world, settings, at_once=3) == 3
    assert [verified(request, made["secret"])["data"]["recommendation_id"] for request in endpoint.requests] == [
        item.id for item in queue
    ]


def test_after_a_rotation_both_secrets_verify_for_a_day(
    world: World, settings: Settings, endpoint: Receiver, queue: list[Asked]
) -> None:
    made = subscribe(world, endpoint.url)
    rotated = ok(world.by("unit-wenwuba").post(f"{PATH}/{made['id']}/secret-rotation"))
    assert rotated["secret"] != made["secret"] and rotated["previous_secret_until"]
    deliver(world, settings)
    for secret in (made["secret"], rotated["secret"]):
        assert verified(endpoint.requests[0], secret)["type"] == "recommendation.requested"
    world.clock.forward(hours=24)
    ok(batch(world, declined(queue[0])))
    deliver(world, settings)
    last = endpoint.requests[-1]
    assert len(last.headers["webhook-signature"].split(" ")) == 1


def test_the_command_delivers_what_waits(
    world: World,
    settings: Settings,
    endpoint: Receiver,
    queue: list[Asked],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = subscribe(world, endpoint.url)
    monkeypatch.setenv("AWARD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("AWARD_KEYS_FILE", str(settings.keys_file))
    monkeypatch.setenv("AWARD_FILES_URL", settings.files_url)
    monkeypatch.setenv("AWARD_WEBHOOK_ALLOW_PRIVATE", "true")
    assert main(["deliver-webhooks", "--once"]) == 0
    assert [verified(request, made["secret"])["data"]["recommendation_id"] for request in endpoint.requests] == [
        item.id for item in queue
    ]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["error"] for line in lines if line["event"] == "webhook"] == [None] * 3
    assert made["secret"] not in json.dumps(lines) and endpoint.url not in json.dumps(lines)
