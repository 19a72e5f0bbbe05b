"""Where a request comes from, as it is counted and put on record."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

# Of an IPv6 address the first half is a network of one household or house; whoever has it has all that is below.
_PREFIX = 64


def network_of(origin: str | None) -> str:
    """What is counted as one origin: an IPv4 address, the network of an IPv6 address, or what else stands there."""
    try:
        address = ip_address(origin or "")
    except ValueError:
        return (origin or "")[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _PREFIX), strict=False))
