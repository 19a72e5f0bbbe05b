"""Objections, and apart from them what came in and from whom: the original, its files, its reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.objections import ObjectionClass
from app.measures.state_machines import OBJECTION, AwardState, ObjectionState
from app.store.applications import Application
from app.store.awards import Award
from app.store.base import Identified, one_of, page_of, state_of
from app.store.beside import Beside, rows_beside
from app.store.database import ReadSession, WriteSession
from app.store.notices import MediumRecord, Notice
from app.store.publicity import Candidate
from app.store.revocations import Revocation
from app.store.rounds import Round
from app.store.sealed import SealedText, WithSealed, sealed_in, seals_of
from app.store.statements import columns, given


class Objection(Identified):
    """An objection, formal or informal, as everybody but its investigator knows it. What came in lies in
    `ObjectionOriginal`, away from every ordinary query."""

    __tablename__ = "objections"
    __table_args__ = (
        state_of(OBJECTION),
        one_of("class", ObjectionClass),
        Index("ix_objections_round", "round_id", "id"),
        CheckConstraint("(summary IS NULL) = (summarised_at IS NULL)", name="summary_dated"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), index=True)
    classification: Mapped[ObjectionClass] = mapped_column("class")
    classified_because: Mapped[str]
    # Why its investigator has classed it so; None: as it came in.
    classification_reason: Mapped[str | None]
    # When its investigator has last judged a formal one to be informal: until then it held its organisation.
    judged_informal_at: Mapped[datetime | None]
    state: Mapped[ObjectionState]
    received_at: Mapped[datetime]
    # On paper: the mark under which the letter is filed, and who entered it.
    letter_reference: Mapped[str | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    tracking_hash: Mapped[str] = mapped_column(unique=True)
    # Who alone reads the original, and what he says of it to all others.
    investigator_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    conflict_check: Mapped[str | None]
    summary: Mapped[str | None]
    summarised_at: Mapped[datetime | None]
    verification: Mapped[str | None]
    outcome_reason: Mapped[str | None]
    outcome_public: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ObjectionOriginal(WithSealed):
    """An objection as it came: who objected, how to reach him, his words. Its investigator alone reads it, and every
    reading is audited."""

    __tablename__ = "objection_originals"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"), unique=True)
    sealed_name: Mapped[bytes | None]
    sealed_contact: Mapped[bytes | None]
    sealed_facts: Mapped[bytes | None]
    sealed_evidence: Mapped[bytes | None]
    name = SealedText[str | None]()
    contact = SealedText[str | None]()
    facts = SealedText[str | None]()
    evidence = SealedText[str | None]()


class ObjectionFile(WithSealed):
    """A file of an objection, part of the original: evidence, sent by nobody who is known, or the scan of a letter.
    The bytes lie in the file store under `storage_key`."""

    __tablename__ = "objection_files"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"), index=True)
    sealed_filename: Mapped[bytes]
    filename = SealedText[str]()
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class ObjectionReading(Identified):
    """That an account, as its investigator, has read an objection as it came; each reading is in the audit log."""

    __tablename__ = "objection_readings"
    __table_args__ = (UniqueConstraint("objection_id", "account_id"),)

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class ObjectionRecusal(Identified):
    """An investigator who has recused himself: from no objection to this organisation is he the investigator again."""

    __tablename__ = "objection_recusals"
    __table_args__ = (UniqueConstraint("objection_id", "account_id"),)

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    reason: Mapped[str]


class Objected(NamedTuple):
    """A name of a candidate list as an objection to it needs it, with the period of the notice that carries it."""

    id: UUID
    round_id: UUID
    created_at: datetime
    media: list[MediumRecord]
    published_on: date
    last_day: date | None
    ends_at: datetime | None
    first_day: str | None


async def hold_rounds_of(session: WriteSession, candidate_ids: Collection[UUID]) -> None:
    """The rounds of these names, kept as they are until the transaction ends: a list that would close over an objection
    waits, and it waits for a list that is being closed. What is read of the names afterwards holds."""
    if session.get_bind().dialect.name == "sqlite":
        # Its writer is alone.
        return
    theirs = select(Candidate.round_id).where(Candidate.id.in_(candidate_ids))
    query = select(Round.id).where(Round.id.in_(theirs)).order_by(Round.id).with_for_update(read=True)
    await session.execute(query)


async def objected(session: ReadSession, candidate_ids: Collection[UUID]) -> dict[UUID, Objected]:
    """These names, by id, as far as there are such."""
    found = await session.execute(_OBJECTED, {"candidate_ids": list(candidate_ids)})
    return {row.id: row for row in map(Objected._make, found.all())}


_OF_NOTICE = {
    "media": Notice.media,
    "published_on": Notice.published_on,
    "last_day": Notice.last_day,
    "ends_at": Notice.ends_at,
    # Of the notice's text, which holds the whole list, no more than this.
    "first_day": Notice.body["first_day"].as_string(),
}
_OBJECTED = (
    select(*columns(Objected, Candidate, **_OF_NOTICE))
    .join(Notice, Notice.id == Candidate.notice_id)
    .where(Candidate.id.in_(given("candidate_ids")))
)


def beside(
    session: WriteSession, rows: Sequence[Mapping[str, object]], originals: Sequence[Mapping[str, object]]
) -> list[Beside]:
    """New objections and what came in, written in the statement that chains their entries. `rows` and `originals` name
    the attributes that have a value."""
    seals = seals_of(session)
    return [
        rows_beside(Objection, [{"version": 1, **row} for row in rows]),
        rows_beside(ObjectionOriginal, [sealed_in(seals, ObjectionOriginal, row) for row in originals]),
    ]


class ObjectionLine(NamedTuple):
    """An objection as the lists need it."""

    id: UUID
    candidate_id: UUID
    classification: ObjectionClass
    state: ObjectionState
    outcome_reason: str | None
    classified_because: str
    closed_at: datetime | None
    judged_informal_at: datetime | None


async def objections_of(session: ReadSession, round_id: UUID) -> Sequence[ObjectionLine]:
    """Every objection of a round as the lists need it: id, candidate, class, state, reason."""
    return [ObjectionLine._make(row) for row in (await session.execute(_OBJECTIONS_OF, {"round_id": round_id})).all()]


_OBJECTIONS_OF = (
    select(
        Objection.id,
        Objection.candidate_id,
        Objection.classification,
        Objection.state,
        Objection.outcome_reason,
        Objection.classified_because,
        Objection.closed_at,
        Objection.judged_informal_at,
    )
    .where(Objection.round_id == given("round_id"))
    .order_by(Objection.id)
)


async def objections_page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    classification: ObjectionClass | None,
) -> Sequence[tuple[Objection, str]]:
    """Objections by receipt, each with the candidate's name, up to `limit + 1`."""
    query = page_of(
        select(Objection, Candidate.published_name).join(Candidate, Candidate.id == Objection.candidate_id),
        Objection.id,
        after=after,
        limit=limit,
        only=[(Objection.round_id, round_id), (Objection.state, state), (Objection.classification, classification)],
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def objection(session: ReadSession, objection_id: UUID) -> tuple[Objection, str] | None:
    """One objection with the candidate's name."""
    row = (await session.execute(_OBJECTION, {"objection_id": objection_id})).one_or_none()
    return None if row is None else (row[0], row[1])


_OBJECTION = (
    select(Objection, Candidate.published_name)
    .join(Candidate, Candidate.id == Objection.candidate_id)
    .where(Objection.id == given("objection_id"))
)


async def objection_by_tracking_code(session: ReadSession, tracking_hash: str) -> tuple[Objection, str] | None:
    """The objection of a tracking code's fingerprint, with the candidate's name."""
    row = (await session.execute(_OBJECTION_BY_TRACKING_CODE, {"tracking_hash": tracking_hash})).one_or_none()
    return None if row is None else (row[0], row[1])


_OBJECTION_BY_TRACKING_CODE = (
    select(Objection, Candidate.published_name)
    .join(Candidate, Candidate.id == Objection.candidate_id)
    .where(Objection.tracking_hash == given("tracking_hash"))
)


async def lock_objection(session: WriteSession, objection_id: UUID) -> Objection | None:
    """The objection, read again and locked until the transaction ends."""
    return (await session.execute(_LOCK_OBJECTION, {"objection_id": objection_id})).scalar_one_or_none()


_LOCK_OBJECTION = (
    select(Objection)
    .where(Objection.id == given("objection_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def original_of(session: ReadSession, objection_id: UUID) -> ObjectionOriginal | None:
    """The objection as it came. Asked for by its investigator, and told to nobody else."""
    return (await session.execute(_ORIGINAL_OF, {"objection_id": objection_id})).scalar_one_or_none()


_ORIGINAL_OF = select(ObjectionOriginal).where(ObjectionOriginal.objection_id == given("objection_id"))


class KnownOriginal(NamedTuple):
    """An original that an account knows, and about whom it is."""

    round_id: UUID
    organisation_id: UUID
    original: ObjectionOriginal


async def originals_known_to(session: ReadSession, account_id: UUID) -> Sequence[KnownOriginal]:
    """The objections as they came that this account has read, or has entered from paper. For comparing, told to
    nobody: whoever does not know one would learn from the answer what stands in it."""
    found = await session.execute(_ORIGINALS_KNOWN_TO, {"account_id": account_id})
    return [KnownOriginal._make(row) for row in found.all()]


def known_to(account_id: BindParameter[UUID]) -> ColumnElement[bool]:
    """Which objections an account has read as they came, or has entered from paper."""
    read = exists().where(ObjectionReading.objection_id == Objection.id, ObjectionReading.account_id == account_id)
    return or_(Objection.entered_by == account_id, read)


_ORIGINALS_KNOWN_TO = (
    select(Objection.round_id, Application.organisation_id, ObjectionOriginal)
    .join(ObjectionOriginal, ObjectionOriginal.objection_id == Objection.id)
    .join(Candidate, Candidate.id == Objection.candidate_id)
    .join(Application, Application.id == Candidate.application_id)
    .where(known_to(given("account_id")))
)


async def files_of(session: ReadSession, objection_id: UUID) -> Sequence[ObjectionFile]:
    """The scans of an objection, by upload."""
    return (await session.execute(_FILES_OF, {"objection_id": objection_id})).scalars().all()


_FILES_OF = select(ObjectionFile).where(ObjectionFile.objection_id == given("objection_id")).order_by(ObjectionFile.id)


async def organisation_objected_to(session: ReadSession, candidate_id: UUID) -> UUID:
    """The organisation behind a name of the candidate list."""
    return (await session.execute(_ORGANISATION_OBJECTED_TO, {"candidate_id": candidate_id})).scalar_one()


_ORGANISATION_OBJECTED_TO = (
    select(Application.organisation_id)
    .join(Candidate, Candidate.application_id == Application.id)
    .where(Candidate.id == given("candidate_id"))
)


async def has_recused(session: ReadSession, *, account_id: UUID, organisation_id: UUID) -> bool:
    """Whether this account has recused itself from an objection to this organisation."""
    values = {"account_id": account_id, "organisation_id": organisation_id}
    return (await session.execute(_HAS_RECUSED, values)).first() is not None


_HAS_RECUSED = (
    select(ObjectionRecusal.id)
    .where(
        ObjectionRecusal.account_id == given("account_id"), ObjectionRecusal.organisation_id == given("organisation_id")
    )
    .limit(1)
)


async def has_read(session: ReadSession, *, objection_id: UUID, account_id: UUID | None) -> bool:
    """Whether this account has read the objection as it came."""
    if account_id is None:
        return False
    values = {"objection_id": objection_id, "account_id": account_id}
    return (await session.execute(_HAS_READ, values)).first() is not None


_HAS_READ = select(ObjectionReading.id).where(
    ObjectionReading.objection_id == given("objection_id"), ObjectionReading.account_id == given("account_id")
)


async def readers_of(session: ReadSession, objection_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By objection the accounts that have read it as it came."""
    found: dict[UUID, frozenset[UUID]] = {}
    for objection_id, account_id in (await session.execute(_READERS_OF, {"objection_ids": list(objection_ids)})).all():
        found[objection_id] = found.get(objection_id, frozenset()) | {account_id}
    return found


_READERS_OF = select(ObjectionReading.objection_id, ObjectionReading.account_id).where(
    ObjectionReading.objection_id.in_(given("objection_ids"))
)


async def letters_of(session: WriteSession, candidate_id: UUID) -> dict[UUID, str]:
    """The marks of the letters that were entered for a candidate, by objection, in their order. Another letter to it
    waits until this transaction ends: two officers may hold the same one."""
    await session.execute(_ONE_LETTER_AT_A_TIME, {"candidate_id": candidate_id})
    rows = (await session.execute(_LETTERS_OF, {"candidate_id": candidate_id})).all()
    return {key: mark for key, mark in rows if mark is not None}


# Objections, which refer to it, wait for nobody.
_ONE_LETTER_AT_A_TIME = (
    select(Candidate.id).where(Candidate.id == given("candidate_id")).with_for_update(key_share=True)
)
_LETTERS_OF = (
    select(Objection.id, Objection.letter_reference)
    .where(Objection.candidate_id == given("candidate_id"), Objection.letter_reference.is_not(None))
    .order_by(Objection.id)
)


async def awards_objected_to(
    session: ReadSession, objection_ids: Collection[UUID]
) -> dict[UUID, tuple[AwardState, bool]]:
    """By objection whose name has an award: the award's state, and whether a case of revocation has been opened since
    the objection was closed."""
    case = exists().where(Revocation.award_id == Award.id, Revocation.created_at >= Objection.closed_at)
    query = (
        select(Objection.id, Award.state, case)
        .join(Award, Award.candidate_id == Objection.candidate_id)
        .where(Objection.id.in_(objection_ids))
    )
    return {row[0]: (row[1], row[2]) for row in (await session.execute(query)).all()}
