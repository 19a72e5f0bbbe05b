"""A report of a forged or misused mark, or of a review that nobody may hold, by anybody (Art. 31)."""

from __future__ import annotations

from fastapi import Request, Response

from app.measures.title_use import MarkReportKind
from app.pages.asking import ask
from app.pages.forms import Form, new_ticket, sent_form, ticket_of, typed_in, wrong
from app.pages.rendering import page
from app.pages.route import Pages

pages = Pages()
_FIELDS = ("kind", "subject", "description", "reporter_name", "reporter_contact")


@pages.page("/report-mark")
async def show_report_form(request: Request) -> Response:
    """The form for a report."""
    return _form(request, Form())


@pages.page("/report-mark", posted=True)
async def send_report(request: Request) -> Response:
    """Take a report; answers it with its tracking code, which is shown on this page alone."""
    form = await sent_form(request)
    ticket, typed = ticket_of(request, form), typed_in(form)
    if ticket.has_ended:
        return _form(request, Form(typed, ticket="ended"), status=409)
    told = await ask(
        request,
        "/v1/mark-reports",
        said={name: typed[name] for name in _FIELDS if typed.get(name)},
        headers={"idempotency-key": ticket.key},
        tracking_code=ticket.code,
    )
    if told.is_done:
        return page(request, "report_taken.html", status=201, private=True, code=ticket.code)
    return _form(request, wrong(told, typed, fields=_FIELDS), status=told.status)


def _form(request: Request, form: Form, *, status: int = 200) -> Response:
    form.ticket, ended = new_ticket(request), form.ticket == "ended"
    return page(
        request, "report_mark.html", status=status, private=True, form=form, ended=ended, kinds=list(MarkReportKind)
    )
