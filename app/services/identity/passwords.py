"""Passwords that somebody chooses: good enough, not published, not one that the account had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.field_texts import FIELDS
from app.kernel.security.passwords import hash_secret, verify_secret
from app.kernel.security.strength import fault_of
from app.store import identity as store
from app.store import organisations, units


async def hash_chosen(
    password: str, *, pointer: str, about: Iterable[str], former: Sequence[str] = (), sample: bool
) -> str:
    """The hash of a password that may be taken; `Invalid`, at `pointer`, for one that may not. `about`: what everybody
    knows of the account; `former`: the hashes of what it had. Slow by intent: called while no transaction is open."""
    fault = await fault_of(password, about=about, sample=sample)
    if fault is not None:
        raise _refusal(pointer, fault)
    for hashed in former:
        if await verify_secret(password, hashed):
            raise _refusal(pointer, FieldCode.USED_BEFORE)
    return await hash_secret(password)


def _refusal(pointer: str, fault: FieldCode) -> Invalid:
    return Invalid(FIELDS[fault], errors=[FieldError(pointer, fault, FIELDS[fault])])


async def known_of(context: ReadContext, account: store.Account) -> list[str]:
    """What everybody knows of an account: its login, its name, its party's."""
    party: organisations.Organisation | units.RecommendingUnit | units.Department | None = None
    if account.organisation_id is not None:
        party = await context.session.by_id(organisations.Organisation, account.organisation_id)
    elif account.unit_id is not None:
        party = await context.session.by_id(units.RecommendingUnit, account.unit_id)
    elif account.department_id is not None:
        party = await context.session.by_id(units.Department, account.department_id)
    return [account.login, account.display_name, *([] if party is None else [party.name])]


async def had_before(context: ReadContext, account: store.Account) -> list[str]:
    """The hashes of the account's present password and of its last ones."""
    former = await store.former_passwords(context.session, account.id, limit=context.settings.passwords_remembered)
    return [*([] if account.secret_hash is None else [account.secret_hash]), *former]


async def replace_password(context: WriteContext, account: store.Account, secret_hash: str | None) -> None:
    """Another password, or none until an invitation is accepted. The one before is remembered, every token and
    invitation given before stops. The account is locked."""
    if account.secret_hash is not None:
        context.session.add(
            store.FormerPassword(created_at=context.now, account_id=account.id, secret_hash=account.secret_hash)
        )
        await context.session.flush()
    await store.forget_passwords(context.session, account.id, but=context.settings.passwords_remembered)
    account.secret_hash = secret_hash
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    await store.withdraw_invitations(context.session, account.id)
