"""Who produces or operates, and who is not for profit (Art. 13(4)): by legal form, never by the applicant's choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.measures.facts import FORMS_OF_EITHER_KIND, OrganisationFacts, RecordedDecision, Verdict
from app.measures.findings import Finding, Outcome, needs_decision, passes, placed
from app.measures.interpretations import Readings
from app.measures.judgement import judged, lacking
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule

_RULE = "art13.4.non_profit"


def operates(organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision]) -> bool:
    """Whether the conditions of those that produce or operate apply (Art. 13(4)): to every enterprise, cooperative and
    trader; to a public institution or a private non-enterprise body as the office has found, whatever it states, and
    until then as it states."""
    if organisation.legal_form not in FORMS_OF_EITHER_KIND:
        return True
    decision = _of_what_is_stated(organisation, decisions)
    if decision is None or lacking(decision):
        return organisation.operating
    return decision.outcome is Verdict.FAIL


@rule("art13.4.safety", "art13.4.profit")
def until_found(
    *, organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision], findings: Sequence[Finding]
) -> list[Finding]:
    """The `findings` on safety and profit as they count today (Art. 13(4)): of a form that allows both, what they
    refuse is left to the qualification review until the office has found whether it operates; its own statement decides
    nothing, for it or against it."""
    if organisation.legal_form not in FORMS_OF_EITHER_KIND:
        return list(findings)
    decision = _of_what_is_stated(organisation, decisions)
    if decision is not None and not lacking(decision):
        return list(findings)
    return [_left(item) if item.outcome is Outcome.FAIL else item for item in findings]


def _left(item: Finding) -> Finding:
    told = passes(item.rule, Reason.LEFT_TO_REVIEW, pending=True, open=item.reason, **item.facts)
    return placed(told, item.at)


@rule("art13.4.non_profit")
def non_profit(
    *,
    organisation: OrganisationFacts,
    decisions: Mapping[str, RecordedDecision],
    readings: Readings,
    decisions_due: bool = True,
    before: str = "confirm_qualified_list",
) -> list[Finding]:
    """Who is not for profit (Art. 13(4)); it never refuses. A form that produces or operates anyway does so whatever is
    stated. Where the form allows both, a person decides on evidence, whatever is stated: `pass`, it is non-profit;
    `fail`, it is not, and the conditions of those that operate apply. A decision covers the form and the statement that
    it saw. Before decisions are due (at submission) the statement is taken as it stands, with fact `pending`. `before`:
    the act that an open decision holds back."""
    form = organisation.legal_form
    facts: Facts = {
        "legal_form": form.value,
        "stated_operating": organisation.operating,
        "reading": readings.cite("non_profit_bodies"),
    }
    if form not in FORMS_OF_EITHER_KIND:
        if organisation.operating:
            return [passes(_RULE, Reason.STATED_TO_OPERATE, legal_form=form.value)]
        return [passes(_RULE, Reason.OPERATES_BY_LEGAL_FORM, **facts)]
    if not decisions_due:
        return [
            passes(_RULE, Reason.LEFT_TO_REVIEW, pending=True, open=Reason.UNDECIDED, subject="non_profit", **facts)
        ]
    facts["about"] = _about(organisation)
    found = _of_what_is_stated(organisation, decisions)
    if found is None:
        asked: Facts = {"subject": "non_profit", "decides": "office", "before": before}
        return [needs_decision(_RULE, Reason.UNDECIDED, **asked, **facts)]
    if found.outcome is Verdict.FAIL and not lacking(found):
        facts |= {"decided_by": found.decided_by, "decided_on": found.decided_on.isoformat()}
        return [passes(_RULE, Reason.FOUND_TO_OPERATE, evidence=found.evidence, reason=found.reason, **facts)]
    return [judged(_RULE, "non_profit", found, facts)]


def _of_what_is_stated(
    organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision]
) -> RecordedDecision | None:
    """The office's decision, where it was made on this legal form and this statement."""
    decision = decisions.get(_RULE)
    return decision if decision is not None and _about(organisation) in decision.about else None


def _about(organisation: OrganisationFacts) -> str:
    stated = "operating" if organisation.operating else "non_profit"
    return f"{organisation.legal_form.value}: {stated}"
