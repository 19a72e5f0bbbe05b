"""Revocation, recovery, exclusion (Arts. 26, 28)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.findings import Finding
from app.measures.revocations import Accident, RevocationKind
from app.measures.roles import Role
from app.schemas.common import Day, FileName, PageOut, action_views, finding_view, number_warnings, page_view
from app.schemas.revocations import (
    AnnulmentIn,
    CaseWithdrawalIn,
    ConferralDecisionIn,
    ConferralDoubtOut,
    ConferralDoubtsOut,
    ConferralFindingIn,
    EntryWithdrawalIn,
    ExclusionOut,
    GivingBackIn,
    GovernmentDecisionIn,
    LossFindingIn,
    NoticeIn,
    PartyStatementOut,
    RecoveryDetail,
    RecoveryEntryOut,
    RecoveryIn,
    RecoveryOut,
    RevocationDecisionIn,
    RevocationDetail,
    RevocationIn,
    RevocationOut,
    StatementFileOut,
    StatementIn,
    StatementLetterIn,
    WithdrawalInTimeIn,
    WithdrawalLetterFileOut,
)
from app.schemas.words import RecoveryStateSent, RevocationStateSent
from app.services.applications.heard import Letter
from app.services.awards.concerned_awards import by_revocation
from app.services.notices.publish_notice import Medium
from app.services.revocations import annul_revocation as annul
from app.services.revocations import decide_conferral as conferral
from app.services.revocations import decide_revocation as decide
from app.services.revocations import doubts, read_cases, read_exclusions, read_recoveries, statements
from app.services.revocations import enter_statement as enter
from app.services.revocations import enter_withdrawal_in_time as entering
from app.services.revocations import give_back_recovery as give
from app.services.revocations import open_revocation as opening
from app.services.revocations import publish_annulment as publishing
from app.services.revocations import publish_revocation as publish
from app.services.revocations import raise_conferral_doubt as raising
from app.services.revocations import record_recovery as record
from app.services.revocations import reject_revocation as reject
from app.services.revocations import state_on_revocation as state
from app.services.revocations import submit_revocation as submit
from app.services.revocations import upload_statement_file as upload
from app.services.revocations import upload_withdrawal_letter as scanning
from app.services.revocations import withdraw_recovery_entry as undo
from app.services.revocations import withdraw_revocation as withdraw
from app.services.revocations.cases import Decision
from app.store.revocations import Recovery, RecoveryEntry, Revocation
from app.store.revocations.conferral_doubts import ConferralDoubt
from app.web.policy import Paging, Route, acting, reading, tagged
from app.web.queries import AfterDecision
from app.web.streaming import DOWNLOAD, UPLOAD, downloading, file_response, sent_file, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["revocations"])


Office = Annotated[WriteContext, acting(Role.OFFICE)]
Proposing = Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
Government = Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")]
Proven = Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider", proof=True)]


_PARTIES = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR, Role.APPLICANT)
Party = Annotated[ReadContext, reading(*_PARTIES)]


@router.post("/awards/{award_id}/revocations", summary="Open a case of revocation", status_code=201)
async def open_revocation(
    award_id: UUID, body: RevocationIn, response: Response, context: Proposing
) -> RevocationDetail:
    """The office opens a case of verified fraud (Art. 26, at any time) or of a ground (Art. 28, an event within
    validity). The organisation is heard before it is submitted; an unpaid prize is held until it is decided."""
    case = opening.Case(
        kind=body.basis,
        facts=body.facts,
        evidence=body.evidence,
        summary=body.summary,
        ground=body.ground,
        event_on=body.event_on,
        accident=Accident(**body.accident.model_dump()) if body.accident else None,
        penalised_or_proven=body.penalised_or_proven,
        net_profits=tuple((item.year, item.net_profit_fen) for item in body.net_profits),
        found_on=body.found_on,
        found_evidence=body.found_evidence,
        losses_serious=_found(body.losses_serious),
        losses_by_mismanagement=_found(body.losses_by_mismanagement),
    )
    return await _case(context, await opening.open_revocation(context, award_id=award_id, case=case), response)


@router.post("/revocations/{revocation_id}/files", summary="Add a file", status_code=201, openapi_extra=UPLOAD)
async def upload_statement_file(
    revocation_id: UUID,
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["情况说明.pdf"])],
    request: Request,
    context: Annotated[StreamContext, uploading(Role.APPLICANT, Role.OFFICE)],
    after_decision: AfterDecision = False,
) -> StatementFileOut:
    """Takes the raw body as a file of the organisation's statement, or as the scan of its letter where the office adds
    it (Art. 26, 28), before the statement is made or entered: PDF, PNG, JPEG, DOCX, XLSX or OFD, told by content."""
    sent = sent_file(request, filename)
    row = await upload.upload_statement_file(context, revocation_id=revocation_id, sent=sent, late=after_decision)
    return StatementFileOut.model_validate(row)


@router.post("/revocations/{revocation_id}/statement", summary="Make a statement on a case")
async def state_on_revocation(
    revocation_id: UUID, body: StatementIn, response: Response, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> RevocationDetail:
    """The organisation is heard before its award is submitted for revocation (Art. 26, 28): until `reply_due_at`, by a
    member who may submit, and again where it has more to say; nothing takes the place of what was said. Whoever has
    nothing to say may say so, and need not wait."""
    row = await state.state_on_revocation(context, revocation_id=revocation_id, statement=body.statement)
    return await _case(context, row, response)


@router.post("/revocations/{revocation_id}/letters", summary="Enter a statement on paper", status_code=201)
async def enter_statement(
    revocation_id: UUID, body: StatementLetterIn, response: Response, context: Office
) -> RevocationDetail:
    """The office enters what the organisation says on paper, with its scan and the day of receipt: in the time of the
    hearing it is in time, whenever it is entered before the government decides; later it is filed (Art. 26, 28)."""
    letter = Letter(body.received_on, body.letter_reference, body.after_decision)
    row = await enter.enter_statement(context, revocation_id=revocation_id, statement=body.statement, letter=letter)
    return await _case(context, row, response)


@router.get(
    "/revocations/{revocation_id}/files/{file_id}/content",
    summary="Download a file of the statement",
    response_class=StreamingResponse,
    responses=DOWNLOAD,
)
async def download_statement_file(
    revocation_id: UUID, file_id: UUID, context: Annotated[StreamContext, downloading(*_PARTIES)]
) -> StreamingResponse:
    """The file as an attachment, for the organisation and for those who work on the case, whose access is on record
    (Art. 26, 28)."""
    row, pieces = await statements.download_file(context, revocation_id=revocation_id, file_id=file_id)
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


@router.post("/revocations/{revocation_id}/submission", summary="Submit a case to the government")
async def submit_revocation(revocation_id: UUID, response: Response, context: Proposing) -> RevocationDetail:
    """The office submits (Art. 26, 28): once the organisation has made its statement, or its time is over."""
    return await _case(context, await submit.submit_revocation(context, revocation_id=revocation_id), response)


@router.post("/revocations/{revocation_id}/withdrawal", summary="Withdraw a case")
async def withdraw_revocation(
    revocation_id: UUID, body: CaseWithdrawalIn, response: Response, context: Office
) -> RevocationDetail:
    """The office does not go on with its case, before the government has decided (Art. 26, 28); a prize that was held
    goes on (Art. 9)."""
    row = await withdraw.withdraw_revocation(context, revocation_id=revocation_id, reason=body.reason)
    return await _case(context, row, response)


@router.get("/revocations", summary="Cases of revocation")
async def list_revocations(
    paging: Paging,
    context: Party,
    state: RevocationStateSent | None = None,
) -> PageOut[RevocationOut]:
    """Cases under Art. 26 and 28; an organisation finds those on its own awards."""
    page = await read_cases.list_revocations(context, request=paging, state=state)
    return page_view(page, lambda row: _shown(context, RevocationOut.model_validate(row)))


@router.get("/revocations/{revocation_id}", summary="A case of revocation")
async def read_revocation(revocation_id: UUID, response: Response, context: Party) -> RevocationDetail:
    """One case with its consequences (Art. 26, 28). The organisation reads what it is about, its stage and what was
    decided; what others have said, and who, stays inside."""
    return await _case(context, await read_cases.read_revocation(context, revocation_id=revocation_id), response)


@router.post("/revocations/{revocation_id}/decision", summary="Revoke an award")
async def decide_revocation(
    revocation_id: UUID, body: RevocationDecisionIn, response: Response, context: Proven
) -> RevocationDetail:
    """The government revokes. Art. 26: plaque, certificate and prize come back, exclusion for ten years. Art. 28:
    nothing is recovered, exclusion for five years, an unpaid prize stays suspended for a recorded decision."""
    decision = replace(_decision(body), later_awards_in_doubt=body.later_awards_in_doubt)
    row = await decide.decide_revocation(context, revocation_id=revocation_id, decision=decision)
    return await _case(context, row, response, concerned=await by_revocation(context, row))


@router.post("/revocations/{revocation_id}/rejection", summary="Do not revoke an award")
async def reject_revocation(
    revocation_id: UUID, body: GovernmentDecisionIn, response: Response, context: Government
) -> RevocationDetail:
    """The government does not revoke (Art. 26, 28); a prize that was held goes on (Art. 9)."""
    row = await reject.reject_revocation(context, revocation_id=revocation_id, decision=_decision(body))
    return await _case(context, row, response)


@router.post("/revocations/{revocation_id}/notice", summary="Publish a revocation")
async def publish_revocation(
    revocation_id: UUID, body: NoticeIn, response: Response, context: Office
) -> RevocationDetail:
    """Tells the public through media, not before the decision's day (Art. 26, 28)."""
    media = [Medium(item.name, item.published_on, item.url, item.kind) for item in body.media]
    row = await publish.publish_revocation(context, revocation_id=revocation_id, title=body.title, media=media)
    return await _case(context, row, response)


