"""A withdrawal that came in on paper, as the office enters it (Art. 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.errors import WrongState
from app.measures.conferral import withdrawn_in_time
from app.measures.findings import Outcome, fails
from app.measures.reasons import Reason
from app.measures.text import Text
from app.services.applications.under_review import any_application
from app.services.days import cited_in_time, not_before, not_in_future
from app.services.instruments.in_force import readings
from app.services.publicity.own_wish import end_at_own_wish
from app.services.rounds.read_rounds import locked
from app.store import applications as store
from app.store import awards

_EARLY = Text("早于申报之日", "Before the application was begun")


@dataclass(frozen=True, slots=True)
class WithdrawalLetter:
    """The day on which the letter was received, and the mark under which it is filed."""

    received_on: date
    reference: str


async def withdraw_on_paper(
    context: WriteContext, *, application_id: UUID, letter: WithdrawalLetter, reason: str | None
) -> store.Application:
    """End the application at the organisation's own wish, which came by letter on a day since it applied. What follows
    is the same as where the applicant withdraws itself."""
    found = await any_application(context, application_id)
    not_in_future(letter.received_on, context.today, "/received_on")
    not_before(letter.received_on, shanghai_day(found.created_at), "/received_on", _EARLY)
    cited_in_time("/letter_reference", letter.reference, latest=context.today, earliest=letter.received_on)
    # The candidate list may lose a name: nobody counts it meanwhile.
    round_row = await locked(context, found.round_id)
    await _not_conferred(context, found.id, letter)
    row = (await store.lock(context.session, [found.id]))[0]
    return await end_at_own_wish(
        context,
        row,
        round_row,
        "withdraw_on_paper",
        reason=reason,
        received_on=letter.received_on,
        letter_reference=letter.reference,
    )


async def _not_conferred(context: WriteContext, application_id: UUID, letter: WithdrawalLetter) -> None:
    """`WrongState` once a decree has conferred the award: a letter that had come before its day is entered against the
    award, which is in doubt by it; a later one renounces an award that stands (Art. 3)."""
    conferred_on = await awards.conferred_on(context.session, application_id)
    if conferred_on is None:
        return
    told = withdrawn_in_time(
        received_on=letter.received_on,
        conferred_on=conferred_on,
        readings=await readings(context.session, context.today),
    )
    for item in told:
        if item.outcome is Outcome.FAIL:
            raise WrongState(item, message=item.message)
        found = fails("art03.recommendation", Reason.WITHDRAWAL_BEFORE_THE_DECREE, **item.facts)
        raise WrongState(found, message=found.message)
