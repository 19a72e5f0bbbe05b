"""Fields that hold one of a few words, as the database lets them in. Each is one named component of the contract, to
which every field that holds one of these words refers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.measures.facts import RecordFinding
from app.measures.findings import Outcome
from app.measures.instruments import InstrumentKind
from app.measures.objections import ObjectionLack
from app.measures.publicity import NoticeKind
from app.measures.reasons import Reason
from app.measures.recommendations import RecommendationChange
from app.measures.reviews import Stage
from app.measures.revocations import RevocationKind
from app.measures.roles import ACCOUNT_ROLES
from app.measures.state_machines import (
    APPLICATION,
    ASSIGNMENT,
    AWARD,
    CANDIDATE,
    CONFERRAL_DOUBT,
    CONSULTATION,
    CORRECTION,
    DISBURSEMENT,
    MARK_REPORT,
    MEDIUM,
    OBJECTION,
    ORGANISATION,
    PLAQUE,
    RECOMMENDATION,
    RECOVERY,
    REGISTRATION_CLAIM,
    RENEWAL,
    REVIEWER,
    REVOCATION,
    ROUND,
    SCORE_SHEET,
    TITLE_MISUSE,
    VISIT,
    StateMachine,
)
from app.measures.validity import CertificateStatus
from app.store.audit import EntryOutcome
from app.store.sorting import Sort


# Any: no checker knows a type that is made while the service starts.
def _named(name: str, words: Iterable[str], description: str) -> Any:
    """A type of these words that stands in the contract under this name."""
    listed = Field(description=description, json_schema_extra={"enum": [str(word) for word in words]})
    return TypeAliasType(name, Annotated[str, listed])


def _told(machine: StateMachine) -> str:
    return ", ".join(f"`{state}` {text.zh}" for state, text in machine.states.items()) + "."


# The machine whose states a component of the contract enumerates, by the component's name.
STATES_OF: dict[str, StateMachine] = {}


# Any: as `_named`.
def _state(name: str, machine: StateMachine) -> Any:
    STATES_OF[name] = machine
    return _named(name, machine.states, _told(machine))


RoundState = _state("RoundState", ROUND)
ApplicationState = _state("ApplicationState", APPLICATION)
RecommendationState = _state("RecommendationState", RECOMMENDATION)
ObjectionState = _state("ObjectionState", OBJECTION)
AwardState = _state("AwardState", AWARD)
DisbursementState = _state("DisbursementState", DISBURSEMENT)
RevocationState = _state("RevocationState", REVOCATION)
OrganisationStateName = _state("OrganisationState", ORGANISATION)
RegistrationClaimStateName = _state("RegistrationClaimState", REGISTRATION_CLAIM)

EntryOutcomeName = _named("EntryOutcome", EntryOutcome, "Whether it was carried out.")
OutcomeName = _named("FindingOutcome", Outcome, "Met, not met, or for a person to decide.")
ReasonName = _named(
    "FindingReason",
    Reason,
    "Why the rule answered so: with the rule's id it names the case. `docs/reasons.md` tells them.",
)
RoleName = _named(
    "AccountRole", ACCOUNT_ROLES, "Whose part the account plays in the procedure (Arts. 2, 3, 9, 11, 17)."
)
StageName = _named("ReviewStage", Stage, "material: on the papers (Art. 18). onsite: at the organisation (Art. 19).")
RecommendationChangeName = _named(
    "RecommendationChange",
    (change.told for change in RecommendationChange),
    "What has become of a recommendation (Art. 3).",
)
LackingName = _named(
    "ObjectionLack",
    ObjectionLack,
    "What makes an objection an informal one (Art. 21); `scan`: of a letter, until its scan is with the case.",
)
RevocationBasis = _named("RevocationBasis", RevocationKind, "fraud: Art. 26. grounds: Art. 28.")


# Any: as `_named`.
def _sent(machine: StateMachine) -> Any:
    """The states of a machine as a caller may send them."""
    return Literal[tuple(str(state) for state in machine.states)]


ConsultationState = _state("ConsultationState", CONSULTATION)
CandidateState = _state("CandidateState", CANDIDATE)
ReviewerState = _state("ReviewerState", REVIEWER)
AssignmentState = _state("AssignmentState", ASSIGNMENT)
SheetState = _state("ScoreSheetState", SCORE_SHEET)
RecoveryState = _state("RecoveryState", RECOVERY)
ConferralDoubtState = _state("ConferralDoubtState", CONFERRAL_DOUBT)
VisitState = _state("VisitState", VISIT)
MisuseState = _state("TitleMisuseState", TITLE_MISUSE)
MarkReportState = _state("MarkReportState", MARK_REPORT)
RenewalState = _state("RenewalState", RENEWAL)
CorrectionState = _state("CorrectionState", CORRECTION)
MediumState = _state("MediumState", MEDIUM)
PlaqueState = _state("PlaqueState", PLAQUE)

# What a caller may send; a wrong word is refused.
ApplicationStateSent = _sent(APPLICATION)
AssignmentStateSent = _sent(ASSIGNMENT)
ConsultationStateSent = _sent(CONSULTATION)
DisbursementStateSent = _sent(DISBURSEMENT)
MarkReportStateSent = _sent(MARK_REPORT)
ObjectionStateSent = _sent(OBJECTION)
OrganisationStateSent = _sent(ORGANISATION)
PlaqueStateSent = _sent(PLAQUE)
RecommendationStateSent = _sent(RECOMMENDATION)
RecoveryStateSent = _sent(RECOVERY)
RegistrationClaimStateSent = _sent(REGISTRATION_CLAIM)
RenewalStateSent = _sent(RENEWAL)
ReviewerStateSent = _sent(REVIEWER)
RevocationStateSent = _sent(REVOCATION)
# Some words of a longer list: the others are not the caller's to say, or are told of elsewhere.
DecidedFinding = TypeAliasType(
    "DecidedFinding",
    Annotated[
        Literal[RecordFinding.CONFIRMED, RecordFinding.DENIED],
        Field(description="How an adverse record is decided (Art. 13(6)); until then it is `open`."),
    ],
)
LaterInstrumentKind = TypeAliasType(
    "LaterInstrumentKind",
    Annotated[
        Literal[InstrumentKind.EXTENSION, InstrumentKind.SUCCESSOR],
        Field(description="What a document is to the measures that it follows (Art. 33)."),
    ],
)
ListNoticeKind = TypeAliasType(
    "ListNoticeKind",
    Annotated[
        Literal[NoticeKind.CANDIDATES, NoticeKind.ADDITION],
        Field(description="A notice that tells a list of candidates (Art. 21)."),
    ],
)
RegisterStatus = TypeAliasType(
    "RegisterStatus",
    Annotated[
        Literal[CertificateStatus.VALID, CertificateStatus.EXPIRED, CertificateStatus.REVOKED],
        Field(description="By which the register of awards is asked (Arts. 23, 31)."),
    ],
)
OwnFileKind = TypeAliasType(
    "OwnFileKind",
    Annotated[
        Literal["attachment", "objection_file", "stamped_opinion", "statement_file", "withdrawal_letter_file"],
        Field(description="What an account has brought a file as."),
    ],
)
SentBy = TypeAliasType(
    "SentBy",
    Annotated[Literal["POST", "PATCH"], Field(description="How an act is sent: as one of its own, or as a change.")],
)
SchemaType = TypeAliasType(
    "SchemaType",
    Annotated[
        Literal["string", "integer", "number", "boolean", "object", "array", "null"],
        Field(description="A type of JSON Schema."),
    ],
)


# What is said beside each parameter that chooses an order.
SORTED = "In which order; a cursor goes on in the order that it was made in."
OrganisationSort = TypeAliasType(
    "OrganisationSort",
    Annotated[
        Literal[Sort.NEWEST, Sort.OLDEST, Sort.NAME],
        Field(description="How organisations are sorted; names by their characters as Unicode counts them."),
    ],
)
ApplicationSort = TypeAliasType(
    "ApplicationSort",
    Annotated[
        Literal[Sort.NEWEST, Sort.OLDEST, Sort.NAME, Sort.NUMBER],
        Field(description="How applications are sorted; by number, those that have none are last."),
    ],
)
RegisterSort = TypeAliasType(
    "RegisterSort",
    Annotated[
        Literal[Sort.NEWEST, Sort.OLDEST, Sort.NAME, Sort.EXPIRY],
        Field(description="How awards are sorted; `expiry`: what ends first is first (Art. 23)."),
    ],
)
EntrySort = TypeAliasType(
    "EntrySort",
    Annotated[
        Literal[Sort.NEWEST, Sort.OLDEST], Field(description="How the entries of the audit log are sorted (Art. 29).")
    ],
)
