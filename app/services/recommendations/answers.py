"""A unit's answer: endorse, decline, return for correction (Arts. 3, 12, 16).

`load_cases` and `answer_case` are apart so that many answers cost as few queries as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.kernel.stored import read_rules
from app.measures.asks import RecommendationDetail
from app.measures.document_numbers import letter_fits
from app.measures.findings import Finding
from app.measures.form import asked_for_given
from app.measures.interpretations import resting_on
from app.measures.recommendations import (
    RecommendationAnswer,
    RecommendationChange,
    endorsed_as_it_is,
    not_itself,
    opinion_recommends,
    order_free,
    recommended,
    signed_after_the_request,
)
from app.measures.state_machines import APPLICATION, RECOMMENDATION, RecommendationState
from app.measures.text import Text
from app.measures.units import jurisdiction
from app.services.applications.content import endorsable_hash, organisation_facts, organisation_record
from app.services.applications.endorsement import endorsement_facts, tell
from app.services.applications.window import application_window, day_of_the_call
from app.services.days import future_faults
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import check_version, move, one_of_many, require
from app.store import applications as store
from app.store import recommendations, rounds
from app.store import recommendations as recommendation_store
from app.store.applications import eligibility
from app.store.organisations import Organisation
from app.store.recommendations import stamped_opinions
from app.store.units import RecommendingUnit

_ACTS = {
    RecommendationAnswer.ENDORSED: "endorse",
    RecommendationAnswer.DECLINED: "decline",
    RecommendationAnswer.RETURNED: "return_for_correction",
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """The unit's opinion form. `facts_verified`, `opinion`, `signatory`, `signed_on` are an endorsement's, `reason` the
    others'; `letter_number` of an endorsement, and its place in the unit's `order`, where the round asks for them."""

    outcome: RecommendationAnswer
    facts_verified: tuple[str, ...] = ()
    opinion: str | None = None
    signatory: str | None = None
    signed_on: date | None = None
    industry_justification: str | None = None
    reason: str | None = None
    stamped_opinion_id: UUID | None = None
    letter_number: str | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A recommendation with everything that its answer needs, locked. `orders`: the places that the unit has given in
    the round so far; those of a batch share it. `asked`: what the round's rules want of a recommendation."""

    recommendation: recommendations.Recommendation
    application: store.Application
    organisation: Organisation
    round_row: rounds.Round
    unit: RecommendingUnit
    own_stamped_opinions: frozenset[UUID]
    orders: set[int]
    asked: Sequence[RecommendationDetail]


async def answer_recommendation(
    context: WriteContext, *, recommendation_id: UUID, opinion: Opinion
) -> recommendations.Recommendation:
    """The caller's unit answers one recommendation."""
    ordered = opinion.order is not None
    cases = await load_cases(context, [recommendation_id], opinion_ids=_named(opinion), ordered=ordered)
    if recommendation_id not in cases:
        raise NotFound("没有此推荐请求", "No such recommendation")
    case = cases[recommendation_id]
    check_version(context, case.recommendation)
    answer_case(context, case, opinion)
    await context.session.flush()
    return case.recommendation


async def load_cases(
    context: WriteContext,
    recommendation_ids: Sequence[UUID],
    *,
    opinion_ids: Sequence[UUID] = (),
    ordered: bool = False,
) -> dict[UUID, Case]:
    """The recommendations among these that are the caller's unit's own, with all that an answer needs, locked.
    `ordered`: an answer states a place in the unit's order. Seven queries for one round, two more for an order, however
    many recommendations."""
    session, unit_id = context.session, context.actor.unit_id
    unit = None if unit_id is None else await recommendation_store.unit(session, unit_id)
    if unit is None:
        return {}
    found = [row for row in await recommendation_store.many(session, recommendation_ids) if row.unit_id == unit.id]
    application_ids = [row.application_id for row in found]
    # Round first, applications next, recommendations last, each in the order of ids: as every other act does.
    open_rounds = await recommendation_store.share_rounds(session, application_ids)
    applications = {row.id: row for row in await store.lock(session, application_ids)}
    locked = await recommendation_store.lock(session, [row.id for row in found])
    organisations = await eligibility.organisations(session, {row.organisation_id for row in applications.values()})
    own_seals = (
        await stamped_opinions.stamped_opinions(session, unit_id=unit.id, ids=opinion_ids) if opinion_ids else set()
    )
    orders: dict[UUID, set[int]] = {}
    if ordered:
        orders = await recommendation_store.orders_given(session, unit_id=unit.id, round_ids=list(open_rounds))
    # Read once for a whole batch: rules are long.
    asked = {row.id: read_rules(row.review_rules).asks.recommendation for row in open_rounds.values()}
    cases = {}
    for row in locked:
        application = applications[row.application_id]
        cases[row.id] = Case(
            row,
            application,
            organisations[application.organisation_id],
            open_rounds[application.round_id],
            unit,
            frozenset(own_seals),
            orders.get(application.round_id, set()),
            asked[application.round_id],
        )
    return cases


