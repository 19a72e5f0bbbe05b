"""Messages to the endpoints of others, by the Standard Webhooks specification, and which addresses these may have.

A unit names the address, so it must not lead into our own network. `webhook_sender` sends.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.kernel.error_codes import FieldCode

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# The IANA registries of special-purpose addresses (RFC 6890), as of 2025: what they hold is nobody's to be reached at.
# Python's own list grows with its versions, and an older one runs too.
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32"),
        *("2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


MAX_URL = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `id` is the same at every attempt, `body` the JSON that is signed, `trace_id` that of the act that
    it tells of."""

    id: str
    body: str
    trace_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an attempt ended. `gone`: the receiver wants no more (410). `error` is a short code, None where it was
    taken."""

    error: str | None = None
    gone: bool = False

    @property
    def taken(self) -> bool:
        return self.error is None


def message(
    *, event_id: str, kind: str, at: datetime, data: Mapping[str, object], trace_id: str | None = None
) -> Message:
    """A message of the specification's form: `type`, `timestamp`, `data`. Without a trace it is one of its own."""
    body = {"type": kind, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    told = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Message(id=f"msg_{event_id}", body=told, trace_id=trace_id or event_id)


def url_fault(url: str, *, allow_private: bool, ports: Collection[int] | None) -> FieldCode | None:
    """What is wrong with an endpoint's address; None where it may be used: one of these ports, where there are
    any and no private addresses are allowed. Names are resolved when they are called, not here."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return FieldCode.NOT_A_URL
    if not host or not url.isascii() or not url.isprintable() or " " in url or len(url) > MAX_URL:
        return FieldCode.NOT_A_URL
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        return FieldCode.NOT_HTTPS
    if parts.username is not None or parts.password is not None or parts.fragment:
        return FieldCode.CREDENTIALS_OR_FRAGMENT
    if allow_private:
        return None
    literal = _literal(host)
    if (literal is not None and not is_public(literal)) or host.rstrip(".").rpartition(".")[2] in (
        "localhost",
        "local",
    ):
        return FieldCode.NOT_PUBLIC
    if ports is not None and (443 if port is None else port) not in ports:
        return FieldCode.PORT_NOT_ALLOWED
    return None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network; those that stand for another count as that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    if any(ip in network for network in _SPECIAL if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None
