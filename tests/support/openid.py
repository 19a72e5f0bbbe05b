"""An OpenID provider that is not ours, as a process of its own on loopback; and a set of keys that a test holds itself,
to make the tokens that no provider gives."""

import base64
import contextlib
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwk, jwt

from sandbox import ports

_PATIENCE = 60
_RETURN = "http://127.0.0.1/portal"


@dataclass(slots=True)
class Provider:
    """A running provider. Started anew at the same place, it has another key."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """The provider's own command, as its guide has it."""
        command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWARD_")}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{self.address}/jwks", trust_env=False)
                return
            time.sleep(0.1)
        raise TimeoutError("the provider did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(_PATIENCE)

    def told(self) -> Any:
        """What the provider says of itself."""
        return httpx.get(f"{self.address}/.well-known/openid-configuration", trust_env=False).json()

    def id_token(self, subject: str, *, audience: str, nonce: str | None = None) -> str:
        """A sign-in at the provider by the code flow, as a portal does it; answers the ID token."""
        query = {
            "client_id": audience,
            "redirect_uri": _RETURN,
            "response_type": "code",
            "scope": "openid",
            "state": "sample",
        } | ({"nonce": nonce} if nonce else {})
        with httpx.Client(base_url=self.address, trust_env=False) as browser:
            back = browser.post("/oauth2/authorize", params=query, data={"sub": subject})
            code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _RETURN}
            answer = browser.post("/oauth2/token", data=form, auth=(audience, "sample"))
        return str(answer.json()["id_token"])


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """A provider on a free port of loopback, until the context ends."""
    with ports.port() as port:
        running = Provider(port)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def _coded(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


class Key:
    """A key pair of a test's own: `jwk` is its public half."""

    def __init__(self, kid: str, *, curve: bool = False, bits: int = 2048) -> None:
        self.algorithm = "ES256" if curve else "RS256"
        self.kid = kid
        if curve:
            pair = ec.generate_private_key(ec.SECP256R1())
            point = pair.private_numbers().public_numbers
            public = {"kty": "EC", "crv": "P-256", "x": _coded(point.x), "y": _coded(point.y)}
            self._private = public | {"d": _coded(pair.private_numbers().private_value)}
        else:
            numbers = rsa.generate_private_key(65537, bits).private_numbers()
            of_all = numbers.public_numbers
            public = {"kty": "RSA", "n": _coded(of_all.n), "e": _coded(of_all.e)}
            self._private = public | {name: _coded(getattr(numbers, name)) for name in ("d", "p", "q")}
            self._private |= {"dp": _coded(numbers.dmp1), "dq": _coded(numbers.dmq1), "qi": _coded(numbers.iqmp)}
        self.jwk: dict[str, Any] = public | {"kid": kid}
        # Made once: looking whether a private key is one takes a tenth of a second.
        self._signer = jwk.construct(self._private, self.algorithm)

    def sign(self, claims: dict[str, Any], *, named: bool = True, **header: Any) -> str:
        """A token with these claims; `named`: with the key's name in its header."""
        headers = {**({"kid": self.kid} if named else {}), **header}
        return str(jwt.encode(claims, self._signer, algorithm=self.algorithm, headers=headers))


class KeySet:
    """Keys behind an address of loopback; `asked` counts who came for them."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.asked = 0
        self.away = False
        self.said: bytes | None = None


@contextlib.contextmanager
def key_set() -> Iterator[tuple[KeySet, str]]:
    """A set of keys, and where it is served until the context ends."""
    kept = KeySet()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked += 1
            body = kept.said if kept.said is not None else json.dumps({"keys": kept.keys}).encode()
            self.send_response(503 if kept.away else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield kept, f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
