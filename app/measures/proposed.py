"""The proposed list (Art. 21): from publicised names, after their periods, past their objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.measures.findings import Finding, fails, passes
from app.measures.objections import ObjectionRecord, open_objections_block
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

    From publicised names only, after every name still on the list has had its whole period, none of them blocked by an
    objection. An empty list is a valid one.
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
        if entry.period is None or at < entry.period.ends_at:
            last_day = None if entry.period is None else entry.period.last_day.isoformat()
            findings.append(
                fails(
                    "art21.proposed",
                    Reason.PERIOD_NOT_OVER,
                    organisation=entry.organisation,
                    last_day=last_day,
                    at=at.isoformat(),
                )
            )
    if any(item.rule == "art21.proposed" for item in findings):
        return findings
    return [
        *findings,
        passes("art21.proposed", Reason.LIST_IN_ORDER, names=list(names)),
    ]
