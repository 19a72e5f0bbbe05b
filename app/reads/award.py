"""One award (Arts. 22, 23, 31)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.errors import NotFound
from app.measures.roles import Role
from app.measures.state_machines import AWARD
from app.reads.wire import Answer, acts, dumps
from app.services.awards.register import printed_in_register, status_of
from app.services.lifecycle import Asking
from app.store import awards as store
from app.store.readers import Reader

# What the printed name is made of.
_HOLDER = frozenset({"former_names", "holder_name", "holder_code", "name_shared"})
_INSIDE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})


async def award(reader: Reader, *, award_id: UUID, asking: Asking, today: date) -> Answer:
    """One award. Before the decree, and where it was withdrawn before it, only those who work on it find it; others get
    `NotFound`. What the caller may do with it follows from its state: it is conferred with its round, revoked in its
    cases."""
    row = await store.award(reader, award_id)
    if row is None or (row.state not in store.HELD and asking.actor.role not in _INSIDE):
        raise NotFound("没有此获奖记录", "No such award")
    held = row.state in store.HELD
    shown = {name: value for name, value in row._asdict().items() if name not in _HOLDER}
    shown["printed_name"] = printed_in_register(
        row, None if held else await store.names_since_submission(reader, award_id)
    )
    shown |= {"status": status_of(row, today) if held else None, "available_actions": acts(AWARD, row, asking)}
    return Answer(dumps(shown), str(row.version))
