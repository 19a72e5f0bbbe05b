"""The proposed list, the approval, the decree (Arts. 21, 22)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.facts import Honour
from app.measures.revocations import Accident
from app.measures.roles import Role
from app.schemas.approval import (
    ApprovalIn,
    ApprovalOut,
    ApprovedAward,
    AwardWithdrawalIn,
    DecreeIn,
    DecreeOut,
    DeferredOut,
    EarlierDecree,
    EarlierMeeting,
    NotApprovedOut,
    ProposedListOut,
    ProposedOut,
    WaitingOut,
)
from app.schemas.common import finding_view, stored_finding_view
from app.services.approval import approve_awards as approve
from app.services.approval import fix_proposed_list as propose
from app.services.approval import issue_decree as decree
from app.services.approval import withdraw_award as withdrawal
from app.services.awards.register import printed_names
from app.services.instruments.in_force import round_parameters
from app.services.organisations.names import NameOfTheDay, names_of_the_day
from app.services.publicity import read_candidates
from app.services.rounds.read_rounds import read_round
from app.store.approval import Approval
from app.store.awards import Award
from app.store.publicity import Candidate
from app.store.rounds import Round
from app.web.policy import Route, acting, reading, tagged

router = APIRouter(prefix="/v1", route_class=Route, tags=["approval"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


Government = Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")]


Inside = Annotated[ReadContext, reading(*_INSIDE)]


@router.post("/rounds/{round_id}/approval", summary="Approve the awards", status_code=201)
async def approve_awards(round_id: UUID, body: ApprovalIn, response: Response, context: Government) -> ApprovalOut:
    """The executive meeting approves the proposed names that it does not leave out, and adds none (Art. 22); within the
    seats (Art. 6), the conditions tested once more (Art. 13), on a transitional basis after a lapse (Art. 33)."""
    meeting = approve.ExecutiveMeeting(
        body.meeting_number,
        body.meeting_on,
        tuple(approve.NotApproved(item.candidate_id, item.reason) for item in body.not_approved),
        body.transitional_basis,
    )
    await approve.approve_awards(context, round_id=round_id, meeting=meeting)
    return await _approval(context, *await approve.read_approval(context, round_id=round_id), response)


@router.get("/rounds/{round_id}/approval", summary="The approval")
async def read_approval(round_id: UUID, response: Response, context: Inside) -> ApprovalOut:
    """The executive meeting's decision and its awards (Art. 22)."""
    return await _approval(context, *await approve.read_approval(context, round_id=round_id), response)


@router.post("/rounds/{round_id}/decree", summary="Record the decree", status_code=201)
async def issue_decree(round_id: UUID, body: DecreeIn, response: Response, context: Government) -> DecreeOut:
    """The decree confers the approved awards from its date (Art. 22, 23): certificate to all, plaque and prize to first
    winners (Art. 6, 8). On that day seats, exclusions, the conditions (Art. 13) and Art. 33 are asked once more: who
    fails is withdrawn first. It concludes the round, also where every seat is vacant, unless it leaves a name to a
    later decree, as an objection to it is open (Art. 21)."""
    await decree.issue_decree(
        context,
        round_id=round_id,
        number=body.number,
        dated=body.dated,
        transitional_basis=body.transitional_basis,
        papers=decree.Papers(
            issuer=body.issuer,
            title=body.title,
            addressees=tuple(body.addressees),
            copies_to=tuple(body.copies_to),
            attachments=tuple(body.attachments),
            published_on=body.published_on,
        ),
        deferred=[decree.Deferred(item.candidate_id, item.reason) for item in body.deferred],
    )
    return await _decree(context, await decree.read_decree(context, round_id=round_id), response)


