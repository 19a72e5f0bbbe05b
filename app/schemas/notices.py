"""Notices on the wire."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.measures.publicity import MediumKind, NoticeKind, NoticeMark
from app.schemas.common import Day, In, Line, Out, Worded
from app.schemas.words import MediumState


class MediumOut(Out):
    """A medium that published the notice, and on which day (Arts. 16, 21)."""

    name: str
    kind: MediumKind | None = Field(None, description="What kind of medium it is, where it was told.")
    published_on: date
    url: str | None


class NoticeOut(Out):
    """A notice, frozen: `body_hash` is the SHA-256 of `body` as JSON with sorted keys and no spaces, in UTF-8."""

    id: UUID
    round_id: UUID | None
    kind: NoticeKind
    title: str
    media: list[MediumOut]
    published_on: date = Field(description="The latest medium's day.")
    last_day: date | None = Field(description="The last day of publicity, where the notice opened a period.")
    ends_at: datetime | None = Field(description="The instant after the last second of the period.")
    body: dict[str, object]
    body_hash: str
    mark: NoticeMark | None = Field(
        None,
        description="What has become of it since: `withdrawn` (what it tells is taken back), `corrected` (it is told "
        "otherwise by now). The text itself stays as it was published.",
    )
    marked_on: date | None = Field(None, description="The day of the decision that the mark follows.")
    mark_basis: str | None = Field(
        None,
        description="The number of that decision, or its reason where it has none.",
        examples=["赣市府行复〔2025〕6号"],
    )
    mark_notice_id: UUID | None = Field(None, description="The notice that tells it otherwise, where there is one.")


class RegisteredMediumIn(In):
    """A medium for the register, by a document that says what it is (Art. 21)."""

    name: Line = Field(examples=["样例日报"])
    kind: MediumKind = Field(examples=[MediumKind.NEWSPAPER])
    document: Worded = Field(description="The document that shows it.", examples=["国内统一连续出版物号证书"])


class MediumEndIn(In):
    """From when a medium is one no more, and why (Art. 21)."""

    ended_on: Day = Field(description="Its last day; what it published until then stays.", examples=["2025-12-31"])
    reason: Worded = Field(examples=["报纸休刊。"])


class RegisteredMediumOut(Out):
    """A medium of the register; of several entries of one name the latest counts."""

    id: UUID
    state: MediumState
    name: str
    kind: MediumKind
    document: str
    ended_on: date | None = Field(None, description="Its last day, where the entry has ended.")
    ended_reason: str | None = None
    created_at: datetime
