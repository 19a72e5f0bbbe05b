"""Making one legal person of two: what is bound to a lineage moves with it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select, update

from app.measures.state_machines import LIVE_APPLICATION_STATES, LIVE_ROUND_STATES
from app.store.applications import Application
from app.store.database import ReadSession, WriteSession
from app.store.disbursements import Disbursement
from app.store.organisations import Organisation, SuccessorLink
from app.store.revocations import Exclusion
from app.store.rounds import Round
from app.store.statements import given


async def lock(session: WriteSession, lineages: set[UUID]) -> list[Organisation]:
    """Every organisation of these lineages, locked until the transaction ends, always in the same order."""
    return list((await session.execute(_LOCK, {"lineages": list(lineages)})).scalars())


_LOCK = (
    select(Organisation)
    .where(Organisation.lineage_id.in_(given("lineages")))
    .order_by(Organisation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def founded(session: ReadSession, organisation_id: UUID) -> date:
    """The first day on which the legal person, or one that it continues, was there."""
    lineage = select(Organisation.lineage_id).where(Organisation.id == organisation_id).scalar_subquery()
    query = select(func.min(Organisation.established_on)).where(Organisation.lineage_id == lineage)
    return (await session.execute(query)).scalar_one()


async def continued(session: ReadSession, organisation_id: UUID) -> bool:
    """Whether an organisation that exists continues this one, by the links on record, however far on."""
    known: set[UUID] = set()
    ahead = {organisation_id}
    while ahead:
        known |= ahead
        query = (
            select(Organisation.id, Organisation.dissolved_on)
            .join(SuccessorLink, SuccessorLink.successor_id == Organisation.id)
            .where(SuccessorLink.predecessor_id.in_(ahead))
        )
        rows = (await session.execute(query)).all()
        if any(dissolved_on is None for _, dissolved_on in rows):
            return True
        ahead = {successor_id for successor_id, _ in rows} - known
    return False


async def live_applications(session: WriteSession, lineages: set[UUID]) -> int:
    """How many applications of these lineages are in the running in a live round."""
    query = (
        select(Application.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Organisation.lineage_id.in_(lineages),
            Application.state.in_(LIVE_APPLICATION_STATES),
            Round.state.in_(LIVE_ROUND_STATES),
        )
    )
    return len((await session.execute(query)).all())


async def join(session: WriteSession, *, kept: UUID, ended: UUID) -> None:
    """Put organisations, exclusions and the prize of the lineage `ended` into `kept`.

    Where both have had a prize, the later lineage's stays where it is: the key of the other keeps a third away.
    """
    await session.execute(update(Exclusion).where(Exclusion.lineage_id == ended).values(lineage_id=kept))
    had = select(exists().where(Disbursement.lineage_id == kept, Disbursement.taken_back_on.is_(None)))
    theirs = [Disbursement.lineage_id == ended]
    if (await session.execute(had)).scalar_one():
        # That of an award that was taken back is no prize of the legal person, and keeps nothing away.
        theirs.append(Disbursement.taken_back_on.is_not(None))
    await session.execute(update(Disbursement).where(*theirs).values(lineage_id=kept))
    await session.execute(
        update(Organisation)
        .where(Organisation.lineage_id == ended)
        .values(lineage_id=kept, version=Organisation.version + 1)
    )
