"""What the gate of eligibility looks at beyond the application, and its runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Index, and_, bindparam, exists, insert, not_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.eligibility import Gate
from app.measures.facts import RecordFinding, Verdict
from app.measures.findings import FindingRecord
from app.measures.revocations import RevocationKind
from app.measures.state_machines import AwardState, ConferralDoubtState, RevocationState
from app.store.applications import Application
from app.store.awards import Award
from app.store.base import Identified, Json, one_of, page_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.qualification import AdverseRecord, ConditionDecision
from app.store.revocations import Exclusion, Revocation, stands
from app.store.revocations.conferral_doubts import ConferralDoubt
from app.store.rounds import Round
from app.store.statements import given


class EligibilityCheck(Identified):
    """One run of the eligibility rules: at submission, confirmation, proposed list, approval, payment."""

    __tablename__ = "eligibility_checks"
    __table_args__ = (
        one_of("gate", Gate),
        Index("ix_eligibility_checks_application", "application_id", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    gate: Mapped[Gate]
    tested_on: Mapped[date]
    facts: Mapped[dict[str, object]]
    findings: Mapped[list[FindingRecord]] = mapped_column(Json)
    passed: Mapped[bool]


async def keep_checks(session: WriteSession, rows: Sequence[Mapping[str, object]]) -> None:
    """Put runs of many applications on record in one statement, each by its columns."""
    if rows:
        await session.execute(insert(EligibilityCheck), list(rows))


async def eligibility_checks(
    session: ReadSession, application_id: UUID, *, gates: Sequence[str], after: UUID | None, limit: int
) -> tuple[Sequence[EligibilityCheck], EligibilityCheck | None]:
    """Runs of these gates in their order, up to `limit + 1`, and the one before the first of them."""
    of_gates = select(EligibilityCheck).where(
        EligibilityCheck.application_id == application_id, EligibilityCheck.gate.in_(gates)
    )
    query = page_of(of_gates, EligibilityCheck.id, after=after, limit=limit)
    before = None if after is None else await session.by_id(EligibilityCheck, after)
    rows = (await session.execute(query)).scalars().all()
    return rows, before if before is not None and before.application_id == application_id else None


# Awards that were conferred count for the interval (Art. 6), those revoked since as well.
_CONFERRED = (AwardState.CONFERRED, AwardState.REVOKED)


async def organisations(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """Organisations by id."""
    return await session.by_ids(Organisation, ids)


class PastAwardLine(NamedTuple):
    """An award of a lineage: its round with the ordinal, the decree's date, first or not, how it stands, and whether it
    was revoked for fraud."""

    lineage_id: UUID
    round_id: UUID
    ordinal: int
    conferred_on: date
    first_award: bool
    state: AwardState
    fraud: bool


# Made once: to write it takes longer than to ask.
_FRAUD = exists().where(
    and_(
        Revocation.award_id == Award.id,
        Revocation.basis == RevocationKind.FRAUD,
        Revocation.state == RevocationState.DECIDED,
    )
)
_TAKEN_BACK = exists().where(
    and_(ConferralDoubt.award_id == Award.id, ConferralDoubt.state == ConferralDoubtState.VOIDED)
)
_PAST_AWARDS = (
    select(
        Organisation.lineage_id,
        Award.round_id,
        Round.ordinal,
        Award.conferred_on,
        Award.first_award,
        Award.state,
        _FRAUD.label("fraud"),
    )
    .join(Organisation, Organisation.id == Award.organisation_id)
    .join(Round, Round.id == Award.round_id)
    .where(
        Organisation.lineage_id.in_(bindparam("lineages", expanding=True)),
        Award.state.in_(_CONFERRED),
        # One that was taken back, as its decree should not have named it, was never won.
        not_(_TAKEN_BACK),
        Round.ordinal.is_not(None),
    )
    .order_by(Round.ordinal)
)


async def past_awards(session: ReadSession, lineages: Collection[UUID]) -> Sequence[PastAwardLine]:
    """Awards once conferred on legal persons of these lineages, in the order of the rounds."""
    asked = {"lineages": list(lineages)}
    return [PastAwardLine._make(row) for row in (await session.execute(_PAST_AWARDS, asked)).all()]


async def exclusions(session: ReadSession, lineages: Collection[UUID]) -> Sequence[Exclusion]:
    """Periods of exclusion of these lineages: bound to the legal person, not to its name."""
    return (await session.execute(_EXCLUSIONS, {"lineages": list(lineages)})).scalars().all()


_EXCLUSIONS = (
    select(Exclusion).where(Exclusion.lineage_id.in_(given("lineages")), stands()).order_by(Exclusion.from_day)
)


async def bars_of(session: ReadSession, lineage_id: UUID) -> tuple[list[Exclusion], list[AdverseRecord]]:
    """What stands against a legal person, its predecessors and successors, before it applies: its periods of exclusion
    in their order, and the confirmed adverse records that were entered out of any round. One query."""
    found = (await session.execute(_BARS, {"lineage_id": lineage_id})).all()
    rows: list[tuple[Exclusion | None, AdverseRecord | None]] = [(row[0], row[1]) for row in found]
    exclusions = {one.id: one for one, _ in rows if one is not None}
    records = {one.id: one for _, one in rows if one is not None}
    return sorted(exclusions.values(), key=lambda item: (item.from_day, item.id)), list(records.values())


# Each exclusion beside each record, or nothing beside nothing: few of both, and told apart by their ids.
_BARS = (
    select(Exclusion, AdverseRecord)
    .select_from(Organisation)
    .outerjoin(Exclusion, and_(Exclusion.lineage_id == Organisation.lineage_id, stands()))
    .outerjoin(
        AdverseRecord,
        and_(
            AdverseRecord.organisation_id == Organisation.id,
            AdverseRecord.application_id.is_(None),
            AdverseRecord.finding == RecordFinding.CONFIRMED,
        ),
    )
    .where(Organisation.lineage_id == given("lineage_id"))
    .order_by(AdverseRecord.id)
)


async def adverse_records(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[AdverseRecord]:
    """Adverse records of these applications, in the order in which they were entered."""
    return (await session.execute(_ADVERSE_RECORDS, {"application_ids": list(application_ids)})).scalars().all()


_ADVERSE_RECORDS = (
    select(AdverseRecord).where(AdverseRecord.application_id.in_(given("application_ids"))).order_by(AdverseRecord.id)
)


class KnownRecord(NamedTuple):
    """An adverse record, and the lineage of the organisation that it belongs to."""

    record: AdverseRecord
    lineage_id: UUID


async def known_records(
    session: ReadSession, application_ids: Collection[UUID], lineages: Collection[UUID]
) -> Sequence[KnownRecord]:
    """The adverse records of these applications, and those that were entered on legal persons of these lineages out of
    any round, in the order in which they were entered. One query."""
    return [
        KnownRecord._make(row)
        for row in (
            await session.execute(
                _KNOWN_RECORDS, {"application_ids": list(application_ids), "lineages": list(lineages)}
            )
        ).all()
    ]


_KNOWN_RECORDS = (
    select(AdverseRecord, Organisation.lineage_id)
    .join(Organisation, Organisation.id == AdverseRecord.organisation_id)
    .where(
        or_(
            AdverseRecord.application_id.in_(given("application_ids")),
            and_(AdverseRecord.application_id.is_(None), Organisation.lineage_id.in_(given("lineages"))),
        )
    )
    .order_by(AdverseRecord.id)
)


async def records_known_of(session: ReadSession, application: Application) -> Sequence[AdverseRecord]:
    """The adverse records that count for one application: its own, and those of its legal person out of any round."""
    lineage = select(Organisation.lineage_id).where(Organisation.id == application.organisation_id)
    lineage_id = (await session.execute(lineage)).scalar_one()
    return [item.record for item in await known_records(session, [application.id], [lineage_id])]


async def records_of_lineage(session: ReadSession, lineage_id: UUID) -> Sequence[AdverseRecord]:
    """Every adverse record of a legal person, its predecessors and successors, in the order of their entry."""
    return (await session.execute(_RECORDS_OF_LINEAGE, {"lineage_id": lineage_id})).scalars().all()


_RECORDS_OF_LINEAGE = (
    select(AdverseRecord)
    .join(Organisation, Organisation.id == AdverseRecord.organisation_id)
    .where(Organisation.lineage_id == given("lineage_id"))
    .order_by(AdverseRecord.id)
)


class DecisionLine(NamedTuple):
    """A decision on a condition, as a row."""

    application_id: UUID
    rule: str
    outcome: Verdict
    reason: str
    evidence: str
    decided_by: UUID
    created_at: datetime
    about: list[str]


async def condition_decisions(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[DecisionLine]:
    """Decisions on conditions of these applications, the oldest first: the newest of a rule counts."""
    return [
        DecisionLine._make(row)
        for row in (await session.execute(_CONDITION_DECISIONS, {"application_ids": list(application_ids)})).all()
    ]


_CONDITION_DECISIONS = (
    select(
        ConditionDecision.application_id,
        ConditionDecision.rule,
        ConditionDecision.outcome,
        ConditionDecision.reason,
        ConditionDecision.evidence,
        ConditionDecision.decided_by,
        ConditionDecision.created_at,
        ConditionDecision.about,
    )
    .where(ConditionDecision.application_id.in_(given("application_ids")))
    .order_by(ConditionDecision.id)
)
