"""Accounts that the office may not make: government, auditor, payment platform, the office itself (Art. 2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.commands.administrators import Administrator, role_of
from app.commands.operator import operating
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, absent
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.security.passwords import hash_secret, random_secret
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.measures.roles import Awaited, Membership, Role
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
    awaits: Awaited | None


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
        awaits = await _left(context, account, "create_account", reason=f"create_account: {new.role.value}")
    return Made(account.id, secret, invited, awaits)


async def deactivate(settings: Settings, *, login: str, reason: str) -> Awaited | None:
    """Stop the account at once, whatever its role."""
    async with operating(settings) as context:
        account = await _named(context, login)
        by = role_of(settings, Administrator.SYSTEM)
        return (await accounts.stop_account(context, account, reason=reason, by=by)).awaits


async def activate(
    settings: Settings, *, login: str, reason: str, by: Administrator
) -> tuple[identity.Account, str | None]:
    """Let the account sign in again; where the settings name the administrators, once it awaits none of them. With the
    code that goes with its invitation, where that is what is confirmed."""
    role = role_of(settings, by)
    async with operating(settings, by=by) as context:
        account = await _named(context, login)
        if role is None:
            return await accounts.reopen_account(context, account, reason=reason), None
        keyring = Keyring.of(settings)
        return await accounts.let_in_by_two(context, account, reason=reason, keyring=keyring, by=role)


async def invite(settings: Settings, *, login: str, reason: str) -> tuple[Invited, Awaited | None]:
    """Invite a person anew; the password and every token stop at once."""
    async with operating(settings) as context:
        account = await _named(context, login)
        invited = await accounts.reset_password(context, account, reason=reason, keyring=Keyring.of(settings))
        return invited, await _left(context, account, "invite_account", reason=reason)


async def new_secret(settings: Settings, *, login: str, reason: str) -> tuple[str, Awaited | None]:
    """Draw a new secret for a machine; the old one and every token stop at once."""
    secret = random_secret()
    secret_hash = await hash_secret(secret)
    async with operating(settings) as context:
        account = await _named(context, login)
        await accounts.replace_secret(context, account, secret_hash=secret_hash, reason=reason)
        return secret, await _left(context, account, "draw_secret", reason=reason)


async def remove_second_factor(settings: Settings, *, login: str, reason: str) -> Awaited | None:
    """Take the second factor away from somebody who has lost the device."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        account = await _named(context, login)
        await take_factor_away(context, account, reason=reason)
        return await _left(context, account, "remove_second_factor", reason=reason, by=Administrator.SECURITY)


async def link(settings: Settings, *, login: str, subject: str, reason: str) -> Awaited | None:
    """Link the account with a subject of the outside provider."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        account = await _named(context, login)
        await outside_identities.link(context, account, subject=subject, reason=reason)
        return await _left(context, account, "link_outside_identity", reason=reason, by=Administrator.SECURITY)


async def unlink(settings: Settings, *, login: str, reason: str) -> Awaited | None:
    """End the account's link with the outside provider."""
    async with operating(settings, by=Administrator.SECURITY) as context:
        account = await _named(context, login)
        await outside_identities.unlink(context, account, reason=reason)
        return await _left(context, account, "unlink_outside_identity", reason=reason, by=Administrator.SECURITY)


def tell_awaited(awaits: Awaited | None, login: str) -> None:
    """Say whose confirmation the account awaits, or that it awaits nobody's because one operator is all three."""
    if awaits is not None:
        whose = "both administrators have" if awaits is Awaited.BOTH else f"the {awaits.value.replace('_', ' ')} has"
        print(f"{login} lets nobody in until {whose} confirmed it: accounts activate --login {login}")
    elif not Settings().administrators:
        print("AWARD_ADMINISTRATORS names nobody: one operator is all three administrators, and nobody confirms this.")


async def _left(
    context: WriteContext,
    account: identity.Account,
    change: str,
    *,
    reason: str,
    by: Administrator = Administrator.SYSTEM,
) -> Awaited | None:
    """Leave what was made or changed to the other administrator, where the settings name them; answers whom it awaits
    then."""
    role = role_of(context.settings, by)
    if role is not None:
        await accounts.leave_to_the_other(context, account, change, reason=reason, by=role)
    return account.awaits


async def _named(context: WriteContext, login: str) -> identity.Account:
    found = existing(await identity.by_login(context.session, login), "没有此账号", "No such account")
    return existing(await identity.held(context.session, found.id))


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
