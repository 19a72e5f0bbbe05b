"""A file of an application comes in (Art. 17): to storage first, on record afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid, existing, refuse
from app.kernel.file_types import FileTypeRefused, file_type
from app.kernel.stored import read_rules
from app.measures.files import file_refused, material_known
from app.measures.reasons import Reason
from app.measures.review_rules import ReviewRules
from app.measures.state_machines import APPLICATION
from app.measures.text import Text
from app.services.applications.access import own, own_locked
from app.services.applications.attachments import RENEWAL, clean_filename, named_as_it_is
from app.services.lifecycle import act, require
from app.store import applications as store
from app.store import rounds
from app.store.applications import attachments
from app.store.applications import attachments as attachments_store

# A form has a dozen materials; what goes on adding versions without end is no applicant.
MAX_FILES = 300


@dataclass(frozen=True, slots=True)
class Material:
    """What the applicant says of a file. `code` names the material, `part` which of its files it is; `filename` is told
    to those who download."""

    code: str
    filename: str
    trade_secret: bool
    part: int = 1


async def upload_attachment(
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
        await _beside(reading, row, material)
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
    named_as_it_is(filename, stored.media_type)
    write = await context.writing(content=stored.sha256)
    row, _ = await own_locked(write, application_id=application_id)
    async with act(write, APPLICATION, row, name, named=False, recorded="add_attachment") as doing:
        beside = await _beside(write, row, material)
        doing.hear()
        attachment = attachments_store.Attachment(
            created_at=write.now,
            application_id=row.id,
            material=material.code,
            part=material.part,
            revision=(beside.last_revision or 0) + 1,
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


async def _rules(context: ReadContext, row: store.Application) -> ReviewRules:
    found = existing(await rounds.get(context.session, row.round_id), "没有此届", "No such round")
    return read_rules(found.review_rules)


def _part(material: Material, rules: ReviewRules) -> None:
    most = rules.files_per_material
    if material.part > most:
        text = Text(f"每项材料至多{most}个文件", f"A material has {most} files at most")
        found = file_refused(Reason.TOO_MANY_PARTS, at_most=most)
        raise Invalid(text, errors=[FieldError("/query/part", FieldCode.OUT_OF_RANGE, text)], findings=[found])


async def _beside(context: ReadContext, row: store.Application, material: Material) -> attachments.Held:
    """What the application holds already, if there is room for one more."""
    held = await attachments.held(context.session, application_id=row.id, material=material.code, part=material.part)
    if held.files >= MAX_FILES:
        raise Collision(
            Text(f"附件已达 {MAX_FILES} 个上限", f"The application holds {MAX_FILES} files, the most it may"),
            code=ProblemCode.TOO_MANY_FILES,
        )
    return held
