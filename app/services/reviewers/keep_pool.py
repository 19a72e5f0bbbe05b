"""The expert pool (Art. 11(2)): admission, revision, suspension. Names are read here only; each reading is audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.reviewers import ConflictKind, ConflictOrigin
from app.measures.roles import Role
from app.measures.state_machines import REVIEWER
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.identity.accounts import NewAccount, open_account
from app.services.lifecycle import act, create, enter
from app.services.reviewers.set_aside_scores import recuse_biased, running_locked
from app.services.reviewers.stage import on_record
from app.store import recommendations, reviewers
from app.store import reviewers as store


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


@dataclass(frozen=True, slots=True)
class NewReviewer:
    """An expert as the office admits him, with the account that he signs in with."""

    login: str
    password: str
    name: str
    expertise: str
    employer: str | None
    employer_uscc: str | None
    unit_id: UUID | None
    employed_since: date | None
    qualified_from: date
    qualified_until: date


async def admit_reviewer(context: WriteContext, *, new: NewReviewer) -> store.Reviewer:
    """Into the pool, with an account. The account is not named after the person: lists of accounts are not the pool."""
    await _check_unit(context, new.unit_id)
    if new.employed_since is not None:
        not_in_future(new.employed_since, context.today, "/employed_since")
    account, _ = await open_account(
        context,
        new=NewAccount(login=new.login, role=Role.REVIEWER, display_name=f"评审员 {new.login}", secret=new.password),
    )
    row = store.Reviewer(
        created_at=context.now,
        account_id=account.id,
        name=new.name,
        expertise=new.expertise,
        employer=new.employer,
        employer_uscc=new.employer_uscc,
        unit_id=new.unit_id,
        employed_since=new.employed_since,
        qualified_from=new.qualified_from,
        qualified_until=new.qualified_until,
        state=create(REVIEWER),
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"qualified_from": row.qualified_from, "qualified_until": row.qualified_until}
    await enter(
        context, row, "admit_reviewer", "reviewer", employer_uscc=row.employer_uscc, unit_id=row.unit_id, **told
    )
    return row


async def revise_reviewer(context: WriteContext, *, reviewer_id: UUID, changes: ReviewerChanges) -> store.Reviewer:
    """Change an entry. A post that is left stays on record as a conflict of interest: past work bars for the rules'
    years (Art. 29). A new post that bars from work in hand ends that work."""
    round_row = await running_locked(context)
    row = await locked_reviewer(context, reviewer_id)
    async with act(context, REVIEWER, row, "revise_reviewer") as doing:
        if changes.get("unit_id") is not None:
            await _check_unit(context, changes["unit_id"])
        moved = _moved(row, changes)
        since: date | None = changes.get("employed_since", None if moved else row.employed_since)
        if since is not None:
            not_in_future(since, context.today, "/employed_since")
        if changes.get("qualified_until", row.qualified_until) < changes.get("qualified_from", row.qualified_from):
            text = Text("资格截止日早于起始日", "The qualification ends before it begins")
            raise Invalid(text, errors=[FieldError("/qualified_until", FieldCode.END_BEFORE_START, text)])
        doing.hear()
        context.session.add_all(await _former_posts(context, row, changes, left_on=since or context.today))
        for name, value in changes.items():
            setattr(row, name, value)
        row.employed_since = since
        doing.tell(changed=sorted(changes))
    await recuse_biased(context, round_row, row)
    return row


async def suspend_reviewer(context: WriteContext, *, reviewer_id: UUID, reason: str) -> store.Reviewer:
    """Nothing is assigned to and nothing opened by a suspended reviewer; what he has submitted stands."""
    return await _set_state(context, reviewer_id, "suspend_reviewer", reason)


async def reinstate_reviewer(context: WriteContext, *, reviewer_id: UUID, reason: str) -> store.Reviewer:
    """End a suspension."""
    return await _set_state(context, reviewer_id, "reinstate_reviewer", reason)


async def read_reviewer(context: WriteContext, *, reviewer_id: UUID) -> store.Reviewer:
    """One entry with its name; the reading goes on record."""
    on_record(context)
    row = await reviewers.get(context.session, reviewer_id)
    if row is None:
        raise unknown_reviewer()
    audit.record(context, "read_reviewer", "reviewer", row.id)
    return row


async def list_reviewers(context: WriteContext, *, request: PageRequest, state: str | None) -> Page[store.Reviewer]:
    """The pool with its names; the reading goes on record."""
    on_record(context)
    rows = await reviewers.page(context.session, after=request.after(state=state), limit=request.limit, state=state)
    audit.record(context, "read_reviewers", "reviewer", None, read=min(len(rows), request.limit))
    return request.page(rows, key=lambda row: row.id, state=state)


async def locked_reviewer(context: WriteContext, reviewer_id: UUID) -> store.Reviewer:
    """The entry, locked until the transaction ends."""
    row = await reviewers.lock(context.session, reviewer_id)
    if row is None:
        raise unknown_reviewer()
    return row


def unknown_reviewer() -> NotFound:
    """No such entry, or not for this caller to know of."""
    return NotFound("专家库中没有此评审员", "No such reviewer in the pool")


async def _set_state(context: WriteContext, reviewer_id: UUID, name: str, reason: str) -> store.Reviewer:
    row = await locked_reviewer(context, reviewer_id)
    async with act(context, REVIEWER, row, name) as doing:
        doing.hear()
        row.state_reason, row.state_changed_at = reason, context.now
        doing.tell(reason=reason)
    return row


async def _check_unit(context: WriteContext, unit_id: UUID | None) -> None:
    if unit_id is not None and await recommendations.unit(context.session, unit_id) is None:
        text = Text("没有此推荐单位", "No such recommending unit")
        raise Invalid(text, errors=[FieldError("/unit_id", FieldCode.NOT_FOUND, text)])


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
        named = await reviewers.codes_by_name(context.session, [row.employer])
        posts += [(ConflictKind.EMPLOYMENT, code, None) for code in sorted(named.get(row.employer, ()))]
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
