"""The words of papers as they are read, and how a paper looks in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.kernel.errors import existing
from app.kernel.printing import PaperFormat, printed
from app.kernel.printing.document import table
from app.measures.roles import Role
from app.services.instruments.in_force import head_of_line
from app.services.papers.catalogue import PaperKind
from app.services.papers.drafts import no_such_paper
from app.services.papers.read_papers import Made
from app.services.papers.upload_paper_template import checked, instrument_named, kind_named
from app.services.papers.wording import Filling
from app.store import papers as store

_READERS = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})


async def template(context: ReadContext, template_id: UUID) -> store.PaperTemplate:
    """One that was handed in."""
    row = await context.session.by_id(store.PaperTemplate, template_id)
    return existing(row, "没有此模板", "No such template")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a paper can name, all words that were handed in for it under whichever instrument, and which of them are in
    force under `instrument_number` (None: those that are shipped). The number is None while no measures are in
    force."""

    kind: PaperKind
    rows: Sequence[store.PaperTemplate]
    instrument_number: str | None
    in_force: UUID | None


async def list_templates(context: ReadContext, *, kind: str, instrument_number: str | None = None) -> Listed:
    """The words of a paper under an instrument, under that in force where none is named."""
    found = kind_named(kind)
    head: str | None
    if instrument_number is None:
        head = await head_of_line(context.session, None, context.today)
    else:
        head = await instrument_named(context, instrument_number, "/query/instrument_number")
    row = None if head is None else await store.in_force(context.session, kind, head)
    return Listed(found, await store.templates(context.session, kind), head, None if row is None else row.id)


async def preview_template(context: StreamContext, *, template_id: UUID, file: str) -> Made:
    """The paper in these words, with what stands in each place named in it; for those who work on papers."""
    if context.actor.role not in _READERS or file != "preview.pdf":
        raise no_such_paper()
    async with context.reading() as reading:
        row = await template(reading, template_id)
    kind = kind_named(row.kind)
    sample = Filling(
        {place: f"〔{place}〕" for place in kind.places},
        {name: table(name, [("〔栏目〕", 1), ("〔栏目〕", 1)], [("〔样例〕", "〔样例〕")]) for name in kind.tables},
    )
    made = checked(kind, row.text_zh).filled(sample, layout=kind.layout, issuer=kind.issuer, wide=kind.wide)
    content = (await printed([made], PaperFormat.PDF, at=context.now, settings=context.settings))[0]
    return Made(f"{kind.zh}.pdf", "pdf", content)
