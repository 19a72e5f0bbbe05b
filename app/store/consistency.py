"""What has to agree with what, asked of the whole database: the money, the seats, the stored files and the log (Art. 6,
8, 9, 22, 26). Keys, CHECKs and triggers keep most of it; a hand that has the database can drop them: it is asked again.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import Row, Select, Table, and_, exists, func, literal_column, not_, or_, select, text

from app.measures.disbursements import PaymentOutcome
from app.measures.roles import Role
from app.measures.state_machines import AwardState, DisbursementState, SheetState
from app.store.applications import Application
from app.store.approval import Decree
from app.store.audit import AuditEntry
from app.store.awards import HELD, Award
from app.store.database import ReadSession
from app.store.disbursements import Appropriation, Disbursement, PaymentReport
from app.store.first_schema.guards import statements as guarding
from app.store.identity import Account
from app.store.models import Base
from app.store.privacy import Anonymisation, RemovedFile, removed_keys
from app.store.publicity import Candidate
from app.store.reviews import ScoreSheet
from app.store.revocations.questions import recovery_questions
from app.store.rounds import RoundSeat

_BATCH = 200
# Under which subject the log tells of a file's coming, by the file's table; and the column with the subject's id.
_TOLD_UNDER = {
    "attachments": ("attachment", "id"),
    "objection_files": ("objection", "objection_id"),
    "stamped_opinions": ("stamped_opinion", "id"),
    "statement_files": ("statement_file", "id"),
    "withdrawal_letter_files": ("conferral_doubt", "doubt_id"),
    "issued_papers": ("paper", "id"),
    "paper_scans": ("paper", "paper_id"),
}
_TABLES = Base.metadata.tables
# The acts that make rows which nobody removes: the row's table, and its column with the subject's id.
_MADE_BY = (
    *((f"add_{name}", _TABLES[f"{name}s"], "id") for name in ("attachment", "stamped_opinion", "statement_file")),
    ("upload_objection_file", _TABLES["objection_files"], "objection_id"),
    ("upload_withdrawal_letter", _TABLES["withdrawal_letter_files"], "doubt_id"),
    *((name, _TABLES["conferral_doubts"], "id") for name in ("enter_withdrawal_in_time", "raise_conferral_doubt")),
    ("anonymise", _TABLES["anonymisations"], "subject_id"),
    ("confer", _TABLES["awards"], "id"),
    ("order_disbursement", _TABLES["disbursements"], "id"),
    ("report_paid", _TABLES["payment_reports"], "disbursement_id"),
    ("create_account", _TABLES["accounts"], "id"),
    ("register_organisation", _TABLES["organisations"], "id"),
    ("create_round", _TABLES["rounds"], "id"),
    ("submit", _TABLES["applications"], "id"),
    ("endorse", _TABLES["recommendations"], "id"),
    ("reply_to_consultation", _TABLES["consultations"], "id"),
    ("decide_condition", _TABLES["condition_decisions"], "application_id"),
    ("confirm_qualified_list", _TABLES["notices"], "round_id"),
    ("sign_undertaking", _TABLES["undertakings"], "reviewer_id"),
    ("submit_sheet", _TABLES["score_sheets"], "assignment_id"),
    ("record_material_report", _TABLES["stage_reports"], "application_id"),
    ("issue_evaluation", _TABLES["evaluations"], "round_id"),
    ("publish_candidates", _TABLES["candidates"], "round_id"),
    *((name, _TABLES["objections"], "id") for name in ("take_objection", "enter_letter")),
    ("report_mark", _TABLES["mark_reports"], "id"),
    ("approve_awards", _TABLES["approvals"], "round_id"),
    ("issue_decree", _TABLES["decrees"], "round_id"),
    ("issue_paper", _TABLES["issued_papers"], "id"),
    ("file_paper_scan", _TABLES["paper_scans"], "paper_id"),
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A stored file as its row knows it. `on_record`: the hashes that the log names where it tells of the file."""

    table: str
    id: UUID
    storage_key: str
    sha256: str
    size: int
    on_record: frozenset[str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that does not agree: the table of the row, its id or number, and what is wrong."""

    table: str
    id: str
    what: str


async def one_snapshot(session: ReadSession) -> None:
    """Let everything that this transaction reads be of one instant. Asked before anything else is read."""
    # SQLite's transactions are so anyway.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        # A walk over a million entries takes longer than a request may.
        await session.execute(text("SET LOCAL statement_timeout = 0"))


async def revision(session: ReadSession) -> str:
    """The revision of the schema."""
    return str((await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())


def _file_tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if "storage_key" in table.c]


async def storage_keys(session: ReadSession) -> set[str]:
    """The keys of all stored files that any row names, but those that were given up (`removed_files`)."""
    found: set[str] = set()
    for table in _file_tables():
        found |= set((await session.execute(select(table.c.storage_key))).scalars())
    return found - await removed_keys(session)


async def file_rows(session: ReadSession) -> AsyncIterator[FileRow]:
    """Every stored file that a row names, with what the log says of it; but those that were given up."""
    for table in _file_tables():
        subject, column = _TOLD_UNDER[table.name]
        after = ""
        while rows := (await session.execute(_files_after(table, column, after))).all():
            told = await _hashes_told(session, subject, {row.subject for row in rows})
            for row in rows:
                yield FileRow(
                    table.name, row.id, row.storage_key, row.sha256, row.size, frozenset(told.get(row.subject, ()))
                )
            after = rows[-1].storage_key


def _files_after(table: Table, subject: str, after: str) -> Select[UUID, UUID, str, str, int]:
    return (
        select(table.c.id, table.c[subject].label("subject"), table.c.storage_key, table.c.sha256, table.c.size)
        .where(table.c.storage_key > after, ~exists().where(RemovedFile.key == table.c.storage_key))
        .order_by(table.c.storage_key)
        .limit(literal_column(str(_BATCH)))
    )


async def _hashes_told(session: ReadSession, subject_type: str, ids: Collection[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for row in await _entries_of(session, subject_type, ids):
        if (named := row.details.get("sha256")) is not None:
            found.setdefault(row.subject_id, set()).add(str(named))
    return found


async def _entries_of(
    session: ReadSession, subject_type: str, ids: Collection[UUID], *, act: str | None = None
) -> Sequence[Row[tuple[UUID, dict[str, object]]]]:
    query = (
        select(AuditEntry.subject_id, AuditEntry.details)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id.in_(ids))
        .order_by(AuditEntry.seq)
    )
    return (await session.execute(query if act is None else query.where(AuditEntry.act == act))).all()  # type: ignore[return-value]


async def gone(session: ReadSession) -> AsyncIterator[Disagreement]:
    """What the log tells of, and of which there is no row any more: rows that nothing removes."""
    for act, table, column in _MADE_BY:
        there = exists().where(table.c[column] == AuditEntry.subject_id)
        query = select(AuditEntry.subject_id).where(AuditEntry.act == act, ~there).distinct()
        for key in (await session.execute(query.order_by(AuditEntry.subject_id))).scalars():
            yield Disagreement(table.name, str(key), "the log tells of it, and its row is gone")


async def decisions(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Where whose an award is, what a sheet comes to, or what an account may do is not as the application, the list or
    the log has it (Art. 2, 19, 22)."""
    elsewhere = (
        select(Award.id)
        .join(Application, Application.id == Award.application_id)
        .join(Candidate, Candidate.id == Award.candidate_id)
        .where(
            or_(
                Award.organisation_id != Application.organisation_id,
                Award.organisation_id != Candidate.organisation_id,
                Candidate.application_id != Award.application_id,
                Application.round_id != Award.round_id,
            )
        )
    )
    for key in (await session.execute(elsewhere.order_by(Award.id))).scalars():
        yield Disagreement("awards", str(key), "it is of another organisation than its application and its candidate")
    sheets = select(ScoreSheet.id, ScoreSheet.assignment_id.label("subject"), ScoreSheet.total.label("told"))
    submitted = sheets.where(ScoreSheet.state == SheetState.SUBMITTED).order_by(ScoreSheet.id)
    async for key in _otherwise_told(session, submitted, ("assignment", "submit_sheet", "total"), _number):
        yield Disagreement("score_sheets", str(key), "the log tells of another total")
    accounts = select(Account.id, Account.id.label("subject"), Account.role.label("told")).order_by(Account.id)
    async for key in _otherwise_told(session, accounts, ("account", "create_account", "role")):
        yield Disagreement("accounts", str(key), "the log tells of another role")


async def _otherwise_told(
    session: ReadSession,
    query: Select[UUID, UUID, Role] | Select[UUID, UUID, Decimal | None],
    of: tuple[str, str, str],
    read: Callable[[object], object] = str,
) -> AsyncIterator[UUID]:
    """Rows of which the newest entry, where there is one, tells something else. `of`: the entry's subject and act, and
    the name under which it tells it."""
    subject_type, act, name = of
    rows = (await session.execute(query)).all()
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        entries = await _entries_of(session, subject_type, {row.subject for row in some}, act=act)
        told = {entry.subject_id: entry.details.get(name) for entry in entries}
        for row in some:
            if row.subject in told and read(told[row.subject]) != read(row.told):
                yield row.id


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


async def guards(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Triggers that refuse what no hand may write, and that somebody has taken away or put to sleep."""
    dialect = session.get_bind().dialect.name
    there = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    known = set((await session.execute(text(there))).scalars())
    for statement in guarding(dialect):
        made = _TRIGGER.search(statement)
        if made is not None and made["name"] not in known:
            yield Disagreement(made["table"], made["name"], "the trigger that guards its rows is gone or asleep")


_TRIGGER = re.compile(r"CREATE TRIGGER (?P<name>\w+) BEFORE .*? ON (?P<table>\w+) ")


async def anonymised(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Where what was anonymised, or a file that was given up, is not what the log tells of: an entry `anonymise` for
    each, by its subject and event, which names the files."""
    rows = (await session.execute(select(Anonymisation).order_by(Anonymisation.id))).scalars().all()
    files: dict[UUID, set[str]] = {}
    for given_up in (await session.execute(select(RemovedFile.anonymisation_id, RemovedFile.file_id))).all():
        files.setdefault(given_up.anonymisation_id, set()).add(str(given_up.file_id))
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        told: dict[tuple[UUID, object], set[object]] = {}
        for kind in {row.subject_type for row in some}:
            ids = {row.subject_id for row in some if row.subject_type == kind}
            for entry in await _entries_of(session, kind, ids, act="anonymise"):
                named = entry.details.get("files")
                told[entry.subject_id, entry.details.get("event_on")] = set(named) if isinstance(named, list) else set()
        for row in some:
            if told.get((row.subject_id, row.event_on.isoformat())) != files.get(row.id, set()):
                what = "the log does not tell of its being anonymised, or of other files that went with it"
                yield Disagreement("anonymisations", str(row.id), what)


async def money(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Where orders, payments, recoveries and appropriations do not agree with the awards, with each other, or with the
    log (Art. 8, 9, 26)."""
    for table, what, query in _money_questions():
        for key in (await session.execute(query)).scalars():
            yield Disagreement(table, str(key), what)
    async for item in _payments_off_record(session):
        yield item


def _money_questions() -> Iterator[tuple[str, str, Select[UUID] | Select[int]]]:
    order, award = Disbursement, Award
    report = PaymentReport
    yield (
        "disbursements",
        "the order is not of a conferred award's own prize and organisation",
        select(order.id)
        .join(award, award.id == order.award_id)
        .where(
            or_(
                order.amount_fen != award.prize_fen,
                order.organisation_id != award.organisation_id,
                award.state.not_in(HELD),
                not_(award.first_award),
            )
        )
        .order_by(order.id),
    )
    fits = and_(
        report.disbursement_id == order.id,
        report.outcome == PaymentOutcome.PAID,
        report.attempt == order.attempt,
        report.amount_fen == order.amount_fen,
        report.confirmation_number == order.confirmation_number,
        report.paid_on == order.paid_on,
    )
    yield (
        "disbursements",
        "it is told as paid, and no report of the platform on this attempt and amount says so",
        select(order.id).where(order.state == DisbursementState.PAID, ~exists().where(fits)).order_by(order.id),
    )
    yield (
        "payment_reports",
        "the amount is not that of the order",
        select(report.id)
        .join(order, order.id == report.disbursement_id)
        .where(report.amount_fen.is_not(None), report.amount_fen != order.amount_fen)
        .order_by(report.id),
    )
    yield from recovery_questions()
    yield "appropriations", "more was ordered from this budget year than is appropriated", _overspent_years()


def _overspent_years() -> Select[int]:
    """Budget years of which more was ever ordered than the appropriation that counts, the last recorded one."""
    last = select(Appropriation.year, func.max(Appropriation.created_at).label("at")).group_by(Appropriation.year)
    newest = last.subquery()
    ordered = (
        select(Disbursement.budget_year.label("year"), func.sum(Disbursement.amount_fen).label("fen"))
        .where(Disbursement.attempt > 0)
        .group_by(Disbursement.budget_year)
        .subquery()
    )
    return (
        select(Appropriation.year)
        .join(newest, and_(newest.c.year == Appropriation.year, newest.c.at == Appropriation.created_at))
        .join(ordered, ordered.c.year == Appropriation.year)
        .group_by(Appropriation.year, ordered.c.fen)
        .having(ordered.c.fen > func.max(Appropriation.amount_fen))
        .order_by(Appropriation.year)
    )


async def _payments_off_record(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Payments whose confirmation the log does not tell of."""
    query = select(PaymentReport.id, PaymentReport.disbursement_id, PaymentReport.confirmation_number).where(
        PaymentReport.outcome == PaymentOutcome.PAID
    )
    rows = (await session.execute(query.order_by(PaymentReport.id))).all()
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        entries = await _entries_of(session, "disbursement", {row.disbursement_id for row in some}, act="report_paid")
        told = {(entry.subject_id, entry.details.get("confirmation")) for entry in entries}
        for row in some:
            if (row.disbursement_id, row.confirmation_number) not in told:
                yield Disagreement("payment_reports", str(row.id), "the log tells of no such payment")


async def seats(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Where awards do not agree with their decree, with the round's seats, or with the log (Art. 6, 22)."""
    of_its_decree = (
        select(Award.id)
        .outerjoin(Decree, Decree.id == Award.decree_id)
        .where(
            Award.state.in_(HELD),
            or_(Decree.id.is_(None), Decree.round_id != Award.round_id, Decree.dated != Award.conferred_on),
        )
    )
    for key in (await session.execute(of_its_decree.order_by(Award.id))).scalars():
        yield Disagreement("awards", str(key), "it is conferred, and no decree of its round and day confers it")
    a_seat = exists().where(
        RoundSeat.round_id == Award.round_id,
        RoundSeat.seat_category == Award.seat_category,
        RoundSeat.number == Award.seat_number,
    )
    seated = select(Award.id).where(Award.state != AwardState.WITHDRAWN, Award.repeat_award.is_(False), ~a_seat)
    for key in (await session.execute(seated.order_by(Award.id))).scalars():
        yield Disagreement("awards", str(key), "it holds no seat that the round has")
    taken = (Award.round_id, Award.seat_category, Award.seat_number)
    twice = select(Award.round_id).where(Award.seat_number.is_not(None)).group_by(*taken).having(func.count() > 1)
    for key in (await session.execute(twice)).scalars():
        yield Disagreement("rounds", str(key), "a seat is held by two awards")
    async for item in _awards_off_record(session):
        yield item


async def _awards_off_record(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Awards of which the log does not say what they say of themselves."""
    query = (
        select(Award.id, Award.prize_fen, Award.seat_number, Award.certificate_number, Award.valid_until, Decree.number)
        .join(Decree, Decree.id == Award.decree_id)
        .where(Award.state.in_(HELD))
        .order_by(Award.id)
    )
    rows = (await session.execute(query)).all()
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        told = {
            entry.subject_id: entry.details
            for entry in await _entries_of(session, "award", {row.id for row in some}, act="confer")
        }
        for row in some:
            said = told.get(row.id)
            own = {
                "decree": row.number,
                "certificate": row.certificate_number,
                "prize_fen": row.prize_fen,
                "seat_number": row.seat_number,
                "valid_until": row.valid_until.isoformat(),
            }
            if said is None or any(said.get(name) != value for name, value in own.items()):
                yield Disagreement("awards", str(row.id), "the log does not tell of its being conferred like this")
