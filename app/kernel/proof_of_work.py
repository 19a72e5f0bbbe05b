"""A small proof of work (the only module that knows the library, ALTCHA): it costs a machine half a second, which a
person does not feel and a flood does."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from hashlib import sha256

from app.kernel.security.sealing import Keyring

LIFETIME = timedelta(minutes=10)
_PURPOSE = "proof-of-work"
_ALGORITHM = "SHA-256"
# Of the derived key; four thousand tries on average, each of so many hashes.
_PREFIX = "000"
_HASHES = 50
MAX_PROOF = 4096


class NoProof(ValueError):
    """It proves nothing: not of a challenge of ours, not solved, or over."""


def challenge(keyring: Keyring, *, now: datetime) -> tuple[str, datetime]:
    """A challenge as JSON in base64, as the library's clients take it once decoded, and when it ends. Nothing is stored
    for it."""
    from altcha import create_challenge

    ends = now + LIFETIME
    made = create_challenge(
        _ALGORITHM,
        _HASHES,
        key_prefix=_PREFIX,
        # By our clock, and signed with the rest.
        data={"until": ends.timestamp()},
        hmac_secret=_secret(keyring),
    )
    return base64.b64encode(json.dumps(made.to_dict()).encode()).decode(), ends


def proven(keyring: Keyring, proof: str, *, now: datetime) -> str:
    """By what a solved challenge is known, to be taken once. `proof`: challenge and solution as JSON in base64, as the
    library's clients send them. Raises NoProof."""
    from altcha import verify_solution

    if len(proof) > MAX_PROOF or not verify_solution(proof, _secret(keyring)).verified:
        raise NoProof
    # Signed by us, so of our form.
    signed = json.loads(base64.b64decode(proof))["challenge"]
    if signed["parameters"]["data"]["until"] < now.timestamp():
        raise NoProof
    return sha256(f"proof:{signed['parameters']['nonce']}".encode()).hexdigest()


def _secret(keyring: Keyring) -> str:
    return keyring.mark(b"challenge", purpose=_PURPOSE)
