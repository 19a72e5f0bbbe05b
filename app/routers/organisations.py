"""Organisations: registration, profile, history, members (Arts. 4, 8, 13)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.roles import Membership, Role
from app.schemas.common import Day, PageOut, Uscc, action_views, finding_view, page_view
from app.schemas.identity import AccountOut, Invited, invitation_fields
from app.schemas.organisations import (
    ClaimEvidenceIn,
    ClaimReplyIn,
    DissolutionIn,
    DissolutionWithdrawalIn,
    FormerName,
    MemberIn,
    MembersOut,
    NameChangeIn,
    OrganisationOut,
    OrganisationPatch,
    OrganisationSummary,
    Predecessor,
    RegistrationClaimOut,
    RegistrationIn,
    RegistrationOut,
    SuccessorLinkIn,
    VerificationOut,
)
from app.schemas.words import SORTED, OrganisationSort, OrganisationStateSent, RegistrationClaimStateSent
from app.services.available_acts.of_organisation import organisation_actions
from app.services.awards import concerned_awards
from app.services.identity.passwords import hash_chosen
from app.services.organisations import access, claims, members, read_organisations, verification
from app.services.organisations import add_member as add
from app.services.organisations import change_name as change
from app.services.organisations import edit_organisation as edit
from app.services.organisations import hand_in_claim_evidence as evidence
from app.services.organisations import link_successor as link
from app.services.organisations import record_dissolution as record
from app.services.organisations import register_organisation as register
from app.services.organisations import reply_to_claim as reply
from app.services.organisations import withdraw_dissolution as withdraw
from app.store.organisations import Organisation, Wanted
from app.store.organisations.claims import RegistrationClaim
from app.store.sorting import Sort
from app.web.policy import Paging, Route, acting, reading, show_once, tagged
from app.web.queries import PartOfName
from app.web.streaming import staging

router = APIRouter(prefix="/v1", route_class=Route, tags=["organisations"])


_SEEN_BY = (Role.APPLICANT, Role.OFFICE, Role.AUDITOR)


@router.post("/registrations", summary="Register an organisation", status_code=201)
async def register_organisation(
    body: RegistrationIn,
    request: Request,
    response: Response,
    context: Annotated[StreamContext, staging(Role.PUBLIC, plain=False)],
) -> RegistrationOut:
    """An organisation enters with its first account (Art. 4, 13(1)), unverified; whether it may apply is judged when it
    does. Where its credit code is registered already, this is a claim to it, which the office decides; draft and
    submission do not wait for that. A dry run tells as of a free code. A code that fails its checksum is flagged for a
    person to verify, not refused."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    new = register.NewOrganisation(**dict(body.organisation))
    account, settings = body.account, request.app.state.settings
    # Here, where nobody waits for the writer: it takes a tenth of a second.
    secret_hash = await hash_chosen(
        account.password,
        pointer="/account/password",
        about=(account.login, account.display_name, new.name),
        sample=settings.marks_samples,
    )
    first = members.Newcomer(account.login, account.display_name, Membership.SUBMIT, secret_hash=secret_hash)
    write = await context.writing()
    row, made = await register.register_organisation(
        write, new=new, first=first, keyring=request.app.state.keyring, claim_evidence=body.claim_evidence
    )
    return RegistrationOut(organisation=await _view(write, row, response), account=AccountOut.model_validate(made))


@router.get("/organisations", summary="Organisations")
async def list_organisations(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_SEEN_BY)],
    uscc: Annotated[Uscc | None, Query(description="Only the one with this code.")] = None,
    flagged: Annotated[bool | None, Query(description="True: only codes that fail their checksum.")] = None,
    state: Annotated[OrganisationStateSent | None, Query(description="Only registrations in this state.")] = None,
    name: PartOfName = None,
    since: Annotated[Day | None, Query(description="Only those registered on this day in Shanghai or later.")] = None,
    until: Annotated[Day | None, Query(description="Only those registered on this day in Shanghai or earlier.")] = None,
    sort: Annotated[OrganisationSort, Query(description=SORTED)] = Sort.NEWEST,
) -> PageOut[OrganisationSummary]:
    """Newest first unless asked otherwise (Art. 13(1)): all for the office and the auditor, an applicant's own for
    itself."""
    wanted = Wanted(uscc=uscc, state=state, flagged=flagged, name=name, since=since, until=until)
    page = await read_organisations.list_organisations(context, request=paging, wanted=wanted, sort=Sort(sort))
    return page_view(page, OrganisationSummary.model_validate)


