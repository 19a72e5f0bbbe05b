"""The investigation of an applicant's record and social feedback (Art. 11(4)): a person's recorded finding."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.measures.facts import Verdict
from app.measures.state_machines import APPLICATION, DECIDED_APPLICATION_STATES, ROUND
from app.measures.text import Text
from app.services.lifecycle import require_state
from app.store import applications, deliberation
from app.store import rounds as store

# Until the committee has met: it deliberates on what was found.
_OPEN = frozenset({"called", "qualified", "onsite", "evaluated"})


_APPLIED = DECIDED_APPLICATION_STATES | {"submitted", "correction_requested"}


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What the investigation found, on what evidence, and why."""

    outcome: Verdict
    evidence: str
    reason: str


async def verify_applicant(
    context: WriteContext, *, application_id: UUID, finding: RecordFinding
) -> deliberation.SocialVerification:
    """Record the finding on one application. Before the deliberation it may be recorded anew; the audit keeps both."""
    place = existing(await applications.place(context.session, application_id), "没有此申报", "No such application")
    row = await store.share(context.session, place.round_id)
    application = await applications.get(context.session, application_id)
    if row is None or application is None:
        raise RuntimeError("an application without a round")
    here = ROUND.states[row.state]
    text = Text(f"此申报目前不能记录核实（本届“{here.zh}”）", f"Nothing to verify on it now (the round: {here.en})")
    require_state(ROUND, row, "verify_record", _OPEN, rule="art11.verification", message=text)
    require_state(APPLICATION, application, "verify_record", _APPLIED, rule="art11.verification", message=text)
    found = await deliberation.verification_of(context.session, application_id)
    if found is None:
        found = deliberation.SocialVerification(
            created_at=context.now,
            application_id=application_id,
            outcome=finding.outcome,
            evidence=finding.evidence,
            reason=finding.reason,
            recorded_by=context.actor.known_id,
        )
        context.session.add(found)
    else:
        found.outcome, found.evidence, found.reason = finding.outcome, finding.evidence, finding.reason
        # Whoever it was before: this finding is of today.
        found.created_at, found.recorded_by = context.now, context.actor.known_id
    await context.session.flush()
    audit.record(
        context,
        "verify_record",
        "application",
        application_id,
        round_id=row.id,
        outcome=found.outcome,
        evidence=found.evidence,
        reason=found.reason,
    )
    return found


async def read_verification(context: ReadContext, *, application_id: UUID) -> deliberation.SocialVerification:
    """The recorded finding on an application."""
    return existing(
        await deliberation.verification_of(context.session, application_id),
        "尚无核实记录",
        "No verification is recorded",
    )
