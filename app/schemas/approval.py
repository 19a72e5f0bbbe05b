"""The proposed list, approval and decree on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.removal import WithdrawalGround
from app.measures.revocations import Ground
from app.measures.sectors import SeatCategory
from app.schemas.common import WARNED, Day, DocumentNumber, FindingView, In, Line, Out, Reference, Worded
from app.schemas.once import Once
from app.schemas.publicity import PRESENT, PRINTED
from app.schemas.qualification import HonourWonIn
from app.schemas.revocations import AccidentIn
from app.schemas.words import AwardState, CandidateState, RoundState

Names = Annotated[list[Reference], Field(max_length=100), Once()]


_RETROACTIVE = "The instrument that it rests on, where that reaches back to the day from a later date (Art. 33)."


class NotApprovedIn(In):
    """A proposed name that the meeting did not approve; not one that had left the list by then."""

    candidate_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000003"])
    reason: Worded = Field(examples=["会议决定空缺。"])


class ApprovalIn(In):
    """The executive meeting's decision: what it does not leave out is approved (Art. 22)."""

    meeting_number: Reference = Field(examples=["第45次县政府常务会议"])
    meeting_on: Day = Field(description="After the publicity's last day.", examples=["2024-09-25"])
    not_approved: Annotated[list[NotApprovedIn], Field(max_length=50), Once("candidate_id")] = Field(
        default_factory=list
    )
    transitional_basis: Worded | None = Field(
        None,
        description="The document by which it is approved although the measures have lapsed (Art. 33).",
        examples=["县政府专题会议纪要〔2025〕8号"],
    )


class NotApprovedOut(Out):
    """A name of the proposed list that the government did not approve, and why (Art. 22)."""

    candidate_id: UUID
    name: str
    reason: str


class ApprovedAward(Out):
    """An award as the approval made it. The certificate comes with the decree."""

    id: UUID
    candidate_id: UUID
    application_id: UUID
    organisation_id: UUID
    awarded_name: str = Field(description="The legal name, from the decree on that of its day.")
    printed_name: str = Field(description=PRINTED)
    present_name: str = Field(description=PRESENT)
    award_year: int
    state: AwardState
    first_award: bool
    repeat_award: bool
    seat_category: SeatCategory | None
    seat_number: int | None
    prize_fen: int = Field(description="Amount in fen; 0 where there is no prize (Art. 6, 8).")
    conferred_on: date | None
    valid_until: date | None = Field(description="Last day of validity, included (Art. 23).")
    certificate_number: str | None
    plaque_number: str | None
    withdrawn_ground: str | None = Field(description="The rule under which it was withdrawn before the decree.")
    withdrawn_item: int | None = Field(description="Of Art. 28: its item.")
    version: int


class EarlierMeeting(Out):
    """A meeting that decided on the other names before."""

    meeting_number: str
    meeting_on: date
    transitional_basis: str | None
    retroactive_basis: str | None = Field(description=_RETROACTIVE)


class ApprovalOut(Out):
    """The approval with its awards. Where names waited for the end of an objection, the meeting is the one that decided
    on them, and those before it are told beside it."""

    round_id: UUID
    round_state: RoundState
    meeting_number: str
    meeting_on: date
    transitional_basis: str | None
    retroactive_basis: str | None = Field(description=_RETROACTIVE)
    not_approved: list[NotApprovedOut]
    warnings: list[FindingView] = Field(
        default_factory=list,
        description="What the registrations of the approved have become since the day of the meeting (Arts. 13, 22), "
        "and whether the ordinal of the meeting goes with its day among those on record (Art. 22).",
    )
    awards: list[ApprovedAward]
    earlier_meetings: list[EarlierMeeting] = Field(default_factory=list)


class DeferredIn(In):
    """A name that the decree leaves to a later one."""

    candidate_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000003"])
    reason: Worded = Field(examples=["异议正在核实，另行通报。"])


class DeferredOut(Out):
    """A name that the decree leaves to a later one, and why (Art. 22)."""

    candidate_id: UUID
    name: str
    reason: str


