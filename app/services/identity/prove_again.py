"""Somebody shows his secret again, for an act that wants a fresh proof."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.refusals import RefusalLog
from app.kernel.security.passwords import verify_secret
from app.kernel.security.tokens import TokenIssuer
from app.kernel.throttle import Throttle
from app.measures.text import Text
from app.services.identity.refused_sign_ins import note_refused
from app.services.identity.sessions import Tokens, alive, tokens_of
from app.store import identity as store


async def prove_again(
    context: StreamContext, *, issuer: TokenIssuer, throttle: Throttle, refusals: RefusalLog, password: str
) -> Tokens:
    """An access token of the same session that says that the secret was shown now. The attempt counts before it is
    looked at, and no transaction is open meanwhile."""
    actor = context.actor
    whose = str(actor.known_id)
    with throttle.hashes.place(whose, stranger=False):
        guess = await throttle.begin_guess(context.database, whose, now=context.now)
        async with context.reading() as looking:
            found = await store.get(looking.session, actor.known_id)
            known = found.secret_hash if found else None
        right = await verify_secret(password, known)
    if not right:
        note_refused(refusals, context, act="prove_again", account=found, guess=guess)
        raise _wrong()
    write = await context.writing()
    account = await store.held(write.session, actor.known_id)
    row = None if actor.session_id is None else await store.account_session(write.session, actor.session_id)
    if account is None or account.deactivated_at is not None or account.secret_hash != known or row is None:
        raise _wrong()
    if not alive(row, now=context.now):
        raise _wrong()
    await throttle.guessed_right(write.session, guess)
    row.proved_at = context.now
    audit.record(write, "prove_again", "account", account.id)
    return tokens_of(write, issuer=issuer, account=account, row=row, renewable=False)


def _wrong() -> Unauthenticated:
    return Unauthenticated(Text("密码不正确", "The password is wrong"), code=ProblemCode.WRONG_PASSWORD)
