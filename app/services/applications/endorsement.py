"""What an application knows of its endorsement: the facts, its lapse, and the word to the unit."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.tracing import present_trace
from app.measures.facts import Endorsement, OrganisationFacts, RecordedDecision
from app.measures.findings import Finding
from app.measures.interpretations import Readings
from app.measures.recommendations import RecommendationChange
from app.measures.state_machines import RECOMMENDATION, RecommendationState
from app.measures.units import industry_decided
from app.services.lifecycle import act
from app.store import applications as store
from app.store import feeds
from app.store import recommendations as recommendation_store
from app.store.organisations import Organisation
from app.store.recommendations import Recommendation
from app.store.units import RecommendingUnit


async def lapse_open(context: WriteContext, row: store.Application) -> None:
    """Let the recommendation that is open or given lapse, if there is one."""
    standing = await recommendation_store.open_of(context.session, row.id)
    if standing is None:
        return
    (recommendation,) = await recommendation_store.lock(context.session, [standing.id])
    async with act(context, RECOMMENDATION, recommendation, "lapse", named=False, round_id=row.round_id) as doing:
        doing.hear()
        tell(context, recommendation, RecommendationChange.LAPSED)
        doing.tell(application_id=row.id, unit_id=recommendation.unit_id)


def endorsement_facts(
    unit: RecommendingUnit,
    organisation: Organisation | OrganisationFacts,
    *,
    outcome: RecommendationState,
    industry_justification: str | None = None,
) -> Endorsement:
    """A unit's answer as the measures see it, names in one writing: nobody is another by traditional characters."""
    return Endorsement(
        unit_id=str(unit.id),
        unit_kind=unit.kind,
        unit_uscc=unit.uscc,
        unit_area=None if unit.area is None else simplified(unit.area),
        organisation_uscc=organisation.uscc,
        outcome=outcome,
        industry_justification=industry_justification,
        unit_industry=unit.industry,
        unit_name=simplified(unit.name),
        organisation_name=simplified(organisation.name),
    )


def industry_findings(
    line: recommendation_store.EndorsementLine | None,
    organisation: OrganisationFacts,
    decisions: Mapping[str, RecordedDecision],
    readings: Readings,
) -> list[Finding]:
    """What is decided, or open, on the reason of the unit that has endorsed; nothing where none has."""
    if line is None:
        return []
    facts = endorsement_facts(
        line.unit, organisation, outcome=line.state, industry_justification=line.industry_justification
    )
    return industry_decided(endorsement=facts, organisation=organisation, decisions=decisions, readings=readings)


FEED = "recommendations"


def tell(context: WriteContext, recommendation: Recommendation, change: RecommendationChange) -> None:
    """Note a change for the unit, and for the county's department where one endorses beside it."""
    for unit_id in (recommendation.unit_id, recommendation.county_unit_id):
        if unit_id is not None:
            feeds.emit(
                context.session,
                feed=FEED,
                audience=str(unit_id),
                kind=change.value,
                subject_id=recommendation.id,
                data={"application_id": str(recommendation.application_id)},
                now=context.now,
                trace_id=present_trace(),
            )
