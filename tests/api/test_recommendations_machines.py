"""A unit's own system signs in by client credentials and is limited to its unit (Art. 3)."""

from typing import Any

import pytest

from sandbox.stages.integration import asked, declined
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def machine(world: World, unit: str = "wenwuba", **changes: Any) -> dict[str, Any]:
    """The office makes a machine account of a unit; answers it with its secret."""
    body = {
        "login": f"machine.{unit}",
        "role": "recommending_unit",
        "display_name": "样例接口账号",
        "kind": "machine",
        "unit_id": world.id(f"unit:{unit}"),
        **changes,
    }
    return ok(world.office.post("/v1/accounts", body), 201)  # type: ignore[no-any-return]


def sign_in(world: World, login: str, secret: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": login, "client_secret": secret}
    return world.client.post("/v1/tokens", data=form)


def bearer(world: World, made: dict[str, Any]) -> dict[str, str]:
    token = ok(sign_in(world, made["login"], made["client_secret"]))["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_machine_works_through_its_units_queue(world: World) -> None:
    round_id = open_round(world)
    own = asked(world, round_id)
    headers = bearer(world, machine(world))
    get, post = world.client.get, world.client.post
    changes = ok(get("/v1/recommendation-changes", headers=headers))
    assert [item["recommendation_id"] for item in changes["items"]] == [own.id]
    assert ok(get(f"/v1/applications/{own.application_id}", headers=headers))["id"] == own.application_id
    ok(post("/v1/recommendation-batches", json={"items": [declined(own)]}, headers=headers))
    assert ok(get(f"/v1/recommendations/{own.id}", headers=headers))["state"] == "declined"


def test_it_sees_and_answers_nothing_of_another_unit(world: World) -> None:
    round_id = open_round(world)
    others = asked(world, round_id, unit="junmenling", area="筠门岭镇")
    headers = bearer(world, machine(world))
    get, post = world.client.get, world.client.post
    assert ok(get("/v1/recommendation-changes", headers=headers))["items"] == []
    assert ok(get("/v1/recommendations", headers=headers))["items"] == []
    refused(get(f"/v1/recommendations/{others.id}", headers=headers), 404)
    refused(get(f"/v1/applications/{others.application_id}", headers=headers), 404)
    refused(post(f"/v1/recommendations/{others.id}/decline", json={"reason": "样例"}, headers=headers), 404)
    refused(
        post("/v1/recommendation-batches", json={"items": [declined(others)]}, headers=headers), 422, "batch_refused"
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/rounds"),
        ("POST", "/v1/applications"),
        ("GET", "/v1/disbursement-feed"),
        ("GET", "/v1/accounts"),
        ("POST", "/v1/accounts"),
        ("GET", "/v1/consultations"),
    ],
)
def test_it_has_its_role_and_no_other(world: World, method: str, path: str) -> None:
    headers = bearer(world, machine(world))
    body: dict[str, Any] | None = None if method == "GET" else {}
    refused(world.client.request(method, path, headers=headers, json=body), 403, "forbidden")


def test_it_gets_no_refresh_token_and_cannot_sign_in_as_a_person(world: World) -> None:
    made = machine(world)
    assert "refresh_token" not in ok(sign_in(world, made["login"], made["client_secret"]))
    form = {"grant_type": "password", "username": made["login"], "password": made["client_secret"]}
    refused(world.client.post("/v1/tokens", data=form), 400, "invalid_grant")
    refused(sign_in(world, made["login"], "x" * 43), 401, "invalid_client")
    refused(sign_in(world, "unit-wenwuba", "correct horse battery"), 401, "invalid_client")


def test_a_deactivated_machine_stops_at_once(world: World) -> None:
    made = machine(world)
    headers = bearer(world, made)
    ok(world.client.get("/v1/recommendations", headers=headers))
    ok(world.office.post(f"/v1/accounts/{made['id']}/deactivation", {"reason": "样例：密钥外泄"}))
    refused(world.client.get("/v1/recommendations", headers=headers), 401, "invalid_token")
    refused(sign_in(world, made["login"], made["client_secret"]), 401, "invalid_client")


def test_its_token_ends_with_its_hour(world: World) -> None:
    headers = bearer(world, machine(world))
    world.clock.forward(seconds=3599)
    ok(world.client.get("/v1/recommendations", headers=headers))
    world.clock.forward(seconds=1)
    refused(world.client.get("/v1/recommendations", headers=headers), 401)


def test_a_unit_does_not_make_accounts_for_itself(world: World) -> None:
    body = {
        "login": "machine.own",
        "role": "recommending_unit",
        "display_name": "样例",
        "kind": "machine",
        "unit_id": world.id("unit:wenwuba"),
    }
    refused(world.by("unit-wenwuba").post("/v1/accounts", body), 403, "forbidden")
