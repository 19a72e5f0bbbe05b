"""The office determines the sector before it is frozen (Arts. 6, 17): which seats an organisation competes for is not
its own to choose."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.facts import Verdict
from app.measures.sectors import sector_known
from app.services.applications.under_review import in_review, locked_application, under_review
from app.services.lifecycle import check_version, enter
from app.store.applications import Application
from app.store.qualification import ConditionDecision


@dataclass(frozen=True, slots=True)
class Determination:
    """The code of GB/T 4754, why, and on what evidence: the main business by revenue, the registered scope."""

    sector: str
    reason: str
    evidence: str


async def determine_sector(context: WriteContext, *, application_id: UUID, determination: Determination) -> Application:
    """Record the sector that counts from now on, in place of the one that the organisation states. A newer one counts
    until the list is confirmed; every one stays on record."""
    application, round_row = await locked_application(context, application_id)
    check_version(context, application)
    in_review(round_row, "determine_sector", rule="art06.seats")
    under_review(application, "determine_sector", rule="art06.seats")
    findings = sector_known(code=determination.sector)
    refuse(findings)
    before, application.sector = application.sector, determination.sector
    decided = ConditionDecision(
        created_at=context.now,
        application_id=application.id,
        rule="art06.seats",
        outcome=Verdict.PASS,
        reason=determination.reason,
        evidence=determination.evidence,
        decided_by=context.actor.known_id,
    )
    await enter(
        context,
        decided,
        "determine_sector",
        "application",
        subject=application,
        round_id=application.round_id,
        findings=findings,
        before=before,
        stated=None if application.snapshot is None else application.snapshot["organisation"]["sector"],
        **asdict(determination),
    )
    return application
