"""The commands of accounts, and what they say. What is shown once is shown to whoever asked for it, here and nowhere
else."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime

from app.kernel.settings import Settings
from app.measures.roles import Role


def create_account(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    role = Role(chosen.role)
    wanted = accounts.Wanted(
        role=role,
        login=chosen.login,
        display_name=chosen.name or chosen.login,
        # The platform is a program: it has no other way in.
        machine=chosen.machine or role is Role.PAYMENT_PLATFORM,
        party=chosen.party,
        membership=chosen.membership if role is Role.APPLICANT else None,
    )
    made = asyncio.run(accounts.create(Settings(), wanted))
    _tell_how_to_get_another("invite" if made.invited else "new-secret", wanted.login)
    print(f"id          {made.id}\nlogin       {wanted.login}\nrole        {role.value}")
    if made.invited is None:
        print(f"secret      {made.secret}\nThe secret is shown this once.")
    else:
        _tell_invitation(made.invited.token, made.invited.expires_at)
    accounts.tell_awaited(made.awaits, wanted.login)
    return 0


def _tell_how_to_get_another(command: str, login: str) -> None:
    """Before what is shown once, and apart from it: that may be piped to somebody who does not read it."""
    print(f"若未看到 / If what is shown once is lost: accounts {command} --login {login} --reason …", file=sys.stderr)


def _tell_invitation(token: str, expires_at: datetime) -> None:
    print(
        f"invitation  {token}\nThe invitation is shown this once, and is for its person alone: with it the password is "
        f"set at POST /v1/invitations/acceptance, until {expires_at.isoformat(timespec='minutes')}."
    )


def invite(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    invited, awaits = asyncio.run(accounts.invite(Settings(), login=chosen.login, reason=chosen.reason))
    _tell_how_to_get_another("invite", chosen.login)
    print(f"login       {chosen.login}")
    _tell_invitation(invited.token, invited.expires_at)
    print("The password that was is void.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0


def deactivate_account(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    awaits = asyncio.run(accounts.deactivate(Settings(), login=chosen.login, reason=chosen.reason))
    print(f"{chosen.login} is deactivated; its tokens are refused from now on.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0


def activate_account(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    account, code = asyncio.run(
        accounts.activate(Settings(), login=chosen.login, reason=chosen.reason, by=chosen.administrator)
    )
    if account.deactivated_at is None:
        print(f"{chosen.login} may sign in again.")
    else:
        print(f"This is confirmed, and {chosen.login} stays stopped.")
    if code is not None:
        print(
            f"code        {code}\nThe code is shown this once. Give it to its person alone, by another way than the "
            "invitation went: without it the invitation is not taken."
        )
    accounts.tell_awaited(account.awaits, chosen.login)
    return 0


def new_secret(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    secret, awaits = asyncio.run(accounts.new_secret(Settings(), login=chosen.login, reason=chosen.reason))
    _tell_how_to_get_another("new-secret", chosen.login)
    print(f"login   {chosen.login}\nsecret  {secret}\nThe secret is shown this once; the old one is void.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0


def remove_second_factor(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    awaits = asyncio.run(accounts.remove_second_factor(Settings(), login=chosen.login, reason=chosen.reason))
    print(f"{chosen.login} has no second factor; its tokens are refused from now on.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0


def link(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    awaits = asyncio.run(accounts.link(Settings(), login=chosen.login, subject=chosen.subject, reason=chosen.reason))
    print(f"{chosen.login} signs in by the outside provider as {chosen.subject}.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0


def unlink(chosen: argparse.Namespace) -> int:
    from app.commands import accounts

    awaits = asyncio.run(accounts.unlink(Settings(), login=chosen.login, reason=chosen.reason))
    print(f"{chosen.login} signs in by the outside provider no more; its tokens are refused from now on.")
    accounts.tell_awaited(awaits, chosen.login)
    return 0
