"""Public notices through news media: frozen when made, each with the hash of its body (Art. 17, 21, 26, 28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote
from uuid import UUID

from app.kernel.audit import plain_object
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.hashes import content_hash
from app.kernel.paging import Page, PageRequest
from app.measures.dates import add_years
from app.measures.fees import published_without_fee
from app.measures.findings import Finding, obstacles
from app.measures.publicity import (
    MediumKind,
    NoticeKind,
    NoticeMark,
    Period,
    PeriodAnswer,
    publication_dated,
    publicity_period,
    recorded_in_time,
    through_news_media,
)
from app.measures.text import Text
from app.services.instruments import in_force
from app.store import notices as store
from app.store.rounds import Round

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium, the day on which it published (Shanghai), where to read it, and what kind it is (`MediumKind`)."""

    name: str
    published_on: date
    url: str | None = None
    kind: MediumKind | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication of names: its title, its media, the last day that was announced, if one was."""

    title: str
    media: tuple[Medium, ...]
    announced_last_day: date | None = None


async def create_notice(
    context: WriteContext,
    *,
    kind: NoticeKind,
    round_id: UUID | None,
    title: str,
    media: Sequence[Medium],
    body: Mapping[str, object],
    period: Period | None = None,
) -> store.Notice:
    """Put a publication on record. `period` where it opens one (Art. 21); without it the notice only informs."""
    plain = plain_object(body)
    row = store.Notice(
        created_at=context.now,
        round_id=round_id,
        kind=kind,
        title=title,
        media=[
            {
                "name": medium.name,
                "kind": medium.kind,
                "published_on": medium.published_on.isoformat(),
                "url": medium.url,
            }
            for medium in media
        ],
        published_on=max(medium.published_on for medium in media),
        last_day=period.last_day if period else None,
        ends_at=period.ends_at if period else None,
        body=plain,
        body_hash=content_hash(plain),
    )
    context.session.add(row)
    await context.session.flush()
    return row


async def mark_notice(
    context: WriteContext,
    notice_id: UUID | None,
    mark: NoticeMark,
    *,
    on: date,
    basis: str | None = None,
    by: store.Notice | None = None,
) -> None:
    """Tell whoever reads the notice what has become of it: its text stays as it was published. `basis`: the number of
    the decision, `by`: the notice that tells it otherwise. Nothing where there is no notice."""
    row = None if notice_id is None else await context.session.by_id(store.Notice, notice_id)
    if row is None:
        return
    row.mark_as(mark, on=on, basis=basis, by=None if by is None else by.id)
    await context.session.flush()


async def open_period(context: ReadContext, row: Round, publication: Publication, *, not_before: date) -> PeriodAnswer:
    """The period that a publication of names opens in a round, by the parameters and readings of its call, counted with
    the working days known today. `not_before`: the day from which the names could stand on the list in this form."""
    published_on = [medium.published_on for medium in publication.media]
    _of_the_right_year(publication.announced_last_day, max(published_on))
    kinds = [medium.kind for medium in publication.media]
    through = through_news_media(kinds=kinds, readings=in_force.round_readings(row))
    told = [*dated(context, publication, not_before=not_before), *through]
    answer = publicity_period(
        published_on=published_on,
        announced_last_day=publication.announced_last_day,
        calendar=await in_force.working_calendar(context.session),
        parameters=in_force.round_parameters(row),
        readings=in_force.round_readings(row),
        recorded_on=context.today,
    )
    timed = recorded_in_time(period=answer.period, at=context.now) if answer.period else []
    refused = obstacles([*told, *timed])
    return PeriodAnswer(None if refused else answer.period, [*refused, *answer.findings])


def _of_the_right_year(announced: date | None, latest: date) -> None:
    """`Invalid` for an announced end of more than a year after the publication: a year was mistyped, and nobody could
    be proposed before it."""
    if announced is None or announced <= add_years(latest, 1):
        return
    text = Text("晚于刊出之日一年以上，请核对年份", "More than a year after the publication; look at the year")
    raise Invalid(text, errors=[FieldError("/publication/announced_last_day", FieldCode.OUT_OF_RANGE, text)])


def dated(context: ReadContext, publication: Publication, *, not_before: date) -> list[Finding]:
    """Whether a publication that opens no period has appeared, and not before `not_before`; it charges no fee."""
    told = publication_dated(
        published_on=[medium.published_on for medium in publication.media], not_before=not_before, today=context.today
    )
    return [*told, *without_fee(title=publication.title, media=publication.media)]


def without_fee(*, title: str, media: Sequence[Medium]) -> list[Finding]:
    """What speaks of a fee in a notice, in its title or in where it appeared (Art. 7); nothing where none is."""
    texts = [title, *(medium.name for medium in media), *(unquote(medium.url or "") for medium in media)]
    return obstacles(published_without_fee(texts=texts))


def period_of(notice: store.Notice) -> Period | None:
    """The period that the notice opened, as it was fixed then; None where it opened none."""
    counted = notice.body.get("first_day")
    return period_opened(
        media=notice.media,
        published_on=notice.published_on,
        first_day=counted if isinstance(counted, str) else None,
        last_day=notice.last_day,
        ends_at=notice.ends_at,
    )


def period_opened(
    *,
    media: Sequence[store.MediumRecord],
    published_on: date,
    first_day: str | None,
    last_day: date | None,
    ends_at: datetime | None,
) -> Period | None:
    """As `period_of`, from what it needs of a notice. `first_day`: as the notice's text has it."""
    if last_day is None or ends_at is None:
        return None
    begins = published_on + _ONE_DAY if first_day is None else date.fromisoformat(first_day)
    return Period(_first_of(media), begins, last_day, ends_at)


def day_of_first_medium(notice: store.Notice) -> date:
    """The day (Shanghai) on which the first of its media published it: from then on the public may answer it."""
    return _first_of(notice.media)


def _first_of(media: Sequence[store.MediumRecord]) -> date:
    return min(date.fromisoformat(medium["published_on"]) for medium in media)


async def list_notices(
    context: ReadContext, *, request: PageRequest, round_id: UUID | None, kind: NoticeKind | None
) -> Page[store.Notice]:
    """Notices, newest first."""
    filters = {"round_id": round_id, "kind": kind}
    rows = await store.notices_page(
        context.session, after=request.after(**filters), limit=request.limit, round_id=round_id, kind=kind
    )
    return request.page(rows, key=lambda row: row.id, **filters)
