"""The applicant asks a unit for its recommendation (Arts. 3, 12, 16)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.stored import read_rules
from app.measures.dates import end_of_day
from app.measures.facts import UnitKind
from app.measures.findings import Outcome, failures
from app.measures.recommendations import RecommendationChange, county_unit_named, form_to_verify, not_itself
from app.measures.state_machines import APPLICATION, RECOMMENDATION, RecommendationState
from app.measures.text import Text
from app.measures.units import jurisdiction
from app.services.applications.access import own_locked
from app.services.applications.asked import notice_findings
from app.services.applications.content import endorsable_hash, organisation_facts, organisation_record, shown_form
from app.services.applications.endorsement import endorsement_facts, tell
from app.services.applications.run_gate import barred
from app.services.applications.submit_application import refuse_fields
from app.services.applications.window import application_window
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, create
from app.store import applications as store
from app.store import recommendations, units
from app.store import recommendations as recommendation_store
from app.store.applications import attachments, eligibility
from app.store.units import RecommendingUnit


async def request_recommendation(
    context: WriteContext, *, application_id: UUID, unit_id: UUID, county_unit_id: UUID | None = None
) -> store.Application:
    """Send the draft to one unit. A unit that could not endorse it, by its area or because it is the applicant itself,
    is refused at once, as is a form in which there is nothing to verify, and an applicant that is barred to the last
    day: there is no use in waiting for its answer.
    `county_unit_id`: the department that endorses for the county after a township, where the round asks for it."""
    row, round_row = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, row, "request_recommendation") as doing:
        unit = await _unit(context, unit_id, "/unit_id")
        county = None if county_unit_id is None else await _unit(context, county_unit_id, "/county_unit_id")
        rules = read_rules(round_row.review_rules)
        organisation = (await eligibility.organisations(context.session, [row.organisation_id]))[row.organisation_id]
        record = organisation_record(organisation)
        asked = endorsement_facts(unit, organisation, outcome=RecommendationState.REQUESTED)
        facts = organisation_facts(record)
        area = jurisdiction(endorsement=asked, organisation=facts)
        if failures(area):
            area = jurisdiction(endorsement=asked, organisation=facts, areas=await units.areas(context.session))
        materials = await attachments.materials(context.session, row.id)
        # A department's or association's reason of industry comes with its answer: only what no reason helps refuses
        # here.
        hopeless = [item for item in area if item.outcome is not Outcome.NEEDS_DECISION]
        findings = [
            *not_itself(endorsement=asked),
            *hopeless,
            *application_window(context, round_row),
            *form_to_verify(form=shown_form(row.content, materials), rules=rules),
            *county_unit_named(
                rules=rules,
                unit_kind=UnitKind(unit.kind),
                county_kind=None if county is None else UnitKind(county.kind),
            ),
            *await notice_findings(context, row.content, round_row),
            *(await barred(context, round_row, row, organisation)).throughout,
        ]
        refuse_fields(findings)
        doing.hear(findings)
        recommendation = recommendations.Recommendation(
            created_at=context.now,
            application_id=row.id,
            unit_id=unit.id,
            county_unit_id=county_unit_id,
            state=create(RECOMMENDATION),
            due_at=end_of_day(round_row.deadline) if round_row.deadline else None,
            content_hash=endorsable_hash(record, row.content),
        )
        context.session.add(recommendation)
        await context.session.flush()
        tell(context, recommendation, RecommendationChange.REQUESTED)
        doing.rest_on(round_readings(round_row), "form_before_recommendation", "same_name")
        doing.tell(unit_id=unit.id, county_unit_id=county_unit_id)
        doing.tell(recommendation_id=recommendation.id, content_hash=recommendation.content_hash)
    return row


async def _unit(context: WriteContext, unit_id: UUID, pointer: str) -> RecommendingUnit:
    unit = await recommendation_store.unit(context.session, unit_id)
    if unit is None or not unit.active:
        text = Text("没有此推荐单位", "No such recommending unit")
        raise Invalid(text, errors=[FieldError(pointer, FieldCode.NOT_FOUND, text)])
    return unit
