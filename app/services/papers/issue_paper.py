"""A paper is issued: made once, numbered, frozen with its hash. What changes later is a new version."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, Forbidden, existing
from app.kernel.printing import MEDIA_TYPES, PaperFormat, printed
from app.kernel.printing.document import Document, Mark
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.papers.acts_told import day_of_act, not_done
from app.services.papers.as_given import day_fits, number_fits, number_free
from app.services.papers.catalogue import Collection, PaperKind
from app.services.papers.certified import address, is_sample, signed_address
from app.services.papers.confirm_printed_name import name_confirmed
from app.services.papers.drafts import Draft, draft_or_not_found, kind_of
from app.services.papers.read_papers import document_of, one
from app.services.papers.subjects import Subject, subject
from app.store import papers as store
from app.store.awards import Award

# Without letters and digits that are taken for each other (Crockford).
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is to be issued: which paper of which object; the document's number and day, where what is on record names
    none."""

    collection: Collection
    object_id: UUID
    key: str
    document_number: str | None = None
    dated: date | None = None


async def issue_paper(context: StreamContext, *, issue: Issue) -> store.IssuedPaper:
    """Issue the paper on today's facts. What would say the same as the version before is that version. It is made while
    no transaction is open: somebody who was faster makes it a `Collision`."""
    today = shanghai_day(context.now)
    not_in_future(issue.dated or today, today, "/dated")
    async with context.reading() as reading:
        found = await subject(reading, issue.collection, issue.object_id)
        made = await _drafted(reading, issue, found, issue.dated or today)
        rows = await store.issued_of(reading.session, issue.object_id, [issue.key])
        last = rows[-1] if rows else None
        if last is not None and _same(last, made, issue, reading):
            return last
        number_key = await number_free(reading, made, (issue.key, issue.object_id))
        version = 1 if last is None else last.paper_version + 1
        document = made.document.marked(await _mark(reading, made.kind, found, version))
    content = (await printed([document], PaperFormat.PDF, at=context.now, settings=context.settings))[0]
    limit = max(context.settings.max_file_bytes, len(content))
    key, stored = await context.put(one(content), limit=limit, declared_size=None, rule_id="art02.decider")
    write = await context.writing(content=made.data_hash)
    if version != await store.last_version(write.session, issue.key, issue.object_id) + 1:
        raise Collision(
            Text("此文件刚刚另有印发，请重新读取", "It was issued by somebody else just now; read it again"),
            code=ProblemCode.CONCURRENT_CHANGE,
        )
    row = _row(write, issue, made, document, version)
    row.number_key = number_key
    row.storage_key, row.size, row.sha256 = key, stored.size, stored.sha256
    write.session.add(row)
    await write.session.flush()
    audit.record(
        write,
        "issue_paper",
        "paper",
        row.id,
        kind=row.kind,
        number=row.number,
        version=version,
        object_id=row.object_id,
        data_hash=row.data_hash,
        sha256=row.sha256,
    )
    return row


async def _drafted(reading: ReadContext, issue: Issue, found: Subject, on: date) -> Draft:
    kind = kind_of(reading, issue.collection, issue.key)
    if reading.actor.role not in kind.issuers:
        raise Forbidden(Text("您的角色不能印发此文件", "Your role may not issue this paper"))
    if isinstance(found, Award):
        await name_confirmed(reading, found)
    made = await draft_or_not_found(reading, kind, found, number=issue.document_number, dated=on)
    act_on = await day_of_act(reading, kind, found)
    if act_on is None:
        raise Collision(not_done(kind), code=ProblemCode.CONFLICT)
    day_fits(made, issue.dated, act_on)
    number_fits(made, issue.document_number)
    return made


def _same(last: store.IssuedPaper, made: Draft, issue: Issue, reading: ReadContext) -> bool:
    """Whether the version before says the same, under the same number, and is verified where papers are today; a day
    that nobody named makes no other."""
    same = (last.data_hash, last.document_number) == (made.data_hash, made.number)
    here = existing(document_of(last).mark)["address"].startswith(address(reading.settings, ""))
    return same and here and issue.dated in (None, last.dated)


def _row(write: WriteContext, issue: Issue, made: Draft, document: Document, version: int) -> store.IssuedPaper:
    mark = existing(document.mark)
    return store.IssuedPaper(
        created_at=write.now,
        kind=issue.key,
        collection=issue.collection.value,
        object_id=issue.object_id,
        number=mark["number"],
        paper_version=version,
        title=document.title,
        document_number=made.number,
        dated=made.dated,
        content=audit.plain_object(asdict(document)),
        data_hash=made.data_hash,
        template_id=made.template_id,
        filename=f"{made.kind.zh} {mark['number']}.pdf",
        media_type=MEDIA_TYPES[PaperFormat.PDF],
        issued_by=write.actor.known_id,
    )


async def _mark(reading: ReadContext, kind: PaperKind, found: Subject, version: int) -> Mark:
    number = _new_number(shanghai_day(reading.now).year)
    code = address(reading.settings, number)
    if isinstance(found, Award) and kind.layout == "certificate":
        code = await signed_address(reading, found)
    said = "　样例，不作正式文书" if is_sample(reading.settings) else ""
    return {"number": number, "version": f"第{version}版{said}", "address": code.partition("?")[0], "code": code}


def _new_number(year: int) -> str:
    """A number that nobody guesses: whoever knows it holds the paper, or was given it."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return f"W{year}-{drawn[:5]}-{drawn[5:]}"
