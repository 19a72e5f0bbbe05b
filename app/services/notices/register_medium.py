"""A medium is entered in the register of those that publish (Art. 21)."""

from __future__ import annotations

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.kernel.names import medium_key
from app.measures.publicity import MediumKind, medium_registrable
from app.measures.text import Text
from app.services.days import cited_in_time
from app.services.lifecycle import enter
from app.store import notices as store


async def register_medium(
    context: WriteContext, *, name: str, kind: MediumKind, document: str
) -> store.RegisteredMedium:
    """Register a medium. One that is registered has ended before it is entered anew, also as another kind; `Collision`
    where it has not."""
    cited_in_time("/document", document, latest=context.today)
    await store.one_medium_at_a_time(context.session)
    known = {medium_key(row.name) for row in await store.registered_media(context.session) if row.ended_on is None}
    if medium_key(name) in known:
        text = Text(
            "该媒体已登记；如类别有变，须先停用原登记",
            "The medium is registered; end that entry first if its kind has changed",
        )
        raise Collision(text, code=ProblemCode.NAME_TAKEN)
    findings = medium_registrable(name=name, plain=simplified(name), kind=kind)
    row = store.RegisteredMedium(
        created_at=context.now, name=name, kind=kind, document=document, registered_by=context.actor.known_id
    )
    await enter(context, row, "register_medium", "medium", findings=findings, name=name, kind=kind, document=document)
    return row
