"""Which awards that stand a fact concerns that is recorded now and is of an earlier day (Arts. 6, 13, 22, 26, 28): its
recorder is told of them and of the act that follows; nothing becomes of an award by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.measures.conferral import award_concerned, conferred_meanwhile
from app.measures.exclusions import not_excluded
from app.measures.facts import CredentialKind, Exclusion, PastAward, RecordFinding
from app.measures.findings import Finding, obstacles
from app.measures.interval import interval_over
from app.measures.record import no_adverse_record
from app.measures.removal import WithdrawalGround
from app.measures.roles import Role
from app.measures.state_machines import AwardState, RevocationState
from app.measures.validity import begun
from app.services.applications.facts import recorded_as
from app.services.instruments.in_force import readings, round_terms
from app.store import awards, organisations, rounds
from app.store.applications import eligibility
from app.store.organisations import Organisation
from app.store.qualification import AdverseRecord
from app.store.revocations import Revocation, conferral_doubts
from app.store.rounds import Round

_TOLD_TO = frozenset({Role.OFFICE, Role.GOVERNMENT})
# What is not met by whoever holds a credential no more.
_WITHDRAWN = {
    CredentialKind.CERTIFICATE: WithdrawalGround.CERTIFIED,
    CredentialKind.LICENCE: WithdrawalGround.COMPLIANCE,
    CredentialKind.SAFETY: WithdrawalGround.SAFETY,
}


async def by_dissolution(context: ReadContext, row: Organisation) -> list[Finding]:
    """Awards of an organisation that had ceased to exist on the day of their decree."""
    if row.dissolved_on is None:
        return []
    own = [item for item in await _standing(context, row.lineage_id) if item.organisation_id == row.id]
    grounds = [WithdrawalGround.LEGAL_PERSON]
    return [found for item in own for found in await _told(context, item, grounds, row.dissolved_on)]


async def by_record(context: ReadContext, row: AdverseRecord) -> list[Finding]:
    """Awards against which an adverse record of the legal person would have counted on the day of their decree, in the
    years of their own rounds: as it is decided, or open."""
    days = [day for day in (row.occurred_on, row.determined_on) if day is not None]
    if row.finding == RecordFinding.DENIED or not days:
        return []
    whose = existing(await organisations.organisation(context.session, row.organisation_id))
    told: list[Finding] = []
    for award in await _standing(context, whose.lineage_id):
        terms = round_terms(await _round(context, award))
        day = award.conferred_on or context.today
        counts = no_adverse_record(
            records=[recorded_as(row)], test_date=day, parameters=terms.parameters, readings=terms.readings
        )
        grounds = [WithdrawalGround.RECORD] if obstacles(counts) else []
        if row.credential_kind is not None:
            grounds.append(_WITHDRAWN[CredentialKind(row.credential_kind)])
        told += await _told(context, award, grounds, min(days))
    return told


async def by_succession(context: ReadContext, row: Organisation, since: date) -> list[Finding]:
    """Awards of organisations that are one legal person since that day, by the link that was just recorded: what
    excluded the one, or was awarded to it, stood against a later award of the other."""
    lines = await eligibility.past_awards(context.session, [row.lineage_id])
    excluded = [
        Exclusion(item.from_day, item.last_day, item.article)
        for item in await eligibility.exclusions(context.session, [row.lineage_id])
    ]
    told: list[Finding] = []
    for award in await _standing(context, row.lineage_id):
        day = award.conferred_on or context.today
        earlier = [
            PastAward(item.ordinal, item.conferred_on, item.first_award, item.state == AwardState.REVOKED, item.fraud)
            for item in lines
            if item.round_id != award.round_id and begun(item.conferred_on, day)
        ]
        grounds = _against(await _round(context, award), earlier, excluded, day)
        told += await _told(context, award, grounds, since)
    return told


async def by_revocation(context: ReadContext, row: Revocation) -> list[Finding]:
    """Awards of the legal person that the exclusion of a decision concerns: those that are in doubt by it, and those
    that await their decree."""
    if row.state != RevocationState.DECIDED or row.decided_on is None:
        return []
    revoked = existing(await awards.get(context.session, row.award_id))
    whose = existing(await organisations.organisation(context.session, revoked.organisation_id))
    doubted = {item.award_id for item in await conferral_doubts.doubts_by(context.session, row.id)}
    own = [item for item in await _standing(context, whose.lineage_id) if item.id != row.award_id]
    told = conferred_meanwhile(
        decided_on=row.decided_on,
        later={str(item.id): item.conferred_on for item in own if item.id in doubted and item.conferred_on},
        stated=True,
        readings=await readings(context.session, context.today),
    )
    for award in own:
        if award.conferred_on is None:
            told += await _told(context, award, [WithdrawalGround.EXCLUDED], row.decided_on)
    return told


def _against(
    its_round: Round, earlier: Sequence[PastAward], excluded: Sequence[Exclusion], day: date
) -> list[WithdrawalGround]:
    """What of the whole legal person stood against an award of the round on the day."""
    terms = round_terms(its_round)
    waits = interval_over(
        past_awards=earlier,
        round_ordinal=existing(its_round.ordinal),
        parameters=terms.parameters,
        readings=terms.readings,
    )
    bars = not_excluded(exclusions=excluded, test_date=day)
    found = ((WithdrawalGround.INTERVAL, waits), (WithdrawalGround.EXCLUDED, bars))
    return [ground for ground, told in found if obstacles(told)]


async def _standing(context: ReadContext, lineage_id: UUID) -> Sequence[awards.Award]:
    """The awards of the legal person that were approved or conferred and stand, for those who decide what follows."""
    return await awards.standing_of(context.session, lineage_id) if context.actor.role in _TOLD_TO else []


async def _told(
    context: ReadContext, award: awards.Award, grounds: Sequence[WithdrawalGround], since: date
) -> list[Finding]:
    if not grounds:
        return []
    cited = await readings(context.session, context.today)
    return [
        found
        for ground in grounds
        for found in award_concerned(
            condition=ground,
            stood_on=since,
            award_id=str(award.id),
            organisation=award.awarded_name,
            conferred_on=award.conferred_on,
            readings=cited,
        )
    ]


async def _round(context: ReadContext, award: awards.Award) -> Round:
    return existing(await rounds.get(context.session, award.round_id))
