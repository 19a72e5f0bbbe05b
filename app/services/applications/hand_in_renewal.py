"""A certificate or licence renewed in mid-round (Art. 13(2) to (4)): the conditions are tested again at each gate, so
who renews in time hands the new one in, and a person accepts it. What was submitted stays frozen as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid
from app.measures.facts import CredentialKind
from app.measures.state_machines import APPLICATION
from app.measures.state_machines import RENEWAL as RENEWAL_MACHINE
from app.measures.text import Text
from app.services.applications.access import own_locked
from app.services.applications.attachments import RENEWAL
from app.services.applications.renewals import open_for_renewals
from app.services.days import not_in_future
from app.services.lifecycle import act, create
from app.store.applications import attachments
from app.store.applications import renewals as store

MAX_RENEWALS = 50


@dataclass(frozen=True, slots=True)
class NewRenewal:
    """`kind`: certificate, licence or safety. `item`: as the form takes it. `attachment_id`: its scan."""

    kind: CredentialKind
    item: Mapping[str, object]
    attachment_id: UUID


async def hand_in_renewal(context: WriteContext, *, application_id: UUID, new: NewRenewal) -> store.Renewal:
    """The applicant hands in what it has renewed, with its scan, until the decree. It counts once it is accepted."""
    row, round_row = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, row, "hand_in_renewal") as doing:
        open_for_renewals(round_row)
        scan = await attachments.get(context.session, application_id=row.id, attachment_id=new.attachment_id)
        if scan is None or scan.material != RENEWAL or scan.removed_at is not None:
            text = Text(
                f"没有此材料；请先以 {RENEWAL} 上传扫描件", f"No such file; upload the scan as `{RENEWAL}` first"
            )
            raise Invalid(text, errors=[FieldError("/attachment_id", FieldCode.NOT_FOUND, text)])
        if len(await store.of_applications(context.session, [row.id])) >= MAX_RENEWALS:
            raise Collision(Text("更新材料过多", "There are too many renewals"), code=ProblemCode.TOO_MANY_RENEWALS)
        issued_on = new.item.get("issued_on")
        if isinstance(issued_on, str):
            not_in_future(date.fromisoformat(issued_on), context.today, f"/{new.kind.value}/issued_on")
        doing.hear()
        renewal = store.Renewal(
            created_at=context.now,
            application_id=row.id,
            attachment_id=scan.id,
            kind=new.kind,
            item=dict(new.item),
            state=create(RENEWAL_MACHINE),
            handed_in_by=context.actor.known_id,
        )
        context.session.add(renewal)
        doing.about("renewal", renewal)
        doing.tell(application_id=row.id, kind=new.kind, item=new.item, sha256=scan.sha256)
    return renewal
