"""What is held of one account's person, read for that person alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import select

from app.store.applications.attachments import Attachment
from app.store.audit import AuditEntry
from app.store.base import page_of
from app.store.database import ReadSession
from app.store.identity import AccountSession, KnownOrigin
from app.store.objections import ObjectionFile
from app.store.recommendations.stamped_opinions import StampedOpinion
from app.store.reviewers import Appraisal, ConflictOfInterest, Undertaking
from app.store.reviews import Assignment, FileAccess
from app.store.revocations import StatementFile
from app.store.revocations.conferral_doubts import WithdrawalLetterFile

_Brought = Attachment | ObjectionFile | StampedOpinion | StatementFile | WithdrawalLetterFile
_BROUGHT: Mapping[str, type[_Brought]] = {
    "attachment": Attachment,
    "objection_file": ObjectionFile,
    "stamped_opinion": StampedOpinion,
    "statement_file": StatementFile,
    "withdrawal_letter_file": WithdrawalLetterFile,
}


class OwnFile(NamedTuple):
    """A file that the account has brought: of what kind, and how it is called; None of what came from an objector: a
    name may be told by it."""

    kind: str
    id: UUID
    filename: str | None
    created_at: datetime


async def sessions(session: ReadSession, account_id: UUID) -> Sequence[AccountSession]:
    """Every session of the account that is still kept, ended ones too, the newest first."""
    query = select(AccountSession).where(AccountSession.account_id == account_id).order_by(AccountSession.id.desc())
    return (await session.execute(query)).scalars().all()


async def origins(session: ReadSession, account_id: UUID) -> Sequence[KnownOrigin]:
    """The networks from which the account has signed in, the latest first."""
    query = select(KnownOrigin).where(KnownOrigin.account_id == account_id).order_by(KnownOrigin.last_at.desc())
    return (await session.execute(query)).scalars().all()


async def files(session: ReadSession, account_id: UUID) -> list[OwnFile]:
    """Every file that the account has brought, the oldest first."""
    found: list[OwnFile] = []
    for kind, model in _BROUGHT.items():
        rows = (await session.execute(select(model).where(model.uploaded_by == account_id))).scalars()
        brought = cast(Iterable[_Brought], rows)
        found += [OwnFile(kind, row.id, _name(row), row.created_at) for row in brought]
    return sorted(found, key=lambda file: file.id)


def _name(row: _Brought) -> str | None:
    return None if isinstance(row, ObjectionFile) else row.filename


async def opened(session: ReadSession, account_id: UUID) -> Sequence[FileAccess]:
    """Every dossier and attachment of others that the account has opened (Art. 29), the oldest first."""
    query = select(FileAccess).where(FileAccess.account_id == account_id).order_by(FileAccess.id)
    return (await session.execute(query)).scalars().all()


class OfReviewer(NamedTuple):
    """What the pool knows of a reviewer beside the entry itself."""

    conflicts: Sequence[ConflictOfInterest]
    undertakings: Sequence[Undertaking]
    appraisals: Sequence[Appraisal]
    assignments: Sequence[Assignment]


async def of_reviewer(session: ReadSession, reviewer_id: UUID) -> OfReviewer:
    """Conflicts of interest, undertakings, appraisals and assignments of a reviewer, each the oldest first."""
    conflicts = select(ConflictOfInterest).where(ConflictOfInterest.reviewer_id == reviewer_id)
    signed = select(Undertaking).where(Undertaking.reviewer_id == reviewer_id)
    appraised = select(Appraisal).where(Appraisal.reviewer_id == reviewer_id)
    assigned = select(Assignment).where(Assignment.reviewer_id == reviewer_id)
    return OfReviewer(
        (await session.execute(conflicts.order_by(ConflictOfInterest.id))).scalars().all(),
        (await session.execute(signed.order_by(Undertaking.id))).scalars().all(),
        (await session.execute(appraised.order_by(Appraisal.id))).scalars().all(),
        (await session.execute(assigned.order_by(Assignment.id))).scalars().all(),
    )


async def acts(session: ReadSession, account_id: UUID, *, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """What the log says that the account has done, newest first, up to `limit + 1`."""
    query = page_of(
        select(AuditEntry).where(AuditEntry.actor_id == account_id),
        AuditEntry.seq,
        after=before,
        limit=limit,
        newest_first=True,
    )
    return (await session.execute(query)).scalars().all()
