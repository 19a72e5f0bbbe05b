"""The state machine of every object that has a state, one file a room, and the named groups of states."""

from __future__ import annotations

from app.measures.state_machines.applications import APPLICATION, ATTACHMENT, ApplicationState, AttachmentState
from app.measures.state_machines.awards import AWARD, IN_CIRCULATION, PLAQUE, AwardState, PlaqueState
from app.measures.state_machines.consultations import CONSULTATION, ConsultationState
from app.measures.state_machines.disbursements import DISBURSEMENT, DisbursementState
from app.measures.state_machines.identity import ACCOUNT, AccountState
from app.measures.state_machines.machine import ELIGIBILITY, KeptState, StateMachine, Transition
from app.measures.state_machines.notices import MEDIUM, MediumState
from app.measures.state_machines.objections import OBJECTION, ObjectionState
from app.measures.state_machines.organisations import (
    EVER_VERIFIED_STATES,
    LEGAL_PERSON,
    OPEN_CLAIM_STATES,
    ORGANISATION,
    REGISTRATION_CLAIM,
    LegalPersonState,
    OrganisationState,
    RegistrationClaimState,
)
from app.measures.state_machines.publicity import CANDIDATE, CandidateState
from app.measures.state_machines.qualification import (
    ADVERSE_RECORD,
    CORRECTION,
    RENEWAL,
    AdverseRecordState,
    CorrectionState,
    RenewalState,
)
from app.measures.state_machines.recommendations import (
    RECOMMENDATION,
    WEBHOOK,
    RecommendationState,
    WebhookEnd,
    WebhookState,
)
from app.measures.state_machines.reviewers import CONFLICT_DECLARATION, REVIEWER, ReviewerState
from app.measures.state_machines.reviews import ASSIGNMENT, SCORE_SHEET, AssignmentState, SheetState
from app.measures.state_machines.revocations import (
    CONFERRAL_DOUBT,
    RECOVERY,
    REVOCATION,
    ConferralDoubtState,
    RecoveryState,
    RevocationState,
)
from app.measures.state_machines.rounds import ROUND, RoundState
from app.measures.state_machines.supervision import (
    MARK_REPORT,
    TITLE_MISUSE,
    VISIT,
    MarkReportState,
    MisuseState,
    VisitState,
)
from app.measures.state_machines.units import CULTIVATION_RECORD

__all__ = [
    "ACCOUNT",
    "ADVERSE_RECORD",
    "APPLICATION",
    "ASSIGNMENT",
    "ATTACHMENT",
    "AWARD",
    "BEFORE_SUBMISSION",
    "CANDIDATE",
    "CONFERRAL_DOUBT",
    "CONFLICT_DECLARATION",
    "CONSULTATION",
    "CORRECTION",
    "CULTIVATION_RECORD",
    "DECIDED_APPLICATION_STATES",
    "DISBURSEMENT",
    "ELIGIBILITY",
    "EVER_VERIFIED_STATES",
    "IN_CIRCULATION",
    "IN_THE_ROUND",
    "LEGAL_PERSON",
    "LIVE_APPLICATION_STATES",
    "LIVE_ROUND_STATES",
    "MARK_REPORT",
    "MEDIUM",
    "OBJECTION",
    "OPEN_CLAIM_STATES",
    "OPEN_OBJECTION_STATES",
    "OPEN_RECOMMENDATION_STATES",
    "OPEN_REVOCATION_STATES",
    "ORGANISATION",
    "PLAQUE",
    "RECOMMENDATION",
    "RECOVERY",
    "REGISTRATION_CLAIM",
    "RENEWAL",
    "REVIEWER",
    "REVOCATION",
    "ROUND",
    "SCORE_SHEET",
    "STATE_MACHINES",
    "TITLE_MISUSE",
    "UNDER_QUALIFICATION",
    "VISIT",
    "WEBHOOK",
    "AccountState",
    "AdverseRecordState",
    "ApplicationState",
    "AssignmentState",
    "AttachmentState",
    "AwardState",
    "CandidateState",
    "ConferralDoubtState",
    "ConsultationState",
    "CorrectionState",
    "DisbursementState",
    "KeptState",
    "LegalPersonState",
    "MarkReportState",
    "MediumState",
    "MisuseState",
    "ObjectionState",
    "OrganisationState",
    "PlaqueState",
    "RecommendationState",
    "RecoveryState",
    "RegistrationClaimState",
    "RenewalState",
    "ReviewerState",
    "RevocationState",
    "RoundState",
    "SheetState",
    "StateMachine",
    "Transition",
    "VisitState",
    "WebhookEnd",
    "WebhookState",
]

STATE_MACHINES: dict[str, StateMachine] = {
    machine.name: machine
    for machine in (
        ACCOUNT,
        ORGANISATION,
        LEGAL_PERSON,
        REGISTRATION_CLAIM,
        ROUND,
        APPLICATION,
        RECOMMENDATION,
        CONSULTATION,
        CORRECTION,
        RENEWAL,
        REVIEWER,
        ASSIGNMENT,
        SCORE_SHEET,
        CANDIDATE,
        OBJECTION,
        AWARD,
        PLAQUE,
        DISBURSEMENT,
        VISIT,
        TITLE_MISUSE,
        MARK_REPORT,
        REVOCATION,
        CONFERRAL_DOUBT,
        RECOVERY,
        ATTACHMENT,
        ADVERSE_RECORD,
        CONFLICT_DECLARATION,
        CULTIVATION_RECORD,
        MEDIUM,
        WEBHOOK,
    )
}

# Named groups of states: the one answer to "which states count as …".
LIVE_ROUND_STATES = frozenset(RoundState) - {RoundState.DRAFT, RoundState.CONCLUDED, RoundState.CANCELLED}
LIVE_APPLICATION_STATES = frozenset(ApplicationState) - {
    ApplicationState.WITHDRAWN,
    ApplicationState.NOT_QUALIFIED,
    ApplicationState.NOT_SHORTLISTED,
    ApplicationState.REMOVED,
}
# Under review, before the list.
UNDER_QUALIFICATION = frozenset({ApplicationState.SUBMITTED, ApplicationState.CORRECTION_REQUESTED})
# Its way to the submission.
BEFORE_SUBMISSION = frozenset(
    {ApplicationState.DRAFT, ApplicationState.RECOMMENDATION_REQUESTED, ApplicationState.ENDORSED}
)
# Submitted and not out of the round yet: a record can come to light at any time before its end.
IN_THE_ROUND = frozenset(
    {*UNDER_QUALIFICATION, ApplicationState.QUALIFIED, ApplicationState.SHORTLISTED, ApplicationState.EVALUATED}
)
DECIDED_APPLICATION_STATES = frozenset(
    {
        ApplicationState.QUALIFIED,
        ApplicationState.SHORTLISTED,
        ApplicationState.NOT_SHORTLISTED,
        ApplicationState.EVALUATED,
    }
)
OPEN_OBJECTION_STATES = frozenset({ObjectionState.RECEIVED, ObjectionState.UNDER_VERIFICATION})
# The government has not decided on the case: the prize waits with it.
OPEN_REVOCATION_STATES = frozenset({RevocationState.HEARING, RevocationState.SUBMITTED})
OPEN_RECOMMENDATION_STATES = frozenset({RecommendationState.REQUESTED, RecommendationState.ENDORSED})
