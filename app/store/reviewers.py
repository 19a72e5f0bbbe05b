"""The pool of reviewers: undertakings, conflicts of interest, appraisals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    UniqueConstraint,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.measures.reviewers import AppraisalGrade, ConflictKind, ConflictOrigin, UndertakingKind
from app.measures.sectors import SeatCategory
from app.measures.state_machines import DECIDED_APPLICATION_STATES, REVIEWER, KeptState, ReviewerState
from app.measures.text import plain_name
from app.store.applications import Application, Place
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation, OrganisationName
from app.store.reviews import Assignment
from app.store.statements import Statement, columns, given
from app.store.units import RecommendingUnit

_PRESENT = text("superseded_at IS NULL")


class Reviewer(Identified):
    """An expert of the pool (Art. 11(2)). `employer_uscc` and `unit_id` serve the detection of conflicts."""

    __tablename__ = "reviewers"
    __table_args__ = (
        state_of(REVIEWER),
        CheckConstraint("qualified_until >= qualified_from", name="qualification_forward"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    name: Mapped[str]
    expertise: Mapped[str]
    employer: Mapped[str | None]
    employer_uscc: Mapped[str | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    # Since when employer and unit are these: what was scored before is not tainted by them.
    employed_since: Mapped[date | None]
    qualified_from: Mapped[date]
    qualified_until: Mapped[date]
    state: Mapped[ReviewerState]
    state_reason: Mapped[str | None]
    state_changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Undertaking(Identified):
    """A reviewer's signature under confidentiality or integrity for one round (Art. 29), at `created_at`."""

    __tablename__ = "undertakings"
    __table_args__ = (
        one_of("kind", UndertakingKind),
        UniqueConstraint("reviewer_id", "round_id", "kind"),
    )

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[UndertakingKind]
    text_hash: Mapped[str]


