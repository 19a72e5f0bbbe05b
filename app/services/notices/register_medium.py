"""A medium is entered in the register of those that publish (Art. 21)."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.measures.publicity import MediumKind, medium_registrable
from app.services.days import cited_in_time
from app.services.lifecycle import enter
from app.store import notices as store


async def register_medium(
    context: WriteContext, *, name: str, kind: MediumKind, document: str
) -> store.RegisteredMedium:
    """Register a medium, or what has become of one: of several entries of one name the latest counts."""
    cited_in_time("/document", document, latest=context.today)
    findings = medium_registrable(name=name, kind=kind)
    row = store.RegisteredMedium(
        created_at=context.now, name=name, kind=kind, document=document, registered_by=context.actor.known_id
    )
    await enter(context, row, "register_medium", "medium", findings=findings, name=name, kind=kind, document=document)
    return row
