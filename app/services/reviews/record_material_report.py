"""The material report on an application (Art. 18)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.reviews import Stage
from app.services.reviews.reports import NewReport, record_report
from app.store.reviews import StageReport


async def record_material_report(context: WriteContext, *, application_id: UUID, new: NewReport) -> StageReport:
    """Close the material panel of one application; see `record_report`."""
    return await record_report(context, application_id=application_id, stage=Stage.MATERIAL, new=new)
