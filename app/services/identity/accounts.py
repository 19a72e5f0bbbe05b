"""Accounts: made by the office for units, departments and reviewers; by the operator for everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode, absent
from app.kernel.errors import Collision, FieldError, Forbidden, Invalid, NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.kernel.security.sealing import Keyring
from app.measures.findings import fails
from app.measures.ownership import account_kept_out
from app.measures.reasons import Reason
from app.measures.roles import AccountKind, Membership, Role
from app.measures.state_machines import ACCOUNT, AccountState
from app.measures.text import Text
from app.services.identity.invitations import Invited, invite
from app.services.identity.passwords import replace_password
from app.services.lifecycle import act
from app.store import identity as store
from app.store import organisations, units
from app.store.base import Base

# An office that could make government accounts could approve what it proposes (Art. 2).
OFFICE_MAKES = frozenset({Role.RECOMMENDING_UNIT, Role.DEPARTMENT})


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`secret_hash`: of the password that its person has chosen, or of the secret drawn for a machine; None: the person
    is invited to choose one."""

    login: str
    role: Role
    display_name: str
    secret_hash: str | None = None
    machine: bool = False
    organisation_id: UUID | None = None
    unit_id: UUID | None = None
    department_id: UUID | None = None
    membership: Membership | None = None


async def open_account(
    context: WriteContext, *, new: NewAccount, keyring: Keyring
) -> tuple[store.Account, Invited | None]:
    """Make any account: for the services and the operator's command, which have decided that it may be. Nobody knows a
    password of it but who chooses it: where none is chosen yet, it comes with an invitation."""
    await _check_party(context, new)
    if await store.by_login(context.session, new.login) is not None:
        raise Collision(Text("登录名已被使用", "The login is taken"), code=ProblemCode.LOGIN_TAKEN)
    account = store.Account(
        created_at=context.now,
        login=new.login,
        kind=AccountKind.MACHINE if new.machine else AccountKind.PERSON,
        role=new.role,
        display_name=new.display_name,
        secret_hash=new.secret_hash,
        organisation_id=new.organisation_id,
        unit_id=new.unit_id,
        department_id=new.department_id,
        membership=new.membership,
        tokens_valid_from=context.now,
    )
    context.session.add(account)
    await context.session.flush()
    audit.record(context, "create_account", "account", account.id, role=account.role, kind=account.kind)
    if new.secret_hash is not None:
        return account, None
    return account, await invite(context, account, keyring)


async def _check_party(context: WriteContext, new: NewAccount) -> None:
    faults = []
    if new.role is Role.RECOMMENDING_UNIT and await _missing(context, units.RecommendingUnit, new.unit_id):
        faults.append(FieldError("/unit_id", absent(new.unit_id), Text("须指明推荐单位", "Name a recommending unit")))
    if new.role is Role.DEPARTMENT and await _missing(context, units.Department, new.department_id):
        faults.append(FieldError("/department_id", absent(new.department_id), Text("须指明部门", "Name a department")))
    if new.role is Role.APPLICANT and await _missing(context, organisations.Organisation, new.organisation_id):
        faults.append(
            FieldError("/organisation_id", absent(new.organisation_id), Text("须指明组织", "Name an organisation"))
        )
    if faults:
        raise Invalid(Text("所属单位不正确", "The party is not right"), errors=faults)


async def _missing(context: WriteContext, model: type[Base], key: UUID | None) -> bool:
    return key is None or await context.session.by_id(model, key) is None


async def list_accounts(context: ReadContext, *, request: PageRequest, role: str | None) -> Page[store.Account]:
    """Accounts, for the office and the auditor."""
    rows = await store.page(context.session, after=request.after(role=role), limit=request.limit, role=role)
    return request.page(rows, key=lambda row: row.id, role=role)


async def close_account(context: WriteContext, account: store.Account, *, reason: str) -> store.Account:
    """Stop any account: for the services and the operator's command, which have decided that it may be. One that is
    stopped stays so."""
    if account.state is AccountState.ACTIVE:
        async with act(context, ACCOUNT, account, "deactivate_account", named=False) as doing:
            doing.hear()
            await _stop(context, account)
            doing.tell(reason=reason)
    return account


async def displace_account(context: WriteContext, account: store.Account, *, reason: str) -> None:
    """Stop an account that has lost its organisation to the rightful owner (Art. 13(1)): for good."""
    if account.state is AccountState.DISPLACED:
        return
    async with act(context, ACCOUNT, account, "displace_account", named=False, recorded="deactivate_account") as doing:
        doing.hear()
        await _stop(context, account)
        account.displaced_at = context.now
        doing.tell(reason=reason)


async def reopen_account(context: WriteContext, account: store.Account, *, reason: str) -> store.Account:
    """Let any account sign in again; see `close_account`."""
    if account.state is not AccountState.ACTIVE:
        async with act(context, ACCOUNT, account, "activate_account", named=False) as doing:
            doing.hear(account_kept_out(displaced=account.displaced_at is not None))
            account.deactivated_at = None
            account.tokens_valid_from = context.now
            doing.tell(reason=reason)
    return account


async def _stop(context: WriteContext, account: store.Account) -> None:
    account.deactivated_at = account.deactivated_at or context.now
    await store.revoke_all(context.session, account.id, at=context.now)


async def reset_password(context: WriteContext, account: store.Account, *, reason: str, keyring: Keyring) -> Invited:
    """Void the password of a person, with every token given before, and invite to choose another one: for the services
    and the operator's command, which have decided that it may be."""
    if account.kind is AccountKind.MACHINE:
        text = Text("机器账号没有密码", "A machine has no password")
        raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_APPLICABLE, text)])
    await replace_password(context, account, None)
    audit.record(context, "invite_account", "account", account.id, reason=reason)
    return await invite(context, account, keyring)


async def replace_secret(context: WriteContext, account: store.Account, *, secret_hash: str, reason: str) -> None:
    """Another secret for a machine; every token given before stops. For the operator's command."""
    if account.kind is not AccountKind.MACHINE:
        text = Text("个人账号请重新发出邀请", "A person is invited anew")
        raise Invalid(text, errors=[FieldError("/login", FieldCode.NOT_APPLICABLE, text)])
    account.secret_hash = secret_hash
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    audit.record(context, "draw_secret", "account", account.id, reason=reason)


async def manageable(context: WriteContext, account_id: UUID) -> store.Account:
    """The account, locked, where the office may stop it and let it in again; the operator's own are refused
    (Art. 2)."""
    account = existing(await store.held(context.session, account_id))
    if account.anonymised:
        raise NotFound("该账号已匿名化", "The account was anonymised")
    if Role(account.role) not in OFFICE_MAKES | {Role.APPLICANT, Role.REVIEWER}:
        raise Forbidden(
            Text("该账号由系统管理员管理", "This account is kept by the operator"),
            findings=[
                fails(
                    "art02.decider",
                    Reason.ROLE_KEPT_BY_OPERATOR,
                    role=account.role,
                )
            ],
        )
    return account


async def me(context: ReadContext) -> store.Account:
    """The caller's own account."""
    return existing(await store.get(context.session, context.actor.known_id))
