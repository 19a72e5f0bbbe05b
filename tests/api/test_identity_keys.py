"""Tokens are ours or they are nothing: keys by `kid`, one algorithm, every claim looked at."""

import base64
import hashlib
import hmac
import json
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwt
from starlette.testclient import TestClient

from app.kernel.security.keys import load_keys, new_key, rotate_keys, write_keys
from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.world import World, ok
from tests.support.problems import refused


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"keys_file": tmp_path / "keys.json"})


def me(world: World, token: str) -> Any:
    return world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def good(world: World) -> str:
    return world.office.headers()["Authorization"].removeprefix("Bearer ")


def encoded(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(token: str, index: int) -> dict[str, Any]:
    part = token.split(".")[index]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def pem(key: dict[str, Any], form: serialization.PublicFormat, encoding: serialization.Encoding) -> bytes:
    """The public half of a key, as a forger has it from the JWKS."""
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "=="), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key().public_bytes(encoding, form)


def signed(settings: Settings, claims: dict[str, Any], **header: Any) -> str:
    """A token with our own key and whatever claims and header."""
    key = load_keys(settings.keys_file)[0]
    return str(jwt.encode(claims, key, algorithm="ES256", headers={"kid": key["kid"], "typ": "at+jwt", **header}))


def test_the_public_keys_are_published_and_nothing_private(world: World) -> None:
    keys = ok(world.public.get("/.well-known/jwks.json"))["keys"]
    assert len(keys) == 1
    assert set(keys[0]) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (keys[0]["kty"], keys[0]["crv"], keys[0]["use"], keys[0]["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert decoded(good(world), 0) == {"alg": "ES256", "typ": "at+jwt", "kid": keys[0]["kid"]}


def test_a_token_verifies_with_the_published_key(world: World, settings: Settings) -> None:
    key = ok(world.public.get("/.well-known/jwks.json"))["keys"][0]
    options = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(good(world), key, algorithms=["ES256"], audience=settings.audience, options=options)
    assert claims["sub"] == world.id("account:office")


@pytest.mark.one_database
def test_the_key_file_is_its_owners_alone(own_keys: Settings) -> None:
    create_app(own_keys)
    assert stat.S_IMODE(own_keys.keys_file.stat().st_mode) == 0o600
    assert [path.name for path in own_keys.keys_file.parent.glob("keys*")] == ["keys.json"]


@pytest.mark.one_database
def test_processes_that_start_at_once_share_one_key(own_keys: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_keys(own_keys.keys_file)[0]["kid"], range(8)))
    assert len(set(found)) == 1
    assert [path.name for path in own_keys.keys_file.parent.glob("keys*")] == ["keys.json"]


@pytest.mark.one_database
def test_old_tokens_verify_until_their_key_is_gone(own_keys: Settings, clock: MovableClock) -> None:
    def world() -> TestClient:
        return TestClient(create_app(own_keys, clock=clock))

    with world() as client:
        old = good(World(client, clock))
    kid = rotate_keys(own_keys.keys_file, now=clock.now())
    with world() as client:
        second = World(client, clock)
        ok(me(second, old))
        assert decoded(good(second), 0)["kid"] == kid != decoded(old, 0)["kid"]
        listed = [key["kid"] for key in ok(second.public.get("/.well-known/jwks.json"))["keys"]]
        assert listed == [kid, decoded(old, 0)["kid"]]
        newer = good(second)
    rotate_keys(own_keys.keys_file, now=clock.now())
    with world() as client:
        third = World(client, clock)
        refused(me(third, old), 401, "invalid_token")
        ok(me(third, newer))
    rotate_keys(own_keys.keys_file, now=clock.now(), keep=1)
    with world() as client:
        refused(me(World(client, clock), newer), 401, "invalid_token")


def kid_of(token: str) -> str:
    return str(decoded(token, 0)["kid"])


def published(world: World) -> list[str]:
    return [key["kid"] for key in ok(world.public.get("/.well-known/jwks.json"))["keys"]]


# Instead of a second, which `test_workers` waits for.
LOOK_AGAIN_SOON = 0.02


def look_again() -> None:
    """Wait until a running process looks at its file of keys again."""
    time.sleep(LOOK_AGAIN_SOON + 0.01)


@pytest.fixture
def running(own_keys: Settings, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("app.kernel.security.keys.LOOK_AGAIN_SECONDS", LOOK_AGAIN_SOON)
    with TestClient(create_app(own_keys, clock=clock), raise_server_exceptions=False) as client:
        yield World(client, clock)


@pytest.mark.one_database
def test_a_key_is_published_before_it_signs_and_no_process_is_restarted(running: World, own_keys: Settings) -> None:
    before = good(running)
    kid = rotate_keys(own_keys.keys_file, now=running.clock.now(), after=600)
    look_again()
    assert published(running) == [kid, kid_of(before)]
    running.clock.forward(seconds=599, milliseconds=999)
    assert kid_of(good(running)) == kid_of(before)
    running.clock.forward(milliseconds=1)
    assert kid_of(good(running)) == kid
    ok(me(running, good(running)))
    ok(me(running, before))


@pytest.mark.one_database
def test_a_token_of_a_process_that_has_the_new_key_already_is_known_at_once(running: World, own_keys: Settings) -> None:
    ok(me(running, good(running)))
    kid = rotate_keys(own_keys.keys_file, now=running.clock.now())
    with TestClient(create_app(own_keys, clock=running.clock)) as client:
        newer = good(World(client, running.clock))
    assert kid_of(newer) == kid
    ok(me(running, newer))


@pytest.mark.one_database
def test_a_key_that_is_dropped_stops_verifying_within_seconds(running: World, own_keys: Settings) -> None:
    before = good(running)
    ok(me(running, before))
    kid = rotate_keys(own_keys.keys_file, now=running.clock.now(), keep=1)
    look_again()
    refused(me(running, before), 401, "invalid_token")
    assert published(running) == [kid]
    ok(me(running, good(running)))


@pytest.mark.one_database
def test_the_key_that_signs_stays_however_often_new_ones_are_made(running: World, own_keys: Settings) -> None:
    before = good(running)
    for _ in range(3):
        rotate_keys(own_keys.keys_file, now=running.clock.now(), after=600)
    look_again()
    assert kid_of(before) in published(running)
    assert kid_of(good(running)) == kid_of(before)
    assert len(published(running)) == 3


BROKEN: dict[str, Any] = {
    "nothing": "",
    "no JSON": "{",
    "no keys": {"keys": []},
    "no list": {"keys": {}},
    "a list": [],
    "a key that is none": {"keys": [1]},
    "no kid": {"keys": [{name: value for name, value in new_key().items() if name != "kid"}]},
    "the public half": {"keys": [{name: value for name, value in new_key().items() if name != "d"}]},
    "another curve": {"keys": [new_key() | {"crv": "P-384"}]},
    "no point": {"keys": [new_key() | {"x": "!"}]},
    "a beginning that is none": {"keys": [new_key() | {"signs_from": "soon"}]},
    "one kid twice": {"keys": [new_key() | {"kid": "a"}, new_key() | {"kid": "a"}]},
}


@pytest.mark.one_database
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_stops_no_running_process_and_starts_none(running: World, own_keys: Settings, what: str) -> None:
    before = good(running)
    content = BROKEN[what]
    own_keys.keys_file.write_text(content if isinstance(content, str) else json.dumps(content))
    look_again()
    ok(me(running, before))
    ok(me(running, good(running)))
    with pytest.raises(ValueError):
        create_app(own_keys)
    own_keys.keys_file.unlink()
    look_again()
    ok(me(running, before))
    write_keys(own_keys.keys_file, [new_key()])
    look_again()
    refused(me(running, before), 401, "invalid_token")
    ok(me(running, good(running)))


Forgery = Callable[[World, Settings], str]


def _alg_none(world: World, settings: Settings) -> str:
    token = good(world)
    return f"{encoded({**decoded(token, 0), 'alg': 'none'})}.{token.split('.')[1]}."


def _hmac_with(form: serialization.PublicFormat, encoding: serialization.Encoding) -> Forgery:
    def forge(world: World, settings: Settings) -> str:
        token = good(world)
        content = f"{encoded({**decoded(token, 0), 'alg': 'HS256'})}.{token.split('.')[1]}"
        key = pem(load_keys(settings.keys_file)[0], form, encoding)
        return f"{content}.{encoded(hmac.new(key, content.encode(), hashlib.sha256).digest())}"

    return forge


def _other_subject(world: World, settings: Settings) -> str:
    header, _, signature = good(world).split(".")
    claims = {**decoded(good(world), 1), "sub": world.id("account:government")}
    return f"{header}.{encoded(claims)}.{signature}"


def _foreign_key(kid: str | None) -> Forgery:
    def forge(world: World, settings: Settings) -> str:
        key = new_key()
        ours = load_keys(settings.keys_file)[0]["kid"]
        header = {"kid": ours if kid == "ours" else kid or key["kid"], "typ": "at+jwt"}
        return str(jwt.encode(decoded(good(world), 1), key, algorithm="ES256", headers=header))

    return forge


def _key_in_the_header(world: World, settings: Settings) -> str:
    key = new_key()
    public = {name: key[name] for name in ("kty", "crv", "x", "y")}
    header = {"kid": key["kid"], "typ": "at+jwt", "jwk": public}
    return str(jwt.encode(decoded(good(world), 1), key, algorithm="ES256", headers=header))


def _without(name: str) -> Forgery:
    return lambda world, settings: signed(
        settings, {key: value for key, value in decoded(good(world), 1).items() if key != name}
    )


def _with(**changes: Any) -> Forgery:
    return lambda world, settings: signed(settings, {**decoded(good(world), 1), **changes})


def _header(**changes: Any) -> Forgery:
    return lambda world, settings: signed(settings, decoded(good(world), 1), **changes)


def _cut(world: World, settings: Settings) -> str:
    return good(world)[:-2]


FORGERIES: dict[str, Forgery] = {
    "alg none": _alg_none,
    "HS256 with the public key as PEM": _hmac_with(
        serialization.PublicFormat.SubjectPublicKeyInfo, serialization.Encoding.PEM
    ),
    "HS256 with the public key as DER": _hmac_with(
        serialization.PublicFormat.SubjectPublicKeyInfo, serialization.Encoding.DER
    ),
    "HS256 with the public point": _hmac_with(
        serialization.PublicFormat.UncompressedPoint, serialization.Encoding.X962
    ),
    "another subject under the same signature": _other_subject,
    "a key of the forger's": _foreign_key(None),
    "a key of the forger's under our kid": _foreign_key("ours"),
    "a key of the forger's under a path": _foreign_key("../../keys.json"),
    "a key that the token brings along": _key_in_the_header,
    "a signature cut short": _cut,
    "wrong audience": _with(aud="another-service"),
    "two audiences": _with(aud=["huichang-quality-award", "another-service"]),
    "wrong issuer": _with(iss="https://example.org"),
    "no audience": _without("aud"),
    "no issuer": _without("iss"),
    "no end": _without("exp"),
    "no beginning": _without("iat"),
    "no id": _without("jti"),
    "no subject": _without("sub"),
    "an id that is none": _with(jti="1"),
    "a subject that is none": _with(sub="office"),
    "a subject that nobody knows": _with(sub=str(uuid4())),
    "an end that is no number": _with(exp="tomorrow"),
    "an end that is true": _with(exp=True),
    "an end beyond time": _with(exp=1e300),
    "a beginning in the future": lambda world, settings: signed(
        settings, {**decoded(good(world), 1), "iat": (world.clock.now() + timedelta(seconds=6)).timestamp()}
    ),
    "an end that has come": lambda world, settings: signed(
        settings, {**decoded(good(world), 1), "exp": world.clock.now().timestamp()}
    ),
    "a later beginning": lambda world, settings: signed(
        settings, {**decoded(good(world), 1), "nbf": (world.clock.now() + timedelta(seconds=6)).timestamp()}
    ),
    "a later beginning that is no number": _with(nbf="now"),
    "something critical that nobody knows": _header(crit=["exp"]),
    "something critical that is nothing": _header(crit=[]),
    "another type of token": _header(typ="JWT"),
    "no type of token": _header(typ=None),
    "no kid": _header(kid=None),
    "a kid that is a list": _header(kid=["a"]),
    "nothing like a token": lambda world, settings: "a.b.c",
    "one part": lambda world, settings: "token",
    "many parts": lambda world, settings: "." * 50,
    "a header that is a list": lambda world, settings: f"{encoded([])}.{good(world).split('.', 1)[1]}",
    "claims that are a list": lambda world, settings: f"{good(world).split('.')[0]}.{encoded([])}.{encoded(b'x' * 64)}",
}


@pytest.mark.one_database
@pytest.mark.parametrize("what", FORGERIES)
def test_a_token_that_is_not_ours_or_not_in_order_is_refused(world: World, settings: Settings, what: str) -> None:
    ok(me(world, good(world)))
    refused(me(world, FORGERIES[what](world, settings)), 401, "invalid_token")


@pytest.mark.one_database
@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic b2ZmaWNlOng=", "token", f"Bearer {'x' * 5000}"])
def test_a_header_that_is_no_bearer_token_is_refused(world: World, header: str) -> None:
    answer = world.client.get("/v1/me", headers={"Authorization": header})
    refused(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_wrong_token_is_refused_where_none_is_needed(world: World) -> None:
    refused(world.client.get("/v1/rounds", headers={"Authorization": "Bearer a.b.c"}), 401, "invalid_token")


def test_a_token_with_a_beginning_is_taken_from_then_on(world: World, settings: Settings) -> None:
    begins = world.clock.now() + timedelta(seconds=60)
    token = signed(settings, {**decoded(good(world), 1), "nbf": begins.timestamp()})
    refused(me(world, token), 401, "invalid_token")
    world.clock.set(begins)
    assert ok(me(world, token))["role"] == "office"


def test_the_role_is_the_accounts_not_the_tokens(world: World, settings: Settings) -> None:
    token = signed(settings, {**decoded(good(world), 1), "role": "government"})
    assert ok(me(world, token))["role"] == "office"
