"""The audit log: entries by filter, and whether the chain holds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.kernel.context import ReadContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.schemas.audit import AuditEntryOut, ChainOut
from app.schemas.common import PageOut, page_view
from app.services.audit import read
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
) -> PageOut[AuditEntryOut]:
    """Every act with the findings that it was decided on (Art. 10, 22, 29), newest first. Identities of objectors and
    bank accounts are not in it."""
    wanted = read.Filter(act, subject_type, subject_id, round_id)
    return page_view(await read.list_entries(context, request=paging, wanted=wanted), AuditEntryOut.model_validate)


@router.get("/audit-chain", summary="Verify the audit log")
async def verify_audit_chain(context: Annotated[ReadContext, reading(Role.AUDITOR)]) -> ChainOut:
    """Walks the whole chain and tells which entries were altered, are missing or were cut off (Art. 10, 22, 29)."""
    return ChainOut.model_validate(await read.verify_chain(context))
