"""Whoever guesses waits, and nobody else does: by login and origin, with delays that grow, and all of it on record."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from app.kernel.guessing import WIDER
from app.kernel.origins import network_of
from app.kernel.security import passwords
from sandbox.seed import PASSWORD
from sandbox.world import World, ok
from tests.support import queries
from tests.support.origins import coming_from
from tests.support.problems import refused
from tests.support.refusals import recorded

WRONG = "wrong password!"
# As the settings have it.
LIMIT = 10


def sign_in(world: World, login: str = "government", password: str = PASSWORD) -> Any:
    form = {"grant_type": "password", "username": login, "password": password}
    return world.client.post("/v1/tokens", data=form)


def test_wrong_guesses_from_one_origin_shut_no_other(world: World) -> None:
    attacker, stranger = coming_from(world, "203.0.113.66"), coming_from(world, "203.0.113.7")
    ok(sign_in(world))
    for _ in range(LIMIT):
        refused(sign_in(attacker, password=WRONG), 400, "invalid_grant")
    for _ in range(5):
        refused(sign_in(attacker), 429, "too_many_requests")
    ok(sign_in(world))
    # Nor one who comes from somewhere new.
    ok(sign_in(stranger))


def test_who_guesses_from_many_origins_shuts_out_strangers_and_not_who_was_there_before(world: World) -> None:
    ok(sign_in(world))
    tried = 0
    for number in range(WIDER):
        attacker = coming_from(world, f"203.0.113.{number}")
        for _ in range(LIMIT):
            refused(sign_in(attacker, password=WRONG), 400, "invalid_grant")
            tried += 1
    assert tried == LIMIT * WIDER
    refused(sign_in(coming_from(world, "203.0.113.200"), password=WRONG), 429, "too_many_requests")
    ok(sign_in(world))
    # Another login is not concerned.
    ok(sign_in(coming_from(world, "203.0.113.200"), "office"))


def test_one_origin_that_tries_many_logins_comes_to_an_end(world: World) -> None:
    ok(sign_in(world))
    attacker = coming_from(world, "203.0.113.66")
    for number in range(LIMIT * WIDER):
        refused(sign_in(attacker, f"invented-{number}", WRONG), 400, "invalid_grant")
    refused(sign_in(attacker, "another", WRONG), 429, "too_many_requests")
    ok(sign_in(world))
    ok(sign_in(coming_from(world, "203.0.113.7"), "office"))


def test_an_origin_is_the_network_of_an_ipv6_address(world: World) -> None:
    for number in range(LIMIT):
        refused(sign_in(coming_from(world, f"2001:db8::{number:x}"), password=WRONG), 400)
    refused(sign_in(coming_from(world, "2001:db8::ffff")), 429)
    ok(sign_in(coming_from(world, "2001:db8:0:1::1")))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        ("x" * 100, "x" * 64),
        (None, ""),
    ],
)
def test_a_network_of_each_kind_of_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_each_wrong_guess_at_an_open_door_shuts_it_for_twice_as_long_up_to_a_quarter_of_an_hour(world: World) -> None:
    attacker = coming_from(world, "203.0.113.66")
    for _ in range(LIMIT):
        refused(sign_in(attacker, password=WRONG), 400)
    for seconds in (60, 120, 240, 480, 900, 900):
        answer = sign_in(attacker)
        refused(answer, 429, "too_many_requests")
        assert answer.headers["retry-after"] == str(seconds)
        world.clock.forward(seconds=seconds - 1, milliseconds=1)
        answer = sign_in(attacker)
        refused(answer, 429)
        assert answer.headers["retry-after"] == "1"
        world.clock.forward(milliseconds=999)
        refused(sign_in(attacker, password=WRONG), 400)
    # To be refused counts for nothing: the door opens when it was to open.
    world.clock.forward(seconds=900)
    ok(sign_in(attacker))
    for _ in range(LIMIT - 1):
        refused(sign_in(attacker, password=WRONG), 400)
    ok(sign_in(attacker))


def test_guesses_are_forgotten_an_hour_after_the_last(world: World) -> None:
    attacker = coming_from(world, "203.0.113.66")
    for _ in range(LIMIT - 1):
        refused(sign_in(attacker, password=WRONG), 400)
    world.clock.forward(minutes=59, seconds=59)
    refused(sign_in(attacker, password=WRONG), 400)
    refused(sign_in(attacker), 429)
    world.clock.forward(hours=1)
    for _ in range(LIMIT):
        refused(sign_in(attacker, password=WRONG), 400)
    refused(sign_in(attacker), 429)


def test_a_login_that_there_is_none_of_costs_and_tells_the_same(world: World) -> None:
    attacker = coming_from(world, "203.0.113.66")
    told, cost = [], []
    for login in ("government", "nobody-at-all", "payment_platform"):
        refused(sign_in(attacker, login, WRONG), 400)
        with queries.counted(world) as statements:
            answer = sign_in(attacker, login, WRONG)
        body = refused(answer, 400, "invalid_grant")
        told.append({name: value for name, value in body.items() if name != "request_id"})
        cost.append([statement.split()[0] for statement in statements])
    assert told[0] == told[1] == told[2]
    assert cost[0] == cost[1] == cost[2]


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], threading.Event]]:
    """Wrong secrets are looked at for as long as the test likes: which have begun to be, and what lets them go on."""
    begun: list[str] = []
    gate = threading.Event()
    real = passwords._verify

    def slow(secret: str, hashed: str | None) -> bool:
        if secret == WRONG:
            begun.append(secret)
            gate.wait(60)
        return real(secret, hashed)

    monkeypatch.setattr(passwords, "_verify", slow)
    try:
        yield begun, gate
    finally:
        gate.set()


def at_once(count: int, call: Callable[[int], Any], so_many_answered: int, gate: threading.Event) -> list[Any]:
    """Calls at the same time: those that are answered before the gate opens, then the others."""
    answered = threading.Semaphore(0)

    def one(number: int) -> Any:
        answer = call(number)
        answered.release()
        return answer

    with ThreadPoolExecutor(count) as pool:
        calls = [pool.submit(one, number) for number in range(count)]
        for _ in range(so_many_answered):
            assert answered.acquire(timeout=60)
        gate.set()
        return [item.result() for item in calls]


def test_eighty_invented_logins_at_once_make_no_honest_sign_in_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok(sign_in(world))
    attacker = coming_from(world, "203.0.113.66")
    with held_up(monkeypatch) as (begun, gate), ThreadPoolExecutor(80) as pool:
        calls = [pool.submit(sign_in, attacker, f"invented-{number}", WRONG) for number in range(80)]
        refused_at_once = 80 - passwords.OF_ONE
        while sum(item.done() for item in calls) < refused_at_once:
            gate.wait(0.01)
        # While one of them is looked at, and the others wait for it.
        ok(sign_in(world))
        assert len(begun) == 1
        gate.set()
        answers = [item.result() for item in calls]
    assert sorted(answer.status_code for answer in answers) == [400] * passwords.OF_ONE + [429] * refused_at_once
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 429} == {"2"}


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok(sign_in(world))
    strangers = [coming_from(world, f"203.0.113.{number}") for number in range(passwords.OF_STRANGERS + 10)]
    with held_up(monkeypatch) as (_begun, gate):
        answers = at_once(
            len(strangers), lambda number: sign_in(strangers[number], f"invented-{number}", WRONG), 10, gate
        )
    full = [answer for answer in answers if answer.status_code != 400]
    assert len(full) == 10
    for answer in full:
        refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"
    # What was not looked at did not count.
    ok(sign_in(strangers[0]))


def test_wrong_guesses_and_locks_are_on_record_with_login_and_origin(world: World) -> None:
    attacker = coming_from(world, "203.0.113.66")
    for _ in range(LIMIT):
        refused(sign_in(attacker, password=WRONG), 400)
    for _ in range(3):
        refused(sign_in(attacker, password=WRONG), 429)
    shut, wrong = recorded(world, "sign_in")
    account = world.id("account:government")
    assert (wrong["details"]["why"], wrong["details"]["count"]) == ("wrong_secret", LIMIT)
    assert (shut["details"]["why"], shut["details"]["count"]) == ("not_looked_at", 3)
    for entry in (shut, wrong):
        assert (entry["origin"], entry["subject_id"], entry["actor_id"]) == ("203.0.113.66", account, None)
        assert entry["details"]["login"] == "government"
    (lock,) = recorded(world, "lock_sign_in")
    assert (lock["origin"], lock["subject_id"]) == ("203.0.113.66", account)
    assert lock["details"] == {"login": "government", "seconds": 60, "count": 1}
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_a_login_that_there_is_none_of_is_on_record_without_what_was_typed(world: World) -> None:
    attacker = coming_from(world, "203.0.113.66")
    refused(sign_in(attacker, "my secret password", WRONG), 400)
    (entry,) = recorded(world, "sign_in")
    assert (entry["origin"], entry["subject_id"], entry["details"]["login"]) == ("203.0.113.66", None, None)
    assert "secret password" not in str(entry)


def test_a_sign_in_is_on_record_with_origin_and_session(world: World) -> None:
    elsewhere = coming_from(world, "203.0.113.7")
    given = ok(sign_in(elsewhere))
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    (session,) = ok(elsewhere.client.get("/v1/me/sessions", headers=headers))["items"]
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=sign_in"))["items"]
    assert (entry["origin"], entry["session_id"], entry["outcome"]) == ("203.0.113.7", session["id"], "done")
    # An act that is done in it as well; the public's has neither.
    unit = {"name": "样例乡", "kind": "township", "area": "样例"}
    ok(world.office.post("/v1/recommending-units", unit), 201)
    entry = ok(world.auditor.get("/v1/audit-entries"))["items"][0]
    assert entry["origin"] == "127.0.0.1" and entry["session_id"] and entry["outcome"] == "done"
