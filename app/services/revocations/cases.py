"""What every act on a case of revocation begins with: the case and its award, locked; what else stands on the award."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.measures.document_numbers import Document
from app.measures.findings import Finding
from app.measures.instruments import Parameters
from app.measures.organs import decider
from app.measures.revocations import RevocationKind, prevailing_end, revocation_admissible, revocation_decided
from app.measures.state_machines import AWARD, AwardState, DisbursementState, RevocationState
from app.measures.validity import RevokedUnder
from app.services.days import not_in_future
from app.services.disbursements import hold_prize
from app.services.instruments import in_force
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import move
from app.services.organisations.access import own_organisations
from app.store import awards as store
from app.store import disbursements, revocations, rounds
from app.store.revocations import conferral_doubts

OfAward = TypeVar("OfAward", revocations.Revocation, conferral_doubts.ConferralDoubt)


@dataclass(frozen=True, slots=True)
class Decision:
    """The government's decision: number, date, reason."""

    number: str
    decided_on: date
    reason: str
    # Of a revocation that is dated back before a later award: that this one is in doubt by it.
    later_awards_in_doubt: bool = False


async def locked_award(context: WriteContext, award_id: UUID) -> store.Award:
    """The award, locked until the transaction ends."""
    return existing(await store.lock(context.session, award_id), "没有此获奖记录", "No such award")


async def locked_case(context: WriteContext, revocation_id: UUID) -> tuple[revocations.Revocation, store.Award]:
    """The case with its award, both locked; another organisation's is not found."""
    row, _ = await visible_case(context, revocation_id)
    award = await locked_award(context, row.award_id)
    await context.session.refresh(row, with_for_update=True)
    return row, award


async def visible_case(context: ReadContext, revocation_id: UUID) -> tuple[revocations.Revocation, store.Award]:
    """The case with its award; an applicant finds those on its own awards only, and on those of whom it continues."""
    row = await context.session.by_id(revocations.Revocation, revocation_id)
    return await with_own_award(context, row, NotFound("没有此撤销案件", "No such case"))


async def with_own_award(context: ReadContext, row: OfAward | None, missing: NotFound) -> tuple[OfAward, store.Award]:
    """What is about an award, with that; `missing` is raised where there is none, or none for this caller."""
    award = None if row is None else await store.get(context.session, row.award_id)
    if row is None or award is None or not await own_award(context, award):
        raise missing
    return row, award


async def own_award(context: ReadContext, award: store.Award) -> bool:
    """Whether the caller may see what becomes of this award."""
    own = await own_organisations(context)
    return own is None or award.organisation_id in own


async def decided_on(context: ReadContext, award_id: UUID) -> Sequence[revocations.Revocation]:
    """The cases in which the award's revocation was decided and stands, oldest first."""
    cases = await revocations.revocations_of(context.session, award_id)
    return [item for item in cases if item.state == RevocationState.DECIDED]


async def admissible(context: ReadContext, row: revocations.Revocation) -> list[Finding]:
    """Whether there is still something to revoke beside what was decided before (Art. 26, 28)."""
    earlier = await ended_by(context, row.award_id)
    return revocation_admissible(kind=RevocationKind(row.basis), earlier=earlier)


async def ended_by(context: ReadContext, award_id: UUID) -> list[RevocationKind]:
    """What has ended the award already: the decisions of revocation that stand. One that was taken back, as its decree
    should not have named it, has no validity in which a ground of Art. 28 could lie; fraud is found at any time."""
    earlier = [RevocationKind(item.basis) for item in await decided_on(context, award_id)]
    voided = await conferral_doubts.taken_back(context.session, award_id)
    return earlier if voided is None else [*earlier, RevocationKind.GROUNDS]


def ended_under(award: store.Award, end: RevokedUnder) -> None:
    """Another decision ends the award: of all, what prevails is told."""
    known = [] if award.revoked_under is None else [award.revoked_under]
    award.revoked_under = prevailing_end(ends=[*known, end])


async def reinstate(context: WriteContext, award: store.Award, *, on: date) -> None:
    """After a decision on it was annulled or lifted on that day (Arts. 22, 26, 28): the award stands again, and says
    since when; or it is ended from the earliest day on of those that stand, and by what prevails of them."""
    ends = [(RevokedUnder(item.basis), item.decided_on) for item in await decided_on(context, award.id)]
    voided = await conferral_doubts.taken_back(context.session, award.id)
    if voided is not None:
        ends.append((RevokedUnder.TAKEN_BACK, voided.decided_on))
    if ends:
        award.revoked_on = min(day for _, day in ends if day is not None)
        award.revoked_under = prevailing_end(ends=[end for end, _ in ends])
    elif award.state == AwardState.REVOKED:
        move(context, AWARD, award, "reinstate", decider(role=context.actor.role, act="reinstate"))
        award.revoked_on, award.revoked_under, award.revocation_annulled_on = None, None, on
    await context.session.flush()


async def parameters_of(context: ReadContext, award: store.Award) -> Parameters:
    """The numbers of the round of the award."""
    return in_force.round_parameters(existing(await rounds.get(context.session, award.round_id)))


async def let_prize_go_on(context: WriteContext, award: store.Award, *, decision: str | None, reason: str) -> None:
    """A prize that was held for a case goes on, where its award stands and no other case holds it. `decision`: the
    number of the government's."""
    if any(await conferral_doubts.holding(context.session, award.id)):
        return
    held = await disbursements.lock_of_award(context.session, award.id)
    if held is not None and held.state == DisbursementState.SUSPENDED and award.state == AwardState.CONFERRED:
        await hold_prize.resume(context, held, decision=decision, reason=reason)


def put_decision(context: WriteContext, row: revocations.Revocation, decision: Decision) -> None:
    """Write the government's decision on the case."""
    row.decision_number, row.decided_on, row.decision_reason = decision.number, decision.decided_on, decision.reason
    row.decided_by = context.actor.known_id


async def decision_in_form(context: WriteContext, row: revocations.Revocation, decision: Decision) -> list[Finding]:
    """The form of the government's decision, whichever it is: after the submission, number, day and reason."""
    not_in_future(decision.decided_on, context.today, "/decided_on")
    await of_one_document(context.session, Document.DECISION, decision.number, decision.decided_on)
    return revocation_decided(
        kind=RevocationKind(row.basis),
        submitted_on=row.submitted_on,
        decided_on=decision.decided_on,
        number=decision.number,
        reason=decision.reason,
        readings=await in_force.readings(context.session, context.today),
    )
