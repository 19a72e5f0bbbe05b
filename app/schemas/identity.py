"""Tokens and accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kernel.field_formats import Format
from app.measures.roles import AccountKind, Membership, Role
from app.schemas.common import In, Line, Out, Worded
from app.schemas.words import RoleName

Login = Annotated[str, StringConstraints(pattern=Format.LOGIN.value)]
Password = Annotated[str, Field(min_length=12, max_length=200, description="12 to 200 characters.")]


class TokenOut(Out):
    """As OAuth 2.0 (RFC 6749, 5.1)."""

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


class SignOut(In):
    """The refresh token that is to end."""

    refresh_token: Annotated[str, Field(min_length=20, max_length=200)]


class AccountIn(In):
    """An account for a recommending unit or a consulted department, person or machine."""

    login: Login
    role: Role = Field(examples=[Role.RECOMMENDING_UNIT])
    display_name: Line
    kind: AccountKind = AccountKind.PERSON
    password: Password | None = Field(None, description="For a person. A machine's secret is drawn and shown once.")
    unit_id: UUID | None = None
    department_id: UUID | None = None


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
    created_at: datetime


class AccountMade(AccountOut):
    """A new account; of a machine with its secret."""

    client_secret: str | None = Field(None, description="A machine's secret, shown this once.")


class Reason(In):
    """Why an account is deactivated, or activated again."""

    reason: Worded


class Proof(In):
    """The caller's own password."""

    password: Annotated[str, Field(min_length=1, max_length=200)]


class PasswordChange(In):
    """The caller's own new password, and the one before as proof."""

    old_password: Annotated[str, Field(min_length=1, max_length=200)]
    new_password: Password
