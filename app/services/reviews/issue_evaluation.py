"""The evaluation (Art. 20): both reports of each organisation on the on-site list, one ranking, its inputs and their
hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.kernel.hashes import content_hash
from app.measures.applicants import Applicant
from app.measures.evaluation import Evaluation, EvaluationInput, Ranked, evaluation
from app.measures.findings import Finding
from app.measures.hashes import InputsHash
from app.measures.prize import prize_due
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage, onsite_reviewed
from app.measures.sectors import SeatCategory
from app.measures.state_machines import APPLICATION, ROUND, ApplicationState, AssignmentState
from app.measures.text import Text
from app.services.applications.facts import eligibility_facts_many
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act, move
from app.services.reviewers.stage import points, rules_of
from app.services.reviews.entrants import applicants
from app.services.reviews.record_reports import counted_sheets, unbiased
from app.services.rounds.prepare_round import locked
from app.store import publicity, reviews, rounds
from app.store import reviews as store
from app.store.applications import Application
from app.store.organisations import Organisation
from app.store.reviews import reports as review_reports


@dataclass(frozen=True, slots=True)
class Preference:
    """A tag (Arts. 14, 15) that the office grants to an applicant that has claimed it, where the round's published
    rules give points for it."""

    application_id: UUID
    tag: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    application: Application
    organisation: Organisation
    applicant: Applicant
    takes_seat: bool
    reports: Mapping[Stage, store.StageReport]
    preferences: Sequence[Preference]

    def score(self, stage: Stage) -> Decimal | None:
        report = self.reports.get(stage)
        return None if report is None else points(report.score)


async def issue_evaluation(
    context: WriteContext, *, round_id: UUID, summary: str, preferences: Sequence[Preference]
) -> reviews.Evaluation:
    """Weigh the two reports by the round's frozen rules and rank by seat category. Equal scores stay equal: `tied` says
    so."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "issue_evaluation") as doing:
        rules = rules_of(row)
        pairs = await review_reports.applications_of_round(context.session, row.id, (ApplicationState.SHORTLISTED,))
        entries = await _entries(context, row, pairs, preferences)
        _check_preferences(entries, preferences, rules)
        result, findings = await _weighed(context, row, entries)
        # Nobody on the list: there is nothing to evaluate, and an empty award list is a valid decision (Art. 6).
        doing.hear(findings, vacuous=() if entries else ("art19.onsite", "art20.evaluation"))
        for entry in entries:
            move(context, APPLICATION, entry.application, "evaluate", findings)
        by_applicant: dict[str, _Entry] = {entry.applicant: entry for entry in entries}
        ids = [entry.application.id for entry in entries]
        inputs = _inputs(entries, rules, await store.assigned_of_application(context.session, ids))
        report = reviews.Evaluation(
            created_at=context.now,
            round_id=row.id,
            summary=summary,
            ranking=[_line(line, by_applicant[line.organisation]) for line in result.ranking],
            inputs=inputs,
            inputs_hash=InputsHash(content_hash(inputs)),
            issued_by=context.actor.known_id,
        )
        context.session.add(report)
        doing.tell(evaluation_id=report.id, ranking=report.ranking)
        doing.tell(inputs_hash=report.inputs_hash, rules_hash=row.review_rules_hash)
    return report


async def evaluation_obstacles(context: ReadContext, row: rounds.Round) -> Sequence[Finding]:
    """What stands between the round and its evaluation now."""
    pairs = await publicity.applications_of(context.session, row.id, (ApplicationState.SHORTLISTED,))
    return (await _weighed(context, row, await _entries(context, row, pairs, ())))[1]


async def read_evaluation(context: ReadContext, *, round_id: UUID) -> reviews.Evaluation:
    """The round's standing evaluation report."""
    return existing(
        await reviews.evaluation_of(context.session, round_id),
        "本届尚无综合评价报告",
        "The round has no evaluation report yet",
    )


async def _weighed(
    context: ReadContext, row: rounds.Round, entries: Sequence[_Entry]
) -> tuple[Evaluation, list[Finding]]:
    """The evaluation of these entries, and whether it can be issued: each visited and reported on, no counted sheet by
    somebody with a conflict of interest (Art. 29)."""
    rules, ids = rules_of(row), [entry.application.id for entry in entries]
    result = evaluation(inputs=[_input(entry) for entry in entries], rules=rules)
    shortlist = await review_reports.shortlist_of(context.session, row.id)
    included = {line[0].application_id for line in shortlist if line[0].included}
    listed = [entry.applicant for entry in entries if entry.application.id in included]
    reviewed = [
        finding
        for entry in entries
        for finding in onsite_reviewed(
            organisation=entry.applicant, onsite_list=listed, reports=int(Stage.ONSITE in entry.reports)
        )
    ]
    cases, assigned = [entry.application for entry in entries], await counted_sheets(context, ids)
    return result, [*reviewed, *result.findings, *await unbiased(context, cases, assigned, rules)]


