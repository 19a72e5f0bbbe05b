"""The state machines of an award, its prize and its revocation (Arts. 8, 9, 22, 26, 28)."""

from __future__ import annotations

from app.measures.state_machines.machine import GOVERNMENT, OFFICE, PLATFORM, State, StateMachine, act

_ART02, _ART09 = "art02.decider", "art09.disbursement"


class AwardState(State):
    """The states of a award."""

    APPROVED = "approved", "已审定", "Approved"
    CONFERRED = "conferred", "已授奖", "Conferred"
    STRUCK = "withdrawn", "授奖前取消", "Withdrawn before the decree"
    REVOKED = "revoked", "已撤销", "Revoked"


AWARD = StateMachine(
    "award",
    AwardState.names(),
    (AwardState.APPROVED,),
    (
        act(
            "confer",
            "art22.approval",
            [AwardState.APPROVED],
            AwardState.CONFERRED,
            GOVERNMENT,
            _ART02,
            "art08.prize",
            "art22.approval",
        ),
        act(
            "withdraw_award",
            "art26.fraud",
            [AwardState.APPROVED],
            AwardState.STRUCK,
            GOVERNMENT,
            _ART02,
            "art26.fraud",
        ),
        # Which of Art. 26 and 28 was heard depends on the case; that one of them was is for `decide` below.
        act("revoke", "art28.grounds", [AwardState.CONFERRED], AwardState.REVOKED, GOVERNMENT, _ART02),
    ),
)


class DisbursementState(State):
    """The states of a disbursement."""

    PAYABLE = "payable", "可拨付", "Payable"
    ACKNOWLEDGED = "acknowledged", "平台已接收", "Acknowledged by the platform"
    PAID = "paid", "已拨付", "Paid"
    FAILED = "failed", "拨付失败", "Failed"
    RETURNED = "returned", "已退汇", "Sent back by the bank"
    SUSPENDED = "suspended", "暂停拨付", "Suspended"
    CANCELLED = "cancelled", "已取消", "Cancelled"


_D = DisbursementState
_UNPAID = (_D.PAYABLE, _D.ACKNOWLEDGED, _D.FAILED, _D.RETURNED)

DISBURSEMENT = StateMachine(
    "disbursement",
    _D.names(),
    (_D.PAYABLE,),
    (
        act("acknowledge", _ART09, [_D.PAYABLE], _D.ACKNOWLEDGED, PLATFORM, _ART09),
        # Money that has left is recorded whatever was decided meanwhile; the recovery follows from it.
        act("report_paid", _ART09, [_D.ACKNOWLEDGED, _D.SUSPENDED, _D.CANCELLED], _D.PAID, PLATFORM, _ART09),
        act("report_failed", _ART09, [_D.ACKNOWLEDGED], _D.FAILED, PLATFORM, _ART09),
        # The same report while the prize is held or cancelled: it is kept, and the prize stays as it is.
        act("note_failure", _ART09, [_D.SUSPENDED, _D.CANCELLED], None, PLATFORM, _ART09),
        # Money that was confirmed and came back: the prize is unpaid again.
        act("report_returned", _ART09, [_D.PAID], _D.RETURNED, PLATFORM, _ART09),
        # A wrong account that is noticed before the platform takes the order over is corrected in the same way.
        act("reissue", _ART09, [_D.PAYABLE, _D.FAILED, _D.RETURNED], _D.PAYABLE, OFFICE, _ART09),
        # Held back while a case of revocation is open: the office submits it, the government may decide it later.
        act("suspend", _ART09, _UNPAID, _D.SUSPENDED, (*OFFICE, *GOVERNMENT)),
        act("resume", _ART09, [_D.SUSPENDED], _D.PAYABLE, GOVERNMENT, _ART02, _ART09),
        # What the platform has taken over and not reported on may be on its way: it goes on as the same attempt.
        act("resume_taken", _ART09, [_D.SUSPENDED], _D.ACKNOWLEDGED, GOVERNMENT, _ART02, _ART09),
        act("cancel", "art08.prize", [*_UNPAID, _D.SUSPENDED], _D.CANCELLED, GOVERNMENT, _ART02, "art08.prize"),
    ),
)


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
