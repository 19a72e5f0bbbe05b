"""Objections from anybody (Art. 21): taken without an account, followed by a tracking code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing, refuse
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.dates import end_of_day
from app.measures.findings import Finding
from app.measures.objections import (
    ObjectionClass,
    ObjectionFacts,
    letter_dated,
    names_no_objector,
    objection_class,
)
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


async def take_objection(
    context: WriteContext, *, candidate_id: UUID, voice: Voice
) -> tuple[objections.Objection, str]:
    """Take it as formal or as an informal objection, never refuse it; answers it with the tracking code, which is shown
    this once.

    What counts is the instant at which the request came in.
    """
    candidate, period = await _publicised(context, candidate_id, voice)
    return await _keep(context, candidate, period, voice, received_at=context.now)


async def enter_letter(
    context: WriteContext, *, candidate_id: UUID, voice: Voice, letter: Letter
) -> tuple[objections.Objection, str]:
    """Enter an objection that the office received on paper; answers as `take_objection`. It is formal once its scan is
    with the case, and holds its organisation until then, where it lacks nothing else.

    What counts is the day of receipt, not the day on which it is entered; the name as it was first published counts
    too.
    """
    candidate, period = await _publicised(context, candidate_id, voice)
    period = await _since_the_first_notice(context, candidate, period)
    dated = letter_dated(received_on=letter.received_on, published_on=period.published_on, today=context.today)
    # The mark is for everybody to see.
    neutral = names_no_objector(said=letter.reference, name=voice.name, contact=voice.contact)
    refuse([*dated, *neutral])
    received_at = end_of_day(letter.received_on - timedelta(days=1))
    return await _keep(context, candidate, period, voice, received_at=received_at, letter=letter, told=dated)


async def period_objected_to(context: ReadContext, candidate_id: UUID) -> Period:
    """The period in which objections to a name are in time; from the day on which it was first published."""
    candidate = existing(await context.session.get(store.Candidate, candidate_id))
    return await _since_the_first_notice(context, candidate, await _period(context, candidate))


async def _since_the_first_notice(context: ReadContext, candidate: store.Candidate, period: Period) -> Period:
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


async def _publicised(context: WriteContext, candidate_id: UUID, voice: Voice) -> tuple[store.Candidate, Period]:
    if not (voice.name or voice.contact or voice.facts or voice.evidence):
        text = Text("请填写异议内容", "Say what you object to")
        raise Invalid(text, errors=[FieldError("/facts", FieldCode.REQUIRED, text)])
    candidate = existing(await context.session.get(store.Candidate, candidate_id), "没有此候选", "No such candidate")
    # The list that would close over it waits, and it waits for a list that is being closed.
    await rounds.share(context.session, candidate.round_id)
    await context.session.refresh(candidate)
    return candidate, await _period(context, candidate)


async def _keep(
    context: WriteContext,
    candidate: store.Candidate,
    period: Period,
    voice: Voice,
    *,
    received_at: datetime,
    letter: Letter | None = None,
    told: Sequence[Finding] = (),
) -> tuple[objections.Objection, str]:
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


async def status_of(context: ReadContext, *, code: str) -> tuple[objections.Objection, str]:
    """The objection of a tracking code, with the candidate's name; `NotFound` for any other code."""
    return existing(
        await objections.objection_by_tracking_code(context.session, fingerprint(code)),
        "没有此回执",
        "No such tracking code",
    )
