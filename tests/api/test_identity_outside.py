"""Signing in by an outside OpenID provider (Art. 2, 3): its word says who it is, ours alone what the account may do.
Tried against a provider that is not ours, and with tokens that no provider gives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from jose import jwt
from sqlalchemy import select
from starlette.testclient import TestClient

from app.kernel.clock import SystemClock
from app.kernel.security.outside_provider import OutsideProvider
from app.kernel.settings import Settings
from app.main import create_app
from app.store.identity import AccountSession
from sandbox.clock import MovableClock
from sandbox.world import World, ok
from tests.support.openid import Key, KeySet, Provider, key_set, provider
from tests.support.problems import refused

ISSUER, AUDIENCE, SUBJECT = "https://id.example.org", "award", "zhang-san"
UNIT = "unit-wenwuba"


@pytest.fixture(scope="module")
def real() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def key() -> Key:
    return Key("key-1")


class Served:
    """A world whose provider has the keys of the test, and a watch that the test moves."""

    def __init__(self, world: World, keys: KeySet, settings: Settings) -> None:
        self.world, self.keys, self.settings = world, keys, settings
        self.seconds = 0.0
        app: Any = world.client.app
        app.state.provider = OutsideProvider(settings, seconds=lambda: self.seconds)

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = self.world.clock.now().timestamp()
        plain = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "exp": now + 300, "jti": str(now)}
        return {name: value for name, value in (plain | changes).items() if value is not None}


@pytest.fixture
def keys() -> Iterator[tuple[KeySet, str]]:
    with key_set() as served:
        yield served


@pytest.fixture
def settings(settings: Settings, keys: tuple[KeySet, str]) -> Settings:
    """Those of every test, with the provider."""
    return settings.model_copy(
        update={
            "outside_issuer": ISSUER,
            "outside_audience": AUDIENCE,
            "outside_jwks_url": keys[1],
            "outside_allow_private": True,
        }
    )


@pytest.fixture
def outside(world: World, keys: tuple[KeySet, str], settings: Settings, key: Key) -> Served:
    keys[0].keys = [key.jwk]
    link(world)
    return Served(world, keys[0], settings)


def otherwise(
    settings: Settings, keys: tuple[KeySet, str], clock: MovableClock, key: Key, **changes: Any
) -> Iterator[Served]:
    """The same with other settings."""
    keys[0].keys = [key.jwk]
    chosen = settings.model_copy(update=changes)
    with TestClient(create_app(chosen, clock=clock)) as client:
        yield Served(World(client, clock), keys[0], chosen)


def link(world: World, login: str = UNIT, subject: str = SUBJECT) -> Any:
    path = f"/v1/accounts/{world.id(f'account:{login}')}/outside-identity"
    return ok(world.office.post(path, {"subject": subject, "reason": "样例：身份核对"}), 201)


def exchange(world: World, token: str, **more: str) -> Any:
    form = {"grant_type": "outside_token", "outside_token": token, **more}
    return world.client.post("/v1/tokens", data=form)


def me(world: World, tokens: dict[str, Any]) -> Any:
    return world.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})


def acts(world: World) -> list[str]:
    return [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]


def at_present(settings: Settings, real: Provider, clock: MovableClock, key: Key) -> Iterator[Served]:
    """A service that believes the real provider, whose clock is the machine's."""
    clock.forward(seconds=(SystemClock().now() - clock.now()).total_seconds() + 2)
    told = {"outside_issuer": real.told()["issuer"], "outside_jwks_url": real.told()["jwks_uri"]}
    yield from otherwise(settings, (KeySet(), ""), clock, key, **told)


