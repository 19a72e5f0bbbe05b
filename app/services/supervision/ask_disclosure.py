"""The investigator of an objection (Art. 21) or a report (Art. 31) asks to read it as it came."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.disclosure import LASTS, DisclosureMatter, disclosure_free
from app.services.instruments.in_force import cited
from app.services.objections.investigator import only_the_investigator
from app.services.objections.read_objections import locked
from app.services.supervision import mark_reports
from app.services.supervision.disclosures import ToldDisclosure
from app.store.objections import disclosures


async def ask_disclosure(
    context: WriteContext, *, matter: DisclosureMatter, matter_id: UUID, reason: str
) -> ToldDisclosure:
    """Ask for a disclosure, with a reason that whoever decides and the auditor read. What it is about is locked: of two
    requests at once one stands."""
    name, round_id = None, None
    if matter is DisclosureMatter.OBJECTION:
        told = await locked(context, matter_id)
        only_the_investigator(context, told.row)
        name, round_id, reading = told.published_name, told.row.round_id, "objection_original"
    else:
        mark_reports.only_the_investigator(context, await mark_reports.locked_report(context, matter_id))
        reading = "report_original"
    asker = context.actor.known_id
    standing = await disclosures.standing(context.session, matter_id, asked_by=asker, now=context.now)
    findings = disclosure_free(standing_until=standing[-1].ends_at if standing else None)
    refuse(findings)
    row = disclosures.Disclosure(
        created_at=context.now,
        objection_id=matter_id if matter is DisclosureMatter.OBJECTION else None,
        report_id=matter_id if matter is DisclosureMatter.MARK_REPORT else None,
        asked_by=asker,
        reason=reason,
        ends_at=context.now + LASTS,
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(
        context,
        "ask_disclosure",
        matter,
        matter_id,
        round_id=round_id,
        findings=findings,
        disclosure_id=row.id,
        reason=reason,
        ends_at=row.ends_at.isoformat(),
        readings=await cited(context.session, context.today, reading),
    )
    return ToldDisclosure(row, name)
