"""What a draft lacks, told while it is being written; and the runs of the gate, each compared with the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.context import ReadContext
from app.errors import WrongState
from app.measures.eligibility import Gate
from app.measures.findings import Finding, Outcome, Text, obstacles
from app.measures.roles import Role
from app.paging import Page, PageRequest
from app.services.applications.access import visible
from app.services.applications.gates import judge
from app.services.applications.pointers import pointers
from app.services.applications.submit import submission_test
from app.services.qualification.correct import resubmission_test
from app.store import applications as store
from app.store import rounds

_DRAFTING = frozenset({"draft", "recommendation_requested", "endorsed"})
# What the office has found is the applicant's to know once it is decided: the later runs come with the decree.
_APPLICANTS_GATES = ("submission", "confirmation")


@dataclass(frozen=True, slots=True)
class Warnings:
    """Every finding of a submission today with the fields that it is about, and what a person will decide later."""

    ready: bool
    findings: Sequence[tuple[Finding, Sequence[str]]]
    decided_later: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that answers otherwise than in the run before, or on other facts."""

    rule: str
    article: str
    before: Sequence[Mapping[str, Any]]
    now: Sequence[Mapping[str, Any]]


async def draft_findings(context: ReadContext, *, application_id: UUID) -> Warnings:
    """What would stand in the way of a submission now. Nothing is refused and nothing is stored."""
    row = await visible(context, application_id=application_id)
    round_row = await rounds.get(context.session, row.round_id)
    if round_row is None or round_row.ordinal is None or row.state not in (*_DRAFTING, "correction_requested"):
        raise WrongState(Text("申报不在填报中", "There is nothing to fill in any more"))
    test = submission_test if row.state in _DRAFTING else resubmission_test
    tested = await test(context, row, round_row)
    facts, findings = tested.facts, tested.findings
    later = judge(context, row, facts, round_row=round_row, gate=Gate.CONFIRMATION, test_date=context.today)
    return Warnings(
        ready=not obstacles(findings),
        findings=[(finding, pointers(finding, row.content)) for finding in findings],
        decided_later=[item for item in later if item.outcome is Outcome.NEEDS_DECISION],
    )


async def gate_runs(
    context: ReadContext, *, application_id: UUID, request: PageRequest
) -> tuple[Page[store.GateRun], dict[UUID, list[Changed]]]:
    """The runs of the gate in their order; by run, what has changed since the one before."""
    row = await visible(context, application_id=application_id)
    round_row = await rounds.get(context.session, row.round_id)
    every = context.actor.role is not Role.APPLICANT or (round_row is not None and round_row.state == "concluded")
    gates = tuple(gate.value for gate in Gate) if every else _APPLICANTS_GATES
    filters = {"application_id": application_id, "every": every}
    rows, before = await store.gate_runs(
        context.session, row.id, gates=gates, after=request.after(**filters), limit=request.limit
    )
    changes: dict[UUID, list[Changed]] = {}
    for run in rows:
        changes[run.id] = [] if before is None else changed(before.findings, run.findings)
        before = run
    return request.page(rows, key=lambda run: run.id, **filters), changes


def changed(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """The rules whose outcomes or facts differ between two runs. The day of the test is in the facts of most rules and
    changes every time: it is no difference by itself."""
    earlier, later = _by_rule(before), _by_rule(now)
    differing = []
    for rule in dict.fromkeys([*earlier, *later]):
        if _comparable(earlier.get(rule, [])) != _comparable(later.get(rule, [])):
            one = (later.get(rule) or earlier[rule])[0]
            differing.append(Changed(rule, one["article"], earlier.get(rule, []), later.get(rule, [])))
    return differing


def _by_rule(findings: Sequence[Mapping[str, Any]]) -> Mapping[str, list[Mapping[str, Any]]]:
    sorted_out: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        sorted_out[finding["rule"]].append(finding)
    return sorted_out


_DAYS_OF_TEST = frozenset({"test_date", "window_from", "window_to", "submission_date"})


def _comparable(findings: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [
        (item["outcome"], {name: value for name, value in item["facts"].items() if name not in _DAYS_OF_TEST})
        for item in findings
    ]