def test_who_signs_in_at_a_real_provider_is_signed_in_here(
    settings: Settings, real: Provider, clock: MovableClock, key: Key
) -> None:
    for made in at_present(settings, real, clock, key):
        world = made.world
        token = real.id_token(SUBJECT, audience=AUDIENCE, nonce="sample-nonce")
        # Nobody has said yet who it is here.
        refused(exchange(world, token, nonce="sample-nonce"), 400, "invalid_grant")
        assert link(world)["issuer"] == real.address
        token = real.id_token(SUBJECT, audience=AUDIENCE, nonce="sample-nonce")
        tokens = ok(exchange(world, token, nonce="sample-nonce"))
        shown = ok(me(world, tokens))
        assert (shown["login"], shown["role"]) == (UNIT, "recommending_unit")
        ok(
            world.client.post(
                "/v1/tokens", data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
            )
        )
        assert acts(world)[:2] == ["sign_in", "link_outside_identity"]
        # Another's sign-in, one for another client, one with another nonce.
        refused(exchange(world, real.id_token("li-si", audience=AUDIENCE)), 400, "invalid_grant")
        refused(exchange(world, real.id_token(SUBJECT, audience="another")), 400, "invalid_grant")
        refused(exchange(world, real.id_token(SUBJECT, audience=AUDIENCE, nonce="a"), nonce="b"), 400, "invalid_grant")
        refused(exchange(world, real.id_token(SUBJECT, audience=AUDIENCE, nonce="a")), 400, "invalid_grant")


@pytest.mark.slow
def test_a_real_providers_key_that_is_rotated_is_found_by_itself(
    settings: Settings, clock: MovableClock, key: Key
) -> None:
    with provider() as real:
        for made in at_present(settings, real, clock, key):
            link(made.world)
            before = real.id_token(SUBJECT, audience=AUDIENCE)
            ok(exchange(made.world, before))
            old = real.id_token(SUBJECT, audience=AUDIENCE)
            real.stop()
            real.start()
            clock.forward(seconds=(SystemClock().now() - clock.now()).total_seconds() + 2)
            made.seconds += 11
            ok(exchange(made.world, real.id_token(SUBJECT, audience=AUDIENCE)))
            # What was signed with the key that went is not taken.
            refused(exchange(made.world, old), 400, "invalid_grant")


def test_a_token_is_exchanged_once_also_by_two_at_once(outside: Served, key: Key) -> None:
    token = key.sign(outside.claims())
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: exchange(outside.world, token).status_code, range(3)))
    assert sorted(answers) == [200, 400, 400]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://id.example.com"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": []},
        {"aud": [AUDIENCE, "another"]},
        {"aud": ["another", AUDIENCE], "azp": "another"},
        {"azp": "another"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "li-si"},
        {"sub": "x" * 256},
        {"sub": "zhang-san\x00"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": None},
        {"nonce": "of-another-sign-in"},
    ],
)
def test_claims_that_are_not_for_us_are_refused_in_the_same_words(
    outside: Served, key: Key, changes: dict[str, Any]
) -> None:
    refused(exchange(outside.world, key.sign(outside.claims(**changes))), 400, "invalid_grant")
    ok(exchange(outside.world, key.sign(outside.claims())))


def test_an_audience_of_several_names_us_as_its_party(outside: Served, key: Key) -> None:
    ok(exchange(outside.world, key.sign(outside.claims(aud=[AUDIENCE, "another"], azp=AUDIENCE))))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"exp": 1}, 200),
        ({"exp": 0}, 400),
        ({"iat": 5}, 200),
        ({"iat": 6}, 400),
        ({"iat": -600}, 200),
        ({"iat": -601}, 400),
        ({"nbf": 5}, 200),
        ({"nbf": 6}, 400),
    ],
)
def test_its_times_have_their_bounds(outside: Served, key: Key, changes: dict[str, int], status: int) -> None:
    now = outside.world.clock.now().timestamp()
    claims = outside.claims(**{name: now + value for name, value in changes.items()})
    assert exchange(outside.world, key.sign(claims)).status_code == status


