"""The scan of an opinion with its seal comes in (Art. 3)."""

from __future__ import annotations

from functools import partial

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import UnsupportedMedia, existing
from app.measures.files import file_refused, handed_in_under
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.recommendations.stamped_opinions import owner_of
from app.store import consultations
from app.store.recommendations import stamped_opinions as store
from app.store.recommendations.stamped_opinions import StampedOpinion

# A stamped opinion is a picture of paper or a document of fixed layout: one that can still be edited carries no seal.
TAKEN = ("application/pdf", "application/ofd", "image/png", "image/jpeg")

# What a unit or department has sent and not yet named in an opinion; a whole batch finds room twice over.
MAX_UNUSED = 1000


async def upload_stamped_opinion(context: StreamContext, *, sent: SentFile) -> StampedOpinion:
    """Take a stamped opinion of the caller's unit or department."""
    rule_id = "art17.qualification" if context.actor.role is Role.DEPARTMENT else "art03.recommendation"
    taken = await take(context, sent, rule_id=rule_id, look=_room, accept=partial(_of_fixed_layout, rule_id))
    write = await context.writing(content=taken.stored.sha256)
    await _room(write)
    unit_id, department_id = owner_of(write)
    row = StampedOpinion(unit_id=unit_id, department_id=department_id, **taken.recorded(write))
    write.session.add(row)
    await write.session.flush()
    audit.record(
        write,
        "add_stamped_opinion",
        "stamped_opinion",
        row.id,
        unit_id=unit_id,
        department_id=department_id,
        sha256=row.sha256,
        size=row.size,
    )
    return row


def _of_fixed_layout(rule_id: str, media_type: str) -> None:
    if media_type not in TAKEN:
        found = file_refused(Reason.FILE_TYPE_REFUSED, taken=["PDF", "OFD", "PNG", "JPEG"])
        raise UnsupportedMedia(
            Text(
                "盖章文件只接受 PDF、OFD、PNG、JPEG（以内容为准）",
                "A stamped opinion is PDF, OFD, PNG or JPEG, told by content",
            ),
            code=ProblemCode.FILE_TYPE_REFUSED,
            findings=handed_in_under([found], rule_id),
        )


async def _unused(context: ReadContext) -> int:
    unit_id, department_id = owner_of(context)
    if unit_id is not None:
        return await store.unused(context.session, unit_id)
    owner = existing(department_id)
    kept = await store.departments_opinions(context.session, owner)
    return kept - await consultations.stamped_opinions_named(context.session, owner)


async def _room(context: ReadContext) -> None:
    full = Text(
        f"尚未使用的盖章文件已达 {MAX_UNUSED} 个上限",
        f"{MAX_UNUSED} stamped opinions wait to be used, the most there may be",
    )
    room_for_one(await _unused(context), most=MAX_UNUSED, full=full)
