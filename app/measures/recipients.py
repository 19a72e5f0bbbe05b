"""Whom the award is given to: enterprises and public institutions that lead and contribute (Art. 4)."""

from __future__ import annotations

from collections.abc import Mapping

from app.measures.facts import BARRED_RECIPIENTS, OrganisationFacts, RecordedDecision
from app.measures.findings import Finding, fails, passes
from app.measures.judgement import decided
from app.measures.reasons import Reason
from app.measures.registry import rule


@rule("art04.recipient")
def recipient(*, organisation: OrganisationFacts) -> list[Finding]:
    """Individuals, party and state organs and social associations are refused, all others accepted (Art. 4)."""
    form = organisation.legal_form
    if form in BARRED_RECIPIENTS:
        return [fails("art04.recipient", Reason.RECIPIENT_BARRED, legal_form=form.value)]
    return [passes("art04.recipient", Reason.RECIPIENT_ACCEPTED, legal_form=form.value)]


@rule("art04.merit")
def merit(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Leading position and outstanding contribution, found in the review (Art. 4)."""
    return [decided("art04.merit", "merit", decisions)]
