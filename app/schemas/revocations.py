"""Revocation, recovery and exclusion on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.field_formats import Format
from app.measures.conferral import ConferralOutcome, DoubtGround
from app.measures.consequences import Consequences
from app.measures.publicity import MediumKind
from app.measures.recovery import RecoveryItem
from app.measures.removal import WithdrawalGround
from app.measures.revocations import AccidentGrade, Ground, RevocationKind
from app.schemas.common import (
    MAX_FEN,
    WARNED,
    Action,
    Day,
    DocumentNumber,
    Fen,
    FindingView,
    In,
    Name,
    NonNegativeFen,
    Out,
    Paragraph,
    Reference,
    Worded,
)
from app.schemas.held import SOMETIMES, Holds
from app.schemas.once import Once
from app.schemas.words import ConferralDoubtState, RecoveryState, RevocationBasis, RevocationState

Persons = Annotated[int, Field(ge=0, le=100_000)]


ProfitYear = Annotated[int, Field(ge=2020, le=2199)]


class AccidentIn(In):
    """The facts of an accident (Art. 28(1))."""

    responsible: bool | None = Field(None, description="Whether the organisation is responsible; null: not determined.")
    dead: Persons = 0
    seriously_injured: Persons = 0
    direct_loss_fen: NonNegativeFen = 0
    grade: AccidentGrade | None = Field(None, description="The competent department's grading, where there is one.")


class YearProfit(In):
    """The net profit of one year, in fen; a loss is negative (Art. 28(3))."""

    year: ProfitYear
    net_profit_fen: Fen


class LossFindingIn(In):
    """What a person found on losses (Art. 28(3))."""

    found: bool
    reason: Worded
    evidence: Worded


class RevocationIn(In):
    """A case of revocation: `fraud` under Art. 26, `grounds` under Art. 28, which states its ground, and the day on
    which the event was found with its evidence."""

    basis: RevocationKind
    facts: Worded = Field(description="What was verified.")
    evidence: Worded
    summary: Worded = Field(
        description="What the organisation is told it is about, so that it can answer: without the name of anybody who "
        "reported it or is a third party.",
        examples=["申报材料所附2023年度审计报告与税务部门留存的不一致。"],
    )
    ground: Ground | None = Field(None, description="Number of the ground in Art. 28.")
    event_on: Day | None = None
    found_on: Day | None = Field(None, description="When it was found; wanted under Art. 28.")
    found_evidence: Worded | None = Field(None, description="Evidence of that day; wanted under Art. 28.")
    accident: AccidentIn | None = None
    penalised_or_proven: bool = False
    net_profits: Annotated[list[YearProfit], Field(max_length=10), Once("year")] = Field(default_factory=list)
    losses_serious: LossFindingIn | None = Field(None, description="Ground 3: whether the losses are serious.")
    losses_by_mismanagement: LossFindingIn | None = Field(
        None, description="Ground 3: whether the losses come of mismanagement."
    )


class GovernmentDecisionIn(In):
    """A decision of the government."""

    number: DocumentNumber = Field(examples=["会府字〔2025〕12号"])
    decided_on: Day
    reason: Worded


class RevocationDecisionIn(GovernmentDecisionIn):
    """The government's decision to revoke."""

    later_awards_in_doubt: bool = Field(
        False,
        description="Where its day is on or before that of a later award's decree: that award is in doubt by it, its "
        "prize is held, and the government decides on it (Arts. 26, 28). Without it such a day is refused.",
    )


class ConferralDecisionIn(GovernmentDecisionIn):
    """The government's decision on an award that is in doubt."""

    outcome: ConferralOutcome


class WithdrawalInTimeIn(In):
    """A withdrawal that came on paper before the decree, as the office enters it after it (Art. 3)."""

    received_on: Day = Field(description="The day on which the letter was received.", examples=["2024-06-03"])
    letter_reference: Reference = Field(
        description="The mark under which the letter is filed.", examples=["收文〔2024〕41号"]
    )
    reason: Worded | None = None


class ConferralFindingIn(In):
    """What the office has found since a decree to have stood against one of its awards on its day (Arts. 13, 22)."""

    rule: WithdrawalGround = Field(
        description="The condition that was not met. Fraud is heard as a case.", examples=["art13.6.record"]
    )
    stood_on: Day = Field(
        description="A day on which it was not met: on or before that of the decree.", examples=["2024-06-03"]
    )
    reference: Reference = Field(description="The mark of the document that says so.", examples=["会应急函〔2024〕9号"])
    reason: Worded = Field(description="What was found.")
    evidence: Worded


