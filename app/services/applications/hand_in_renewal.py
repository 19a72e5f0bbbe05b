"""A certificate or licence renewed in mid-round (Art. 13(2) to (4)): the conditions are tested again at each gate, so
who renews in time hands the new one in, and a person accepts it. What was submitted stays frozen as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid, NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.credentials import RULES_OF_CREDENTIALS
from app.measures.eligibility import Gate
from app.measures.facts import CredentialKind
from app.measures.state_machines import APPLICATION, LIVE_ROUND_STATES, ROUND
from app.measures.state_machines import RENEWAL as RENEWAL_MACHINE
from app.measures.text import Text
from app.services.applications.access import locked, own_locked, visible
from app.services.applications.attachments import RENEWAL
from app.services.applications.run_gate import run_gate
from app.services.lifecycle import act, create, require_state
from app.store import applications as application_store
from app.store import rounds
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
        open_for_renewals(context, round_row)
        scan = await attachments.get(context.session, application_id=row.id, attachment_id=new.attachment_id)
        if scan is None or scan.material != RENEWAL or scan.removed_at is not None:
            text = Text(
                f"没有此材料；请先以 {RENEWAL} 上传扫描件", f"No such file; upload the scan as `{RENEWAL}` first"
            )
            raise Invalid(text, errors=[FieldError("/attachment_id", FieldCode.NOT_FOUND, text)])
        if len(await store.of_applications(context.session, [row.id])) >= MAX_RENEWALS:
            raise Collision(Text("更新材料过多", "There are too many renewals"), code=ProblemCode.TOO_MANY_RENEWALS)
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


async def decide_renewal(
    context: WriteContext, *, renewal_id: UUID, accepted: bool, reason: str, evidence: str
) -> store.Renewal:
    """A person of the office accepts it, having compared it with the issuer's register, or refuses it and says why.
    Once; the audit entry holds what the condition says on the day with it."""
    found = await store.get(context.session, renewal_id)
    application = None if found is None else await application_store.get(context.session, found.application_id)
    if application is None:
        raise _unknown()
    application, round_row = await locked(context, application)
    row = await store.lock(context.session, renewal_id)
    if row is None:
        raise _unknown()
    open_for_renewals(context, round_row)
    name = "accept_renewal" if accepted else "refuse_renewal"
    of_round = application.round_id
    async with act(context, RENEWAL_MACHINE, row, name, recorded="decide_renewal", round_id=of_round) as doing:
        doing.hear()
        row.reason, row.evidence = reason, evidence
        row.decided_by, row.decided_at = context.actor.known_id, context.now
        await context.session.flush()
        runs = await run_gate(context, round_row, [application], gate=Gate.SUBMISSION, test_date=context.today)
        doing.note(item for item in runs[application.id].findings if item.rule == RULES_OF_CREDENTIALS[row.kind])
        doing.tell(application_id=application.id, kind=row.kind, item=row.item, outcome=row.state)
        doing.tell(reason=reason, evidence=evidence)
    return row


async def list_renewals(context: ReadContext, *, application_id: UUID) -> Sequence[store.Renewal]:
    """What was handed in for an application, for its organisation, the office and the auditor."""
    row = await visible(context, application_id=application_id)
    return await store.of_applications(context.session, [row.id])


async def list_round_renewals(
    context: ReadContext, *, round_id: UUID, request: PageRequest, state: str | None
) -> Page[store.Renewal]:
    """What was handed in during a round, in its order: what waits for a decision, where `state` says so."""
    existing(await rounds.get(context.session, round_id), "没有此届评审", "No such round")
    filters = {"round": round_id, "state": state}
    rows = await store.of_round(
        context.session, round_id=round_id, state=state, after=request.after(**filters), limit=request.limit
    )
    return request.page(rows, key=lambda row: row.id, **filters)


def open_for_renewals(context: ReadContext, round_row: rounds.Round) -> None:
    """`WrongState` unless another gate is still to come."""
    text = Text("此届评审未在进行中，不受理更新材料", "Nothing is renewed for a round that does not run")
    rule, wanted = "art13.3.certified", LIVE_ROUND_STATES
    require_state(context, ROUND, round_row, "hand_in_renewal", wanted, rule=rule, message=text)


def _unknown() -> NotFound:
    return NotFound("没有此更新材料", "No such renewal")
