"""The open eligibility check."""

from typing import Annotated

from fastapi import APIRouter, Request

from app.kernel.context import ReadContext
from app.measures.facts import Exclusion, OrganisationFacts, PastAward
from app.measures.roles import Role
from app.schemas.applications import DraftFinding
from app.schemas.applications.eligibility import (
    CheckedOrganisation,
    CheckedRound,
    EligibilityCheckIn,
    EligibilityCheckOut,
)
from app.schemas.common import finding_view
from app.services.applications import check_eligibility as check
from app.web.policy import Route, reading

router = APIRouter(prefix="/v1/eligibility-checks", route_class=Route, tags=["applications"])


@router.post("", summary="Check eligibility")
async def check_eligibility(
    body: EligibilityCheckIn, request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> EligibilityCheckOut:
    """Anybody learns before writing whether the conditions of Arts. 4, 5, 6 and 13 are met, what is missing and what
    would remedy it: the same rules as at a submission. Stateless: nothing is stored."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    statement = check.Statement(
        organisation=_facts(body.organisation),
        content=body.content.sent(),
        past_awards=[
            PastAward(item.round_ordinal, item.awarded_on, first=False, revoked=item.revoked)
            for item in body.past_awards
        ],
        exclusions=[Exclusion(item.from_day, item.last_day, "28") for item in body.exclusions],
        submission_date=body.submission_date,
    )
    answer = await check.check_eligibility(context, statement=statement)
    return EligibilityCheckOut(
        tested_on=answer.tested_on,
        round=CheckedRound(round_id=answer.basis.round_id, year=answer.basis.year, ordinal=answer.basis.ordinal),
        call=[finding_view(item) for item in answer.basis.call],
        eligible=answer.eligible,
        findings=[
            DraftFinding(**finding_view(item).model_dump(), pointers=list(where)) for item, where in answer.findings
        ],
        decided_later=[finding_view(item) for item in answer.decided_later],
    )


def _facts(body: CheckedOrganisation) -> OrganisationFacts:
    return OrganisationFacts(
        name=body.name or "",
        uscc=body.uscc or "",
        uscc_checksum_ok=body.uscc is None or check.checksum_ok(body.uscc),
        legal_form=body.legal_form,
        county_code=body.county_code,
        area=body.area,
        established_on=body.established_on,
        operating=body.operating,
        sector=body.sector,
        address=body.registered_address or "",
    )
