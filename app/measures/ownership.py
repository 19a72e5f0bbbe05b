"""Who an organisation is, and whose (Art. 13(1)): its registration is verified against a document before anything
binds, and a claim with evidence moves it to its rightful owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from app.measures.dates import end_of_day
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes
from app.measures.interpretations import Readings
from app.measures.judgement import judged
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import same_name

_RULE = "art13.1.identity"
# What a document of registration says, beside the code, which never changes: a verification holds for these as they
# were.
VERIFIED_FIELDS = ("name", "legal_form", "registered_address", "county_code", "established_on")


class ClaimOutcome(StrEnum):
    """How a claim to a registered code is decided."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


@rule(_RULE)
def verified_before(
    *,
    organisation: str,
    organisation_id: str,
    verified: bool,
    before: str,
    readings: Readings,
    changed: Sequence[str] = (),
    decision: RecordedDecision | None = None,
) -> list[Finding]:
    """Draft and submission are anybody's who registers; before anything binds, the qualified list and whatever follows
    it or a link to another legal person (the act `before`), the office or the recommending unit has verified the
    registration against a document (Art. 13(1)). A verification holds for what it saw: `changed` names the fields that
    are otherwise since. `decision`: the office's, that it cannot be verified; a document outweighs it."""
    facts: Facts = {"organisation": organisation, "organisation_id": organisation_id}
    facts["reading"] = readings.cite("who_owns_a_registration")
    if verified and not changed:
        return [passes(_RULE, Reason.REGISTRATION_VERIFIED, **facts)]
    if decision is not None and decision.outcome is Verdict.FAIL:
        return [judged(_RULE, "registration", decision, facts)]
    waiting: Facts = {"decides": "office_or_unit", "before": before, **facts}
    if changed:
        return [needs_decision(_RULE, Reason.REGISTRATION_CHANGED, changed=list(changed), **waiting)]
    return [needs_decision(_RULE, Reason.REGISTRATION_UNVERIFIED, **waiting)]


@rule(_RULE)
def unverifiable(*, passing: bool, tested: Sequence[Finding]) -> list[Finding]:
    """The office may decide that a registration cannot be verified, while it is open; that it is in order, only a
    document says (Art. 13(1)). `tested`: the findings of today."""
    left_open = any(item.rule == _RULE and item.outcome is not Outcome.PASS for item in tested)
    if passing or not left_open:
        return [fails(_RULE, Reason.VERIFIED_BY_A_DOCUMENT)]
    return [passes(_RULE, Reason.DECIDABLE_BY_A_PERSON, passing=passing)]


@rule(_RULE)
def verifiable(*, name: str, code: str, document_name: str, document_code: str) -> list[Finding]:
    """A registration is verified where name and credit code of the document are its own (Art. 13(1)). Names compare as
    names; `name`: the one that it states."""
    facts: Facts = {"name": name, "code": code, "document_name": document_name, "document_code": document_code}
    if not same_name(name, document_name) or code != document_code:
        return [fails(_RULE, Reason.DOCUMENT_OF_ANOTHER, **facts)]
    return [passes(_RULE, Reason.DOCUMENT_AGREES, **facts)]


@rule(_RULE)
def claims_met(*, own: int, evidenced: int, decided: bool, readings: Readings) -> list[Finding]:
    """A registration that is itself a claim (`own`) is verified by upholding that. A claim against it stops nothing
    without evidence; those with evidence (`evidenced`) are decided by the same look at the document: `decided` where
    it is said why they do not hold (Art. 13(1))."""
    reading = readings.cite("who_owns_a_registration")
    if own or (evidenced and not decided):
        return [fails(_RULE, Reason.CLAIM_FIRST, claims=own + evidenced, reading=reading)]
    return [passes(_RULE, Reason.CLAIMS_MET, claims=evidenced, reading=reading)]


@rule(_RULE)
def claim_decidable(
    *,
    upheld: bool,
    holder_verified: bool,
    replied: bool,
    reply_last_day: date | None,
    at: datetime,
    readings: Readings,
) -> list[Finding]:
    """A verified holder is heard before it loses the organisation: it has replied, or the day for its reply is over.
    One that nobody has verified holds nothing that it could lose, and a claim is dismissed without asking it
    (Art. 13(1))."""
    facts: Facts = {
        "holder_verified": holder_verified,
        "replied": replied,
        "reply_last_day": None if reply_last_day is None else reply_last_day.isoformat(),
        "at": at.isoformat(),
        "reading": readings.cite("holder_heard_on_a_claim"),
    }
    if not upheld or not holder_verified or replied:
        return [passes(_RULE, Reason.CLAIM_DECIDABLE, **facts)]
    if reply_last_day is None or at < end_of_day(reply_last_day):
        return [fails(_RULE, Reason.HOLDER_NOT_HEARD, **facts)]
    return [passes(_RULE, Reason.CLAIM_DECIDABLE, **facts)]


@rule(_RULE)
def registration_stands(*, superseded: bool) -> list[Finding]:
    """Nothing is done for a registration in whose place another of the same credit code stands (Art. 13(1))."""
    if superseded:
        return [fails(_RULE, Reason.REGISTRATION_SUPERSEDED)]
    return [passes(_RULE, Reason.REGISTRATION_STANDS)]


@rule(_RULE)
def account_kept_out(*, displaced: bool) -> list[Finding]:
    """An account that has lost an organisation to its rightful owner is not let in again (Art. 13(1))."""
    if displaced:
        return [fails(_RULE, Reason.ACCOUNT_DISPLACED)]
    return [passes(_RULE, Reason.ACCOUNT_NOT_DISPLACED)]


@rule(_RULE)
def next_step(
    *, verified: bool, superseded: bool, own_claim: str | None, claims_against: int, changed: Sequence[str] = ()
) -> list[Finding]:
    """What an organisation hears of its registration, and what it can do next (Art. 13(1)). `own_claim`: the state of
    the claim that it came with itself, while that is open. `changed`: what is otherwise since it was verified."""
    if superseded:
        return registration_stands(superseded=True)
    findings: list[Finding] = []
    if own_claim == "open":
        findings.append(needs_decision(_RULE, Reason.CLAIM_WITHOUT_EVIDENCE))
    elif own_claim is not None:
        findings.append(needs_decision(_RULE, Reason.CLAIM_UNDECIDED))
    elif changed:
        findings.append(needs_decision(_RULE, Reason.REGISTRATION_CHANGED, changed=list(changed)))
    elif not verified:
        findings.append(needs_decision(_RULE, Reason.SHOW_A_DOCUMENT))
    if claims_against:
        findings.append(needs_decision(_RULE, Reason.CODE_CLAIMED, claims=claims_against))
    return findings or [passes(_RULE, Reason.REGISTRATION_IN_ORDER)]
