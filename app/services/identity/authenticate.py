"""From a token to its caller."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import ProofNeeded, Unauthenticated
from app.kernel.security.principal import Principal
from app.kernel.security.tokens import AccessClaims
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

    @property
    def session_ended_at(self) -> datetime | None: ...


def stands(account: Standing, claims: AccessClaims) -> bool:
    """Whether the account is active, takes a token of that instant, and its session has not been ended."""
    alive = account.deactivated_at is None and account.session_ended_at is None
    return alive and claims.issued_at >= account.tokens_valid_from


async def principal_of(reader: Reader, *, claims: AccessClaims, origin: str | None) -> Principal:
    """The caller whom a verified token names, from this address. Account and session are looked at each time: a
    deactivated account and a session that was ended stop at once."""
    account = await store.caller(reader, claims.account_id, session_id=claims.session_id)
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
        origin=origin,
        session_id=claims.session_id,
        proved_at=None if account.kind == AccountKind.MACHINE else claims.proved_at,
    )


def proven(principal: Principal, now: datetime, *, seconds: int) -> None:
    """`ProofNeeded` where the caller has shown his secret too long ago. A machine shows it for each token."""
    if principal.machine or (
        principal.proved_at is not None and now - principal.proved_at <= timedelta(seconds=seconds)
    ):
        return
    text = Text(
        "此操作须在验证密码后短时间内办理，请先 POST /v1/me/proof，再用所得令牌重试",
        "Show your password first (POST /v1/me/proof), and repeat this with the token that you get",
    )
    raise ProofNeeded(text, max_age=seconds)
