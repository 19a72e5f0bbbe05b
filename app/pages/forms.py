"""Forms that work without script: read as JSON for the operation, shown again with what was typed and what is wrong.

A form carries a ticket: sealed, for its address, with the tracking code that its submission will have. It shows that
the form came from here; what is sent twice is one submission, and is shown the same code.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from app.kernel.errors import Forbidden
from app.kernel.security.passwords import fingerprint, random_secret
from app.kernel.security.sealing import Keyring, Unopened
from app.measures.text import Text
from app.pages.asking import Told, items_of

TICKET = "ticket"
_PURPOSE = "page form"
# Long enough to write an objection with care.
_STANDS = timedelta(hours=24)
_MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class Ticket:
    """What came with a form. `code`: the tracking code of its submission; `has_ended`: the form is too old."""

    code: str
    has_ended: bool

    @property
    def key(self) -> str:
        """The idempotency key of its submission, which tells nothing of the code."""
        return fingerprint(f"form:{self.code}")


@dataclass(slots=True)
class Form:
    """What was typed, by field, and what is wrong with it: at its field, and all of it together."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    ticket: str = ""
    # What the fields are called where they are shown: the summary above them says it.
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.faults or self.others)


def new_ticket(request: Request, path: str | None = None) -> str:
    """A ticket for the form that is sent to this address, or to the `path`."""
    content = {"code": random_secret(), "at": request.app.state.clock.now().isoformat()}
    sealed = _keyring(request).seal(json.dumps(content).encode(), purpose=_PURPOSE, bound=_place(request, path))
    return base64.urlsafe_b64encode(sealed).decode()


def ticket_of(request: Request, form: FormData) -> Ticket:
    """The ticket that came with a form; `Forbidden` where the form is not one of ours."""
    if not _is_from_here(request):
        raise _foreign()
    try:
        sealed = base64.urlsafe_b64decode(_one(form, TICKET))
        content = json.loads(_keyring(request).open(sealed, purpose=_PURPOSE, bound=_place(request)))
    except (Unopened, ValueError, binascii.Error) as error:
        raise _foreign() from error
    made = datetime.fromisoformat(content["at"])
    return Ticket(content["code"], request.app.state.clock.now() - made > _STANDS)


async def sent_form(request: Request) -> FormData:
    """The form as it was sent."""
    return await request.form(max_fields=_MOST_FIELDS, max_files=0)


def typed_in(form: FormData) -> dict[str, str]:
    """What was typed, by field; lines end as the service writes them."""
    return {
        name: value.replace("\r\n", "\n").replace("\r", "\n")
        for name, value in form.multi_items()
        if name != TICKET and not isinstance(value, UploadFile)
    }


def wrong(
    told: Told, typed: Mapping[str, str], *, fields: Collection[str] = (), back: Mapping[str, str] | None = None
) -> Form:
    """The form with what the operation has found wrong: each fault at the field that its pointer names. `fields`: those
    that a browser sends only where something is chosen; `back`: which place of the form a place of what was sent came
    from."""
    faults: dict[str, str] = {}
    others: list[str] = []
    for fault in items_of(told.body, "errors"):
        name = _field_of(str(fault["pointer"]).lstrip("/"), back or {})
        if name in typed or name in fields:
            faults.setdefault(name, str(fault["message"]))
        else:
            others.append(str(fault["message"]))
    others += [str(item["message"]) for item in items_of(told.body, "violations")]
    if not faults and not others:
        others.append(str(told.body.get("detail", "")))
    return Form(typed, faults, others)


def _field_of(pointer: str, back: Mapping[str, str]) -> str:
    for sent, shown in back.items():
        if pointer == sent or pointer.startswith(f"{sent}/"):
            return shown + pointer.removeprefix(sent)
    return pointer


def _is_from_here(request: Request) -> bool:
    """What the browser says of where the form was sent from. One that says neither is no browser of today: there the
    ticket alone decides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True
    own = {request.headers.get("host", ""), urlsplit(request.app.state.settings.public_base_url).netloc}
    # An origin is scheme, host and port, and nothing else (RFC 6454): what cannot be read as that is not ours.
    return origin.partition("://")[2] in own - {""}


def _foreign() -> Forbidden:
    return Forbidden(
        Text(
            "表单不是从本网站提交的。请在本网站打开表单，重新填写后提交",
            "The form was not sent from this site: open it here and send it again",
        )
    )


def _place(request: Request, path: str | None = None) -> bytes:
    return str(path or request.scope["path"]).encode()


def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.keyring
    return keyring


def _one(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
