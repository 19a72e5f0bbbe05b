"""An application as its acts answer it."""

from fastapi import Response

from app.kernel.context import ReadContext
from app.measures.catalogue import article_of
from app.schemas.applications import (
    ApplicationOut,
    OrganisationInApplication,
    RecommendationInApplication,
    SubmissionReceipt,
)
from app.schemas.common import action_views, finding_view
from app.services.available_acts import read_application as read
from app.store.applications import Application
from app.web.policy import tagged


async def application_view(context: ReadContext, row: Application, response: Response) -> ApplicationOut:
    """The application with its version, for whoever asks."""
    return shown_view(await read.show(context, row), response)


def shown_view(shown: read.Shown, response: Response) -> ApplicationOut:
    """What was read of an application, with its version."""
    row = shown.row
    tagged(response, row.version)
    receipt = None
    if row.number is not None and row.submitted_at is not None and row.snapshot_hash is not None:
        receipt = SubmissionReceipt(number=row.number, submitted_at=row.submitted_at, content_hash=row.snapshot_hash)
    return ApplicationOut(
        id=row.id,
        round_id=row.round_id,
        organisation_id=row.organisation_id,
        state=row.state,
        organisation=OrganisationInApplication.model_validate(shown.organisation),
        content=shown.content,
        recommendations=[
            RecommendationInApplication(
                id=item.id,
                unit_id=item.unit_id,
                unit_name=item.unit_name,
                state=item.state,
                due_at=item.due_at,
                answered_at=item.answered_at,
                opinion=item.opinion,
                reason=item.reason,
                letter_number=item.letter_number,
                county_unit_id=item.county_unit_id,
                county_endorsed=item.county_endorsement is not None,
            )
            for item in shown.recommendations
        ],
        submission_receipt=receipt,
        sector=row.sector,
        seat_category=row.seat_category,
        confirmed_at=row.confirmed_at,
        closed_reason=row.closed_reason,
        closed_rule=row.closed_rule,
        closed_article=article_of(row.closed_rule),
        closed_at=row.closed_at,
        created_at=row.created_at,
        version=row.version,
        available_actions=action_views(shown.actions, **_asked_last(shown)),
        barred_by=[finding_view(item) for item in shown.barred_by],
    )


def _asked_last(shown: read.Shown) -> dict[str, object]:
    return {"recommendation_id": shown.recommendations[-1].id} if shown.recommendations else {}
