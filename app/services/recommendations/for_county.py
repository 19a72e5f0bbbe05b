"""What both answers for the county need (Art. 3): the recommendation, beside which the caller's unit was named."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.services.applications.access import locked
from app.store import applications, recommendations, rounds


async def locked_for_county(
    context: WriteContext, recommendation_id: UUID
) -> tuple[recommendations.Recommendation, applications.Application, rounds.Round]:
    """The recommendation for which the caller's unit was named by the applicant, its application and its round, locked
    in the order that every act keeps. Raises NotFound for every other."""
    found = await recommendations.get(context.session, recommendation_id)
    if found is None or found.county_unit_id is None or found.county_unit_id != context.actor.unit_id:
        raise NotFound("没有此推荐请求", "No such recommendation")
    place = await applications.place(context.session, found.application_id)
    if place is None:
        raise RuntimeError("a recommendation without its application")
    application, round_row = await locked(context, place)
    (row,) = await recommendations.lock(context.session, [found.id])
    return row, application, round_row
