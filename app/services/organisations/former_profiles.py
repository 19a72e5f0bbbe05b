"""What a registration said until an act changed it stays on record: an act that is dated back is judged by it
(Arts. 13, 22)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.measures.stated_days import Until, begun_by, stood_on
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.organisations.profiles import FormerProfile, Registration, former_profiles, registration_of


@contextmanager
def keeping_the_former(context: WriteContext, row: Organisation) -> Iterator[None]:
    """Around what an act changes in a registration: where a gate would read it otherwise afterwards, what it said
    before is kept, until now. Every act that changes one changes it in here, but one that takes back what never
    stood."""
    was = registration_of(row)
    yield
    if registration_of(row) != was:
        said = asdict(was) | {"changed_since_verified": list(was.changed_since_verified)}
        context.session.add(FormerProfile(created_at=context.now, organisation_id=row.id, **said))


async def registrations_on(
    session: ReadSession, organisations: Mapping[UUID, Organisation], day: date
) -> dict[UUID, Registration]:
    """These registrations as they stood at the end of a day. One query."""
    former = await former_profiles(session, organisations.keys())
    return {key: _on(row, former.get(key, ()), day) for key, row in organisations.items()}


def _on(row: Organisation, former: Collection[FormerProfile], day: date) -> Registration:
    present = registration_of(row)
    earlier = [Until(shanghai_day(item.created_at), registration_of(item)) for item in former]
    # Whoever had ceased to exist by then had, on whatever day somebody has entered it; and nobody had before.
    ended_on = present.dissolved_on if begun_by(day, present.dissolved_on) else None
    then = stood_on(day, replace(present, dissolved_on=ended_on), earlier)
    return replace(then, dissolved_on=then.dissolved_on or ended_on)