@router.post("/revocations/{revocation_id}/annulment", summary="Record an annulment on review")
async def annul_revocation(
    revocation_id: UUID, body: AnnulmentIn, response: Response, context: Government
) -> RevocationDetail:
    """A review (行政复议), which is never the county government's own, has annulled the decision: what stood before it
    stands again (Art. 26, 28). The award and its validity, unless another decision stands; nobody is excluded,
    nothing demanded; what came back is owed to the organisation, and a prize that was not paid is due (Art. 8, 9)."""
    annulment = annul.Annulment(body.body, body.number, body.decided_on, body.reason, body.evidence)
    row = await annul.annul_revocation(context, revocation_id=revocation_id, annulment=annulment)
    return await _case(context, row, response)


@router.post("/revocations/{revocation_id}/annulment-notice", summary="Publish an annulment")
async def publish_annulment(
    revocation_id: UUID, body: NoticeIn, response: Response, context: Office
) -> RevocationDetail:
    """Tells the public that a review has annulled the revocation, in every medium that had told of it and has not ended
    (Art. 26, 28). The notice of the revocation, marked as withdrawn, refers to this one."""
    media = [Medium(item.name, item.published_on, item.url, item.kind) for item in body.media]
    row = await publishing.publish_annulment(context, revocation_id=revocation_id, title=body.title, media=media)
    return await _case(context, row, response)