class WithdrawalLetterFileOut(Out):
    """A scan of the letter."""

    id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime


class ConferralDoubtOut(Out):
    """What turned out after a decree to have stood against one of its awards on its own day (Arts. 3, 22, 26, 28)."""

    id: UUID
    award_id: UUID
    ground: DoubtGround
    since_day: date = Field(
        description="The day of receipt of the withdrawal, from which the exclusion runs, or on which a finding stood."
    )
    reference: str = Field(description="The mark of the letter or of the document, or the number of the decision.")
    reason: str | None
    rule: str | None = Field(description="Of a finding: the condition that was not met.")
    evidence: str | None
    revocation_id: UUID | None
    state: ConferralDoubtState
    decision_number: str | None
    decided_on: date | None
    decision_reason: str | None
    files: list[WithdrawalLetterFileOut] = Field(default_factory=list, description="The scans of the letter.")
    next_steps: list[FindingView] = Field(
        default_factory=list, description="What is to be done next, and by whom.", examples=[[]]
    )
    created_at: datetime
    version: int


class ConferralDoubtsOut(Out):
    """The doubts about one award, as they were entered (Arts. 3, 22)."""

    items: list[ConferralDoubtOut]


class StatementIn(In):
    """What the organisation says to the case, or adds to what it has said; the files that it has added since belong to
    it."""

    statement: Paragraph


class StatementLetterIn(StatementIn):
    """What the organisation says on paper, as the office enters it; the scan of the letter is added before."""

    received_on: Day = Field(
        description="The day on which it was received, by which it counts, whenever it is entered.",
        examples=["2025-06-05"],
    )
    letter_reference: Reference = Field(
        description="The mark under which the letter is filed.", examples=["收文〔2025〕58号"]
    )
    after_decision: bool = Field(
        False,
        description="The government has revoked: the letter is kept with the case, where a review finds it, and "
        "changes nothing of the decision (Arts. 26, 28). Without it a letter is refused then.",
    )


class CaseWithdrawalIn(In):
    """Why the office does not go on with its case."""

    reason: Worded


class AnnulmentIn(In):
    """The decision on review by which the revocation is annulled."""

    body: Name = Field(
        description="Who decided on review; never the county government, whose decision it is.",
        examples=["赣州市人民政府"],
    )
    number: DocumentNumber = Field(examples=["赣市府行复〔2025〕6号"])
    decided_on: Day
    reason: Worded
    evidence: Worded = Field(description="Where the decision is filed.")


class GivingBackIn(In):
    """What had come back is with the organisation again, the whole of it."""

    given_back_on: Day
    evidence: Worded


class MediumIn(In):
    """One medium of a publication."""

    name: Name = Field(examples=["县政府网站"])
    kind: MediumKind | None = Field(
        None,
        description="What kind of medium it is: the publicity of names needs one at least that is a news medium, which "
        "the government's own site is not (Art. 21).",
        examples=["government_website"],
    )
    published_on: Day
    url: Annotated[str, Field(max_length=500, pattern=Format.URL.value)] | None = None


class NoticeIn(In):
    """A public notice."""

    title: Reference
    media: Annotated[list[MediumIn], Field(min_length=1, max_length=20), Once("name")]


class AccidentHeld(Out):
    """The facts of an accident (Art. 28(1))."""

    responsible: bool | None = Field(description="Null: not determined.")
    dead: int
    seriously_injured: int
    direct_loss_fen: int
    grade: AccidentGrade | None


class LossFindingHeld(Out):
    """What a person found on losses (Art. 28(3))."""

    found: bool
    reason: str
    evidence: str


class RevocationEvent(Out):
    """What the case states of its event (Art. 28); what is not stated is left out."""

    model_config = SOMETIMES

    penalised_or_proven: bool = False
    accident: AccidentHeld | None = None
    net_profit_fen: dict[str, int] | None = Field(None, description="By year, in fen; a loss is negative.")
    losses_serious: LossFindingHeld | None = None
    losses_by_mismanagement: LossFindingHeld | None = None


