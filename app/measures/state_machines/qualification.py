"""The state machines of what the qualification review asks and is answered (Arts. 13, 17)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import APPLICANT, DEPARTMENT, OFFICE, StateMachine, act
from app.measures.text import Text

_RULE = "art17.qualification"


class ConsultationState(StrEnum):
    """The states of a consultation of a department."""

    ASKED = "asked"
    ANSWERED = "answered"
    NON_RESPONSE = "non_response"


CONSULTATION = StateMachine(
    "consultation",
    {
        ConsultationState.ASKED: Text("待答复", "Asked"),
        ConsultationState.ANSWERED: Text("已答复", "Answered"),
        ConsultationState.NON_RESPONSE: Text("已记录逾期", "Recorded as a non-response"),
    },
    (ConsultationState.ASKED,),
    (
        # A late answer still counts: what a department knows is not lost because it was slow.
        act(
            "reply_to_consultation",
            _RULE,
            [ConsultationState.ASKED, ConsultationState.NON_RESPONSE],
            ConsultationState.ANSWERED,
            DEPARTMENT,
        ),
        act("record_non_response", _RULE, [ConsultationState.ASKED], ConsultationState.NON_RESPONSE, OFFICE, _RULE),
    ),
)


class CorrectionState(StrEnum):
    """The states of a correction that the office has asked for."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"


CORRECTION = StateMachine(
    "correction",
    {
        CorrectionState.OPEN: Text("待补正", "Open"),
        CorrectionState.ANSWERED: Text("已补正", "Answered"),
        CorrectionState.EXPIRED: Text("逾期未补正", "Not answered in time"),
    },
    (CorrectionState.OPEN,),
    (
        act("answer_correction", _RULE, [CorrectionState.OPEN], CorrectionState.ANSWERED, APPLICANT),
        act("expire", _RULE, [CorrectionState.OPEN], CorrectionState.EXPIRED, OFFICE),
    ),
)


class RenewalState(StrEnum):
    """The states of a renewed certificate or licence."""

    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    REFUSED = "refused"


RENEWAL = StateMachine(
    "renewal",
    {
        RenewalState.HANDED_IN: Text("已提交", "Handed in"),
        RenewalState.ACCEPTED: Text("已采纳", "Accepted"),
        RenewalState.REFUSED: Text("未采纳", "Refused"),
    },
    (RenewalState.HANDED_IN,),
    (
        act("accept_renewal", _RULE, [RenewalState.HANDED_IN], RenewalState.ACCEPTED, OFFICE),
        act("refuse_renewal", _RULE, [RenewalState.HANDED_IN], RenewalState.REFUSED, OFFICE),
    ),
)
