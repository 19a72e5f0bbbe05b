"""The files of an application as they are read, and how a file may be called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.kernel.file_types import EXTENSIONS, claimed_otherwise
from app.measures.files import RENEWED, file_refused, handed_in_under
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text, readable
from app.services.applications.access import visible
from app.store import applications as store
from app.store.applications import attachments
from app.store.applications import attachments as attachments_store

RENEWAL = RENEWED.code

# Chinese characters that stand for others in Unicode's composed form; as names they are themselves.
_OTHERS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")


async def list_attachments(context: ReadContext, *, application_id: UUID) -> Sequence[attachments_store.Attachment]:
    """Every version of every material; removed ones are shown to the applicant, the office and the auditor only."""
    row = await visible(context, application_id=application_id)
    rows = await attachments.of_application(context.session, row.id)
    return [item for item in rows if item.removed_at is None or _sees_removed(context.actor.role)]


async def download_attachment(
    context: StreamContext, *, application_id: UUID, attachment_id: UUID
) -> tuple[attachments_store.Attachment, AsyncIterator[bytes]]:
    """A version's bytes, for those who may see the application."""
    async with context.reading() as reading:
        row = await visible(reading, application_id=application_id)
        attachment = await attachments.get(reading.session, application_id=row.id, attachment_id=attachment_id)
    if attachment is None or (attachment.removed_at is not None and not _sees_removed(context.actor.role)):
        raise unknown()
    return attachment, await open_content(context, row, attachment)


async def open_content(
    context: StreamContext, row: store.Application, attachment: attachments_store.Attachment
) -> AsyncIterator[bytes]:
    """The bytes of an attachment; an access by anybody but the applicant goes on record (Art. 29). Whether the caller
    may is for the one who calls this to have asked."""
    pieces = await context.open_file(attachment.storage_key)
    if context.actor.role is not Role.APPLICANT:
        write = await context.writing()
        attachments.note_access(
            write.session,
            account_id=write.actor.known_id,
            application_id=row.id,
            attachment_id=attachment.id,
            now=write.now,
        )
        audit.record(
            write,
            "open_attachment",
            "attachment",
            attachment.id,
            round_id=row.round_id,
            application_id=row.id,
            material=attachment.material,
            revision=attachment.revision,
            trade_secret=attachment.trade_secret,
        )
        await write.session.flush()
    return pieces


def clean_filename(given: str, rule_id: str = "art17.qualification") -> str:
    """The name of a file as people read it, each sign as it was given but that composed letters are one sign (NFC);
    `Invalid`, with what is wrong, where it can be no name. `rule_id`: the rule that the file is handed in for."""
    # Only for people to read: no part of it is ever a path.
    name = _OTHERS.sub(lambda found: unicodedata.normalize("NFC", found[0]), given)
    name = name.replace("\\", "/").rpartition("/")[2].rstrip(".")
    wrong = _wrong_with(name)
    if wrong is not None:
        found = file_refused(Reason.FILE_NAME_UNREADABLE, wrong_zh=wrong.zh, wrong_en=wrong.en)
        fault = FieldError("/query/filename", FieldCode.WRONG_FORMAT, wrong)
        raise Invalid(wrong, errors=[fault], findings=handed_in_under([found], rule_id))
    return name


def named_as_it_is(filename: str, media_type: str, rule_id: str = "art17.qualification") -> None:
    """`Invalid` where the name claims one of the types that are taken and the content is another: whoever opens it by
    its name opens nothing, or something else than was said."""
    ending = claimed_otherwise(media_type, filename)
    if ending is None:
        return
    own = EXTENSIONS[media_type][0]
    found = file_refused(Reason.FILE_NAMED_OTHERWISE, ending=ending, content_ending=own)
    fault = FieldError("/query/filename", FieldCode.RULE_REFUSED, found.message, rule=rule_id)
    raise Invalid(found.message, errors=[fault], findings=handed_in_under([found], rule_id))


def _wrong_with(name: str) -> Text | None:
    """What keeps it from being a name, and what to do; None where nothing does."""
    if not readable(name.strip(".")):
        return Text(
            "文件名中没有可读的文字，请另起文件名", "The file name has nothing to read in it; give it another name"
        )
    stem, dot, _ending = name.rpartition(".")
    if dot and not readable(stem.strip(".")):
        return Text("文件名只有扩展名，请在扩展名前加上名称", "The file name is an ending only; put a name before it")
    unseen = next(((place, char) for place, char in enumerate(name, start=1) if not _nameable(char)), None)
    if unseen is None:
        return None
    place, code = unseen[0], f"U+{ord(unseen[1]):04X}"
    return Text(
        f"文件名第{place}个字符（{code}）不能显示，请删去后重新上传",
        f"Character {place} of the file name ({code}) cannot be shown; leave it out and upload it again",
    )


def _nameable(char: str) -> bool:
    # Blanks of every width, and Chinese characters that the language does not know yet, stand in names of files.
    return char.isprintable() or unicodedata.category(char) == "Zs" or readable(char)


def _sees_removed(role: Role) -> bool:
    return role is not Role.RECOMMENDING_UNIT


def unknown() -> NotFound:
    """There is none, or none for this caller."""
    return NotFound("没有此附件", "No such attachment")
