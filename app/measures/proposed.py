"""The proposed list (Art. 21): from publicised names, after their periods, past their objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.measures.findings import Finding, fails, passes
from app.measures.objections import ObjectionRecord, open_objections_block
from app.measures.plain import Facts
from app.measures.publicity import Period
from app.measures.reasons import Reason
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class PublicisedEntry:
    """One name of the published candidate list. A name added or corrected has the period of its own publication."""

    organisation: str
    period: Period | None
    objections: tuple[ObjectionRecord, ...] = ()
    removed: bool = False


@rule("art21.proposed")
def proposed_allowed(*, names: Sequence[str], entries: Sequence[PublicisedEntry], at: datetime) -> list[Finding]:
    """Whether the proposed list `names` can be fixed at the aware instant `at` (Art. 21).

    From publicised names only, each after its whole period and none blocked by an objection. Another name of the list,
    in its own period since it was added or corrected, waits and holds nobody else; where none is proposed, it is asked
    of every name that is still on the list. An empty list is a valid one.
    """
    findings: list[Finding] = []
    current = {entry.organisation: entry for entry in entries if not entry.removed}
    removed = {entry.organisation for entry in entries if entry.removed}
    for name, count in Counter(names).items():
        if count > 1:
            findings.append(fails("art21.proposed", Reason.LISTED_TWICE, organisation=name))
        if name in current:
            findings += open_objections_block(organisation=name, objections=current[name].objections)
        elif name in removed:
            findings.append(fails("art21.proposed", Reason.REMOVED_FROM_LIST, organisation=name))
        else:
            findings.append(fails("art21.proposed", Reason.NOT_PUBLICISED, organisation=name))
    for entry in current.values():
        if not names or entry.organisation in names:
            findings += period_over(entry=entry, at=at)
    if any(item.rule == "art21.proposed" for item in findings):
        return findings
    return [
        *findings,
        passes("art21.proposed", Reason.LIST_IN_ORDER, names=list(names)),
    ]


@rule("art21.proposed")
def period_over(*, entry: PublicisedEntry, at: datetime) -> list[Finding]:
    """Whether a name has had its whole period at the aware instant `at` (Art. 21): until then it waits. Nothing is
    found once it has."""
    if entry.period is not None and at >= entry.period.ends_at:
        return []
    last_day = None if entry.period is None else entry.period.last_day.isoformat()
    told: Facts = {"organisation": entry.organisation, "last_day": last_day, "at": at.isoformat()}
    return [fails("art21.proposed", Reason.PERIOD_NOT_OVER, **told)]
