"""The state machines of a revocation and of what is recovered after it (Arts. 26, 28)."""

from __future__ import annotations

from app.measures.state_machines.machine import GOVERNMENT, OFFICE, State, StateMachine, act

_ART02 = "art02.decider"


class RevocationState(State):
    """The states of a revocation."""

    SUBMITTED = "submitted", "已提请", "Submitted to the government"
    DECIDED = "decided", "已决定撤销", "Decided"
    REJECTED = "rejected", "不予撤销", "Rejected"
    TAKEN_OVER = "taken_over", "已由第二十六条案件接管", "Taken over by a case of fraud"


_V = RevocationState


REVOCATION = StateMachine(
    "revocation",
    _V.names(),
    (_V.SUBMITTED,),
    (
        act("decide", _ART02, [_V.SUBMITTED], _V.DECIDED, GOVERNMENT, _ART02, "art26_28.together"),
        # Art. 26 prevails: a case of fraud that opens beside one under Art. 28 takes it over.
        act(
            "take_over",
            "art26_28.together",
            [_V.SUBMITTED],
            _V.TAKEN_OVER,
            OFFICE,
            "art26_28.together",
        ),
        act("reject", _ART02, [_V.SUBMITTED], _V.REJECTED, GOVERNMENT, _ART02),
        act("publish_notice", "art28.grounds", [_V.DECIDED], None, OFFICE),
    ),
)


class RecoveryState(State):
    """The states of what is to be recovered after a fraud."""

    OUTSTANDING = "outstanding", "未追回", "Outstanding"
    RECOVERED = "recovered", "已追回", "Recovered"


RECOVERY = StateMachine(
    "recovery",
    RecoveryState.names(),
    (RecoveryState.OUTSTANDING,),
    (
        act("record_recovery_in_part", "art26.fraud", [RecoveryState.OUTSTANDING], None, OFFICE),
        act("record_recovery", "art26.fraud", [RecoveryState.OUTSTANDING], RecoveryState.RECOVERED, OFFICE),
    ),
)
