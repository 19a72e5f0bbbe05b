"""The investigator classes an objection (Art. 21)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.findings import Finding
from app.measures.objections import (
    Lacking,
    ObjectionClass,
    by_its_investigator,
    judged_formal,
    judged_informal,
)
from app.measures.state_machines import OBJECTION
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.objections.incoming import as_compared, period_objected_to
from app.services.objections.investigator import known, neutrally, only_the_investigator
from app.services.objections.read_objections import Told, locked
from app.store import objections


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the investigator classes an objection, and why; `lacking`: what an informal one does not give."""

    classification: ObjectionClass
    lacking: tuple[Lacking, ...]
    reason: str


async def classify_objection(context: WriteContext, *, objection_id: UUID, judgement: Judgement) -> Told:
    """Its investigator judges whether an objection has a name and states something: what the service made of it was a
    hint. It is judged by who has read it; what came late stays informal."""
    told = await locked(context, objection_id)
    row = told.row
    formal = judgement.classification is ObjectionClass.FORMAL
    async with act(context, OBJECTION, row, "find_formal" if formal else "find_informal") as doing:
        only_the_investigator(context, row)
        own = [*by_its_investigator(investigator=True), *await known(context, row)]
        if formal:
            own += await _formal(context, row)
        else:
            own += judged_informal(lacking=judgement.lacking)
        doing.hear([*own, *await neutrally(context, row, judgement.reason)])
        row.classification = judgement.classification
        row.classified_because = "" if formal else ",".join(judgement.lacking)
        row.classification_reason = judgement.reason
        # From this day on it holds nobody; a meeting or a decree of an earlier one waits for it (Art. 21).
        row.judged_informal_at = None if formal else context.now
        doing.tell(classification=row.classification, lacking=list(judgement.lacking), reason=judgement.reason)
        rests_on = ("informal_objections", "objection_on_publication_day", "letters_without_scan")
        doing.rest_on(await readings(context.session, context.today), *rests_on)
    return told


async def _formal(context: WriteContext, row: objections.Objection) -> list[Finding]:
    original = existing(await objections.original_of(context.session, row.id))
    scanned = row.letter_reference is None or bool(await objections.files_of(context.session, row.id))
    said = as_compared(original, row.received_at, scanned=scanned)
    return judged_formal(objection=said, period=await period_objected_to(context, row.candidate_id))
