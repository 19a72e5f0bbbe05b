"""Another person releases an objection (Art. 21) or a report (Art. 31) to its investigator, or does not."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import existing, refuse
from app.measures.disclosure import LASTS, DisclosureOutcome, disclosure_decidable
from app.services.supervision.disclosures import ToldDisclosure, matter_of
from app.store.objections import disclosures


async def decide_disclosure(
    context: WriteContext, *, disclosure_id: UUID, outcome: DisclosureOutcome, statement: str
) -> ToldDisclosure:
    """Release it from now on, for its time, or refuse it: by a person who is not the one that asks, with a statement
    of how it was looked whether that person is free of interests. Of two at once the second finds it decided."""
    found = await disclosures.lock(context.session, disclosure_id)
    row = existing(found, "没有此申请", "No such request")
    about = await matter_of(context, row)
    findings = disclosure_decidable(
        own=row.asked_by == context.actor.account_id,
        person=not context.actor.machine,
        recused=about.recused,
        standing=row.outcome is None
        and row.withdrawn_at is None
        and row.ends_at > context.now
        and about.investigator_id == row.asked_by,
    )
    refuse(findings)
    row.outcome, row.decided_by, row.decided_at = outcome, context.actor.known_id, context.now
    row.statement = statement
    if outcome is DisclosureOutcome.RELEASED:
        row.ends_at = context.now + LASTS
    await context.session.flush()
    audit.record(
        context,
        "decide_disclosure",
        about.kind,
        about.id,
        round_id=about.round_id,
        findings=findings,
        disclosure_id=row.id,
        asked_by=row.asked_by,
        outcome=outcome,
        statement=statement,
        ends_at=row.ends_at.isoformat(),
    )
    return ToldDisclosure(row, about.published_name)