@router.post(
    "/awards/{award_id}/withdrawal-letters", summary="Enter a withdrawal that came before the decree", status_code=201
)
async def enter_withdrawal_in_time(
    award_id: UUID, body: WithdrawalInTimeIn, response: Response, context: Office
) -> ConferralDoubtOut:
    """A letter by which the organisation had withdrawn came in before the day of the decree and is entered after it
    (Art. 3): the award is in doubt and its prize held until the government has decided. A letter of that day or later
    renounces an award that stands."""
    letter = entering.WithdrawalInTime(body.received_on, body.letter_reference, body.reason)
    row = await entering.enter_withdrawal_in_time(context, award_id=award_id, letter=letter)
    return await _doubt(context, row, response)


@router.post(
    "/awards/{award_id}/conferral-doubts", summary="Enter what stood against an award on its day", status_code=201
)
async def raise_conferral_doubt(
    award_id: UUID, body: ConferralFindingIn, response: Response, context: Office
) -> ConferralDoubtOut:
    """A condition was not met on or before the day of the decree, and this is found after it (Arts. 4 to 6, 13, 22):
    the award is in doubt and its prize held until the government has decided. What came up later is a case under
    Art. 28, a fraud one under Art. 26."""
    found = raising.FoundSince(body.rule, body.stood_on, body.reference, body.reason, body.evidence)
    row = await raising.raise_conferral_doubt(context, award_id=award_id, found=found)
    return await _doubt(context, row, response)