def test_the_algorithm_is_ours_to_choose(outside: Served, key: Key) -> None:
    world, claims = outside.world, outside.claims()
    header, payload, signature = key.sign(claims).split(".")
    unsigned = jwt.encode(claims, "x", algorithm="HS256").split(".")[1]
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for token in (
        f"{none}.{unsigned}.",
        f"{none}.{payload}.{signature}",
        f"{header}.{payload}.",
        f"{header}..{signature}",
    ):
        refused(exchange(world, token), 400, "invalid_grant")
    # The public key as a shared secret, in each form that a library might take it.
    for secret in (key.jwk["n"], str(key.jwk)):
        forged = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.kid})
        refused(exchange(world, forged), 400, "invalid_grant")
    refused(exchange(world, "not a token"), 400, "invalid_grant")
    refused(exchange(world, "a.b.c"), 400, "invalid_grant")
    ok(exchange(world, key.sign(claims)))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"typ": "at+jwt"}, {"kid": 7}, {"kid": "key-2"}])
def test_a_header_that_must_be_understood_and_is_not_is_refused(
    outside: Served, key: Key, header: dict[str, Any]
) -> None:
    refused(exchange(outside.world, key.sign(outside.claims(), **header)), 400, "invalid_grant")


def test_another_key_under_the_same_name_signs_nothing(outside: Served, key: Key) -> None:
    refused(exchange(outside.world, Key(key.kid).sign(outside.claims())), 400, "invalid_grant")
    # A token of ours is none of the provider's.
    ours = outside.world.by(UNIT).headers()["Authorization"].removeprefix("Bearer ")
    refused(exchange(outside.world, ours), 400, "invalid_grant")


def test_a_key_is_for_what_it_says(outside: Served, key: Key) -> None:
    outside.seconds += 700
    curve = Key("curve", curve=True)
    weak = Key("weak", bits=1024)
    outside.keys.keys = [
        {**key.jwk, "use": "enc"},
        {**key.jwk, "kid": "other-algorithm", "alg": "RS512"},
        curve.jwk,
        weak.jwk,
    ]
    refused(exchange(outside.world, key.sign(outside.claims())), 400, "invalid_grant")
    refused(exchange(outside.world, key.sign(outside.claims(), kid="other-algorithm")), 400, "invalid_grant")
    refused(exchange(outside.world, weak.sign(outside.claims())), 400, "invalid_grant")
    refused(exchange(outside.world, key.sign(outside.claims(), kid="curve")), 400, "invalid_grant")
    ok(exchange(outside.world, curve.sign(outside.claims())))


def test_keys_are_asked_for_seldom_whatever_comes(outside: Served, key: Key) -> None:
    ok(exchange(outside.world, key.sign(outside.claims())))
    assert outside.keys.asked == 1
    for number in range(20):
        refused(exchange(outside.world, key.sign(outside.claims(), kid=f"made-up-{number}")), 400)
    assert outside.keys.asked == 1
    outside.seconds += 11
    for number in range(20):
        refused(exchange(outside.world, key.sign(outside.claims(), kid=f"made-up-{number}")), 400)
    assert outside.keys.asked == 2


def test_a_new_key_is_found_and_one_that_was_taken_out_ends(outside: Served, key: Key) -> None:
    ok(exchange(outside.world, key.sign(outside.claims(jti="1"))))
    fresh = Key("key-2")
    outside.keys.keys = [fresh.jwk]
    outside.seconds += 11
    ok(exchange(outside.world, fresh.sign(outside.claims(jti="2"))))
    refused(exchange(outside.world, key.sign(outside.claims(jti="3"))), 400, "invalid_grant")
    # Without a name it is the only one of its kind, or none.
    nameless = fresh.sign(outside.claims(jti="4"), named=False)
    ok(exchange(outside.world, nameless))
    outside.keys.keys = [fresh.jwk, key.jwk]
    outside.seconds += 700
    ambiguous = fresh.sign(outside.claims(jti="5"), named=False)
    refused(exchange(outside.world, ambiguous), 400, "invalid_grant")


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"keys": []}', b'{"keys": 1}', b"x" * 70_000])
def test_a_provider_that_says_nonsense_or_is_away_is_told_and_known_keys_go_on(
    outside: Served, key: Key, said: bytes
) -> None:
    ok(exchange(outside.world, key.sign(outside.claims(jti="1"))))
    outside.keys.said = said
    outside.seconds += 700
    ok(exchange(outside.world, key.sign(outside.claims(jti="2"))))
    outside.keys.said, outside.keys.away = None, True
    outside.seconds += 700
    ok(exchange(outside.world, key.sign(outside.claims(jti="3"))))
    outside.seconds += 3600
    answer = exchange(outside.world, key.sign(outside.claims(jti="4")))
    refused(answer, 503, "unavailable")
    assert answer.headers["retry-after"]
    outside.keys.away = False
    outside.seconds += 11
    ok(exchange(outside.world, key.sign(outside.claims(jti="4"))))


