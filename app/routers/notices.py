"""Public notices."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.publicity import NoticeKind
from app.measures.roles import Role
from app.schemas.common import PageOut, page_view
from app.schemas.notices import NoticeOut
from app.services.notices import publish_notice
from app.web.frozen import NOT_MODIFIED, FrozenRows, frozen_answer
from app.web.policy import Paging, Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["notices"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art10.proposes")]


@router.get("/notices", summary="Public notices")
async def list_notices(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
    round_id: UUID | None = None,
    kind: NoticeKind | None = None,
) -> PageOut[NoticeOut]:
    """Publications through news media, newest first (Art. 17, 21, 26, 28)."""
    page = await publish_notice.list_notices(context, request=paging, round_id=round_id, kind=kind)
    return page_view(page, NoticeOut.model_validate)


@router.get("/notices/{notice_id}", summary="A public notice", response_model=NoticeOut, responses=NOT_MODIFIED)
async def read_notice(
    notice_id: UUID, request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> Response:
    """One publication with the hash of its body (Art. 17, 21, 26, 28). What is published stays as it is: a correction
    is a notice of its own."""
    rows: FrozenRows = request.app.state.frozen_rows
    found = rows.find(notice_id)
    if found is None:
        row = await publish_notice.read_notice(context, notice_id=notice_id)
        found = rows.keep(notice_id, frozen_answer(NoticeOut.model_validate(row)))
    return found.answer(request)
