"""Doubts about a conferral (Arts. 3, 22, 26, 28): how one is raised, read, and lifted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.measures.conferral import DoubtGround, conferral_to_decide
from app.measures.findings import Finding
from app.measures.recovery import RecoveryItem, left_to_come_back
from app.measures.roles import Role
from app.measures.state_machines import (
    CONFERRAL_DOUBT,
    AwardState,
    ConferralDoubtState,
    DisbursementState,
    RecoveryState,
)
from app.services.disbursements import hold_prize
from app.services.instruments.in_force import cited
from app.services.lifecycle import create, enter, one_of_many
from app.services.revocations.cases import let_prize_go_on, locked_award, own_award, reinstate, with_own_award
from app.services.revocations.coming_back import end_recovery
from app.store import awards, disbursements, organisations
from app.store import revocations as store
from app.store.revocations import conferral_doubts

HOLD = "授奖存疑，待县政府决定 / the conferral is in doubt"


@dataclass(frozen=True, slots=True)
class Raised:
    """What turned out: the day from which it stood, the letter or the decision that says so, and why; of a finding the
    rule that it fails, and its evidence."""

    ground: DoubtGround
    since_day: date
    reference: str
    reason: str | None = None
    revocation_id: UUID | None = None
    rule: str | None = None
    evidence: str | None = None


async def raise_doubt(
    context: WriteContext, award: awards.Award, raised: Raised, name: str, findings: Sequence[Finding]
) -> conferral_doubts.ConferralDoubt:
    """Put a doubt on record: an unpaid prize is held, and none is ordered, until the government has decided."""
    row = conferral_doubts.ConferralDoubt(
        created_at=context.now,
        award_id=award.id,
        ground=raised.ground,
        since_day=raised.since_day,
        reference=raised.reference,
        reason=raised.reason,
        rule=raised.rule,
        evidence=raised.evidence,
        revocation_id=raised.revocation_id,
        entered_by=context.actor.known_id,
        state=create(CONFERRAL_DOUBT),
    )
    await enter(
        context,
        row,
        name,
        CONFERRAL_DOUBT.name,
        round_id=award.round_id,
        findings=findings,
        award_id=award.id,
        ground=raised.ground.value,
        since_day=raised.since_day,
        reference=raised.reference,
        readings=await cited(context.session, context.today, "conferral_in_doubt"),
    )
    await hold_prize.suspend(context, award_id=award.id, reason=HOLD)
    return row


async def locked_doubt(context: WriteContext, doubt_id: UUID) -> tuple[conferral_doubts.ConferralDoubt, awards.Award]:
    """The doubt with its award, both locked."""
    row, _ = await visible_doubt(context, doubt_id)
    award = await locked_award(context, row.award_id)
    await context.session.refresh(row, with_for_update=True)
    return row, award


async def visible_doubt(context: ReadContext, doubt_id: UUID) -> tuple[conferral_doubts.ConferralDoubt, awards.Award]:
    """The doubt with its award; an applicant finds those about its own awards only."""
    row = await context.session.by_id(conferral_doubts.ConferralDoubt, doubt_id)
    return await with_own_award(context, row, NotFound("没有此授奖存疑记录", "No such doubt about a conferral"))


async def list_doubts(context: ReadContext, *, award_id: UUID) -> Sequence[conferral_doubts.ConferralDoubt]:
    """Every doubt about the conferral of an award, for its organisation and for those who work on it."""
    award = existing(await awards.get(context.session, award_id), "没有此获奖记录", "No such award")
    if not await own_award(context, award):
        raise NotFound("没有此获奖记录", "No such award")
    return await conferral_doubts.doubts_of(context.session, award_id)


async def letter_files(
    context: ReadContext, row: conferral_doubts.ConferralDoubt
) -> Sequence[conferral_doubts.WithdrawalLetterFile]:
    """The scans of the letter that it rests on."""
    return await conferral_doubts.letter_files_of(context.session, row.id)


async def due(context: ReadContext, row: conferral_doubts.ConferralDoubt) -> list[Finding]:
    """What is to be done next, and by whom; of one whose award was taken back, what its holder still has to give
    back."""
    if row.state == ConferralDoubtState.VOIDED:
        owed = await store.standing_recoveries(context.session, row.award_id)
        outstanding = {
            item.item: item.amount_fen - item.recovered_fen for item in owed if item.state == RecoveryState.OUTSTANDING
        }
        return left_to_come_back(outstanding=outstanding)
    scanned = bool(await letter_files(context, row))
    return conferral_to_decide(is_open=row.state == ConferralDoubtState.OPEN, ground=row.ground, scanned=scanned)


async def download_letter(
    context: StreamContext, *, doubt_id: UUID, file_id: UUID
) -> tuple[conferral_doubts.WithdrawalLetterFile, AsyncIterator[bytes]]:
    """The bytes of a scan, for the organisation itself and for those who work on it, whose access goes on record."""
    async with context.reading() as reading:
        row, _ = await visible_doubt(reading, doubt_id)
        found = await reading.session.by_id(conferral_doubts.WithdrawalLetterFile, file_id)
    if found is None or found.doubt_id != row.id:
        raise NotFound("没有此文件", "No such file")
    pieces = await context.files.open_stream(found.storage_key)
    if context.actor.role is not Role.APPLICANT:
        write = await context.writing()
        audit.record(
            write, "open_withdrawal_letter", "withdrawal_letter_file", found.id, doubt_id=row.id, sha256=found.sha256
        )
    return found, pieces


async def lift_doubts(
    context: WriteContext, revocation: store.Revocation, *, on: date, number: str, reason: str
) -> None:
    """The decision that excluded the legal person was annulled on review, as if it had never been: what it had brought
    upon later awards is lifted. One that was taken back for it alone is conferred again, and its prize is due."""
    for row in await conferral_doubts.doubts_by(context.session, revocation.id):
        award = await locked_award(context, row.award_id)
        was = row.state
        if was not in CONFERRAL_DOUBT.transition("lift_doubt").sources:
            continue
        with one_of_many(context, CONFERRAL_DOUBT, row, "lift_doubt", round_id=award.round_id) as doing:
            doing.hear()
            doing.tell(award_id=award.id, annulled_by=number)
        await context.session.flush()
        if was == ConferralDoubtState.VOIDED:
            await reinstate(context, award, on=on)
            await _prize_is_its_own_again(context, row, award, number=number, reason=reason)
        await let_prize_go_on(context, award, decision=number, reason=reason)


async def _prize_is_its_own_again(
    context: WriteContext, row: conferral_doubts.ConferralDoubt, award: awards.Award, *, number: str, reason: str
) -> None:
    """What was demanded for the doubt is demanded no more, and the prize is that of its legal person again: due, where
    the award stands; unless that has been ordered another since, which is the one that it has (Art. 9)."""
    if await conferral_doubts.taken_back(context.session, award.id) is not None:
        return
    prize = await disbursements.lock_of_award(context.session, award.id)
    organisation = existing(await organisations.share(context.session, award.organisation_id))
    another = await disbursements.of_lineage(context.session, organisation.lineage_id)
    for claim in await store.lock_recoveries_after(context.session, row.id):
        if claim.item is not RecoveryItem.PRIZE or another is None:
            await end_recovery(context, award, claim, annulled_by=number)
    await context.session.flush()
    if prize is None or another is not None:
        return
    prize.taken_back_on = None
    await context.session.flush()
    if award.state == AwardState.CONFERRED and prize.state == DisbursementState.CANCELLED:
        await hold_prize.restore(context, prize, decision=number, reason=reason)
