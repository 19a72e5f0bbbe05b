"""Accounts that the office may not make: government, auditor, payment platform, the office itself (Art. 2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.commands.administrators import Administrator
from app.commands.operator import operating
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, absent
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.security.passwords import hash_secret, random_secret
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.measures.roles import Membership, Role
from app.measures.text import Text
from app.services.identity import accounts, outside_identities
from app.services.identity.invitations import Invited
from app.services.identity.second_factors import take_factor_away
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


@dataclass(frozen=True, slots=True)
class Made:
    """A new account, with what is shown this once: a machine's secret, or the invitation to a person's."""

    id: UUID
    secret: str | None
    invited: Invited | None


async def create(settings: Settings, wanted: Wanted) -> Made:
    """Make the account."""
    secret = random_secret() if wanted.machine else None
    secret_hash = None if secret is None else await hash_secret(secret)
    async with operating(settings) as context:
        party = await _party(context, wanted)
        new = accounts.NewAccount(
            login=wanted.login,
            role=wanted.role,
            display_name=wanted.display_name,
            secret_hash=secret_hash,
            machine=wanted.machine,
            membership=wanted.membership,
            organisation_id=party if wanted.role is Role.APPLICANT else None,
            unit_id=party if wanted.role is Role.RECOMMENDING_UNIT else None,
            department_id=party if wanted.role is Role.DEPARTMENT else None,
        )
        account, invited = await accounts.open_account(context, new=new, keyring=Keyring.of(settings))
    return Made(account.id, secret, invited)


async def deactivate(settings: Settings, *, login: str, reason: str) -> None:
    """Stop the account at once, whatever its role."""
    async with operating(settings) as context:
        await accounts.close_account(context, await _named(context, login), reason=reason)


async def activate(settings: Settings, *, login: str, reason: str) -> None:
    """Let the account sign in again."""
    async with operating(settings) as context:
        await accounts.reopen_account(context, await _named(context, login), reason=reason)


async def invite(settings: Settings, *, login: str, reason: str) -> Invited:
    """Invite a person anew; the password and every token stop at once."""
    async with operating(settings) as context:
        account = await _named(context, login)
        return await accounts.reset_password(context, account, reason=reason, keyring=Keyring.of(settings))


async def new_secret(settings: Settings, *, login: str, reason: str) -> str:
    """Draw a new secret for a machine; the old one and every token stop at once."""
    secret = random_secret()
    secret_hash = await hash_secret(secret)
    async with operating(settings) as context:
        await accounts.replace_secret(context, await _named(context, login), secret_hash=secret_hash, reason=reason)
    return secret


async def remove_second_factor(settings: Settings, *, login: str, reason: str) -> None:
    """Take the second factor away from somebody who has lost the device."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        await take_factor_away(context, await _named(context, login), reason=reason)


async def link(settings: Settings, *, login: str, subject: str, reason: str) -> None:
    """Link the account with a subject of the outside provider."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        await outside_identities.link(context, await _named(context, login), subject=subject, reason=reason)


async def unlink(settings: Settings, *, login: str, reason: str) -> None:
    """End the account's link with the outside provider."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        await outside_identities.unlink(context, await _named(context, login), reason=reason)


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
