"""Papers as they were issued, their scans, and the words that the office has put in force for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.applications import Application
from app.store.base import Identified
from app.store.database import ReadSession
from app.store.revocations import Recovery
from app.store.statements import given


class IssuedPaper(Identified):
    """One version of a paper, frozen: what it says (`content`), the hash of what it was made of (`data_hash`), by which
    words, and its PDF, whose bytes lie in the file store under `storage_key`."""

    __tablename__ = "issued_papers"
    __table_args__ = (
        UniqueConstraint("kind", "object_id", "paper_version"),
        Index("ix_issued_papers_object", "object_id", "kind"),
    )

    kind: Mapped[str]
    collection: Mapped[str]
    object_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(unique=True)
    paper_version: Mapped[int]
    title: Mapped[str]
    document_number: Mapped[str | None]
    # The number for comparing, of the version that bears it first: no two papers have one number.
    number_key: Mapped[str | None] = mapped_column(unique=True)
    dated: Mapped[date]
    content: Mapped[dict[str, object]]
    data_hash: Mapped[str]
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("paper_templates.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class PaperScan(Identified):
    """A scan of an issued paper, with seal and signature: how many pages it has, and how much of the paper's text was
    found in its own (None: it has none)."""

    __tablename__ = "paper_scans"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("issued_papers.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    pages: Mapped[int]
    paper_pages: Mapped[int]
    text_found_percent: Mapped[int | None]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class PaperTemplate(Identified):
    """Words of a paper as the office has handed them in, for the rounds of one instrument: `instrument_number` is that
    of the original or successor, whose extensions go on with its words. Of one kind and instrument those are in force
    that were put so last."""

    __tablename__ = "paper_templates"

    kind: Mapped[str] = mapped_column(index=True)
    instrument_number: Mapped[str]
    text_zh: Mapped[str]
    text_hash: Mapped[str]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    activated_at: Mapped[datetime | None]
    activated_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class NameConfirmation(Identified):
    """A winner's word on how its name is printed: right as it stands, or what is wrong with it."""

    __tablename__ = "name_confirmations"

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    printed_name: Mapped[str]
    confirmed: Mapped[bool]
    remark: Mapped[str | None]
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def issued_of(session: ReadSession, object_id: UUID, kinds: Collection[str]) -> Sequence[IssuedPaper]:
    """Every version of these papers of an object, the oldest first."""
    given_values = {"object_id": object_id, "kinds": list(kinds)}
    return (await session.execute(_ISSUED_OF, given_values)).scalars().all()


_ISSUED_OF = (
    select(IssuedPaper)
    .where(IssuedPaper.object_id == given("object_id"), IssuedPaper.kind.in_(given("kinds")))
    .order_by(IssuedPaper.id)
)


async def by_number(session: ReadSession, number: str) -> IssuedPaper | None:
    """The paper with this number."""
    return (await session.execute(_BY_NUMBER, {"number": number})).scalar_one_or_none()


_BY_NUMBER = select(IssuedPaper).where(IssuedPaper.number == given("number"))


async def by_document_number(session: ReadSession, number_key: str) -> IssuedPaper | None:
    """The version that was the first to bear this document number, as it is compared."""
    return (await session.execute(_BY_DOCUMENT_NUMBER, {"number_key": number_key})).scalar_one_or_none()


_BY_DOCUMENT_NUMBER = select(IssuedPaper).where(IssuedPaper.number_key == given("number_key"))


async def last_version(session: ReadSession, kind: str, object_id: UUID) -> int:
    """The number of the last version of a paper; 0 before the first."""
    return int((await session.execute(_LAST_VERSION, {"kind": kind, "object_id": object_id})).scalar_one() or 0)


_LAST_VERSION = select(func.max(IssuedPaper.paper_version)).where(
    IssuedPaper.kind == given("kind"), IssuedPaper.object_id == given("object_id")
)


async def scans_of(session: ReadSession, paper_id: UUID) -> Sequence[PaperScan]:
    """The scans of a paper, the oldest first."""
    return (await session.execute(_SCANS_OF, {"paper_id": paper_id})).scalars().all()


_SCANS_OF = select(PaperScan).where(PaperScan.paper_id == given("paper_id")).order_by(PaperScan.id)


async def last_scans(session: ReadSession, paper_ids: Collection[UUID]) -> dict[UUID, PaperScan]:
    """By paper the scan that was filed last."""
    rows = (await session.execute(_SCANS_OF_PAPERS, {"paper_ids": list(paper_ids)})).scalars().all()
    return {row.paper_id: row for row in rows}


_SCANS_OF_PAPERS = select(PaperScan).where(PaperScan.paper_id.in_(given("paper_ids"))).order_by(PaperScan.id)


async def templates(session: ReadSession, kind: str) -> Sequence[PaperTemplate]:
    """All words that were handed in for a paper, the oldest first."""
    return (await session.execute(_TEMPLATES, {"kind": kind})).scalars().all()


_TEMPLATES = select(PaperTemplate).where(PaperTemplate.kind == given("kind")).order_by(PaperTemplate.id)


async def in_force(session: ReadSession, kind: str, instrument_number: str) -> PaperTemplate | None:
    """The words that are in force for a paper under an instrument; None where those that are shipped are."""
    asked = {"kind": kind, "instrument_number": instrument_number}
    return (await session.execute(_IN_FORCE, asked)).scalar_one_or_none()


_IN_FORCE = (
    select(PaperTemplate)
    .where(
        PaperTemplate.kind == given("kind"),
        PaperTemplate.instrument_number == given("instrument_number"),
        PaperTemplate.activated_at.is_not(None),
    )
    .order_by(PaperTemplate.activated_at.desc(), PaperTemplate.id.desc())
    .limit(literal_column("1"))
)


async def last_confirmation(session: ReadSession, award_id: UUID) -> NameConfirmation | None:
    """A winner's last word on its name."""
    return (await session.execute(_LAST_CONFIRMATION, {"award_id": award_id})).scalar_one_or_none()


_LAST_CONFIRMATION = (
    select(NameConfirmation)
    .where(NameConfirmation.award_id == given("award_id"))
    .order_by(NameConfirmation.id.desc())
    .limit(literal_column("1"))
)


async def counted_in(session: ReadSession, round_id: UUID) -> tuple[int, int]:
    """How many applications of a round were submitted, and how many of them confirmed as qualified."""
    row = (await session.execute(_COUNTED_IN, {"round_id": round_id})).one()
    return int(row[0]), int(row[1])


_COUNTED_IN = select(func.count(Application.submitted_at), func.count(Application.confirmed_at)).where(
    Application.round_id == given("round_id")
)


async def recoveries_of(session: ReadSession, revocation_id: UUID) -> Sequence[Recovery]:
    """Everything that a decision demands back."""
    return (await session.execute(_RECOVERIES_OF, {"revocation_id": revocation_id})).scalars().all()


_RECOVERIES_OF = select(Recovery).where(Recovery.revocation_id == given("revocation_id")).order_by(Recovery.id)
