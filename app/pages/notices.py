"""Notices as they were published, and to follow them (Arts. 17, 21, 26, 28)."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response

from app.measures.publicity import NoticeKind
from app.pages.asking import read
from app.pages.issued import issued_of_notice
from app.pages.rendering import text
from app.pages.rounds import newest_notices
from app.pages.route import ATOM, Pages, kept

pages = Pages()
_IN_THE_FEED = 30
_ON_A_PAGE = 20


@pages.page("/notices")
async def list_notices(request: Request) -> Response:
    """The notices, newest first; of one kind, where one is chosen."""
    return await kept(request, lambda: _notices(request))


async def _notices(request: Request) -> str:
    kind, cursor = request.query_params.get("kind") or None, request.query_params.get("cursor")
    told = await read(request, "/v1/notices", limit=_ON_A_PAGE, kind=kind, cursor=cursor)
    return text(
        request, "notices.html", notices=told["items"], next=told["next_cursor"], kind=kind, kinds=list(NoticeKind)
    )


@pages.page("/notices/{notice_id}")
async def show_notice(request: Request, notice_id: UUID) -> Response:
    """One notice with its hash, its media, and what has become of it."""
    return await kept(request, lambda: _notice(request, notice_id))


async def _notice(request: Request, notice_id: UUID) -> str:
    notice = dict(await read(request, f"/v1/notices/{notice_id}"))
    return text(request, "notice.html", notice=notice, papers=await issued_of_notice(request, notice))


@pages.page("/notices.atom")
async def follow_notices(request: Request) -> Response:
    """The newest notices for a reader of feeds (RFC 4287)."""
    return await kept(request, lambda: _feed(request), media_type=ATOM)


async def _feed(request: Request) -> str:
    return text(request, "notices.atom", notices=await newest_notices(request, _IN_THE_FEED))
