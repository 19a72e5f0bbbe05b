"""Objections on the wire. What came in, and from whom, is in `IdentityOut` alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.measures.objections import Lacking, ObjectionClass, ObjectionOutcome
from app.measures.text import readable
from app.schemas.common import (
    Action,
    Day,
    FindingView,
    In,
    Line,
    LongText,
    Out,
    Reference,
    Worded,
    WordedLong,
)
from app.schemas.once import Once
from app.schemas.words import LackingName, ObjectionState

_Text = TypeVar("_Text")


def _shown(value: object) -> object:
    """Nothing where nothing shows: an objection is kept as far as it can be read, never refused for the rest."""
    return None if isinstance(value, str) and not readable(value) else value


Said = Annotated[_Text, BeforeValidator(_shown)]


class ObjectionIn(In):
    """An objection. With real name, contact and facts it is formal; anything less is kept as an informal objection
    (Art. 21)."""

    name: Said[Line | None] = Field(
        None, description="Read by the objection's investigator alone.", examples=["样例异议人"]
    )
    contact: Said[Line | None] = Field(None, description="As the name.", examples=["0797-0000000"])
    facts: Said[LongText | None] = Field(
        None, description="As the name.", examples=["样例：该组织2023年有抽查不合格记录。"]
    )
    evidence: Said[LongText | None] = Field(None, description="As the name.", examples=["样例：抽查通报。"])


class LetterIn(ObjectionIn):
    """An objection that came in on paper, as the office enters it."""

    received_on: Day = Field(description="The day on which it was received.", examples=["2024-05-30"])
    letter_reference: Reference = Field(
        description="The mark under which the letter is filed; name nobody in it.", examples=["收文〔2024〕36号"]
    )


class ObjectionSubmission(Out):
    """The submission. Keep the code: it is shown once, and only its fingerprint is stored."""

    objection_id: UUID | None = Field(None, description="For the office, which enters a letter and adds its scan.")
    tracking_code: str | None = Field(
        description="Null in a dry run, and where the request is repeated with the same `Idempotency-Key`."
    )
    classification: ObjectionClass = Field(description="`formal` or `informal`.", examples=["formal"])
    lacking: list[LackingName]
    received_at: datetime


class ObjectionStatus(Out):
    """What became of an objection, for whoever holds its tracking code."""

    published_name: str
    classification: ObjectionClass
    lacking: list[LackingName]
    classification_reason: str | None = Field(
        description="Why its investigator has classed it so; null: it is as it came in."
    )
    state: ObjectionState
    received_at: datetime
    closed_at: datetime | None
    answer: str | None = Field(description="The answer to the objector, once there is one.")


class ObjectionOut(Out):
    """An objection, formal or informal, as everybody but its investigator knows it: neither what came in nor who
    brought it, but the investigator's summary."""

    id: UUID
    round_id: UUID
    candidate_id: UUID
    published_name: str
    classification: ObjectionClass
    lacking: list[LackingName]
    classification_reason: str | None = Field(description="Why its investigator has classed it so.")
    state: ObjectionState
    investigator_id: UUID | None = Field(description="The account that alone reads it as it came; null: not assigned.")
    conflict_check: str | None = Field(description="How it was looked whether the investigator is free of interests.")
    summary: str | None = Field(description="What the investigator says of it. Null: not yet summarised.")
    summarised_at: datetime | None
    received_at: datetime
    letter_reference: str | None = Field(None, description="Under which the letter is filed, where it came on paper.")
    verification: str | None
    outcome_reason: str | None
    outcome_public: str | None
    closed_at: datetime | None
    next_steps: list[FindingView] = Field(
        default_factory=list,
        description="What an upheld objection asks of others: the withdrawal of an approved award, a case on one that "
        "is conferred.",
    )
    version: int
    available_actions: list[Action] = Field(default_factory=list)


class VerificationPlanIn(In):
    """How the objection will be verified."""

    plan: Worded = Field(examples=["向市场监督管理局函询。"])


class ClosingIn(In):
    """The end of a verification."""

    verification: Worded = Field(description="What was done and found.", examples=["复函：无此记录。"])
    reason: Worded = Field(examples=["所述事实不存在。"])
    public_statement: Worded = Field(
        description="What the objector is told; name nobody in it.", examples=["经核实，异议不成立。"]
    )


class ObjectionDecisionIn(ClosingIn):
    """The decision of a formal objection (Art. 21)."""

    outcome: ObjectionOutcome = Field(description="Whether it stands, or cannot be verified.", examples=["dismissed"])


class ClassificationIn(In):
    """How its investigator classes an objection (Art. 21)."""

    classification: ObjectionClass = Field(examples=["informal"])
    lacking: Annotated[list[Lacking], Field(max_length=3), Once()] = Field(
        default_factory=list, description="What an informal one does not give.", examples=[["name"]]
    )
    reason: Worded = Field(description="Name nobody in it.", examples=["署名不是真实姓名。"])


class InvestigatorIn(In):
    """Who investigates an objection: an account of a person in the office, free of interests in the matter."""

    account_id: UUID
    conflict_check: Worded = Field(
        description="How it was looked whether the investigator is free of interests in the organisation.",
        examples=["本人书面声明与被异议组织无利害关系。"],
    )
    reason: Worded | None = Field(
        None, description="Why another is replaced; required then.", examples=["原承办人调离。"]
    )


class InvestigatorRecusalIn(In):
    """Why the investigator withdraws from an objection."""

    reason: Worded = Field(examples=["配偶在被异议组织任职。"])


class SummaryIn(In):
    """What the investigator says of an objection to all others."""

    summary: WordedLong = Field(
        description="What is alleged, with nothing that tells who objected.",
        examples=["反映该组织2023年有一次抽查不合格。"],
    )


class DisclosureIn(In):
    """Why the original must be read; it is kept in the audit log."""

    reason: Worded = Field(examples=["须核实异议所附证据。"])


class ObjectionFileReceipt(Out):
    """A scan that has been taken. Its name may tell who objected, and is not repeated."""

    id: UUID
    media_type: str
    size: int
    sha256: str


class ObjectionFileOut(ObjectionFileReceipt):
    """A file of an objection: the scan of a letter, with the name that it was given."""

    filename: str


class IdentityOut(Out):
    """An objection as it came, for its investigator: who objected, null where that is not said, the words, scans."""

    objection_id: UUID
    name: str | None
    contact: str | None
    facts: str | None
    evidence: str | None
    files: list[ObjectionFileOut] = Field(default_factory=list)


class ProofChallengeOut(Out):
    """What to solve for a proof of work."""

    challenge: str = Field(
        min_length=1,
        max_length=4096,
        description="Parameters and signature of an ALTCHA challenge (version 2) as JSON in base64. What goes back is "
        '`{"challenge": …, "solution": …}` as JSON in base64.',
    )
    expires_at: datetime = Field(description="Until when its solution is taken.")
