"""The organisation's side of a case (Art. 26, 28): its statement, once, with files, until the end of its time."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, Conflict, Forbidden, NotFound
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.revocations import RevocationKind
from app.measures.roles import Membership, Role
from app.measures.state_machines import REVOCATION
from app.measures.text import Text
from app.services.applications.keep_materials import clean_filename
from app.services.lifecycle import act, require
from app.services.revocations.cases import locked_case, visible_case
from app.store import revocations as store
from app.store.awards import Award

# Whoever needs more has more than a statement.
MAX_FILES = 50


async def add_file(
    context: StreamContext,
    *,
    revocation_id: UUID,
    filename: str,
    chunks: AsyncIterable[bytes],
    declared_size: int | None,
) -> store.StatementFile:
    """Take a file of the statement, before the statement is made. The bytes go to the storage first, under a key of
    ours; then a short transaction looks again and records them."""
    name = clean_filename(filename, "art26_28.together")
    limit = context.settings.max_file_bytes
    async with context.reading() as reading:
        row, _ = await visible_case(reading, revocation_id)
        _may_be_heard(reading, row)
        await _room(reading, row)
    key, stored = await context.put(chunks, limit=limit, declared_size=declared_size, rule_id="art26_28.together")
    write = await context.writing(content=stored.sha256)
    row, award = await locked_case(write, revocation_id)
    _may_be_heard(write, row)
    await _room(write, row)
    found = store.StatementFile(
        created_at=write.now,
        revocation_id=row.id,
        filename=name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
        uploaded_by=write.actor.known_id,
    )
    write.session.add(found)
    await write.session.flush()
    _received(write, award, found)
    return found


def _received(context: WriteContext, award: Award, found: store.StatementFile) -> None:
    audit.record(
        context,
        "add_statement_file",
        "statement_file",
        found.id,
        round_id=award.round_id,
        revocation_id=found.revocation_id,
        sha256=found.sha256,
        size=found.size,
    )


async def make_statement(context: WriteContext, *, revocation_id: UUID, statement: str) -> store.Revocation:
    """The organisation says what it has to say; the files that it has added belong to it."""
    row, award = await locked_case(context, revocation_id)
    text = Text("已陈述意见，或者案件已提请、已撤回", "The statement is made, or the case is submitted or withdrawn")
    async with act(context, REVOCATION, row, "make_statement", round_id=award.round_id, message=text) as doing:
        _may_be_heard(context, row)
        files = await store.files_of(context.session, row.id)
        doing.hear()
        row.statement, row.stated_at, row.stated_by = statement, context.now, context.actor.known_id
        doing.tell(award_id=award.id, files=[item.id for item in files])
    return row


async def download_file(
    context: StreamContext, *, revocation_id: UUID, file_id: UUID
) -> tuple[store.StatementFile, AsyncIterator[bytes]]:
    """A file's bytes, for the organisation itself and for those who work on the case, whose access goes on record."""
    async with context.reading() as reading:
        row, _ = await visible_case(reading, revocation_id)
        found = await reading.session.get(store.StatementFile, file_id)
    if found is None or found.revocation_id != row.id:
        raise NotFound("没有此文件", "No such file")
    pieces = await context.files.open_stream(found.storage_key)
    if context.actor.role is not Role.APPLICANT:
        write = await context.writing()
        audit.record(
            write, "open_statement_file", "statement_file", found.id, revocation_id=row.id, sha256=found.sha256
        )
    return found, pieces


def _may_be_heard(context: ReadContext, row: store.Revocation) -> None:
    """`Forbidden` or `Conflict` unless the caller speaks for the organisation, in time and before its statement."""
    if context.actor.membership != Membership.SUBMIT:
        raise Forbidden(
            Text("只有具有提交权限的成员可以执行此操作", "Only a member who may submit can do this"),
            code=ProblemCode.SUBMIT_MEMBERSHIP_REQUIRED,
        )
    require(context, REVOCATION, row, "make_statement")
    rule_id = RevocationKind(row.basis).rule_id
    if row.stated_at is not None:
        made = fails(rule_id, Reason.ORGANISATION_HEARD, next_act="submit_revocation", at=row.stated_at.isoformat())
        raise Conflict(made, code=ProblemCode.STATEMENT_MADE)
    if context.now >= row.reply_due_at:
        due = row.reply_due_at.isoformat()
        over = fails(rule_id, Reason.REPLY_DEADLINE_PASSED, next_act="submit_revocation", ended_at=due)
        raise Conflict(over, code=ProblemCode.REPLY_DEADLINE_PASSED)


async def _room(context: ReadContext, row: store.Revocation) -> None:
    if len(await store.files_of(context.session, row.id)) >= MAX_FILES:
        raise Collision(
            Text(f"文件已达{MAX_FILES}个上限", f"{MAX_FILES} files are the most there may be"),
            code=ProblemCode.TOO_MANY_FILES,
        )
