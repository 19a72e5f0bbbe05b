"""What became of an objection or a report, and evidence that is added to an objection (Arts. 21, 31). The code comes in
the form, never in an address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile

from app.kernel.errors import TooLarge
from app.kernel.throttle import Throttle
from app.measures.objections import ObjectionClass
from app.measures.text import Text
from app.pages.asking import Declined, Told, ask
from app.pages.candidates import upload_place
from app.pages.forms import Form, new_ticket, sent_form, ticket_of, typed_in
from app.pages.rendering import is_english, page
from app.pages.route import Pages

if TYPE_CHECKING:
    from starlette.types import Message, Receive

pages = Pages()
_FILES_AT_ONCE = 5
_PIECE = 64 * 1024
# What a form says around its files.
_AROUND = 64 * 1024
_UNKNOWN = Text(
    "没有此回执编码。请核对43个字符，区分大小写",
    "No such tracking code: it has 43 characters, and capitals differ from small letters",
)


@pages.page("/follow")
async def ask_for_code(request: Request) -> Response:
    """The form for a tracking code."""
    return _form(request, Form())


@pages.page("/follow", posted=True)
async def follow_code(request: Request) -> Response:
    """What became of what has this code. Every other code is answered alike, whatever it is."""
    form = await sent_form(request)
    ticket_of(request, form)
    return await _status(request, typed_in(form).get("code", "").strip(), [])


@pages.page("/follow/evidence", posted=True)
async def send_evidence(request: Request) -> Response:
    """Add files to an objection, by its code; each is answered by itself, so that one that is refused keeps none of the
    others back."""
    # Together as large as one may be: a proxy that stands before the service takes no larger body.
    most = request.app.state.settings.max_file_bytes + _AROUND
    form = await Request(request.scope, _up_to(request, most)).form(max_files=_FILES_AT_ONCE, max_fields=10)
    try:
        ticket = ticket_of(request, form)
        code = typed_in(form).get("code", "").strip()
        if ticket.has_ended:
            return await _status(request, code, [])
        taken = [await _send(request, code, item, f"{ticket.key}-{place}") for place, item in enumerate(_files(form))]
        return await _status(request, code, taken)
    finally:
        await form.close()


def _files(form: FormData) -> list[UploadFile]:
    return [item for item in form.getlist("file") if isinstance(item, UploadFile) and item.filename]


async def _send(request: Request, code: str, item: UploadFile, key: str) -> dict[str, object]:
    told = await ask(
        request,
        f"/v1/objection-status/{_segment(code)}/files",
        query={"filename": item.filename},
        sent=_pieces(item),
        headers={"content-length": str(item.size or 0), "idempotency-key": key},
    )
    return {"filename": item.filename, "taken": told.is_done, "told": told.body}


async def _pieces(item: UploadFile) -> AsyncIterator[bytes]:
    while piece := await item.read(_PIECE):
        yield piece


def _segment(code: str) -> str:
    """A code as one segment of a path, whatever was typed."""
    return code.replace("/", "_") or "_"


def _up_to(request: Request, most: int) -> Receive:
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge(
                Text(
                    "文件合计超过上限。您的异议已经收到，不受影响：请返回上一页，分几次上传",
                    "The files together are over the limit. Your objection stands: go back and send them one by one",
                )
            )
        return message

    return receive


async def _status(request: Request, code: str, taken: list[dict[str, object]]) -> Response:
    """The page of a code. Looking is counted, as a read of the API is."""
    throttle: Throttle = request.app.state.throttle
    throttle.read(request.client.host if request.client else "")
    for path, template in (("objection-status", "objection_status.html"), ("mark-report-status", "report_status.html")):
        told = await ask(request, f"/v1/{path}/{_segment(code)}")
        if told.is_done:
            return _shown(request, template, code, told, taken)
        if told.status not in (404, 422):
            raise Declined(told)
    # The same words for every code that leads to nothing, whatever is wrong with it.
    unknown = _UNKNOWN.en if is_english(request) else _UNKNOWN.zh
    form = Form({"code": code}, {"code": unknown})
    return _form(request, form, status=404)


def _shown(request: Request, template: str, code: str, told: Told, taken: list[dict[str, object]]) -> Response:
    refused = any(not item["taken"] for item in taken)
    return page(
        request,
        template,
        status=422 if refused else 200,
        private=True,
        status_=told.body,
        informal=told.body.get("classification") == ObjectionClass.INFORMAL,
        code=code,
        taken=taken,
        ticket=new_ticket(request, upload_place(request)),
    )


def _form(request: Request, form: Form, *, status: int = 200) -> Response:
    form.ticket = new_ticket(request)
    return page(request, "follow.html", status=status, private=True, form=form)
