"""The second factor: a code beside the password, each taken once. Office, government and auditor need one (Art. 2)."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import CodeWanted, NotFound, NotGranted, Unauthenticated
from app.kernel.security.one_time_codes import as_typed, step_of
from app.kernel.security.sealing import Keyring, Unopened
from app.kernel.settings import Settings
from app.measures.roles import AccountKind, Role
from app.measures.text import Text
from app.services.identity.challenges import SIGN_IN, challenge
from app.store import identity as store

# Who proposes, who decides, who keeps their accounts, who looks at what all of them did.
NEED_ONE = frozenset(
    {Role.OFFICE, Role.GOVERNMENT, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}
)


def marked_for(account: store.Account) -> str:
    """The purpose under which the account's recovery codes are marked."""
    return f"recovery-code:{account.id}"


async def ask_for_code(context: WriteContext, account: store.Account, keyring: Keyring, *, attempt: list[str]) -> None:
    """Whoever has shown to be this person goes on where nothing more is wanted. `CodeWanted`, with the challenge to
    bring back, where the account has a second factor; `second_factor_missing` where it needs one and has none.
    `attempt`: what stays counted until the code comes."""
    if account.kind == AccountKind.MACHINE:
        return
    if await store.second_factor(context.session, account.id) is not None:
        raise CodeWanted(
            PROBLEMS[ProblemCode.SECOND_FACTOR_REQUIRED].whole,
            challenge=challenge(keyring, SIGN_IN, account, now=context.now, attempt=attempt),
        )
    if needs_one(context.settings, account):
        raise Unauthenticated(PROBLEMS[ProblemCode.SECOND_FACTOR_MISSING].whole, code=ProblemCode.SECOND_FACTOR_MISSING)


def needs_one(settings: Settings, account: store.Account) -> bool:
    """Whether the account signs in with a second factor only."""
    return settings.second_factor_required and account.kind == AccountKind.PERSON and account.role in NEED_ONE


async def takes_code(context: WriteContext, account: store.Account, code: str, keyring: Keyring) -> bool:
    """Whether it is a code of the account's second factor, or a recovery code, that was not taken before; from now on
    it was. The account is locked."""
    factor = await store.second_factor(context.session, account.id)
    if factor is None:
        return False
    typed = as_typed(code)
    try:
        secret = factor.secret
    except Unopened:
        return False
    step = step_of(secret, typed, now=context.now)
    if step is not None:
        if step <= factor.last_step:
            return False
        factor.last_step = step
        return True
    for row in await store.recovery_codes(context.session, account.id):
        if keyring.is_mark_of(row.mark, typed.encode(), purpose=marked_for(account)):
            row.used_at = context.now
            audit.record(context, "use_recovery_code", "account", account.id)
            return True
    return False


async def take_factor_away(context: WriteContext, account: store.Account, *, reason: str) -> None:
    """Remove the second factor of any account, with its recovery codes; every token given before stops. For the
    services and the operator's command, which have decided that it may be."""
    if not await store.remove_second_factor(context.session, account.id):
        raise NotFound("此账号没有第二因素", "This account has no second factor")
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    audit.record(context, "remove_second_factor", "account", account.id, reason=reason)


def wrong_code() -> NotGranted:
    """The refusal of a code: wrong, over, or taken before."""
    return NotGranted(Text("验证码不正确或已使用过", "The code is wrong, or was used before"))
