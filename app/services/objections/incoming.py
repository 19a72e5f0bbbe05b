"""An objection as it comes in (Art. 21): in time or not, formal or not, its original apart from the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast
from uuid import UUID

from app.kernel import audit
from app.kernel.chinese import simplified
from app.kernel.context import PendingEntry, ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound, existing
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.findings import Finding
from app.measures.objections import ObjectionAnswer, ObjectionClass, ObjectionFacts, objection_class
from app.measures.plain import words
from app.measures.publicity import Period
from app.measures.state_machines import OBJECTION, ObjectionState
from app.measures.text import Text
from app.services.lifecycle import create
from app.services.notices.publish_notice import day_of_first_medium, period_opened
from app.store import notices, objections
from app.store.base import new_id

_BEGINS = {ObjectionClass.FORMAL: ObjectionState.RECEIVED, ObjectionClass.INFORMAL: ObjectionState.INFORMAL}


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody brings forward, and who it is where that is said."""

    name: str | None
    contact: str | None
    facts: str | None
    evidence: str | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return not (self.name or self.contact or self.facts or self.evidence)


@dataclass(frozen=True, slots=True)
class Letter:
    """An objection on paper: the day (Shanghai) on which it was received, the mark under which it is filed."""

    received_on: date
    reference: str


async def period_objected_to(context: ReadContext, candidate_id: UUID) -> Period:
    """The period in which objections to a name are in time; from the day on which it was first published."""
    candidate = existing((await objections.objected(context.session, [candidate_id])).get(candidate_id))
    return await since_the_first_notice(context, candidate, period_of_name(candidate))


async def since_the_first_notice(context: ReadContext, candidate: objections.Objected, period: Period) -> Period:
    """The period, from the day on which the name was first published: a correction takes no time from the public."""
    first = await notices.first_notice_of(context.session, candidate.round_id, candidate.created_at)
    if first is None:
        return period
    return replace(period, published_on=min(day_of_first_medium(first), period.published_on))


def period_of_name(candidate: objections.Objected) -> Period:
    """The period of the notice that carries the name as it stands."""
    period = period_opened(
        media=candidate.media,
        published_on=candidate.published_on,
        first_day=candidate.first_day,
        last_day=candidate.last_day,
        ends_at=candidate.ends_at,
    )
    if period is None:
        raise RuntimeError("a candidate without a period")
    return period


def no_such_name() -> NotFound:
    """The refusal of an objection to a name that is on no list."""
    return NotFound("没有此候选", "No such candidate")


async def publicised(context: WriteContext, candidate_id: UUID, voice: Voice) -> tuple[objections.Objected, Period]:
    """The candidate that is objected to, read under the round's lock, and its present period; `Invalid` where nothing
    is said."""
    if voice.is_empty:
        text = Text("请填写异议内容", "Say what you object to")
        raise Invalid(text, errors=[FieldError("/facts", FieldCode.REQUIRED, text)])
    await objections.hold_rounds_of(context.session, [candidate_id])
    candidate = (await objections.objected(context.session, [candidate_id])).get(candidate_id)
    if candidate is None:
        raise no_such_name()
    return candidate, period_of_name(candidate)


def as_compared(
    said: Voice | objections.ObjectionOriginal, received_at: datetime, *, scanned: bool = True
) -> ObjectionFacts:
    """What was brought forward as its words are compared, in whichever writing of Chinese it came."""
    name, contact, facts = (simplified(text or "") for text in (said.name, said.contact, said.facts))
    return ObjectionFacts(received_at, name, contact, facts, scanned)


@dataclass(frozen=True, slots=True)
class Taken:
    """An objection that is taken: its row and what came in, as far as they have values, what the audit log says, and
    the tracking code."""

    row: Mapping[str, object]
    original: Mapping[str, object]
    entry: PendingEntry
    code: str
    answer: ObjectionAnswer


def taken(
    candidate: objections.Objected,
    period: Period,
    voice: Voice,
    *,
    now: datetime,
    received_at: datetime,
    letter: Letter | None = None,
    entered_by: UUID | None = None,
    told: Sequence[Finding] = (),
    readings: Sequence[Mapping[str, str | None]] = (),
    code: str | None = None,
) -> Taken:
    """What is written of an objection that came in, or that the office enters from a letter; `readings`: on which the
    latter rests. `code`: the tracking code that it was promised."""
    answer = objection_class(objection=as_compared(voice, received_at, scanned=letter is None), period=period)
    code = code or random_secret()
    row = {
        "id": new_id(),
        "created_at": now,
        "round_id": candidate.round_id,
        "candidate_id": candidate.id,
        "classification": answer.kind,
        "classified_because": ",".join(words(answer.findings[0].facts["lacking"])),
        "state": create(OBJECTION, _BEGINS[answer.kind]),
        "received_at": received_at,
        "letter_reference": letter.reference if letter else None,
        "entered_by": entered_by,
        "tracking_hash": fingerprint(code),
    }
    # Apart from the row that everybody works with: none but the investigator reads it.
    original = {
        "id": new_id(),
        "created_at": now,
        "objection_id": row["id"],
        "name": voice.name,
        "contact": voice.contact,
        "facts": voice.facts,
        "evidence": voice.evidence,
    }
    on_paper: dict[str, object] = {}
    if letter is not None:
        on_paper = {"received_on": letter.received_on, "letter_reference": letter.reference, "readings": list(readings)}
    entry = audit.pending(
        "enter_letter" if letter else "take_objection",
        "objection",
        cast(UUID, row["id"]),
        round_id=candidate.round_id,
        findings=[*told, *answer.findings],
        candidate_id=candidate.id,
        classification=answer.kind,
        **on_paper,
    )
    return Taken(row, original, entry, code, answer)


async def keep_objection(context: WriteContext, what: Taken) -> tuple[objections.Objection, str]:
    """Keep what came in, its original apart; answers the row with its tracking code, which is shown once."""
    row = objections.Objection(**what.row)
    context.session.add(row)
    await context.session.flush()
    context.session.add(objections.ObjectionOriginal(**what.original))
    await context.session.flush()
    context.pending_audit.append(what.entry)
    return row, what.code
