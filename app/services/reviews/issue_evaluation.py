"""The evaluation (Art. 20): both reports of each organisation on the on-site list, one ranking, its inputs and their
hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from anyio import to_thread
from anyio.lowlevel import checkpoint

from app.kernel import heap
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
from app.measures.sectors import SeatCategory, SectorTag
from app.measures.state_machines import APPLICATION, ROUND, ApplicationState, AssignmentState
from app.measures.text import Text
from app.services.applications.facts import past_awards_of
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act, move_together
from app.services.reviewers.stage import points, rules_of
from app.services.reviews.entrants import applicants
from app.services.reviews.reports import unbiased
from app.services.rounds.read_rounds import locked
from app.services.turns import in_slices, in_turns
from app.store import reviews, rounds
from app.store import reviews as store
from app.store.reviews import judged
from app.store.reviews.judged import Judged, ReportLine, SheetLine

_LISTED = (ApplicationState.SHORTLISTED,)

# About ten milliseconds of work.
_ENTRIES_IN_A_TURN = 200


@dataclass(frozen=True, slots=True)
class Preference:
    """A tag (Arts. 14, 15) that the office grants to an applicant that has claimed it, where the round's published
    rules give points for it."""

    application_id: UUID
    tag: SectorTag
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    row: Judged
    applicant: Applicant
    takes_seat: bool
    reports: Mapping[Stage, ReportLine]
    preferences: Sequence[Preference]
    # Every review assignment on it, those that have ended too.
    sheets: Sequence[SheetLine]

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
        listed = await judged.lock_judged(context.session, row.id, _LISTED)
        with heap.at_rest():
            entries = await _entries(context, row, listed, preferences)
            await _check_preferences(context, entries, preferences, rules)
            result, findings = await _weighed(context, row, entries, rules)
        # Nobody on the list: there is nothing to evaluate, and an empty award list is a valid decision (Art. 6).
        doing.hear(findings, vacuous=() if entries else ("art19.onsite", "art20.evaluation"))
        if entries:
            await _move(context, row, listed, findings)
        by_applicant: dict[str, _Entry] = {entry.applicant: entry for entry in entries}
        inputs, inputs_hash = await to_thread.run_sync(_inputs, entries, rules)
        report = reviews.Evaluation(
            created_at=context.now,
            round_id=row.id,
            summary=summary,
            ranking=[_line(line, by_applicant[line.organisation]) for line in result.ranking],
            inputs=inputs,
            inputs_hash=inputs_hash,
            issued_by=context.actor.known_id,
        )
        context.session.add(report)
        doing.rest_on(round_readings(row), "preference_tags")
        doing.tell(evaluation_id=report.id, ranking=report.ranking)
        doing.tell(inputs_hash=report.inputs_hash, rules_hash=row.review_rules_hash)
    return report


async def tried(context: ReadContext, row: rounds.Round, listed: Sequence[Judged]) -> list[Finding]:
    """What the evaluation would say of these applications by their reports; of their sheets nothing is asked."""
    included = await judged.shortlisted(context.session, row.id)
    return _evaluated(await _entries(context, row, listed, ()), included, rules_of(row))[1]


async def read_evaluation(context: ReadContext, *, round_id: UUID) -> reviews.Evaluation:
    """The round's standing evaluation report."""
    return existing(
        await reviews.evaluation_of(context.session, round_id),
        "本届尚无综合评价报告",
        "The round has no evaluation report yet",
    )


async def _weighed(
    context: ReadContext, row: rounds.Round, entries: Sequence[_Entry], rules: ReviewRules
) -> tuple[Evaluation, list[Finding]]:
    """The evaluation of these entries, and whether it can be issued: each visited and reported on, no counted sheet by
    somebody with a conflict of interest (Art. 29)."""
    included = await judged.shortlisted(context.session, row.id)
    result, findings = await to_thread.run_sync(_evaluated, entries, included, rules)
    assigned = sorted((item for entry in entries for item in entry.sheets if item.counted), key=lambda item: item.id)
    return result, [*findings, *await unbiased(context, [entry.row for entry in entries], assigned, rules)]


def _evaluated(
    entries: Sequence[_Entry], included: Collection[UUID], rules: ReviewRules
) -> tuple[Evaluation, list[Finding]]:
    result = evaluation(inputs=[_input(entry) for entry in entries], rules=rules)
    listed = frozenset(entry.applicant for entry in entries if entry.row.id in included)
    reviewed = [
        finding
        for entry in entries
        for finding in onsite_reviewed(
            organisation=entry.applicant, onsite_list=listed, reports=int(Stage.ONSITE in entry.reports)
        )
    ]
    return result, [*reviewed, *result.findings]


