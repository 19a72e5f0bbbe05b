"""The office enters an objection that came on paper (Art. 21)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.dates import end_of_day
from app.measures.objections import letter_dated, names_no_objector
from app.services.objections.incoming import Letter, Voice, keep_objection, publicised, since_the_first_notice, taken
from app.store import objections


async def enter_letter(
    context: WriteContext, *, candidate_id: UUID, voice: Voice, letter: Letter
) -> tuple[objections.Objection, str]:
    """Enter an objection that the office received on paper; answers as `take_objection`.

    What counts is the day of receipt, not the day on which it is entered; the name as it was first published counts
    too.
    """
    candidate, period = await publicised(context, candidate_id, voice)
    period = await since_the_first_notice(context, candidate, period)
    dated = letter_dated(received_on=letter.received_on, published_on=period.published_on, today=context.today)
    # The mark is for everybody to see.
    neutral = names_no_objector(said=letter.reference, name=voice.name, contact=voice.contact)
    refuse([*dated, *neutral])
    received_at = end_of_day(letter.received_on - timedelta(days=1))
    what = taken(
        candidate,
        period,
        voice,
        now=context.now,
        received_at=received_at,
        letter=letter,
        entered_by=context.actor.known_id,
        told=dated,
    )
    return await keep_objection(context, what)
