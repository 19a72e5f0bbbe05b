"""The county's competent department does not recommend what a township has recommended (Art. 3)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.recommendations import RecommendationChange, county_endorsable
from app.measures.state_machines import APPLICATION, RECOMMENDATION, ApplicationState
from app.measures.text import Text
from app.services.applications.endorsement import tell
from app.services.lifecycle import act, move, require_state
from app.services.recommendations.for_county import locked_for_county
from app.store import recommendations


@dataclass(frozen=True, slots=True)
class CountyRefusal:
    """Why the department does not recommend, and who has signed that."""

    reason: str
    signatory: str | None


async def decline_for_county(
    context: WriteContext, *, recommendation_id: UUID, refusal: CountyRefusal
) -> recommendations.Recommendation:
    """The caller's unit, which the applicant has named for the county, says no and why, before the submission: the
    recommendation is declined and the application a draft again, for another one to be asked for."""
    row, application, round_row = await locked_for_county(context, recommendation_id)
    async with act(context, RECOMMENDATION, row, "decline_for_county", round_id=round_row.id) as doing:
        text = Text("申报已提交", "The application is submitted already")
        wanted, rule = [ApplicationState.ENDORSED], "art03.recommendation"
        require_state(APPLICATION, application, "submit", wanted, rule=rule, message=text)
        doing.hear(county_endorsable(given=row.county_endorsement is not None))
        move(context, APPLICATION, application, "decline_for_county")
        row.reason = refusal.reason
        tell(context, row, RecommendationChange.DECLINED)
        doing.tell(application_id=application.id, county_unit_id=row.county_unit_id)
        doing.tell(reason=refusal.reason, signatory=refusal.signatory)
    return row
