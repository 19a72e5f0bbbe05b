"""Names beside one another: who else reads the same, and what somebody was called before (Arts. 17, 21, 22)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, false, func, select

from app.store.applications import Application
from app.store.awards import reads_as_another
from app.store.database import ReadSession
from app.store.organisations import Organisation, OrganisationName
from app.store.publicity import Candidate
from app.store.readers import Reader
from app.store.statements import Statement, given


class NameLine(NamedTuple):
    """An organisation's legal name and code; `shared`: another of the round or the register reads the same."""

    organisation_id: UUID
    name: str
    uscc: str
    shared: bool


async def names_in_round(
    session: ReadSession, round_id: UUID, organisation_ids: Collection[UUID]
) -> Sequence[NameLine]:
    """The names of these organisations, as they are today, among the others of a round and of the register."""
    asked = {"round": round_id, "organisations": list(organisation_ids)}
    return [NameLine._make(row) for row in (await session.execute(_IN_ROUND, asked)).all()]


# Made once: to tell who reads the same takes longer to write than to ask.
_IN_ROUND = select(
    Organisation.id, Organisation.name, Organisation.uscc, reads_as_another(given("round")).label("shared")
).where(Organisation.id.in_(bindparam("organisations", expanding=True)))


class FormerName(NamedTuple):
    """A name that an organisation has given up, and whether it has since it was submitted in the round."""

    organisation_id: UUID
    name: str
    since_submission: bool


async def names_on_the_list(reader: Reader, round_id: UUID) -> tuple[list[NameLine], list[FormerName]]:
    """As the two queries around it, of all the organisations on a round's candidate list."""
    given_round = {"round": round_id}
    return await reader.rows(_ON_THE_LIST, given_round), await reader.rows(_GIVEN_UP, given_round)


_SINCE_SUBMISSION = func.coalesce(OrganisationName.created_at >= Application.submitted_at, false()).label(
    "since_submission"
)
_ON_THE_LIST = Statement(
    select(Organisation.id, Organisation.name, Organisation.uscc, reads_as_another(Candidate.round_id).label("shared"))
    .join(Candidate, Candidate.organisation_id == Organisation.id)
    .where(Candidate.round_id == given("round")),
    NameLine,
)
_GIVEN_UP = Statement(
    select(OrganisationName.organisation_id, OrganisationName.name, _SINCE_SUBMISSION)
    .join(Candidate, Candidate.organisation_id == OrganisationName.organisation_id)
    .join(Application, Application.id == Candidate.application_id)
    .where(Candidate.round_id == given("round"), OrganisationName.set_aside_on.is_(None))
    .order_by(OrganisationName.id),
    FormerName,
)


async def former_names(
    session: ReadSession, round_id: UUID, organisation_ids: Collection[UUID]
) -> Sequence[FormerName]:
    """The names that these organisations, which apply in a round, have given up, oldest first."""
    return [
        FormerName._make(row)
        for row in (
            await session.execute(_FORMER_NAMES, {"organisation_ids": list(organisation_ids), "round_id": round_id})
        ).all()
    ]


_FORMER_NAMES = (
    select(OrganisationName.organisation_id, OrganisationName.name, _SINCE_SUBMISSION)
    .join(Application, Application.organisation_id == OrganisationName.organisation_id)
    .where(
        OrganisationName.organisation_id.in_(given("organisation_ids")),
        Application.round_id == given("round_id"),
        OrganisationName.set_aside_on.is_(None),
    )
    .order_by(OrganisationName.id)
)
