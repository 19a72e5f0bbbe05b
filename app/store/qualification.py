"""Queries of the qualification review (Art. 17), in bulk: what many applications need costs as few queries as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Table,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.facts import CredentialKind, RecordCategory, RecordFinding, RecordOrigin, Severity, Verdict
from app.measures.publicity import NoticeKind
from app.measures.state_machines import (
    CORRECTION,
    UNDER_QUALIFICATION,
    AdverseRecordState,
    CandidateState,
    CorrectionState,
    RecommendationState,
)
from app.store.applications import Application
from app.store.applications.attachments import Attachment
from app.store.awards import Award
from app.store.base import Identified, Json, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.identity import Account
from app.store.notices import Notice
from app.store.publicity import Candidate
from app.store.recommendations import Recommendation
from app.store.rounds import DeadlineExtension
from app.store.statements import given


class AdverseRecord(Identified):
    """One record under 13(6): what, when, from whom, on what evidence, attributable to whom, found how. It belongs to
    its organisation, and counts in every round; `application_id` is None where it came up in no round."""

    __tablename__ = "adverse_records"
    __table_args__ = (
        one_of("category", RecordCategory),
        one_of("finding", RecordFinding),
        one_of("severity", Severity),
        one_of("origin", RecordOrigin),
        one_of("credential_kind", CredentialKind),
        CheckConstraint("occurred_on IS NOT NULL OR determined_on IS NOT NULL", name="dated"),
        CheckConstraint("(credential_kind IS NULL) = (credential_number IS NULL)", name="credential_named"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("applications.id"), index=True)
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"))
    origin: Mapped[RecordOrigin]
    category: Mapped[RecordCategory]
    fact: Mapped[str]
    basis: Mapped[str | None]
    occurred_on: Mapped[date | None]
    determined_on: Mapped[date | None]
    source: Mapped[str]
    rectified: Mapped[bool] = mapped_column(default=False)
    # The certificate or licence that was withdrawn before its end (Art. 13(2) to 13(4)), where the record is of that.
    credential_kind: Mapped[CredentialKind | None]
    credential_number: Mapped[str | None]
    attributable: Mapped[bool | None]
    finding: Mapped[RecordFinding]
    severity: Mapped[Severity | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    # The applicant is heard before the decision.
    notified_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]

    def put_first(self, reply: str, replied_at: datetime) -> None:
        """What the record tells of the first thing that was said to it; whatever is said later stands by itself."""
        if self.replied_at is None:
            self.reply, self.replied_at = reply, replied_at

    @property
    def state(self) -> AdverseRecordState:
        """Its state in the state machine: the finding, once there is one."""
        if self.finding is RecordFinding.OPEN and self.replied_at is not None:
            return AdverseRecordState.REPLIED
        return AdverseRecordState(self.finding)


class FormerFinding(Identified):
    """What was decided of a record until `created_at`, when another decision took its place; open: nothing was yet."""

    __tablename__ = "former_findings"
    __table_args__ = (
        one_of("finding", RecordFinding),
        one_of("severity", Severity),
        Index("ix_former_findings_record", "record_id", "id"),
    )

    record_id: Mapped[UUID] = mapped_column(ForeignKey("adverse_records.id"))
    finding: Mapped[RecordFinding]
    attributable: Mapped[bool | None]
    severity: Mapped[Severity | None]


class CorrectionEntry(TypedDict):
    """What is to be corrected: a JSON pointer into the application, and the request in words."""

    pointer: str
    request: str


class Correction(Identified):
    """A request for correction (补正) with its own date (Art. 17)."""

    __tablename__ = "corrections"
    __table_args__ = (state_of(CORRECTION),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    items: Mapped[list[CorrectionEntry]] = mapped_column(Json)
    due_at: Mapped[datetime]
    state: Mapped[CorrectionState]
    answered_at: Mapped[datetime | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class ConditionDecision(Identified):
    """A person's decision on one condition of one application; the newest of a rule counts, earlier ones stay."""

    __tablename__ = "condition_decisions"
    __table_args__ = (
        one_of("outcome", Verdict),
        Index("ix_condition_decisions_application", "application_id", "rule", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    rule: Mapped[str]
    outcome: Mapped[Verdict]
    reason: Mapped[str]
    evidence: Mapped[str]
    # What lay before whoever decided, a line each: what comes up later is decided anew.
    about: Mapped[list[str]] = mapped_column(Json, default=list)
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def former_findings(session: ReadSession, record_ids: Collection[UUID]) -> Sequence[FormerFinding]:
    """What was decided of these records before, in the order in which it was replaced."""
    return (await session.execute(_FORMER_FINDINGS, {"record_ids": list(record_ids)})).scalars().all()


_FORMER_FINDINGS = (
    select(FormerFinding).where(FormerFinding.record_id.in_(given("record_ids"))).order_by(FormerFinding.id)
)


async def open_corrections(session: ReadSession, application_ids: Sequence[UUID]) -> Sequence[Correction]:
    """The correction requests of these applications that wait for their answers, the oldest first."""
    return (await session.execute(_OPEN_CORRECTIONS, {"application_ids": list(application_ids)})).scalars().all()


_OPEN_CORRECTIONS = (
    select(Correction)
    .where(Correction.application_id.in_(given("application_ids")), Correction.state == CorrectionState.OPEN)
    .order_by(Correction.id)
)


async def open_correction(session: ReadSession, application_id: UUID) -> Correction | None:
    """The newest correction request that waits for its answer."""
    return (await session.execute(_OPEN_CORRECTION, {"application_id": application_id})).scalar_one_or_none()


_OPEN_CORRECTION = (
    select(Correction)
    .where(Correction.application_id == given("application_id"), Correction.state == CorrectionState.OPEN)
    .order_by(Correction.id.desc())
    .limit(literal_column("1"))
)


class ExtensionLine(NamedTuple):
    """An extension with the number of the application concerned, if it is of one, and the name of who decided."""

    extension: DeadlineExtension
    number: str | None
    display_name: str


_EXTENSIONS = (
    select(DeadlineExtension, Application.number, Account.display_name)
    .outerjoin(Application, Application.id == DeadlineExtension.application_id)
    .join(Account, Account.id == DeadlineExtension.decided_by)
)


async def account_names(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Display names of accounts by id."""
    return {row.id: row.display_name for row in (await session.execute(_ACCOUNT_NAMES, {"ids": list(ids)})).all()}


_ACCOUNT_NAMES = select(Account.id, Account.display_name).where(Account.id.in_(given("ids")))


async def ids_to_qualify(session: WriteSession, round_id: UUID) -> Sequence[UUID]:
    """The applications of a round that are under review, by their numbers."""
    return (await session.execute(_IDS_TO_QUALIFY, {"round_id": round_id})).scalars().all()


_IDS_TO_QUALIFY = (
    select(Application.id)
    .where(Application.round_id == given("round_id"), Application.state.in_(UNDER_QUALIFICATION))
    .order_by(Application.number, Application.id)
)


async def being_corrected(session: ReadSession, round_id: UUID) -> UUID | None:
    """An application of a round under review that is being corrected, if there is one."""
    return (await session.execute(_BEING_CORRECTED, {"round_id": round_id})).scalar_one_or_none()


_BEING_CORRECTED = (
    select(Correction.application_id)
    .join(Application, Application.id == Correction.application_id)
    .where(
        Correction.state == CorrectionState.OPEN,
        Application.round_id == given("round_id"),
        Application.state.in_(UNDER_QUALIFICATION),
    )
    .limit(literal_column("1"))
)


async def to_qualify(
    session: WriteSession, round_id: UUID, *, ids: Sequence[UUID] | None = None
) -> Sequence[Application]:
    """The applications of a round that are under review, by their numbers; of `ids` alone where given."""
    query = (
        select(Application)
        .where(Application.round_id == round_id, Application.state.in_(UNDER_QUALIFICATION))
        .order_by(Application.number, Application.id)
    )
    if ids is not None:
        query = query.where(Application.id.in_(ids))
    return (await session.execute(query)).scalars().all()


async def worklist_page(
    session: ReadSession, *, round_id: UUID, after: UUID | None, limit: int, state: str | None
) -> Sequence[Application]:
    """Submitted applications of a round in the order of their making, up to `limit + 1`."""
    query = page_of(
        select(Application).where(Application.round_id == round_id, Application.submitted_at.is_not(None)),
        Application.id,
        after=after,
        limit=limit,
        only=[(Application.state, state)],
    )
    return (await session.execute(query)).scalars().all()


async def applications(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Application]:
    """Applications by id."""
    return await session.by_ids(Application, ids)


async def corrections_of(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[Correction]:
    """Correction requests of these applications, the oldest first."""
    return (await session.execute(_CORRECTIONS_OF, {"application_ids": list(application_ids)})).scalars().all()


_CORRECTIONS_OF = (
    select(Correction).where(Correction.application_id.in_(given("application_ids"))).order_by(Correction.id)
)


async def materials_of(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """Application and code of every material that is there."""
    return [
        (row.application_id, row.material)
        for row in (await session.execute(_MATERIALS_OF, {"application_ids": list(application_ids)})).all()
    ]


_MATERIALS_OF = (
    select(Attachment.application_id, Attachment.material)
    .where(Attachment.application_id.in_(given("application_ids")), Attachment.removed_at.is_(None))
    .distinct()
)


async def adverse_record(session: WriteSession, record_id: UUID) -> AdverseRecord | None:
    """The adverse record with this id, locked."""
    return (await session.execute(_ADVERSE_RECORD, {"record_id": record_id})).scalar_one_or_none()


_ADVERSE_RECORD = (
    select(AdverseRecord)
    .where(AdverseRecord.id == given("record_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def decisions_of(session: ReadSession, application_id: UUID) -> Sequence[ConditionDecision]:
    """Every decision on a condition of one application, the oldest first."""
    return (await session.execute(_DECISIONS_OF, {"application_id": application_id})).scalars().all()


_DECISIONS_OF = (
    select(ConditionDecision)
    .where(ConditionDecision.application_id == given("application_id"))
    .order_by(ConditionDecision.id)
)


async def open_recommendation(session: WriteSession, application_id: UUID) -> Recommendation | None:
    """The recommendation that is asked for and not answered, locked."""
    return (await session.execute(_OPEN_RECOMMENDATION, {"application_id": application_id})).scalar_one_or_none()


_OPEN_RECOMMENDATION = (
    select(Recommendation)
    .where(
        Recommendation.application_id == given("application_id"), Recommendation.state == RecommendationState.REQUESTED
    )
    .with_for_update()
)


async def extensions(
    session: ReadSession, *, round_id: UUID, after: UUID | None, limit: int
) -> Sequence[ExtensionLine]:
    """Extensions of a round with the number of the application concerned and who decided, up to `limit + 1`."""
    query = page_of(
        _EXTENSIONS.where(DeadlineExtension.round_id == round_id), DeadlineExtension.id, after=after, limit=limit
    )
    return [ExtensionLine._make(row) for row in (await session.execute(query)).all()]


async def extension(session: ReadSession, extension_id: UUID) -> ExtensionLine:
    """One extension, as `extensions` gives them."""
    return ExtensionLine._make((await session.execute(_EXTENSIONS.where(DeadlineExtension.id == extension_id))).one())


async def close_applications(session: WriteSession, rows: Sequence[Mapping[str, object]]) -> None:
    """Write the outcomes of a whole list in one statement. Each row: `row_id` and `new_` state, seat_category,
    sector, confirmed_at, closed_reason, closed_rule, closed_at."""
    if not rows:
        return
    table = cast(Table, Application.__table__)
    # The new states come from the state machine, entity by entity; here they are only written down.
    statement = (
        table.update()
        .where(table.c.id == bindparam("row_id"))
        .values(
            state=bindparam("new_state"),
            seat_category=bindparam("new_seat_category"),
            sector=bindparam("new_sector"),
            confirmed_at=bindparam("new_confirmed_at"),
            closed_reason=bindparam("new_closed_reason"),
            closed_rule=bindparam("new_closed_rule"),
            closed_at=bindparam("new_closed_at"),
            version=table.c.version + 1,
        )
    )
    await (await session.connection()).execute(statement, list(rows))


async def close_corrections(session: WriteSession, ids: Collection[UUID], *, state: CorrectionState) -> None:
    """Write down the state that corrections have come to together."""
    if ids:
        statement = update(Correction).where(Correction.id.in_(ids)).values(state=state)
        await session.execute(statement, execution_options={"synchronize_session": False})


async def qualified_list(session: ReadSession, round_id: UUID) -> Notice | None:
    """The published qualified list of a round."""
    return (await session.execute(_QUALIFIED_LIST, {"round_id": round_id})).scalar_one_or_none()


_QUALIFIED_LIST = (
    select(Notice)
    .where(Notice.round_id == given("round_id"), Notice.kind == NoticeKind.QUALIFIED_LIST)
    .order_by(Notice.id.desc())
    .limit(literal_column("1"))
)


async def listed_candidate(session: WriteSession, application_id: UUID) -> Candidate | None:
    """The application's name on the candidate list, locked, where it stands there."""
    return (await session.execute(_LISTED_CANDIDATE, {"application_id": application_id})).scalar_one_or_none()


_LISTED_CANDIDATE = (
    select(Candidate)
    .where(Candidate.application_id == given("application_id"), Candidate.state == CandidateState.LISTED)
    .with_for_update()
)


async def award_state(session: ReadSession, application_id: UUID) -> str | None:
    """The state of the award that has come out of the application; None where none has."""
    return (await session.execute(_AWARD_STATE, {"application_id": application_id})).scalar_one_or_none()


_AWARD_STATE = select(Award.state).where(Award.application_id == given("application_id"))
