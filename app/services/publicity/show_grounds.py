"""The grounds on which an organisation leaves a round, or its name the candidate list, are shown (Arts. 4 to 6, 13,
26): the same proof for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.eligibility import Gate
from app.measures.facts import Honour, RecordedDecision, Verdict
from app.measures.findings import Finding
from app.measures.fraud import fraud_verified
from app.measures.ownership import registration_stands
from app.measures.record import no_higher_award
from app.measures.removal import RemovalGround, removal_grounded
from app.measures.state_machines import OrganisationState
from app.measures.text import Text
from app.services.applications.facts import eligibility_facts
from app.services.applications.run_gate import run_gate
from app.services.days import not_before, not_in_future
from app.store import organisations
from app.store.applications import Application
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Removal:
    """Why an organisation leaves the round, on what evidence. `found_on`: the day on which it was verified; `honour`:
    the higher award won in the meantime, where that is the ground."""

    ground: RemovalGround
    reason: str
    evidence: str
    found_on: date
    honour: Honour | None = None


async def grounds_shown(
    context: WriteContext, application: Application, round_row: Round, removal: Removal
) -> list[Finding]:
    """Whether the ground is shown, by what was verified or by the facts of today."""
    found_in_the_round(context, application, removal.found_on)
    if removal.ground is RemovalGround.FRAUD and not removal.evidence:
        text = Text("须填写证据", "The evidence is needed")
        raise Invalid(text, errors=[FieldError("/evidence", FieldCode.REQUIRED, text)])
    return removal_grounded(ground=removal.ground, tested=await _tested(context, application, round_row, removal))


def found_in_the_round(context: WriteContext, application: Application, found_on: date) -> None:
    """`Invalid` unless the stated day of a finding lies between the submission of the application and today: nothing is
    found of one that nobody has handed in."""
    not_in_future(found_on, context.today, "/found_on")
    if application.submitted_at is not None:
        text = Text("发现日期早于提交申报之日", "Found before the application was submitted")
        not_before(found_on, shanghai_day(application.submitted_at), "/found_on", text)


async def _tested(
    context: WriteContext, application: Application, round_row: Round, removal: Removal
) -> Sequence[Finding]:
    if removal.ground is RemovalGround.FRAUD:
        verified = RecordedDecision(
            rule=RemovalGround.FRAUD.value,
            outcome=Verdict.PASS,
            reason=removal.reason,
            evidence=removal.evidence,
            decided_by=str(context.actor.known_id),
            decided_on=context.today,
        )
        facts = await eligibility_facts(context.session, application)
        return fraud_verified(
            organisation=facts.organisation.name, found_on=removal.found_on, award=None, decision=verified
        )
    if removal.ground is RemovalGround.HIGHER_AWARD:
        return higher_award_won(context, removal.honour)
    runs = await run_gate(context, round_row, [application], gate=Gate.PROPOSED, test_date=context.today)
    tested = runs[application.id].findings
    # Nobody can verify it any more, or another registration has taken its place.
    return [*tested, *await identity(context, application)] if removal.ground is RemovalGround.IDENTITY else tested


def higher_award_won(context: WriteContext, honour: Honour | None) -> list[Finding]:
    """The findings on a higher award won in mid-round (Art. 13(6)); `Invalid` where none is named."""
    if honour is None:
        text = Text("须填写所获的更高级别质量奖", "The higher award must be named")
        raise Invalid(text, errors=[FieldError("/honour", FieldCode.REQUIRED, text)])
    not_in_future(honour.awarded_on, context.today, "/honour/awarded_on")
    return no_higher_award(honours=[honour], test_date=context.today)


async def identity(context: WriteContext, application: Application) -> list[Finding]:
    """Whether the registration still stands (Art. 13(1)): another one of its credit code may have taken its place."""
    row = await organisations.organisation(context.session, application.organisation_id)
    return registration_stands(superseded=row is not None and row.state == OrganisationState.SUPERSEDED)
