"""The state machine of the disbursement of a prize (Arts. 8, 9)."""

from __future__ import annotations

from app.measures.state_machines.machine import GOVERNMENT, OFFICE, PLATFORM, State, StateMachine, act

_ART02, _ART09 = "art02.decider", "art09.disbursement"


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
