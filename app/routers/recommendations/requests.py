"""An applicant asks for the recommendation, and takes the form back to the draft (Art. 3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import WriteContext
from app.measures.roles import Role
from app.routers.applications.views import application_view
from app.schemas.applications import ApplicationOut, RecommendationRequestIn
from app.services.recommendations import request_recommendation as request
from app.services.recommendations import return_to_draft as back
from app.web.policy import Route, acting

router = APIRouter(prefix="/v1/applications", route_class=Route, tags=["applications"])


@router.post("/{application_id}/recommendation-request", summary="Ask for the recommendation")
async def request_recommendation(
    application_id: UUID,
    body: RecommendationRequestIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT)],
) -> ApplicationOut:
    """Sends the application to one recommending unit (Art. 3): never itself, a township or community committee only for
    its own area (Art. 12), and not before every section that the round requires is filled in. The form is closed until
    the answer or a return to the draft."""
    county = body.county_unit_id
    row = await request.request_recommendation(
        context, application_id=application_id, unit_id=body.unit_id, county_unit_id=county
    )
    return await application_view(context, row, response)


@router.post("/{application_id}/return-to-draft", summary="Return the application to the draft")
async def return_to_draft(
    application_id: UUID, response: Response, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> ApplicationOut:
    """Opens the form again before the submission; the recommendation asked for or given lapses (Art. 3)."""
    return await application_view(context, await back.return_to_draft(context, application_id=application_id), response)
