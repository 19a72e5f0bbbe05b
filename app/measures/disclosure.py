"""Who objected or reported is disclosed by two persons (Arts. 21, 29, 31): its investigator asks, another releases it,
for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule

# How long a request waits for its decision, and how long a release lasts from then on.
LASTS = timedelta(days=3)


class DisclosureOutcome(StrEnum):
    """What another person says to a request."""

    RELEASED = "released"
    REFUSED = "refused"


class DisclosureMatter(StrEnum):
    """What is read as it came."""

    OBJECTION = "objection"
    MARK_REPORT = "mark_report"


@rule("art21.disclosure")
def disclosure_free(*, standing_until: datetime | None) -> list[Finding]:
    """Whether a disclosure can be asked for: none of the same person waits, or is in force (`standing_until`, Arts. 21,
    31)."""
    if standing_until is not None:
        return [fails("art21.disclosure", Reason.DISCLOSURE_STANDS, ends_at=standing_until.isoformat())]
    return [passes("art21.disclosure", Reason.DISCLOSURE_FREE)]


@rule("art21.disclosure")
def disclosure_decidable(*, own: bool, person: bool, recused: bool, standing: bool) -> list[Finding]:
    """Whether an account can decide a request: a person, never the one who asks (`own`), not `recused` from the matter
    (Arts. 21, 29); and the request is undecided and has not ended (`standing`)."""
    refused = _refused_to(own=own, person=person, recused=recused) + ([] if standing else [Reason.DISCLOSURE_OVER])
    return _each(refused) or [passes("art21.disclosure", Reason.DISCLOSURE_DECIDABLE)]


@rule("art21.disclosure")
def disclosure_withdrawable(*, own: bool, person: bool, recused: bool, in_force: bool) -> list[Finding]:
    """Whether an account can withdraw a release (Arts. 21, 29): a person, never the one who asked (`own`), not
    `recused` from the matter; and the release is `in_force`."""
    refused = _refused_to(own=own, person=person, recused=recused)
    refused += [] if in_force else [Reason.DISCLOSURE_NOT_STANDING]
    return _each(refused) or [passes("art21.disclosure", Reason.DISCLOSURE_WITHDRAWABLE)]


@rule("art21.disclosure")
def disclosure_in_force(*, asked: bool, released_until: datetime | None) -> list[Finding]:
    """Whether the investigator reads the original now: another person has released it, and the time of the release is
    not over (`released_until`, Arts. 21, 31). `asked`: a request waits for its decision."""
    if released_until is None:
        reason = Reason.DISCLOSURE_UNDECIDED if asked else Reason.DISCLOSURE_NOT_RELEASED
        return [fails("art21.disclosure", reason)]
    return [passes("art21.disclosure", Reason.DISCLOSURE_IN_FORCE, ends_at=released_until.isoformat())]


def _refused_to(*, own: bool, person: bool, recused: bool) -> list[Reason]:
    """Why an account has no say in a disclosure."""
    told = {Reason.ASKER_DECIDES: own, Reason.DECIDER_NO_PERSON: not person, Reason.DECIDER_RECUSED: recused}
    return [reason for reason, so in told.items() if so]


def _each(reasons: list[Reason]) -> list[Finding]:
    return [fails("art21.disclosure", reason) for reason in reasons]
