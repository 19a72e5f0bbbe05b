"""What an organisation says in a case of its own (Arts. 13(6), 17, 26, 28): by itself, or in a letter that the office
enters. Each time is kept; nothing takes the place of what was said before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.kernel import audit
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, NotFound
from app.measures.dates import end_of_day
from app.measures.findings import Finding, fails
from app.measures.hearings import letter_after_decision, letter_counts, said_already
from app.measures.interpretations import resting_on
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text
from app.services.applications.sent_files import TakenFile, room_for_one
from app.services.applications.under_review import last_day
from app.services.days import cited_in_time, not_before, not_in_future
from app.services.instruments.in_force import readings
from app.store import revocations as store

# Whoever needs more has more than a statement.
MAX_FILES = 50
_FULL = Text(f"文件已达{MAX_FILES}个上限", f"{MAX_FILES} files are the most there may be")
_EARLY = Text("早于告知该组织之日", "Before the organisation was told of it")


@dataclass(frozen=True, slots=True)
class Letter:
    """A statement on paper: the day (Shanghai) on which it was received, the mark under which it is filed.
    `after_decision`: one that is filed with a case which the government has decided."""

    received_on: date
    reference: str
    after_decision: bool = False

    @property
    def counts_at(self) -> datetime:
        """The instant that counts: the beginning of the day of receipt."""
        return end_of_day(self.received_on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Hearing:
    """What somebody is heard on: a case of revocation or an adverse record, under which rule, since when the
    organisation knows of it, until when it is heard (exclusive; None: no day), what was said and handed in so far."""

    rule_id: str
    told_at: datetime
    ends_at: datetime | None
    said: Sequence[store.PartyStatement]
    files: Sequence[store.StatementFile]
    revocation_id: UUID | None = None
    record_id: UUID | None = None

    def waiting(self, *, scan: bool) -> list[store.StatementFile]:
        """The files that belong to no statement yet: the organisation's own, or the scans of a letter."""
        return [item for item in self.files if item.statement_id is None and item.scan is scan]


class Term(NamedTuple):
    """Under which rule somebody is heard, and until when (exclusive; None: no day)."""

    rule_id: str
    ends_at: datetime | None


def refuse_late(context: ReadContext, term: Term, next_act: str | None) -> None:
    """`Conflict` where the time for what the organisation says itself is over. `next_act`: what is done then."""
    if term.ends_at is not None and context.now >= term.ends_at:
        told = term.ends_at.isoformat()
        over = fails(term.rule_id, Reason.REPLY_DEADLINE_PASSED, next_act=next_act, ended_at=told)
        raise Conflict(over, code=ProblemCode.REPLY_DEADLINE_PASSED)


def refuse_repeated(hearing: Hearing, words: str, next_act: str | None) -> None:
    """`Conflict` for the very words that are on record already: whoever adds to a statement says something else."""
    found = said_already(words=words, said=[(item.statement, item.stated_at) for item in hearing.said])
    if found is not None:
        again = fails(hearing.rule_id, Reason.ORGANISATION_HEARD, next_act=next_act, at=found.isoformat())
        raise Conflict(again, code=ProblemCode.STATEMENT_MADE)


async def letter_findings(
    context: WriteContext, hearing: Hearing, letter: Letter, *, decided_on: date | None = None
) -> list[Finding]:
    """Whether the letter counts: received in time, after the organisation was told, entered once and with its scan. One
    that comes to a case after the government's decision (`decided_on`) is filed, whether it was in time or not."""
    not_in_future(letter.received_on, context.today, "/received_on")
    not_before(letter.received_on, shanghai_day(hearing.told_at), "/received_on", _EARLY)
    cited_in_time("/letter_reference", letter.reference, latest=context.today, earliest=letter.received_on)
    known = [item.letter_reference for item in hearing.said if item.letter_reference is not None]
    scanned = bool(hearing.waiting(scan=True))
    if decided_on is not None:
        found = letter_after_decision(
            rule_id=hearing.rule_id,
            received_on=letter.received_on,
            decided_on=decided_on,
            reference=letter.reference,
            known=known,
            scanned=scanned,
        )
    else:
        found = letter_counts(
            rule_id=hearing.rule_id,
            received_on=letter.received_on,
            reply_last_day=None if hearing.ends_at is None else last_day(hearing.ends_at),
            reference=letter.reference,
            known=known,
            scanned=scanned,
        )
    return resting_on(found, await readings(context.session, context.today), "statements_on_paper")


async def keep(
    context: WriteContext, hearing: Hearing, words: str, letter: Letter | None = None
) -> tuple[store.PartyStatement, list[UUID]]:
    """Keep what was said, with the files that wait for it. Answers the row and their ids."""
    row = store.PartyStatement(
        created_at=context.now,
        revocation_id=hearing.revocation_id,
        record_id=hearing.record_id,
        statement=words,
        stated_at=context.now if letter is None else letter.counts_at,
        received_on=None if letter is None else letter.received_on,
        letter_reference=None if letter is None else letter.reference,
        after_decision=letter is not None and letter.after_decision,
        made_by=context.actor.known_id,
    )
    context.session.add(row)
    await context.session.flush()
    files = hearing.waiting(scan=letter is not None)
    for item in files:
        item.statement_id = row.id
    return row, [item.id for item in files]


def room(hearing: Hearing) -> None:
    """Refuse one file more than there may be."""
    room_for_one(len(hearing.files), most=MAX_FILES, full=_FULL)


async def keep_file(
    context: WriteContext, hearing: Hearing, taken: TakenFile, round_id: UUID | None
) -> store.StatementFile:
    """Keep a file, as the organisation's own or as the scan of its letter, by who has brought it."""
    found = store.StatementFile(
        revocation_id=hearing.revocation_id,
        record_id=hearing.record_id,
        scan=context.actor.role is Role.OFFICE,
        **taken.recorded(context),
    )
    context.session.add(found)
    await context.session.flush()
    audit.record(
        context,
        "add_statement_file",
        "statement_file",
        found.id,
        round_id=round_id,
        sha256=found.sha256,
        size=found.size,
        scan=found.scan,
        revocation_id=found.revocation_id,
        record_id=found.record_id,
    )
    return found


async def opened(
    context: StreamContext,
    found: store.StatementFile | None,
    *,
    revocation_id: UUID | None = None,
    record_id: UUID | None = None,
) -> tuple[store.StatementFile, AsyncIterator[bytes]]:
    """A file's bytes; an access by anybody but the organisation goes on record. `NotFound` for one of another case."""
    if found is None or (found.revocation_id, found.record_id) != (revocation_id, record_id):
        raise NotFound("没有此文件", "No such file")
    pieces = await context.files.open_stream(found.storage_key)
    if context.actor.role is not Role.APPLICANT:
        write = await context.writing()
        audit.record(
            write,
            "open_statement_file",
            "statement_file",
            found.id,
            revocation_id=revocation_id,
            record_id=record_id,
            sha256=found.sha256,
        )
    return found, pieces