class DecreeIn(In):
    """The decree of commendation (Art. 22)."""

    number: DocumentNumber = Field(examples=["会府字〔2024〕12号"])
    dated: Day = Field(description="The day of its writing: from it the awards run (Art. 23).", examples=["2024-09-28"])
    issuer: Line | None = Field(None, description="Who has issued it.", examples=["会昌县人民政府"])
    title: Reference | None = Field(None, examples=["关于表彰第一届“会昌独好”质量奖获奖组织的通报"])
    addressees: Names = Field(default_factory=list, examples=[["各乡（镇）人民政府", "县直各单位"]])
    copies_to: Names = Field(default_factory=list, description="Who gets a copy.", examples=[["县委办"]])
    attachments: Names = Field(default_factory=list, description="By their titles.", examples=[["获奖组织名单"]])
    published_on: Day | None = Field(
        None,
        description="The day of publication: not before that of writing, not in the future.",
        examples=["2024-09-30"],
    )
    transitional_basis: Worded | None = Field(
        None,
        description="Where the measures have lapsed (Art. 33): the document; without it that of the approval counts.",
        examples=["县政府专题会议纪要〔2025〕8号"],
    )
    deferred: Annotated[list[DeferredIn], Field(max_length=50), Once("candidate_id")] = Field(
        default_factory=list,
        description="The names that it leaves to a later decree: an objection to them is open, or they wait for their "
        "own approval after its day. And those that withdrew on its day or later and that it does not name.",
    )


class EarlierDecree(Out):
    """A decree that commended the other names before."""

    number: str
    dated: date
    issuer: str | None
    title: str | None
    published_on: date | None
    deferred: list[DeferredOut]
    awards: list[ApprovedAward]


class DecreeOut(Out):
    """The decree with the awards that it conferred. Where it left names to a later one, the decree is that one, and
    those before it are told beside it."""

    round_id: UUID
    round_state: RoundState
    number: str
    dated: date = Field(description="The day of its writing: from it the awards run (Art. 23).")
    issuer: str | None
    title: str | None
    addressees: list[str]
    copies_to: list[str]
    attachments: list[str]
    published_on: date | None
    transitional_basis: str | None
    retroactive_basis: str | None = Field(description=_RETROACTIVE)
    warnings: list[FindingView] = Field(
        description=WARNED + " And what the registrations of the commended have become since the day of the decree, "
        "and who of them withdrew on that day or later."
    )
    deferred: list[DeferredOut] = Field(
        description="The names that it leaves to a later decree; the round is concluded with the last of them."
    )
    awards: list[ApprovedAward]
    earlier_decrees: list[EarlierDecree]


class AwardWithdrawalIn(In):
    """Why an approved award is withdrawn before the decree (Arts. 13, 22, 26, 28)."""

    ground: WithdrawalGround = Field(
        description="Verified fraud, a verified event of Art. 28, an upheld objection, or the condition that the facts "
        "of today fail. It is always named.",
        examples=["art26.fraud"],
    )
    item: Ground | None = Field(
        None,
        description="For the ground `art28.grounds`: the item of Art. 28. Losses (3) need two years of validity, which "
        "begins with the decree.",
    )
    event_on: Day | None = Field(None, description="When it happened; wanted with an item of Art. 28.")
    accident: AccidentIn | None = Field(None, description="For item 1, as in a case of revocation.")
    penalised_or_proven: bool = Field(
        False, description="For item 2: whether an authority has acted on it, or it is proven."
    )
    found_on: Day = Field(
        description="When it was found: not before the submission of the application.", examples=["2024-09-27"]
    )
    reason: Worded = Field(examples=["申报材料中的审计报告系伪造。"])
    evidence: Worded = Field(examples=["会计师事务所复函"])
    honour: HonourWonIn | None = Field(None, description="For the ground `art13.6.higher_award`.")


class ProposedOut(Out):
    """A name of the proposed list."""

    id: UUID = Field(description="The candidate's id.")
    published_name: str = Field(description="As its notice has it.")
    printed_name: str = Field(description=PRINTED)
    seat_category: SeatCategory
    repeat_award: bool
    rank: int
    state: CandidateState = Field(description="`removed`: it has left the list since; the approval must leave it out.")


class WaitingOut(ProposedOut):
    """A name that waits, with what holds it today."""

    blocked_by: list[FindingView] = Field(
        description="What is open or fails, who decides it and before which act; empty where the list can be fixed for "
        "it now."
    )


class ProposedListOut(Out):
    """The proposed list of a round (Art. 21)."""

    round_id: UUID
    round_state: RoundState
    names: list[ProposedOut]
    waiting: list[WaitingOut] = Field(
        default_factory=list,
        description="Names on the candidate list that wait for the end of their own period or of an objection, or for "
        "a condition that is open or fails.",
    )
    vacancies: dict[str, int]
