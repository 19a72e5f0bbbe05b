"""Fetching a small document of somebody else's, by TLS, from an address that was looked at: the host is resolved here,
every address that it has must be public, and the connection goes to the one that was looked at. Redirects are not
followed, proxies of the environment not used."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit, urlunsplit

import anyio
import httpx

from app.kernel.webhooks import is_public, url_fault

_SECONDS = 5.0
_MAX_ADDRESSES = 4


class NotFetched(OSError):
    """It is away, not where it may be, or not what was asked for."""


async def fetch(url: str, *, limit: int, allow_private: bool) -> bytes:
    """The document at the address, of at most `limit` bytes; `NotFetched` otherwise."""
    # The operator has set the address, its port with it.
    if url_fault(url, allow_private=allow_private, ports=None) is not None:
        raise NotFetched("not an address that is fetched from")
    try:
        with anyio.fail_after(_SECONDS):
            return await _fetch(url, limit, allow_private=allow_private)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise NotFetched(type(error).__name__) from error


async def _fetch(url: str, limit: int, *, allow_private: bool) -> bytes:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await anyio.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))[:_MAX_ADDRESSES]
    if not allow_private and not all(is_public(address) for address in addresses):
        raise NotFetched("not public")
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), trust_env=False, follow_redirects=False, timeout=_SECONDS
    ) as client:
        for address in addresses:
            try:
                return await _read(client, address, port, parts.geturl(), limit)
            except httpx.ConnectError:
                continue
    raise NotFetched("nobody answers")


async def _read(client: httpx.AsyncClient, address: str, port: int, url: str, limit: int) -> bytes:
    parts = urlsplit(url)
    place = f"[{address}]" if ":" in address else address
    # Host and certificate are the name's, the connection goes to the address.
    request = client.build_request(
        "GET",
        urlunsplit((parts.scheme, f"{place}:{port}", parts.path or "/", parts.query, "")),
        headers={"host": parts.netloc, "accept": "application/json"},
        extensions={"sni_hostname": parts.hostname},
    )
    response = await client.send(request, stream=True)
    try:
        if response.status_code != httpx.codes.OK:
            raise NotFetched("another status")
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > limit:
                raise NotFetched("too long")
        return bytes(content)
    finally:
        await response.aclose()
