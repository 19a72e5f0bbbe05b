"""Somebody who is signed in shows his password: whoever has a stolen token guesses no faster, and is on record."""

from __future__ import annotations

from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooMany, Unauthenticated
from app.kernel.guessing import Guess
from app.kernel.refusals import RefusalLog
from app.kernel.security.passwords import verify_secret
from app.kernel.throttle import Throttle
from app.measures.text import Text
from app.services.identity.refused_sign_ins import note_refused
from app.store import identity as store


async def shown_again(
    context: StreamContext, *, throttle: Throttle, refusals: RefusalLog, act: str, secret: str
) -> tuple[store.Account, Guess]:
    """The caller's account as it was looked at, with the attempt that was counted before. Each session has a door of
    its own, so that who has signed in anew is not shut out by the thief of another one's token. No transaction is open
    while the secret is looked at."""
    actor = context.actor
    whose = f"{actor.known_id}:{actor.session_id}"
    async with context.reading() as looking:
        account = await store.get(looking.session, actor.known_id)
    with throttle.hashes.place(str(actor.known_id), stranger=False):
        try:
            guess = await throttle.begin_guess(context.database, whose, now=context.now)
        except TooMany:
            note_refused(refusals, context, act=act, account=account, guess=None)
            raise
        right = await verify_secret(secret, None if account is None else account.secret_hash)
    if not right or account is None:
        note_refused(refusals, context, act=act, account=account, guess=guess)
        raise wrong_password()
    return account, guess


def wrong_password() -> Unauthenticated:
    """The refusal of a password that is not, or no longer, the account's."""
    return Unauthenticated(Text("密码不正确", "The password is wrong"), code=ProblemCode.WRONG_PASSWORD)
