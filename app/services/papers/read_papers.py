"""Papers as they are asked for: what an object can give now and why not the rest, drafts, issued ones and their
verification."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.errors import NotFound, existing
from app.kernel.printing import PaperFormat, printed
from app.kernel.printing.document import Block, Document
from app.measures.roles import Role
from app.measures.state_machines import AwardState
from app.measures.text import Text
from app.measures.validity import AwardFacts, CertificateAnswer, certificate_status
from app.services.instruments.in_force import round_parameters
from app.services.papers.acts_told import day_of_act, not_done
from app.services.papers.catalogue import ARCHIVES, KINDS, Collection, IssuedForm, PaperKey, PaperKind, kinds_of
from app.services.papers.drafts import Draft, draft, draft_or_not_found, kind_of, no_such_paper
from app.services.papers.facts.told import NotYet
from app.services.papers.scans import Compared, compared_scan
from app.services.papers.subjects import Subject, permitted, subject
from app.store import awards, revocations, rounds
from app.store import papers as store
from app.store.notices import Notice
from app.store.papers import IssuedPaper
from app.store.rounds import Round

# The acts of papers that tell a decision to revoke.
_OF_A_DECISION = ("decision", "revocation_notice")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Offered:
    """A paper of an object: whether it can be had now; `why_not` says what is missing before it can be had, or issued
    by the caller; the version issued last, with how its last scan compares; whether it would say something else today;
    whether the caller has drafts of it here."""

    kind: PaperKind
    available: bool
    why_not: Text | None
    issued: IssuedPaper | None
    changed: bool
    may_issue: bool
    drafts: bool
    scan: Compared | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """Bytes to be sent, under which name and as what."""

    filename: str
    media: str
    content: bytes


async def read_documents(context: ReadContext, *, collection: Collection, object_id: UUID) -> list[Offered]:
    """Every paper of the object that the caller may have. Who may have none before it is public finds what is
    issued; with the notice of a revocation, the papers of its case too."""
    found = await subject(context, collection, object_id)
    kinds = kinds_of(collection)
    rows = await store.issued_of(context.session, object_id, [kind.key for kind in kinds])
    last = {row.kind: row for row in rows}
    told = []
    for kind in kinds:
        if permitted(context, kind):
            told.append(await _offered(context, kind, found, last.get(kind.key)))
        elif kind.public and kind.key in last:
            told.append(_published(kind, last[kind.key]))
    if isinstance(found, Notice):
        told += await _of_its_case(context, found)
    scans = await store.last_scans(context.session, [item.issued.id for item in told if item.issued is not None])
    return [
        replace(item, scan=compared_scan(scans[item.issued.id]))
        if item.issued is not None and item.issued.id in scans
        else item
        for item in told
    ]


def _published(kind: PaperKind, row: IssuedPaper) -> Offered:
    return Offered(kind, True, None, row, changed=False, may_issue=False, drafts=False)


async def _of_its_case(context: ReadContext, notice: Notice) -> list[Offered]:
    """The public papers of the case of which the notice tells: a case is found by nobody outside it (Art. 26, 28)."""
    case = await revocations.told_in(context.session, notice.id)
    if case is None:
        return []
    kinds = {kind.key: kind for kind in kinds_of(Collection.REVOCATIONS) if kind.public}
    rows = await store.issued_of(context.session, case.id, list(kinds))
    return [_published(kinds[key], row) for key, row in {row.kind: row for row in rows}.items()]


async def _offered(context: ReadContext, kind: PaperKind, found: Subject, issued: IssuedPaper | None) -> Offered:
    may_issue = context.actor.role in kind.issuers
    try:
        made = await draft(context, kind, found)
    except NotYet as error:
        return Offered(kind, False, error.why, issued, changed=False, may_issue=may_issue, drafts=False)
    changed = issued is not None and issued.data_hash != made.data_hash
    # A draft can be had before its act is done; it is not issued then.
    done = kind.after is None or await day_of_act(context, kind, found) is not None
    why_not = None if done or not may_issue else not_done(kind)
    return Offered(kind, True, why_not, issued, changed, may_issue and done, drafts=True)


async def render_document(
    context: StreamContext, *, collection: Collection, object_id: UUID, key: str, form: PaperFormat
) -> Made:
    """A draft of the paper in this format."""
    async with context.reading() as reading:
        found = await subject(reading, collection, object_id)
        kind = kind_of(reading, collection, key)
        if form.value not in kind.formats:
            raise no_such_paper()
        made = await draft_or_not_found(reading, kind, found)
    content = (await printed([made.document], form, at=context.now, settings=context.settings))[0]
    return Made(f"{kind.zh}.{form.value}", form.value, content)


async def render_archive(context: StreamContext, *, round_id: UUID, key: str) -> Made:
    """Papers of a round in one archive: what the executive meeting is given, or all certificates of a ceremony. Of what
    is issued the issued one, else a draft; what cannot be made yet is left out, and all of it `NotFound`."""
    async with context.reading() as reading:
        found = await subject(reading, Collection.ROUNDS, round_id)
        if key not in ARCHIVES or reading.actor.role not in (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR):
            raise no_such_paper()
        parts = await _parts(reading, key, found)
    if not parts:
        raise NotFound("尚无可供打包的文件", "There is nothing to put together yet")
    fresh = [item.document for item in parts if isinstance(item, Draft)]
    made = iter(await printed(fresh, PaperFormat.PDF, at=context.now, settings=context.settings) if fresh else [])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for place, item in enumerate(parts, 1):
            zh = item.kind.zh if isinstance(item, Draft) else KINDS[item.kind].zh
            state = "草稿" if isinstance(item, Draft) else item.number
            content = next(made) if isinstance(item, Draft) else await _whole(context, item)
            archive.writestr(zipfile.ZipInfo(f"{place:02d} {zh} {state}.pdf", _EPOCH), content)
    return Made(f"{key}.zip", "zip", whole.getvalue())


async def _parts(reading: ReadContext, key: str, found: Subject) -> list[Draft | IssuedPaper]:
    objects: Sequence[Subject] = [found]
    if key == "certificates" and isinstance(found, Round):
        objects = [
            item for item in await awards.of_round(reading.session, found.id) if item.state is AwardState.CONFERRED
        ]
    parts: list[Draft | IssuedPaper] = []
    for item in objects:
        issued = {row.kind: row for row in await store.issued_of(reading.session, item.id, ARCHIVES[key])}
        for name in ARCHIVES[key]:
            if name in issued:
                parts.append(issued[name])
                continue
            try:
                parts.append(await draft(reading, KINDS[name], item))
            except NotYet:
                continue
    return parts


async def _whole(context: StreamContext, row: IssuedPaper) -> bytes:
    return b"".join([piece async for piece in await context.open_file(row.storage_key)])


async def verify_paper(context: ReadContext, *, number: str) -> tuple[IssuedPaper, bool, Sequence[store.PaperScan]]:
    """What is known of a paper by its number, whether it is the last version, and its scans: for whoever holds it. A
    number cannot be guessed."""
    row = existing(await store.by_number(context.session, number), "没有此编号的文件", "No paper has this number")
    last = await store.last_version(context.session, row.kind, row.object_id)
    return row, row.paper_version == last, await store.scans_of(context.session, row.id)


async def certificate_told(context: ReadContext, *, row: IssuedPaper) -> tuple[str, CertificateAnswer] | None:
    """What the award of a certificate is worth today, by its number: the paper stays what it was. None for others."""
    award = await awards.get(context.session, row.object_id) if row.kind == PaperKey.CERTIFICATE else None
    if award is None or award.conferred_on is None or award.certificate_number is None:
        return None
    facts = AwardFacts(award.awarded_name, award.conferred_on, award.award_year, award.revoked_on, award.revoked_under)
    parameters = round_parameters(existing(await rounds.get(context.session, award.round_id)))
    return award.certificate_number, certificate_status(award=facts, on=context.today, parameters=parameters)


@dataclass(frozen=True, slots=True)
class RevocationTold:
    """What has become of the decision to revoke that a paper tells, and the notices in which the public reads it."""

    annulled_on: date | None
    annulled_number: str | None
    notice_id: UUID | None
    annulment_notice_id: UUID | None


async def revocation_told(context: ReadContext, *, row: IssuedPaper) -> RevocationTold | None:
    """Of a paper that tells a decision to revoke: the paper stays what it was when a review annuls the decision (Art.
    26, 28). None for others."""
    if row.collection != Collection.REVOCATIONS or KINDS[row.kind].after not in _OF_A_DECISION:
        return None
    case = existing(await context.session.by_id(revocations.Revocation, row.object_id))
    return RevocationTold(case.annulled_on, case.annulled_number, case.notice_id, case.annulment_notice_id)


async def download_paper(
    context: StreamContext, *, number: str, form: IssuedForm
) -> tuple[str, str, int, AsyncIterator[bytes]]:
    """An issued paper: its PDF as it was issued, its DOCX from the same frozen content, or its last scan. Anybody has
    the PDF of a public one; for the rest the caller must see the object, and has that on record where it is not
    public."""
    async with context.reading() as reading:
        row = await readable_paper(reading, number=number, public=form is IssuedForm.PDF)
        scans = await store.scans_of(reading.session, row.id) if form is IssuedForm.SCAN else ()
    if form is IssuedForm.DOCX:
        document = document_of(row)
        content = (await printed([document], PaperFormat.DOCX, at=row.created_at, settings=context.settings))[0]
        return f"{row.title}.docx", "docx", len(content), one(content)
    if form is IssuedForm.SCAN:
        if not scans:
            raise NotFound("尚无扫描件", "There is no scan yet")
        return scans[-1].filename, "pdf", scans[-1].size, await context.open_file(scans[-1].storage_key)
    pieces = await context.open_file(row.storage_key)
    if not KINDS[row.kind].public:
        write = await context.writing()
        audit.record(write, "open_paper", "paper", row.id, number=row.number, sha256=row.sha256)
    return row.filename, "pdf", row.size, pieces


async def readable_paper(reading: ReadContext, *, number: str, public: bool) -> IssuedPaper:
    """The issued paper, where the caller may read it; `NotFound` otherwise. `public`: anybody may, where its kind is
    public."""
    row = existing(await store.by_number(reading.session, number), "没有此编号的文件", "No paper has this number")
    kind = KINDS[row.kind]
    if not (public and kind.public):
        await subject(reading, kind.of, row.object_id)
        if not permitted(reading, kind):
            raise no_such_paper()
    return row


def document_of(row: IssuedPaper) -> Document:
    """The paper out of its frozen content."""
    content = dict(row.content)
    blocks = content.pop("blocks")
    attachments = content.pop("attachments")
    annexes = content.pop("annexes")
    return Document(
        blocks=tuple(_block(item) for item in blocks) if isinstance(blocks, list) else (),
        annexes=tuple(_block(item) for item in annexes) if isinstance(annexes, list) else (),
        attachments=tuple(map(str, attachments)) if isinstance(attachments, list) else (),
        **content,  # type: ignore[arg-type]
    )


def _block(item: Block) -> Block:
    return item


async def one(content: bytes) -> AsyncIterator[bytes]:
    """Bytes at hand as a stream."""
    yield content
