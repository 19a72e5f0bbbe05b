"""Fields that hold one of a few words, as the database lets them in. Each is one named component of the contract, to
which every field that holds one of these words refers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.measures.findings import Outcome
from app.measures.reasons import Reason
from app.measures.state_machines import (
    APPLICATION,
    ASSIGNMENT,
    AWARD,
    DISBURSEMENT,
    MARK_REPORT,
    OBJECTION,
    RECOMMENDATION,
    RECOVERY,
    REVIEWER,
    REVOCATION,
    ROUND,
    StateMachine,
)
from app.store.base import Base, words_of
from app.store.consultations import Consultation
from app.store.disbursements import PaymentReport
from app.store.identity import Account
from app.store.objections import Objection
from app.store.publicity import Candidate
from app.store.reviewers import Reviewer, Undertaking
from app.store.reviews import Assignment, ScoreSheet
from app.store.revocations import Recovery, Revocation
from app.store.supervision import MarkReport, SharingActivity, TitleMisuse, Visit
from app.store.units import CultivationRecord


# Any: no checker knows a type that is made while the service starts.
def _named(name: str, words: Iterable[str], description: str | None = None) -> Any:
    """A type of these words that stands in the contract under this name."""
    listed = Field(description=description, json_schema_extra={"enum": [*words]})
    return TypeAliasType(name, Annotated[str, listed])


# Any: as `_named`.
def _words(name: str, model: type[Base], column: str) -> Any:
    return _named(name, words_of(model, column))


# Any: as `_named`.
def _state(name: str, machine: StateMachine) -> Any:
    told = ", ".join(f"`{state}` {text.zh}" for state, text in machine.states.items())
    return _named(name, machine.states, f"{told}.")


RoundState = _state("RoundState", ROUND)
ApplicationState = _state("ApplicationState", APPLICATION)
RecommendationState = _state("RecommendationState", RECOMMENDATION)
ObjectionState = _state("ObjectionState", OBJECTION)
AwardState = _state("AwardState", AWARD)
DisbursementState = _state("DisbursementState", DISBURSEMENT)
RevocationState = _state("RevocationState", REVOCATION)

OutcomeName = _named("FindingOutcome", [item.value for item in Outcome], "Met, not met, or for a person to decide.")
ReasonName = _named(
    "FindingReason",
    [item.value for item in Reason],
    "Why the rule answered so: with the rule's id it names the case. `docs/reasons.md` tells them.",
)
SeatCategoryName = _words("SeatCategory", Candidate, "seat_category")
RoleName = _words("AccountRole", Account, "role")
AccountKind = _words("AccountKind", Account, "kind")
MembershipName = _words("Membership", Account, "membership")


# Any: as `_named`.
def _sent(machine: StateMachine) -> Any:
    """The states of a machine as a caller may send them."""
    return Literal[tuple(str(state) for state in machine.states)]


StageName = _words("ReviewStage", Assignment, "stage")

ConsultationState = _words("ConsultationState", Consultation, "state")
CandidateState = _words("CandidateState", Candidate, "state")
ObjectionClass = _words("ObjectionClass", Objection, "class")
PaymentOutcome = _words("PaymentOutcome", PaymentReport, "outcome")
CultivationKind = _words("CultivationKind", CultivationRecord, "kind")
ReviewerState = _words("ReviewerState", Reviewer, "state")
UndertakingKind = _words("UndertakingKind", Undertaking, "kind")
AssignmentState = _words("AssignmentState", Assignment, "state")
SheetState = _words("ScoreSheetState", ScoreSheet, "state")
RecoveryItem = _words("RecoveryItem", Recovery, "item")
RecoveryState = _words("RecoveryState", Recovery, "state")
RevocationBasis = _words("RevocationBasis", Revocation, "basis")
VisitState = _words("VisitState", Visit, "state")
MisuseState = _words("TitleMisuseState", TitleMisuse, "state")
SharingKind = _words("SharingKind", SharingActivity, "kind")
MarkReportKind = _words("MarkReportKind", MarkReport, "kind")
MarkReportState = _words("MarkReportState", MarkReport, "state")

# What a caller may send; a wrong word is refused.
AssignmentStateSent = _sent(ASSIGNMENT)
DisbursementStateSent = _sent(DISBURSEMENT)
MarkReportStateSent = _sent(MARK_REPORT)
ObjectionStateSent = _sent(OBJECTION)
RecoveryStateSent = _sent(RECOVERY)
ReviewerStateSent = _sent(REVIEWER)
RevocationStateSent = _sent(REVOCATION)
MediumKind = TypeAliasType(
    "MediumKind",
    Literal["newspaper", "broadcaster", "county_media_centre", "news_website", "government_website"],
)
SizeClass = TypeAliasType("SizeClass", Literal["large", "medium", "small", "micro"])
SectorTag = TypeAliasType("SectorTag", Literal["encouraged", "preferred"])
TerritorialScope = TypeAliasType("TerritorialScope", Literal["county", "city", "province", "nation", "world"])
StandardLevel = TypeAliasType(
    "StandardLevel", Literal["international", "national", "industry", "local", "group", "enterprise"]
)
SurveyMethod = TypeAliasType("SurveyMethod", Literal["telephone", "questionnaire", "interview", "other"])
