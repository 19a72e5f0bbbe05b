"""Words of the office are put in force for a paper: what is issued from now on is worded so."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.services.papers.read_templates import template
from app.services.papers.upload_paper_template import checked, kind_named
from app.store import papers as store


async def activate_paper_template(context: WriteContext, *, template_id: UUID) -> store.PaperTemplate:
    """Put it in force, over whichever was: an earlier one too. Checked again: the paper may have lost what it names."""
    row = await template(context, template_id)
    checked(kind_named(row.kind), row.text_zh)
    row.activated_at, row.activated_by = context.now, context.actor.known_id
    await context.session.flush()
    audit.record(context, "activate_paper_template", "paper_template", row.id, kind=row.kind, text_hash=row.text_hash)
    return row
