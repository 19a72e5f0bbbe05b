"""Codes of an authenticator (TOTP, RFC 6238) and recovery codes in their place, by a kept library."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

ISSUER = "会昌独好质量奖"
# The device's clock may be half a minute off.
_STEPS_AROUND = 1
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 16
_GROUP = 4


def new_secret() -> str:
    """160 bits in base32, as authenticators take them."""
    import pyotp

    return pyotp.random_base32()


def address_of(secret: str, *, login: str) -> str:
    """The secret as an `otpauth:` address, which a portal shows as a QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step of which this is the code, the present one or one beside it; None where it is of none."""
    import pyotp

    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=_STEPS_AROUND)
    except pyotp.exceptions.OTPVerificationError:
        return None


def new_recovery_codes() -> list[str]:
    """Ten codes of 128 bits, as people write them down: 26 signs in groups, `abcd-efgh-…`."""
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(_RECOVERY_CODES)]


def _grouped(drawn: bytes) -> str:
    text = base64.b32encode(drawn).decode().rstrip("=").lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def as_typed(code: str) -> str:
    """A code without what people put between its signs."""
    return "".join(sign for sign in code.lower() if sign.isalnum())
