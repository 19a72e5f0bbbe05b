"""The appropriation of a budget year for the prizes is put on record (Art. 9)."""

from __future__ import annotations

from datetime import date

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.appropriation import appropriation_recordable
from app.measures.document_numbers import Document
from app.measures.text import Text, plain_number
from app.services.days import not_in_future
from app.services.disbursements.orders import budget_of
from app.services.instruments.in_force import readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import enter
from app.store import disbursements as store


async def record_appropriation(
    context: WriteContext, *, year: int, amount_fen: int, document_number: str, document_date: date
) -> store.Appropriation:
    """Put on record what the budget of a year gives to the prizes; a later document replaces the amount."""
    not_in_future(document_date, context.today, "/document_date")
    await store.one_at_a_time(context.session)
    if any(
        item.year == year and plain_number(item.document_number) == plain_number(document_number)
        for item in await store.appropriations(context.session)
    ):
        text = Text("该文件已登记本年度预算安排", "This document is on record for the year already")
        raise Collision(text, code=ProblemCode.NUMBER_TAKEN)
    await of_one_document(context.session, Document.APPROPRIATION, document_number, document_date)
    findings = appropriation_recordable(
        budget=await budget_of(context, year),
        amount_fen=amount_fen,
        document=document_number,
        document_date=document_date,
        readings=await readings(context.session, context.today),
    )
    row = store.Appropriation(
        created_at=context.now,
        year=year,
        amount_fen=amount_fen,
        document_number=document_number,
        document_date=document_date,
        recorded_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "record_appropriation",
        "appropriation",
        findings=findings,
        year=year,
        amount_fen=amount_fen,
        document_number=document_number,
    )
    return row
