"""A token of the outside provider is exchanged once (Art. 2, 3): whoever finds one in a log has nothing, however the
signature under it is written."""

import base64
from collections.abc import Iterator

import pytest

from sandbox.world import ok
from tests.api.test_identity_outside import Served, exchange, key, keys, outside, settings
from tests.support.openid import Key

__all__ = ["key", "keys", "outside", "settings"]


def written_otherwise(token: str, *, curve: bool) -> Iterator[str]:
    """The same token with its signature written in other ways: signs that are no base64, spare bits, and of a curve
    the other one of the two signatures that fit."""
    signed, _, signature = token.rpartition(".")
    yield f"{signed}.{signature}!"
    yield f"{signed}.{signature[:9]}\n{signature[9:]}"
    yield f"{signed}.{signature}=="
    # Of the last sign two or four bits say nothing.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield f"{signed}.{signature[:-1]}{alphabet[alphabet.index(signature[-1]) | 1]}"
    if curve:
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        both = base64.urlsafe_b64decode(f"{signature}==")
        other = both[:32] + (order - int.from_bytes(both[32:])).to_bytes(32)
        yield f"{signed}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}"


@pytest.mark.parametrize("curve", [False, True])
def test_a_token_is_exchanged_once_however_its_signature_is_written(outside: Served, key: Key, curve: bool) -> None:
    chosen = Key("curve", curve=True) if curve else key
    outside.keys.keys = [chosen.jwk]
    token = chosen.sign(outside.claims())
    ok(exchange(outside.world, token))
    for again in (token, *written_otherwise(token, curve=curve)):
        # What is no token by its signs alone is refused as that.
        assert exchange(outside.world, again).status_code == 400, again
