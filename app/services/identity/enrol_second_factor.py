"""Somebody begins to enrol an authenticator: the secret is shown, and kept nowhere until a code of it comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import Collision
from app.kernel.refusals import RefusalLog
from app.kernel.security.one_time_codes import address_of, new_secret
from app.kernel.security.sealing import Keyring
from app.kernel.throttle import Throttle
from app.services.identity.challenges import ENROLMENT, LASTS, challenge
from app.services.identity.issue_token import Claimed, proven
from app.store import identity as store


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The secret for the authenticator, also as an `otpauth:` address, and the challenge that comes back with its first
    code until it expires."""

    totp_secret: str
    otpauth_uri: str
    challenge: str
    expires_at: datetime


async def enrol_second_factor(
    context: StreamContext, *, throttle: Throttle, refusals: RefusalLog, keyring: Keyring, claimed: Claimed
) -> Enrolment:
    """A secret for whoever shows the password of an account without a second factor; counted as a sign-in is."""
    account, guess = await proven(context, throttle=throttle, refusals=refusals, claimed=claimed)
    async with context.reading() as looking:
        if await store.second_factor(looking.session, account.id) is not None:
            raise factor_exists()
    secret = new_secret()
    given = challenge(keyring, ENROLMENT, account, now=context.now, attempt=list(guess.doors), secret=secret)
    return Enrolment(secret, address_of(secret, login=account.login), given, context.now + LASTS)


def factor_exists() -> Collision:
    """The refusal of a second one."""
    return Collision(PROBLEMS[ProblemCode.SECOND_FACTOR_EXISTS].whole, code=ProblemCode.SECOND_FACTOR_EXISTS)
