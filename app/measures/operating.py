"""Who produces or operates, and who is not for profit (Art. 13(4)): by legal form, never by the applicant's choice."""

from __future__ import annotations

from collections.abc import Mapping

from app.measures.facts import FORMS_OF_EITHER_KIND, OrganisationFacts, RecordedDecision, Verdict
from app.measures.findings import Finding, passes
from app.measures.interpretations import Readings
from app.measures.judgement import decided, lacking
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule

_RULE = "art13.4.non_profit"


def operates(organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision]) -> bool:
    """Whether the conditions of those that produce or operate apply (Art. 13(4)): to every enterprise, cooperative and
    trader; to a public institution or a private non-enterprise body that says so, or that the office has found not to
    be non-profit."""
    if organisation.operating or organisation.legal_form not in FORMS_OF_EITHER_KIND:
        return True
    decision = decisions.get(_RULE)
    return decision is not None and decision.outcome is Verdict.FAIL and not lacking(decision)


@rule("art13.4.non_profit")
def non_profit(
    *,
    organisation: OrganisationFacts,
    decisions: Mapping[str, RecordedDecision],
    readings: Readings,
    decisions_due: bool = True,
) -> list[Finding]:
    """What becomes of the statement that it is not for profit (Art. 13(4)); it never refuses. A form that produces or
    operates anyway does so whatever is stated. Where the form allows both, a person decides on evidence: `pass`, it is
    non-profit; `fail`, it is not, and the conditions of those that operate apply. Before decisions are due (at
    submission) the statement is taken as it stands, with fact `pending`."""
    if organisation.operating:
        return [passes(_RULE, Reason.STATED_TO_OPERATE, legal_form=organisation.legal_form.value)]
    facts: Facts = {
        "legal_form": organisation.legal_form.value,
        "stated_operating": organisation.operating,
        "reading": readings.cite("non_profit_bodies"),
    }
    if organisation.legal_form not in FORMS_OF_EITHER_KIND:
        return [passes(_RULE, Reason.OPERATES_BY_LEGAL_FORM, **facts)]
    if not decisions_due:
        return [
            passes(_RULE, Reason.LEFT_TO_REVIEW, pending=True, open=Reason.UNDECIDED, subject="non_profit", **facts)
        ]
    if operates(organisation, decisions):
        found = decisions[_RULE]
        facts |= {"decided_by": found.decided_by, "decided_on": found.decided_on.isoformat()}
        return [passes(_RULE, Reason.FOUND_TO_OPERATE, evidence=found.evidence, reason=found.reason, **facts)]
    return [decided(_RULE, "non_profit", decisions, **facts)]
