"""Signing in, keys, accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.field_formats import words_pattern
from app.kernel.security.passwords import hash_secret, random_secret
from app.measures.roles import AccountKind, Role
from app.measures.text import Text
from app.schemas.common import Done, PageOut, page_view
from app.schemas.identity import (
    AccessTokenOut,
    AccountActivated,
    AccountIn,
    AccountMade,
    AccountOut,
    GrantType,
    InvitationAcceptance,
    Invited,
    Jwks,
    OutsideIdentityIn,
    OutsideIdentityOut,
    PasswordChange,
    Proof,
    Reason,
    SecondFactorEnrolmentIn,
    SecondFactorEnrolmentOut,
    SecondFactorIn,
    SecondFactorOut,
    SessionOut,
    SessionsOut,
    SignInOut,
    SignOut,
    TokenOut,
    invitation_fields,
)
from app.services.identity import accept_invitation as accept
from app.services.identity import accounts, sessions
from app.services.identity import activate_account as activate
from app.services.identity import change_password as change
from app.services.identity import confirm_second_factor as confirm
from app.services.identity import create_account as create
from app.services.identity import deactivate_account as deactivate
from app.services.identity import end_session as end
from app.services.identity import enrol_second_factor as enrol
from app.services.identity import invite_account as invite
from app.services.identity import issue_token as issue
from app.services.identity import link_outside_identity as link
from app.services.identity import prove_again as prove
from app.services.identity import remove_second_factor as remove
from app.services.identity import revoke_token as revoke
from app.services.identity import unlink_outside_identity as unlink
from app.store.identity import AccountSession
from app.web import oauth
from app.web.policy import EVERYONE, Paging, Route, acting, reading, said_in, show_once
from app.web.problems import domain_problem
from app.web.streaming import staging

router = APIRouter(route_class=Route, tags=["identity"])

# Who keeps accounts, who their rights and factors: each administrator's act waits for the other.
_ACCOUNTS = (Role.OFFICE, Role.SYSTEM_ADMINISTRATOR)
_RIGHTS = (Role.OFFICE, Role.SECURITY_ADMINISTRATOR)
_KEEPERS = (Role.OFFICE, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)


@router.post("/v1/tokens", summary="Sign in", response_model=TokenOut, response_model_exclude_none=True)
async def issue_token(
    request: Request,
    response: Response,
    context: Annotated[StreamContext, staging(Role.PUBLIC, of_clients=True)],
    grant_type: Annotated[str, Form(pattern=words_pattern(GrantType))],
    username: Annotated[str | None, Form(max_length=80)] = None,
    password: Annotated[str | None, Form(max_length=200)] = None,
    client_id: Annotated[str | None, Form(max_length=80)] = None,
    client_secret: Annotated[str | None, Form(max_length=200)] = None,
    refresh_token: Annotated[str | None, Form(max_length=200)] = None,
    challenge: Annotated[str | None, Form(max_length=2000)] = None,
    code: Annotated[str | None, Form(max_length=40)] = None,
    outside_token: Annotated[str | None, Form(max_length=8192)] = None,
    nonce: Annotated[str | None, Form(max_length=255)] = None,
) -> TokenOut | JSONResponse:
    """People sign in with `password` and go on with `refresh_token`, which is used up at each use; machines with
    `client_credentials`. A refresh token used twice ends its whole sign-in. Where an account has a second factor, the
    password is answered with 401 `second_factor_required` and a `challenge`: send it with a code and `second_factor`.
    Where an outside provider is set, its ID token is taken with `outside_token`, once, and for accounts that are linked
    to its subject; `nonce` is the one that the sign-in there was begun with. A machine names itself by
    `Authorization: Basic` or in the form. Errors are those of RFC 6749, section 5.2: `error` and `error_description`
    stand in the problem, which is `application/json` for those who accept that alone. No answer is kept for
    an `Idempotency-Key` here, and there is no dry run. Serves every role of Art. 2, 3, 10 and 11.
    """
    client = oauth.client_of(request.headers, client_id=client_id, client_secret=client_secret)
    shown: issue.Claimed | issue.Coded | issue.Outside | str
    if grant_type == GrantType.REFRESH_TOKEN:
        shown = _needed(refresh_token, "refresh_token")
    elif grant_type == GrantType.CLIENT_CREDENTIALS:
        name, secret = _needed(client.id, "client_id"), _needed(client.secret, "client_secret")
        shown = issue.Claimed(name, secret, machine=True)
    elif grant_type == GrantType.SECOND_FACTOR:
        shown = issue.Coded(_needed(challenge, "challenge"), _needed(code, "code"))
    elif grant_type == GrantType.OUTSIDE_TOKEN:
        shown = issue.Outside(_needed(outside_token, "outside_token"), nonce)
    else:
        shown = issue.Claimed(_needed(username, "username"), _needed(password, "password"), machine=False)
    if grant_type != GrantType.CLIENT_CREDENTIALS:
        oauth.without_secret(client)
    state = request.app.state
    by = issue.Issuing(state.tokens, state.throttle, state.refusals, state.keyring, state.provider)
    given = await issue.issue_token(context, by=by, shown=shown)
    if given is None:
        # Answered, not raised: the end of the session is committed with this answer.
        return domain_problem(request, issue.reused())
    # The standard asks for it beside `Cache-Control`.
    response.headers["Pragma"] = "no-cache"
    return TokenOut.model_validate(given)


@router.post("/v1/tokens/revocation", summary="Sign out")
async def revoke_token(body: SignOut, context: Annotated[WriteContext, acting(Role.PUBLIC)]) -> Done:
    """Ends the session that a refresh token belongs to: every token of it is refused from now on. An unknown token is
    no error."""
    await revoke.revoke_token(context, token=body.refresh_token)
    return Done(done_at=context.now)


@router.get("/.well-known/jwks.json", summary="Public keys")
async def read_keys(
    request: Request, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> Jwks:
    """The public keys, by `kid`, that verify the access tokens; a new one stands here before it signs. Ask again for a
    `kid` that you do not know."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return Jwks.model_validate(request.app.state.tokens.jwks)


