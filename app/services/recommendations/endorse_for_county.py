"""The county's competent department endorses what a township recommends, where the round's rules ask for it (Arts. 3,
10): it stands beside the one recommendation, and is none of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.stored import read_rules
from app.measures.asks import RecommendationDetail
from app.measures.form import asked_for_given
from app.measures.recommendations import (
    RecommendationChange,
    county_endorsable,
    county_signed_after,
    opinion_recommends,
)
from app.measures.state_machines import APPLICATION, RECOMMENDATION, ApplicationState
from app.measures.text import Text
from app.services.applications.endorsement import tell
from app.services.applications.window import application_window
from app.services.days import future_faults
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, require_state
from app.services.recommendations.answers import letter_of
from app.services.recommendations.for_county import locked_for_county
from app.store import recommendations
from app.store.recommendations import stamped_opinions


@dataclass(frozen=True, slots=True)
class CountyOpinion:
    """The department's opinion with its letter."""

    opinion: str
    signatory: str
    signed_on: date
    letter_number: str | None = None
    stamped_opinion_id: UUID | None = None


async def endorse_for_county(
    context: WriteContext, *, recommendation_id: UUID, opinion: CountyOpinion
) -> recommendations.Recommendation:
    """Record the opinion of the caller's unit, which the applicant has named for it; once, after the endorsement and
    before the submission."""
    row, application, round_row = await locked_for_county(context, recommendation_id)
    async with act(context, RECOMMENDATION, row, "endorse_for_county", round_id=round_row.id) as doing:
        text = Text("申报已提交", "The application is submitted already")
        wanted, rule = [ApplicationState.ENDORSED], "art03.recommendation"
        require_state(APPLICATION, application, "submit", wanted, rule=rule, message=text)
        await _check_form(context, row.county_unit_id, opinion)
        asks = read_rules(round_row.review_rules).asks.recommendation
        letter = [item for item in asks if item is RecommendationDetail.LETTER_NUMBER]
        given = ["letter_number"] if opinion.letter_number else []
        doing.hear(
            [
                *application_window(context, round_row),
                *county_endorsable(given=row.county_endorsement is not None),
                *asked_for_given(rule_id="art03.recommendation", asked=letter, given=given),
                *letter_of(round_row, opinion.letter_number, opinion.signed_on),
                *county_signed_after(signed_on=opinion.signed_on, recommended_on=row.signed_on),
                *opinion_recommends(opinion=opinion.opinion),
            ]
        )
        row.county_endorsement = {
            "opinion": opinion.opinion,
            "signatory": opinion.signatory,
            "signed_on": opinion.signed_on.isoformat(),
            "letter_number": opinion.letter_number,
            "endorsed_at": context.now.isoformat(),
        }
        row.county_seal_id = opinion.stamped_opinion_id
        tell(context, row, RecommendationChange.ENDORSED_FOR_COUNTY)
        doing.rest_on(round_readings(round_row), "county_endorsement")
        doing.tell(application_id=application.id, county_unit_id=row.county_unit_id, **row.county_endorsement)
    return row


async def _check_form(context: WriteContext, unit_id: UUID | None, opinion: CountyOpinion) -> None:
    faults = future_faults([("/signed_on", opinion.signed_on)], context.today)
    if opinion.stamped_opinion_id is not None and unit_id is not None:
        named = [opinion.stamped_opinion_id]
        if not await stamped_opinions.stamped_opinions(context.session, unit_id=unit_id, ids=named):
            text = Text("没有此盖章文件", "No such stamped opinion")
            faults.append(FieldError("/stamped_opinion_id", FieldCode.NOT_FOUND, text))
    if faults:
        raise Invalid(Text("请按 errors 所列逐项改正", "Correct each field named in `errors`"), errors=faults)
