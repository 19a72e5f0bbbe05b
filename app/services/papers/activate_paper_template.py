"""Words of the office are put in force for a paper of their instrument's rounds: what is issued from now on is worded
so. Where it speaks in the government's name, the government does that."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import Forbidden
from app.measures.roles import Role
from app.measures.text import Text
from app.services.papers.read_templates import template
from app.services.papers.upload_paper_template import checked, kind_named
from app.store import papers as store


async def activate_paper_template(context: WriteContext, *, template_id: UUID) -> store.PaperTemplate:
    """Put it in force, over whichever was: an earlier one too. Checked again: the paper may have lost what it names.
    `Forbidden` to the office for a paper in the government's name, to the government for the rest."""
    row = await template(context, template_id)
    kind = kind_named(row.kind)
    if context.actor.role is not (Role.GOVERNMENT if kind.for_the_government else Role.OFFICE):
        raise Forbidden(
            Text(
                "以县政府名义的文书，用语由县政府启用；其余由办公室启用",
                "Words in the government's name are put in force by the government, all others by the office",
            )
        )
    checked(kind, row.text_zh)
    row.activated_at, row.activated_by = context.now, context.actor.known_id
    await context.session.flush()
    audit.record(
        context,
        "activate_paper_template",
        "paper_template",
        row.id,
        kind=row.kind,
        instrument_number=row.instrument_number,
        text_hash=row.text_hash,
    )
    return row
