"""The state machines of what the qualification review asks and is answered (Arts. 13, 17)."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, DEPARTMENT, OFFICE, State, StateMachine, act

_ART17 = "art17.qualification"


class ConsultationState(State):
    """The states of a consultation of a department."""

    ASKED = "asked", "待答复", "Asked"
    ANSWERED = "answered", "已答复", "Answered"
    NON_RESPONSE = "non_response", "已记录逾期", "Recorded as a non-response"


CONSULTATION = StateMachine(
    "consultation",
    ConsultationState.names(),
    (ConsultationState.ASKED,),
    (
        # A late answer still counts: what a department knows is not lost because it was slow.
        act(
            "reply_to_consultation",
            _ART17,
            [ConsultationState.ASKED, ConsultationState.NON_RESPONSE],
            ConsultationState.ANSWERED,
            DEPARTMENT,
        ),
        act("record_non_response", _ART17, [ConsultationState.ASKED], ConsultationState.NON_RESPONSE, OFFICE, _ART17),
    ),
)


class CorrectionState(State):
    """The states of a correction that the office has asked for."""

    OPEN = "open", "待补正", "Open"
    ANSWERED = "answered", "已补正", "Answered"
    EXPIRED = "expired", "逾期未补正", "Not answered in time"


CORRECTION = StateMachine(
    "correction",
    CorrectionState.names(),
    (CorrectionState.OPEN,),
    (
        act("answer_correction", _ART17, [CorrectionState.OPEN], CorrectionState.ANSWERED, APPLICANT, offered=False),
        act("expire", _ART17, [CorrectionState.OPEN], CorrectionState.EXPIRED, OFFICE, offered=False),
    ),
)


class RenewalState(State):
    """The states of a renewed certificate or licence."""

    HANDED_IN = "handed_in", "已提交", "Handed in"
    ACCEPTED = "accepted", "已采纳", "Accepted"
    REFUSED = "refused", "未采纳", "Refused"


RENEWAL = StateMachine(
    "renewal",
    RenewalState.names(),
    (RenewalState.HANDED_IN,),
    (
        act("accept_renewal", _ART17, [RenewalState.HANDED_IN], RenewalState.ACCEPTED, OFFICE),
        act("refuse_renewal", _ART17, [RenewalState.HANDED_IN], RenewalState.REFUSED, OFFICE),
    ),
)
