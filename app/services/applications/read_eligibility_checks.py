"""The runs of the gate, each compared with the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.measures.eligibility import Gate
from app.measures.findings import FindingRecord
from app.measures.plain import Fact
from app.measures.roles import Role
from app.measures.state_machines import RoundState
from app.services.applications.access import visible
from app.store import rounds
from app.store.applications import eligibility as store

# What the office has found is the applicant's to know once it is decided: the later runs come with the decree.
_APPLICANTS_GATES = ("submission", "confirmation")


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that answers otherwise than in the run before, or on other facts."""

    rule: str
    article: str
    before: Sequence[FindingRecord]
    now: Sequence[FindingRecord]


async def eligibility_checks(
    context: ReadContext, *, application_id: UUID, request: PageRequest
) -> tuple[Page[store.EligibilityCheck], dict[UUID, list[Changed]]]:
    """The runs of the gate in their order; by run, what has changed since the one before."""
    row = await visible(context, application_id=application_id)
    round_row = await rounds.get(context.session, row.round_id)
    every = context.actor.role is not Role.APPLICANT or (
        round_row is not None and round_row.state == RoundState.CONCLUDED
    )
    gates = tuple(gate.value for gate in Gate) if every else _APPLICANTS_GATES
    filters = {"application_id": application_id, "every": every}
    rows, before = await store.eligibility_checks(
        context.session, row.id, gates=gates, after=request.after(**filters), limit=request.limit
    )
    changes: dict[UUID, list[Changed]] = {}
    for run in rows:
        changes[run.id] = [] if before is None else changed(before.findings, run.findings)
        before = run
    return request.page(rows, key=lambda run: run.id, **filters), changes


def changed(before: Sequence[FindingRecord], now: Sequence[FindingRecord]) -> list[Changed]:
    """The rules whose outcomes or facts differ between two runs. The day of the test is in the facts of most rules and
    changes every time: it is no difference by itself."""
    earlier, later = _by_rule(before), _by_rule(now)
    differing = []
    for rule in dict.fromkeys([*earlier, *later]):
        if _comparable(earlier.get(rule, [])) != _comparable(later.get(rule, [])):
            one = (later.get(rule) or earlier[rule])[0]
            differing.append(Changed(rule, one["article"], earlier.get(rule, []), later.get(rule, [])))
    return differing


def _by_rule(findings: Sequence[FindingRecord]) -> Mapping[str, list[FindingRecord]]:
    sorted_out: defaultdict[str, list[FindingRecord]] = defaultdict(list)
    for finding in findings:
        sorted_out[finding["rule"]].append(finding)
    return sorted_out


_DAYS_OF_TEST = frozenset({"test_date", "window_from", "window_to", "submission_date"})


def _comparable(findings: Sequence[FindingRecord]) -> list[tuple[str, dict[str, Fact]]]:
    return [
        (item["outcome"], {name: value for name, value in item["facts"].items() if name not in _DAYS_OF_TEST})
        for item in findings
    ]
