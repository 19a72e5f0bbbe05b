"""Applications on the wire; the form itself is in `content`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.eligibility import Gate
from app.measures.facts import LegalForm
from app.measures.sectors import SeatCategory
from app.schemas.applications.content import ContentIn
from app.schemas.common import Action, Day, FindingView, In, Out, Paragraph, ProfileChangeOut, Reference
from app.schemas.held import FactsHeld, Holds, Like
from app.schemas.words import ApplicationState, RecommendationState
from app.services.applications.read_timeline import TimelineState

FormHeld = Annotated[dict[str, object], Like("ContentIn")]


class ApplicationIn(In):
    """An application to a round."""

    round_id: UUID = Field(description="One whose call is open.", examples=["018e0000-0000-7000-8000-000000000001"])
    copy_of: UUID | None = Field(
        None, description="An earlier application of the organisation, whose form is copied without its statements."
    )


class ApplicationPatch(In):
    """What changes in the form; the rest stays."""

    content: ContentIn = Field(examples=[{"figures": [{"year": 2023, "net_profit_fen": 800000000}]}])


class RecommendationRequestIn(In):
    """The unit that is asked (Art. 3)."""

    unit_id: UUID = Field(
        description="See `GET /v1/recommending-units`.", examples=["018e0000-0000-7000-8000-000000000002"]
    )
    county_unit_id: UUID | None = Field(
        None,
        description="The competent department that endorses for the county after a township, where the round's rules "
        "ask for it (`asks.recommendation`).",
    )


class WithdrawalIn(In):
    """Why the applicant withdraws, if it wants to say so."""

    reason: Paragraph | None = Field(None, examples=["本届不再参评。"])


class PaperWithdrawalIn(WithdrawalIn):
    """A withdrawal that came in on paper, as the office enters it."""

    received_on: Day = Field(description="The day on which the letter was received.", examples=["2024-05-06"])
    letter_reference: Reference = Field(
        description="The mark under which the letter is filed.", examples=["收文〔2024〕41号"]
    )


class ApplicationSummary(Out):
    """An application in a list."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    state: ApplicationState
    number: str | None
    submitted_at: datetime | None
    sector: str | None = Field(description="As the office has determined it; frozen at the confirmation (Art. 17).")
    seat_category: SeatCategory | None
    created_at: datetime
    version: int


class OrganisationInApplication(Out):
    """The organisation as it applies: as registered while drafting, as frozen after submission."""

    name: str
    uscc: str
    uscc_checksum_ok: bool
    legal_form: LegalForm
    registered_address: str
    county_code: str
    area: str | None
    established_on: date
    sector: str
    operating: bool


class RecommendationInApplication(Out):
    """The recommendation that is asked for or given."""

    id: UUID
    unit_id: UUID
    unit_name: str
    state: RecommendationState
    due_at: datetime | None
    answered_at: datetime | None
    opinion: str | None
    reason: str | None
    letter_number: str | None = None
    county_unit_id: UUID | None = None
    county_endorsed: bool = Field(False, description="Whether the county's department has endorsed too.")


class SubmissionReceipt(Out):
    """What the applicant holds in hand after the submission: the hash binds what was handed in."""

    number: str = Field(examples=["HQA-2024-0001"])
    submitted_at: datetime
    content_hash: str = Field(description="SHA-256 of the snapshot's canonical JSON (sorted keys, no spaces, UTF-8).")


