"""A submitted application, as its organisation, its unit, the office and the auditor see it (Arts. 3, 13, 17).

What may be done with it is told here where it follows from the states alone. While it is drafted, corrected or examined
the answer needs the facts that the act itself would test: `services/available_acts` gives it then.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.security.principal import Principal
from app.kernel.security.tokens import AccessClaims
from app.measures.catalogue import article_of
from app.measures.roles import Membership, Role
from app.measures.state_machines import (
    APPLICATION,
    LIVE_ROUND_STATES,
    OPEN_RECOMMENDATION_STATES,
    ApplicationState,
    RoundState,
)
from app.reads.wire import Answer, Caller, acts, dumps, stored
from app.services.available_acts.of_application import BINDING
from app.services.identity.authenticate import stands
from app.store.applications import shown as store
from app.store.readers import Reader

_BY_FACTS = frozenset(
    {
        ApplicationState.DRAFT,
        ApplicationState.RECOMMENDATION_REQUESTED,
        ApplicationState.ENDORSED,
        ApplicationState.CORRECTION_REQUESTED,
    }
)


_WITH_AWARDS = (RoundState.PROPOSED, RoundState.APPROVED)


async def application(reader: Reader, *, claims: AccessClaims, application_id: UUID) -> Answer | None:
    """The application for the account of a verified token; None where it takes more than this to answer, or to
    refuse."""
    row = await store.shown(
        reader, account_id=claims.account_id, session_id=claims.session_id, application_id=application_id
    )
    if row is None or not stands(row, claims) or _takes_more(row):
        return None
    asked = await store.asked(reader, application_id)
    if not _may_see(row, asked):
        return None
    if row.role is Role.RECOMMENDING_UNIT:
        asked = [item for item in asked if item.unit_id == row.unit_id]
    shown = {
        "id": row.id,
        "round_id": row.round_id,
        "organisation_id": row.organisation_id,
        "state": row.state,
        "organisation": stored(row.organisation),
        "content": stored(row.content),
        "recommendations": [_recommendation(item) for item in asked],
        "submission_receipt": {
            "number": row.number,
            "submitted_at": row.submitted_at,
            "content_hash": row.snapshot_hash,
        },
        "sector": row.sector,
        "seat_category": row.seat_category,
        "confirmed_at": row.confirmed_at,
        "closed_reason": row.closed_reason,
        "closed_rule": row.closed_rule,
        "closed_article": article_of(row.closed_rule),
        "closed_at": row.closed_at,
        "created_at": row.created_at,
        "version": row.version,
        "available_actions": _actions(row),
        "barred_by": [],
    }
    return Answer(dumps(shown), str(row.version))


def _takes_more(row: store.ShownLine) -> bool:
    if row.organisation is None or row.content is None or row.state in _BY_FACTS or row.deadline is None:
        return True
    if row.role not in (Role.OFFICE, Role.APPLICANT):
        return False
    # The office decides on a submitted one by its whole assessment. Nobody takes out what has become an award, and what
    # is out already is not withdrawn.
    examined = row.state == ApplicationState.SUBMITTED and row.round_state in LIVE_ROUND_STATES
    decided = row.closed_at is not None or row.round_state in _WITH_AWARDS
    return (examined and row.role is Role.OFFICE) or (row.state == ApplicationState.EVALUATED and decided)


def _may_see(row: store.ShownLine, asked: Sequence[store.AskedLine]) -> bool:
    if row.role is Role.APPLICANT:
        return row.organisation_id == row.own_organisation_id
    if row.role is Role.RECOMMENDING_UNIT:
        standing = [item for item in asked if item.state in OPEN_RECOMMENDATION_STATES]
        return any(row.unit_id in (item.unit_id, item.county_unit_id) for item in standing)
    return row.role in (Role.OFFICE, Role.AUDITOR)


def _actions(row: store.ShownLine) -> list[dict[str, object]]:
    live = row.round_state in LIVE_ROUND_STATES
    if not live and (row.role is Role.OFFICE or row.state == ApplicationState.EVALUATED):
        return []
    found = acts(APPLICATION, row, Caller(Principal(row.role)))
    editor = row.role is Role.APPLICANT and row.membership != Membership.SUBMIT
    return [item for item in found if item["act"] != "give_way" and not (editor and item["act"] in BINDING)]


def _recommendation(item: store.AskedLine) -> dict[str, object]:
    shown = item._asdict()
    given = shown.pop("county_endorsement")
    return {**shown, "county_endorsed": given is not None}
