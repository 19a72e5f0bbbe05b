"""Who is who at the outside provider: a subject there is linked to an account here by an act on record, and nothing
else of the provider's decides what the account may do."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import Collision, FieldError, Invalid, existing
from app.measures.roles import AccountKind
from app.measures.text import Text
from app.store import identity as store
from app.store.identity import outside_identities


async def link(
    context: WriteContext, account: store.Account, *, subject: str, reason: str
) -> outside_identities.OutsideIdentity:
    """Whoever signs in at the provider under this subject is this account: for the services and the operator's command,
    which have decided that it may be."""
    issuer = context.settings.outside_issuer
    if issuer is None or account.kind == AccountKind.MACHINE:
        text = (
            Text("未设置外部身份提供方", "No outside provider is set")
            if issuer is None
            else Text("机器账号不经外部身份登录", "A machine does not sign in by the outside provider")
        )
        raise Invalid(text, errors=[FieldError("/subject", FieldCode.NOT_APPLICABLE, text)])
    if (
        await outside_identities.by_subject(context.session, issuer=issuer, subject=subject) is not None
        or await outside_identities.of_account(context.session, account.id) is not None
    ):
        raise Collision(PROBLEMS[ProblemCode.OUTSIDE_IDENTITY_TAKEN].whole, code=ProblemCode.OUTSIDE_IDENTITY_TAKEN)
    row = outside_identities.OutsideIdentity(
        created_at=context.now, account_id=account.id, issuer=issuer, subject=subject
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(context, "link_outside_identity", "account", account.id, issuer=issuer, subject=subject, reason=reason)
    return row


async def unlink(context: WriteContext, account: store.Account, *, reason: str) -> None:
    """The account signs in by the outside provider no more, and what it was given before stops; see `link`."""
    row = existing(
        await outside_identities.of_account(context.session, account.id),
        "此账号未关联外部身份",
        "No link of this account",
    )
    await context.session.delete(row)
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    audit.record(
        context, "unlink_outside_identity", "account", account.id, issuer=row.issuer, subject=row.subject, reason=reason
    )
