"""The state machine of what a department is asked (Art. 17)."""

from __future__ import annotations

from app.measures.state_machines.machine import DEPARTMENT, OFFICE, State, StateMachine, act

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
    ahead={
        ConsultationState.ASKED: "reply_to_consultation",
        ConsultationState.NON_RESPONSE: "reply_to_consultation",
    },
)
