"""Accounts: kept by the office for units, departments and reviewers; by the two administrators, each with the other,
for those that propose, decide and pay as well; the administrators' own, and the auditor's, by the operator."""

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
from app.measures.roles import AccountKind, Awaited, Membership, Role
from app.measures.state_machines import ACCOUNT, AccountState
from app.measures.text import Text
from app.services.identity.invitations import Invited, draw_code, invite
from app.services.identity.passwords import replace_password
from app.services.lifecycle import act
from app.store import identity as store
from app.store import organisations, units
from app.store.base import Base
from app.store.objections import disclosures

# An office that could make government accounts could approve what it proposes (Art. 2).
OFFICE_MAKES = frozenset({Role.RECOMMENDING_UNIT, Role.DEPARTMENT})
_PROCEDURE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.PAYMENT_PLATFORM})
# By role: whose accounts it makes. Those of administrators and of the auditor are the operator's: nobody who is one of
# the three makes another.
MAKES = {Role.OFFICE: OFFICE_MAKES, Role.SYSTEM_ADMINISTRATOR: OFFICE_MAKES | _PROCEDURE}
_OFFICE_KEEPS = OFFICE_MAKES | {Role.APPLICANT, Role.REVIEWER}
# What comes with an invitation, which whoever did it holds.
_INVITING = frozenset({"create_account", "invite_account"})
_OTHER = {
    Role.SYSTEM_ADMINISTRATOR: Awaited.SECURITY_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR: Awaited.SYSTEM_ADMINISTRATOR,
}


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
    stopped stays so; from then on no administrator lets it in."""
    if account.state is AccountState.ACTIVE:
        await _deactivate(context, account, reason=reason)
    elif account.unconfirmed and not account.stopped_apart:
        audit.record(context, "deactivate_account", "account", account.id, reason=reason)
    account.stopped_apart = True
    return account


async def _deactivate(context: WriteContext, account: store.Account, *, reason: str) -> None:
    async with act(context, ACCOUNT, account, "deactivate_account", named=False) as doing:
        doing.hear()
        await _stop(context, account)
        doing.tell(reason=reason)


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
            if account.unconfirmed:
                doing.tell(confirmed=[change["act"] for change in account.unconfirmed])
            _await(account, [])
            account.deactivated_at, account.stopped_apart = None, False
            account.tokens_valid_from = context.now
            doing.tell(reason=reason)
    return account


async def _stop(context: WriteContext, account: store.Account) -> None:
    account.deactivated_at = account.deactivated_at or context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    # Nobody knows in whose hands it was (Art. 21).
    by = context.actor.account_id
    await disclosures.end_of_decider(context.session, account.id, now=context.now, by=by)


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
    """The account, locked, where the caller keeps it: the office those of the parties, an administrator those that
    propose, decide and pay as well (Art. 2)."""
    account = existing(await store.held(context.session, account_id))
    if account.anonymised:
        raise NotFound("该账号已匿名化", "The account was anonymised")
    administrator = context.actor.role in _OTHER
    if Role(account.role) not in (_OFFICE_KEEPS | _PROCEDURE if administrator else _OFFICE_KEEPS):
        raise _kept_by_operator(context, Reason.ROLE_KEPT_BY_OPERATOR, Role(account.role))
    return account


def refuse_to_make(context: WriteContext, role: Role) -> None:
    """`Forbidden` where the caller makes no account of this role (Art. 2)."""
    if role not in MAKES[context.actor.role]:
        raise _kept_by_operator(context, Reason.ROLE_MADE_BY_OPERATOR, role)


def _kept_by_operator(context: WriteContext, of_the_office: Reason, role: Role) -> Forbidden:
    reason = Reason.ROLE_APART if context.actor.role in _OTHER else of_the_office
    return Forbidden(
        Text("该角色的账号由运行维护人员在命令行管理", "The operator keeps accounts of this role at the command line"),
        findings=[fails("art02.decider", reason, role=role.value)],
    )


async def leave_to_the_other(
    context: WriteContext, account: store.Account, change: str, *, reason: str, by: Role | None = None
) -> None:
    """What an administrator has made or changed (`change`, as in the log) lets nobody in until the other one has
    confirmed it. Where each has changed it, both do. `by`: as whom the operator acts; else it is the caller."""
    role = by or context.actor.role
    if role not in _OTHER:
        return
    if account.state is AccountState.ACTIVE:
        await _deactivate(context, account, reason=reason)
    _await(account, [*account.unconfirmed, {"act": change, "by": role.value, "at": context.now.isoformat()}])


async def stop_account(
    context: WriteContext, account: store.Account, *, reason: str, by: Role | None = None
) -> store.Account:
    """Stop an account, as whoever keeps it or as an administrator; see `leave_to_the_other`."""
    if (by or context.actor.role) in _OTHER:
        await leave_to_the_other(context, account, "deactivate_account", reason=reason, by=by)
        return account
    return await close_account(context, account, reason=reason)


async def confirm_account(
    context: WriteContext, account: store.Account, *, reason: str, keyring: Keyring, by: Role | None = None
) -> tuple[store.Account, str | None]:
    """Let an account sign in again; what an administrator has made or changed, once whoever it awaits has said so. An
    administrator confirms what the other did, and undoes nothing that the office or the operator has stopped. With the
    code of the invitation that is confirmed."""
    role = by or context.actor.role
    if account.state is AccountState.ACTIVE:
        return account, None
    left = [change for change in account.unconfirmed if _OTHER[Role(change["by"])].value != role]
    confirmed = [change["act"] for change in account.unconfirmed if change not in left]
    if not confirmed and (role in _OTHER or left):
        raise Forbidden(
            Text("该账号须由另一管理员或者停用它的一方启用", "The other administrator, or who stopped it, lets it in"),
            findings=[
                fails(
                    "art02.decider",
                    Reason.ACCOUNT_AWAITS_ANOTHER if left else Reason.ACCOUNT_STOPPED_APART,
                    role=role.value,
                )
            ],
        )
    code = await draw_code(context, account, keyring) if _INVITING.intersection(confirmed) else None
    if confirmed and (left or account.stopped_apart):
        _await(account, left)
        audit.record(context, "confirm_account", "account", account.id, reason=reason, confirmed=confirmed)
        return account, code
    return await reopen_account(context, account, reason=reason), code


async def let_in_by_two(
    context: WriteContext, account: store.Account, *, reason: str, keyring: Keyring, by: Role
) -> tuple[store.Account, str | None]:
    """As one of the administrators at the command line. Who decides or pays, or is one of the three, and was stopped by
    one operator is let in by one of them and the other; whom the office keeps, the office lets in."""
    stopped = account.state is AccountState.DEACTIVATED and not account.unconfirmed
    if stopped and Role(account.role) not in _OFFICE_KEEPS:
        account.stopped_apart = False
        audit.record(context, "confirm_account", "account", account.id, reason=reason)
        await leave_to_the_other(context, account, "activate_account", reason=reason, by=by)
        return account, None
    return await confirm_account(context, account, reason=reason, keyring=keyring, by=by)


def _await(account: store.Account, unconfirmed: list[store.UnconfirmedChange]) -> None:
    whose = {Awaited(_OTHER[Role(change["by"])]) for change in unconfirmed}
    account.unconfirmed = unconfirmed
    account.awaits = None if not whose else Awaited.BOTH if len(whose) > 1 else whose.pop()


async def me(context: ReadContext) -> store.Account:
    """The caller's own account."""
    return existing(await store.get(context.session, context.actor.known_id))
