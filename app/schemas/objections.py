"""Objections on the wire. Who objected is in `IdentityOut` alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.measures.objections import ObjectionClass, ObjectionOutcome
from app.schemas.common import Action, Day, In, Line, LongText, Out, Paragraph
from app.schemas.words import ObjectionState


class ObjectionIn(In):
    """An objection. With real name, contact and facts it is formal; anything less is kept as an informal objection
    (Art. 21)."""

    name: Line | None = Field(None, description="Seen by nobody but for a recorded reason.", examples=["样例异议人"])
    contact: Line | None = Field(None, description="As the name.", examples=["0797-0000000"])
    facts: LongText | None = Field(None, examples=["样例：该组织2023年有抽查不合格记录。"])
    evidence: LongText | None = Field(None, examples=["样例：抽查通报。"])


class LetterIn(ObjectionIn):
    """An objection that came in on paper, as the office enters it."""

    received_on: Day = Field(description="The day on which it was received.", examples=["2024-05-30"])
    letter_reference: Line = Field(
        description="The mark under which the letter and its scan are filed.", examples=["收文〔2024〕36号"]
    )


class ObjectionSubmission(Out):
    """The submission. Keep the code: it is shown once, and only its fingerprint is stored."""

    tracking_code: str | None = Field(
        description="Null in a dry run, and where the request is repeated with the same `Idempotency-Key`."
    )
    classification: ObjectionClass = Field(description="`formal` or `informal`.", examples=["formal"])
    lacking: list[str] = Field(
        description="What makes it an informal objection: `name`, `contact`, `facts`, `late`, `early`."
    )
    received_at: datetime


class ObjectionStatus(Out):
    """What became of an objection, for whoever holds its tracking code."""

    published_name: str
    classification: ObjectionClass
    state: ObjectionState
    received_at: datetime
    closed_at: datetime | None
    answer: str | None = Field(description="The answer to the objector, once there is one.")


class ObjectionOut(Out):
    """An objection, formal or informal, without who brought it: where its text gives the name or contact, they are
    redacted."""

    id: UUID
    round_id: UUID
    candidate_id: UUID
    published_name: str
    classification: ObjectionClass
    lacking: list[str]
    state: ObjectionState
    facts: str
    evidence: str | None
    received_at: datetime
    letter_reference: str | None = Field(None, description="Under which the letter is filed, where it came on paper.")
    verification: str | None
    outcome_reason: str | None
    outcome_public: str | None
    closed_at: datetime | None
    version: int
    available_actions: list[Action] = Field(default_factory=list)


class VerificationPlanIn(In):
    """How the objection will be verified."""

    plan: Paragraph = Field(examples=["向市场监督管理局函询。"])


class ClosingIn(In):
    """The end of a verification."""

    verification: Paragraph = Field(description="What was done and found.", examples=["复函：无此记录。"])
    reason: Paragraph = Field(examples=["所述事实不存在。"])
    public_statement: Paragraph = Field(
        description="What the objector is told; name nobody in it.", examples=["经核实，异议不成立。"]
    )


class ObjectionDecisionIn(ClosingIn):
    """The decision of a formal objection (Art. 21)."""

    outcome: ObjectionOutcome = Field(description="Whether it stands, or cannot be verified.", examples=["dismissed"])


class DisclosureIn(In):
    """Why the identity must be read; it is kept in the audit log."""

    reason: Paragraph = Field(examples=["须当面核实异议所附证据。"])


class IdentityOut(Out):
    """Who objected, null where nothing was said, and the text of the objection as it came."""

    objection_id: UUID
    name: str | None
    contact: str | None
    facts: str
    evidence: str | None
