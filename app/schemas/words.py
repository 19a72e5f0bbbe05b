"""Fields that hold one of a few words, as the database lets them in: the contract lists the words and their names."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.measures.findings import Outcome
from app.measures.lives import (
    APPLICATION,
    AWARD,
    DISBURSEMENT,
    OBJECTION,
    RECOMMENDATION,
    REVOCATION,
    ROUND,
    Life,
)
from app.measures.reasons import Reason
from app.store.applications import Consultation
from app.store.awards import MarkReport, Recovery, Revocation, SharingActivity, TitleMisuse, Visit
from app.store.base import Base, words_of
from app.store.identity import Account
from app.store.money import PaymentReport
from app.store.parties import CultivationRecord
from app.store.publicity import Candidate, Objection
from app.store.reviews import Assignment, Reviewer, ScoreSheet, Undertaking


def _words(model: type[Base], column: str) -> Any:
    return Annotated[str, Field(json_schema_extra={"enum": [*words_of(model, column)]})]


def _state(life: Life) -> Any:
    told = ", ".join(f"`{state}` {text.zh}" for state, text in life.states.items())
    return Annotated[str, Field(description=f"{told}.", json_schema_extra={"enum": [*life.states]})]


RoundState = _state(ROUND)
ApplicationState = _state(APPLICATION)
RecommendationState = _state(RECOMMENDATION)
ObjectionState = _state(OBJECTION)
AwardState = _state(AWARD)
DisbursementState = _state(DISBURSEMENT)
RevocationState = _state(REVOCATION)

OutcomeName = Annotated[
    str,
    Field(
        description="Met, not met, or for a person to decide.",
        json_schema_extra={"enum": [item.value for item in Outcome]},
    ),
]
ReasonName = Annotated[
    str,
    Field(
        description="Why the rule answered so: with the rule's id it names the case. `docs/reasons.md` tells them.",
        json_schema_extra={"enum": [item.value for item in Reason]},
    ),
]
BucketName = _words(Candidate, "bucket")
RoleName = _words(Account, "role")
AccountKind = _words(Account, "kind")
MembershipName = _words(Account, "membership")
StageName = _words(Assignment, "stage")

ConsultationState = _words(Consultation, "state")
CandidateState = _words(Candidate, "state")
ObjectionClass = _words(Objection, "class")
PaymentOutcome = _words(PaymentReport, "outcome")
CultivationKind = _words(CultivationRecord, "kind")
ReviewerState = _words(Reviewer, "state")
UndertakingKind = _words(Undertaking, "kind")
AssignmentState = _words(Assignment, "state")
SheetState = _words(ScoreSheet, "state")
RecoveryItem = _words(Recovery, "item")
RecoveryState = _words(Recovery, "state")
RevocationBasis = _words(Revocation, "basis")
VisitState = _words(Visit, "state")
MisuseState = _words(TitleMisuse, "state")
SharingKind = _words(SharingActivity, "kind")
MarkReportKind = _words(MarkReport, "kind")
MarkReportState = _words(MarkReport, "state")
