"""The material of an application: versions of files, handed out to those who may, every access by others on record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid, NotFound, existing, refuse
from app.kernel.file_types import FileTypeRefused, file_type
from app.kernel.stored import read_rules
from app.measures.files import RENEWED, file_refused, handed_in_under, material_known
from app.measures.reasons import Reason
from app.measures.review_rules import ReviewRules
from app.measures.roles import Role
from app.measures.state_machines import APPLICATION, ATTACHMENT
from app.measures.text import Text, readable
from app.services.applications.access import own, own_locked, visible
from app.services.lifecycle import act, require
from app.store import applications as store
from app.store import rounds
from app.store.applications import attachments
from app.store.applications import attachments as attachments_store

# A form has a dozen materials; what goes on adding versions without end is no applicant.
MAX_FILES = 300


RENEWAL = RENEWED.code


# Chinese characters that stand for others in Unicode's composed form; as names they are themselves.
_OTHERS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")


@dataclass(frozen=True, slots=True)
class Material:
    """What the applicant says of a file. `code` names the material, `part` which of its files it is; `filename` is told
    to those who download."""

    code: str
    filename: str
    trade_secret: bool
    part: int = 1


async def add_attachment(
    context: StreamContext,
    *,
    application_id: UUID,
    material: Material,
    chunks: AsyncIterable[bytes],
    declared_size: int | None,
) -> attachments_store.Attachment:
    """Take a file as the next version of one of a material, while drafting or correcting, of a type and size that the
    round's rules take. The bytes go to the storage first, under a key of ours, where they are looked into; then a short
    transaction looks again and records them."""
    filename = clean_filename(material.filename)
    # The scan of a renewed certificate comes when the form has long been closed.
    name = "hand_in_renewal" if material.code == RENEWAL else "edit"
    async with context.reading() as reading:
        row = await own(reading, application_id=application_id)
        require(reading, APPLICATION, row, name)
        rules = await _rules(reading, row)
        await _room(reading, row)
    refuse(material_known(code=material.code, rules=rules))
    _part(material, rules)
    key, stored = await context.put(
        chunks,
        limit=min(context.settings.max_file_bytes, rules.max_file_bytes),
        declared_size=declared_size,
        rule_id="art17.qualification",
    )
    if file_type(stored.media_type, filename) not in rules.file_types:
        raise FileTypeRefused(rules.file_types)
    write = await context.writing(content=stored.sha256)
    row, _ = await own_locked(write, application_id=application_id)
    async with act(write, APPLICATION, row, name, named=False, recorded="add_attachment") as doing:
        await _room(write, row)
        last = await attachments.last_revision(
            write.session, application_id=row.id, material=material.code, part=material.part
        )
        doing.hear()
        attachment = attachments_store.Attachment(
            created_at=write.now,
            application_id=row.id,
            material=material.code,
            part=material.part,
            revision=last + 1,
            filename=filename,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            storage_key=key,
            trade_secret=material.trade_secret,
            uploaded_by=write.actor.known_id,
        )
        write.session.add(attachment)
        doing.about("attachment", attachment)
        doing.tell(application_id=row.id, material=attachment.material, revision=attachment.revision)
        doing.tell(part=attachment.part)
        doing.tell(sha256=attachment.sha256, size=attachment.size)
    return attachment


async def list_attachments(context: ReadContext, *, application_id: UUID) -> Sequence[attachments_store.Attachment]:
    """Every version of every material; removed ones are shown to the applicant, the office and the auditor only."""
    row = await visible(context, application_id=application_id)
    rows = await attachments.of_application(context.session, row.id)
    return [item for item in rows if item.removed_at is None or _sees_removed(context.actor.role)]


async def remove_attachment(
    context: WriteContext, *, application_id: UUID, attachment_id: UUID
) -> attachments_store.Attachment:
    """Take a version out of the application, while drafting or correcting. Its record stays."""
    row, _ = await own_locked(context, application_id=application_id)
    attachment = await attachments.get(context.session, application_id=row.id, attachment_id=attachment_id)
    if attachment is None:
        raise _unknown()
    require(context, APPLICATION, row, "edit")
    text = Text("该材料已移除", "It has been removed already")
    of_round = row.round_id
    async with act(context, ATTACHMENT, attachment, "remove_attachment", round_id=of_round, message=text) as doing:
        doing.hear()
        attachment.removed_at = context.now
        doing.tell(application_id=row.id, material=attachment.material, revision=attachment.revision)
    return attachment


async def download_attachment(
    context: StreamContext, *, application_id: UUID, attachment_id: UUID
) -> tuple[attachments_store.Attachment, AsyncIterator[bytes]]:
    """A version's bytes, for those who may see the application."""
    async with context.reading() as reading:
        row = await visible(reading, application_id=application_id)
        attachment = await attachments.get(reading.session, application_id=row.id, attachment_id=attachment_id)
    if attachment is None or (attachment.removed_at is not None and not _sees_removed(context.actor.role)):
        raise _unknown()
    return attachment, await open_content(context, row, attachment)


async def open_content(
    context: StreamContext, row: store.Application, attachment: attachments_store.Attachment
) -> AsyncIterator[bytes]:
    """The bytes of an attachment; an access by anybody but the applicant goes on record (Art. 29). Whether the caller
    may is for the one who calls this to have asked."""
    pieces = await context.files.open_stream(attachment.storage_key)
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
    name = name.replace("\\", "/").rpartition("/")[2].strip().rstrip(".")
    wrong = _wrong_with(name)
    if wrong is not None:
        found = file_refused(Reason.FILE_NAME_UNREADABLE, wrong_zh=wrong.zh, wrong_en=wrong.en)
        fault = FieldError("/query/filename", FieldCode.WRONG_FORMAT, wrong)
        raise Invalid(wrong, errors=[fault], findings=handed_in_under([found], rule_id))
    return name


def _wrong_with(name: str) -> Text | None:
    """What keeps it from being a name, and what to do; None where nothing does."""
    if not readable(name.strip(".")):
        return Text(
            "文件名中没有可读的文字，请另起文件名", "The file name has nothing to read in it; give it another name"
        )
    if name.startswith(".") and "." not in name.strip("."):
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


async def _rules(context: ReadContext, row: store.Application) -> ReviewRules:
    found = existing(await rounds.get(context.session, row.round_id), "没有此届", "No such round")
    return read_rules(found.review_rules)


def _part(material: Material, rules: ReviewRules) -> None:
    most = rules.files_per_material
    if material.part > most:
        text = Text(f"每项材料至多{most}个文件", f"A material has {most} files at most")
        found = file_refused(Reason.TOO_MANY_PARTS, at_most=most)
        raise Invalid(text, errors=[FieldError("/query/part", FieldCode.OUT_OF_RANGE, text)], findings=[found])


async def _room(context: ReadContext, row: store.Application) -> None:
    if await attachments.count(context.session, row.id) >= MAX_FILES:
        raise Collision(
            Text(f"附件已达 {MAX_FILES} 个上限", f"The application holds {MAX_FILES} files, the most it may"),
            code=ProblemCode.TOO_MANY_FILES,
        )


def _sees_removed(role: Role) -> bool:
    return role is not Role.RECOMMENDING_UNIT


def _unknown() -> NotFound:
    return NotFound("没有此附件", "No such attachment")
