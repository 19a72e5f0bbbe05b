"""What the payment platform and the units' systems pull (Arts. 3, 9), where every change has its position already.

A poll that brings nothing writes nothing. A page that shows accounts is on record before it is sent.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from app.kernel.audit import entry_of
from app.kernel.deliveries import Deliveries
from app.kernel.security.tokens import AccessClaims
from app.measures.amounts import amount_in_words
from app.measures.roles import Role
from app.reads.wire import Answer, dumps
from app.services.applications.endorsement import FEED as RECOMMENDATIONS
from app.services.disbursements.read_feed import ACT, AUDIENCE
from app.services.disbursements.read_feed import FEED as DISBURSEMENTS
from app.services.identity.authenticate import stands
from app.services.recommendations.read_changes import name_of
from app.store import disbursements, feeds
from app.store.audit import Note
from app.store.readers import Reader

# The same few amounts again and again.
_in_words = lru_cache(maxsize=256)(amount_in_words)


async def payments(
    reader: Reader,
    deliveries: Deliveries,
    *,
    claims: AccessClaims,
    after: int,
    limit: int,
    now: datetime,
    request_id: str,
    origin: str | None,
) -> Answer | None:
    """Changes of disbursements after a position, for the platform's account; None where it takes more than this: a
    change has no position yet, or the request is refused."""
    standing = await _standing(reader, claims, DISBURSEMENTS, Role.PAYMENT_PLATFORM)
    if standing is None or after > standing.end:
        return None
    if after == standing.end:
        return Answer(dumps({"items": [], "next_after": after}))
    rows = await disbursements.feed_page(reader, feed=DISBURSEMENTS, audience=AUDIENCE, position=after, limit=limit)
    next_after = rows[-1].position if rows else after
    if rows:
        told = {"after": after, "through": next_after, "items": len(rows)}
        entry = entry_of(ACT, "feed", None, None, told)
        note = Note(
            now,
            claims.account_id,
            standing.role.value,
            request_id,
            [entry],
            origin=origin,
            session_id=claims.session_id,
        )
        await deliveries.record(note)
    return Answer(dumps({"items": [_payment(reader, row) for row in rows], "next_after": next_after}))


async def changes(reader: Reader, *, claims: AccessClaims, after: int, limit: int) -> Answer | None:
    """Changes of a unit's recommendations after a position, for its account; None as for `payments`."""
    standing = await _standing(reader, claims, RECOMMENDATIONS, Role.RECOMMENDING_UNIT)
    if standing is None:
        return None
    audience = str(standing.unit_id)
    rows = await feeds.page(reader, feed=RECOMMENDATIONS, audience=audience, position=after, limit=limit)
    items = [
        {
            "position": row.position,
            "type": name_of(row.kind),
            "changed_at": row.created_at,
            "recommendation_id": row.subject_id,
            "application_id": row.data["application_id"],
        }
        for row in rows
    ]
    return Answer(dumps({"items": items, "next_after": rows[-1].position if rows else after}))


async def _standing(reader: Reader, claims: AccessClaims, feed: str, role: Role) -> feeds.FeedStanding | None:
    found = await feeds.standing(reader, account_id=claims.account_id, session_id=claims.session_id, feed=feed)
    if found is None or not stands(found, claims) or found.role is not role or found.unplaced:
        return None
    return found


def _payment(reader: Reader, row: disbursements.FeedLine) -> dict[str, object]:
    bank_account, bank_number = disbursements.account_of(reader, row)
    return {
        "position": row.position,
        "kind": row.kind,
        "attempt": row.data["attempt"],
        "disbursement": {
            "id": row.id,
            "state": row.state,
            "attempt": row.attempt,
            "amount_fen": row.amount_fen,
            "amount_in_words": _in_words(row.amount_fen),
            "budget_year": row.budget_year,
            "award_year": row.award_year,
            "decree_number": row.decree_number,
            "decree_dated": row.decree_dated,
            "payee_name": row.payee_name,
            "payee_uscc": row.payee_uscc,
            "bank_name": row.bank_name,
            "bank_account": bank_account,
            "bank_number": bank_number,
        },
    }