class ConflictOfInterest(Identified):
    """A reviewer's conflict of interest in a legal person (by its code) or in a recommending unit (Art. 29): it bars
    assignment and scoring. `former_post`: what the pool held before the reviewer moved on."""

    __tablename__ = "conflict_declarations"
    __table_args__ = (
        one_of("kind", ConflictKind),
        one_of("origin", ConflictOrigin),
        CheckConstraint(
            "(kind = 'recommending_unit_staff') = (unit_id IS NOT NULL) AND (unit_id IS NULL) = (uscc IS NOT NULL)",
            name="one_party",
        ),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_reason IS NOT NULL", name="withdrawal_reasoned"),
    )

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"), index=True)
    uscc: Mapped[str | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    kind: Mapped[ConflictKind]
    origin: Mapped[ConflictOrigin]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    description: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    @property
    def state(self) -> KeptState:
        """Its state in the state machine."""
        return KeptState.RECORDED if self.withdrawn_at is None else KeptState.WITHDRAWN


class Appraisal(Identified):
    """The office's appraisal of a reviewer's work in a round (Art. 11(2))."""

    __tablename__ = "appraisals"
    __table_args__ = (one_of("grade", AppraisalGrade), UniqueConstraint("reviewer_id", "round_id"))

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    grade: Mapped[AppraisalGrade]
    remarks: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def get(session: ReadSession, reviewer_id: UUID) -> Reviewer | None:
    """The pool's entry with this id."""
    return await session.by_id(Reviewer, reviewer_id)


async def of_account(session: ReadSession, account_id: UUID) -> Reviewer | None:
    """The pool's entry of this account, read anew."""
    return (await session.execute(_OF_ACCOUNT, {"account_id": account_id})).scalar_one_or_none()


_OF_ACCOUNT = (
    select(Reviewer).where(Reviewer.account_id == given("account_id")).execution_options(populate_existing=True)
)


async def place_of_own(session: ReadSession, *, account_id: UUID, assignment_id: UUID) -> Place | None:
    """The place of the application of an assignment, where it is that of the account's entry."""
    return await session.row(_PLACE_OF_OWN, {"account": account_id, "assignment": assignment_id})


_PLACE_OF_OWN = Statement(
    select(*columns(Place, Application))
    .join(Assignment, Assignment.application_id == Application.id)
    .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
    .where(Assignment.id == given("assignment"), Reviewer.account_id == given("account")),
    Place,
)


async def lock(session: WriteSession, reviewer_id: UUID) -> Reviewer | None:
    """The pool's entry, read again and locked until the transaction ends."""
    return (await session.execute(_LOCK, {"reviewer_id": reviewer_id})).scalar_one_or_none()


_LOCK = (
    select(Reviewer)
    .where(Reviewer.id == given("reviewer_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def share(session: WriteSession, reviewer_ids: Collection[UUID]) -> dict[UUID, Reviewer]:
    """These entries by id, read again and kept as they are until the transaction ends."""
    return {row.id: row for row in (await session.execute(_SHARE, {"reviewer_ids": list(reviewer_ids)})).scalars()}


_SHARE = (
    select(Reviewer)
    .where(Reviewer.id.in_(given("reviewer_ids")))
    .order_by(Reviewer.id)
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


async def by_ids(session: ReadSession, reviewer_ids: Collection[UUID]) -> dict[UUID, Reviewer]:
    """Entries of the pool by id."""
    return await session.by_ids(Reviewer, reviewer_ids)


async def pool(session: ReadSession) -> Sequence[Reviewer]:
    """Every entry of the pool, those that have left it too, by admission."""
    return (await session.execute(_POOL)).scalars().all()


_POOL = select(Reviewer).order_by(Reviewer.id)


async def page(session: ReadSession, *, after: UUID | None, limit: int, state: str | None) -> Sequence[Reviewer]:
    """The pool by admission, up to `limit + 1`."""
    query = page_of(select(Reviewer), Reviewer.id, after=after, limit=limit, only=[(Reviewer.state, state)])
    return (await session.execute(query)).scalars().all()


async def undertakings_of(session: ReadSession, *, reviewer_id: UUID, round_id: UUID) -> dict[str, Undertaking]:
    """What a reviewer has signed for a round, by kind."""
    return {
        row.kind: row
        for row in (
            await session.execute(_UNDERTAKINGS_OF, {"reviewer_id": reviewer_id, "round_id": round_id})
        ).scalars()
    }


_UNDERTAKINGS_OF = select(Undertaking).where(
    Undertaking.reviewer_id == given("reviewer_id"), Undertaking.round_id == given("round_id")
)


async def undertakings_page(
    session: ReadSession, *, round_id: UUID, after: UUID | None, limit: int
) -> Sequence[Undertaking]:
    """Everything signed for a round, in its order, up to `limit + 1`."""
    query = page_of(
        (select(Undertaking).where(Undertaking.round_id == round_id)), Undertaking.id, after=after, limit=limit
    )
    return (await session.execute(query)).scalars().all()


async def conflicts_of(session: ReadSession, reviewer_ids: Collection[UUID]) -> Sequence[ConflictOfInterest]:
    """The standing conflicts of interest on record of these reviewers."""
    return (await session.execute(_CONFLICTS_OF, {"reviewer_ids": list(reviewer_ids)})).scalars().all()


_CONFLICTS_OF = (
    select(ConflictOfInterest)
    .where(ConflictOfInterest.reviewer_id.in_(given("reviewer_ids")), ConflictOfInterest.withdrawn_at.is_(None))
    .order_by(ConflictOfInterest.id)
)


async def declarations_page(
    session: ReadSession, *, after: UUID | None, limit: int, reviewer_id: UUID | None
) -> Sequence[ConflictOfInterest]:
    """Conflict declarations, withdrawn ones too, in their order, up to `limit + 1`."""
    query = page_of(
        select(ConflictOfInterest),
        ConflictOfInterest.id,
        after=after,
        limit=limit,
        only=[(ConflictOfInterest.reviewer_id, reviewer_id)],
    )
    return (await session.execute(query)).scalars().all()


async def lock_declaration(session: WriteSession, declaration_id: UUID) -> ConflictOfInterest | None:
    """The declaration, locked until the transaction ends."""
    return (await session.execute(_LOCK_DECLARATION, {"declaration_id": declaration_id})).scalar_one_or_none()


_LOCK_DECLARATION = select(ConflictOfInterest).where(ConflictOfInterest.id == given("declaration_id")).with_for_update()


async def units_by_code(session: ReadSession, codes: Collection[str]) -> dict[str, UUID]:
    """Recommending units by their own unified social credit code."""
    return {row.uscc: row.id for row in (await session.execute(_UNITS_BY_CODE, {"codes": list(codes)})).all()}


_UNITS_BY_CODE = select(RecommendingUnit.uscc, RecommendingUnit.id).where(RecommendingUnit.uscc.in_(given("codes")))


# Of the same legal person, a predecessor or a successor of it.
_OTHER = aliased(Organisation)


async def lineage_codes(session: ReadSession, organisation_ids: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """For each organisation the codes of its legal person, of its predecessors and successors: `id`, `uscc`."""
    return [
        (row.id, row.uscc)
        for row in (await session.execute(_LINEAGE_CODES, {"organisation_ids": list(organisation_ids)})).all()
    ]


_LINEAGE_CODES = (
    select(Organisation.id, _OTHER.uscc)
    .join(_OTHER, _OTHER.lineage_id == Organisation.lineage_id)
    .where(Organisation.id.in_(given("organisation_ids")))
)


class Competitor(NamedTuple):
    """A legal person's code that stands, or whose relation stands, in a round's category."""

    round_id: UUID
    seat_category: SeatCategory | None
    uscc: str


async def competing(
    session: ReadSession, *, round_ids: Collection[UUID], codes: Collection[str]
) -> Sequence[Competitor]:
    """Where the legal persons of these codes compete: `round_id`, `seat_category`, `uscc` of each confirmed
    application."""
    return [
        Competitor._make(row)
        for row in (await session.execute(_COMPETING, {"round_ids": list(round_ids), "codes": list(codes)})).all()
    ]


_COMPETING = (
    select(Application.round_id, Application.seat_category, _OTHER.uscc)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .join(_OTHER, _OTHER.lineage_id == Organisation.lineage_id)
    .where(
        Application.round_id.in_(given("round_ids")),
        Application.state.in_(DECIDED_APPLICATION_STATES),
        _OTHER.uscc.in_(given("codes")),
    )
)


async def codes_by_name(session: ReadSession, names: Collection[str]) -> dict[str, set[str]]:
    """The codes of the organisations that have one of these names, or had it, by the name as it is compared."""
    keys = {plain_name(name) for name in names}
    present = select(Organisation.name_key, Organisation.uscc).where(Organisation.name_key.in_(keys))
    former = (
        select(OrganisationName.name_key, Organisation.uscc)
        .join(Organisation, Organisation.id == OrganisationName.organisation_id)
        .where(OrganisationName.name_key.in_(keys))
    )
    found: dict[str, set[str]] = {}
    for row in (await session.execute(union_all(present, former))).all():
        found.setdefault(row.name_key, set()).add(row.uscc)
    return found


async def units_by_name(session: ReadSession, names: Collection[str]) -> dict[str, UUID]:
    """Recommending units by their names as they are compared. A county has few: all are looked at."""
    keys = {plain_name(name) for name in names}
    found = {plain_name(row.name): row.id for row in (await session.execute(_UNITS_BY_NAME)).all()}
    return {key: unit_id for key, unit_id in found.items() if key in keys}


_UNITS_BY_NAME = select(RecommendingUnit.name, RecommendingUnit.id)


async def worked_in(session: ReadSession, round_id: UUID) -> set[UUID]:
    """Reviewers who had an assignment in the round, however it ended."""
    return set((await session.execute(_WORKED_IN, {"round_id": round_id})).scalars())


_WORKED_IN = (
    select(Assignment.reviewer_id)
    .join(Application, Application.id == Assignment.application_id)
    .where(Application.round_id == given("round_id"))
    .distinct()
)


async def mark_texts_of(session: WriteSession, reviewer_id: UUID, *, mark: str) -> None:
    """Put a mark in place of what was written of a reviewer: descriptions of conflicts, remarks of appraisals."""
    for declared in (
        await session.execute(select(ConflictOfInterest).where(ConflictOfInterest.reviewer_id == reviewer_id))
    ).scalars():
        declared.description = mark
    for appraisal in (await session.execute(select(Appraisal).where(Appraisal.reviewer_id == reviewer_id))).scalars():
        appraisal.remarks = mark


async def appraisals_of(session: ReadSession, round_id: UUID) -> Sequence[Appraisal]:
    """The appraisals of a round's reviewers, in their order."""
    return (await session.execute(_APPRAISALS_OF, {"round_id": round_id})).scalars().all()


_APPRAISALS_OF = select(Appraisal).where(Appraisal.round_id == given("round_id")).order_by(Appraisal.id)
