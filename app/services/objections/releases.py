"""By a release of another person an investigator reads an original (Arts. 21, 31), for a time."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import refuse
from app.measures.disclosure import disclosure_in_force
from app.services.lifecycle import Act
from app.store.objections import Objection, disclosures
from app.store.supervision import MarkReport


async def released(context: ReadContext, matter_id: UUID) -> disclosures.Disclosure:
    """The release by which the caller reads an objection or a report as it came; refused where there is none, or its
    time is over."""
    own = await disclosures.standing(context.session, matter_id, asked_by=context.actor.known_id, now=context.now)
    found = next((row for row in own if row.outcome is not None), None)
    refuse(disclosure_in_force(asked=bool(own), released_until=found.ends_at if found else None))
    if found is None:
        raise RuntimeError("an original is read without a release")
    return found


async def end_releases(context: WriteContext, doing: Act, row: Objection | MarkReport) -> None:
    """What was asked or released to a former investigator ends with the assignment, and for good: put back, the former
    one asks anew."""
    ended = await disclosures.end_of_others(
        context.session,
        row.id,
        investigator_id=row.investigator_id,
        now=context.now,
        by=context.actor.known_id,
    )
    if ended:
        doing.tell(ended_disclosures=[str(key) for key in ended])
