"""The organisation's side of a case (Art. 26, 28): until when it is heard, and the files of its statement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.revocations import RevocationKind
from app.measures.roles import Membership, Role
from app.measures.state_machines import REVOCATION
from app.measures.text import Text
from app.services.lifecycle import require
from app.services.revocations.cases import visible_case
from app.store import revocations as store


async def download_file(
    context: StreamContext, *, revocation_id: UUID, file_id: UUID
) -> tuple[store.StatementFile, AsyncIterator[bytes]]:
    """A file's bytes, for the organisation itself and for those who work on the case, whose access goes on record."""
    async with context.reading() as reading:
        row, _ = await visible_case(reading, revocation_id)
        found = await reading.session.by_id(store.StatementFile, file_id)
    if found is None or found.revocation_id != row.id:
        raise NotFound("没有此文件", "No such file")
    pieces = await context.files.open_stream(found.storage_key)
    if context.actor.role is not Role.APPLICANT:
        write = await context.writing()
        audit.record(
            write, "open_statement_file", "statement_file", found.id, revocation_id=row.id, sha256=found.sha256
        )
    return found, pieces


def may_be_heard(context: ReadContext, row: store.Revocation) -> None:
    """`Forbidden` or `Conflict` unless the caller speaks for the organisation, in time and before its statement."""
    if context.actor.membership != Membership.SUBMIT:
        raise Forbidden(
            Text("只有具有提交权限的成员可以执行此操作", "Only a member who may submit can do this"),
            code=ProblemCode.SUBMIT_MEMBERSHIP_REQUIRED,
        )
    require(context, REVOCATION, row, "make_statement")
    rule_id = RevocationKind(row.basis).rule_id
    if row.stated_at is not None:
        made = fails(rule_id, Reason.ORGANISATION_HEARD, next_act="submit_revocation", at=row.stated_at.isoformat())
        raise Conflict(made, code=ProblemCode.STATEMENT_MADE)
    if context.now >= row.reply_due_at:
        due = row.reply_due_at.isoformat()
        over = fails(rule_id, Reason.REPLY_DEADLINE_PASSED, next_act="submit_revocation", ended_at=due)
        raise Conflict(over, code=ProblemCode.REPLY_DEADLINE_PASSED)
