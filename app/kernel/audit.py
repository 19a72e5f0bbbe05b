"""The audit log: every act with its findings, chained by hash, written with the transaction that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from anyio import to_thread

from app.kernel.context import PendingEntry, WriteContext
from app.kernel.security.principal import Principal
from app.measures.findings import Finding, FindingRecord
from app.measures.plain import Plain
from app.store import audit as chain
from app.store.idempotency import Answered, keep, kept_beside

# Findings that are put into words in the event loop: about ten milliseconds of work.
_MANY = 300
# What stands in JSON as it is.
PLAIN_TYPES = frozenset({str, int, float, bool, type(None)})


def record(
    context: WriteContext,
    act: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    round_id: UUID | None = None,
    findings: Iterable[Finding] = (),
    session_id: UUID | None = None,
    by: tuple[UUID, str] | None = None,
    **details: object,
) -> None:
    """Note an act of this request, as `pending` says; it is chained when the request commits. `session_id`: the session
    that it is about, where that is not the caller's own. `by`: the account, and its role, that the caller has shown to
    be meanwhile."""
    entry = pending(act, subject_type, subject_id, round_id=round_id, findings=findings, **details)
    context.pending_audit.append(replace(entry, session_id=session_id, by=by) if session_id or by else entry)


def entry_of(
    act: str, subject_type: str, subject_id: UUID | None, round_id: UUID | None, details: Mapping[str, object]
) -> dict[str, object]:
    """An entry as the chain takes it."""
    return {
        "act": act,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "round_id": round_id,
        "details": details,
    }


async def flush(context: WriteContext, answered: Answered | None = None) -> None:
    """Append what was noted, and store the answer with its idempotency key. Called once, just before the commit."""
    # What the act itself writes goes first: nobody waits for the end of the chain meanwhile.
    await context.session.flush()
    if not context.pending_audit:
        if answered is not None:
            await keep(context.session, answered)
        return
    if sum(len(entry.findings) for entry in context.pending_audit) > _MANY:
        # An act on a whole round has thousands, and nobody else is kept waiting while they are put into words.
        entries = await to_thread.run_sync(_entries, context.pending_audit)
    else:
        entries = _entries(context.pending_audit)
    note = _note(context.actor, context.now, context.request_id, entries)
    await chain.append(context.session, note, beside=() if answered is None else (kept_beside(answered),))
    context.pending_audit.clear()


def note_of(actor: Principal, now: datetime, request_id: str, *entries: PendingEntry) -> chain.Note:
    """What a request did, for acts that are chained together with those of others."""
    return _note(actor, now, request_id, _entries(entries))


def pending(
    act: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    round_id: UUID | None = None,
    findings: Iterable[Finding] = (),
    **details: object,
) -> PendingEntry:
    """An act that is to go on record.

    Never pass an objector's identity, a bank account or a secret: the log is read by the auditor.
    """
    plain: dict[str, object] = {name: plain_value(value) for name, value in details.items()}
    return PendingEntry(act, subject_type, subject_id, round_id, plain, tuple(findings))


def _note(actor: Principal, now: datetime, request_id: str, entries: Sequence[Mapping[str, object]]) -> chain.Note:
    return chain.Note(
        now, actor.account_id, actor.recorded_as, request_id, entries, origin=actor.origin, session_id=actor.session_id
    )


def _entries(noted: Iterable[PendingEntry]) -> list[Mapping[str, object]]:
    return [
        {
            "act": entry.act,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "round_id": entry.round_id,
            "details": _told(entry),
            **({} if entry.session_id is None else {"session_id": entry.session_id}),
            **({} if entry.by is None else {"actor_id": entry.by[0], "actor_role": entry.by[1]}),
        }
        for entry in noted
    ]


def _told(entry: PendingEntry) -> dict[str, object]:
    if not entry.findings:
        return entry.details
    return {**entry.details, "findings": [finding_record(finding) for finding in entry.findings]}


def finding_record(finding: Finding) -> FindingRecord:
    """A finding as it is stored: eligibility checks and audit entries keep the same form."""
    message, remedy = finding.message, finding.remedy
    return {
        "rule": finding.rule,
        "article": finding.article,
        "outcome": finding.outcome.value,
        "reason": finding.reason.value,
        "message_zh": message.zh,
        "message_en": message.en,
        "remedy_zh": remedy.zh if remedy else None,
        "remedy_en": remedy.en if remedy else None,
        # JSON-ready as they are.
        "facts": dict(finding.facts),
    }


def plain_object(value: Mapping[str, object]) -> dict[str, Plain]:
    """A mapping as a JSON object, its values as `plain_value` writes them."""
    return {
        str(name): cast(Plain, item) if type(item) in PLAIN_TYPES else plain_value(item) for name, item in value.items()
    }


def plain_value(value: object) -> Plain:
    """A value as JSON holds it: dates and decimals as text, mappings and sequences through and through."""
    # The commonest first: an act on a whole round has hundreds of thousands.
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_value(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return plain_object(value)
    raise TypeError(f"JSON holds no {type(value).__name__}")
