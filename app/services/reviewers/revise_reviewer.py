"""An entry of the pool changes; a post that is left stays on record (Arts. 11(2), 29)."""

from __future__ import annotations

from datetime import date
from typing import TypedDict
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.reviewers import ConflictKind, ConflictOrigin
from app.measures.state_machines import REVIEWER
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.services.reviewers.admit_reviewer import check_unit
from app.services.reviewers.conflicts import writings
from app.services.reviewers.read_reviewers import locked_reviewer
from app.services.reviewers.set_aside_scores import recuse_biased, running_locked
from app.store import reviewers
from app.store import reviewers as store
from app.store.base import set_fields


class ReviewerChanges(TypedDict, total=False):
    """What changes in an entry; null where something is emptied."""

    name: str
    expertise: str
    employer: str | None
    employer_uscc: str | None
    unit_id: UUID | None
    employed_since: date | None
    qualified_from: date
    qualified_until: date


async def revise_reviewer(context: WriteContext, *, reviewer_id: UUID, changes: ReviewerChanges) -> store.Reviewer:
    """Change an entry. A post that is left stays on record as a conflict of interest: past work bars for the rules'
    years (Art. 29). A new post that bars from work in hand ends that work."""
    round_row = await running_locked(context)
    row = await locked_reviewer(context, reviewer_id)
    async with act(context, REVIEWER, row, "revise_reviewer") as doing:
        if changes.get("unit_id") is not None:
            await check_unit(context, changes["unit_id"])
        moved = _moved(row, changes)
        since: date | None = changes.get("employed_since", None if moved else row.employed_since)
        if since is not None:
            not_in_future(since, context.today, "/employed_since")
        if changes.get("qualified_until", row.qualified_until) < changes.get("qualified_from", row.qualified_from):
            text = Text("资格截止日早于起始日", "The qualification ends before it begins")
            raise Invalid(text, errors=[FieldError("/qualified_until", FieldCode.END_BEFORE_START, text)])
        doing.hear()
        context.session.add_all(await _former_posts(context, row, changes, left_on=since or context.today))
        set_fields(row, changes)
        row.employed_since = since
        doing.tell(changed=sorted(changes))
    await recuse_biased(context, round_row, row)
    return row


def _moved(row: store.Reviewer, changes: ReviewerChanges) -> bool:
    if any(name in changes and changes[name] != getattr(row, name) for name in ("employer_uscc", "unit_id")):
        return True
    return _left_by_name(row, changes)


def _left_by_name(row: store.Reviewer, changes: ReviewerChanges) -> bool:
    """Whether an employer of whom the pool has no code is left: another name. To add the code of the same one is no
    move."""
    return (
        row.employer is not None and row.employer_uscc is None and changes.get("employer", row.employer) != row.employer
    )


async def _former_posts(
    context: WriteContext, row: store.Reviewer, changes: ReviewerChanges, *, left_on: date
) -> list[store.ConflictOfInterest]:
    posts: list[tuple[ConflictKind, str | None, UUID | None]] = []
    if row.employer_uscc is not None and changes.get("employer_uscc", row.employer_uscc) != row.employer_uscc:
        posts.append((ConflictKind.EMPLOYMENT, row.employer_uscc, None))
    if row.employer is not None and _left_by_name(row, changes):
        named = await reviewers.codes_by_name(context.session, writings(row.employer))
        codes = {code for of_one in named.values() for code in of_one}
        posts += [(ConflictKind.EMPLOYMENT, code, None) for code in sorted(codes)]
    if row.unit_id is not None and changes.get("unit_id", row.unit_id) != row.unit_id:
        posts.append((ConflictKind.RECOMMENDING_UNIT_STAFF, None, row.unit_id))
    return [
        store.ConflictOfInterest(
            created_at=context.now,
            reviewer_id=row.id,
            kind=kind,
            uscc=uscc,
            unit_id=unit_id,
            origin=ConflictOrigin.FORMER_POST,
            started_on=row.employed_since,
            ended_on=left_on,
            description="专家库登记的原任职",
            recorded_by=context.actor.known_id,
        )
        for kind, uscc, unit_id in posts
    ]
