"""Challenges: what somebody brings back with the next step, so that nothing of a sign-in is kept between its steps.
Sealed: it can neither be read nor made by whoever holds it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from app.kernel.errors import NotGranted
from app.kernel.security.sealing import Keyring, Unopened
from app.measures.text import Text
from app.store import identity as store

LASTS = timedelta(minutes=5)
# What a challenge is for: one of an enrolment does not sign in.
SIGN_IN = "challenge:sign-in"
ENROLMENT = "challenge:enrolment"


@dataclass(frozen=True, slots=True)
class Challenge:
    """To whom, as the account was then; until when; what was counted as an attempt, and is taken back at the end; the
    secret of a factor that is not enrolled yet."""

    account: str
    valid_from: str
    until: str
    attempt: list[str]
    secret: str = ""

    def is_to(self, account: store.Account | None) -> bool:
        """Whether it is to this account as it is now: a change of its password voids it, and a deactivation."""
        return (
            account is not None
            and account.deactivated_at is None
            and self.account == str(account.id)
            and self.valid_from == account.tokens_valid_from.isoformat()
        )


def challenge(
    keyring: Keyring,
    purpose: str,
    account: store.Account,
    *,
    now: datetime,
    attempt: list[str],
    secret: str = "",
) -> str:
    """A challenge to the account, as it is given away."""
    content = Challenge(
        account=str(account.id),
        valid_from=account.tokens_valid_from.isoformat(),
        until=(now + LASTS).isoformat(),
        attempt=attempt,
        secret=secret,
    )
    sealed = keyring.seal(json.dumps(asdict(content)).encode(), purpose=purpose)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def opened(keyring: Keyring, purpose: str, given: str, *, now: datetime) -> Challenge:
    """The challenge that came back; refused where it is none of ours, for something else, or over."""
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        content = Challenge(**json.loads(keyring.open(sealed, purpose=purpose)))
    except (Unopened, binascii.Error, UnicodeEncodeError) as error:
        raise over() from error
    if datetime.fromisoformat(content.until) <= now:
        raise over()
    return content


def over() -> NotGranted:
    """The refusal of a challenge."""
    return NotGranted(
        Text("此次登录已过时，请从密码开始重新登录", "This sign-in is over; begin again with the password")
    )
