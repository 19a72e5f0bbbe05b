"""An objection as it comes in (Art. 21): in time or not, formal or not, its original apart from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.findings import Finding
from app.measures.objections import ObjectionClass, ObjectionFacts, objection_class
from app.measures.plain import words
from app.measures.publicity import Period
from app.measures.state_machines import OBJECTION, ObjectionState
from app.measures.text import Text
from app.services.instruments.in_force import cited
from app.services.lifecycle import create
from app.services.notices.publish_notice import day_of_first_medium, period_of
from app.store import notices, objections, rounds
from app.store import publicity as store

_BEGINS = {ObjectionClass.FORMAL: ObjectionState.RECEIVED, ObjectionClass.INFORMAL: ObjectionState.INFORMAL}


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody brings forward, and who it is where that is said."""

    name: str | None
    contact: str | None
    facts: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """An objection on paper: the day (Shanghai) on which it was received, the mark under which it is filed."""

    received_on: date
    reference: str


async def period_objected_to(context: ReadContext, candidate_id: UUID) -> Period:
    """The period in which objections to a name are in time; from the day on which it was first published."""
    candidate = existing(await context.session.get(store.Candidate, candidate_id))
    return await since_the_first_notice(context, candidate, await _period(context, candidate))


async def since_the_first_notice(context: ReadContext, candidate: store.Candidate, period: Period) -> Period:
    """The period, from the day on which the name was first published: a correction takes no time from the public."""
    first = await notices.first_notice_of(context.session, candidate.round_id, candidate.created_at)
    if first is None:
        return period
    return replace(period, published_on=min(day_of_first_medium(first), period.published_on))


async def _period(context: ReadContext, candidate: store.Candidate) -> Period:
    notice = (await notices.notices_by_id(context.session, [candidate.notice_id]))[candidate.notice_id]
    period = period_of(notice)
    if period is None:
        raise RuntimeError("a candidate without a period")
    return period


async def publicised(context: WriteContext, candidate_id: UUID, voice: Voice) -> tuple[store.Candidate, Period]:
    """The candidate that is objected to, read under the round's lock, and its present period; `Invalid` where nothing
    is said."""
    if not (voice.name or voice.contact or voice.facts or voice.evidence):
        text = Text("请填写异议内容", "Say what you object to")
        raise Invalid(text, errors=[FieldError("/facts", FieldCode.REQUIRED, text)])
    candidate = existing(await context.session.get(store.Candidate, candidate_id), "没有此候选", "No such candidate")
    # The list that would close over it waits, and it waits for a list that is being closed.
    await rounds.share(context.session, candidate.round_id)
    await context.session.refresh(candidate)
    return candidate, await _period(context, candidate)


async def keep_objection(
    context: WriteContext,
    candidate: store.Candidate,
    period: Period,
    voice: Voice,
    *,
    received_at: datetime,
    letter: Letter | None = None,
    told: Sequence[Finding] = (),
) -> tuple[objections.Objection, str]:
    """Class what came in, keep it, its original apart; answers the row with its tracking code, which is shown once.
    `letter`: for what came on paper; `told`: findings for the record beside the classification."""
    answer = objection_class(
        objection=ObjectionFacts(
            received_at, voice.name or "", voice.contact or "", voice.facts or "", scanned=letter is None
        ),
        period=period,
    )
    code = random_secret()
    row = objections.Objection(
        created_at=context.now,
        round_id=candidate.round_id,
        candidate_id=candidate.id,
        classification=answer.kind,
        classified_because=",".join(words(answer.findings[0].facts["lacking"])),
        state=create(OBJECTION, _BEGINS[answer.kind]),
        received_at=received_at,
        letter_reference=letter.reference if letter else None,
        entered_by=context.actor.known_id if letter else None,
        tracking_hash=fingerprint(code),
    )
    context.session.add(row)
    await context.session.flush()
    # Apart from the row that everybody works with: none but the investigator reads it.
    context.session.add(
        objections.ObjectionOriginal(
            created_at=context.now,
            objection_id=row.id,
            name=voice.name,
            contact=voice.contact,
            facts=voice.facts,
            evidence=voice.evidence,
        )
    )
    await context.session.flush()
    on_paper: dict[str, object] = {}
    if letter is not None:
        rests_on = ("letters", "letters_without_scan", "objection_on_publication_day")
        on_paper = {"received_on": letter.received_on, "letter_reference": letter.reference}
        on_paper["readings"] = await cited(context.session, context.today, *rests_on)
    audit.record(
        context,
        "enter_letter" if letter else "take_objection",
        "objection",
        row.id,
        round_id=row.round_id,
        findings=[*told, *answer.findings],
        candidate_id=candidate.id,
        classification=row.classification,
        **on_paper,
    )
    return row, code
