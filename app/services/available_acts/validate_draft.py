"""What a draft lacks, told while it is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.stored import read_rules
from app.measures.eligibility import Gate
from app.measures.findings import Finding, Outcome, obstacles
from app.measures.state_machines import APPLICATION, ApplicationState
from app.measures.text import Text
from app.services.applications.access import visible
from app.services.applications.asked import to_check
from app.services.applications.pointers import pointers
from app.services.applications.run_gate import judge
from app.services.applications.submit_application import submission_test
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import out_of_order
from app.services.organisations.verification import verified
from app.services.qualification.resubmit_application import resubmission_test
from app.store import organisations, rounds

_DRAFTING = frozenset({ApplicationState.DRAFT, ApplicationState.RECOMMENDATION_REQUESTED, ApplicationState.ENDORSED})


@dataclass(frozen=True, slots=True)
class Warnings:
    """Every finding of a submission today with the fields that it is about, what a person will decide later, and what
    should be looked at once more."""

    ready: bool
    findings: Sequence[tuple[Finding, Sequence[str]]]
    decided_later: Sequence[Finding]
    to_check: Sequence[tuple[Finding, Sequence[str]]]


async def draft_findings(context: ReadContext, *, application_id: UUID) -> Warnings:
    """What would stand in the way of a submission now. Nothing is refused and nothing is stored."""
    row = await visible(context, application_id=application_id)
    round_row = await rounds.get(context.session, row.round_id)
    if (
        round_row is None
        or round_row.ordinal is None
        or row.state not in (*_DRAFTING, ApplicationState.CORRECTION_REQUESTED)
    ):
        text = Text("申报不在填报中", "There is nothing to fill in any more")
        raise out_of_order(context, APPLICATION, row, "edit", message=text)
    test = submission_test if row.state in _DRAFTING else resubmission_test
    tested = await test(context, row, round_row)
    facts, findings = tested.facts, tested.findings
    later = judge(context, row, facts, round_row=round_row, gate=Gate.CONFIRMATION, test_date=context.today)
    organisation = existing(await organisations.organisation(context.session, row.organisation_id))
    later = [*verified(organisation, round_readings(round_row), before="confirm_qualified_list"), *later]
    return Warnings(
        ready=not obstacles(findings),
        findings=[(finding, pointers(finding)) for finding in findings],
        decided_later=[item for item in later if item.outcome is Outcome.NEEDS_DECISION],
        to_check=[(item, pointers(item)) for item in to_check(row.content, read_rules(round_row.review_rules))],
    )
