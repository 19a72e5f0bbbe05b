"""Signing in, keys, accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.field_formats import words_pattern
from app.measures.roles import AccountKind, Role
from app.measures.text import Text
from app.schemas.common import Done, PageOut, page_view
from app.schemas.identity import (
    AccessTokenOut,
    AccountIn,
    AccountMade,
    AccountOut,
    Jwks,
    PasswordChange,
    Proof,
    Reason,
    SessionOut,
    SessionsOut,
    SignOut,
    TokenOut,
)
from app.services.identity import accounts, sessions
from app.services.identity import activate_account as activate
from app.services.identity import change_password as change
from app.services.identity import create_account as create
from app.services.identity import deactivate_account as deactivate
from app.services.identity import end_session as end
from app.services.identity import issue_token as issue
from app.services.identity import prove_again as prove
from app.services.identity import revoke_token as revoke
from app.store.identity import AccountSession
from app.web.policy import EVERYONE, Paging, Route, acting, reading, show_once
from app.web.problems import domain_problem
from app.web.streaming import staging

router = APIRouter(route_class=Route, tags=["identity"])

_GRANTS = ("password", "refresh_token", "client_credentials")


@router.post("/v1/tokens", summary="Sign in", response_model=TokenOut, response_model_exclude_none=True)
async def issue_token(
    request: Request,
    context: Annotated[StreamContext, staging(Role.PUBLIC)],
    grant_type: Annotated[str, Form(pattern=words_pattern(_GRANTS))],
    username: Annotated[str | None, Form(max_length=80)] = None,
    password: Annotated[str | None, Form(max_length=200)] = None,
    client_id: Annotated[str | None, Form(max_length=80)] = None,
    client_secret: Annotated[str | None, Form(max_length=200)] = None,
    refresh_token: Annotated[str | None, Form(max_length=200)] = None,
) -> TokenOut | JSONResponse:
    """People sign in with `password` and go on with `refresh_token`, which is used up at each use; machines with
    `client_credentials`. A refresh token used twice ends its whole sign-in. No answer is kept for
    an `Idempotency-Key` here, and there is no dry run. Serves every role of Art. 2, 3, 10 and 11.
    """
    shown: issue.Claimed | str
    if grant_type == "refresh_token":
        shown = _needed(refresh_token, "refresh_token")
    elif grant_type == "client_credentials":
        shown = issue.Claimed(_needed(client_id, "client_id"), _needed(client_secret, "client_secret"), machine=True)
    else:
        shown = issue.Claimed(_needed(username, "username"), _needed(password, "password"), machine=False)
    state = request.app.state
    given = await issue.issue_token(
        context, issuer=state.tokens, throttle=state.throttle, refusals=state.refusals, shown=shown
    )
    if given is None:
        # Answered, not raised: the end of the session is committed with this answer.
        return domain_problem(request, issue.reused())
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


@router.get("/v1/me", summary="My account")
async def read_me(context: Annotated[ReadContext, reading(*EVERYONE)]) -> AccountOut:
    """The caller's account: role and party."""
    return AccountOut.model_validate(await accounts.me(context))


@router.post("/v1/me/password", summary="Change my password")
async def change_password(
    body: PasswordChange, request: Request, context: Annotated[WriteContext, acting(*EVERYONE, guessable=True)]
) -> Done:
    """Sets a new password; every token given before stops at once. Wrong old ones are counted, as at the sign-in."""
    throttle = request.app.state.throttle
    await change.change_password(
        context, throttle=throttle, guess=request.state.guess, old=body.old_password, new=body.new_password
    )
    return Done(done_at=context.now)


@router.post("/v1/me/proof", summary="Show my password again")
async def prove_again(
    body: Proof, request: Request, context: Annotated[StreamContext, staging(*EVERYONE)]
) -> AccessTokenOut:
    """Gives an access token of the same session with which a revocation (Art. 28), the disclosure of an identity
    (Art. 21) and the release of money (Art. 9) may follow for a few minutes: they answer 401 `proof_required` without.
    A sign-in is a proof as well. Wrong passwords are counted, as at the sign-in."""
    state = request.app.state
    given = await prove.prove_again(
        context, issuer=state.tokens, throttle=state.throttle, refusals=state.refusals, password=body.password
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


@router.post("/v1/accounts", summary="Make an account", status_code=201)
async def create_account(
    body: AccountIn,
    request: Request,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> AccountMade:
    """The office makes accounts of recommending units (Art. 3) and departments (Art. 17). Accounts that decide, pay or
    audit are the operator's (Art. 2)."""
    if (body.kind == AccountKind.PERSON) == (body.password is None):
        text = Text("个人账号须设密码，机器账号不设密码", "A person needs a password, a machine has none")
        raise Invalid(text, errors=[FieldError("/password", FieldCode.INCONSISTENT, text)])
    new = accounts.NewAccount(
        login=body.login,
        role=body.role,
        display_name=body.display_name,
        secret=body.password,
        machine=body.kind == AccountKind.MACHINE,
        unit_id=body.unit_id,
        department_id=body.department_id,
    )
    account, secret = await create.create_account(context, new=new)
    show_once(request, "client_secret")
    made = AccountMade.model_validate(account)
    return made.model_copy(update={"client_secret": secret})


@router.get("/v1/accounts", summary="Accounts")
async def list_accounts(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    role: Role | None = None,
) -> PageOut[AccountOut]:
    """All accounts, optionally of one role."""
    return page_view(await accounts.list_accounts(context, request=paging, role=role), AccountOut.model_validate)


@router.post("/v1/accounts/{account_id}/deactivation", summary="Deactivate an account")
async def deactivate_account(
    account_id: UUID, body: Reason, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> AccountOut:
    """Stops an account at once: the tokens that it holds are refused from now on."""
    return AccountOut.model_validate(
        await deactivate.deactivate_account(context, account_id=account_id, reason=body.reason)
    )


@router.post("/v1/accounts/{account_id}/activation", summary="Activate an account")
async def activate_account(
    account_id: UUID, body: Reason, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> AccountOut:
    """Lets a deactivated account sign in again. Tokens given before stay refused."""
    return AccountOut.model_validate(
        await activate.activate_account(context, account_id=account_id, reason=body.reason)
    )


def _needed(value: str | None, name: str) -> str:
    # A password may hold anything; a login is looked for in the database, which holds no NUL.
    if value is None or (name in ("username", "client_id") and not value.isprintable()):
        text = Text(f"缺少 {name}", f"{name} is missing")
        raise Invalid(text, errors=[FieldError(f"/{name}", FieldCode.REQUIRED, text)])
    return value
