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
    CANDIDATE,
    CONSULTATION,
    DISBURSEMENT,
    MARK_REPORT,
    OBJECTION,
    RECOMMENDATION,
    RECOVERY,
    REVIEWER,
    REVOCATION,
    ROUND,
    SCORE_SHEET,
    TITLE_MISUSE,
    VISIT,
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
def _named(name: str, words: Iterable[str], description: str) -> Any:
    """A type of these words that stands in the contract under this name."""
    listed = Field(description=description, json_schema_extra={"enum": [*words]})
    return TypeAliasType(name, Annotated[str, listed])


# Any: as `_named`.
def _words(name: str, model: type[Base], column: str, description: str) -> Any:
    return _named(name, words_of(model, column), description)


def _told(life: StateMachine) -> str:
    return ", ".join(f"`{state}` {text.zh}" for state, text in life.states.items()) + "."


# Any: as `_named`.
def _state(name: str, life: StateMachine) -> Any:
    return _named(name, life.states, _told(life))


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
SeatCategoryName = _words(
    "SeatCategory",
    Candidate,
    "seat_category",
    "manufacturing: section C. other: every other section together (Art. 6).",
)
RoleName = _words(
    "AccountRole", Account, "role", "Whose part the account plays in the procedure (Arts. 2, 3, 9, 11, 17)."
)
AccountKind = _words("AccountKind", Account, "kind", "A person signs in with a password, a machine with its secret.")
MembershipName = _words(
    "Membership",
    Account,
    "membership",
    "What a person may do for the organisation: fill in, or bind it as well (Art. 26).",
)


# Any: as `_named`.
def _sent(life: StateMachine) -> Any:
    """The states of a machine as a caller may send them."""
    return Literal[tuple(str(state) for state in life.states)]


StageName = _words(
    "ReviewStage", Assignment, "stage", "material: on the papers (Art. 18). onsite: at the organisation (Art. 19)."
)

ConsultationState = _words("ConsultationState", Consultation, "state", _told(CONSULTATION))
CandidateState = _words("CandidateState", Candidate, "state", _told(CANDIDATE))
ObjectionClass = _words(
    "ObjectionClass",
    Objection,
    "class",
    "formal: verified and closed with a reason, blocks while open. informal: answered, blocks nothing (Art. 21).",
)
PaymentOutcome = _words("PaymentOutcome", PaymentReport, "outcome", "What the platform said of an attempt (Art. 9).")
CultivationKind = _words(
    "CultivationKind",
    CultivationRecord,
    "kind",
    "What a unit did for the organisations of its area or industry (Art. 12).",
)
ReviewerState = _words("ReviewerState", Reviewer, "state", _told(REVIEWER))
UndertakingKind = _words(
    "UndertakingKind", Undertaking, "kind", "What a reviewer undertakes before any file opens to him (Art. 29)."
)
AssignmentState = _words("AssignmentState", Assignment, "state", _told(ASSIGNMENT))
SheetState = _words("ScoreSheetState", ScoreSheet, "state", _told(SCORE_SHEET))
RecoveryItem = _words("RecoveryItem", Recovery, "item", "What is to come back after a fraud (Art. 26).")
RecoveryState = _words("RecoveryState", Recovery, "state", _told(RECOVERY))
RevocationBasis = _words("RevocationBasis", Revocation, "basis", "fraud: Art. 26. grounds: Art. 28.")
VisitState = _words("VisitState", Visit, "state", _told(VISIT))
MisuseState = _words("TitleMisuseState", TitleMisuse, "state", _told(TITLE_MISUSE))
SharingKind = _words("SharingKind", SharingActivity, "kind", "How a winner shared its experience (Art. 25).")
MarkReportKind = _words(
    "MarkReportKind", MarkReport, "kind", "What is wrong with a mark or certificate that was seen (Art. 31)."
)
MarkReportState = _words("MarkReportState", MarkReport, "state", _told(MARK_REPORT))


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
    Annotated[
        Literal["newspaper", "broadcaster", "county_media_centre", "news_website", "government_website"],
        Field(description="What a medium is; all but the government's own site are news media (Art. 21)."),
    ],
)
SizeClass = TypeAliasType(
    "SizeClass",
    Annotated[
        Literal["large", "medium", "small", "micro"],
        Field(description="The size of an enterprise by the national classes (Art. 14)."),
    ],
)
SectorTag = TypeAliasType(
    "SectorTag",
    Annotated[
        Literal["encouraged", "preferred"],
        Field(
            description="For which the round's rules may add points: smaller firms (Art. 14), leading ones (Art. 15)."
        ),
    ],
)
