"""What is due: the event that the period of each class runs from, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from app.measures.dates import shanghai_date
from app.measures.retention import DataClass, Hold, is_due, retention_periods
from app.measures.roles import AccountKind
from app.measures.state_machines import (
    LIVE_APPLICATION_STATES,
    LIVE_ROUND_STATES,
    OPEN_REVOCATION_STATES,
    AssignmentState,
    DisbursementState,
    MarkReportState,
    ObjectionState,
    RecoveryState,
    RegistrationClaimState,
)
from app.store.applications import Application
from app.store.audit import AuditEntry
from app.store.awards import HELD, Award
from app.store.base import new_id
from app.store.database import ReadSession, WriteSession
from app.store.disbursements import Disbursement
from app.store.identity import Account, AccountSession
from app.store.objections import Objection, ObjectionOriginal
from app.store.organisations import Organisation
from app.store.organisations.claims import RegistrationClaim
from app.store.privacy import SLICE, Anonymisation
from app.store.publicity import Candidate
from app.store.recommendations.webhooks import Webhook
from app.store.reviewers import Reviewer
from app.store.reviews import Assignment
from app.store.revocations import Recovery, Revocation
from app.store.rounds import Round
from app.store.supervision import MarkReport, MarkReportOriginal

_OPEN_OBJECTIONS = (ObjectionState.RECEIVED, ObjectionState.UNDER_VERIFICATION, ObjectionState.INFORMAL)
_OPEN_CLAIMS = (RegistrationClaimState.OPEN, RegistrationClaimState.EVIDENCED)
_OPEN_RECOVERIES = (RecoveryState.OUTSTANDING, RecoveryState.OWED_BACK)
_SETTLED_ORDERS = (DisbursementState.PAID, DisbursementState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose period is over. `held_by`: what keeps it yet; none where it is to be anonymised now."""

    data_class: DataClass
    subject_type: str
    subject_id: UUID
    round_id: UUID | None
    event_on: date
    held_by: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """How the things of a class are found: the row's id and instant of making, the events that the period runs from
    (the latest counts), and what holds it back."""

    subject_type: str
    # Things of this class, joined with what the events need.
    query: Select[UUID]
    key: SQLColumnExpression[UUID]
    made_at: SQLColumnExpression[datetime]
    events: Mapping[str, SQLColumnExpression[date | None]]
    holds: Mapping[Hold, ColumnElement[bool]]
    round_id: SQLColumnExpression[UUID] | None = None
    # It gathers data again.
    again: bool = False


async def due(
    session: ReadSession, data_class: DataClass, *, now: datetime, after: UUID | None, limit: int = SLICE
) -> tuple[Sequence[Due], UUID | None]:
    """Of the next `limit` things of a class those whose period is over, by id, held ones included; and the id from
    which to go on, None where there are no more."""
    question = _QUESTIONS[data_class]()
    done = (
        select(func.max(Anonymisation.event_on))
        .where(Anonymisation.subject_type == question.subject_type, Anonymisation.subject_id == question.key)
        .scalar_subquery()
    )
    # No event is before the row: the calendar's years are never shorter than these.
    old_enough = now - timedelta(days=365 * retention_periods()[data_class].years)
    named: dict[str, SQLColumnExpression[object]] = {
        "key": question.key,
        "round": question.round_id if question.round_id is not None else literal_column("NULL"),
        "done": done,
        **question.events,
        **{str(hold): condition for hold, condition in question.holds.items()},
    }
    query: Select[*tuple[object, ...]] = question.query.with_only_columns(
        *(column.label(name) for name, column in named.items())
    ).where(question.made_at <= old_enough)
    if not question.again:
        query = query.where(done.is_(None))
    if after is not None:
        query = query.where(question.key > after)
    query = query.order_by(question.key).limit(literal_column(str(limit)))
    rows = [row._asdict() for row in (await session.execute(query)).all()]
    found = [item for row in rows if (item := _due(data_class, question, row, today=shanghai_date(now))) is not None]
    return found, _key(rows[-1]["key"]) if len(rows) == limit else None


def _due(data_class: DataClass, question: _Question, row: Mapping[str, object], *, today: date) -> Due | None:
    happened = [_day(row[name]) for name in question.events if row[name] is not None]
    event_on = max(happened)
    done = row["done"]
    if not is_due(data_class, event_on, today=today) or (isinstance(done, date) and event_on <= done):
        return None
    round_id = row["round"]
    return Due(
        data_class,
        question.subject_type,
        _key(row["key"]),
        round_id if isinstance(round_id, UUID) else None,
        event_on,
        tuple(hold for hold in question.holds if row[str(hold)]),
    )


def _key(value: object) -> UUID:
    assert isinstance(value, UUID)
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return shanghai_date(value)
    assert isinstance(value, date)
    return value


