"""Out of a running round, at one's own wish or by a rule, off the candidate list too (Arts. 3, 13, 21, 26)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import WriteContext
from app.measures.facts import Honour
from app.measures.roles import Role
from app.routers.applications.views import application_view
from app.schemas.applications import ApplicationOut, PaperWithdrawalIn, WithdrawalIn
from app.schemas.qualification import ApplicationOutcome, RemovalIn
from app.services.publicity import remove_application as remove
from app.services.publicity import withdraw_application as withdraw
from app.services.publicity import withdraw_on_paper as on_paper
from app.services.publicity.show_grounds import Removal
from app.web.policy import Route, acting, tagged

router = APIRouter(prefix="/v1/applications", route_class=Route)


@router.post("/{application_id}/withdrawal-letter", summary="Enter a withdrawal by letter", tags=["applications"])
async def withdraw_on_paper(
    application_id: UUID,
    body: PaperWithdrawalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ApplicationOut:
    """The organisation's own wish came on paper, at any time before the decree (Art. 3): the office enters it with its
    day and where the letter is filed. What follows is the same as where the applicant withdraws itself."""
    letter = on_paper.WithdrawalLetter(body.received_on, body.letter_reference)
    row = await on_paper.withdraw_on_paper(context, application_id=application_id, letter=letter, reason=body.reason)
    return await application_view(context, row, response)


@router.post("/{application_id}/withdrawal", summary="Withdraw the application", tags=["applications"])
async def withdraw_application(
    application_id: UUID,
    body: WithdrawalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT)],
) -> ApplicationOut:
    """Ends the application at the applicant's own wish, at any time before the decree (Art. 3): its name leaves the
    candidate list, an approved award is given up, and nothing fills its place (Art. 6, 21)."""
    row = await withdraw.withdraw_application(context, application_id=application_id, reason=body.reason)
    return await application_view(context, row, response)


@router.post("/{application_id}/removal", summary="Remove from the round", tags=["qualification"])
async def remove_application(
    application_id: UUID,
    body: RemovalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> ApplicationOutcome:
    """Takes an organisation out of a running round, off the candidate list too: fraud found before an award (Art. 26:
    no exclusion), a higher award won (Art. 13(6)), or any condition that the facts of today fail (Art. 4 to 6, 13)."""
    honour = None if body.honour is None else Honour(**body.honour.model_dump())
    removal = Removal(body.ground, body.reason, body.evidence, body.found_on, honour)
    row = await remove.remove_application(context, application_id=application_id, removal=removal)
    tagged(response, row.version)
    return ApplicationOutcome.model_validate(row)
