"""Access that was refused to somebody with an account: it goes on record, whoever refused it."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from app.kernel.errors import DomainError, Forbidden, NotFound, ProofNeeded
from app.kernel.refusals import Refusal, RefusalLog
from app.kernel.security.tokens import AccessClaims
from app.web.origin import origin_of

_OF_ACCESS = (Forbidden, NotFound, ProofNeeded)


def note_refused(request: Request, error: DomainError) -> None:
    """Note a 403, a 404 (of another's, or of nothing: it is not told apart) and a missing proof, with the object that
    the path names. Of the public nothing is noted."""
    claims: AccessClaims | None = getattr(request.state, "claims", None)
    if claims is None or not isinstance(error, _OF_ACCESS):
        return
    subject, subject_id = _subject(request)
    refusal = Refusal(
        "access",
        subject,
        subject_id,
        actor_id=claims.account_id,
        actor_role=claims.role,
        session_id=claims.session_id,
        origin=origin_of(request.scope),
        details=(
            ("operation", getattr(request.scope.get("route"), "name", None)),
            ("code", error.code.value),
        ),
    )
    log: RefusalLog = request.app.state.refusals
    log.note(refusal, at=request.app.state.clock.now(), request_id=str(request.state.request_id))


def _subject(request: Request) -> tuple[str, UUID | None]:
    """What the path names last by an id; names and codes in a path may be secrets."""
    for name, value in reversed(list(request.path_params.items())):
        if isinstance(value, UUID):
            return name.removesuffix("_id"), value
        try:
            return name.removesuffix("_id"), UUID(str(value))
        except ValueError:
            continue
    return "operation", None
