"""How an objection is closed, whichever its outcome (Art. 21)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.kernel.context import WriteContext
from app.measures.objections import has_summary, objection_closable
from app.measures.state_machines import OBJECTION
from app.services.lifecycle import Act, act
from app.services.objections.investigator import known, neutrally
from app.store import objections


@dataclass(frozen=True, slots=True)
class Closing:
    """How it was verified and what was found; the reason; what the objector is told, without anybody's identity."""

    verification: str
    reason: str
    public_statement: str


@asynccontextmanager
async def closed(
    context: WriteContext, row: objections.Objection, closing: Closing, name: str, *, recorded: str | None = None
) -> AsyncIterator[Act]:
    """Close an objection by this act; inside is what follows from it."""
    async with act(context, OBJECTION, row, name, recorded=recorded) as doing:
        verified_by = str(context.actor.known_id)
        closable = objection_closable(upheld=name == "uphold", reason=closing.reason, verified_by=verified_by)
        summarised = has_summary(summarised=row.summary is not None) if name in ("uphold", "dismiss") else []
        neutral = await neutrally(context, row, closing.verification, closing.reason, closing.public_statement)
        read = await known(context, row) if name in ("find_inadmissible", "close_informal_objection") else []
        doing.hear([*closable, *summarised, *read, *neutral])
        row.verification = closing.verification
        row.outcome_reason, row.outcome_public = closing.reason, closing.public_statement
        row.closed_at, row.closed_by = context.now, context.actor.known_id
        yield doing
