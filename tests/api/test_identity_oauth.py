"""The token endpoint is that of RFC 6749: its errors, its clients, its metadata, and the libraries that speak it."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError, InvalidGrantError, LegacyApplicationClient
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session as RequestsSession

from sandbox.seed import PASSWORD
from sandbox.world import World, ok
from tests.support.problems import refused

AWARD = "https://award.test"
TOKENS = f"{AWARD}/v1/tokens"
MACHINE = "payment_platform"


class Inside(BaseAdapter):
    """What a library sends goes to the service of the test."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._client = world.client

    # Any: the options of a transport that there is none of here.
    def send(self, request: requests.PreparedRequest, *_options: Any, **_more: Any) -> requests.Response:
        path = str(request.url).removeprefix(AWARD)
        sent = request.body if isinstance(request.body, str | bytes) else b""
        headers = {name: str(value) for name, value in request.headers.items()}
        answer = self._client.request(str(request.method), path, content=sent, headers=headers)
        found = requests.Response()
        found.status_code, found._content = answer.status_code, answer.content
        found.headers.update(answer.headers)
        found.url, found.request = str(request.url), request
        return found

    def close(self) -> None:
        """Nothing is open."""


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def grant(world: World, headers: dict[str, str] | None = None, /, **form: str) -> Any:
    return world.client.post("/v1/tokens", data=form, headers=headers)


def person(world: World, headers: dict[str, str] | None = None, /, **form: str) -> Any:
    return grant(world, headers, grant_type="password", username="office", password=PASSWORD, **form)


def oauth_error(response: Any, status: int, error: str) -> dict[str, Any]:
    """A problem in the words of RFC 6749, kept by nobody."""
    problem = refused(response, status)
    assert problem["error"] == error
    assert problem["error_description"].isascii() and not set(problem["error_description"]) & {'"', "\\"}
    assert response.headers["cache-control"] == "no-store"
    challenged = response.headers.get("www-authenticate", "")
    assert challenged.startswith("Basic ") == (error == "invalid_client")
    return problem


def authlib(world: World, client_id: str | None = None, secret: str | None = None, **options: str) -> Any:
    session = AuthlibSession(client_id, secret, **options)
    session.mount(AWARD, Inside(world))
    return session


def requests_oauthlib(world: World, client: Any) -> Any:
    session = RequestsSession(client=client)
    session.mount(AWARD, Inside(world))
    return session


# Clients.


def test_a_machine_names_itself_in_either_way(world: World) -> None:
    form = {"grant_type": "client_credentials"}
    in_body = grant(world, **form, client_id=MACHINE, client_secret=PASSWORD)
    in_header = grant(world, basic(MACHINE, PASSWORD), **form)
    for answer in (in_body, in_header, grant(world, basic(MACHINE, PASSWORD), **form, client_id=MACHINE)):
        assert ok(answer)["token_type"] == "Bearer"
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    # Each part is encoded as a form before it is put together.
    ok(grant(world, basic(quote_plus(MACHINE), quote_plus(PASSWORD)), **form))


def test_who_says_two_things_of_a_client_is_refused(world: World) -> None:
    form = {"grant_type": "client_credentials"}
    both = grant(world, basic(MACHINE, PASSWORD), **form, client_id=MACHINE, client_secret=PASSWORD)
    oauth_error(both, 400, "invalid_request")
    oauth_error(grant(world, basic(MACHINE, PASSWORD), **form, client_id="another"), 400, "invalid_request")


@pytest.mark.parametrize(
    ("client_id", "secret"), [(MACHINE, "wrong"), ("nobody", PASSWORD), ("office", PASSWORD), (MACHINE, "x" * 201)]
)
def test_a_client_that_is_not_who_it_says_is_told_to_say_it_again(world: World, client_id: str, secret: str) -> None:
    answer = grant(world, basic(client_id, secret), grant_type="client_credentials")
    assert oauth_error(answer, 401, "invalid_client")["code"] == "invalid_client"


@pytest.mark.parametrize("sent", ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic /w==", "Basic AGE6Yg=="])
def test_a_client_that_cannot_be_read_is_none(world: World, sent: str) -> None:
    oauth_error(grant(world, {"Authorization": sent}, grant_type="client_credentials"), 401, "invalid_client")


def test_a_client_of_people_has_an_id_and_no_secret(world: World) -> None:
    for headers in (None, basic("", ""), basic("portal", "")):
        given = ok(person(world, headers))
        ok(grant(world, headers, grant_type="refresh_token", refresh_token=given["refresh_token"]))
    ok(person(world, client_id="portal"))
    oauth_error(person(world, basic("portal", "secret")), 401, "invalid_client")
    oauth_error(person(world, client_id="portal", client_secret="secret"), 401, "invalid_client")


# Errors.


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "office"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "password", "username": "office", "password": "wrong password!"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x" * 43}, "invalid_grant"),
        ({"grant_type": "second_factor", "challenge": "x", "code": "123456"}, "invalid_grant"),
    ],
)
def test_an_error_is_in_the_words_of_the_standard(world: World, form: dict[str, str], error: str) -> None:
    problem = oauth_error(grant(world, **form), 400, error)
    assert problem["status"] == 400