async def _move(
    context: WriteContext, row: rounds.Round, listed: Sequence[Judged], findings: Sequence[Finding]
) -> None:
    state = ApplicationState(move_together(context, APPLICATION, listed, "evaluate", findings))
    moved = await judged.move_judged(context.session, row.id, _LISTED, state=state)
    if moved != len(listed):
        raise RuntimeError(f"{len(listed)} applications were evaluated, {moved} moved")


async def _entries(
    context: ReadContext,
    row: rounds.Round,
    listed: Sequence[Judged],
    preferences: Sequence[Preference],
) -> list[_Entry]:
    named = applicants(listed)
    awards = await past_awards_of(context.session, listed)
    parameters, readings = round_parameters(row), round_readings(row)
    reports: defaultdict[UUID, dict[Stage, ReportLine]] = defaultdict(dict)
    sheets: defaultdict[UUID, list[SheetLine]] = defaultdict(list)
    granted: defaultdict[UUID, list[Preference]] = defaultdict(list)
    async for part in in_slices(listed):
        ids = [item.id for item in part]
        for report in await judged.reports_standing(context.session, ids):
            reports[report.application_id][report.stage] = report
        await checkpoint()
        for sheet in await judged.sheets_of(context.session, ids):
            sheets[sheet.application_id].append(sheet)
    for item in preferences:
        granted[item.application_id].append(item)
    return [
        _Entry(
            item,
            named[item.id],
            prize_due(past_awards=awards[item.id], parameters=parameters, readings=readings).takes_seat,
            reports[item.id],
            granted[item.id],
            sheets[item.id],
        )
        async for item in in_turns(listed, turn=_ENTRIES_IN_A_TURN)
    ]


def _input(entry: _Entry) -> EvaluationInput:
    return EvaluationInput(
        organisation=entry.applicant,
        seat_category=entry.row.seat_category or SeatCategory.OTHER,
        material=entry.score(Stage.MATERIAL),
        onsite=entry.score(Stage.ONSITE),
        tags=frozenset(item.tag for item in entry.preferences),
        takes_seat=entry.takes_seat,
    )


async def _claimed(context: ReadContext, entries: Sequence[_Entry]) -> dict[UUID, Sequence[str]]:
    """Of those to whom a preference is granted, the tags that were claimed in the form as it was frozen."""
    ids = [entry.row.id for entry in entries if entry.preferences]
    frozen = await judged.snapshots(context.session, ids) if ids else {}
    return {key: () if snapshot is None else snapshot["content"].get("tags") or () for key, snapshot in frozen.items()}


async def _check_preferences(
    context: ReadContext, entries: Sequence[_Entry], preferences: Sequence[Preference], rules: ReviewRules
) -> None:
    claimed = await _claimed(context, entries)
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


def _inputs(entries: Sequence[_Entry], rules: ReviewRules) -> tuple[dict[str, object], InputsHash]:
    """What the ranking was made of, and the sheets that were set aside, JSON-ready, with the hash of it: anybody can
    weigh it again."""
    inputs: dict[str, object] = {
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
                "application_id": str(entry.row.id),
                "content_hash": entry.row.snapshot_hash,
                "seat_category": entry.row.seat_category,
                "takes_seat": entry.takes_seat,
                "reports": {stage.value: _report(report) for stage, report in sorted(entry.reports.items())},
                "set_aside": [_dropped(item) for item in entry.sheets if item.state != AssignmentState.ACTIVE],
                "preferences": [{"tag": item.tag, "reason": item.reason} for item in entry.preferences],
            }
            for entry in entries
        ],
    }
    return inputs, InputsHash(content_hash(inputs))


def _report(report: ReportLine) -> dict[str, object]:
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


def _dropped(sheet: SheetLine) -> dict[str, object]:
    """A review assignment that has ended; its total where a sheet was submitted. Why it ended is on record with the
    review assignment."""
    return {
        "assignment_id": str(sheet.id),
        "stage": sheet.stage,
        "state": sheet.state,
        "total": None if sheet.total is None else str(points(sheet.total)),
    }


def _line(line: Ranked, entry: _Entry) -> store.RankedLine:
    return {
        "application_id": str(entry.row.id),
        "organisation_id": str(entry.row.organisation_id),
        "organisation_name": entry.row.organisation_name,
        "uscc": entry.row.uscc,
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
