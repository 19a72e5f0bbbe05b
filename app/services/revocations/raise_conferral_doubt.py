"""The office has found what stood against an award on the day of its decree (Arts. 4 to 6, 13, 22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.conferral import DoubtGround, found_since
from app.measures.findings import fails, obstacles
from app.measures.reasons import Reason
from app.measures.removal import WithdrawalGround
from app.measures.state_machines import AWARD, AwardState
from app.measures.text import Text, same_document
from app.services.days import cited_in_time, not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import require_state
from app.services.revocations.cases import locked_award
from app.services.revocations.doubts import Raised, raise_doubt
from app.store.revocations import conferral_doubts

_RULE = "art22.approval"


@dataclass(frozen=True, slots=True)
class FoundSince:
    """The rule that was not met, a day on or before that of the decree on which it was not, the document that says so,
    what was found, and its evidence."""

    rule: WithdrawalGround
    stood_on: date
    reference: str
    reason: str
    evidence: str


async def raise_conferral_doubt(
    context: WriteContext, *, award_id: UUID, found: FoundSince
) -> conferral_doubts.ConferralDoubt:
    """Put it on record: the award is in doubt and its prize held until the government has decided. `WrongState` for an
    award that does not stand; what came up after the decree, and fraud, is refused: it is heard as a case."""
    award = await locked_award(context, award_id)
    text = Text("奖项不在已授奖状态，无须登记", "The award does not stand: there is nothing to enter")
    require_state(AWARD, award, "take_back", [AwardState.CONFERRED], rule=_RULE, message=text)
    not_in_future(found.stood_on, context.today, "/stood_on")
    cited_in_time("/reference", found.reference, latest=context.today)
    findings = found_since(
        ground=found.rule,
        stood_on=found.stood_on,
        conferred_on=award.conferred_on or context.today,
        readings=await readings(context.session, context.today),
    )
    refuse(obstacles(findings))
    for item in await conferral_doubts.doubts_of(context.session, award.id):
        if item.rule == found.rule.value and same_document(item.reference, found.reference):
            refuse([fails(_RULE, Reason.DOUBT_KNOWN, number=item.reference)])
    raised = Raised(
        DoubtGround.FINDING,
        found.stood_on,
        found.reference,
        found.reason,
        rule=found.rule.value,
        evidence=found.evidence,
    )
    return await raise_doubt(context, award, raised, "raise_conferral_doubt", findings)