@router.get("/organisations/{organisation_id}", summary="An organisation")
async def read_organisation(
    organisation_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_SEEN_BY)]
) -> OrganisationOut:
    """The profile with former names and predecessors, by which "first" is told (Art. 8, 13(1))."""
    return await _view(context, await access.visible(context, organisation_id=organisation_id), response)


@router.patch("/organisations/{organisation_id}", summary="Keep the profile up to date")
async def edit_organisation(
    organisation_id: UUID,
    body: OrganisationPatch,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT, needs_version=True)],
) -> OrganisationOut:
    """An applicant changes its own profile (Art. 13(1)); what is submitted already stays as it was. The name changes by
    a name change, the code never."""
    changes = body.model_dump(exclude_unset=True)
    row = await edit.edit_organisation(context, organisation_id=organisation_id, changes=changes)
    return await _view(context, row, response)


@router.post("/organisations/{organisation_id}/name-changes", summary="Change the name", status_code=201)
async def change_name(
    organisation_id: UUID,
    body: NameChangeIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT, Role.OFFICE)],
) -> OrganisationOut:
    """Another name of the same legal person, with its evidence: awards, the one prize and exclusions go with the legal
    person, not with its name (Art. 8, 26, 28). Once a document was compared with the name, that one stands until this
    one is compared too (Art. 13(1)); stating it again takes the other back."""
    row = await change.change_name(
        context, organisation_id=organisation_id, name=body.name, effective_on=body.effective_on, evidence=body.evidence
    )
    return await _view(context, row, response)


@router.post("/organisations/{organisation_id}/dissolution", summary="Record a dissolution")
async def record_dissolution(
    organisation_id: UUID,
    body: DissolutionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT, Role.OFFICE)],
) -> OrganisationOut:
    """The organisation has been deregistered or dissolved, with its day and document. Every gate of a running round
    fails from then on (Art. 13(1)), and the register says so beside its awards (Art. 31)."""
    row = await record.record_dissolution(
        context, organisation_id=organisation_id, dissolved_on=body.dissolved_on, evidence=body.evidence
    )
    view = await _view(context, row, response)
    view.warnings = [finding_view(item) for item in await concerned_awards.by_dissolution(context, row)]
    return view


