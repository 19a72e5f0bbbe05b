"""The privacy notice: what personal data is processed for what, how long it is kept, and whose rights there are (Arts.
13, 21, 29, 31)."""

from __future__ import annotations

from fastapi import Request, Response

from app.pages.asking import items_of, read
from app.pages.rendering import text
from app.pages.route import Pages, kept

pages = Pages()


@pages.page("/privacy")
async def show_privacy_notice(request: Request) -> Response:
    """The notice in words: the purposes, each with its periods, what is kept for good, and the rights."""
    return await kept(request, lambda: _privacy(request))


async def _privacy(request: Request) -> str:
    notice = await read(request, "/v1/privacy-notice")
    periods = await read(request, "/v1/retention-periods")
    return text(
        request,
        "privacy.html",
        notice=notice,
        periods={item["data_class"]: item for item in items_of(periods)},
        kept_for_good=periods["kept_for_good"],
    )
