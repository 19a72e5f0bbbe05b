"""The office enters an objection that came on paper (Art. 21)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.dates import end_of_day
from app.measures.objections import letter_dated, letter_entered_once, names_no_objector
from app.services.days import cited_in_time
from app.services.instruments.in_force import cited
from app.services.objections.incoming import Letter, Voice, keep_objection, publicised, since_the_first_notice, taken
from app.store import objections

_RESTS_ON = ("letters", "letters_without_scan", "objection_on_publication_day")


async def enter_letter(
    context: WriteContext, *, candidate_id: UUID, voice: Voice, letter: Letter
) -> tuple[objections.Objection, str]:
    """Enter an objection that the office received on paper; answers as `take_objection`. It is formal once its scan is
    with the case, and holds its organisation until then, where it lacks nothing else.

    What counts is the day of receipt, not the day on which it is entered; the name as it was first published counts
    too.
    """
    candidate, period = await publicised(context, candidate_id, voice)
    period = await since_the_first_notice(context, candidate, period)
    dated = letter_dated(received_on=letter.received_on, published_on=period.published_on, today=context.today)
    cited_in_time("/letter_reference", letter.reference, latest=context.today, earliest=letter.received_on)
    # The mark is for everybody to see.
    neutral = names_no_objector(
        said=simplified(letter.reference), name=simplified(voice.name or ""), contact=simplified(voice.contact or "")
    )
    known = await objections.letters_of(context.session, candidate.id)
    once = letter_entered_once(reference=letter.reference, known={str(key): mark for key, mark in known.items()})
    refuse([*dated, *neutral, *once])
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
        readings=await cited(context.session, context.today, *_RESTS_ON),
    )
    return await keep_objection(context, what)
