"""Cultivation and promotion: what the recommending units report under Art. 12."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.measures.units import CultivationKind
from app.schemas.common import PageOut, page_view
from app.schemas.units import CultivationIn, CultivationOut, CultivationWithdrawalIn
from app.services.units import read_cultivation
from app.services.units import record_cultivation as record
from app.services.units import withdraw_cultivation as withdraw
from app.store.units.cultivation import CultivationLine
from app.web.policy import Paging, Route, acting, reading

router = APIRouter(prefix="/v1/cultivation-records", route_class=Route, tags=["recommending-units"])


@router.post("", summary="Record cultivation or promotion", status_code=201)
async def record_cultivation(
    body: CultivationIn, context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)]
) -> CultivationOut:
    """A unit reports what it did to cultivate organisations or promote quality (Art. 12). Optional: no recommendation,
    score or award depends on it."""
    work = record.Work(
        kind=body.kind,
        held_on=body.held_on,
        subject=body.subject,
        description=body.description,
        organisation_id=body.organisation_id,
    )
    return _shown(await record.record_cultivation(context, work=work))


@router.get("", summary="Cultivation and promotion")
async def list_cultivation(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.RECOMMENDING_UNIT, Role.OFFICE, Role.AUDITOR)],
    unit_id: UUID | None = None,
    kind: CultivationKind | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2199, description="Of the day on which it was held.")] = None,
) -> PageOut[CultivationOut]:
    """A unit's own records (Art. 12), newest first; those of all units for the office and the auditor. Withdrawn ones
    are shown as withdrawn."""
    page = await read_cultivation.list_work(context, request=paging, unit_id=unit_id, kind=kind, year=year)
    return page_view(page, _shown)


@router.post("/{record_id}/withdrawal", summary="Withdraw a record")
async def withdraw_cultivation(
    record_id: UUID,
    body: CultivationWithdrawalIn,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> CultivationOut:
    """The unit takes a record back, and says why (Art. 12). It stays to be read."""
    return _shown(await withdraw.withdraw_cultivation(context, record_id=record_id, reason=body.reason))


def _shown(row: CultivationLine) -> CultivationOut:
    item = row.record
    own = {name: getattr(item, name) for name in CultivationOut.model_fields if not name.endswith("_name")}
    return CultivationOut(**own, unit_name=row.unit_name, organisation_name=row.organisation_name)
