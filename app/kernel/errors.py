"""What goes wrong, in the words of the domain. `problems` turns it into HTTP; nothing here knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic_core import ErrorDetails

from app.kernel.error_codes import FieldCode, ProblemCode
from app.measures.findings import Finding, Outcome, obstacles
from app.measures.text import Text

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of the input: where (JSON pointer), what kind, what to do; the rule's id where one refuses."""

    pointer: str
    code: FieldCode
    message: Text
    rule: str | None = None


class DomainError(Exception):
    """Base: what kind it is, a message in two languages, findings that cite articles, faults of single fields."""

    code: ProblemCode

    def __init__(
        self,
        message: Text,
        *,
        code: ProblemCode | None = None,
        findings: Sequence[Finding] = (),
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.findings = tuple(findings)
        self.errors = tuple(errors)
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """It does not exist, or it is not for this caller to know that it does."""

    code = ProblemCode.NOT_FOUND

    def __init__(self, zh: str = "未找到", en: str = "Not found") -> None:
        super().__init__(Text(zh, en))


def existing(row: _Row | None, *message: str) -> _Row:
    """The row, where there is one; `NotFound` otherwise, with its message in Chinese and in English."""
    if row is None:
        raise NotFound(*message)
    return row


class Unauthenticated(DomainError):
    """No valid token, or wrong credentials."""

    code = ProblemCode.UNAUTHENTICATED
    # What `WWW-Authenticate` asks for.
    challenge = "Bearer"


class ClientRefused(Unauthenticated):
    """The client at the token endpoint is not who it says it is (RFC 6749, section 5.2)."""

    code = ProblemCode.INVALID_CLIENT
    challenge = 'Basic realm="tokens", charset="UTF-8"'


class NotGranted(DomainError):
    """What was shown for a token is wrong, over or used up (RFC 6749, section 5.2)."""

    code = ProblemCode.INVALID_GRANT


class ProofNeeded(Unauthenticated):
    """The secret must have been shown not long ago (RFC 9470)."""

    code = ProblemCode.PROOF_REQUIRED

    def __init__(self, message: Text, *, max_age: int) -> None:
        """`max_age`: seconds."""
        super().__init__(message)
        self.challenge = f'Bearer error="insufficient_user_authentication", max_age="{max_age}"'


class CodeWanted(Unauthenticated):
    """The password was right, and a code of the second factor is wanted with this challenge."""

    code = ProblemCode.SECOND_FACTOR_REQUIRED

    def __init__(self, message: Text, *, challenge: str) -> None:
        super().__init__(message)
        self.next_step = challenge


class Forbidden(DomainError):
    """This role or this party may not do this."""

    code = ProblemCode.FORBIDDEN


class Conflict(DomainError):
    """How far the procedure is, or what was done in it, does not permit the act.

    `finding` says why: it cites rule and article, and its fact `next_act` names the act that comes next, None where
    none does; whose that act is stands beside it as `next_by`. `message`: where more is to be said than the finding's
    own sentence.
    """

    def __init__(self, finding: Finding, *, code: ProblemCode, message: Text | None = None) -> None:
        if finding.outcome is Outcome.PASS or "next_act" not in finding.facts:
            raise ValueError(
                f"{code}: {finding.rule} {finding.reason} refuses nothing, or does not say what comes next"
            )
        super().__init__(message or finding.message, code=code, findings=[finding])


class WrongState(Conflict):
    """The object is not in a state from which this act is possible."""

    def __init__(self, finding: Finding, *, message: Text) -> None:
        super().__init__(finding, code=ProblemCode.WRONG_STATE, message=message)


# What no rule of the measures refuses and no act of the procedure cures: names, numbers and keys that are taken, limits
# of the service, somebody who was faster.
COLLISIONS = frozenset(
    {
        ProblemCode.ANSWER_WITHDRAWN,
        ProblemCode.CONCURRENT_CHANGE,
        ProblemCode.CONFLICT,
        ProblemCode.IDEMPOTENCY_KEY_REUSED,
        ProblemCode.LINK_EXISTS,
        ProblemCode.LINK_REVERSED,
        ProblemCode.LOGIN_TAKEN,
        ProblemCode.NAME_TAKEN,
        ProblemCode.NAME_UNCHANGED,
        ProblemCode.NUMBER_TAKEN,
        ProblemCode.OUTSIDE_IDENTITY_TAKEN,
        ProblemCode.SECOND_FACTOR_EXISTS,
        ProblemCode.TOO_MANY_FILES,
        ProblemCode.TOO_MANY_RENEWALS,
        ProblemCode.TOO_MANY_WEBHOOKS,
    }
)


class Collision(DomainError):
    """It collides with what is there already, or with somebody who was faster; its code is one of `COLLISIONS`."""

    def __init__(self, message: Text, *, code: ProblemCode = ProblemCode.CONFLICT) -> None:
        if code not in COLLISIONS:
            raise ValueError(f"{code} is a refusal by the procedure: it needs a finding")
        super().__init__(message, code=code)


class Refused(DomainError):
    """One or more rules of the measures refuse; `findings` holds them all."""

    code = ProblemCode.RULE_REFUSED


class Invalid(DomainError):
    """The input has a form that is right and a content that is not."""

    code = ProblemCode.INVALID


class Misshapen(Invalid):
    """JSON within a body that is not what it should be. `found`: each fault as the validation library reports it, with
    its place below the body; the sentences follow from that."""

    def __init__(self, message: Text, found: Sequence[ErrorDetails]) -> None:
        super().__init__(message)
        self.found = tuple(found)


class Unparsable(DomainError):
    """A body that calls itself JSON and is none."""

    code = ProblemCode.MALFORMED_JSON

    def __init__(self) -> None:
        said = Text(
            "请求体须为合法的 UTF-8 JSON，字段不得重复", "The body must be valid JSON in UTF-8, with no field twice"
        )
        super().__init__(said)


class Ambiguous(DomainError):
    """The request says two things where it may say one."""

    code = ProblemCode.DUPLICATE_HEADER


class Stale(DomainError):
    """The version named is not the present one."""

    code = ProblemCode.STALE_VERSION


class PreconditionMissing(DomainError):
    """The act needs the version that the caller has seen."""

    code = ProblemCode.PRECONDITION_REQUIRED


class TooLarge(DomainError):
    """A body or a file is over its limit."""

    code = ProblemCode.TOO_LARGE


class UnsupportedMedia(DomainError):
    """A body or a file is of a type that is not taken."""

    code = ProblemCode.UNSUPPORTED_MEDIA_TYPE


class TooMany(DomainError):
    """Too many requests in a short time. `retry_after`: seconds."""

    code = ProblemCode.TOO_MANY_REQUESTS

    def __init__(self, message: Text, *, code: ProblemCode | None = None, retry_after: int = 60) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something the service needs does not answer; trying again later may help. `retry_after`: seconds."""

    code = ProblemCode.UNAVAILABLE

    def __init__(self, message: Text, *, retry_after: int = 10) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def refuse(findings: Sequence[Finding]) -> None:
    """Raise `Refused` with every finding that is not a pass; do nothing when all pass."""
    standing = obstacles(findings)
    if standing:
        raise Refused(
            Text("不符合《管理办法》的规定，见 violations", "The measures do not permit this; see `violations`"),
            findings=standing,
        )
