"""Objections from anybody (Art. 21): taken without an account, followed by a tracking code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.findings import Text
from app.measures.plain import words
from app.measures.publicity import ObjectionClass, ObjectionFacts, objection_class
from app.measures.state_machines import OBJECTION
from app.services.lifecycle import create
from app.services.notices.publish_notice import period_of
from app.store import notices, objections, rounds
from app.store import publicity as store


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody brings forward, and who he is where he says so."""

    name: str | None
    contact: str | None
    facts: str | None
    evidence: str | None


async def take_objection(
    context: WriteContext, *, candidate_id: UUID, voice: Voice
) -> tuple[objections.Objection, str]:
    """Take it as formal or as an informal objection, never refuse it; answers it with the tracking code, which is shown
    this once.

    What counts is the instant at which the request came in.
    """
    if not (voice.name or voice.contact or voice.facts or voice.evidence):
        text = Text("请填写异议内容", "Say what you object to")
        raise Invalid(text, errors=[FieldError("/facts", FieldCode.REQUIRED, text)])
    candidate = existing(await context.session.get(store.Candidate, candidate_id), "没有此候选", "No such candidate")
    # The list that would close over it waits, and it waits for a list that is being closed.
    await rounds.share(context.session, candidate.round_id)
    await context.session.refresh(candidate)
    notice = (await notices.notices_by_id(context.session, [candidate.notice_id]))[candidate.notice_id]
    period = period_of(notice)
    if period is None:
        raise RuntimeError("a candidate without a period")
    answer = objection_class(
        objection=ObjectionFacts(context.now, voice.name or "", voice.contact or "", voice.facts or ""), period=period
    )
    code = random_secret()
    row = objections.Objection(
        created_at=context.now,
        round_id=candidate.round_id,
        candidate_id=candidate.id,
        classification=answer.kind.value,
        classified_because=",".join(words(answer.findings[0].facts["lacking"])),
        state=create(OBJECTION, "received" if answer.kind is ObjectionClass.FORMAL else "informal"),
        facts=voice.facts or "",
        evidence=voice.evidence,
        received_at=context.now,
        tracking_hash=fingerprint(code),
    )
    context.session.add(row)
    await context.session.flush()
    if voice.name or voice.contact:
        context.session.add(
            objections.ObjectorIdentity(
                created_at=context.now, objection_id=row.id, name=voice.name, contact=voice.contact
            )
        )
        await context.session.flush()
    audit.record(
        context,
        "take_objection",
        "objection",
        row.id,
        round_id=row.round_id,
        findings=answer.findings,
        candidate_id=candidate.id,
        classification=row.classification,
    )
    return row, code


async def status_of(context: ReadContext, *, code: str) -> tuple[objections.Objection, str]:
    """The objection of a tracking code, with the candidate's name; `NotFound` for any other code."""
    return existing(
        await objections.objection_by_tracking_code(context.session, fingerprint(code)),
        "没有此回执",
        "No such tracking code",
    )
