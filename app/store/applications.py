"""Applications, attachments, recommendations, consultations, decisions on conditions, gate runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.lives import APPLICATION, LIVE_APPLICATION_STATES, OPEN_RECOMMENDATION_STATES, RECOMMENDATION
from app.store.base import Identified, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.parties import Organisation

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_APPLICATION_STATES))
_IS_LIVE = text(f"state IN ({_LIVE})")
_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN_RECOMMENDATION_STATES))
_OPEN_RECOMMENDATION = text(f"state IN ({_OPEN})")


class Application(Identified):
    """One organisation's application in one round. `content` is the form; `snapshot` what was frozen at submission."""

    __tablename__ = "applications"
    __table_args__ = (
        state_of(APPLICATION),
        Index(
            "uq_applications_one_live",
            "organisation_id",
            "round_id",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
        Index("ix_applications_round_state", "round_id", "state", "id"),
        CheckConstraint("submitted_at IS NULL OR snapshot_hash IS NOT NULL", name="submitted_is_frozen"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    # Frozen at submission: organisation and content together, with their hash, number and receipt.
    number: Mapped[str | None] = mapped_column(unique=True)
    snapshot: Mapped[dict[str, Any] | None]
    snapshot_hash: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    # Frozen at the confirmation of the qualified list (Art. 17).
    bucket: Mapped[str | None]
    sector: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    closed_rule: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Attachment(Identified):
    """One version of one material of an application. The bytes lie in the file store under `storage_key`."""

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("application_id", "material", "revision"),
        CheckConstraint("size > 0", name="not_empty"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    material: Mapped[str]
    revision: Mapped[int]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    trade_secret: Mapped[bool]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None]


class Recommendation(Identified):
    """A unit's answer to an application. At most one is open or endorsed for an application (Art. 3)."""

    __tablename__ = "recommendations"
    __table_args__ = (
        state_of(RECOMMENDATION),
        Index(
            "uq_recommendations_one_open",
            "application_id",
            unique=True,
            sqlite_where=_OPEN_RECOMMENDATION,
            postgresql_where=_OPEN_RECOMMENDATION,
        ),
        Index("ix_recommendations_unit_state", "unit_id", "state", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"))
    state: Mapped[str]
    due_at: Mapped[datetime | None]
    content_hash: Mapped[str]
    facts_verified: Mapped[list[Any] | None]
    opinion: Mapped[str | None]
    signatory: Mapped[str | None]
    signed_on: Mapped[date | None]
    trade_reason: Mapped[str | None]
    reason: Mapped[str | None]
    seal_attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("seal_files.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class SealFile(Identified):
    """The scanned, sealed opinion of a unit. The bytes lie in the file store under `storage_key`."""

    __tablename__ = "seal_files"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Consultation(Identified):
    """One department asked about one application: only code, name, period and its letters of 13(6) (Art. 17)."""

    __tablename__ = "consultations"
    __table_args__ = (
        one_of("state", ["asked", "answered", "overdue_recorded"]),
        one_of("answer", ["no_objection", "adverse", "not_applicable"]),
        UniqueConstraint("application_id", "department_id"),
        Index("ix_consultations_department", "department_id", "round_id", "id"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    letters: Mapped[list[Any]]
    period_from: Mapped[date]
    period_to: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[str]
    answer: Mapped[str | None]
    remark: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    overdue_reason: Mapped[str | None]
    overdue_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class AdverseRecord(Identified):
    """One record under 13(6): what, when, from whom, on what evidence, attributable to whom, found how."""

    __tablename__ = "adverse_records"
    __table_args__ = (
        one_of("letter", "abcdefgh"),
        one_of("finding", ["open", "confirmed", "denied"]),
        one_of("severity", ["bars", "does_not_bar"]),
        one_of("origin", ["declared", "department", "office", "objection"]),
        CheckConstraint("occurred_on IS NOT NULL OR determined_on IS NOT NULL", name="dated"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"))
    origin: Mapped[str]
    letter: Mapped[str]
    fact: Mapped[str]
    basis: Mapped[str | None]
    occurred_on: Mapped[date | None]
    determined_on: Mapped[date | None]
    source: Mapped[str]
    cured: Mapped[bool] = mapped_column(default=False)
    attributable: Mapped[bool | None]
    finding: Mapped[str]
    severity: Mapped[str | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    # The applicant is heard before the decision.
    notified_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]


class Correction(Identified):
    """A request for correction (补正) with its own date (Art. 17)."""

    __tablename__ = "corrections"
    __table_args__ = (one_of("state", ["open", "answered", "expired"]),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    items: Mapped[list[Any]]
    due_at: Mapped[datetime]
    state: Mapped[str]
    answered_at: Mapped[datetime | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class ConditionDecision(Identified):
    """A person's decision on one condition of one application; the newest of a rule counts, earlier ones stay."""

    __tablename__ = "condition_decisions"
    __table_args__ = (
        one_of("outcome", ["pass", "fail"]),
        Index("ix_condition_decisions_application", "application_id", "rule", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    rule: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[str]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class GateRun(Identified):
    """One run of the eligibility rules: at submission, confirmation, proposed list, approval, payment."""

    __tablename__ = "gate_runs"
    __table_args__ = (
        one_of("gate", ["submission", "confirmation", "proposed", "approval", "payment"]),
        Index("ix_gate_runs_application", "application_id", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    gate: Mapped[str]
    tested_on: Mapped[date]
    facts: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    passed: Mapped[bool]


async def get(session: ReadSession, application_id: UUID) -> Application | None:
    """The application with this id."""
    return await session.get(Application, application_id)


async def lock(session: WriteSession, application_ids: Sequence[UUID]) -> Sequence[Application]:
    """These applications, read again and locked until the transaction ends, in the order of their ids."""
    query = (
        select(Application)
        .where(Application.id.in_(application_ids))
        .order_by(Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalars().all()


async def of_lineage(session: ReadSession, *, round_id: UUID, lineage_id: UUID) -> Sequence[Application]:
    """Every application of a legal person, its predecessors and successors in a round, the oldest first."""
    query = (
        select(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round_id, Organisation.lineage_id == lineage_id)
        .order_by(Application.id)
    )
    return (await session.execute(query)).scalars().all()


async def page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    organisation_id: UUID | None,
    unit_id: UUID | None,
) -> Sequence[Any]:
    """Rows for a list, newest first, up to `limit + 1`. `unit_id`: those whose recommendation this unit is asked for or
    has given."""
    query = (
        select(
            Application.id,
            Application.round_id,
            Application.organisation_id,
            Application.state,
            Application.number,
            Application.submitted_at,
            Application.sector,
            Application.bucket,
            Application.created_at,
            Application.version,
            Organisation.name.label("organisation_name"),
            Organisation.uscc,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .order_by(Application.id.desc())
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(Application.id < after)
    if round_id is not None:
        query = query.where(Application.round_id == round_id)
    if state is not None:
        query = query.where(Application.state == state)
    if organisation_id is not None:
        query = query.where(Application.organisation_id == organisation_id)
    if unit_id is not None:
        asked = select(Recommendation.application_id).where(
            Recommendation.unit_id == unit_id, Recommendation.state.in_(OPEN_RECOMMENDATION_STATES)
        )
        query = query.where(Application.id.in_(asked))
    return (await session.execute(query)).all()


async def gate_runs(
    session: ReadSession, application_id: UUID, *, gates: Sequence[str], after: UUID | None, limit: int
) -> tuple[Sequence[GateRun], GateRun | None]:
    """Runs of these gates in their order, up to `limit + 1`, and the one before the first of them."""
    query = (
        select(GateRun)
        .where(GateRun.application_id == application_id, GateRun.gate.in_(gates))
        .order_by(GateRun.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is None:
        return (await session.execute(query)).scalars().all(), None
    before = await session.get(GateRun, after)
    rows = (await session.execute(query.where(GateRun.id > after))).scalars().all()
    return rows, before if before is not None and before.application_id == application_id else None


async def open_corrections(session: ReadSession, application_ids: Sequence[UUID]) -> Sequence[Correction]:
    """The correction requests of these applications that wait for their answers, the oldest first."""
    query = (
        select(Correction)
        .where(Correction.application_id.in_(application_ids), Correction.state == "open")
        .order_by(Correction.id)
    )
    return (await session.execute(query)).scalars().all()


async def open_correction(session: ReadSession, application_id: UUID) -> Correction | None:
    """The newest correction request that waits for its answer."""
    query = (
        select(Correction)
        .where(Correction.application_id == application_id, Correction.state == "open")
        .order_by(Correction.id.desc())
        .limit(literal_column("1"))
    )
    return (await session.execute(query)).scalar_one_or_none()
