"""The candidates (Art. 20): they come from the evaluation, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from app.measures.deliberation import Conclusion
from app.measures.evaluation import Evaluation, Ranked
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.interpretations import Readings
from app.measures.judgement import lacking
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


@rule("art20.evaluation")
def candidates_from_evaluation(
    *,
    names: Sequence[str],
    evaluation: Evaluation,
    conclusions: Sequence[Conclusion],
    readings: Readings,
    removed: Collection[str] = (),
    decision: RecordedDecision | None = None,
) -> list[Finding]:
    """Whether `names` can be the candidates (Art. 20): evaluated on both reports, above every pass line, recommended by
    the committee, not `removed` from the round since. Leaving out one that scored as high or higher for a seat needs a
    recorded `decision`; a vacancy never does. The caps are `seats_available`'s to check."""
    ranked = {line.organisation: line for line in evaluation.ranking}
    recommended = {item.organisation for item in conclusions if item.recommended}
    findings: list[Finding] = []
    for name, count in Counter(names).items():
        if count > 1:
            findings.append(_not_candidate(Reason.LISTED_TWICE, name))
        if name not in ranked:
            findings.append(_not_candidate(Reason.NOT_EVALUATED, name))
        elif not ranked[name].passed:
            findings.append(_not_candidate(Reason.BELOW_PASS_LINE, name))
        if name not in recommended:
            findings.append(_not_candidate(Reason.NOT_RECOMMENDED, name))
        if name in removed:
            findings.append(_not_candidate(Reason.REMOVED_FROM_ROUND, name))
    listed = [ranked[name] for name in names if name in ranked]
    open_to = [
        line
        for line in evaluation.ranking
        if line.passed and line.organisation in recommended and line.organisation not in removed
    ]
    for line in open_to:
        over = _preferred_over(line, listed)
        if over:
            findings.append(_passed_over(line, over, decision, readings))
    return findings or [
        passes(
            "art20.evaluation",
            Reason.LIST_IN_ORDER,
            names=list(names),
            rules_hash=evaluation.rules_hash,
            inputs_hash=evaluation.inputs_hash,
        )
    ]


def _preferred_over(line: Ranked, listed: Sequence[Ranked]) -> list[str]:
    """The listed names of the same seat category that took a seat ahead of an unlisted one with as high a score."""
    if not line.takes_seat or any(item.organisation == line.organisation for item in listed):
        return []
    return [
        item.organisation
        for item in listed
        if item.takes_seat and item.seat_category is line.seat_category and item.overall <= line.overall
    ]


def _passed_over(line: Ranked, over: list[str], decision: RecordedDecision | None, readings: Readings) -> Finding:
    facts: Facts = {
        "organisation": line.organisation,
        "listed": over,
        "overall": str(line.overall),
        "reading": readings.cite("tie_at_last_seat"),
    }
    if decision is None or decision.outcome is not Verdict.PASS or lacking(decision):
        return needs_decision("art20.evaluation", Reason.PASSED_OVER, **facts)
    return passes(
        "art20.evaluation", Reason.CHOSEN_BY_DECISION, reason=decision.reason, decided_by=decision.decided_by, **facts
    )


def _not_candidate(reason: Reason, organisation: str) -> Finding:
    return fails("art20.evaluation", reason, organisation=organisation)
