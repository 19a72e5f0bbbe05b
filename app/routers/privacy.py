"""Personal data: how long it is kept and what for, what is held of the caller, and what is put right of it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.kernel.context import ReadContext, WriteContext
from app.kernel.settings import Settings
from app.measures.retention import anonymised_mark, handler, kept_for_good, purposes, retention_periods, rights
from app.measures.roles import Role
from app.schemas.common import PageOut, page_view
from app.schemas.identity import AccountOut
from app.schemas.privacy import (
    KeptForGoodOut,
    OwnAccountOut,
    OwnActOut,
    OwnAppraisalOut,
    OwnAssignmentOut,
    OwnConflictOut,
    OwnDataOut,
    OwnFileOut,
    OwnOpeningOut,
    OwnOriginOut,
    OwnReviewerOut,
    OwnSessionOut,
    OwnUndertakingOut,
    PrivacyNoticeOut,
    PurposeOut,
    RectificationIn,
    RetentionPeriodOut,
    RetentionPeriodsOut,
    RightOut,
)
from app.services.privacy import read_own_data as own
from app.services.privacy import rectify_own_data as rectify
from app.services.privacy.read_own_data import OwnData
from app.web.frozen import NOT_MODIFIED, Frozen, frozen_answer, once
from app.web.policy import EVERYONE, Paging, Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["privacy"])


@router.get(
    "/retention-periods",
    summary="How long personal data is kept",
    response_model=RetentionPeriodsOut,
    responses=NOT_MODIFIED,
)
async def list_retention_periods(request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> Response:
    """How long each class of data that leads to persons is kept, after which event and on which legal ground, what
    becomes of it then, and what is kept for good. The measures name no period (Art. 32): these read national law."""
    return (await once(_periods)).answer(request)


@router.get("/privacy-notice", summary="Notice of purposes", response_model=PrivacyNoticeOut, responses=NOT_MODIFIED)
async def read_privacy_notice(request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> Response:
    """What personal data is processed for in the procedure (Art. 13, 21, 29, 31), on which ground, who reads it, and
    what a person can ask for."""
    return frozen_answer(_notice(context.settings)).answer(request)


@router.get("/me/data", summary="All that is held of me")
async def read_own_data(context: Annotated[ReadContext, reading(*EVERYONE)]) -> OwnDataOut:
    """All that the service holds of the caller's person, without others' data; files are listed, and read where they
    belong (Art. 29)."""
    return _own_data(context, await own.read_own_data(context))


@router.get("/me/acts", summary="What I have done")
async def list_own_acts(paging: Paging, context: Annotated[ReadContext, reading(*EVERYONE)]) -> PageOut[OwnActOut]:
    """What the audit log has of the caller's acts, newest first, refused ones included (Art. 10, 29)."""
    return page_view(await own.list_own_acts(context, request=paging), OwnActOut.model_validate)


@router.post("/me/rectification", summary="Put my data right")
async def rectify_own_data(body: RectificationIn, context: Annotated[WriteContext, acting(*EVERYONE)]) -> AccountOut:
    """Sets the name of the caller's account, on record. What the pool knows of a reviewer is put right by the office
    (Art. 11), an organisation's contact by the organisation, which keep their own record."""
    row = await rectify.rectify_own_data(context, display_name=body.display_name, reason=body.reason)
    return AccountOut.model_validate(row)


def _periods() -> Frozen:
    items = [
        RetentionPeriodOut(
            data_class=item.data_class,
            years=item.years,
            what_zh=item.what.zh,
            what_en=item.what.en,
            event_zh=item.event.zh,
            event_en=item.event.en,
            becomes_zh=item.becomes.zh,
            becomes_en=item.becomes.en,
            ground_zh=item.ground.zh,
            ground_en=item.ground.en,
        )
        for item in retention_periods().values()
    ]
    kept = [
        KeptForGoodOut(what_zh=item.what.zh, what_en=item.what.en, ground_zh=item.ground.zh, ground_en=item.ground.en)
        for item in kept_for_good()
    ]
    return frozen_answer(RetentionPeriodsOut(anonymised=anonymised_mark(), items=items, kept_for_good=kept))


def _notice(settings: Settings) -> PrivacyNoticeOut:
    return PrivacyNoticeOut(
        handler_zh=handler().zh,
        handler_en=handler().en,
        contact=settings.privacy_contact,
        purposes=[
            PurposeOut(
                what_zh=item.what.zh,
                what_en=item.what.en,
                purpose_zh=item.purpose.zh,
                purpose_en=item.purpose.en,
                ground_zh=item.ground.zh,
                ground_en=item.ground.en,
                readers_zh=item.readers.zh,
                readers_en=item.readers.en,
                data_classes=list(item.periods),
            )
            for item in purposes()
        ],
        rights=[
            RightOut(
                right_zh=item.right.zh,
                right_en=item.right.en,
                article_zh=item.article.zh,
                article_en=item.article.en,
                path=item.path,
            )
            for item in rights()
        ],
    )


def _own_data(context: ReadContext, held: OwnData) -> OwnDataOut:
    return OwnDataOut(
        told_at=context.now,
        account=_own_account(held),
        sessions=[OwnSessionOut.model_validate(row) for row in held.sessions],
        origins=[OwnOriginOut.model_validate(row) for row in held.origins],
        files=[OwnFileOut.model_validate(row) for row in held.files],
        openings=[OwnOpeningOut.model_validate(row) for row in held.openings],
        reviewer=_own_reviewer(held),
    )


def _own_account(held: OwnData) -> OwnAccountOut:
    row = held.account
    return OwnAccountOut(
        id=row.id,
        login=row.login,
        kind=row.kind,
        role=row.role,
        display_name=row.display_name,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        department_id=row.department_id,
        membership=row.membership,
        created_at=row.created_at,
        deactivated_at=row.deactivated_at,
        has_password=row.secret_hash is not None,
        second_factor_since=held.second_factor_since,
        recovery_codes_left=held.recovery_codes_left,
        outside_issuer=None if held.outside is None else held.outside.issuer,
        outside_subject=None if held.outside is None else held.outside.subject,
    )


def _own_reviewer(held: OwnData) -> OwnReviewerOut | None:
    row, pool = held.reviewer, held.pool
    if row is None or pool is None:
        return None
    return OwnReviewerOut(
        id=row.id,
        name=row.name,
        expertise=row.expertise,
        employer=row.employer,
        employer_uscc=row.employer_uscc,
        employed_since=row.employed_since,
        qualified_from=row.qualified_from,
        qualified_until=row.qualified_until,
        state=row.state,
        state_reason=row.state_reason,
        conflicts=[OwnConflictOut.model_validate(item) for item in pool.conflicts],
        undertakings=[OwnUndertakingOut.model_validate(item) for item in pool.undertakings],
        appraisals=[OwnAppraisalOut.model_validate(item) for item in pool.appraisals],
        assignments=[OwnAssignmentOut.model_validate(item) for item in pool.assignments],
    )
