"""A withdrawal that came on paper before the decree and is entered after it (Art. 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.errors import WrongState, existing, refuse
from app.measures.conferral import DoubtGround, withdrawn_in_time
from app.measures.findings import fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import AWARD, AwardState
from app.measures.text import Text, same_document
from app.services.days import cited_in_time, not_before, not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import require_state
from app.services.revocations.cases import locked_award
from app.services.revocations.doubts import Raised, raise_doubt
from app.store import applications
from app.store.revocations import conferral_doubts

_EARLY = Text("早于申报之日", "Before the application was begun")
_RULE = "art03.recommendation"


@dataclass(frozen=True, slots=True)
class WithdrawalInTime:
    """The day on which the letter was received, the mark under which it is filed, and what it says."""

    received_on: date
    reference: str
    reason: str | None


async def enter_withdrawal_in_time(
    context: WriteContext, *, award_id: UUID, letter: WithdrawalInTime
) -> conferral_doubts.ConferralDoubt:
    """Enter it: the organisation took part no more on the day of the decree. The award is in doubt and its prize held
    until the government has decided. One that came on the day of the decree or later renounces an award that stands."""
    award = await locked_award(context, award_id)
    if award.state == AwardState.APPROVED:
        facts: Facts = {"object": AWARD.name, "act": "enter_withdrawal_in_time", "state": award.state}
        early = fails(_RULE, Reason.WITHDRAWAL_STILL_OPEN, **facts)
        raise WrongState(early, message=early.message)
    text = Text("奖项已不在已授奖状态，无须登记", "The award does not stand: there is nothing to enter")
    require_state(AWARD, award, "take_back", [AwardState.CONFERRED], rule=_RULE, message=text)
    not_in_future(letter.received_on, context.today, "/received_on")
    application = existing(await applications.get(context.session, award.application_id))
    not_before(letter.received_on, shanghai_day(application.created_at), "/received_on", _EARLY)
    cited_in_time("/letter_reference", letter.reference, latest=context.today, earliest=letter.received_on)
    for item in await conferral_doubts.doubts_of(context.session, award.id):
        if item.ground is DoubtGround.WITHDRAWAL and same_document(item.reference, letter.reference):
            refuse([fails(_RULE, Reason.WITHDRAWAL_KNOWN, number=item.reference)])
    findings = withdrawn_in_time(
        received_on=letter.received_on,
        conferred_on=award.conferred_on or context.today,
        readings=await readings(context.session, context.today),
    )
    raised = Raised(DoubtGround.WITHDRAWAL, letter.received_on, letter.reference, letter.reason)
    return await raise_doubt(context, award, raised, "enter_withdrawal_in_time", findings)
