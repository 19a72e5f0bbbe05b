"""The register, one award, the verification of a certificate, exclusions (Arts. 22, 23, 26, 28, 31)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.kernel.stored import read_parameters
from app.measures.findings import Outcome
from app.measures.publicity import NoticeKind
from app.measures.title_use import TitleUse, TitleUseKind, title_use_allowed
from app.measures.validity import AwardFacts, RevokedUnder
from app.pages.asking import Declined, all_of, found, items_of, read
from app.pages.rendering import ENGLISH, HEADERS, is_english, page, text, today
from app.pages.route import Pages, kept

pages = Pages()
_ON_A_PAGE = 25
_OF_A_PAPER = re.compile(r"\s*w\d{4}-", re.IGNORECASE)
_UNREADABLE = 422
_STATUSES = ("valid", "expired", "revoked")


@pages.page("/register")
async def show_register(request: Request) -> Response:
    """The register of awards: by name, year and status."""
    wanted = {name: request.query_params.get(name, "").strip() for name in ("name", "year", "status", "cursor")}
    try:
        return await kept(request, lambda: _register(request, wanted))
    except Declined as refused:
        if refused.told.status != _UNREADABLE:
            raise
        return _unclear(request, wanted, refused.told.body)


async def _register(request: Request, wanted: Mapping[str, str]) -> str:
    told = await read(request, "/v1/awards", **wanted, limit=_ON_A_PAGE)
    return text(
        request,
        "register.html",
        awards=told["items"],
        next=told["next_cursor"],
        wanted=wanted,
        statuses=_STATUSES,
        faults=[],
    )


def _unclear(request: Request, wanted: Mapping[str, str], problem: Mapping[str, object]) -> Response:
    faults = [item["message"] for item in items_of(problem, "errors")] or [problem["detail"]]
    return page(
        request,
        "register.html",
        status=422,
        awards=[],
        next=None,
        wanted=wanted,
        statuses=_STATUSES,
        faults=faults,
    )


@pages.page("/awards/{award_id}")
async def show_award(request: Request, award_id: UUID) -> Response:
    """One award: its round and decree, until when it is valid, where its title may stand now."""
    return await kept(request, lambda: _award(request, award_id))


async def _award(request: Request, award_id: UUID) -> str:
    award = await read(request, f"/v1/awards/{award_id}")
    round_ = await found(request, f"/v1/rounds/{award['round_id']}")
    shared = await read(request, f"/v1/awards/{award_id}/sharing-activities", limit=50)
    return text(
        request,
        "award.html",
        award=award,
        round=round_,
        shared=shared["items"],
        uses=_uses(request, award, round_),
        notices=await _told_of(request, award),
    )


async def _told_of(request: Request, award: Mapping[str, object]) -> list[dict[str, object]]:
    """The notices that told of the revocation of an award, and of its annulment, oldest first; none of one that was
    never revoked."""
    if award["revoked_on"] is None and award["revocation_annulled_on"] is None:
        return []
    kinds = (NoticeKind.REVOCATION.value, NoticeKind.ANNULMENT.value)
    listed = [item for kind in kinds for item in await all_of(request, "/v1/notices", kind=kind)]
    own = [item for item in listed if _body(item).get("certificate_number") == award["certificate_number"]]
    return sorted(own, key=lambda item: str(item["id"]))


def _body(notice: Mapping[str, object]) -> Mapping[str, object]:
    body = notice["body"]
    return body if isinstance(body, dict) else {}


def _uses(
    request: Request, award: Mapping[str, object], round_: Mapping[str, object] | None
) -> list[dict[str, object]]:
    """Each use of the title, and what the measures say of it today."""
    if round_ is None or not isinstance(frozen := round_["parameters"], dict):
        return []
    year = int(str(award["award_year"]))
    revoked, under = award["revoked_on"], award["revoked_under"]
    facts = AwardFacts(
        str(award["awarded_name"]),
        date.fromisoformat(str(award["conferred_on"])),
        year,
        None if revoked is None else date.fromisoformat(str(revoked)),
        None if under is None else RevokedUnder(str(under)),
    )
    told = []
    for kind in TitleUseKind:
        use = TitleUse(kind, today(request), year)
        findings = title_use_allowed(use=use, award=facts, parameters=read_parameters(frozen))
        messages = [item.message for item in findings]
        told.append(
            {
                "kind": kind,
                "allowed": all(item.outcome is Outcome.PASS for item in findings),
                "why_zh": "；".join(item.zh for item in messages),
                "why_en": "; ".join(item.en for item in messages),
            }
        )
    return told


@pages.page("/verify")
async def ask_for_number(request: Request) -> Response:
    """Verify by number: from the form to the certificate's own address."""
    number = request.query_params.get("number", "").strip()
    on = request.query_params.get("on", "").strip()
    if not number:
        return await kept(request, lambda: _form(request))
    where = f"{ENGLISH if is_english(request) else ''}/verify/{quote(number, safe='')}"
    return RedirectResponse(where + (f"?on={quote(on)}" if on else ""), 303, HEADERS)


async def _form(request: Request) -> str:
    return text(request, "verify.html", certificate=None, paper=None, notices=[], number="", on="", faults=[])


@pages.page("/verify/{number}")
async def verify_certificate(request: Request, number: str) -> Response:
    """What a certificate is worth, today or on another day, or what is known of another paper: where their QR codes
    lead."""
    on = request.query_params.get("on", "").strip()
    try:
        return await kept(request, lambda: _certificate(request, number, on))
    except Declined as refused:
        told = refused.told
        if told.status not in (404, _UNREADABLE):
            raise
        faults = [item["message"] for item in items_of(told.body, "errors")] or [told.body["detail"]]
        return page(
            request,
            "verify.html",
            status=told.status,
            certificate=None,
            paper=None,
            notices=[],
            number=number,
            on=on,
            faults=faults,
        )


async def _certificate(request: Request, number: str, on: str) -> str:
    # The papers of the service lead here as well: their numbers are no certificates'.
    if _OF_A_PAPER.match(number):
        paper = await read(request, f"/v1/papers/{number.strip().upper()}")
        return text(request, "verify.html", certificate=None, paper=paper, notices=[], number=number, on="", faults=[])
    told = await read(request, f"/v1/certificates/{number}", on=on)
    notices = await _told_of(request, told)
    return text(request, "verify.html", certificate=told, paper=None, notices=notices, number=number, on=on, faults=[])


@pages.page("/exclusions")
async def list_exclusions(request: Request) -> Response:
    """Who may not take part, and until when."""
    return await kept(request, lambda: _exclusions(request))


async def _exclusions(request: Request) -> str:
    told = await read(request, "/v1/exclusions", limit=50, cursor=request.query_params.get("cursor"))
    return text(request, "exclusions.html", exclusions=told["items"], next=told["next_cursor"])
