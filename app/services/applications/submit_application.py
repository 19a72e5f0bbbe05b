"""Submission (Arts. 3, 13, 16, 17, 26): refused with everything that stands in the way, or frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Refused
from app.kernel.hashes import content_hash
from app.kernel.stored import read_rules
from app.measures.eligibility import Gate
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding, obstacles
from app.measures.qualification import application_complete
from app.measures.recommendations import county_endorsed, endorsed_as_it_is, recommended
from app.measures.review_rules import ReviewRules
from app.measures.sectors import sector_known
from app.measures.state_machines import APPLICATION
from app.measures.text import Text
from app.services.applications.access import own_locked
from app.services.applications.asked import asked_findings
from app.services.applications.content import (
    endorsable_hash,
    organisation_record,
    sections_of,
    truth_stated,
)
from app.services.applications.endorsement import endorsement_facts
from app.services.applications.enter_records import enter_declared_records, enter_known_records
from app.services.applications.facts import eligibility_facts
from app.services.applications.pointers import field_errors
from app.services.applications.run_gate import judge, keep_run
from app.services.applications.window import application_window
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act
from app.store import applications as store
from app.store import numbers, recommendations, rounds
from app.store import recommendations as recommendation_store
from app.store.applications import attachments, eligibility
from app.store.applications import attachments as attachments_store
from app.store.applications.form import Form, MaterialRecord, Snapshot
from app.store.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Tested:
    """What a submission rests on: facts and findings of the gate, all findings, and the rows they came from."""

    facts: EligibilityFacts
    gate: Sequence[Finding]
    findings: Sequence[Finding]
    organisation: Organisation | None
    materials: Sequence[attachments_store.Attachment]
    recommendation: recommendations.Recommendation | None


_RESTS_ON = ("years_of_figures", "endless_higher_award", "dissolved_organisations", "length_of_texts")


async def submit_application(context: WriteContext, *, application_id: UUID) -> store.Application:
    """Test everything at once; then freeze organisation, content and material under a number and a hash."""
    row, round_row = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, row, "submit") as doing:
        tested = await submission_test(context, row, round_row)
        refuse_fields(tested.findings)
        doing.hear(tested.findings)
        number = await numbers.next_number(context.session, f"HQA-{round_row.year}")
        await enter_declared_records(context, row)
        await enter_known_records(context, row, round_row)
        keep_run(context, row, tested.facts, tested.gate, gate=Gate.SUBMISSION, test_date=context.today)
        row.snapshot = _snapshot(row, tested)
        row.snapshot_hash = content_hash(row.snapshot)
        row.number, row.submitted_at = f"HQA-{round_row.year}-{number:04d}", context.now
        doing.rest_on(round_readings(round_row), *_RESTS_ON)
        doing.tell(number=row.number, content_hash=row.snapshot_hash)
    return row


async def submission_test(context: ReadContext, row: store.Application, round_row: rounds.Round) -> Tested:
    """Everything that a submission is tested for today, none left out because another fails."""
    organisation = (await eligibility.organisations(context.session, [row.organisation_id]))[row.organisation_id]
    facts = await eligibility_facts(context.session, row)
    if round_row.ordinal is None:
        # A cancelled round is not the n-th of anything (Art. 6): that it takes nothing is all there is to say.
        return Tested(facts, (), application_window(context, round_row), None, (), None)
    gate = judge(context, row, facts, round_row=round_row, gate=Gate.SUBMISSION, test_date=context.today)
    standing = await recommendation_store.open_of(context.session, row.id)
    materials = attachments.current(await attachments.of_application(context.session, row.id))
    findings = [
        *await _recommendation_findings(context, row, organisation, standing, read_rules(round_row.review_rules)),
        *application_window(context, round_row),
        *gate,
        *sector_known(code=organisation.sector),
        *completeness(row.content, materials, round_row),
        *await asked_findings(context, row.content, facts, round_row, files=[item.id for item in materials]),
    ]
    return Tested(facts, gate, findings, organisation, materials, standing)


def completeness(
    content: Form, materials: Sequence[attachments_store.Attachment], round_row: rounds.Round
) -> list[Finding]:
    """Whether what the round's review rules require is there."""
    return application_complete(
        materials={item.material for item in materials},
        sections=sections_of(content),
        truth_stated=truth_stated(content),
        rules=read_rules(round_row.review_rules),
    )


def refuse_fields(findings: Sequence[Finding]) -> None:
    """Raise `Refused` with every finding that is not a pass, and the fields in which it is to be cured."""
    standing = obstacles(findings)
    if standing:
        raise Refused(
            Text("不符合《管理办法》的规定，见 violations", "The measures do not permit this; see `violations`"),
            findings=standing,
            errors=field_errors(standing),
        )


async def _recommendation_findings(
    context: ReadContext,
    row: store.Application,
    organisation: Organisation,
    standing: recommendations.Recommendation | None,
    rules: ReviewRules,
) -> list[Finding]:
    if standing is None:
        return recommended(endorsements=[])
    unit = await recommendation_store.unit(context.session, standing.unit_id)
    if unit is None:
        raise RuntimeError("a recommendation without its unit")
    facts = endorsement_facts(
        unit, organisation, outcome=standing.state, industry_justification=standing.industry_justification
    )
    present = endorsable_hash(organisation_record(organisation), row.content)
    given = standing.county_endorsement is not None
    return [
        *recommended(endorsements=[facts]),
        *county_endorsed(rules=rules, unit_kind=facts.unit_kind, given=given),
        *endorsed_as_it_is(endorsed_hash=standing.content_hash, present_hash=present),
    ]


def _snapshot(row: store.Application, tested: Tested) -> Snapshot:
    standing = tested.recommendation
    if tested.organisation is None:
        raise RuntimeError("a submission passed in a round without a call")
    return {
        "organisation": organisation_record(tested.organisation),
        "content": row.content,
        "materials": material_list(tested.materials),
        "recommendation": None
        if standing is None
        else {
            "id": str(standing.id),
            "unit_id": str(standing.unit_id),
            "content_hash": standing.content_hash,
        },
    }


def material_list(materials: Sequence[attachments_store.Attachment]) -> list[MaterialRecord]:
    """The material as a snapshot names it: by hash, so that not one byte can be exchanged unseen."""
    return [
        {
            "id": str(item.id),
            "material": item.material,
            "part": item.part,
            "revision": item.revision,
            "filename": item.filename,
            "sha256": item.sha256,
            "size": item.size,
            "trade_secret": item.trade_secret,
        }
        for item in materials
    ]