def test_the_media_type_is_the_standards_for_those_who_take_it_alone(world: World) -> None:
    for accept, media in (
        ("application/json", "application/json"),
        ("application/json, application/problem+json", "application/problem+json"),
        ("*/*", "application/problem+json"),
    ):
        answer = grant(world, {"Accept": accept}, grant_type="implicit")
        assert answer.headers["content-type"] == media
        assert answer.json()["error"] == "unsupported_grant_type"
    elsewhere = world.client.get("/v1/me", headers={"Accept": "application/json"})
    assert "error" not in refused(elsewhere, 401, "unauthenticated")


# Metadata.


def test_a_client_finds_where_to_sign_in(world: World) -> None:
    answer = world.client.get("/.well-known/oauth-authorization-server")
    told = ok(answer)
    assert answer.headers["cache-control"] == "public, max-age=300"
    base = told["issuer"]
    # Whoever checks a token by the keys that stand there finds the same issuer in it.
    token = ok(grant(world, grant_type="password", username="office", password=PASSWORD))["access_token"]
    claims = token.split(".")[1]
    assert json.loads(base64.b64decode(claims + "=" * (-len(claims) % 4), altchars=b"-_"))["iss"] == base
    assert told["token_endpoint"] == f"{base}/v1/tokens" and told["jwks_uri"] == f"{base}/.well-known/jwks.json"
    assert {"none", "client_secret_basic", "client_secret_post"} == set(told["token_endpoint_auth_methods_supported"])
    for form in ({"grant_type": name} for name in told["grant_types_supported"]):
        assert oauth_error(grant(world, **form), 400, "invalid_request")


# Libraries, as they are when nobody sets anything.


def test_authlib_signs_in_and_goes_on(world: World) -> None:
    people = authlib(world)
    given = people.fetch_token(TOKENS, username="office", password=PASSWORD)
    assert people.get(f"{AWARD}/v1/me").json()["login"] == "office"
    renewed = people.refresh_token(TOKENS)
    assert renewed["refresh_token"] != given["refresh_token"]
    with pytest.raises(OAuthError, match="invalid_grant"):
        authlib(world).fetch_token(TOKENS, username="office", password="wrong password!")


@pytest.mark.parametrize("method", [None, "client_secret_basic", "client_secret_post"])
def test_authlib_signs_a_machine_in(world: World, method: str | None) -> None:
    chosen = {} if method is None else {"token_endpoint_auth_method": method}
    machine = authlib(world, MACHINE, PASSWORD, **chosen)
    assert "refresh_token" not in machine.fetch_token(TOKENS)
    assert machine.get(f"{AWARD}/v1/me").json()["login"] == MACHINE
    with pytest.raises(OAuthError, match="invalid_client"):
        authlib(world, MACHINE, "wrong", **chosen).fetch_token(TOKENS)


def test_requests_oauthlib_signs_in_and_goes_on(world: World) -> None:
    people = requests_oauthlib(world, LegacyApplicationClient(client_id="portal"))
    given = people.fetch_token(TOKENS, username="office", password=PASSWORD)
    assert people.get(f"{AWARD}/v1/me").json()["login"] == "office"
    assert people.refresh_token(TOKENS)["refresh_token"] != given["refresh_token"]
    with pytest.raises(InvalidGrantError):
        people.fetch_token(TOKENS, username="office", password="wrong password!")


@pytest.mark.parametrize("in_body", [None, True])
def test_requests_oauthlib_signs_a_machine_in(world: World, in_body: bool | None) -> None:
    machine = requests_oauthlib(world, BackendApplicationClient(client_id=MACHINE))
    form = {"client_id": MACHINE} if in_body is None else {}
    machine.fetch_token(TOKENS, client_secret=PASSWORD, include_client_id=in_body, **form)
    assert machine.get(f"{AWARD}/v1/me").json()["login"] == MACHINE
    with pytest.raises(InvalidClientError):
        machine.fetch_token(TOKENS, client_secret="wrong", include_client_id=in_body, **form)