@router.get("/awards/{award_id}/conferral-doubts", summary="Doubts about an award")
async def list_conferral_doubts(award_id: UUID, context: Party) -> ConferralDoubtsOut:
    """What turned out after the decree to have stood against the award on its day (Arts. 3, 22, 26, 28), and what the
    government has decided; an organisation finds those about its own awards."""
    found = await doubts.list_doubts(context, award_id=award_id)
    return ConferralDoubtsOut(items=[await _doubt(context, row) for row in found])


@router.post(
    "/conferral-doubts/{doubt_id}/files", summary="Add a scan of the withdrawal", status_code=201, openapi_extra=UPLOAD
)
async def upload_withdrawal_letter(
    doubt_id: UUID,
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["撤回来函.pdf"])],
    request: Request,
    context: Annotated[StreamContext, uploading(Role.OFFICE)],
) -> WithdrawalLetterFileOut:
    """Takes the raw body as a scan of the letter (Art. 3), before the government decides: PDF, PNG, JPEG, DOCX, XLSX
    or OFD, told by content. Nothing is taken back for a letter without one."""
    row = await scanning.upload_withdrawal_letter(context, doubt_id=doubt_id, sent=sent_file(request, filename))
    return WithdrawalLetterFileOut.model_validate(row)


@router.get(
    "/conferral-doubts/{doubt_id}/files/{file_id}/content",
    summary="Download a scan of the withdrawal",
    response_class=StreamingResponse,
    responses=DOWNLOAD,
)
async def download_withdrawal_letter(
    doubt_id: UUID, file_id: UUID, context: Annotated[StreamContext, downloading(*_PARTIES)]
) -> StreamingResponse:
    """The scan as an attachment, for the organisation and for those who work on it, whose access is on record
    (Art. 3)."""
    row, pieces = await doubts.download_letter(context, doubt_id=doubt_id, file_id=file_id)
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


@router.post("/conferral-doubts/{doubt_id}/decision", summary="Decide on an award in doubt")
async def decide_conferral(
    doubt_id: UUID, body: ConferralDecisionIn, response: Response, context: Proven
) -> ConferralDoubtOut:
    """The government takes the award back, or upholds it (Arts. 2, 22). Taken back it is shown as revoked from that day
    on, excludes nobody and counts as never won (Art. 6, 8), and an unpaid prize is cancelled; upheld, a prize that was
    held goes on (Art. 9)."""
    row = await conferral.decide_conferral(context, doubt_id=doubt_id, outcome=body.outcome, decision=_decision(body))
    return await _doubt(context, row, response)


@router.get("/recoveries", summary="Recoveries")
async def list_recoveries(
    paging: Paging,
    context: Party,
    state: RecoveryStateSent | None = None,
) -> PageOut[RecoveryOut]:
    """Plaques, certificates and prizes that are or were to be recovered after fraud (Art. 26), or as the award was
    taken back (Art. 22); an organisation finds what it owes itself, and what is owed to it."""
    page = await read_recoveries.list_recoveries(context, request=paging, state=state)
    return page_view(page, RecoveryOut.model_validate)


@router.get("/recoveries/{recovery_id}", summary="A recovery")
async def read_recovery(recovery_id: UUID, context: Party) -> RecoveryDetail:
    """One recovery with each part that has come back (Art. 22, 26)."""
    return _recovery(*await read_recoveries.read_recovery(context, recovery_id=recovery_id))


