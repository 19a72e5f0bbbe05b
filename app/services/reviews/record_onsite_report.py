"""The on-site report on an application (Art. 19)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.reviews import Stage
from app.services.reviews.reports import NewReport, record_report
from app.store.reviews import StageReport


async def record_onsite_report(context: WriteContext, *, application_id: UUID, new: NewReport) -> StageReport:
    """Close the on-site panel of one application; see `record_report`."""
    return await record_report(context, application_id=application_id, stage=Stage.ONSITE, new=new)