def _ended(round_id: SQLColumnExpression[UUID]) -> SQLColumnExpression[datetime | None]:
    """When the round of a row was concluded."""
    return select(Round.concluded_at).where(Round.id == round_id).scalar_subquery()


def _cancelled(round_id: SQLColumnExpression[UUID]) -> SQLColumnExpression[datetime]:
    """When the round of a row was cancelled: the log has the instant."""
    return (
        select(func.max(AuditEntry.at))
        .where(AuditEntry.subject_type == "round", AuditEntry.subject_id == round_id, AuditEntry.act == "cancel_round")
        .scalar_subquery()
    )


def _round_live(round_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(Round.id == round_id, Round.state.in_(LIVE_ROUND_STATES))


def _case_against(organisation_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Whether a case of revocation is open against the legal person, whichever of its registrations holds the award."""
    own, theirs, award = aliased(Organisation), aliased(Organisation), aliased(Award)
    return exists().where(
        own.id == organisation_id,
        theirs.lineage_id == own.lineage_id,
        award.organisation_id == theirs.id,
        Revocation.award_id == award.id,
        Revocation.state.in_(OPEN_REVOCATION_STATES),
    )


def _money_of(awarded: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a prize is to be paid or taken back of an award that fulfils the condition."""
    order = exists().where(Disbursement.award_id == Award.id, awarded, Disbursement.state.not_in(_SETTLED_ORDERS))
    back = exists().where(Recovery.award_id == Award.id, awarded, Recovery.state.in_(_OPEN_RECOVERIES))
    return or_(order, back)


def _objections() -> _Question:
    originals = select(Objection.id).join(ObjectionOriginal, ObjectionOriginal.objection_id == Objection.id)
    return _Question(
        "objection",
        originals.join(Candidate, Candidate.id == Objection.candidate_id),
        Objection.id,
        Objection.created_at,
        {
            "received": Objection.received_at,
            "closed": Objection.closed_at,
            "ended": _ended(Objection.round_id),
            "cancelled": _cancelled(Objection.round_id),
        },
        {
            Hold.CASE_OPEN: Objection.state.in_(_OPEN_OBJECTIONS),
            Hold.ROUND_LIVE: _round_live(Objection.round_id),
            Hold.REVOCATION_OPEN: _case_against(Candidate.organisation_id),
        },
        Objection.round_id,
    )


def _mark_reports() -> _Question:
    return _Question(
        "mark_report",
        select(MarkReport.id).join(MarkReportOriginal, MarkReportOriginal.report_id == MarkReport.id),
        MarkReport.id,
        MarkReport.created_at,
        {"received": MarkReport.created_at, "closed": MarkReport.followed_up_at},
        {Hold.CASE_OPEN: MarkReport.state != MarkReportState.FOLLOWED_UP},
    )


def _objected_to(application_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(
        Candidate.application_id == application_id,
        Objection.candidate_id == Candidate.id,
        Objection.state.in_(_OPEN_OBJECTIONS),
    )


def _without_award() -> _Question:
    held = exists().where(Award.application_id == Application.id, Award.state.in_(HELD))
    return _Question(
        "application",
        select(Application.id).where(~held),
        Application.id,
        Application.created_at,
        {
            "made": Application.created_at,
            "closed": Application.closed_at,
            "ended": _ended(Application.round_id),
            "cancelled": _cancelled(Application.round_id),
        },
        {
            Hold.ROUND_LIVE: _round_live(Application.round_id),
            Hold.CASE_OPEN: _objected_to(Application.id),
            Hold.REVOCATION_OPEN: _case_against(Application.organisation_id),
        },
        Application.round_id,
    )


def _with_award() -> _Question:
    return _Question(
        "application",
        select(Application.id).join(Award, and_(Award.application_id == Application.id, Award.state.in_(HELD))),
        Application.id,
        Application.created_at,
        {"ended": _ended(Application.round_id), "valid_until": Award.valid_until, "revoked": Award.revoked_on},
        {
            Hold.ROUND_LIVE: _round_live(Application.round_id),
            Hold.REVOCATION_OPEN: _case_against(Application.organisation_id),
            Hold.MONEY_OPEN: _money_of_application(),
        },
        Application.round_id,
    )


def _money_of_application() -> ColumnElement[bool]:
    order = exists().where(Disbursement.award_id == Award.id, Disbursement.state.not_in(_SETTLED_ORDERS))
    back = exists().where(Recovery.award_id == Award.id, Recovery.state.in_(_OPEN_RECOVERIES))
    return or_(order.correlate(Award), back.correlate(Award))


def _organisations() -> _Question:
    key = Organisation.id
    own = Application.organisation_id == key
    of_rounds = select(func.max(Round.concluded_at)).join(Application, Application.round_id == Round.id).where(own)
    last = select(func.max(Application.created_at)).where(own)
    awarded = and_(Award.organisation_id == key, Award.state.in_(HELD))
    claimed = or_(RegistrationClaim.organisation_id == key, RegistrationClaim.against_id == key)
    live = exists().where(own, Application.round_id == Round.id, Round.state.in_(LIVE_ROUND_STATES))
    return _Question(
        "organisation",
        select(key).where(
            or_(Organisation.sealed_contact_name.is_not(None), Organisation.sealed_contact_phone.is_not(None))
        ),
        key,
        Organisation.created_at,
        {
            "made": Organisation.created_at,
            "applied": last.scalar_subquery(),
            "ended": of_rounds.scalar_subquery(),
            "valid_until": select(func.max(Award.valid_until)).where(awarded).scalar_subquery(),
            "used": select(func.max(_last_use())).where(Account.organisation_id == key).scalar_subquery(),
        },
        {
            Hold.ROUND_LIVE: and_(live, exists().where(own, Application.state.in_(LIVE_APPLICATION_STATES))),
            Hold.REVOCATION_OPEN: _case_against(key),
            Hold.MONEY_OPEN: _money_of(awarded),
            Hold.CASE_OPEN: exists().where(claimed, RegistrationClaim.state.in_(_OPEN_CLAIMS)),
        },
        again=True,
    )


def _reviewers() -> _Question:
    key = Reviewer.id
    mine = and_(Assignment.reviewer_id == key, Assignment.application_id == Application.id)
    worked = select(func.max(Round.concluded_at)).where(mine, Application.round_id == Round.id)
    live = exists().where(
        mine,
        Assignment.state == AssignmentState.ACTIVE,
        Application.round_id == Round.id,
        Round.state.in_(LIVE_ROUND_STATES),
    )
    return _Question(
        "reviewer",
        select(key),
        key,
        Reviewer.created_at,
        {"qualified": Reviewer.qualified_until, "ended": worked.scalar_subquery()},
        {Hold.ROUND_LIVE: live},
        again=True,
    )


def _last_use() -> SQLColumnExpression[datetime]:
    """When an account was last used: by a session that is still kept, or as the sweep has noted."""
    kept = select(func.max(AccountSession.renewed_at)).where(AccountSession.account_id == Account.id)
    return func.coalesce(kept.correlate(Account).scalar_subquery(), Account.last_used_at, Account.created_at)


def _accounts() -> _Question:
    key = Account.id
    pooled = exists().where(
        Reviewer.account_id == key,
        ~exists().where(Anonymisation.subject_type == "reviewer", Anonymisation.subject_id == Reviewer.id),
    )
    applies = exists().where(
        Application.organisation_id == Account.organisation_id,
        Application.round_id == Round.id,
        Round.state.in_(LIVE_ROUND_STATES),
        Application.state.in_(LIVE_APPLICATION_STATES),
    )
    investigates = or_(
        exists().where(Objection.investigator_id == key, Objection.state.in_(_OPEN_OBJECTIONS)),
        exists().where(MarkReport.investigator_id == key, MarkReport.state != MarkReportState.FOLLOWED_UP),
    )
    return _Question(
        "account",
        select(key).where(Account.kind == AccountKind.PERSON),
        key,
        Account.created_at,
        {"made": Account.created_at, "used": _last_use()},
        {Hold.ROUND_LIVE: applies, Hold.INVESTIGATES: investigates, Hold.IN_POOL: pooled},
    )


def _webhooks() -> _Question:
    return _Question(
        "webhook",
        select(Webhook.id).where(Webhook.deactivated_at.is_not(None)),
        Webhook.id,
        Webhook.created_at,
        {"ended": Webhook.deactivated_at},
        {},
    )


_QUESTIONS = {
    DataClass.OBJECTION_ORIGINAL: _objections,
    DataClass.MARK_REPORT_ORIGINAL: _mark_reports,
    DataClass.APPLICATION_WITHOUT_AWARD: _without_award,
    DataClass.APPLICATION_WITH_AWARD: _with_award,
    DataClass.ORGANISATION_CONTACT: _organisations,
    # Before the accounts: that of somebody in the pool is kept as long as the pool knows the person.
    DataClass.REVIEWER: _reviewers,
    DataClass.ACCOUNT: _accounts,
    DataClass.WEBHOOK: _webhooks,
}


async def claim(session: WriteSession, item: Due, *, now: datetime) -> UUID | None:
    """Enter that it is anonymised, before anything is changed; None where another has done so."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(Anonymisation).values(
        id=new_id(),
        created_at=now,
        data_class=item.data_class,
        subject_type=item.subject_type,
        subject_id=item.subject_id,
        event_on=item.event_on,
    )
    once = made.on_conflict_do_nothing(index_elements=["subject_type", "subject_id", "event_on"])
    row = (await session.execute(once.returning(Anonymisation.id))).first()
    return None if row is None else row[0]
