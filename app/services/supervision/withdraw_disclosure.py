"""A release of an objection (Art. 21) or a report (Art. 31) is taken back before its time."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import existing, refuse
from app.measures.disclosure import DisclosureOutcome, disclosure_withdrawable
from app.services.supervision.disclosures import ToldDisclosure, matter_of
from app.store.objections import disclosures


async def withdraw_disclosure(context: WriteContext, *, disclosure_id: UUID, reason: str) -> ToldDisclosure:
    """End it at once: by whoever released it, or another person who may decide. What was read stays read."""
    found = await disclosures.lock(context.session, disclosure_id)
    row = existing(found, "没有此申请", "No such request")
    about = await matter_of(context, row)
    released = row.outcome == DisclosureOutcome.RELEASED and row.withdrawn_at is None and row.ends_at > context.now
    findings = disclosure_withdrawable(
        own=row.asked_by == context.actor.account_id,
        person=not context.actor.machine,
        # Whoever has released it and finds an interest afterwards takes it back.
        recused=about.recused and row.decided_by != context.actor.account_id,
        in_force=released,
    )
    refuse(findings)
    row.withdrawn_at, row.withdrawn_by = context.now, context.actor.known_id
    await context.session.flush()
    audit.record(
        context,
        "withdraw_disclosure",
        about.kind,
        about.id,
        round_id=about.round_id,
        findings=findings,
        disclosure_id=row.id,
        asked_by=row.asked_by,
        decided_by=row.decided_by,
        reason=reason,
    )
    return ToldDisclosure(row, about.published_name)