class RevocationOut(Out):
    """A case of revocation: what the office submitted, and how the government decided (Arts. 26, 28)."""

    id: UUID
    award_id: UUID
    basis: RevocationBasis
    ground: int | None
    event_on: date | None
    found_on: date | None
    found_evidence: str | None = Field(description="Null to the organisation.")
    event: Annotated[dict[str, object], Holds(RevocationEvent)] = Field(
        description="To the organisation without what others have said and found."
    )
    facts: str | None = Field(description="Null to the organisation, which reads the summary.")
    evidence: str | None = Field(description="Null to the organisation.")
    summary: str
    state: RevocationState
    reply_due_at: datetime = Field(description="Until when the organisation may make its statement, exclusive.")
    statement: str | None = Field(description="What the organisation has said first.")
    stated_at: datetime | None
    submitted_on: date | None
    withdrawn_on: date | None
    withdrawn_reason: str | None
    supplementary_to: UUID | None
    taken_over_by: UUID | None = Field(description="The case of fraud that took this one over (Art. 26).")
    decision_number: str | None
    decided_on: date | None
    decision_reason: str | None
    consequences: Annotated[dict[str, object], Holds(Consequences)] | None
    notice_id: UUID | None
    annulled_on: date | None
    annulled_number: str | None
    annulled_by_body: str | None
    annulled_reason: str | None
    annulled_evidence: str | None
    annulment_notice_id: UUID | None = Field(description="The notice that tells the public of the annulment.")
    created_at: datetime
    version: int


class StatementFileOut(Out):
    """A file of the organisation's statement."""

    id: UUID
    scan: bool = Field(description="Whether it is the scan of a letter, which the office has added.")
    statement_id: UUID | None = Field(
        description="The statement to which it belongs; null until that is made or entered."
    )
    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime


class PartyStatementOut(Out):
    """Something that the organisation said: by itself, or on paper."""

    id: UUID
    statement: str
    stated_at: datetime = Field(
        description="The instant that counts: of a letter the beginning of the day of its receipt."
    )
    received_on: date | None = Field(description="Of a letter; null for what it said in the service.")
    letter_reference: str | None = Field(description="The mark under which a letter is filed.")
    after_decision: bool = Field(
        False, description="Whether it was entered after the government had revoked: no part of the hearing."
    )
    created_at: datetime = Field(description="When it was made, or entered.")


class RevocationDetail(RevocationOut):
    """One case, with what the caller may do with it now (Arts. 26, 28)."""

    statements: list[PartyStatementOut] = Field(
        default_factory=list,
        description="All that the organisation has said, in the order in which it counts; `statement` is what came "
        "first.",
    )
    files: list[StatementFileOut] = Field(default_factory=list, description="Those of the organisation's statement.")
    warnings: list[FindingView] = Field(default_factory=list, description=WARNED)
    open_duties: list[FindingView] = Field(
        default_factory=list,
        description="What the decision leaves to the office to do, as the plaque that is not back; told to no "
        "organisation.",
    )
    available_actions: list[Action] = Field(default_factory=list)


class RecoveryIn(In):
    """Something has come back."""

    recovered_on: Day
    evidence: Worded
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = Field(
        None,
        description="The part of the prize that was paid back, in fen; null: all that is outstanding, or the thing.",
        examples=[4000000],
    )


class RecoveryOut(Out):
    """Plaque, certificate or prize that is to come back after a fraud, or of an award that was taken back, and what has
    come back (Arts. 22, 26)."""

    id: UUID
    award_id: UUID
    revocation_id: UUID | None = Field(description="The case of fraud that demands it; null where a doubt does.")
    doubt_id: UUID | None = Field(
        description="The doubt for which the award was taken back, which demands it; null where a case does."
    )
    item: RecoveryItem
    amount_fen: int
    recovered_fen: int = Field(description="What has come back so far, in fen.")
    state: RecoveryState
    recovered_on: date | None = Field(description="When the last of it came back.")
    evidence: str | None
    given_back_on: date | None = Field(description="After an annulment on review: when it went back.")
    given_back_evidence: str | None


class EntryWithdrawalIn(In):
    """Why an entry is taken back."""

    reason: Worded


class RecoveryEntryOut(Out):
    """Something that came back; an entry that was taken back counts no more."""

    id: UUID
    amount_fen: int
    recovered_on: date
    evidence: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str | None


class RecoveryDetail(RecoveryOut):
    """One recovery with each part that came back (Art. 26)."""

    entries: list[RecoveryEntryOut] = Field(default_factory=list)


class ExclusionOut(Out):
    """A legal person that may not take part, last day included (Art. 26, 28)."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    article: str
    from_day: date
    last_day: date
    notice_id: UUID | None = Field(description="The notice of the revocation; null before it was published.")