def test_loopback_is_asked_only_where_a_setting_says_so(
    settings: Settings, keys: tuple[KeySet, str], clock: MovableClock, key: Key
) -> None:
    for made in otherwise(settings, keys, clock, key, outside_allow_private=False):
        refused(exchange(made.world, key.sign(made.claims())), 503, "unavailable")
        assert made.keys.asked == 0


def test_another_claim_may_tell_who_it_is(
    settings: Settings, keys: tuple[KeySet, str], clock: MovableClock, key: Key
) -> None:
    for made in otherwise(settings, keys, clock, key, outside_subject_claim="employee_number"):
        link(made.world, subject="0797-4711")
        refused(exchange(made.world, key.sign(made.claims(sub="0797-4711"))), 400, "invalid_grant")
        ok(exchange(made.world, key.sign(made.claims(sub="x", employee_number="0797-4711"))))


def test_a_deactivated_account_is_not_let_in(outside: Served, key: Key) -> None:
    path = f"/v1/accounts/{outside.world.id(f'account:{UNIT}')}"
    ok(outside.world.office.post(f"{path}/deactivation", {"reason": "样例"}))
    refused(exchange(outside.world, key.sign(outside.claims())), 400, "invalid_grant")
    ok(outside.world.office.post(f"{path}/activation", {"reason": "样例"}))
    ok(exchange(outside.world, key.sign(outside.claims())))


def test_a_link_is_one_to_one_and_ends_at_once(outside: Served, key: Key) -> None:
    world = outside.world
    tokens = ok(exchange(world, key.sign(outside.claims(jti="1"))))
    mine, other = (f"/v1/accounts/{world.id(f'account:{login}')}/outside-identity" for login in (UNIT, "unit-health"))
    body = {"subject": SUBJECT, "reason": "样例"}
    refused(world.office.post(other, body), 409, "outside_identity_taken")
    refused(world.office.post(mine, {**body, "subject": "li-si"}), 409, "outside_identity_taken")
    world.clock.forward(seconds=1)
    ok(world.office.post(f"{mine}/removal", {"reason": "样例：调离"}))
    refused(world.office.post(f"{mine}/removal", {"reason": "样例：调离"}), 404)
    refused(me(world, tokens), 401, "invalid_token")
    refused(exchange(world, key.sign(outside.claims(jti="2"))), 400, "invalid_grant")
    ok(world.office.post(other, body), 201)
    assert ok(me(world, ok(exchange(world, key.sign(outside.claims(jti="3"))))))["login"] == "unit-health"
    assert acts(world).count("unlink_outside_identity") == 1


@pytest.mark.parametrize("login", ["government", "auditor", "payment_platform", "office"])
def test_the_office_links_nobody_whom_it_does_not_keep(outside: Served, login: str) -> None:
    world = outside.world
    path = f"/v1/accounts/{world.id(f'account:{login}')}/outside-identity"
    body = {"subject": "li-si", "reason": "样例"}
    refused(world.office.post(path, body), 403, "forbidden", rule="art02.decider")
    refused(world.office.post(f"{path}/removal", {"reason": "样例"}), 403, "forbidden", rule="art02.decider")
    refused(world.by("unit-health").post(path, body), 403)


