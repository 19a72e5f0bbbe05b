"""Records what the service answers in its tests, as examples for the contract: `make examples`.

Of each operation that answers JSON the fullest answer of a reasonable size is kept, with the request that brought it.
What differs from run to run (ids, secrets, hashes) is replaced by something of the same form, so that a new recording
changes only what the service has changed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.contract_examples import shortened
from app.web.contract_layout import layout

ROOT = Path(__file__).parent.parent.parent
TARGET = ROOT / "app" / "static" / "examples.json"
# An example is read by people: longer ones tell no more.
_LONGEST = 5_000
_SECRETS = {
    "access_token": "eyJhbGciOiJFUzI1NiJ9.sample.sample",
    "refresh_token": "sample-refresh-token",
    "password": "sample-password-of-your-own",
    "new_password": "another-sample-password",
    "old_password": "sample-password-of-your-own",
    "invitation": "sample-invitation-of-the-service",
    "acceptance_code": "sample-code-of-the-service",
    "challenge": "sample-challenge-of-the-service",
    "totp_secret": "SAMPLESECRETOFTHESERVICE",
    "otpauth_uri": "otpauth://totp/sample?secret=SAMPLESECRETOFTHESERVICE",
    "recovery_codes": "abcd-efgh-ijkl-mnop",
    "outside_token": "eyJhbGciOiJSUzI1NiJ9.sample.sample",
    "client_secret": "sample-client-secret",
    "tracking_code": "sample-receipt-code",
    "next_cursor": "sample-cursor",
    "cursor": "sample-cursor",
    "x": "sample-coordinate-x",
    "y": "sample-coordinate-y",
    "kid": "sample-kid",
    "signed": "sample-header.sample-content.sample-signature",
}
_CODE = re.compile(r"\d{6}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
# Full-width letters and digits are taken, and told as usual ones: an example shows those.
# Nor what tries how long or how rare a text may be.
_UNUSUAL = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U00020000-\U0003ffff]|(.)\\1{11}")
# A sentence that would be wider than the page.
_WIDE = re.compile(r'"(message|remedy)(_en|_zh)?": "[^"]{80,}"')
# The number of a paper, which is drawn.
_PAPER = re.compile(r"W[0-9]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}")
_SECRET_TEXT = re.compile(r"(?<![A-Za-z0-9_+/-])(whsec_)?[A-Za-z0-9_+/-]{43}=?(?![A-Za-z0-9_+/=-])")


# What a reader who copies the request would not want, by operation: the fullest is not always the one that serves.
_SERVES: dict[str, Callable[[Any, Any], bool]] = {
    # Without a name, contact or facts it is informal.
    "take_objection": lambda _request, response: response.get("classification") == "formal",
    # A whole form, with nothing that only some rounds ask for.
    "edit_application": lambda request, _response: (
        len(request.get("content", {}).get("figures", ())) == 3 and not request["content"].get("indicators")
    ),
    # Who makes an account of a person is shown the invitation.
    "create_account": lambda request, _response: request.get("kind", "person") == "person",
    # The way in of most people.
    "issue_token": lambda request, _response: request.get("grant_type") == "password",
    # One that is read at a glance.
    "read_form": lambda _request, response: response.get("name") == "take_objection",
    # What needs no rule beside it.
    "read_problem_kind": lambda _request, response: response.get("code") == "concurrent_change",
    # A letter's number is of the year in which it is signed.
    "endorse_application": lambda request, _response: "letter_number" not in request,
}


class Recorder:
    """ASGI, around the application: notes each answer of success."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app, self._folder = app, folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent, answered = bytearray(), bytearray()
        start: dict[str, Any] = {}

        async def heard() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            answered.extend(message.get("body", b""))
            await send(message)

        await self._app(scope, heard, told)
        if start.get("status", 500) < 300 and b"dry_run" not in scope["query_string"]:
            self._note(scope, bytes(sent), bytes(answered), start["headers"])

    def _note(self, scope: Scope, sent: bytes, answered: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        route = scope.get("route")
        names = sorted(name.decode().lower() for name, _ in headers)
        if dict(headers).get(b"content-encoding") == b"gzip":
            answered = gzip.decompress(answered)
        response = _loaded(answered, dict(headers).get(b"content-type", b""))
        if route is None or not route.include_in_schema:
            return
        request = _loaded(sent, dict(scope["headers"]).get(b"content-type", b""))
        found = {"request": shortened(request), "response": shortened(response), "headers": names}
        with (self._folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps([route.name, _settled(found)], ensure_ascii=False, sort_keys=False) + "\n")


def collect(folder: Path) -> dict[str, Any]:
    """The best recording of each operation; the same whatever the order of the tests was."""
    best: dict[str, tuple[tuple[bool, bool, bool, int, str], Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        # Not by `splitlines`: what a test typed may hold a separator of lines of another kind.
        for line in path.read_text(encoding="utf-8").strip("\n").split("\n"):
            operation, found = json.loads(line)
            text = json.dumps(found, ensure_ascii=False, sort_keys=True)
            plain = not (_UNUSUAL.search(text) or _WIDE.search(text))
            serves = operation not in _SERVES or _SERVES[operation](found["request"] or {}, found["response"] or {})
            rank = (serves, True, plain, _fullness(found), text)
            if len(text) > _LONGEST:
                rank = (serves, False, plain, -len(text), text)
            if operation not in best or rank > best[operation][0]:
                best[operation] = (rank, found)
    return {operation: best[operation][1] for operation in sorted(best)}


def _loaded(body: bytes, media: bytes) -> Any:
    if media.startswith(b"application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode()))
    return json.loads(body) if body and media.startswith(b"application/json") else None


def _settled(found: Any) -> Any:
    numbers: dict[str, int] = {}

    def number(text: str) -> int:
        return numbers.setdefault(text, len(numbers) + 1)

    def one(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: one(key, item) for key, item in value.items()}
        if isinstance(value, list):
            return [one(name, item) for item in value]
        if not isinstance(value, str):
            return value
        if name in _SECRETS:
            return _SECRETS[name]
        if name == "code" and _CODE.fullmatch(value):
            return "123456"
        value = _UUID.sub(lambda match: f"0190a1b2-c3d4-7e5f-8a9b-{number(match[0]):012d}", value)
        value = _HASH.sub(lambda match: hashlib.sha256(f"sample {number(match[0])}".encode()).hexdigest(), value)
        value = _PAPER.sub("W2024-7KQ4X-9MX2R", value)
        return _SECRET_TEXT.sub(lambda match: f"{match[1] or ''}sample-secret", value)

    return one("", found)


def _fullness(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_fullness(item) for item in value.values())
    if isinstance(value, list):
        return sum(_fullness(item) for item in value)
    return 0 if value in (None, "", False) else 1


def main() -> int:
    found = collect(Path(sys.argv[1]))
    TARGET.write_text(layout(found), encoding="utf-8")
    print(f"{len(found)} operations recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main())
