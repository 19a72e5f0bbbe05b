"""Accounts that the office may not make: government, auditor, payment platform, the office itself (Art. 2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.commands.operator import operating
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, absent
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.settings import Settings
from app.measures.roles import Membership, Role
from app.measures.text import Text
from app.services.identity import accounts
from app.store import identity, organisations, units


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account to make. `party`: the unit's or department's name, or the organisation's credit code."""

    role: Role
    login: str
    display_name: str
    machine: bool
    party: str | None
    membership: Membership | None


async def create(settings: Settings, wanted: Wanted) -> tuple[UUID, str]:
    """The account's id and its drawn secret, which is shown this once."""
    async with operating(settings) as context:
        party = await _party(context, wanted)
        new = accounts.NewAccount(
            login=wanted.login,
            role=wanted.role,
            display_name=wanted.display_name,
            machine=wanted.machine,
            membership=wanted.membership,
            organisation_id=party if wanted.role is Role.APPLICANT else None,
            unit_id=party if wanted.role is Role.RECOMMENDING_UNIT else None,
            department_id=party if wanted.role is Role.DEPARTMENT else None,
        )
        account, secret = await accounts.open_account(context, new=new)
    if secret is None:
        raise RuntimeError("an account without a secret")
    return account.id, secret


async def deactivate(settings: Settings, *, login: str, reason: str) -> None:
    """Stop the account at once, whatever its role."""
    async with operating(settings) as context:
        await accounts.close_account(context, await _named(context, login), reason=reason)


async def activate(settings: Settings, *, login: str, reason: str) -> None:
    """Let the account sign in again."""
    async with operating(settings) as context:
        await accounts.reopen_account(context, await _named(context, login), reason=reason)


async def new_secret(settings: Settings, *, login: str, reason: str) -> str:
    """Draw a new secret; the old one and every token stop at once."""
    async with operating(settings) as context:
        return await accounts.draw_secret(context, await _named(context, login), reason=reason)


async def _named(context: WriteContext, login: str) -> identity.Account:
    return existing(await identity.by_login(context.session, login), "没有此账号", "No such account")


async def _party(context: WriteContext, wanted: Wanted) -> UUID | None:
    finders = {
        Role.RECOMMENDING_UNIT: units.unit_named,
        Role.DEPARTMENT: units.department_named,
        Role.APPLICANT: organisations.holder_of,
    }
    find = finders.get(wanted.role)
    if find is None:
        if wanted.party is not None:
            raise _wrong(Text("该角色没有所属单位", "This role has no party"), FieldCode.NOT_APPLICABLE)
        return None
    found = None if wanted.party is None else await find(context.session, wanted.party)
    if found is None:
        raise _wrong(Text("没有此单位，请核对 --party", "There is no such party; check --party"), absent(wanted.party))
    key: UUID = found.id
    return key


def _wrong(text: Text, code: FieldCode) -> Invalid:
    return Invalid(text, errors=[FieldError("/party", code, text)])