def test_roles_are_ours_alone(outside: Served, key: Key) -> None:
    claims = outside.claims(role="government", roles=["office"], scope="admin", groups=["government"])
    assert ok(me(outside.world, ok(exchange(outside.world, key.sign(claims)))))["role"] == "recommending_unit"


def test_the_providers_word_is_no_second_factor(outside: Served, key: Key) -> None:
    from tests.api.test_identity_second_factors import Device, answer

    device = Device(outside.world, UNIT)
    problem = refused(exchange(outside.world, key.sign(outside.claims(amr=["mfa"]))), 401, "second_factor_required")
    ok(answer(outside.world, problem["challenge"], device.code()))


def test_without_a_provider_nothing_of_it_is_taken(
    settings: Settings, keys: tuple[KeySet, str], clock: MovableClock, key: Key
) -> None:
    none = dict.fromkeys(("outside_issuer", "outside_audience", "outside_jwks_url"))
    for made in otherwise(settings, keys, clock, key, **none):
        _refused_without_a_provider(made.world, key)


def _refused_without_a_provider(world: World, key: Key) -> None:
    token = key.sign({"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT})
    refused(exchange(world, token), 400, "bad_request")
    path = f"/v1/accounts/{world.id(f'account:{UNIT}')}/outside-identity"
    refused(world.office.post(path, {"subject": SUBJECT, "reason": "样例"}), 422, "invalid")
    refused(world.client.post("/v1/tokens", data={"grant_type": "outside_token"}), 400, "bad_request")


@pytest.mark.parametrize("left_out", ["outside_issuer", "outside_audience", "outside_jwks_url"])
def test_a_provider_is_set_as_a_whole(left_out: str) -> None:
    whole: dict[str, Any] = {
        "outside_issuer": ISSUER,
        "outside_audience": AUDIENCE,
        "outside_jwks_url": f"{ISSUER}/jwks",
    }
    Settings(_env_file=None, **whole)
    with pytest.raises(ValueError, match="belong together"):
        Settings(_env_file=None, **{**whole, left_out: None})


def test_a_token_that_was_exchanged_is_noted_until_it_is_over_and_no_longer(outside: Served, key: Key) -> None:
    began: datetime = outside.world.clock.now()
    ok(exchange(outside.world, key.sign(outside.claims())))
    outside.world.clock.forward(minutes=6)
    assert outside.world.clock.now() - began == timedelta(minutes=6)
    sweeper = outside.world.client.app.state.sweeper  # type: ignore[attr-defined]
    done = outside.world.client.portal.call(sweeper.sweep)  # type: ignore[union-attr]
    assert done is not None and done.counters == 1


def demanding(outside: Served, **changes: Any) -> None:
    app: Any = outside.world.client.app
    app.state.provider = OutsideProvider(outside.settings.model_copy(update=changes), seconds=lambda: outside.seconds)


@pytest.mark.parametrize(("acr", "status"), [("gold", 200), ("silver", 200), ("bronze", 400), (None, 400), (7, 400)])
def test_how_strongly_the_provider_has_looked_is_asked(outside: Served, key: Key, acr: object, status: int) -> None:
    ok(exchange(outside.world, key.sign(outside.claims(acr="bronze"))))
    demanding(outside, outside_acr="gold, silver")
    assert exchange(outside.world, key.sign(outside.claims(acr=acr, jti="second"))).status_code == status


@pytest.mark.parametrize(("ago", "status"), [(0, 200), (60, 200), (61, 400), (-5, 200), (-6, 400), (None, 400)])
def test_how_long_ago_the_sign_in_there_was_is_asked(outside: Served, key: Key, ago: int | None, status: int) -> None:
    demanding(outside, outside_sign_in_seconds=60)
    now = outside.world.clock.now()
    at = None if ago is None else now.timestamp() - ago
    assert exchange(outside.world, key.sign(outside.claims(auth_time=at))).status_code == status
    if status == 200 and ago is not None:
        # It is the age of the proof.
        with outside.world.past_the_service() as session:
            row = session.execute(select(AccountSession)).scalars().one()
            assert (now - row.proved_at).total_seconds() == max(ago, 0)
