"""The organisation's side of a case (Art. 26, 28): until when it is heard, what it has said, and its files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.measures.revocations import RevocationKind
from app.measures.roles import Role
from app.measures.state_machines import OPEN_REVOCATION_STATES, REVOCATION, RevocationState
from app.measures.text import Text
from app.services.applications.heard import Hearing, Term, opened, refuse_late
from app.services.lifecycle import require
from app.services.organisations.access import may_bind
from app.services.revocations.cases import visible_case
from app.store import revocations as store

_DECIDED = Text(
    "县政府已决定撤销，来函不作为陈述登记，可以注明在决定之后登记（after_decision）、随案存档；"
    "期限内收到的，连同收到日期报县政府，并告知该组织可以申请行政复议，撤销决定被复议撤销的予以登记",
    "The government has revoked, and no letter is entered as a statement any more; it can be filed with the case as "
    "one that is entered after the decision (`after_decision`). One that was in time goes to the government with its "
    "day of receipt, and the organisation is told of the administrative review, whose annulment is entered",
)
_UNDECIDED = Text(
    "县政府尚未决定撤销，来函按期限内的陈述登记",
    "The government has not revoked: a letter that came in time is entered as a statement",
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


def entering(*, after_decision: bool) -> str:
    """The act by which a letter is entered: as a statement, or filed with a case that is decided."""
    return "enter_statement_late" if after_decision else "enter_statement"


def not_now(row: store.Revocation, *, after_decision: bool) -> Text | None:
    """What whoever holds a letter is told where the state of the case refuses it: once the government has revoked it is
    filed, and what it says is put before the review or the government. None where the states' names say enough."""
    if after_decision:
        return None if row.state not in OPEN_REVOCATION_STATES else _UNDECIDED
    return _DECIDED if row.state == RevocationState.DECIDED else None


def may_be_heard(context: ReadContext, row: store.Revocation, *, after_decision: bool = False) -> None:
    """`Forbidden` or `Conflict` unless the caller speaks for the organisation, in time; the office does so for a
    letter of the organisation, which counts by its day, or is filed `after_decision`."""
    if context.actor.role is Role.OFFICE:
        told = not_now(row, after_decision=after_decision)
        require(context, REVOCATION, row, entering(after_decision=after_decision), message=told)
        return
    may_bind(context)
    require(context, REVOCATION, row, "make_statement")
    refuse_late(context, Term(RevocationKind(row.basis).rule_id, row.reply_due_at), "submit_revocation")
