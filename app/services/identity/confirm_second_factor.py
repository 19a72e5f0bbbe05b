"""Somebody confirms the authenticator by its first code: from then on a sign-in asks for one."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.guessing import Guess
from app.kernel.security.one_time_codes import as_typed, new_recovery_codes, step_of
from app.kernel.security.sealing import Keyring
from app.kernel.throttle import Throttle
from app.services.identity.challenges import ENROLMENT, opened, over
from app.services.identity.enrol_second_factor import factor_exists
from app.services.identity.second_factors import marked_for, wrong_code
from app.store import identity as store


async def confirm_second_factor(
    context: WriteContext, *, throttle: Throttle, keyring: Keyring, challenge: str, code: str
) -> list[str]:
    """The recovery codes, shown once. The code is used up; every token given before, without a code, stops."""
    begun = opened(keyring, ENROLMENT, challenge, now=context.now)
    account = await store.held(context.session, UUID(begun.account))
    if account is None or not begun.is_to(account):
        raise over()
    if await store.second_factor(context.session, account.id) is not None:
        raise factor_exists()
    step = step_of(begun.secret, as_typed(code), now=context.now)
    if step is None:
        raise wrong_code()
    context.session.add(
        store.SecondFactor(
            created_at=context.now,
            account_id=account.id,
            secret=begun.secret,
            last_step=step,
        )
    )
    codes = new_recovery_codes()
    for recovery in codes:
        mark = keyring.mark(as_typed(recovery).encode(), purpose=marked_for(account))
        context.session.add(store.RecoveryCode(created_at=context.now, account_id=account.id, mark=mark))
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    await throttle.guessed_right(context.session, Guess(tuple(begun.attempt), None))
    audit.record(context, "confirm_second_factor", "account", account.id)
    return codes
