"""The office registers what extends or follows the measures (Art. 33)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.kernel.context import WriteContext
from app.measures.document_numbers import Document, document_number
from app.measures.findings import Finding
from app.measures.instruments import Instrument, instrument_registrable
from app.services.days import not_in_future
from app.services.instruments import in_force
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import enter
from app.store import instruments as store


async def register_instrument(
    context: WriteContext, *, new: Instrument, document_date: date
) -> tuple[store.RegisteredInstrument, Sequence[Finding]]:
    """An extension or a successor of what is registered; answers it with the findings, among them a warning of a number
    that is malformed."""
    await store.alone(context.session)
    not_in_future(document_date, context.today, "/document_date")
    await of_one_document(context.session, Document.INSTRUMENT, new.number, document_date)
    readings = await in_force.readings(context.session, context.today)
    findings = [
        *instrument_registrable(new=new, registered=await in_force.instruments(context.session)),
        *document_number(number=new.number, day=document_date, readings=readings, rule_id="art33.in_force"),
    ]
    row = store.RegisteredInstrument(
        created_at=context.now,
        number=new.number,
        title_zh=new.title_zh,
        title_en=new.title_en,
        kind=new.kind,
        extends=new.extends,
        in_force_from=new.in_force_from,
        in_force_to=new.in_force_to,
        parameters=None if new.parameters is None else in_force.parameters_record(new.parameters),
        document_date=document_date,
        retroactive=new.retroactive,
        registered_by=context.actor.known_id,
    )
    noted = ("number", "kind", "in_force_from", "in_force_to", "parameters", "document_date", "retroactive")
    told = {name: getattr(row, name) for name in noted}
    await enter(context, row, "register_instrument", "instrument", findings=findings, **told)
    return row, findings
