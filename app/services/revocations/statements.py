"""The organisation's side of a case (Art. 26, 28): until when it is heard, what it has said, and its files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.measures.revocations import RevocationKind
from app.measures.roles import Role
from app.measures.state_machines import REVOCATION, RevocationState
from app.measures.text import Text
from app.services.applications.heard import Hearing, Term, opened, refuse_late
from app.services.lifecycle import require
from app.services.organisations.access import may_bind
from app.services.revocations.cases import visible_case
from app.store import revocations as store

_DECIDED = Text(
    "县政府已决定撤销，来函不再登记；期限内收到的，连同收到日期报县政府，"
    "并告知该组织可以申请行政复议，撤销决定被复议撤销的予以登记",
    "The government has revoked, and no letter is entered any more. One that was in time goes to the government with "
    "its day of receipt, and the organisation is told of the administrative review, whose annulment is entered",
)


async def hearing_of(context: ReadContext, row: store.Revocation) -> Hearing:
    """The hearing of a case as it stands."""
    return Hearing(
        RevocationKind(row.basis).rule_id,
        row.created_at,
        row.reply_due_at,
        await store.statements_of(context.session, row.id),
        await store.files_of(context.session, row.id),
        revocation_id=row.id,
    )


async def statements_of(context: ReadContext, row: store.Revocation) -> Sequence[store.PartyStatement]:
    """What the organisation has said, in the order in which it counts."""
    return await store.statements_of(context.session, row.id)


async def download_file(
    context: StreamContext, *, revocation_id: UUID, file_id: UUID
) -> tuple[store.StatementFile, AsyncIterator[bytes]]:
    """A file's bytes, for the organisation itself and for those who work on the case, whose access goes on record."""
    async with context.reading() as reading:
        row, _ = await visible_case(reading, revocation_id)
        found = await reading.session.by_id(store.StatementFile, file_id)
    return await opened(context, found, revocation_id=row.id)


def after_the_decision(row: store.Revocation) -> Text | None:
    """What whoever holds a letter is told once the government has revoked: the case is closed to it, and what it says
    is put before the review or the government. None before that."""
    return _DECIDED if row.state == RevocationState.DECIDED else None


def may_be_heard(context: ReadContext, row: store.Revocation) -> None:
    """`Forbidden` or `Conflict` unless the caller speaks for the organisation, in time; the office does so for a
    letter of the organisation, which counts by its day."""
    if context.actor.role is Role.OFFICE:
        require(context, REVOCATION, row, "enter_statement", message=after_the_decision(row))
        return
    may_bind(context)
    require(context, REVOCATION, row, "make_statement")
    refuse_late(context, Term(RevocationKind(row.basis).rule_id, row.reply_due_at), "submit_revocation")
