"""Personal data on the wire: how long it is kept, what for, and all that is held of the caller's person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.measures.retention import DataClass
from app.measures.reviewers import AppraisalGrade, ConflictKind, ConflictOrigin, UndertakingKind
from app.measures.reviews import Stage
from app.measures.roles import AccountKind, Membership
from app.measures.state_machines import AssignmentState, ReviewerState
from app.schemas.common import In, Line, Out, Worded
from app.schemas.words import EntryOutcomeName, OwnFileKind, RoleName


class RetentionPeriodOut(Out):
    """How long one class of data is kept, and what becomes of it then."""

    data_class: DataClass
    years: int = Field(description="Calendar years after the event; the corresponding day is the last.", examples=[5])
    what_zh: str
    what_en: str
    event_zh: str = Field(description="The event that the period runs from.")
    event_en: str
    becomes_zh: str = Field(description="What becomes of it when the period is over.")
    becomes_en: str
    ground_zh: str = Field(description="The legal ground of the period.")
    ground_en: str


class KeptForGoodOut(Out):
    """What is always kept, and why."""

    what_zh: str
    what_en: str
    ground_zh: str
    ground_en: str


class RetentionPeriodsOut(Out):
    """The period of each class of data that leads to persons, and what is kept for good."""

    anonymised: str = Field(
        description="What stands in place of a text that was anonymised.", examples=["（已匿名化）"]
    )
    items: list[RetentionPeriodOut]
    kept_for_good: list[KeptForGoodOut]


class PurposeOut(Out):
    """What data of whom is processed, for what, on which ground, and who reads it."""

    what_zh: str
    what_en: str
    purpose_zh: str
    purpose_en: str
    ground_zh: str
    ground_en: str
    readers_zh: str
    readers_en: str
    data_classes: list[DataClass] = Field(description="Their periods stand in `/v1/retention-periods`.")


class RightOut(Out):
    """What a person can ask for, by which article, and where."""

    right_zh: str
    right_en: str
    article_zh: str
    article_en: str
    path: str = Field(examples=["/v1/me/data"])


class PrivacyNoticeOut(Out):
    """What personal data is processed for, as whoever processes it has to say."""

    handler_zh: str = Field(description="Who answers for it.")
    handler_en: str
    contact: str | None = Field(description="How to reach them; null: the county has not set it.")
    purposes: list[PurposeOut]
    rights: list[RightOut]


class OwnAccountOut(Out):
    """The account itself. Of secrets only that there are such."""

    id: UUID
    login: str
    kind: AccountKind
    role: RoleName
    display_name: str
    organisation_id: UUID | None
    unit_id: UUID | None
    department_id: UUID | None
    membership: Membership | None
    created_at: datetime
    deactivated_at: datetime | None
    has_password: bool
    second_factor_since: datetime | None
    recovery_codes_left: int
    outside_issuer: str | None
    outside_subject: str | None


class OwnSessionOut(Out):
    """A session that is still kept, ended or not."""

    id: UUID
    origin: str | None = Field(description="The address that signed in.", examples=["203.0.113.7"])
    created_at: datetime
    renewed_at: datetime
    ends_at: datetime
    ended_at: datetime | None


class OwnOriginOut(Out):
    """A network from which the account has signed in."""

    network: str = Field(examples=["203.0.113.7"])
    last_at: datetime


class OwnFileOut(Out):
    """A file that the account has brought; it is read where it belongs, by whoever still may."""

    kind: OwnFileKind
    id: UUID
    filename: str | None = Field(description="Null of what came from an objector: a name may be told by it.")
    created_at: datetime


class OwnOpeningOut(Out):
    """That the account has opened a dossier, or a file of it (Art. 29)."""

    application_id: UUID
    attachment_id: UUID | None = Field(description="Null: the dossier.")
    created_at: datetime


class OwnConflictOut(Out):
    """A conflict of interest of the reviewer (Art. 29)."""

    id: UUID
    uscc: str | None
    unit_id: UUID | None
    kind: ConflictKind
    origin: ConflictOrigin
    started_on: date | None
    ended_on: date | None
    description: str
    withdrawn_at: datetime | None
    created_at: datetime


class OwnUndertakingOut(Out):
    """What the reviewer has signed (Art. 29)."""

    round_id: UUID
    kind: UndertakingKind
    created_at: datetime


class OwnAppraisalOut(Out):
    """How the office has appraised the reviewer's work (Art. 11(2))."""

    round_id: UUID
    grade: AppraisalGrade
    remarks: str
    created_at: datetime


class OwnAssignmentOut(Out):
    """What the reviewer was assigned."""

    id: UUID
    application_id: UUID
    stage: Stage
    state: AssignmentState
    created_at: datetime


class OwnReviewerOut(Out):
    """What the pool knows of the reviewer (Art. 11(2))."""

    id: UUID
    name: str
    expertise: str
    employer: str | None
    employer_uscc: str | None
    employed_since: date | None
    qualified_from: date
    qualified_until: date
    state: ReviewerState
    state_reason: str | None
    conflicts: list[OwnConflictOut]
    undertakings: list[OwnUndertakingOut]
    appraisals: list[OwnAppraisalOut]
    assignments: list[OwnAssignmentOut]


class OwnDataOut(Out):
    """All that the service holds of the caller's person, and nobody else's; what was done stands in `/v1/me/acts`."""

    told_at: datetime
    account: OwnAccountOut
    sessions: list[OwnSessionOut]
    origins: list[OwnOriginOut]
    files: list[OwnFileOut]
    openings: list[OwnOpeningOut]
    reviewer: OwnReviewerOut | None = Field(description="Null: the caller is in no pool.")


class OwnActOut(Out):
    """What the audit log has of an act of the caller's: not its details, which are of others too."""

    seq: int
    at: datetime
    act: str = Field(examples=["sign_in"])
    subject_type: str = Field(examples=["account"])
    subject_id: UUID | None
    round_id: UUID | None
    origin: str | None = Field(description="The address that it came from.", examples=["203.0.113.7"])
    session_id: UUID | None
    outcome: EntryOutcomeName


class RectificationIn(In):
    """What is put right of the caller's own data, and why."""

    display_name: Line = Field(examples=["样例管理员"])
    reason: Worded = Field(examples=["姓名录入有误"])