class ApplicationOut(Out):
    """An application as a whole."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    state: ApplicationState
    organisation: OrganisationInApplication
    content: FormHeld = Field(description="The form, as `PATCH` takes it.")
    recommendations: list[RecommendationInApplication] = Field(description="Oldest first; the last one counts.")
    submission_receipt: SubmissionReceipt | None = Field(description="Null before the submission.")
    sector: str | None = Field(description="As the office has determined it; frozen at the confirmation (Art. 17).")
    seat_category: SeatCategory | None
    confirmed_at: datetime | None
    closed_reason: str | None
    closed_rule: str | None = Field(description="The rule under which it has ended.")
    closed_article: str | None = Field(description="The article of that rule.", examples=["13(6)"])
    closed_at: datetime | None
    created_at: datetime
    version: int
    available_actions: list[Action] = Field(default_factory=list)
    barred_by: list[FindingView] = Field(
        default_factory=list,
        description="For the applicant, until its submission: what bars it from this round whatever the form says: "
        "who it is, where it is registered, its personality or its age on the last day (Art. 4, 13(1)), the interval "
        "after an award (Art. 6), a running exclusion (Art. 26, 28). A submission would be refused. Later see "
        "`open_today` of the timeline.",
    )


class FrozenMaterial(Out):
    """A file as it was handed in, by its hash."""

    id: UUID
    material: str
    part: int
    revision: int
    filename: str
    sha256: str
    size: int
    trade_secret: bool


class FrozenRecommendation(Out):
    """The recommendation that a submission rests on (Art. 3), with the hash of what it endorses."""

    id: UUID
    unit_id: UUID
    content_hash: str


class FrozenApplication(Out):
    """What was handed in (Art. 17)."""

    organisation: OrganisationInApplication
    content: FormHeld
    materials: list[FrozenMaterial]
    recommendation: FrozenRecommendation | None


class SnapshotOut(Out):
    """What was frozen at the submission, and its hash."""

    application_id: UUID
    number: str
    submitted_at: datetime
    content_hash: str
    snapshot: Annotated[dict[str, object], Holds(FrozenApplication)]


class DraftFinding(FindingView):
    """A finding with the fields that it is about."""

    pointers: list[str] = Field(description="JSON pointers into the application, e.g. `/content/figures`.")


class DraftValidation(Out):
    """What would stand in the way of a submission today."""

    tested_on: date
    ready: bool = Field(description="Whether a submission would be accepted now.")
    findings: list[DraftFinding] = Field(
        description="Every rule's answer; those that are no `pass` are to be remedied."
    )
    decided_later: list[FindingView] = Field(description="What a person decides in the qualification review.")
    to_check: list[DraftFinding] = Field(
        description="Amounts whose order of magnitude does not go with the others (yuan, 10,000 yuan and fen are "
        "easily mistaken for each other). They refuse nothing; the office sees them too."
    )


class ChangedFinding(Out):
    """A rule whose answer or facts differ from the run before."""

    rule: str
    article: str
    outcomes_before: list[str] = Field(description="Empty where the rule was not tested before.")
    outcomes_now: list[str]
    facts_before: list[FactsHeld]
    facts_now: list[FactsHeld]


class RecordedEligibilityCheckOut(Out):
    """One run of the conditions."""

    id: UUID
    gate: Gate
    tested_on: date
    created_at: datetime
    passed: bool
    findings: list[FindingView]
    changed: list[ChangedFinding] = Field(description="Compared with the run before; empty for the first.")


class TimelineStage(Out):
    """One public stage of the procedure."""

    code: str = Field(examples=["submission"])
    name_zh: str = Field(examples=["提交申报"])
    name_en: str = Field(examples=["Submission"])
    article: str = Field(examples=["17"])
    state: TimelineState
    done_at: datetime | None = None
    due_at: datetime | None = Field(None, description="Until when; exclusive.")
    note_zh: str | None = None
    note_en: str | None = None


class TimelineOut(Out):
    """The way of an application through the round."""

    application_id: UUID
    state: ApplicationState
    state_zh: str
    state_en: str
    next_zh: str = Field(description="What comes next, in a sentence.")
    next_en: str
    next_due_at: datetime | None
    stages: list[TimelineStage]
    profile_changes: list[ProfileChangeOut] = Field(
        description="What of the organisation's profile has changed since the submission, while it is in the round."
    )
    open_today: list[FindingView] = Field(
        description="What the facts of today fail or leave open at the gate that comes next, while it is in the round: "
        "what still stands then ends the application, or waits for a decision."
    )
