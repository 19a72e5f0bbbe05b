"""What still goes on in a database that was put back as an old backup has it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from app.store.database import WriteSession
from app.store.identity import AccountSession, Invitation, SessionEnd


async def end_all_sessions(session: WriteSession, *, at: datetime) -> int:
    """End every session of everybody that nobody has ended; answers how many."""
    ending = update(AccountSession).where(AccountSession.ended_at.is_(None))
    ended = ending.values(ended_at=at, ended_by=SessionEnd.ACCOUNT).returning(AccountSession.id)
    return len((await session.execute(ended)).all())


async def withdraw_all_invitations(session: WriteSession) -> int:
    """No invitation that was not used is taken any more; answers how many there were."""
    unused = delete(Invitation).where(Invitation.used_at.is_(None))
    return len((await session.execute(unused.returning(Invitation.id))).all())
