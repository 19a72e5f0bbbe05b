"""The investigator of an objection (Art. 21, 29): he alone reads it as it came, and what he says names nobody."""

from __future__ import annotations

from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Forbidden, existing
from app.measures.findings import Finding
from app.measures.objections import by_its_investigator, names_no_objector, read_before_judgement
from app.measures.text import Text
from app.services.objections.releases import released
from app.store import objections


async def own_original(
    context: ReadContext, *, objection_id: UUID
) -> tuple[objections.Objection, objections.ObjectionOriginal]:
    """The original of an objection that the caller investigates, once another person has released it; `Forbidden` for
    everybody else."""
    found = existing(await objections.objection(context.session, objection_id), "没有此异议", "No such objection")
    only_the_investigator(context, found[0])
    await released(context, objection_id)
    original = await objections.original_of(context.session, objection_id)
    return found[0], existing(original, "没有此异议", "No such objection")


async def note_reading(context: WriteContext, objection_id: UUID) -> None:
    """The caller has read the objection as it came, its text or a scan of it: what he says is compared with it from
    now on. Of two readings at once one is noted."""
    await objections.lock_objection(context.session, objection_id)
    reader = context.actor.known_id
    if not await objections.has_read(context.session, objection_id=objection_id, account_id=reader):
        context.session.add(
            objections.ObjectionReading(created_at=context.now, objection_id=objection_id, account_id=reader)
        )
        await context.session.flush()


def only_the_investigator(context: ReadContext, row: objections.Objection) -> None:
    """`Forbidden` for everybody but the objection's investigator."""
    findings = by_its_investigator(investigator=is_investigator(context, row))
    if not is_investigator(context, row):
        raise Forbidden(
            Text("异议原文只有该异议的承办人可以查看", "Only its investigator reads an objection as it came"),
            findings=findings,
        )


async def known(context: ReadContext, row: objections.Objection) -> list[Finding]:
    """Whether whoever judges the objection knows it: its investigator has read it, others its summary."""
    return read_before_judgement(
        assigned=row.investigator_id is not None,
        read=await objections.has_read(context.session, objection_id=row.id, account_id=row.investigator_id),
        investigator=is_investigator(context, row),
        summarised=row.summary is not None,
    )


async def neutrally(context: ReadContext, row: objections.Objection, *said: str | None) -> list[Finding]:
    """Whether what the caller says of an objection for others to read names nobody who objected. Asked of an
    investigator who has read it, or has entered it from paper: nobody else knows, and an answer would tell him."""
    knows = is_investigator(context, row) and (
        row.entered_by == context.actor.account_id
        or await objections.has_read(context.session, objection_id=row.id, account_id=row.investigator_id)
    )
    if not knows:
        return []
    original = await objections.original_of(context.session, row.id)
    if original is None:
        raise RuntimeError("an objection without its original")
    return names_no_objector(
        said=simplified("\n".join(text for text in said if text)),
        name=simplified(original.name or ""),
        contact=simplified(original.contact or ""),
        original=simplified(f"{original.facts or ''}\n{original.evidence or ''}"),
    )


def is_investigator(context: ReadContext, row: objections.Objection) -> bool:
    """Whether the caller is the investigator of this objection."""
    return row.investigator_id is not None and row.investigator_id == context.actor.account_id
