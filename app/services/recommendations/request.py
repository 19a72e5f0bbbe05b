"""The applicant asks a unit for its recommendation, and takes an application back from it (Arts. 3, 12, 16)."""

from __future__ import annotations

from uuid import UUID

from app import audit
from app.context import WriteContext
from app.error_codes import FieldCode
from app.errors import FieldError, Invalid
from app.measures.dates import end_of_day
from app.measures.facts import Endorsement, UnitKind
from app.measures.findings import Outcome, Text
from app.measures.lives import APPLICATION, RECOMMENDATION
from app.measures.recommendation import jurisdiction, not_itself
from app.services.applications.access import own_locked
from app.services.applications.content import endorsable_hash, organisation_facts, organisation_record
from app.services.applications.window import application_window
from app.services.lifecycle import check_version, create, move, require
from app.services.recommendations.notify import tell
from app.store import applications as store
from app.store import eligibility
from app.store import recommendations as recommendation_store
from app.store.parties import Organisation, RecommendingUnit


async def request_recommendation(context: WriteContext, *, application_id: UUID, unit_id: UUID) -> store.Application:
    """Send the draft to one unit. A unit that could not endorse it, by its area or because it is the applicant itself,
    is refused at once: there is no use in waiting for its answer."""
    row, round_row = await own_locked(context, application_id=application_id, binding=True)
    check_version(context, row)
    require(context, APPLICATION, row, "request_recommendation")
    unit = await recommendation_store.unit(context.session, unit_id)
    if unit is None or not unit.active:
        text = Text("没有此推荐单位", "No such recommending unit")
        raise Invalid(text, errors=[FieldError("/unit_id", FieldCode.NOT_FOUND, text)])
    organisation = (await eligibility.organisations(context.session, [row.organisation_id]))[row.organisation_id]
    record = organisation_record(organisation)
    asked = endorsement_facts(unit, organisation, outcome="requested")
    area = jurisdiction(endorsement=asked, organisation=organisation_facts(record))
    findings = [
        *not_itself(endorsement=asked),
        # A department's or association's reason of trade comes with its answer: only what no reason helps refuses here.
        *(item for item in area if item.outcome is not Outcome.NEEDS_DECISION),
        *application_window(context, round_row),
    ]
    move(context, APPLICATION, row, "request_recommendation", findings)
    recommendation = store.Recommendation(
        created_at=context.now,
        application_id=row.id,
        unit_id=unit.id,
        state=create(RECOMMENDATION),
        due_at=end_of_day(round_row.deadline) if round_row.deadline else None,
        content_hash=endorsable_hash(record, row.content),
    )
    context.session.add(recommendation)
    await context.session.flush()
    tell(context, recommendation, "requested")
    audit.record(
        context,
        "request_recommendation",
        "application",
        row.id,
        round_id=row.round_id,
        findings=findings,
        unit_id=unit.id,
        recommendation_id=recommendation.id,
        content_hash=recommendation.content_hash,
    )
    return row


async def reopen_application(context: WriteContext, *, application_id: UUID) -> store.Application:
    """Back to the draft. The recommendation that was asked for or given lapses: it was about another content."""
    row, _ = await own_locked(context, application_id=application_id, binding=True)
    check_version(context, row)
    move(context, APPLICATION, row, "reopen")
    await lapse_open(context, row)
    await context.session.flush()
    audit.record(context, "reopen", "application", row.id, round_id=row.round_id)
    return row


async def lapse_open(context: WriteContext, row: store.Application) -> None:
    """Let the recommendation that is open or given lapse, if there is one."""
    standing = await recommendation_store.open_of(context.session, row.id)
    if standing is None:
        return
    (recommendation,) = await recommendation_store.lock(context.session, [standing.id])
    move(context, RECOMMENDATION, recommendation, "lapse")
    await context.session.flush()
    tell(context, recommendation, "lapsed")
    audit.record(
        context,
        "lapse",
        "recommendation",
        recommendation.id,
        round_id=row.round_id,
        application_id=row.id,
        unit_id=recommendation.unit_id,
    )


def endorsement_facts(
    unit: RecommendingUnit,
    organisation: Organisation,
    *,
    outcome: str,
    trade_reason: str | None = None,
) -> Endorsement:
    """A unit's answer as the measures see it."""
    return Endorsement(
        unit_id=str(unit.id),
        unit_kind=UnitKind(unit.kind),
        unit_uscc=unit.uscc,
        unit_area=unit.area,
        organisation_uscc=organisation.uscc,
        outcome=outcome,
        trade_reason=trade_reason,
        unit_trade=unit.trade,
        unit_name=unit.name,
        organisation_name=organisation.name,
    )