async def _entries(
    context: ReadContext,
    row: rounds.Round,
    pairs: Sequence[tuple[Application, Organisation]],
    preferences: Sequence[Preference],
) -> list[_Entry]:
    ids = [application.id for application, _ in pairs]
    named = applicants(pairs)
    facts = await eligibility_facts_many(context.session, [application for application, _ in pairs])
    parameters, readings = round_parameters(row), round_readings(row)
    reports: dict[UUID, dict[Stage, store.StageReport]] = {key: {} for key in ids}
    for report in await review_reports.standing_reports(context.session, ids):
        reports[report.application_id][Stage(report.stage)] = report
    return [
        _Entry(
            application,
            organisation,
            named[application.id],
            prize_due(
                past_awards=facts[application.id].past_awards, parameters=parameters, readings=readings
            ).takes_seat,
            reports[application.id],
            [item for item in preferences if item.application_id == application.id],
        )
        for application, organisation in pairs
    ]


def _input(entry: _Entry) -> EvaluationInput:
    return EvaluationInput(
        organisation=entry.applicant,
        seat_category=SeatCategory(entry.application.seat_category or SeatCategory.OTHER),
        material=entry.score(Stage.MATERIAL),
        onsite=entry.score(Stage.ONSITE),
        tags=frozenset(item.tag for item in entry.preferences),
        takes_seat=entry.takes_seat,
    )


def _claimed(application: Application) -> Sequence[str]:
    """The tags that were claimed in the form as it was frozen."""
    return () if application.snapshot is None else application.snapshot["content"].get("tags") or ()


def _check_preferences(entries: Sequence[_Entry], preferences: Sequence[Preference], rules: ReviewRules) -> None:
    claimed = {entry.application.id: _claimed(entry.application) for entry in entries}
    known = {item.tag for item in rules.preference_points}
    faults = []
    for index, item in enumerate(preferences):
        pointer = f"/preferences/{index}"
        if item.application_id not in claimed:
            text = Text("该申报不在现场评审名单中", "The application is not on the on-site list")
            faults.append(FieldError(f"{pointer}/application_id", FieldCode.NOT_FOUND, text))
        elif item.tag not in known:
            text = Text("本届评审规则未对此设置加分", "The round's rules give no points for this")
            faults.append(FieldError(f"{pointer}/tag", FieldCode.NO_POINTS, text))
        elif item.tag not in claimed[item.application_id]:
            text = Text("申报组织未申请此项", "The applicant has not claimed it")
            faults.append(FieldError(f"{pointer}/tag", FieldCode.NOT_CLAIMED, text))
    if faults:
        raise Invalid(Text("加分认定有误", "The preferences are not right"), errors=faults)


def _inputs(
    entries: Sequence[_Entry], rules: ReviewRules, assigned: Sequence[tuple[store.Assignment, store.ScoreSheet]]
) -> dict[str, object]:
    """What the ranking was made of, and the sheets that were set aside, JSON-ready: anybody can weigh it again."""
    return {
        "rules_hash": rules.content_hash,
        "panel_sizes": {"material": rules.panel_size_material, "onsite": rules.panel_size_onsite},
        "spread_for_consensus": str(rules.spread_for_consensus),
        "weights": {"material": str(rules.weight_material), "onsite": str(rules.weight_onsite)},
        "pass_lines": {
            "material": str(rules.pass_line_material),
            "onsite": str(rules.pass_line_onsite),
            "overall": str(rules.pass_line_overall),
        },
        "preference_points": {item.tag: str(item.points) for item in rules.preference_points},
        "applications": [
            {
                "application_id": str(entry.application.id),
                "content_hash": entry.application.snapshot_hash,
                "seat_category": entry.application.seat_category,
                "takes_seat": entry.takes_seat,
                "reports": {stage.value: _report(report) for stage, report in sorted(entry.reports.items())},
                "set_aside": [
                    _dropped(row, sheet)
                    for row, sheet in assigned
                    if row.application_id == entry.application.id and row.state != AssignmentState.ACTIVE
                ],
                "preferences": [{"tag": item.tag, "reason": item.reason} for item in entry.preferences],
            }
            for entry in entries
        ],
    }


def _report(report: store.StageReport) -> dict[str, object]:
    return {
        "report_id": str(report.id),
        "score": str(points(report.score)),
        "mean": str(points(report.mean)),
        "spread": str(points(report.spread)),
        "consensus": report.consensus,
        "consensus_reason": report.consensus_reason,
        "sheets": report.sheets,
        "visited_on": None if report.visited_on is None else report.visited_on.isoformat(),
    }


def _dropped(row: store.Assignment, sheet: store.ScoreSheet) -> dict[str, object]:
    """A review assignment that has ended; its total where a sheet was submitted. Why it ended is on record with the
    review assignment."""
    return {
        "assignment_id": str(row.id),
        "stage": row.stage,
        "state": row.state,
        "total": None if sheet.total is None else str(points(sheet.total)),
    }


def _line(line: Ranked, entry: _Entry) -> store.RankedLine:
    return {
        "application_id": str(entry.application.id),
        "organisation_id": str(entry.organisation.id),
        "organisation_name": entry.organisation.name,
        "uscc": entry.organisation.uscc,
        "seat_category": line.seat_category.value,
        "material": str(line.material),
        "onsite": str(line.onsite),
        "preference": str(line.preference),
        "overall": str(line.overall),
        "rank": line.rank,
        "tied": line.tied,
        "passed": line.passed,
        "takes_seat": line.takes_seat,
    }
