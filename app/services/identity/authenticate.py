"""From a token to its caller."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.security.principal import Principal
from app.kernel.security.tokens import AccessClaims, TokenIssuer
from app.measures.roles import AccountKind, Role
from app.measures.text import Text
from app.store import identity as store
from app.store.readers import Reader


class Standing(Protocol):
    """What decides of an account whether its tokens are taken."""

    @property
    def deactivated_at(self) -> datetime | None: ...

    @property
    def tokens_valid_from(self) -> datetime: ...


def stands(account: Standing, claims: AccessClaims) -> bool:
    """Whether the account is active and takes a token of that instant."""
    return account.deactivated_at is None and claims.issued_at >= account.tokens_valid_from


async def principal_of(reader: Reader, *, issuer: TokenIssuer, token: str, now: datetime) -> Principal:
    """The caller whom the token names. The account is looked at each time: a deactivated one stops at once."""
    claims = issuer.verify(token, now=now)
    account = await store.caller(reader, claims.account_id)
    if account is None or not stands(account, claims):
        raise Unauthenticated(
            Text(
                "账号已停用或令牌已失效，请重新登录", "The account is deactivated or the token revoked; sign in again"
            ),
            code=ProblemCode.INVALID_TOKEN,
        )
    return Principal(
        role=Role(account.role),
        account_id=account.id,
        organisation_id=account.organisation_id,
        unit_id=account.unit_id,
        department_id=account.department_id,
        membership=account.membership,
        machine=account.kind == AccountKind.MACHINE,
    )