@router.post("/recoveries/{recovery_id}/entries", summary="Record a recovery")
async def record_recovery(
    recovery_id: UUID, body: RecoveryIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RecoveryDetail:
    """The thing has come back, or money has, in parts or as a whole (Art. 22, 26)."""
    await record.record_recovery(
        context,
        recovery_id=recovery_id,
        recovered_on=body.recovered_on,
        evidence=body.evidence,
        amount_fen=body.amount_fen,
    )
    return _recovery(*await read_recoveries.read_recovery(context, recovery_id=recovery_id))


@router.post("/recoveries/{recovery_id}/entries/{entry_id}/withdrawal", summary="Take an entry of a recovery back")
async def withdraw_recovery_entry(
    recovery_id: UUID, entry_id: UUID, body: EntryWithdrawalIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RecoveryDetail:
    """The entry was wrong: what it said had come back is outstanding again, and the entry stays to be read
    (Art. 26)."""
    await undo.withdraw_recovery_entry(context, recovery_id=recovery_id, entry_id=entry_id, reason=body.reason)
    return _recovery(*await read_recoveries.read_recovery(context, recovery_id=recovery_id))


@router.post("/recoveries/{recovery_id}/giving-back", summary="Record what was given back")
async def give_back_recovery(
    recovery_id: UUID, body: GivingBackIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RecoveryDetail:
    """After an annulment on review: what had come back is with the organisation again (Art. 26)."""
    await give.give_back_recovery(
        context, recovery_id=recovery_id, given_back_on=body.given_back_on, evidence=body.evidence
    )
    return _recovery(*await read_recoveries.read_recovery(context, recovery_id=recovery_id))


@router.get("/exclusions", summary="Exclusions")
async def list_exclusions(
    paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)], on: Day | None = None
) -> PageOut[ExclusionOut]:
    """Who may not take part, until when (Art. 26, 28): public, also for the upper-level awards. `on` keeps those that
    run on that day."""
    page = await read_exclusions.list_exclusions(context, request=paging, on=on)
    return page_view(
        page,
        lambda pair: ExclusionOut(
            id=pair[0].id,
            organisation_id=pair[1].id,
            organisation_name=pair[1].name,
            uscc=pair[1].uscc,
            article=pair[0].article,
            from_day=pair[0].from_day,
            last_day=pair[0].last_day,
            notice_id=pair[2],
        ),
    )


def _found(body: LossFindingIn | None) -> opening.Found | None:
    return None if body is None else opening.Found(body.found, body.reason, body.evidence)


def _decision(body: GovernmentDecisionIn) -> Decision:
    return Decision(body.number, body.decided_on, body.reason)


async def _doubt(context: ReadContext, row: ConferralDoubt, response: Response | None = None) -> ConferralDoubtOut:
    if response is not None:
        tagged(response, row.version)
    view = ConferralDoubtOut.model_validate(row)
    view.files = [WithdrawalLetterFileOut.model_validate(item) for item in await doubts.letter_files(context, row)]
    view.next_steps = [finding_view(item) for item in await doubts.due(context, row)]
    return view


def _recovery(row: Recovery, entries: Sequence[RecoveryEntry]) -> RecoveryDetail:
    view = RecoveryDetail.model_validate(row)
    view.entries = [RecoveryEntryOut.model_validate(entry) for entry in entries]
    return view


async def _case(
    context: ReadContext, row: Revocation, response: Response, concerned: Sequence[Finding] = ()
) -> RevocationDetail:
    tagged(response, row.version)
    view = _shown(context, RevocationDetail.model_validate(row))
    view.warnings = number_warnings(RevocationKind(row.basis).rule_id, row.decision_number, row.annulled_number)
    view.warnings += map(finding_view, concerned)
    view.open_duties = [finding_view(item) for item in await read_cases.open_duties(context, row)]
    view.files = [StatementFileOut.model_validate(item) for item in await read_cases.files_of(context, row)]
    view.statements = [PartyStatementOut.model_validate(one) for one in await statements.statements_of(context, row)]
    view.available_actions = action_views(await read_cases.revocation_actions(context, row))
    return view


_View = TypeVar("_View", bound=RevocationOut)


def _shown(context: ReadContext, view: _View) -> _View:
    """The case as its reader may see it: the organisation learns what it is about, not who said what of it."""
    if context.actor.role is Role.APPLICANT:
        view.facts = view.evidence = view.found_evidence = None
        view.event = {name: view.event[name] for name in ("accident", "net_profit_fen") if name in view.event}
    return view
