"""The state machines of what the qualification review asks of an applicant: corrections, renewals, adverse records
(Arts. 13, 17)."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, OFFICE, State, StateMachine, act

_ART17 = "art17.qualification"


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


class AdverseRecordState(State):
    """The states of an adverse record."""

    OPEN = "open", "待认定", "Open"
    REPLIED = "replied", "已陈述意见", "Replied to"
    CONFIRMED = "confirmed", "已认定", "Confirmed"
    DENIED = "denied", "不予认定", "Denied"


_RULE = "art13.6.record"
_HEARD = [AdverseRecordState.OPEN, AdverseRecordState.REPLIED]
_DECIDED = [AdverseRecordState.CONFIRMED, AdverseRecordState.DENIED]


ADVERSE_RECORD = StateMachine(
    "adverse_record",
    AdverseRecordState.names(),
    (AdverseRecordState.OPEN,),
    (
        # Again where it has more to say, until the end of its time; on paper by the day of receipt, whenever entered:
        act("reply_to_adverse_record", _RULE, _HEARD, AdverseRecordState.REPLIED, APPLICANT),
        act("enter_reply", _RULE, _HEARD, AdverseRecordState.REPLIED, OFFICE),
        # what was in time and is entered after the decision stands beside it, and that may be made anew.
        act("enter_reply_late", _RULE, _DECIDED, None, OFFICE),
        # A decision may be replaced as long as the first could be taken: a letter received in time may come after it.
        act("confirm_adverse_record", _RULE, AdverseRecordState, AdverseRecordState.CONFIRMED, OFFICE, _RULE),
        act("deny_adverse_record", _RULE, AdverseRecordState, AdverseRecordState.DENIED, OFFICE, _RULE),
    ),
)
