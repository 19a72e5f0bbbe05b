"""What goes wrong, in the words of the domain. `problems` turns it into HTTP; nothing here knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.kernel.error_codes import FieldCode, ProblemCode
from app.measures.findings import Finding, Text, obstacles

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


class Forbidden(DomainError):
    """This role or this party may not do this."""

    code = ProblemCode.FORBIDDEN


class WrongState(DomainError):
    """The object is not in a state from which this act is possible."""

    code = ProblemCode.WRONG_STATE


class Conflict(DomainError):
    """It collides with what is there already, or with somebody who was faster."""

    code = ProblemCode.CONFLICT


class Refused(DomainError):
    """One or more rules of the measures refuse; `findings` holds them all."""

    code = ProblemCode.RULE_REFUSED


class Invalid(DomainError):
    """The input has a form that is right and a content that is not."""

    code = ProblemCode.INVALID


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
    """Too many requests in a short time."""

    code = ProblemCode.TOO_MANY_REQUESTS


class Unavailable(DomainError):
    """Something the service needs does not answer; trying again later may help."""

    code = ProblemCode.UNAVAILABLE


def refuse(findings: Sequence[Finding]) -> None:
    """Raise `Refused` with every finding that is not a pass; do nothing when all pass."""
    standing = obstacles(findings)
    if standing:
        raise Refused(
            Text("不符合《管理办法》的规定，见 violations", "The measures do not permit this; see `violations`"),
            findings=standing,
        )
