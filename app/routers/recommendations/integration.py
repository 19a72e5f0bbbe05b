"""What a recommending unit's own system calls: many opinions at once, changes since a position, stamped opinions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.recommendations import RecommendationAnswer
from app.measures.roles import Role
from app.reads import feed
from app.reads.wire import Answer
from app.schemas.common import FileName, number_warnings
from app.schemas.recommendations import (
    BatchIn,
    BatchItemIn,
    BatchItemOut,
    BatchOut,
    ChangeOut,
    ChangesOut,
    StampedOpinionOut,
)
from app.services.recommendations import answer_recommendations as answer
from app.services.recommendations import answers, read_changes, stamped_opinions
from app.services.recommendations import upload_stamped_opinion as upload
from app.web.plain import Asked, answered_first, number
from app.web.policy import Route, acting, reading, recording
from app.web.streaming import DOWNLOAD, UPLOAD, downloading, file_response, sent_file, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["recommendations"])


_UNIT = acting(Role.RECOMMENDING_UNIT)


_SEEN_BY = (Role.RECOMMENDING_UNIT, Role.DEPARTMENT, Role.OFFICE, Role.AUDITOR)


@router.post("/recommendation-batches", summary="Answer many recommendations")
async def answer_recommendations(body: BatchIn, context: Annotated[WriteContext, _UNIT]) -> BatchOut:
    """Endorses, declines or returns each of the unit's own requests that are named (Art. 3, 12, 16), all or none. A
    refusal names the errors of every item by JSON pointer (`/items/3/opinion`) and, where a rule refused, the rule;
    with `dry_run` the whole batch is judged and nothing recorded."""
    rows = await answer.answer_recommendations(context, items=[_item(item) for item in body.items])
    return BatchOut(
        items=[
            BatchItemOut(
                recommendation_id=row.id,
                application_id=row.application_id,
                state=row.state,
                version=row.version,
                warnings=number_warnings("art03.recommendation", row.letter_number),
            )
            for row in rows
        ]
    )


async def _plain_changes(asked: Asked) -> Answer | None:
    asked.only_reads()
    query = asked.query("after", "limit")
    after = number(query, "after", at_least=0, at_most=2**53) or 0
    limit = number(query, "limit", at_least=1, at_most=100) or 50
    return await feed.changes(asked.reader, claims=asked.claims(), after=after, limit=limit)


@router.get("/recommendation-changes", summary="Changes since a position")
@answered_first(_plain_changes)
async def read_recommendation_changes(
    context: Annotated[WriteContext, recording(Role.RECOMMENDING_UNIT)],
    after: Annotated[int, Query(ge=0, le=2**53, description="`next_after` of the last answer; 0 at first.")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ChangesOut:
    """Every change of the unit's own recommendations (Art. 3) in the order of their commit: a reader who goes on from
    `next_after` misses none. Ids only."""
    events, next_after = await read_changes.read_changes(context, after=after, limit=limit)
    items = [
        ChangeOut(
            position=event.position or 0,
            type=read_changes.change_type(event),
            changed_at=event.created_at,
            recommendation_id=event.subject_id,
            application_id=UUID(str(event.data["application_id"])),
        )
        for event in events
    ]
    return ChangesOut(items=items, next_after=next_after)


@router.post("/stamped-opinions", summary="Upload a stamped opinion", status_code=201, openapi_extra=UPLOAD)
async def upload_stamped_opinion(
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["推荐意见.pdf"])],
    request: Request,
    context: Annotated[StreamContext, uploading(Role.RECOMMENDING_UNIT, Role.DEPARTMENT)],
) -> StampedOpinionOut:
    """Takes the raw body as a scanned, stamped opinion of the unit (Art. 3), to be named in an endorsement, or of the
    department (Art. 17), to be named in its answers: PDF, OFD, PNG or JPEG, told by content, up to the limit of the
    settings."""
    row = await upload.upload_stamped_opinion(context, sent=sent_file(request, filename))
    return StampedOpinionOut.model_validate(row)


@router.get("/stamped-opinions/{stamped_opinion_id}", summary="A stamped opinion")
async def read_stamped_opinion(
    stamped_opinion_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]
) -> StampedOpinionOut:
    """What is known of a stamped opinion, for whose it is, the office and the auditor (Art. 3, 17)."""
    return StampedOpinionOut.model_validate(
        await stamped_opinions.read_stamped_opinion(context, stamped_opinion_id=stamped_opinion_id)
    )


@router.get(
    "/stamped-opinions/{stamped_opinion_id}/content",
    summary="Download a stamped opinion",
    response_class=StreamingResponse,
    responses=DOWNLOAD,
)
async def download_stamped_opinion(
    stamped_opinion_id: UUID, context: Annotated[StreamContext, downloading(*_SEEN_BY)]
) -> StreamingResponse:
    """The file as an attachment, for whose it is, the office and the auditor; every access by others than its owner is
    on record (Art. 3, 17, 29)."""
    row, pieces = await stamped_opinions.download_stamped_opinion(context, stamped_opinion_id=stamped_opinion_id)
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


def _item(body: BatchItemIn) -> answer.BatchItem:
    opinion = answers.Opinion(
        outcome=RecommendationAnswer(body.outcome),
        facts_verified=tuple(body.facts_verified or ()),
        opinion=body.opinion,
        signatory=body.signatory,
        signed_on=body.signed_on,
        industry_justification=body.industry_justification,
        reason=body.reason,
        stamped_opinion_id=body.stamped_opinion_id,
        letter_number=body.letter_number,
        order=body.order,
    )
    return answer.BatchItem(recommendation_id=body.recommendation_id, opinion=opinion, version=body.version)
