"""Applications brought straight to the evaluation through the store, for those whose subject begins there."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.measures.facts import FORMS_OF_EITHER_KIND
from app.measures.review_rules import default_review_rules
from app.measures.sectors import SeatCategory, seat_category_of
from app.measures.state_machines import ApplicationState, RoundState
from app.store.applications import Application
from app.store.database import WriteSession
from app.store.organisations import Organisation
from app.store.qualification import ConditionDecision
from app.store.reviews import Evaluation
from app.store.rounds import Round
from sandbox.seed import known
from sandbox.stages.kept import stage
from sandbox.world import World

_DECIDED = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")


@stage
def put_evaluated(world: World, round_id: str, scores: Mapping[str, str]) -> None:
    """Submitted applications, by id with their overall scores, are evaluated now, and the round with them."""

    async def write() -> None:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            await _evaluate(
                session, world, UUID(round_id), {UUID(key): Decimal(value) for key, value in scores.items()}
            )
            await session.commit()

    world.client.portal.call(write)  # type: ignore[union-attr]


async def _evaluate(session: WriteSession, world: World, round_id: UUID, scores: Mapping[UUID, Decimal]) -> None:
    now, office = world.clock.now(), known("account:office")
    seat_categories: dict[UUID, SeatCategory] = {}
    organisations: dict[UUID, Organisation] = {}
    for key in scores:
        row = (await session.execute(select(Application).where(Application.id == key))).scalar_one()
        organisations[key] = await session.get_one(Organisation, row.organisation_id)
        sector = organisations[key].sector
        seat_categories[key] = SeatCategory(str(seat_category_of(sector)))
        row.state, row.seat_category = ApplicationState.EVALUATED, seat_categories[key]
        row.sector, row.confirmed_at = sector, now
        decided = [(rule, "pass", list[str]()) for rule in _DECIDED]
        stated = organisations[key]
        if stated.legal_form in FORMS_OF_EITHER_KIND:
            found, word = ("fail", "operating") if stated.operating else ("pass", "non_profit")
            decided.append(("art13.4.non_profit", found, [f"{stated.legal_form}: {word}"]))
        for rule, outcome, about in decided:
            session.add(
                ConditionDecision(
                    created_at=now,
                    application_id=key,
                    rule=rule,
                    outcome=outcome,
                    reason="样例理由",
                    evidence="样例证据",
                    about=about,
                    decided_by=office,
                )
            )
    round_row = (await session.execute(select(Round).where(Round.id == round_id))).scalar_one()
    round_row.state = RoundState.EVALUATED
    session.add(
        Evaluation(
            created_at=now,
            round_id=round_id,
            summary="样例",
            inputs=_weighed(round_row.review_rules_hash),
            inputs_hash="0" * 64,
            issued_by=office,
            ranking=[_line(key, score, organisations[key], seat_categories, scores) for key, score in scores.items()],
        )
    )
    await session.flush()


def _weighed(rules_hash: str | None) -> dict[str, Any]:
    """What a ranking says that it was made of, by the usual rules; the scores were given, and no sheet was weighed."""
    rules = default_review_rules()
    lines = {"material": rules.pass_line_material, "onsite": rules.pass_line_onsite, "overall": rules.pass_line_overall}
    return {
        "rules_hash": rules_hash,
        "panel_sizes": {"material": rules.panel_size_material, "onsite": rules.panel_size_onsite},
        "spread_for_consensus": str(rules.spread_for_consensus),
        "weights": {"material": str(rules.weight_material), "onsite": str(rules.weight_onsite)},
        "pass_lines": {name: str(line) for name, line in lines.items()},
        "preference_points": {item.tag: str(item.points) for item in rules.preference_points},
        "applications": [],
    }


def _line(
    key: UUID,
    score: Decimal,
    organisation: Organisation,
    seat_categories: Mapping[UUID, str],
    scores: Mapping[UUID, Decimal],
) -> dict[str, Any]:
    rivals = [other for other_key, other in scores.items() if seat_categories[other_key] == seat_categories[key]]
    return {
        "application_id": str(key),
        "organisation_id": str(organisation.id),
        "organisation_name": organisation.name,
        "uscc": organisation.uscc,
        "seat_category": seat_categories[key],
        "material": str(score),
        "onsite": str(score),
        "preference": "0",
        "overall": str(score),
        "rank": 1 + sum(other > score for other in rivals),
        "tied": rivals.count(score) > 1,
        "passed": score >= 550,
        "takes_seat": True,
    }
