"""A person decides an adverse record (Art. 13(6))."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.facts import RecordCategory, RecordFinding, RecordOrigin, Severity
from app.measures.findings import Finding
from app.measures.record import record_decidable, record_decision_complete
from app.measures.state_machines import ADVERSE_RECORD
from app.services.applications.under_review import in_the_round, last_day, running
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.qualification.adverse_records import locked_record
from app.store.qualification import AdverseRecord, FormerFinding

# What a decision says of a record.
_DECIDED = ("finding", "attributable", "severity")


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """How a record is decided. `attributable`: whether the organisation is responsible. `severity` only for another
    h."""

    finding: RecordFinding
    reason: str
    attributable: bool | None = None
    severity: Severity | None = None


async def decide_adverse_record(context: WriteContext, *, record_id: UUID, decision: RecordDecision) -> AdverseRecord:
    """A person confirms or denies a record, after the applicant was heard. A decision may be replaced wherever the
    first could be taken: while the application is in the round, that on a record of no round on any day; each stands in
    the audit log."""
    name = "confirm_adverse_record" if decision.finding is RecordFinding.CONFIRMED else "deny_adverse_record"
    row, place = await locked_record(context, record_id)
    if place is not None:
        application, round_row = place
        running(round_row, name, rule="art13.6.record")
        in_the_round(application, name, rule="art13.6.record")
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, name, recorded="decide_adverse_record", round_id=of_round) as doing:
        before = {item: getattr(row, item) for item in _DECIDED}
        doing.hear(_findings(context, row, decision))
        doing.tell(application_id=row.application_id, before=before)
        # An act that is dated back is judged by what was decided on its day (Art. 13(6)).
        context.session.add(
            FormerFinding(
                created_at=context.now,
                record_id=row.id,
                finding=before["finding"],
                attributable=before["attributable"],
                severity=before["severity"],
            )
        )
        row.finding, row.decision_reason = decision.finding, decision.reason
        row.attributable = row.attributable if decision.attributable is None else decision.attributable
        row.severity = decision.severity
        row.decided_by, row.decided_at = context.actor.known_id, context.now
        rests_on = ["hearing", "open_attribution", *([] if row.credential_kind is None else ["withdrawn_credentials"])]
        doing.rest_on(await readings(context.session, context.today), *rests_on)
        doing.tell(reason=decision.reason, **{item: getattr(row, item) for item in _DECIDED})
    return row


def _findings(context: WriteContext, row: AdverseRecord, decision: RecordDecision) -> list[Finding]:
    return [
        *record_decidable(
            declared=row.origin == RecordOrigin.DECLARED,
            replied=row.replied_at is not None,
            reply_last_day=None if row.reply_due_at is None else last_day(row.reply_due_at),
            at=context.now,
        ),
        *record_decision_complete(
            category=RecordCategory(row.category),
            finding=decision.finding,
            attributable=decision.attributable,
            severity=decision.severity,
        ),
    ]
