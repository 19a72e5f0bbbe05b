"""Notices on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.measures.publicity import MediumKind, NoticeKind, NoticeMark
from app.measures.sectors import SeatCategory
from app.schemas.common import Day, In, Name, Out, Worded
from app.schemas.held import Holds, by_kind
from app.schemas.words import ListNoticeKind, MediumState


class MediumOut(Out):
    """A medium that published the notice, and on which day (Arts. 16, 21)."""

    name: str
    kind: MediumKind | None = Field(None, description="What kind of medium it is, where it was told.")
    published_on: date
    url: str | None


class RoundInNotice(Out):
    """The round of which a notice tells."""

    id: UUID
    year: int
    title: str


class ListedName(Out):
    """A name on the candidate list as it is printed (Art. 21)."""

    name: str
    seat_category: SeatCategory
    repeat_award: bool


class CorrectedName(ListedName):
    """A name that was corrected on the list (Art. 21)."""

    before: str


class RemovedName(Out):
    """A name that was taken off the list (Art. 21)."""

    name: str
    seat_category: SeatCategory


class ListBody(Out):
    """The names of a candidate list, or those added to it, with the days on which objections are taken (Art. 21)."""

    round: RoundInNotice
    names: list[ListedName]
    first_day: date
    last_day: date


class CorrectionBody(Out):
    """A corrected name, with the days on which objections to it are taken (Art. 21)."""

    round: RoundInNotice
    names: list[CorrectedName]
    first_day: date
    last_day: date


class RemovalBody(Out):
    """A name that is on the list no more (Art. 21)."""

    round: RoundInNotice
    names: list[RemovedName]


class QualifiedListBody(Out):
    """The names of those that qualify (Art. 17)."""

    round: RoundInNotice
    names: list[str]


class RevocationBody(Out):
    """Whose award was revoked, under which article, and how long its holder is excluded (Arts. 26, 28)."""

    organisation: str
    award_year: int
    certificate_number: str
    article: str = Field(examples=["26"])
    ground: int | None = Field(description="Of Art. 28.")
    decision_number: str
    decided_on: date
    excluded_from: date | None
    excluded_through: date | None = Field(description="Last day, included.")


class AnnulmentBody(Out):
    """Which revocation was annulled on review, by whom, and whether the award stands again (Arts. 26, 28)."""

    organisation: str
    award_year: int
    certificate_number: str
    article: str = Field(examples=["26"])
    decision_number: str
    decided_on: date
    annulled_by: str
    annulment_number: str
    annulled_on: date
    award_stands: bool
    revocation_notice_id: UUID | None


class _Notice(Out):
    id: UUID
    round_id: UUID | None
    kind: NoticeKind
    title: str
    media: list[MediumOut]
    published_on: date = Field(description="The latest medium's day.")
    last_day: date | None = Field(description="The last day of publicity, where the notice opened a period.")
    ends_at: datetime | None = Field(description="The instant after the last second of the period.")
    body: dict[str, object]
    body_hash: str = Field(description="SHA-256 of `body` as JSON with sorted keys and no spaces, in UTF-8.")
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


class ListNotice(_Notice):
    """The candidate list, or names added to it (Art. 21)."""

    # Which of the notices it is, is decided by words alone: their name is for the contract.
    kind: Annotated[Literal[NoticeKind.CANDIDATES, NoticeKind.ADDITION], Holds(ListNoticeKind)]
    body: Annotated[dict[str, object], Holds(ListBody)]


class CorrectionNotice(_Notice):
    """A name of the candidate list, corrected (Art. 21)."""

    kind: Literal[NoticeKind.CORRECTION]
    body: Annotated[dict[str, object], Holds(CorrectionBody)]


class RemovalNotice(_Notice):
    """A name that is on the candidate list no more (Art. 21)."""

    kind: Literal[NoticeKind.REMOVAL]
    body: Annotated[dict[str, object], Holds(RemovalBody)]


class QualifiedListNotice(_Notice):
    """Those that qualify (Art. 17)."""

    kind: Literal[NoticeKind.QUALIFIED_LIST]
    body: Annotated[dict[str, object], Holds(QualifiedListBody)]


class RevocationNotice(_Notice):
    """A revocation (Arts. 26, 28)."""

    kind: Literal[NoticeKind.REVOCATION]
    body: Annotated[dict[str, object], Holds(RevocationBody)]


class AnnulmentNotice(_Notice):
    """An annulment on review (Arts. 26, 28)."""

    kind: Literal[NoticeKind.ANNULMENT]
    body: Annotated[dict[str, object], Holds(AnnulmentBody)]


_Notices: TypeAlias = (
    ListNotice | CorrectionNotice | RemovalNotice | QualifiedListNotice | RevocationNotice | AnnulmentNotice
)


class NoticeOut(_Notice):
    """A notice, frozen; its `kind` says what its `body` holds."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return by_kind(cls, _Notices, schema, handler)


class RegisteredMediumIn(In):
    """A medium for the register, by a document that says what it is (Art. 21)."""

    name: Name = Field(examples=["样例日报"])
    kind: MediumKind = Field(examples=[MediumKind.NEWSPAPER])
    document: Worded = Field(description="The document that shows it.", examples=["国内统一连续出版物号证书"])


class MediumEndIn(In):
    """From when a medium is one no more, and why (Art. 21)."""

    ended_on: Day = Field(description="Its last day; what it published until then stays.", examples=["2025-12-31"])
    reason: Worded = Field(examples=["报纸休刊。"])


class RegisteredMediumOut(Out):
    """A medium of the register; of several entries of one name all but the latest have ended."""

    id: UUID
    state: MediumState
    name: str
    kind: MediumKind
    document: str
    ended_on: date | None = Field(None, description="Its last day, where the entry has ended.")
    ended_reason: str | None = None
    created_at: datetime