@router.post("/organisations/{organisation_id}/dissolution-withdrawal", summary="Take back a dissolution")
async def withdraw_dissolution(
    organisation_id: UUID,
    body: DissolutionWithdrawalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> OrganisationOut:
    """The office takes back a dissolution that was recorded in error (Art. 13(1)), with its reason and document."""
    row = await withdraw.withdraw_dissolution(
        context,
        organisation_id=organisation_id,
        reason=body.reason,
        evidence=body.evidence,
        never_stood=body.never_stood,
    )
    return await _view(context, row, response)


@router.post("/organisations/{organisation_id}/successor-links", summary="Link to a predecessor", status_code=201)
async def link_successor(
    organisation_id: UUID,
    body: SuccessorLinkIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> OrganisationOut:
    """The office records that the organisation continues another (merger, conversion). Both lineages become one for
    interval, prize and exclusion (Art. 6, 8, 9, 26, 28); past decisions stay as they are."""
    succession = link.Succession(body.predecessor_id, body.effective_on, body.reason, body.evidence)
    row = await link.link_successor(context, organisation_id=organisation_id, succession=succession)
    view = await _view(context, row, response)
    told = await concerned_awards.by_succession(context, row, body.effective_on)
    view.warnings = [finding_view(item) for item in told]
    return view


@router.post("/organisations/{organisation_id}/members", summary="Add a member", status_code=201)
async def add_member(
    organisation_id: UUID,
    body: MemberIn,
    request: Request,
    context: Annotated[WriteContext, acting(Role.APPLICANT)],
) -> Invited:
    """An applicant who may submit adds a member, to edit or to submit as well (Art. 16, 26). The member is invited to
    choose a password: who adds a member never knows it."""
    newcomer = members.Newcomer(body.login, body.display_name, body.membership)
    account, invited = await add.add_member(
        context, organisation_id=organisation_id, newcomer=newcomer, keyring=request.app.state.keyring
    )
    show_once(request, "invitation")
    return Invited.model_validate(account).model_copy(update=invitation_fields(invited))


@router.get("/organisations/{organisation_id}/members", summary="Accounts of an organisation")
async def list_members(organisation_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]) -> MembersOut:
    """Who acts for the organisation, and who of them may submit (Art. 16, 26)."""
    rows = await members.list_members(context, organisation_id=organisation_id)
    return MembersOut(items=[AccountOut.model_validate(row) for row in rows])


@router.get("/registration-claims", summary="Claims to registered codes")
async def list_registration_claims(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    state: Annotated[RegistrationClaimStateSent | None, Query(description="Only claims in this state.")] = None,
) -> PageOut[RegistrationClaimOut]:
    """Whoever registers a code that is registered claims it (Art. 13(1)); newest first."""
    page = await claims.list_claims(context, request=paging, state=state)
    return page_view(page, lambda row: claim_view(context, row))


@router.get("/registration-claims/{claim_id}", summary="A claim")
async def read_registration_claim(
    claim_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]
) -> RegistrationClaimOut:
    """One claim to a registered code (Art. 13(1)), for both parties, the office and the auditor."""
    return claim_view(context, await claims.read_claim(context, claim_id=claim_id))


@router.post("/registration-claims/{claim_id}/evidence", summary="Hand in evidence for a claim")
async def hand_in_claim_evidence(
    claim_id: UUID, body: ClaimEvidenceIn, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> RegistrationClaimOut:
    """The claimant says by what the organisation is its own (Art. 13(1)); a verified holder has its days to reply."""
    return claim_view(
        context, await evidence.hand_in_claim_evidence(context, claim_id=claim_id, evidence=body.evidence)
    )


@router.post("/registration-claims/{claim_id}/reply", summary="Reply to a claim")
async def reply_to_claim(
    claim_id: UUID, body: ClaimReplyIn, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> RegistrationClaimOut:
    """The present holder of the code is heard (Art. 13(1))."""
    return claim_view(context, await reply.reply_to_claim(context, claim_id=claim_id, reply=body.reply))


async def _view(context: ReadContext, row: Organisation, response: Response) -> OrganisationOut:
    tagged(response, row.version)
    found = await read_organisations.read_history(context, row)
    standing = await verification.standing(context, row)
    view = OrganisationOut.model_validate(row)
    view.verifications = [VerificationOut.model_validate(item) for item in standing.verifications]
    view.claims = [claim_view(context, item) for item in standing.claims]
    view.next_steps = [finding_view(item) for item in standing.next_steps]
    view.available_actions = action_views(await organisation_actions(context, row, standing.claims))
    view.former_names = [FormerName.model_validate(item) for item in found.names]
    view.predecessors = [
        Predecessor(
            organisation_id=item.link.predecessor_id,
            name=item.name,
            uscc=item.uscc,
            effective_on=item.link.effective_on,
            reason=item.link.reason,
        )
        for item in found.predecessors
    ]
    return view


def claim_view(context: ReadContext, row: RegistrationClaim) -> RegistrationClaimOut:
    """A claim as this caller reads it: neither party reads what the other has handed in, and whoever has just
    registered is not told which registration it is against."""
    own = context.actor.organisation_id
    theirs = {"evidence": row.against_id, "reply": row.organisation_id}
    hidden = [name for name, party in theirs.items() if context.actor.role is Role.APPLICANT and own == party]
    hidden += ["against_id"] if context.actor.role is Role.PUBLIC else []
    told = {name: getattr(row, name) for name in RegistrationClaimOut.model_fields if name != "available_actions"}
    told |= dict.fromkeys(hidden)
    return RegistrationClaimOut(**told, available_actions=action_views(claims.claim_actions(context, row)))
