"""Challenges: what somebody brings back with the next step, so that nothing of a sign-in is kept between its steps.
Sealed: it can neither be read nor made by whoever holds it."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.security.sealing import Keyring, Unopened
from app.measures.text import Text
from app.store import identity as store

LASTS = timedelta(minutes=5)
# What a challenge is for: one of an enrolment does not sign in.
SIGN_IN = "challenge:sign-in"
ENROLMENT = "challenge:enrolment"


def challenge(keyring: Keyring, purpose: str, account: store.Account, *, now: datetime, secret: str = "") -> str:
    """A challenge to the account, as it is now: a change of its password voids it. `secret`: of a factor that is not
    enrolled yet."""
    content = {
        "account": str(account.id),
        "valid_from": account.tokens_valid_from.isoformat(),
        "until": (now + LASTS).isoformat(),
        "secret": secret,
    }
    sealed = keyring.seal(json.dumps(content).encode(), purpose=purpose)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def account_of(keyring: Keyring, purpose: str, given: str, *, now: datetime) -> UUID:
    """Whom the challenge is to; refused where it is none, or its time is over."""
    return UUID(_opened(keyring, purpose, given, now=now)["account"])


def secret_of(keyring: Keyring, purpose: str, given: str, account: store.Account, *, now: datetime) -> str:
    """The secret in the challenge; refused also where the account has changed since."""
    content = _opened(keyring, purpose, given, now=now)
    if content["account"] != str(account.id) or content["valid_from"] != account.tokens_valid_from.isoformat():
        raise over()
    return content["secret"]


def _opened(keyring: Keyring, purpose: str, given: str, *, now: datetime) -> dict[str, str]:
    try:
        sealed = base64.urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
        content: dict[str, str] = json.loads(keyring.open(sealed, purpose=purpose))
    except (Unopened, binascii.Error, UnicodeEncodeError) as error:
        raise over() from error
    if datetime.fromisoformat(content["until"]) <= now:
        raise over()
    return content


def over() -> Unauthenticated:
    """The refusal of a challenge."""
    return Unauthenticated(
        Text("此次登录已过时，请从口令开始重新登录", "This sign-in is over; begin again with the password"),
        code=ProblemCode.INVALID_GRANT,
    )
