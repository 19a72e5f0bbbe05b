"""Where the service speaks OAuth 2.0 (RFC 6749), whose clients are libraries."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from starlette.datastructures import Headers

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import ClientRefused, FieldError, Invalid
from app.measures.text import Text
from app.schemas.identity import GrantType

# The token endpoint.
TOKENS = "/v1/tokens"

_LONGEST_ID, _LONGEST_SECRET = 80, 200
# The word of RFC 6749, section 5.2, for a problem. It has none for a code that is
# wanted besides: section 8.5 leaves that to those who add a grant.
_ERRORS = {
    ProblemCode.INVALID_GRANT: "invalid_grant",
    ProblemCode.INVALID_CLIENT: "invalid_client",
    ProblemCode.UNSUPPORTED_GRANT_TYPE: "unsupported_grant_type",
    ProblemCode.SECOND_FACTOR_REQUIRED: "second_factor_required",
    ProblemCode.SECOND_FACTOR_MISSING: "second_factor_missing",
    ProblemCode.TOO_MANY_REQUESTS: "temporarily_unavailable",
    ProblemCode.UNAVAILABLE: "temporarily_unavailable",
    ProblemCode.INTERNAL_ERROR: "server_error",
}
# What the standard lets a description hold: printable ASCII without quotation marks and backslashes.
_TELLABLE = {number: chr(number) for number in range(0x20, 0x7F)} | {0x22: "'", 0x5C: "/", 0x60: "'"}


def is_token_endpoint(scope: Mapping[str, object]) -> bool:
    """Whether a request came to the token endpoint, and its error is told in the words of RFC 6749 as well."""
    return scope.get("path") == TOKENS


def code_there(code: ProblemCode) -> ProblemCode:
    """What a problem is at the token endpoint: what is wrong with the input is 400 there, and 422 elsewhere."""
    return ProblemCode.BAD_REQUEST if PROBLEMS[code].status == 422 else code


def error_members(code: ProblemCode, told: Text) -> dict[str, str]:
    """`error` and `error_description` for a problem; the description is English, as the standard wants it in ASCII."""
    description = "".join(_TELLABLE.get(ord(letter), " ") for letter in told.en)
    other = "invalid_client" if PROBLEMS[code].status == 401 else "invalid_request"
    return {"error": _ERRORS.get(code, other), "error_description": description}


def takes_json_alone(headers: Headers) -> bool:
    """Whether the caller takes JSON and says nothing of problem documents: so do the libraries of OAuth clients."""
    accepted = headers.get("accept", "").lower()
    return "application/json" in accepted and "application/problem+json" not in accepted


@dataclass(frozen=True, slots=True)
class Client:
    """A client as it names itself. People's have an id at most, machines a secret."""

    id: str | None
    secret: str | None


def is_of_client(headers: Headers) -> bool:
    """Whether the request names its client in `Authorization` (RFC 6749, section 2.3.1)."""
    return headers.get("authorization", "").partition(" ")[0].lower() == "basic"


def client_of(headers: Headers, *, client_id: str | None, client_secret: str | None) -> Client:
    """The client by `Authorization: Basic` or by the form's fields. `ClientRefused` for what cannot be read, `Invalid`
    where both ways are used: whoever looks at the one and whoever looks at the other would see two clients."""
    if not is_of_client(headers):
        return Client(client_id, client_secret)
    named = _basic(headers["authorization"])
    if client_secret is not None or (client_id is not None and named.id is not None and client_id != named.id):
        text = Text("客户端身份只能以一种方式出示", "The client may show who it is in one way only")
        raise Invalid(text, errors=[FieldError("/client_secret", FieldCode.DUPLICATE, text)])
    return Client(named.id or client_id, named.secret)


def without_secret(client: Client) -> None:
    """Refuses a secret where people sign in: a client of theirs has none that could be looked at."""
    if client.secret:
        raise ClientRefused(
            Text("此登录方式的客户端没有密钥", "A client that people sign in with has no secret"),
        )


def _basic(header: str) -> Client:
    try:
        text = base64.b64decode(header.partition(" ")[2].strip(), validate=True).decode()
        name, colon, secret = (unquote_plus(part, errors="strict") for part in text.partition(":"))
    except (binascii.Error, UnicodeDecodeError):
        raise _unreadable() from None
    fits = len(name) <= _LONGEST_ID and len(secret) <= _LONGEST_SECRET
    if not colon or not name.isprintable() or not fits:
        raise _unreadable()
    return Client(name or None, secret or None)


def _unreadable() -> ClientRefused:
    return ClientRefused(Text("Authorization 无法读取", "Authorization cannot be read"))


def metadata(*, base_url: str) -> dict[str, object]:
    """What RFC 8414 lets a client find by itself, under the address by which the public reaches the service."""
    base = base_url.rstrip("/")
    return {
        "issuer": base,
        "token_endpoint": f"{base}{TOKENS}",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "service_documentation": f"{base}/docs",
        "grant_types_supported": list(GrantType),
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "ui_locales_supported": ["zh-CN", "en"],
    }
