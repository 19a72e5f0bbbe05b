"""Where a request comes from, for counting: one household, one count."""

from __future__ import annotations

import ipaddress
from functools import lru_cache


@lru_cache(maxsize=4096)
def origin_of(address: str) -> str:
    """What counts as one origin: an address of IPv4; of IPv6 its /64, which a single line has. An address of IPv4
    that is written as one of IPv6 is the same one; anything else stands for itself."""
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(told, ipaddress.IPv6Address):
        if told.ipv4_mapped is not None:
            return str(told.ipv4_mapped)
        return str(ipaddress.ip_network((told, 64), strict=False))
    return str(told)
