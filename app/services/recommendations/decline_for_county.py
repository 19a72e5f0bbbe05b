"""The county's competent department does not recommend what a township has recommended (Art. 3)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.recommendations import county_endorsable
from app.measures.state_machines import APPLICATION, RECOMMENDATION, ApplicationState
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.applications.endorsement import tell
from app.services.lifecycle import act, move, require_state
from app.store import applications, recommendations


async def decline_for_county(
    context: WriteContext, *, recommendation_id: UUID, reason: str, signatory: str | None
) -> recommendations.Recommendation:
    """The caller's unit, which the applicant has named for the county, says no and why, before the submission: the
    recommendation is declined and the application a draft again, for another one to be asked for."""
    found = await recommendations.get(context.session, recommendation_id)
    if found is None or found.county_unit_id is None or found.county_unit_id != context.actor.unit_id:
        raise NotFound("没有此推荐请求", "No such recommendation")
    application = await applications.get(context.session, found.application_id)
    if application is None:
        raise RuntimeError("a recommendation without its application")
    application, round_row = await locked(context, application)
    (row,) = await recommendations.lock(context.session, [found.id])
    async with act(context, RECOMMENDATION, row, "decline_for_county", round_id=round_row.id) as doing:
        text = Text("申报已提交", "The application is submitted already")
        wanted, rule = [ApplicationState.ENDORSED], "art03.recommendation"
        require_state(APPLICATION, application, "submit", wanted, rule=rule, message=text)
        doing.hear(county_endorsable(given=row.county_endorsement is not None))
        move(context, APPLICATION, application, "decline_for_county")
        row.reason = reason
        tell(context, row, "declined")
        doing.tell(application_id=application.id, county_unit_id=row.county_unit_id, reason=reason, signatory=signatory)
    return row
