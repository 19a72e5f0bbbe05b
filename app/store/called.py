"""What people call what an id leads to: for the tables that they read, where an id says nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Select, func, select

from app.measures.roles import Role
from app.store.applications import Application
from app.store.awards import Award
from app.store.database import ReadSession
from app.store.identity import Account
from app.store.organisations import Organisation
from app.store.rounds import Round
from app.store.statements import given
from app.store.units import Department, RecommendingUnit

_IDS = "ids"
_QUERIES: Mapping[str, Select[UUID, str | None]] = {
    # Who the reviewers are is read in the pool alone, which puts it on record (Art. 29).
    "account": select(Account.id, Account.display_name).where(Account.role != Role.REVIEWER),
    "application": select(Application.id, func.coalesce(Application.number + " ", "") + Organisation.name).join(
        Organisation, Organisation.id == Application.organisation_id
    ),
    "award": select(Award.id, Award.awarded_name),
    "department": select(Department.id, Department.name),
    "organisation": select(Organisation.id, Organisation.name),
    "round": select(Round.id, Round.title),
    "unit": select(RecommendingUnit.id, RecommendingUnit.name),
}


async def names_of(session: ReadSession, kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the things of a kind (`account`, `application`, `award`, `department`, `organisation`, `round`,
    `unit`) that have these ids. What there is not is not in it."""
    query = _QUERIES[kind]
    rows = await session.execute(query.where(query.selected_columns[0].in_(given(_IDS))), {_IDS: list(ids)})
    return {row[0]: row[1] for row in rows if row[1]}
