"""Candidates, notices and the proposed list on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.field_formats import Format
from app.measures.publicity import MediumKind
from app.measures.removal import RemovalGround
from app.measures.sectors import SeatCategory
from app.schemas.common import Action, Day, In, Line, Out, Reference, Worded
from app.schemas.once import Once
from app.schemas.qualification import HonourWonIn
from app.schemas.words import CandidateState, RoundState


class PublicationMediumIn(In):
    """A medium in which a publication appeared, of the register (`GET /v1/media`)."""

    medium_id: UUID | None = Field(None, examples=["018e0000-0000-7000-8000-000000000001"])
    name: Line | None = Field(
        None,
        description="In place of the id: its name in the register. One that is not there is no news medium.",
        json_schema_extra={"example": None},
    )
    kind: MediumKind | None = Field(
        None,
        description="What it is, which the register says; another kind is refused.",
        json_schema_extra={"example": None},
    )
    published_on: Day
    url: Annotated[str, Field(max_length=500, pattern=Format.URL.value)] | None = None


Media = Annotated[list[PublicationMediumIn], Field(min_length=1, max_length=20), Once("medium_id", "name")]


PRINTED = (
    "As it is printed today: the legal name, in brackets the names borne since the submission, and the credit code "
    "where another of the round or the register has the same name (Art. 17, 21, 22, 31)."
)
PRESENT = (
    "The legal name of today. What a decree has printed, and the list of a concluded round, stays as it was printed."
)


class PublicationIn(In):
    """A publication through news media (Art. 21)."""

    title: Reference = Field(examples=["“会昌独好”质量奖候选名单公示"])
    media: Media = Field(description="One entry per medium; the period is counted from the latest.")
    announced_last_day: Day | None = Field(
        None,
        description="The last day that was announced, where it is later than the required one.",
        examples=["2024-09-20"],
    )


class ChoiceIn(In):
    """The recorded decision by which a name was preferred to one with as high a score (Art. 20)."""

    reason: Worded = Field(examples=["得分相同，依评委会审议意见。"])
    evidence: Worded = Field(examples=["评委会会议纪要第2页"])


class CandidateListIn(In):
    """The candidate list. An empty one is valid and needs no publication (Art. 6)."""

    application_ids: Annotated[list[UUID], Field(max_length=50), Once()] = Field(
        examples=[["018e0000-0000-7000-8000-000000000001"]]
    )
    publication: PublicationIn | None = Field(None, description="Needed as soon as there is a name.")
    choice: ChoiceIn | None = Field(None, description="Needed where one that scored as high or higher is left out.")


class CandidateAdditionIn(In):
    """A name added during the publicity; it has its own full period."""

    application_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000001"])
    publication: PublicationIn
    choice: ChoiceIn | None = Field(None, description="As for the list.")


class NameCorrectionIn(In):
    """The name as it should have been published, which is one that it bears or has borne; its period begins anew."""

    published_name: Line = Field(examples=["样例制造（会昌）有限公司"])
    reason: Worded = Field(examples=["原公示名称有误。"])
    found_on: Day | None = Field(
        None,
        description="The day on which the fault was found, today where it is left out: no correction was published "
        "before it, and nothing was found before the name stood on the list as it stands.",
        examples=["2024-06-03"],
    )
    publication: PublicationIn


class CandidateRemovalIn(In):
    """Why the name leaves the list, and under which rule where there is one: that is shown, as for a removal of the
    application."""

    reason: Worded = Field(examples=["公示期内认证证书到期。"])
    rule: RemovalGround | None = Field(
        None,
        description="Verified fraud, a higher award, or the condition that the facts of today fail; without a rule the "
        "name goes by decision, and whoever takes its place was preferred to it.",
        examples=["art13.3.certified"],
    )
    evidence: Worded | None = Field(None, description="Needed for `art26.fraud`.")
    found_on: Day | None = Field(None, description="The day on which it was verified; today where it is left out.")
    honour: HonourWonIn | None = Field(None, description="For the rule `art13.6.higher_award`.")
    publication: PublicationIn | None = Field(None, description="Where the removal was published; it restarts nothing.")


class CandidateOut(Out):
    """A name of the list with the period that it has in its present form."""

    id: UUID
    application_id: UUID
    organisation_id: UUID
    published_name: str = Field(description="As its notice has it.")
    printed_name: str = Field(description=PRINTED)
    present_name: str = Field(description=PRESENT)
    seat_category: SeatCategory
    repeat_award: bool = Field(description="A winner of an earlier round (复评): takes no seat (Art. 6).")
    rank: int
    state: CandidateState
    notice_id: UUID
    published_on: date
    last_day: date | None
    ends_at: datetime | None
    removed_at: datetime | None
    removed_rule: str | None
    removed_reason: str | None = Field(None, description="For those who work on the list.")


class CandidateListOut(Out):
    """The candidate list of a round."""

    round_id: UUID
    round_state: RoundState
    candidates: list[CandidateOut]
    vacancies: dict[str, int] = Field(description="Seats that no listed name takes, by seat category.")
    available_actions: list[Action] = Field(default_factory=list)