@router.get("/.well-known/oauth-authorization-server", summary="Where and how to sign in")
async def read_sign_in(
    request: Request, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> SignInOut:
    """The token endpoint and the grants that it takes, as RFC 8414 has it, so that a client finds them by itself."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return SignInOut.model_validate(oauth.metadata(base_url=request.app.state.settings.public_base_url))


@router.get("/v1/me", summary="My account")
async def read_me(context: Annotated[ReadContext, reading(*EVERYONE)]) -> AccountOut:
    """The caller's account: role and party."""
    return AccountOut.model_validate(await accounts.me(context))


@router.post("/v1/me/password", summary="Change my password")
async def change_password(
    body: PasswordChange, request: Request, context: Annotated[StreamContext, staging(*EVERYONE)]
) -> Done:
    """Sets a new password; every token given before stops at once. Wrong old ones are counted, as at the sign-in. It is
    refused where it is easily guessed, was published or was the account's before. No answer is kept for an
    `Idempotency-Key` here, and there is no dry run."""
    state = request.app.state
    await change.change_password(
        context, throttle=state.throttle, refusals=state.refusals, old=body.old_password, new=body.new_password
    )
    return Done(done_at=context.now)


@router.post("/v1/me/proof", summary="Show my password again")
async def prove_again(
    body: Proof, request: Request, context: Annotated[StreamContext, staging(*EVERYONE)]
) -> AccessTokenOut:
    """Gives an access token of the same session with which a revocation (Art. 28), the disclosure of an identity, scans
    too (Art. 21), the release of money (Art. 9) and what the office does to accounts (Art. 2) may follow for a few
    minutes: they answer 401 `proof_required` without. A sign-in is a proof as well. Whoever has a second factor sends a
    code beside the password (401 `second_factor_required` without). Wrong passwords and codes are counted."""
    state = request.app.state
    given = await prove.prove_again(
        context,
        issuer=state.tokens,
        throttle=state.throttle,
        refusals=state.refusals,
        keyring=state.keyring,
        password=body.password,
        code=body.code,
    )
    return AccessTokenOut.model_validate(given)


@router.get("/v1/me/sessions", summary="My sessions")
async def list_sessions(context: Annotated[ReadContext, reading(*EVERYONE)]) -> SessionsOut:
    """The caller's sessions that have not ended, the newest first, with the address that each was begun from."""
    items = [_session(row, context.actor.session_id) for row in await sessions.own_sessions(context)]
    return SessionsOut(items=items)


@router.post("/v1/me/sessions/{session_id}/ending", summary="End a session of mine")
async def end_session(session_id: UUID, context: Annotated[WriteContext, acting(*EVERYONE)]) -> Done:
    """Every token of it is refused from now on. Another's session, and one that has ended, is not found."""
    await end.end_session(context, session_id=session_id)
    return Done(done_at=context.now)


def _session(row: AccountSession, own: UUID | None) -> SessionOut:
    return SessionOut(
        id=row.id,
        created_at=row.created_at,
        renewed_at=row.renewed_at,
        ends_at=row.ends_at,
        origin=row.origin,
        current=row.id == own,
    )


@router.post("/v1/invitations/acceptance", summary="Accept an invitation")
async def accept_invitation(
    body: InvitationAcceptance, request: Request, context: Annotated[StreamContext, staging(Role.PUBLIC)]
) -> AccountOut:
    """Whoever was given the invitation sets the password of the account that somebody else has made (Art. 2, 3, 11,
    17). It is taken once, until it expires. A password that is easily guessed, was published or was the account's
    before is refused, and uses nothing up. No answer is kept for an `Idempotency-Key` here, and there is no dry run."""
    account = await accept.accept_invitation(
        context,
        keyring=request.app.state.keyring,
        invitation=body.invitation,
        code=body.acceptance_code,
        password=body.password,
    )
    return AccountOut.model_validate(account)


@router.post("/v1/second-factor-enrolments", summary="Begin to enrol an authenticator", status_code=201)
async def enrol_second_factor(
    body: SecondFactorEnrolmentIn, request: Request, context: Annotated[StreamContext, staging(Role.PUBLIC)]
) -> SecondFactorEnrolmentOut:
    """For a person without a second factor, who shows the password: the secret of an authenticator (TOTP, RFC 6238).
    Nothing changes until its first code comes back. Wrong passwords are counted, as at the sign-in (Art. 2)."""
    state = request.app.state
    claimed = issue.Claimed(body.login, body.password, machine=False)
    begun = await enrol.enrol_second_factor(
        context, throttle=state.throttle, refusals=state.refusals, keyring=state.keyring, claimed=claimed
    )
    return SecondFactorEnrolmentOut.model_validate(begun)


@router.post("/v1/second-factors", summary="Confirm the authenticator", status_code=201)
async def confirm_second_factor(
    body: SecondFactorIn, request: Request, context: Annotated[StreamContext, staging(Role.PUBLIC)]
) -> SecondFactorOut:
    """The first code shows that the authenticator works: from then on a sign-in asks for one, and what was given before
    without one stops (Art. 2). Each code is taken once, this one included."""
    state = request.app.state
    codes = await confirm.confirm_second_factor(
        await context.writing(),
        throttle=state.throttle,
        keyring=state.keyring,
        challenge=body.challenge,
        code=body.code,
    )
    return SecondFactorOut(recovery_codes=codes)


@router.post("/v1/accounts/{account_id}/second-factor/removal", summary="Remove a second factor")
async def remove_second_factor(
    account_id: UUID, body: Reason, context: Annotated[WriteContext, acting(*_RIGHTS, proof=True)]
) -> AccountOut:
    """For a person who has lost the authenticator and the recovery codes: it, they and every token stop at once. Those
    of accounts that decide or audit are removed by the operator (Art. 2)."""
    return AccountOut.model_validate(
        await remove.remove_second_factor(context, account_id=account_id, reason=body.reason)
    )


@router.post("/v1/accounts/{account_id}/outside-identity", summary="Link with the outside provider", status_code=201)
async def link_outside_identity(
    account_id: UUID, body: OutsideIdentityIn, context: Annotated[WriteContext, acting(*_RIGHTS, proof=True)]
) -> OutsideIdentityOut:
    """Whoever signs in at the outside provider under this subject is this account; what it may do is said here alone.
    Accounts that decide, pay or audit are linked by the operator (Art. 2)."""
    row = await link.link_outside_identity(context, account_id=account_id, subject=body.subject, reason=body.reason)
    return OutsideIdentityOut.model_validate(row)


@router.post("/v1/accounts/{account_id}/outside-identity/removal", summary="End the link with the outside provider")
async def unlink_outside_identity(
    account_id: UUID, body: Reason, context: Annotated[WriteContext, acting(*_RIGHTS, proof=True)]
) -> AccountOut:
    """The account signs in by the outside provider no more, and every token that it holds stops (Art. 2)."""
    return AccountOut.model_validate(
        await unlink.unlink_outside_identity(context, account_id=account_id, reason=body.reason)
    )


async def _draw(request: Request) -> None:
    """The secret of a machine, hashed while no transaction is open."""
    body = await said_in(request)
    if isinstance(body, dict) and body.get("kind") == AccountKind.MACHINE:
        secret = random_secret()
        request.state.drawn = secret, await hash_secret(secret)


@router.post("/v1/accounts", summary="Make an account", status_code=201)
async def create_account(
    body: AccountIn,
    request: Request,
    context: Annotated[WriteContext, acting(*_ACCOUNTS, rule="art02.decider", before=_draw, proof=True)],
) -> AccountMade:
    """The office makes accounts of recommending units (Art. 3) and departments (Art. 17), the system administrator also
    those that propose, decide or pay, each confirmed by the security administrator (`activate_account`). Administrators
    and auditors are the operator's (Art. 2). A person is invited to choose a password, which who makes the account
    never knows."""
    secret, secret_hash = getattr(request.state, "drawn", (None, None))
    new = accounts.NewAccount(
        login=body.login,
        role=body.role,
        display_name=body.display_name,
        secret_hash=secret_hash,
        machine=body.kind == AccountKind.MACHINE,
        unit_id=body.unit_id,
        department_id=body.department_id,
    )
    account, invited = await create.create_account(context, new=new, keyring=request.app.state.keyring)
    show_once(request, "client_secret", "invitation")
    made = AccountMade.model_validate(account)
    return made.model_copy(update={"client_secret": secret, **invitation_fields(invited)})


@router.post("/v1/accounts/{account_id}/invitations", summary="Invite a person anew", status_code=201)
async def invite_account(
    account_id: UUID, body: Reason, request: Request, context: Annotated[WriteContext, acting(*_ACCOUNTS, proof=True)]
) -> Invited:
    """For a person who has lost the password or the invitation: both, and every token, stop at once (Art. 2)."""
    account, invited = await invite.invite_account(
        context, account_id=account_id, reason=body.reason, keyring=request.app.state.keyring
    )
    show_once(request, "invitation")
    return Invited.model_validate(account).model_copy(update=invitation_fields(invited))


@router.get("/v1/accounts", summary="Accounts")
async def list_accounts(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_KEEPERS, Role.AUDITOR)],
    role: Role | None = None,
) -> PageOut[AccountOut]:
    """All accounts, optionally of one role."""
    return page_view(await accounts.list_accounts(context, request=paging, role=role), AccountOut.model_validate)


