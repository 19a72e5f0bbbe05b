"""Fields that hold one of a few words, as the database lets them in. Each is one named component of the contract, to
which every field that holds one of these words refers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.measures.findings import Outcome
from app.measures.reasons import Reason
from app.measures.reviews import Stage
from app.measures.revocations import RevocationKind
from app.measures.roles import ACCOUNT_ROLES
from app.measures.state_machines import (
    APPLICATION,
    ASSIGNMENT,
    AWARD,
    CANDIDATE,
    CONSULTATION,
    DISBURSEMENT,
    MARK_REPORT,
    OBJECTION,
    RECOMMENDATION,
    RECOVERY,
    RENEWAL,
    REVIEWER,
    REVOCATION,
    ROUND,
    SCORE_SHEET,
    TITLE_MISUSE,
    VISIT,
    StateMachine,
)


# Any: no checker knows a type that is made while the service starts.
def _named(name: str, words: Iterable[str], description: str | None = None) -> Any:
    """A type of these words that stands in the contract under this name."""
    listed = Field(description=description, json_schema_extra={"enum": [str(word) for word in words]})
    return TypeAliasType(name, Annotated[str, listed])


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

OutcomeName = _named("FindingOutcome", Outcome, "Met, not met, or for a person to decide.")
ReasonName = _named(
    "FindingReason",
    Reason,
    "Why the rule answered so: with the rule's id it names the case. `docs/reasons.md` tells them.",
)
RoleName = _named("AccountRole", ACCOUNT_ROLES)
StageName = _named("ReviewStage", Stage)
RevocationBasis = _named("RevocationBasis", RevocationKind)


# Any: as `_named`.
def _sent(machine: StateMachine) -> Any:
    """The states of a machine as a caller may send them."""
    return Literal[tuple(str(state) for state in machine.states)]


ConsultationState = _named("ConsultationState", CONSULTATION.states)
CandidateState = _named("CandidateState", CANDIDATE.states)
ReviewerState = _named("ReviewerState", REVIEWER.states)
AssignmentState = _named("AssignmentState", ASSIGNMENT.states)
SheetState = _named("ScoreSheetState", SCORE_SHEET.states)
RecoveryState = _named("RecoveryState", RECOVERY.states)
VisitState = _named("VisitState", VISIT.states)
MisuseState = _named("TitleMisuseState", TITLE_MISUSE.states)
MarkReportState = _named("MarkReportState", MARK_REPORT.states)

# What a caller may send; a wrong word is refused.
ApplicationStateSent = _sent(APPLICATION)
AssignmentStateSent = _sent(ASSIGNMENT)
ConsultationStateSent = _sent(CONSULTATION)
DisbursementStateSent = _sent(DISBURSEMENT)
MarkReportStateSent = _sent(MARK_REPORT)
ObjectionStateSent = _sent(OBJECTION)
RecommendationStateSent = _sent(RECOMMENDATION)
RecoveryStateSent = _sent(RECOVERY)
RenewalStateSent = _sent(RENEWAL)
ReviewerStateSent = _sent(REVIEWER)
RevocationStateSent = _sent(REVOCATION)
SizeClass = TypeAliasType("SizeClass", Literal["large", "medium", "small", "micro"])
SectorTag = TypeAliasType("SectorTag", Literal["encouraged", "preferred"])
