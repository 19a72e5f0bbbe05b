"""The audit log: entries by filter, and whether the chain holds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.kernel.context import ReadContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.schemas.audit import AuditCheckpointOut, AuditEntryOut, ChainOut
from app.schemas.common import Day, PageOut, page_view
from app.schemas.identity import Jwks
from app.schemas.words import SORTED, EntrySort
from app.services.audit import read
from app.store.sorting import Sort
from app.web.frozen import NOT_MODIFIED, frozen_answer
from app.web.policy import Paging, Route, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["audit"])

Word = Annotated[str | None, Query(pattern=Format.WORD.value)]


@router.get("/audit-entries", summary="The audit log")
async def list_audit_entries(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    act: Word = None,
    subject_type: Word = None,
    subject_id: UUID | None = None,
    round_id: UUID | None = None,
    since: Annotated[Day | None, Query(description="Only entries of this day in Shanghai and later.")] = None,
    until: Annotated[Day | None, Query(description="Only entries of this day in Shanghai and earlier.")] = None,
    sort: Annotated[EntrySort, Query(description=SORTED)] = Sort.NEWEST,
) -> PageOut[AuditEntryOut]:
    """Every act with the findings that it was decided on (Art. 10, 22, 29), newest first unless asked otherwise.
    Identities of objectors and bank accounts are not in it."""
    wanted = read.Filter(act, subject_type, subject_id, round_id, since, until)
    page = await read.list_entries(context, request=paging, wanted=wanted, sort=Sort(sort))
    return page_view(page, AuditEntryOut.model_validate)


@router.get("/audit-chain", summary="Verify the audit log")
async def verify_audit_chain(context: Annotated[ReadContext, reading(Role.AUDITOR)]) -> ChainOut:
    """Walks the whole chain and tells which entries were altered, are missing or were cut off (Art. 10, 22, 29)."""
    return ChainOut.model_validate(await read.verify_chain(context))


@router.get(
    "/audit-checkpoints",
    summary="Signed checkpoints of the audit log",
    response_model=PageOut[AuditCheckpointOut],
    responses=NOT_MODIFIED,
)
async def list_audit_checkpoints(
    request: Request, paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> Response:
    """How long the log was and where it ended, newest first (Art. 10, 29), signed for anybody to keep: one old copy
    shows a past that was rewritten or a log that was set back. Of what the log says nothing can be told from it."""
    page = await read.list_checkpoints(context, request=paging)
    return frozen_answer(page_view(page, AuditCheckpointOut.model_validate)).answer(request)


@router.get(
    "/audit-checkpoint-keys",
    summary="Public keys of the checkpoints",
    response_model=Jwks,
    responses=NOT_MODIFIED,
)
async def read_audit_checkpoint_keys(
    request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> Response:
    """The public keys, by `kid`, that verify the checkpoints (Art. 10, 29), as a JWKS (RFC 7517); those that sign no
    more stay. Keep them with the checkpoints."""
    return frozen_answer(Jwks.model_validate(request.app.state.checkpoint_keys.jwks)).answer(request)
