"""Sending to the endpoints of others: signed, by TLS, to public addresses.

The host is resolved here and every address that it has must be public; the connection then goes to the address that was
looked at, so that a name which answers differently the second time gains nothing. Redirects are not followed,
proxies of the environment not used, answers not read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import SplitResult, urlsplit, urlunsplit

import anyio
import httpx
from standardwebhooks.webhooks import Webhook as Signer

from app.kernel.tracing import traceparent_of
from app.kernel.webhooks import Delivery, Message, is_public, url_fault

_SECONDS = 15.0


_GONE = 410


_MAX_ADDRESSES = 8


class WebhookSender:
    """Sends messages; used as a context."""

    def __init__(self, *, allow_private: bool, ports: Collection[int] = (443,)) -> None:
        self._allow_private, self._ports = allow_private, ports
        # The system's authorities, or those of SSL_CERT_FILE. No connection is kept: the pool knows it by its address,
        # and two names at one address are not each other.
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def __aenter__(self) -> WebhookSender:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.aclose()

    async def send(self, url: str, message: Message, *, secrets: Sequence[str], now: datetime) -> Delivery:
        """One attempt. Every secret signs: after a rotation the receiver may know the old one or the new."""
        fault = url_fault(url, allow_private=self._allow_private, ports=self._ports)
        if fault is not None:
            return Delivery(error=fault)
        headers = {
            "content-type": "application/json",
            "user-agent": "huichang-quality-award-webhooks",
            # Each attempt is a span of its own.
            "traceparent": traceparent_of(message.trace_id),
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Signer(secret).sign(message.id, now, message.body) for secret in secrets),
        }
        try:
            # The library's limits are those of each step; this is the one of the whole.
            with anyio.fail_after(_SECONDS):
                return await self._post(urlsplit(url), message.body, headers)
        except (TimeoutError, httpx.TimeoutException):
            return Delivery(error="timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Delivery(error="tls" if _is_of_tls(error) else "connection")

    async def _post(self, url: SplitResult, body: str, headers: dict[str, str]) -> Delivery:
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await _resolve(host, port)
        if not addresses:
            return Delivery(error="unresolved")
        if not self._allow_private and not all(is_public(address) for address in addresses):
            return Delivery(error="not_public")
        for address in addresses[:-1]:
            try:
                return await self._post_to(address, port, url, body, headers)
            except httpx.ConnectError:
                # Often a name has an address of each family, and one family has no way out.
                continue
        return await self._post_to(addresses[-1], port, url, body, headers)

    async def _post_to(self, address: str, port: int, url: SplitResult, body: str, headers: dict[str, str]) -> Delivery:
        place = f"[{address}]" if ":" in address else address
        pinned = urlunsplit((url.scheme, f"{place}:{port}", url.path or "/", url.query, ""))
        # Host and certificate are the name's, the connection goes to the address.
        request = self._client.build_request(
            "POST",
            pinned,
            content=body.encode(),
            headers={**headers, "host": url.netloc},
            extensions={"sni_hostname": url.hostname},
        )
        response = await self._client.send(request, stream=True)
        await response.aclose()
        if response.is_success:
            return Delivery()
        return Delivery(error=f"status_{response.status_code}", gone=response.status_code == _GONE)


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))[:_MAX_ADDRESSES]


def _is_of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
