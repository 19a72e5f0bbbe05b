"""What is put on record of a secret that was wrong, or was not looked at."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import StreamContext
from app.kernel.guessing import Guess
from app.kernel.refusals import Refusal, RefusalLog
from app.store import identity as store


def note_refused(
    refusals: RefusalLog, context: StreamContext, *, act: str, account: store.Account | None, guess: Guess | None
) -> None:
    """Note a wrong secret, and a lock that it made; `guess` None: a door was shut, and nothing was looked at. A login
    that there is none of is not written down: it may be a password."""
    what = "not_looked_at" if guess is None else "wrong_secret"
    _note(refusals, context, act, account, ("why", what))
    if guess is not None and guess.shuts_for is not None:
        _note(refusals, context, "lock_sign_in", account, ("seconds", int(guess.shuts_for.total_seconds())))


def note_wrong_code(
    refusals: RefusalLog, context: StreamContext, *, act: str, account_id: UUID, looked_at: bool
) -> None:
    """Note a wrong code after a right secret: somebody has the secret, who may not be its owner. `looked_at`: False
    where there were too many before, and nothing was looked at."""
    actor = context.actor
    refusal = Refusal(
        act,
        "account",
        account_id,
        actor_id=actor.account_id,
        actor_role=actor.recorded_as,
        session_id=actor.session_id,
        origin=actor.origin,
        details=(("why", "wrong_code" if looked_at else "code_not_looked_at"),),
    )
    refusals.note(refusal, at=context.now, request_id=context.request_id)


def _note(
    refusals: RefusalLog,
    context: StreamContext,
    act: str,
    account: store.Account | None,
    told: tuple[str, str | int],
) -> None:
    actor = context.actor
    refusal = Refusal(
        act,
        "account",
        None if account is None else account.id,
        actor_id=actor.account_id,
        actor_role=actor.recorded_as,
        session_id=actor.session_id,
        origin=actor.origin,
        details=(("login", None if account is None else account.login), told),
    )
    refusals.note(refusal, at=context.now, request_id=context.request_id)
