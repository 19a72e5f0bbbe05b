"""Whoever is heard says it by itself or on paper, once and again (Arts. 13(6), 17, 26, 28): what counts of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import plain_name, same_document


@rule("art13.6.record", "art26.fraud", "art28.grounds")
def letter_counts(
    *,
    rule_id: str,
    received_on: date,
    reply_last_day: date | None,
    reference: str,
    known: Collection[str],
    scanned: bool,
) -> list[Finding]:
    """Whether a statement on paper is taken (Arts. 13(6), 26, 28; Shanghai dates): received on the last day of the
    hearing at the latest, on whatever day it is entered; with its scan; under a mark under which none of this case is
    entered. `reply_last_day` None: there is no last day. `known`: the marks that are."""
    facts: Facts = {"received_on": received_on.isoformat()}
    findings: list[Finding] = []
    if reply_last_day is not None and received_on > reply_last_day:
        late: Facts = {"reply_last_day": reply_last_day.isoformat(), **facts}
        findings.append(fails(rule_id, Reason.LETTER_TOO_LATE, **late))
    findings += _entered_once(rule_id, reference, known)
    findings += scan_there(rule_id=rule_id, scanned=scanned)
    return findings or [passes(rule_id, Reason.LETTER_IN_TIME, **facts)]


@rule("art26.fraud", "art28.grounds")
def letter_after_decision(
    *, rule_id: str, received_on: date, decided_on: date, reference: str, known: Collection[str], scanned: bool
) -> list[Finding]:
    """Whether a letter is filed with a case that is decided (Arts. 26, 28; Shanghai dates): with its scan, under a mark
    under which none of this case is entered. It is no part of the hearing on whatever day it came, and changes nothing
    of the decision: a review finds it. `known`: the marks that are."""
    findings = [*_entered_once(rule_id, reference, known), *scan_there(rule_id=rule_id, scanned=scanned)]
    facts: Facts = {"received_on": received_on.isoformat(), "decided_on": decided_on.isoformat()}
    return findings or [passes(rule_id, Reason.LETTER_FILED_LATE, **facts)]


def _entered_once(rule_id: str, reference: str, known: Collection[str]) -> list[Finding]:
    if any(same_document(mark, reference) for mark in known):
        return [fails(rule_id, Reason.STATEMENT_ENTERED_ALREADY, reference=reference)]
    return []


@rule("art13.6.record", "art26.fraud", "art28.grounds")
def scan_there(*, rule_id: str, scanned: bool) -> list[Finding]:
    """Whether the scan of a letter is there before the letter is entered (Arts. 13(6), 26, 28). Nothing is found where
    it is."""
    return [] if scanned else [fails(rule_id, Reason.STATEMENT_NOT_SCANNED)]


@rule("art13.6.record", "art26.fraud", "art28.grounds")
def said_already(*, words: str, said: Iterable[tuple[str, datetime]]) -> datetime | None:
    """When these very words were said in the case before, however they are spaced (Arts. 13(6), 26, 28); None: never.
    What is added to a statement is something else. `said`: each statement with the instant that counts."""
    return next((at for text, at in said if plain_name(text) == plain_name(words)), None)
