"""A file of a draft is taken out again."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import APPLICATION, ATTACHMENT
from app.measures.text import Text
from app.services.applications.access import own_locked
from app.services.applications.attachments import unknown
from app.services.lifecycle import act, require
from app.store.applications import attachments
from app.store.applications import attachments as attachments_store


async def remove_attachment(
    context: WriteContext, *, application_id: UUID, attachment_id: UUID
) -> attachments_store.Attachment:
    """Take a version out of the application, while drafting or correcting. Its record stays."""
    row, _ = await own_locked(context, application_id=application_id)
    attachment = await attachments.get(context.session, application_id=row.id, attachment_id=attachment_id)
    if attachment is None:
        raise unknown()
    require(context, APPLICATION, row, "edit")
    text = Text("该材料已移除", "It has been removed already")
    of_round = row.round_id
    async with act(context, ATTACHMENT, attachment, "remove_attachment", round_id=of_round, message=text) as doing:
        doing.hear()
        attachment.removed_at = context.now
        doing.tell(application_id=row.id, material=attachment.material, revision=attachment.revision)
    return attachment
