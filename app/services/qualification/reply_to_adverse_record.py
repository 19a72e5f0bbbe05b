"""The applicant is heard on an adverse record (Art. 13(6))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, Forbidden
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.roles import Membership
from app.measures.state_machines import ADVERSE_RECORD
from app.measures.text import Text
from app.services.applications.under_review import in_the_round
from app.services.lifecycle import act
from app.services.qualification.adverse_records import locked_record, no_such
from app.store import organisations
from app.store.qualification import AdverseRecord


async def reply_to_adverse_record(context: WriteContext, *, record_id: UUID, reply: str) -> AdverseRecord:
    """The applicant states its view, once, until the end of its time and before the decision."""
    row, place = await locked_record(context, record_id)
    await _of_the_caller(context, row)
    if context.actor.membership != Membership.SUBMIT:
        raise Forbidden(
            Text("只有具有提交权限的成员可以执行此操作", "Only a member who may submit can do this"),
            code=ProblemCode.SUBMIT_MEMBERSHIP_REQUIRED,
        )
    if place is not None:
        in_the_round(place[0], "reply_to_adverse_record", rule="art13.6.record")
    text = Text("该记录已认定或已陈述意见", "It is decided, or replied to, already")
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, "reply_to_adverse_record", round_id=of_round, message=text) as doing:
        if row.reply_due_at is not None and context.now >= row.reply_due_at:
            over = fails(
                "art13.6.record", Reason.REPLY_DEADLINE_PASSED, next_act=None, ended_at=row.reply_due_at.isoformat()
            )
            raise Conflict(over, code=ProblemCode.REPLY_DEADLINE_PASSED)
        doing.hear()
        row.reply, row.replied_at = reply, context.now
        doing.tell(application_id=row.application_id)
    return row


async def _of_the_caller(context: WriteContext, row: AdverseRecord) -> None:
    """Not found, unless the record is of the caller's legal person: a successor answers for whom it continues."""
    own_id = context.actor.organisation_id
    if own_id == row.organisation_id:
        return
    own = None if own_id is None else await organisations.organisation(context.session, own_id)
    whose = await organisations.organisation(context.session, row.organisation_id)
    if row.application_id is not None or own is None or whose is None or own.lineage_id != whose.lineage_id:
        raise no_such()
