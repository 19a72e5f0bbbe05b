"""The applicant answers a request for corrections (补正, Art. 17) by a new submission, until the end of its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.hashes import content_hash
from app.measures.dates import shanghai_date
from app.measures.eligibility import Gate
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding
from app.measures.qualification import Correction as CorrectionFacts
from app.measures.qualification import correction_in_time, correction_kept_to
from app.measures.recommendations import recommended
from app.measures.sectors import sector_known
from app.measures.state_machines import APPLICATION, CORRECTION
from app.measures.units import jurisdiction
from app.services.applications.access import own_locked
from app.services.applications.asked import asked_findings
from app.services.applications.endorsement import endorsement_facts
from app.services.applications.enter_records import enter_declared_records
from app.services.applications.facts import corrected_fields, eligibility_facts, stated
from app.services.applications.run_gate import judge, keep_run
from app.services.applications.submit_application import completeness, material_list, refuse_fields
from app.services.applications.under_review import in_review, last_day
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, move
from app.store import qualification as application_store
from app.store import recommendations
from app.store.applications import Application, attachments, eligibility
from app.store.applications.form import MaterialRecord, OrganisationRecord, Snapshot
from app.store.organisations import Organisation
from app.store.qualification import Correction
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Tested:
    """What a resubmission rests on: facts and findings of the gate, all findings, the request that it answers, and what
    would be frozen."""

    facts: EligibilityFacts
    gate: Sequence[Finding]
    findings: Sequence[Finding]
    correction: Correction
    frozen: Snapshot


async def resubmit_application(context: WriteContext, *, application_id: UUID) -> Application:
    """The applicant hands in the corrected application until the end of its day. Everything is tested again, with the
    day of the first submission for the age; a new snapshot replaces the old one. The endorsement stands: the office
    asked for the change."""
    application, round_row = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, application, "resubmit") as doing:
        in_review(round_row, "resubmit")
        tested = await resubmission_test(context, application, round_row)
        refuse_fields(tested.findings)
        doing.hear(tested.findings)
        await enter_declared_records(context, application)
        keep_run(context, application, tested.facts, tested.gate, gate=Gate.SUBMISSION, test_date=context.today)
        before, correction = application.snapshot_hash, tested.correction
        application.snapshot, application.snapshot_hash = tested.frozen, content_hash(tested.frozen)
        move(context, CORRECTION, correction, "answer_correction")
        correction.answered_at = context.now
        doing.rest_on(round_readings(round_row), "correction_and_endorsement")
        doing.tell(correction_id=correction.id, previous_hash=before, content_hash=application.snapshot_hash)
    return application


async def resubmission_test(context: ReadContext, application: Application, round_row: Round) -> Tested:
    """Everything that handing in the correction is tested for today."""
    correction = await application_store.open_correction(context.session, application.id)
    if correction is None or application.snapshot is None:
        raise RuntimeError("an application that is being corrected without a request for it")
    organisation = (await eligibility.organisations(context.session, [application.organisation_id]))[
        application.organisation_id
    ]
    facts = await eligibility_facts(context.session, application)
    gate = judge(context, application, facts, round_row=round_row, gate=Gate.SUBMISSION, test_date=context.today)
    materials = attachments.current(await attachments.of_application(context.session, application.id))
    frozen: Snapshot = {
        **application.snapshot,
        "organisation": await _as_corrected(context, application, organisation),
        "content": application.content,
        "materials": material_list(materials),
    }
    findings = [
        *_in_time(context, correction),
        *correction_kept_to(
            asked=[item["pointer"] for item in correction.items], changed=_changed(application.snapshot, frozen)
        ),
        *await _jurisdiction(context, application, organisation, facts),
        *gate,
        *sector_known(code=facts.organisation.sector),
        *completeness(application.content, materials, round_row),
        *await asked_findings(context, application.content, facts, round_row, files=[item.id for item in materials]),
    ]
    return Tested(facts, gate, findings, correction, frozen)


async def _as_corrected(
    context: ReadContext, application: Application, organisation: Organisation
) -> OrganisationRecord:
    """The organisation as it was frozen, with the fields that the office asked to have corrected."""
    corrected = (await corrected_fields(context.session, [application])).get(application.id, ())
    return stated(application, organisation, corrected)[0]


async def _jurisdiction(
    context: ReadContext, application: Application, organisation: Organisation, facts: EligibilityFacts
) -> list[Finding]:
    """Whether the unit that has endorsed could have endorsed the organisation as it is corrected (Art. 12)."""
    standing = await recommendations.open_of(context.session, application.id)
    unit = None if standing is None else await recommendations.unit(context.session, standing.unit_id)
    if standing is None or unit is None:
        return recommended(endorsements=[])
    endorsement = endorsement_facts(
        unit, organisation, outcome=standing.state, industry_justification=standing.industry_justification
    )
    return [
        *recommended(endorsements=[endorsement]),
        *jurisdiction(endorsement=endorsement, organisation=facts.organisation),
    ]


def _changed(before: Snapshot, after: Snapshot) -> set[str]:
    """JSON pointers into the application of what differs: sections of the form, texts and materials one by one."""
    changed = {f"/content/{name}" for name in _differing(before["content"], after["content"])}
    if "/content/sections" in changed:
        changed.remove("/content/sections")
        texts = _differing(before["content"].get("sections") or {}, after["content"].get("sections") or {})
        changed |= {f"/content/sections/{code}" for code in texts}
    return changed | {f"/attachments/{code}" for code in _differing(_by_material(before), _by_material(after))}


def _by_material(snapshot: Snapshot) -> dict[str, list[MaterialRecord]]:
    """The files of each material: one more of them is a change of it."""
    found: dict[str, list[MaterialRecord]] = {}
    for item in snapshot["materials"]:
        found.setdefault(item["material"], []).append(item)
    return found


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def _in_time(context: ReadContext, row: Correction) -> list[Finding]:
    asked = CorrectionFacts(shanghai_date(row.created_at), last_day(row.due_at))
    return correction_in_time(correction=asked, at=context.now)
