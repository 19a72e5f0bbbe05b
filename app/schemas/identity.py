"""Tokens and accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.kernel.field_formats import Format
from app.measures.roles import AccountKind, Awaited, Membership, Role
from app.schemas.common import In, Line, Out, Worded
from app.schemas.words import RoleName

Login = Annotated[str, StringConstraints(pattern=Format.LOGIN.value)]
Password = Annotated[str, Field(min_length=12, max_length=200, description="12 to 200 characters.")]


def _machines_get_no_refresh_token(schema: JsonDict) -> None:
    required = schema["required"]
    assert isinstance(required, list)
    schema["required"] = [name for name in required if name != "refresh_token"]


class GrantType(StrEnum):
    """What people and machines may show at the token endpoint. A second factor and an outside token are extensions of
    ours."""

    PASSWORD = "password"
    SECOND_FACTOR = "second_factor"
    REFRESH_TOKEN = "refresh_token"
    CLIENT_CREDENTIALS = "client_credentials"
    OUTSIDE_TOKEN = "outside_token"


class TokenOut(Out):
    """As OAuth 2.0 (RFC 6749, 5.1)."""

    model_config = ConfigDict(json_schema_extra=_machines_get_no_refresh_token)

    access_token: str = Field(description="ES256-signed JWT; verify it with `/.well-known/jwks.json`.")
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = Field(description="Seconds.")
    refresh_token: str | None = Field(None, description="Use once; machines get none.")


class AccessTokenOut(Out):
    """An access token of the session that asks."""

    access_token: str = Field(description="ES256-signed JWT; verify it with `/.well-known/jwks.json`.")
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = Field(description="Seconds.")


class SessionOut(Out):
    """What a sign-in has begun: it goes on by refresh tokens, and ends at the latest at `ends_at`."""

    id: UUID
    created_at: datetime
    renewed_at: datetime = Field(description="When its refresh token was last used.")
    ends_at: datetime
    origin: str | None = Field(description="The address that signed in.", examples=["203.0.113.7"])
    current: bool = Field(description="Whether it is the one that asks.")


class SessionsOut(Out):
    """The sessions of an account."""

    items: list[SessionOut]


class Jwk(Out):
    """A public key, as RFC 7517 writes it."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class Jwks(Out):
    """Public keys (RFC 7517)."""

    keys: list[Jwk]


class SignInOut(Out):
    """Where and how one signs in (RFC 8414)."""

    issuer: str = Field(description="The address of the service.")
    token_endpoint: str
    jwks_uri: str
    service_documentation: str
    grant_types_supported: list[GrantType]
    response_types_supported: list[str] = Field(description="None: nobody is sent to a page of ours to sign in.")
    token_endpoint_auth_methods_supported: list[str] = Field(
        description="`none` for people, whose clients have no secret; the others for machines."
    )
    ui_locales_supported: list[str]


class SignOut(In):
    """The refresh token that is to end."""

    refresh_token: Annotated[str, Field(min_length=20, max_length=200)]


class AccountIn(In):
    """An account to be made, of a person or a machine."""

    login: Login
    role: Role = Field(examples=[Role.RECOMMENDING_UNIT])
    display_name: Line
    kind: AccountKind = Field(
        AccountKind.PERSON, description="A person is invited to choose a password; a machine's secret is drawn."
    )
    unit_id: UUID | None = None
    department_id: UUID | None = None


class UnconfirmedChange(Out):
    """What an administrator has made or changed of an account that the other has not confirmed yet."""

    act: str = Field(description="As in the log.", examples=["invite_account"])
    by: Awaited
    at: datetime


class AccountOut(Out):
    """An account: a person or a machine in one role, of at most one organisation, unit or department."""

    id: UUID
    login: str
    kind: AccountKind
    role: RoleName
    display_name: str
    organisation_id: UUID | None
    unit_id: UUID | None
    department_id: UUID | None
    membership: Membership | None
    deactivated_at: datetime | None
    awaits: Awaited | None = Field(None, description="Who confirms what an administrator has made or changed.")
    unconfirmed: list[UnconfirmedChange] = Field([], description="What that is, the oldest first.")
    created_at: datetime


class Invited(AccountOut):
    """An account with the invitation to it: whoever holds it sets the password, once."""

    invitation: str | None = Field(None, description="Give it to the person alone; shown this once.")
    invitation_expires_at: datetime | None = Field(None, description="From then on it is not taken.")


class AccountActivated(AccountOut):
    """An account that is let in, or confirmed."""

    acceptance_code: str | None = Field(
        None, description="Goes with its invitation: give it to the person by another way; shown this once."
    )


class AccountMade(Invited):
    """A new account: of a person with the invitation to it, of a machine with its secret."""

    client_secret: str | None = Field(None, description="A machine's secret, shown this once.")


class Token(Protocol):
    """An invitation as the service gives it."""

    @property
    def token(self) -> str: ...

    @property
    def expires_at(self) -> datetime: ...


def invitation_fields(invited: Token | None) -> dict[str, object]:
    """The fields of an answer that tell of an invitation."""
    if invited is None:
        return {}
    return {"invitation": invited.token, "invitation_expires_at": invited.expires_at}


class InvitationAcceptance(In):
    """An invitation, and the password that whoever was invited chooses."""

    invitation: Annotated[str, Field(min_length=20, max_length=200, pattern=Format.PRINTABLE_ASCII.value)]
    acceptance_code: (
        Annotated[str, Field(min_length=20, max_length=200, pattern=Format.PRINTABLE_ASCII.value)] | None
    ) = Field(None, description="From whoever has confirmed the account, where an administrator has invited.")
    password: Password


class SecondFactorEnrolmentIn(In):
    """Whose authenticator it is to be, and the password that shows it."""

    login: Annotated[str, Field(min_length=1, max_length=80, pattern=Format.LOGIN.value)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class SecondFactorEnrolmentOut(Out):
    """What goes into the authenticator, and what comes back with its first code."""

    totp_secret: str = Field(description="For typing: base32. Shown this once.")
    otpauth_uri: str = Field(description="For a QR code: `otpauth:`.")
    challenge: str = Field(description="To be sent with the first code.")
    expires_at: datetime = Field(description="From then on the challenge is not taken.")


class SecondFactorIn(In):
    """The first code of the authenticator."""

    challenge: Annotated[str, Field(min_length=20, max_length=2000, pattern=Format.PRINTABLE_ASCII.value)]
    code: Annotated[str, StringConstraints(pattern=Format.SIX_DIGITS.value)]


class SecondFactorOut(Out):
    """A second factor, from now on asked for at each sign-in."""

    recovery_codes: list[str] = Field(description="Each once in place of a code. Shown this once: print them.")


class OutsideIdentityIn(In):
    """Who the account is at the outside provider, and by what that is known."""

    subject: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=Format.PRINTABLE_ASCII.value)]
    reason: Worded


class OutsideIdentityOut(Out):
    """The link of an account with a subject of the outside provider."""

    account_id: UUID
    issuer: str
    subject: str
    created_at: datetime


class Reason(In):
    """Why an account is deactivated, or activated again."""

    reason: Worded


class Proof(In):
    """The caller's own password, with a code, or recovery code, of the second factor where the account has one."""

    password: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(min_length=1, max_length=40, pattern=Format.PRINTABLE_ASCII.value)] | None = None


class PasswordChange(In):
    """The caller's own new password, and the one before as proof."""

    old_password: Annotated[str, Field(min_length=1, max_length=200)]
    new_password: Password
