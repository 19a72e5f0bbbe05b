"""The address that a request comes from: that of the caller, behind a proxy that is believed."""

from __future__ import annotations

from collections.abc import Mapping

# What goes on record of an address that is none, as of a socket's.
_LONGEST = 64


def origin_of(scope: Mapping[str, object]) -> str | None:
    """The caller's address, as the server has found it (`AWARD_TRUSTED_PROXIES`); None where there is none."""
    client = scope.get("client")
    if not isinstance(client, tuple | list) or not client or not client[0]:
        return None
    return str(client[0])[:_LONGEST]
