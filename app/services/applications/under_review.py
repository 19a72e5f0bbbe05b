"""Which rounds and applications the review works on, and when it is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.stored import read_rules
from app.measures.dates import end_of_day, shanghai_date
from app.measures.review_rules import ReviewRules
from app.measures.state_machines import (
    APPLICATION,
    IN_THE_ROUND,
    LIVE_ROUND_STATES,
    ROUND,
    UNDER_QUALIFICATION,
    RoundState,
)
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.lifecycle import require_state
from app.store import applications as application_store
from app.store.applications import Application
from app.store.rounds import Round


def rules_of(row: Round) -> ReviewRules:
    """The review rules frozen at the round's call."""
    return read_rules(row.review_rules)


def deadline_of(row: Round) -> date:
    """The last day for applications."""
    if row.deadline is None:
        raise RuntimeError("a round without a call has no deadline")
    return row.deadline


def in_review(row: Round, name: str = "open_consultations", *, rule: str = "art17.qualification") -> None:
    """`WrongState` for the act `name` under `rule` unless the round is between its call and its qualified list."""
    text = Text(
        "资格审查在公告发布之后、名单确认之前进行", "The qualification review runs from the call to the qualified list"
    )
    require_state(ROUND, row, name, [RoundState.CALLED], rule=rule, message=text)


def running(row: Round, name: str, *, rule: str) -> None:
    """`WrongState` for the act `name` under `rule` unless the round runs."""
    text = Text("此届评审未在进行中", "This round is not running")
    require_state(ROUND, row, name, LIVE_ROUND_STATES, rule=rule, message=text)


def not_cancelled(row: Round) -> None:
    """`WrongState` for a cancelled round: it is not the n-th of anything (Art. 6), so nothing can be tested in it."""
    text = Text(
        "本届评审已取消，资格审查随之终止；已有记录见审计日志",
        "The round is cancelled and its review with it; what was recorded stands in the audit log",
    )
    wanted = frozenset(RoundState) - {RoundState.CANCELLED}
    require_state(ROUND, row, "read_qualification", wanted, rule="art06.cycle", message=text)


def under_review(row: Application, name: str, *, rule: str = "art17.qualification") -> None:
    """`WrongState` for the act `name` under `rule` unless the application is submitted or being corrected."""
    text = Text("该申报不在资格审查中", "The application is not under review")
    require_state(APPLICATION, row, name, UNDER_QUALIFICATION, rule=rule, message=text)


def in_the_round(row: Application, name: str, *, rule: str) -> None:
    """`WrongState` for the act `name` under `rule` unless the application has been submitted and is still in the
    round."""
    text = Text("该申报未提交或已不在本届评审中", "The application is not, or no longer, in the round")
    require_state(APPLICATION, row, name, IN_THE_ROUND, rule=rule, message=text)


async def any_application(context: ReadContext, application_id: UUID) -> Application:
    """The application, for those who may see all."""
    return existing(await application_store.get(context.session, application_id), "没有此申报", "No such application")


async def locked_application(context: WriteContext, application_id: UUID) -> tuple[Application, Round]:
    """The application and its round, both kept as they are until the transaction ends; for the office."""
    return await locked(context, await any_application(context, application_id))


def last_day(ends_at: datetime) -> date:
    """The last day of a period that ends, exclusively, at this instant."""
    return shanghai_date(ends_at - timedelta(microseconds=1))


def hearing_ends_at(on: date, rules: ReviewRules) -> datetime:
    """Until when an applicant may reply to an adverse record, exclusive. The measures state no number of days: those
    that the round's rules give for a correction."""
    return end_of_day(on + timedelta(days=rules.correction_days))
