"""Applications: begin, fill in, submit, read."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.eligibility import Gate
from app.measures.findings import Finding
from app.measures.roles import Role
from app.reads import application as reads
from app.reads.wire import Answer
from app.routers.applications.views import application_view, shown_view
from app.schemas.applications import (
    ApplicationIn,
    ApplicationOut,
    ApplicationPatch,
    ApplicationSummary,
    ChangedFinding,
    DraftFinding,
    DraftValidation,
    RecordedEligibilityCheckOut,
    SnapshotOut,
    TimelineOut,
    TimelineStage,
)
from app.schemas.common import Day, PageOut, ProfileChangeOut, finding_view, page_view, stored_finding_view
from app.schemas.words import SORTED, ApplicationSort, ApplicationStateSent
from app.services.applications import calendar, read_applications, read_eligibility_checks
from app.services.applications import create_application as create
from app.services.applications import edit_application as edit
from app.services.applications import read_timeline as timeline
from app.services.applications import submit_application as submit
from app.services.available_acts import read_application as read
from app.services.available_acts import validate_draft as validation
from app.store.applications.eligibility import EligibilityCheck
from app.store.sorting import Sort
from app.web.plain import Asked, answered_first
from app.web.policy import Paging, Route, acting, reading
from app.web.queries import PartOfName
from app.web.streaming import OUT_OF_STATE

router = APIRouter(prefix="/v1/applications", route_class=Route, tags=["applications"])


_SEEN_BY = (Role.APPLICANT, Role.RECOMMENDING_UNIT, Role.OFFICE, Role.AUDITOR)


State = Annotated[ApplicationStateSent | None, Query(description="One of its states.")]


@router.post("", summary="Begin an application", status_code=201)
async def create_application(
    body: ApplicationIn, response: Response, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> ApplicationOut:
    """An organisation begins its application while the call is open (Art. 16); once in a round. The form begins with
    what
    its profile says, or with a copy of an earlier one."""
    row = await create.create_application(context, round_id=body.round_id, copy_of=body.copy_of)
    return await application_view(context, row, response)


@router.get("", summary="Applications")
async def list_applications(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_SEEN_BY)],
    round_id: UUID | None = None,
    state: State = None,
    name: PartOfName = None,
    since: Annotated[Day | None, Query(description="Only those submitted on this day in Shanghai or later.")] = None,
    until: Annotated[Day | None, Query(description="Only those submitted on this day in Shanghai or earlier.")] = None,
    sort: Annotated[ApplicationSort, Query(description=SORTED)] = Sort.NEWEST,
) -> PageOut[ApplicationSummary]:
    """Newest first unless asked otherwise (Art. 17): an applicant's own, a unit's asked or endorsed ones (Art. 3), all
    for office and auditor."""
    page = await read_applications.list_applications(
        context,
        request=paging,
        round_id=round_id,
        state=state,
        name=name,
        since=since,
        until=until,
        sort=Sort(sort),
    )
    return page_view(page, ApplicationSummary.model_validate)


async def _plain_application(asked: Asked) -> Answer | None:
    asked.query()
    application_id = asked.id("application_id")
    return await reads.application(asked.reader, claims=asked.claims(), application_id=application_id)


@router.get("/{application_id}", summary="An application")
@answered_first(_plain_application)
async def read_application(
    application_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_SEEN_BY)]
) -> ApplicationOut:
    """The form, the recommendation, the submission receipt, and what the caller may do now (Arts. 3, 13, 17)."""
    return shown_view(await read.read_application(context, application_id=application_id), response)


@router.patch("/{application_id}", summary="Fill in the form")
async def edit_application(
    application_id: UUID,
    body: ApplicationPatch,
    response: Response,
    context: Annotated[WriteContext, acting(Role.APPLICANT, needs_version=True)],
) -> ApplicationOut:
    """Replaces the sections that are sent, while drafting or correcting (Arts. 5, 13, 17). Every section is optional
    until the submission."""
    changes = body.content.sent()
    row = await edit.edit_application(context, application_id=application_id, changes=changes)
    return await application_view(context, row, response)


@router.post("/{application_id}/submission", summary="Submit the application")
async def submit_application(
    application_id: UUID, response: Response, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> ApplicationOut:
    """Submits before the deadline's last second (Art. 16): recommended (Art. 3), complete (Art. 17), every condition of
    Arts. 4 to 6 and 13 tested at once. Refused with every finding and its field, or frozen with number, hash and
    receipt."""
    return await application_view(
        context, await submit.submit_application(context, application_id=application_id), response
    )


@router.get("/{application_id}/snapshot", summary="What was frozen at the submission")
async def read_snapshot(application_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]) -> SnapshotOut:
    """Organisation, form and the hashes of the material as handed in (Arts. 17, 26), with the hash over them."""
    row = await read_applications.submitted(context, application_id=application_id)
    return SnapshotOut.model_validate(
        {
            "application_id": row.id,
            "number": row.number,
            "submitted_at": row.submitted_at,
            "content_hash": row.snapshot_hash,
            "snapshot": row.snapshot,
        }
    )


@router.get("/{application_id}/validation", summary="Validate a draft", responses=OUT_OF_STATE)
async def validate_draft(
    application_id: UUID,
    context: Annotated[ReadContext, reading(Role.APPLICANT, Role.OFFICE, Role.AUDITOR)],
) -> DraftValidation:
    """Every condition of a submission as it stands now, all at once, each with its fields and its remedy (Arts. 4 to 6,
    13, 16, 17). Warnings while drafting; the same findings refuse at the submission."""
    found = await validation.draft_findings(context, application_id=application_id)
    return DraftValidation(
        tested_on=context.today,
        ready=found.ready,
        findings=[_draft_finding(item, where) for item, where in found.findings],
        decided_later=[finding_view(item) for item in found.decided_later],
        to_check=[_draft_finding(item, where) for item, where in found.to_check],
    )


@router.get("/{application_id}/eligibility-checks", summary="Eligibility checks of an application")
async def list_eligibility_checks(
    application_id: UUID,
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.APPLICANT, Role.OFFICE, Role.AUDITOR)],
) -> PageOut[RecordedEligibilityCheckOut]:
    """The conditions as tested at submission, confirmation, proposed list and approval (Arts. 13, 17, 21, 22), each run
    compared with the one before. The applicant sees the later ones after the decree."""
    page, changes = await read_eligibility_checks.eligibility_checks(
        context, application_id=application_id, request=paging
    )
    return page_view(page, lambda run: _run(run, changes[run.id]))


@router.get("/{application_id}/timeline", summary="Timeline")
async def read_timeline(application_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]) -> TimelineOut:
    """The way through the round in public stages (Arts. 16 to 22): what was done, what comes next, and when."""
    found = await timeline.read_timeline(context, application_id=application_id)
    return TimelineOut(
        application_id=found.application_id,
        state=found.state,
        state_zh=found.state_name.zh,
        state_en=found.state_name.en,
        next_zh=found.next.zh,
        next_en=found.next.en,
        next_due_at=found.next_due_at,
        stages=[
            TimelineStage(
                code=item.code,
                name_zh=item.name.zh,
                name_en=item.name.en,
                article=item.article,
                state=item.state,
                done_at=item.done_at,
                due_at=item.due_at,
                note_zh=item.note.zh if item.note else None,
                note_en=item.note.en if item.note else None,
            )
            for item in found.stages
        ],
        profile_changes=[ProfileChangeOut.model_validate(item) for item in found.profile_changes],
        open_today=[finding_view(item) for item in found.open_today],
    )


@router.get(
    "/{application_id}/calendar",
    summary="Calendar file",
    response_class=Response,
    responses={200: {"description": "RFC 5545.", "content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
async def read_calendar(application_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]) -> Response:
    """The dates that concern the caller (Arts. 16, 17, 21, 23) as a file for a calendar program."""
    written = await calendar.read_calendar(context, application_id=application_id)
    return Response(
        written,
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="application.ics"', "Cache-Control": "private, no-store"},
    )


def _run(run: EligibilityCheck, changes: list[read_eligibility_checks.Changed]) -> RecordedEligibilityCheckOut:
    return RecordedEligibilityCheckOut(
        id=run.id,
        gate=Gate(run.gate),
        tested_on=run.tested_on,
        created_at=run.created_at,
        passed=run.passed,
        findings=[stored_finding_view(item) for item in run.findings],
        changed=[
            ChangedFinding(
                rule=item.rule,
                article=item.article,
                outcomes_before=[one["outcome"] for one in item.before],
                outcomes_now=[one["outcome"] for one in item.now],
                facts_before=[one["facts"] for one in item.before],
                facts_now=[one["facts"] for one in item.now],
            )
            for item in changes
        ],
    )


def _draft_finding(item: Finding, where: Sequence[str]) -> DraftFinding:
    return DraftFinding(**finding_view(item).model_dump(), pointers=list(where))
