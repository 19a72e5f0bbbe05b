"""All that is held of the caller's person, told to the caller alone (Personal Information Protection Law, Art. 45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.store import identity, reviewers
from app.store.audit import AuditEntry
from app.store.identity import Account, AccountSession, KnownOrigin, outside_identities
from app.store.identity.outside_identities import OutsideIdentity
from app.store.privacy import own_data as store
from app.store.privacy.own_data import OfReviewer, OwnFile
from app.store.reviewers import Reviewer
from app.store.reviews import FileAccess


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is held, row by row. `pool`: what the pool knows beside the reviewer's entry; both None for who is in
    none."""

    account: Account
    second_factor_since: datetime | None
    recovery_codes_left: int
    outside: OutsideIdentity | None
    sessions: Sequence[AccountSession]
    origins: Sequence[KnownOrigin]
    files: Sequence[OwnFile]
    openings: Sequence[FileAccess]
    reviewer: Reviewer | None
    pool: OfReviewer | None


async def read_own_data(context: ReadContext) -> OwnData:
    """Everything that is of the caller's person. Objections and reports are not in it: whose they are is kept from
    everybody but the investigator, and nobody signs in to bring one."""
    session, own = context.session, context.actor.known_id
    account = existing(await identity.get(session, own))
    factor = await identity.second_factor(session, own)
    reviewer = await reviewers.of_account(session, own)
    return OwnData(
        account,
        None if factor is None else factor.created_at,
        len(await identity.recovery_codes(session, own)),
        await outside_identities.of_account(session, own),
        await store.sessions(session, own),
        await store.origins(session, own),
        await store.files(session, own),
        await store.opened(session, own),
        reviewer,
        None if reviewer is None else await store.of_reviewer(session, reviewer.id),
    )


async def list_own_acts(context: ReadContext, *, request: PageRequest) -> Page[AuditEntry]:
    """What the log says that the caller has done, newest first."""
    rows = await store.acts(context.session, context.actor.known_id, before=request.after_number(), limit=request.limit)
    return request.page(rows, key=lambda row: row.seq)
