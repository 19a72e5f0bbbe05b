"""Verification and deliberation on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.facts import Verdict
from app.schemas.common import Day, In, Name, Out, Reference, Worded, WordedLong
from app.schemas.once import Once
from app.schemas.words import OutcomeName

Names = Annotated[list[Name], Field(max_length=100), Once(people=True)]


Votes = Annotated[int, Field(ge=0, le=100)]


class SocialVerificationIn(In):
    """What the investigation of record and social feedback found (Art. 11(4))."""

    outcome: Verdict = Field(examples=["pass"])
    evidence: Worded = Field(examples=["走访记录、12345热线查询记录。"])
    reason: Worded = Field(examples=["业绩属实，社会反映良好。"])


class SocialVerificationOut(Out):
    """What the office found when it verified an application's record and what society says of it (Art. 11(4))."""

    application_id: UUID
    outcome: OutcomeName
    evidence: str
    reason: str
    recorded_by: UUID
    created_at: datetime


class MeritIn(In):
    """The finding of leading position and outstanding contribution (Art. 4)."""

    outcome: Verdict = Field(examples=["pass"])
    reason: Worded = Field(examples=["质量管理居省内同行业前列。"])
    evidence: Worded = Field(examples=["综合评价报告"])


class BallotsIn(In):
    """Ballots of one vote (Art. 11(5)): one is issued to each member present who may vote."""

    issued: Votes = Field(examples=[7])
    returned: Votes = Field(examples=[7])
    invalid: Votes = Field(0, description="Of those returned.", examples=[0])


class ConclusionIn(In):
    """The committee's conclusion on one evaluated application; votes where the round's rules ask for them."""

    application_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000001"])
    recommended: bool = Field(examples=[True])
    reason: Worded = Field(examples=["同意列为候选。"])
    votes_for: Votes = Field(0, examples=[6])
    votes_against: Votes = Field(0, examples=[1])
    abstentions: Votes = Field(0, examples=[0])
    recused: Names = Field(
        default_factory=list,
        description="Members present who have a conflict of interest in it and withdrew (Art. 29): they have no vote.",
        examples=[["样例委员二"]],
    )
    ballots: BallotsIn | None = Field(None, description="The ballots of the vote, where they were counted.")
    merit: MeritIn


class OfficeIn(In):
    """A member's office in the committee, beside the chair (Art. 11(5))."""

    name: Name = Field(description="One of the members.", examples=["样例委员二"])
    office: Reference = Field(examples=["副主任委员"])
    presided: bool = Field(False, description="Presided over the meeting in the chair's stead.")


class DeliberationIn(In):
    """The review committee's meeting (Art. 11(5))."""

    meeting_on: Day = Field(examples=["2024-08-30"])
    members: Names = Field(description="All members of the committee.", examples=[["样例委员一", "样例委员二"]])
    present: Names = Field(description="Those who were present.", examples=[["样例委员一"]])
    chair: Name | None = Field(
        None, description="One of the members; presided, unless one of `offices` did.", examples=["样例委员一"]
    )
    offices: Annotated[list[OfficeIn], Field(max_length=100), Once("name", people=True)] = Field(
        default_factory=list, description="Who holds another office of the committee."
    )
    minutes: WordedLong = Field(examples=["会议听取了综合评价报告。"])
    conclusions: Annotated[list[ConclusionIn], Field(max_length=500), Once("application_id")] = Field(
        description="One for every evaluated application."
    )


class MeritOut(Out):
    """The committee's recorded finding on leading position and outstanding contribution (Art. 4)."""

    outcome: OutcomeName
    reason: str
    evidence: str


class BallotsOut(Out):
    """Ballots of one vote."""

    issued: int
    returned: int
    invalid: int


class ConclusionOut(Out):
    """The committee's conclusion on one application, with its vote (Art. 11(3))."""

    application_id: UUID
    recommended: bool
    reason: str
    votes_for: int
    votes_against: int
    abstentions: int
    recused: list[str] = Field(default_factory=list)
    ballots: BallotsOut | None = None
    merit: MeritOut


class OfficeOut(Out):
    """A member's office in the committee."""

    name: str
    office: str
    presided: bool = False


class DeliberationOut(Out):
    """The deliberation as recorded."""

    round_id: UUID
    meeting_on: date
    members: list[str]
    present: list[str]
    chair: str | None
    offices: list[OfficeOut]
    minutes: str
    conclusions: list[ConclusionOut]
    created_at: datetime
