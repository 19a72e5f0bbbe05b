"""What a reviewer reads of an application: what was frozen at its submission. Every opening is on record (Art. 29)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.services.applications.attachments import open_content
from app.services.reviews.own_assignment import OwnAssignment, open_assignment
from app.store import applications
from app.store.applications import attachments
from app.store.applications.attachments import Attachment
from app.store.applications.form import Snapshot
from app.store.reviews import FileAccess, accesses_page


async def read_dossier(context: WriteContext, *, assignment_id: UUID) -> tuple[OwnAssignment, Snapshot]:
    """The frozen application of an open review assignment."""
    own, findings = await open_assignment(context, assignment_id=assignment_id)
    frozen = own.application.snapshot
    if frozen is None:
        raise RuntimeError("an application under review that was never frozen")
    attachments.note_access(
        context.session,
        account_id=context.actor.known_id,
        application_id=own.application.id,
        attachment_id=None,
        now=context.now,
    )
    await context.session.flush()
    audit.record(
        context,
        "open_dossier",
        "application",
        own.application.id,
        round_id=own.round_row.id,
        findings=findings,
        assignment_id=own.assignment.id,
        content_hash=own.application.snapshot_hash,
    )
    return own, frozen


async def list_accesses(context: ReadContext, *, application_id: UUID, request: PageRequest) -> Page[FileAccess]:
    """Every opening of an application's files by others than the applicant, for the office and the auditor."""
    existing(await applications.get(context.session, application_id), "没有此申报", "No such application")
    rows = await accesses_page(
        context.session,
        application_id=application_id,
        after=request.after(application_id=application_id),
        limit=request.limit,
    )
    return request.page(rows, key=lambda row: row.id, application_id=application_id)


async def download_material(
    context: StreamContext, *, assignment_id: UUID, attachment_id: UUID
) -> tuple[Attachment, AsyncIterator[bytes]]:
    """A file of an open review assignment, in the version that was handed in; others are not found."""
    async with context.reading() as reading:
        own, _ = await open_assignment(reading, assignment_id=assignment_id)
        frozen = own.application.snapshot
        handed_in = set() if frozen is None else {item["id"] for item in frozen["materials"]}
        row = await attachments.get(reading.session, application_id=own.application.id, attachment_id=attachment_id)
    if row is None or str(row.id) not in handed_in:
        raise NotFound("没有此附件", "No such attachment")
    return row, await open_content(context, own.application, row)
