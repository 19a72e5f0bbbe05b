"""Objections that come at once are taken at once (Art. 21): on the last evening of a period many come, and each of them
was in time when it came in, not when the one before it was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel import audit
from app.kernel.errors import DomainError
from app.kernel.security.principal import PUBLIC
from app.services.objections.incoming import Taken, Voice, no_such_name, period_of_name, taken
from app.store import audit as chain
from app.store import idempotency, objections
from app.store.database import WriteSession
from app.store.idempotency import Answered, Earlier, Named


@dataclass(frozen=True, slots=True)
class Keyed:
    """The idempotency key of a request, what tells the request and its sender from others with the same key, and the
    answer that is stored with it."""

    named: Named
    fingerprint: str
    standing: str
    answer: Callable[[Taken], Answered]


@dataclass(frozen=True, slots=True)
class Offered:
    """An objection as it came. `counted`: counts it against the limit of its sender, which may refuse it; `code`: the
    tracking code that it was promised."""

    candidate_id: UUID
    voice: Voice
    now: datetime
    request_id: str
    counted: Callable[[], None]
    keyed: Keyed | None = None
    code: str | None = None


async def take_together(session: WriteSession, offers: Sequence[Offered]) -> Sequence[Taken | Earlier | Exception]:
    """Take each as `take_objection` does. What is on record of its key, where that was used before; why it was refused,
    where it was."""
    wanted = {offer.candidate_id for offer in offers}
    keys = {offer.keyed.named for offer in offers if offer.keyed}
    known = await idempotency.earlier(session, keys, now=offers[0].now)
    await objections.hold_rounds_of(session, wanted)
    names = await objections.objected(session, wanted)
    outcomes: list[Taken | Earlier | Exception] = []
    for offer in offers:
        before = known.get(offer.keyed.named) if offer.keyed else None
        outcomes.append(before or _one(offer, names.get(offer.candidate_id)))
    await _write(session, [(offer, what) for offer, what in zip(offers, outcomes, strict=True) if type(what) is Taken])
    return outcomes


def _one(offer: Offered, name: objections.Objected | None) -> Taken | DomainError:
    try:
        offer.counted()
    except DomainError as error:
        return error
    if name is None:
        return no_such_name()
    period = period_of_name(name)
    return taken(name, period, offer.voice, now=offer.now, received_at=offer.now, code=offer.code)


async def _write(session: WriteSession, done: Sequence[tuple[Offered, Taken]]) -> None:
    if not done:
        return
    answers = [
        (offer.keyed.answer(what), offer.keyed.fingerprint, offer.keyed.standing)
        for offer, what in done
        if offer.keyed is not None
    ]
    beside = objections.beside(session, [what.row for _, what in done], [what.original for _, what in done])
    if answers:
        beside.append(idempotency.taken_beside(answers, now=done[0][0].now))
    notes = [audit.note_of(PUBLIC, offer.now, offer.request_id, what.entry) for offer, what in done]
    await chain.append(session, *notes, beside=beside)
