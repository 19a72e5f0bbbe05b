"""Somebody shows again who he is, for an act that wants a fresh proof."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooMany, Unauthenticated
from app.kernel.refusals import RefusalLog
from app.kernel.security.sealing import Keyring
from app.kernel.security.tokens import TokenIssuer
from app.kernel.throttle import Throttle
from app.measures.text import Text
from app.services.identity.own_secret import shown_again, wrong_password
from app.services.identity.refused_sign_ins import note_wrong_code
from app.services.identity.second_factors import takes_code, wrong_code
from app.services.identity.sessions import Tokens, alive, tokens_of
from app.store import identity as store

_ACT = "prove_again"


async def prove_again(
    context: StreamContext,
    *,
    issuer: TokenIssuer,
    throttle: Throttle,
    refusals: RefusalLog,
    keyring: Keyring,
    password: str,
    code: str | None,
) -> Tokens:
    """An access token of the same session that says that everything a sign-in asks for was shown now: the password,
    and the code where the account has a second factor. Until the code comes, the attempt stays counted."""
    actor = context.actor
    found, guess = await shown_again(context, throttle=throttle, refusals=refusals, act=_ACT, secret=password)
    if code is not None:
        try:
            await throttle.begin_code(context.database, found.id, now=context.now)
        except TooMany:
            note_wrong_code(refusals, context, act=_ACT, account_id=found.id, looked_at=False)
            raise
    write = await context.writing()
    account = await store.held(write.session, found.id)
    row = None if actor.session_id is None else await store.account_session(write.session, actor.session_id)
    if account is None or account.deactivated_at is not None or account.secret_hash != found.secret_hash or row is None:
        raise wrong_password()
    if not alive(row, now=context.now):
        raise wrong_password()
    if not await _shows_second_factor(write, account, code, keyring):
        note_wrong_code(refusals, context, act=_ACT, account_id=account.id, looked_at=True)
        raise wrong_code()
    if code is not None:
        await throttle.code_was_right(write.session, account.id)
    await throttle.guessed_right(write.session, guess)
    row.proved_at = context.now
    audit.record(write, _ACT, "account", account.id)
    return tokens_of(write, issuer=issuer, account=account, row=row, renewable=False)


async def _shows_second_factor(write: WriteContext, account: store.Account, code: str | None, keyring: Keyring) -> bool:
    """Whether nothing more is wanted, or the code is right; refused where it is wanted and was not sent."""
    if await store.second_factor(write.session, account.id) is None:
        return True
    if code is None:
        text = Text("须在密码之外另附验证码（code）", "Send `code`, of the second factor, beside the password")
        raise Unauthenticated(text, code=ProblemCode.SECOND_FACTOR_REQUIRED)
    return await takes_code(write, account, code, keyring)