@router.get("/rounds/{round_id}/decree", summary="The decree")
async def read_decree(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> DecreeOut:
    """The decree of commendation and the awards that it conferred (Art. 22)."""
    return await _decree(context, await decree.read_decree(context, round_id=round_id), response)


@router.post("/awards/{award_id}/withdrawal", summary="Withdraw an award before the decree")
async def withdraw_award(
    award_id: UUID, body: AwardWithdrawalIn, response: Response, context: Government
) -> ApprovedAward:
    """Between approval and decree: verified fraud (Art. 26), an event of Art. 28, an objection that was upheld (Art.
    21), or a condition that the facts of today fail (Art. 4 to 6, 13). The award does not come to be, the seat stays
    empty (Art. 6), and nobody is excluded, as there was no award."""
    honour = None if body.honour is None else Honour(**body.honour.model_dump())
    accident = None if body.accident is None else Accident(**body.accident.model_dump())
    told = withdrawal.AwardWithdrawal(
        body.ground,
        body.found_on,
        body.reason,
        body.evidence,
        honour,
        body.item,
        body.event_on,
        accident,
        body.penalised_or_proven,
    )
    row = await withdrawal.withdraw_award(context, award_id=award_id, withdrawal=told)
    tagged(response, row.version)
    return (await _awards(context, [row]))[0]


async def _approval(
    context: ReadContext, rows: Sequence[Approval], awards: Sequence[Award], response: Response
) -> ApprovalOut:
    row = rows[-1]
    round_row = await read_round(context, round_id=row.round_id)
    tagged(response, round_row.version)
    return ApprovalOut(
        round_id=row.round_id,
        round_state=round_row.state,
        meeting_number=row.meeting_number,
        meeting_on=row.meeting_on,
        transitional_basis=row.transitional_basis,
        retroactive_basis=row.retroactive_basis,
        not_approved=[NotApprovedOut.model_validate(item) for found in rows for item in found.not_approved],
        warnings=[stored_finding_view(item) for item in row.warnings],
        awards=await _awards(context, awards),
        earlier_meetings=[EarlierMeeting.model_validate(item) for item in rows[:-1]],
    )


async def _decree(context: ReadContext, every: Sequence[decree.Decreed], response: Response) -> DecreeOut:
    row, awards = every[-1].decree, every[-1].awards
    round_row = await read_round(context, round_id=row.round_id)
    tagged(response, round_row.version)
    return DecreeOut(
        round_id=row.round_id,
        round_state=round_row.state,
        number=row.number,
        dated=row.dated,
        issuer=row.issuer,
        title=row.title,
        addressees=row.addressees,
        copies_to=row.copies_to,
        attachments=row.attachments,
        published_on=row.published_on,
        transitional_basis=row.transitional_basis,
        retroactive_basis=row.retroactive_basis,
        warnings=[stored_finding_view(item) for item in row.warnings],
        deferred=[DeferredOut.model_validate(item) for item in row.deferred],
        awards=await _awards(context, awards),
        earlier_decrees=[
            EarlierDecree(
                number=item.decree.number,
                dated=item.decree.dated,
                issuer=item.decree.issuer,
                title=item.decree.title,
                published_on=item.decree.published_on,
                deferred=[DeferredOut.model_validate(line) for line in item.decree.deferred],
                awards=await _awards(context, item.awards),
            )
            for item in every[:-1]
        ],
    )


async def _awards(context: ReadContext, rows: Sequence[Award]) -> list[ApprovedAward]:
    """Awards of one round."""
    printed = await printed_names(context, rows)
    told = ApprovedAward.model_fields.keys() - {"printed_name", "present_name"}
    return [
        ApprovedAward(
            **{name: getattr(row, name) for name in told},
            printed_name=row.decreed_name or printed[row.id].printed,
            present_name=printed[row.id].legal,
        )
        for row in rows
    ]


Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art10.proposes")]


@router.post("/rounds/{round_id}/proposed-list", summary="Fix the proposed list", status_code=201)
async def fix_proposed_list(round_id: UUID, response: Response, context: Office) -> ProposedListOut:
    """Proposes every name still on the list (Art. 10, 21): after each one's own full period, all of them still meeting
    the conditions (Art. 13), within the seats (Art. 6). Who fails is removed first. A name with an open formal
    objection waits, and the others go on; when its case is closed the list is fixed once more for it, also after the
    approval, which it then has of its own."""
    row = await propose.fix_proposed_list(context, round_id=round_id)
    return await _proposed(context, *await propose.read_proposed(context, round_id=row.id), response)


@router.get("/rounds/{round_id}/proposed-list", summary="The proposed list")
async def read_proposed_list(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_INSIDE)]
) -> ProposedListOut:
    """The names that the office proposes to the government (Art. 21)."""
    return await _proposed(context, *await propose.read_proposed(context, round_id=round_id), response)


async def _proposed(
    context: ReadContext, row: Round, candidates: list[Candidate], response: Response
) -> ProposedListOut:
    tagged(response, row.version)
    waiting = await propose.waiting_names(context, row)
    held = await propose.why_waiting(context, row, waiting)
    every = {item.organisation_id for item in (*candidates, *waiting)}
    names = await names_of_the_day(context.session, row.id, every)
    return ProposedListOut(
        round_id=row.id,
        round_state=row.state,
        names=[_name(item, names[item.organisation_id]) for item in candidates],
        waiting=[
            WaitingOut(
                **_name(item, names[item.organisation_id]).model_dump(),
                blocked_by=[finding_view(found) for found in held[item.id]],
            )
            for item in waiting
        ],
        vacancies=read_candidates.vacant([*candidates, *waiting], round_parameters(row)),
    )


def _name(row: Candidate, name: NameOfTheDay) -> ProposedOut:
    return ProposedOut(
        id=row.id,
        published_name=row.published_name,
        printed_name=name.printed(row.published_name),
        seat_category=row.seat_category,
        repeat_award=row.repeat_award,
        rank=row.rank,
        state=row.state,
    )
