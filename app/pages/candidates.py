"""The candidates, and an objection to one of them by anybody (Arts. 20, 21)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fastapi import Request, Response

from app.kernel.errors import NotFound
from app.measures.dates import end_of_day
from app.measures.state_machines import CandidateState
from app.pages.asking import Declined, all_of, ask, found, items_of
from app.pages.forms import Form, new_ticket, sent_form, ticket_of, typed_in, wrong
from app.pages.issued import issued_of
from app.pages.rendering import page, text, today
from app.pages.rounds import newest_list, rounds
from app.pages.route import Pages, kept

pages = Pages()
FIELDS = ("name", "contact", "facts", "evidence")


@pages.page("/candidates")
async def list_candidates(request: Request) -> Response:
    """The names with the period in which anybody may object, and how many days of it are left."""
    return await kept(request, lambda: _candidates(request))


async def _candidates(request: Request) -> str:
    listed = await rounds(request)
    wanted = request.query_params.get("round")
    if wanted is None:
        told = await newest_list(request, listed)
    else:
        chosen = next((item for item in listed if item["id"] == wanted), None)
        told = None if chosen is None else await found(request, f"/v1/rounds/{chosen['id']}/candidate-list")
        if told is None:
            raise NotFound("没有此候选名单", "No such candidate list")
    names = [_dated(request, item) for item in items_of(told or {}, "candidates")]
    of_round = next((item for item in listed if told is not None and item["id"] == told["round_id"]), None)
    papers = [] if told is None else await issued_of(request, "rounds", told["round_id"])
    return text(request, "candidates.html", list=told, names=names, round=of_round, papers=papers)


def _dated(request: Request, item: Mapping[str, object]) -> dict[str, object]:
    """A name with the days that are left of its period, the present one included; none where it is over."""
    ends = str(item["last_day"] or "")
    now = request.app.state.clock.now()
    last = date.fromisoformat(ends) if ends else None
    running = last is not None and now < end_of_day(last) and item["state"] == CandidateState.LISTED
    return {**item, "days_left": (last - today(request)).days + 1 if running and last is not None else None}


@pages.page("/candidates/{candidate_id}/objection")
async def show_objection_form(request: Request, candidate_id: UUID) -> Response:
    """The form to object to a name."""
    return await _form(request, candidate_id, Form())


@pages.page("/candidates/{candidate_id}/objection", posted=True)
async def send_objection(request: Request, candidate_id: UUID) -> Response:
    """Take an objection; answers it with its tracking code, which is shown on this page alone."""
    form = await sent_form(request)
    ticket, typed = ticket_of(request, form), typed_in(form)
    if ticket.has_ended:
        return await _form(request, candidate_id, Form(typed, ticket="ended"), status=409)
    proof = typed.pop("proof", "")
    said = {name: typed.get(name) or None for name in FIELDS}
    told = await ask(
        request,
        f"/v1/candidates/{candidate_id}/objections",
        said=said,
        headers={"idempotency-key": ticket.key} | ({"proof-of-work": proof} if proof else {}),
        tracking_code=ticket.code,
    )
    if told.is_done:
        where = "/follow"
        return page(
            request,
            "objection_taken.html",
            status=201,
            private=True,
            code=ticket.code,
            told=told.body,
            ticket=new_ticket(request, upload_place(request)),
            follow=where,
        )
    if told.status == 404:
        raise Declined(told)
    challenge = await ask(request, "/v1/proof-challenge") if told.body.get("code") == "work_required" else None
    return await _form(
        request,
        candidate_id,
        wrong(told, typed),
        status=told.status,
        challenge=None if challenge is None else challenge.body["challenge"],
    )


def upload_place(request: Request) -> str:
    """The address that takes evidence, in the language of this page."""
    path: str = request.scope["path"]
    return f"{'/en' if path.startswith('/en/') else ''}/follow/evidence"


async def _form(
    request: Request, candidate_id: UUID, form: Form, *, status: int = 200, challenge: object = None
) -> Response:
    name = await _name(request, candidate_id)
    shown = _dated(request, name)
    form.ticket, ended = new_ticket(request), form.ticket == "ended"
    return page(
        request,
        "objection.html",
        status=status,
        private=True,
        candidate=shown,
        form=form,
        ended=ended,
        challenge=challenge,
    )


async def _name(request: Request, candidate_id: UUID) -> dict[str, object]:
    """The name on a published list; `NotFound` where it is on none."""
    for item in await all_of(request, "/v1/rounds"):
        told = await found(request, f"/v1/rounds/{item['id']}/candidate-list")
        for name in items_of(told or {}, "candidates"):
            if name["id"] == str(candidate_id):
                return name
    raise NotFound("没有此候选", "No such candidate")