@router.post("/v1/accounts/{account_id}/deactivation", summary="Deactivate an account")
async def deactivate_account(
    account_id: UUID, body: Reason, context: Annotated[WriteContext, acting(*_KEEPERS, proof=True)]
) -> AccountOut:
    """Stops an account at once: the tokens that it holds are refused from now on."""
    return AccountOut.model_validate(
        await deactivate.deactivate_account(context, account_id=account_id, reason=body.reason)
    )


@router.post("/v1/accounts/{account_id}/activation", summary="Activate an account")
async def activate_account(
    account_id: UUID,
    body: Reason,
    request: Request,
    context: Annotated[WriteContext, acting(*_KEEPERS, proof=True)],
) -> AccountActivated:
    """Lets a deactivated account sign in again. Tokens given before stay refused. What one administrator has made or
    changed, the other lets in (`awaits`); an invitation is then taken with the code that who confirms is shown."""
    account, code = await activate.activate_account(
        context, account_id=account_id, reason=body.reason, keyring=request.app.state.keyring
    )
    show_once(request, "acceptance_code")
    return AccountActivated.model_validate(account).model_copy(update={"acceptance_code": code})


def _needed(value: str | None, name: str) -> str:
    # A password may hold anything; a login is looked for in the database, which holds no NUL.
    if value is None or (name not in ("password", "client_secret") and not value.isprintable()):
        text = Text(f"缺少 {name}", f"{name} is missing")
        raise Invalid(text, errors=[FieldError(f"/{name}", FieldCode.REQUIRED, text)])
    return value