def answer_case(context: WriteContext, case: Case, opinion: Opinion) -> None:
    """Record the unit's answer on a loaded case; the caller flushes. Raises what refuses it, before anything is
    changed."""
    name, row = _ACTS[opinion.outcome], case.recommendation
    with one_of_many(context, RECOMMENDATION, row, name, round_id=case.round_row.id) as doing:
        require(context, APPLICATION, case.application, name)
        _check_form(context, case, opinion)
        findings = _findings(context, case, opinion)
        doing.hear(findings)
        move(context, APPLICATION, case.application, name, findings)
        row.facts_verified = list(opinion.facts_verified) or None
        row.opinion, row.signatory, row.signed_on = opinion.opinion, opinion.signatory, opinion.signed_on
        row.industry_justification, row.reason = opinion.industry_justification, opinion.reason
        row.seal_attachment_id = opinion.stamped_opinion_id
        row.answered_at, row.answered_by = context.now, context.actor.known_id
        row.letter_number, row.order = opinion.letter_number, opinion.order
        if opinion.order is not None:
            case.orders.add(opinion.order)
        tell(context, row, RecommendationChange(opinion.outcome))
        doing.tell(application_id=case.application.id, unit_id=case.unit.id, content_hash=row.content_hash)
        doing.tell(reason=row.reason, industry_justification=row.industry_justification)
        doing.tell(signatory=row.signatory, signed_on=row.signed_on, letter_number=row.letter_number, order=row.order)


def _findings(context: WriteContext, case: Case, opinion: Opinion) -> list[Finding]:
    facts = endorsement_facts(
        case.unit,
        case.organisation,
        outcome=RecommendationState(opinion.outcome),
        industry_justification=opinion.industry_justification,
    )
    if opinion.outcome is not RecommendationAnswer.ENDORSED:
        return not_itself(endorsement=facts)
    record = organisation_record(case.organisation)
    own = [item for item in case.asked if item is not RecommendationDetail.COUNTY_ENDORSEMENT]
    given = [item.value for item in own if getattr(opinion, item.value) is not None]
    present = endorsable_hash(record, case.application.content)
    signed_on = opinion.signed_on or context.today
    return [
        *recommended(endorsements=[facts]),
        *endorsed_as_it_is(endorsed_hash=case.recommendation.content_hash, present_hash=present),
        *jurisdiction(endorsement=facts, organisation=organisation_facts(record)),
        *application_window(context, case.round_row),
        *asked_for_given(rule_id="art03.recommendation", asked=own, given=given),
        *order_free(order=opinion.order, taken=case.orders),
        *opinion_recommends(opinion=opinion.opinion or ""),
        *letter_of(case.round_row, opinion.letter_number, signed_on),
        *_after_the_request(case, signed_on),
    ]


def _after_the_request(case: Case, signed_on: date) -> list[Finding]:
    found = signed_after_the_request(
        signed_on=signed_on,
        requested_on=shanghai_day(case.recommendation.created_at),
        called_on=day_of_the_call(case.round_row),
    )
    return resting_on(found, round_readings(case.round_row), "letters_beside_opinions")


def letter_of(round_row: rounds.Round, number: str | None, signed_on: date) -> list[Finding]:
    """What the measures say of the letter with which a unit or department recommends: its number, the day on which it
    was signed."""
    called_on = day_of_the_call(round_row)
    found = letter_fits(number=number, earliest=signed_on, latest=signed_on, not_before=called_on)
    return resting_on(found, round_readings(round_row), "letters_beside_opinions")


def _check_form(context: WriteContext, case: Case, opinion: Opinion) -> None:
    faults = future_faults([("/signed_on", opinion.signed_on)], context.today)
    if opinion.stamped_opinion_id is not None and opinion.stamped_opinion_id not in case.own_stamped_opinions:
        text = Text("没有此盖章文件", "No such stamped opinion")
        faults.append(FieldError("/stamped_opinion_id", FieldCode.NOT_FOUND, text))
    if faults:
        raise Invalid(Text("请按 errors 所列逐项改正", "Correct each field named in `errors`"), errors=faults)


def _named(opinion: Opinion) -> list[UUID]:
    return [] if opinion.stamped_opinion_id is None else [opinion.stamped_opinion_id]
