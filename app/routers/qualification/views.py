"""The qualification review's answers, put together from what the services return."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.kernel.context import ReadContext
from app.measures.facts import RecordCategory
from app.measures.findings import Finding, Outcome
from app.schemas.common import ProfileChangeOut, finding_view
from app.schemas.qualification import (
    AdverseRecordOut,
    ConditionView,
    ConsultationView,
    CorrectionItemOut,
    CorrectionOut,
    DeadlineExtensionOut,
    DecisionView,
    LateStep,
    QualificationOut,
    RecordView,
    WorklistItem,
)
from app.schemas.revocations import PartyStatementOut, StatementFileOut
from app.services.applications.under_review import last_day
from app.services.awards.concerned_awards import by_record
from app.services.qualification.adverse_records import Heard, heard_on
from app.services.qualification.assess_application import Assessment
from app.services.qualification.worklist import Condition, Qualification
from app.store.qualification import AdverseRecord, Correction, ExtensionLine

_WORST = (Outcome.FAIL, Outcome.NEEDS_DECISION, Outcome.PASS)


async def record_views(context: ReadContext, rows: Sequence[AdverseRecord]) -> list[AdverseRecordOut]:
    """Records with what was said to each."""
    heard = await heard_on(context, rows)
    return [_record(row, heard[row.id]) for row in rows]


async def record_view(context: ReadContext, row: AdverseRecord) -> AdverseRecordOut:
    """One record with what was said to it."""
    return (await record_views(context, [row]))[0]


async def recorded(context: ReadContext, row: AdverseRecord) -> AdverseRecordOut:
    """A record that was just entered or decided, with the awards that it concerns."""
    view = await record_view(context, row)
    view.warnings = [finding_view(item) for item in await by_record(context, row)]
    return view


def _record(row: AdverseRecord, heard: Heard) -> AdverseRecordOut:
    view = AdverseRecordOut.model_validate(row)
    view.replies = [PartyStatementOut.model_validate(item) for item in heard.said]
    view.files = [StatementFileOut.model_validate(item) for item in heard.files]
    return view


def correction_view(row: Correction) -> CorrectionOut:
    """A correction request."""
    return CorrectionOut(
        id=row.id,
        application_id=row.application_id,
        items=[CorrectionItemOut.model_validate(item) for item in row.items],
        last_day=last_day(row.due_at),
        state=row.state,
        answered_at=row.answered_at,
        created_at=row.created_at,
    )


def extension_view(row: ExtensionLine) -> DeadlineExtensionOut:
    """An extension with the application's number and the name of who decided."""
    extension = row.extension
    return DeadlineExtensionOut(
        id=extension.id,
        kind=extension.kind,
        application_number=row.number,
        old_deadline=extension.old_deadline,
        new_deadline=extension.new_deadline,
        reason=extension.reason,
        channel=extension.channel,
        decided_by=row.display_name,
        created_at=extension.created_at,
    )


def worklist_item(item: Assessment, at: datetime) -> WorklistItem:
    """One application on the worklist."""
    return WorklistItem(
        application_id=item.application.id,
        number=item.application.number,
        organisation=item.facts.organisation.name,
        state=item.application.state,
        seat_category=item.seat_category.value if item.seat_category else None,
        open=[finding_view(finding) for finding in item.open],
        refusing=[finding_view(finding) for finding in item.refusing],
        late=_late(item, at),
        profile_changes=[ProfileChangeOut.model_validate(one) for one in item.profile_changes],
        to_check=[finding_view(finding) for finding in item.to_check],
    )


def condition_page(shown: Qualification, context: ReadContext) -> QualificationOut:
    """One application's review."""
    item = shown.assessment
    return QualificationOut(
        application_id=item.application.id,
        number=item.application.number,
        organisation=item.facts.organisation.name,
        state=item.application.state,
        sector=item.facts.organisation.sector,
        seat_category=item.seat_category.value if item.seat_category else None,
        tested_on=context.today,
        conditions=[_condition(condition) for condition in shown.conditions],
        completeness=[finding_view(finding) for finding in item.outcome if finding.rule == "art17.qualification"],
        records=[
            RecordView(
                **_record(row, shown.heard[row.id]).model_dump(),
                decided_by_name=None if row.decided_by is None else shown.account_names.get(row.decided_by),
            )
            for row in shown.records
        ],
        consultations=_consultations(shown),
        corrections=[correction_view(row) for row in item.corrections],
        late=_late(item, context.now),
        profile_changes=[ProfileChangeOut.model_validate(one) for one in item.profile_changes],
        to_check=[finding_view(finding) for finding in item.to_check],
    )


def _condition(condition: Condition) -> ConditionView:
    entry = condition.entry
    return ConditionView(
        rule=entry.id,
        article=entry.article,
        name_zh=entry.zh,
        name_en=entry.en,
        kind=entry.kind.value,
        source=condition.source,
        outcome=_worst(condition.findings),
        findings=[finding_view(finding) for finding in condition.findings],
        decisions=[
            DecisionView(
                outcome=item.row.outcome,
                reason=item.row.reason,
                evidence=item.row.evidence,
                about=item.row.about,
                decided_by=item.row.decided_by,
                decided_by_name=item.decided_by_name,
                decided_at=item.row.created_at,
            )
            for item in condition.decisions
        ],
    )


def _worst(findings: Iterable[Finding]) -> str:
    outcomes = {finding.outcome for finding in findings}
    return next(outcome.value for outcome in _WORST if outcome in outcomes)


def _consultations(shown: Qualification) -> list[ConsultationView]:
    return [
        ConsultationView(
            id=row.id,
            department=shown.departments[row.department_id].name,
            categories=[RecordCategory(item) for item in row.categories],
            last_day=last_day(row.due_at),
            state=row.state,
            answer=row.answer,
            remark=row.remark,
            answered_at=row.answered_at,
            letter_number=row.letter_number,
            signatory=row.signatory,
            stamped_opinion_id=row.stamped_opinion_id,
            non_response_reason=row.non_response_reason,
            non_response_by_name=None if row.non_response_by is None else shown.account_names.get(row.non_response_by),
        )
        for row in shown.consultations
    ]


def _late(item: Assessment, at: datetime) -> list[LateStep]:
    return [LateStep(step=step, who=who, since=since) for step, who, since in item.late(at)]
