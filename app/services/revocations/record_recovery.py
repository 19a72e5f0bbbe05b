"""Taking back what a fraud had brought (Art. 26): plaque, certificate, prize."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding
from app.measures.interpretations import resting_on
from app.measures.recovery import recovery_recordable
from app.measures.revocation_cases import given_back_recordable
from app.measures.roles import Role
from app.measures.sentences import yuan
from app.measures.state_machines import RECOVERY
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import act, require
from app.services.revocations.cases import own_award, own_organisations
from app.store import awards
from app.store import revocations as store


async def list_recoveries(context: ReadContext, *, request: PageRequest, state: str | None) -> Page[store.Recovery]:
    """What is or was to be recovered; of an applicant what it owes itself."""
    own = context.actor.organisation_id if context.actor.role is Role.APPLICANT else None
    after, limit = request.after(state=state, own=own), request.limit
    whose = await own_organisations(context)
    rows = await store.recoveries_page(context.session, after=after, limit=limit, state=state, organisations=whose)
    return request.page(rows, key=lambda row: row.id, state=state, own=own)


async def read_recovery(
    context: ReadContext, *, recovery_id: UUID
) -> tuple[store.Recovery, Sequence[store.RecoveryEntry]]:
    """One recovery with what has come back; another organisation's is not found."""
    row = await context.session.get(store.Recovery, recovery_id)
    if row is None:
        raise unknown()
    award = await awards.get(context.session, row.award_id)
    if award is None or not await own_award(context, award):
        raise unknown()
    return row, await store.entries_of(context.session, recovery_id)


async def record_recovery(
    context: WriteContext, *, recovery_id: UUID, recovered_on: date, evidence: str, amount_fen: int | None
) -> store.Recovery:
    """The thing has come back, or money has: `amount_fen` of the prize, all that is outstanding where none is named.
    What is paid back in parts stays outstanding to the last fen."""
    row = await context.session.get(store.Recovery, recovery_id, with_for_update=True)
    if row is None:
        raise unknown()
    require(context, RECOVERY, row, "record_recovery")
    not_in_future(recovered_on, context.today, "/recovered_on")
    part = _part(row, amount_fen)
    outstanding = row.amount_fen - row.recovered_fen - part
    name = "record_recovery_in_part" if outstanding else "record_recovery"
    async with act(context, RECOVERY, row, name, recorded="record_recovery") as doing:
        doing.hear(await _since_the_decision(context, row, recovered_on))
        context.session.add(
            store.RecoveryEntry(
                created_at=context.now,
                recovery_id=row.id,
                amount_fen=part,
                recovered_on=recovered_on,
                evidence=evidence,
                recorded_by=context.actor.known_id,
            )
        )
        row.recovered_fen += part
        if not outstanding:
            row.recovered_on, row.evidence = recovered_on, evidence
        doing.tell(item=row.item, amount_fen=part, outstanding_fen=outstanding, recovered_on=recovered_on)
    return row


async def give_back(context: WriteContext, *, recovery_id: UUID, given_back_on: date, evidence: str) -> store.Recovery:
    """What had come back is with the organisation again, all of it, after its decision was annulled on review."""
    row = await context.session.get(store.Recovery, recovery_id, with_for_update=True)
    if row is None:
        raise unknown()
    async with act(context, RECOVERY, row, "give_back") as doing:
        not_in_future(given_back_on, context.today, "/given_back_on")
        case = await context.session.get(store.Revocation, row.revocation_id)
        since = None if case is None else case.annulled_on or case.decided_on
        if since is None:
            raise RuntimeError("something is owed back without a decision")
        found = given_back_recordable(owed_since=since, given_back_on=given_back_on)
        doing.hear(resting_on(found, await readings(context.session, context.today), "annulled_revocation"))
        row.given_back_on, row.given_back_evidence = given_back_on, evidence
        doing.tell(item=row.item, amount_fen=row.recovered_fen, given_back_on=given_back_on)
    return row


async def _since_the_decision(context: WriteContext, row: store.Recovery, recovered_on: date) -> list[Finding]:
    case = await context.session.get(store.Revocation, row.revocation_id)
    if case is None or case.decided_on is None:
        raise RuntimeError("a recovery without a decision")
    found = recovery_recordable(decided_on=case.decided_on, recovered_on=recovered_on)
    return resting_on(found, await readings(context.session, context.today), "day_of_recovery")


def _part(row: store.Recovery, amount_fen: int | None) -> int:
    outstanding = row.amount_fen - row.recovered_fen
    if amount_fen is None:
        return outstanding
    if amount_fen > outstanding:
        text = Text(
            f"超出尚未追回的{yuan(outstanding)}元" if outstanding else "奖牌、证书没有金额",
            f"More than the {yuan(outstanding)} yuan outstanding" if outstanding else "It is a thing, not an amount",
        )
        raise Invalid(text, errors=[FieldError("/amount_fen", FieldCode.EXCEEDS_OUTSTANDING, text)])
    return amount_fen


def unknown() -> NotFound:
    """There is no such recovery."""
    return NotFound("没有此追缴记录", "No such recovery")
