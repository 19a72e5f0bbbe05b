"""The state machine of the disbursement of a prize (Arts. 8, 9)."""

from __future__ import annotations

from app.measures.reasons import Reason
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
    UNORDERED = "unordered", "待下达", "Not ordered yet"


_D = DisbursementState
_UNPAID = (_D.PAYABLE, _D.ACKNOWLEDGED, _D.FAILED, _D.RETURNED, _D.UNORDERED)
_HOLDERS = (*GOVERNMENT, *OFFICE)

DISBURSEMENT = StateMachine(
    "disbursement",
    _D.names(),
    # An order begins as payable; the decision that the prize of a revoked award is never ordered, as cancelled.
    (_D.PAYABLE, _D.CANCELLED),
    (
        act("acknowledge", _ART09, [_D.PAYABLE], _D.ACKNOWLEDGED, PLATFORM, _ART09),
        # Money that has left is recorded whatever was decided meanwhile; the recovery follows from it.
        act("report_paid", _ART09, [_D.ACKNOWLEDGED, _D.SUSPENDED, _D.CANCELLED], _D.PAID, PLATFORM, _ART09),
        act("report_failed", _ART09, [_D.ACKNOWLEDGED], _D.FAILED, PLATFORM, _ART09),
        # The same report while the prize is held or cancelled: it is kept, and the prize stays as it is.
        act("note_failure", _ART09, [_D.SUSPENDED, _D.CANCELLED], None, PLATFORM, _ART09),
        # Money that was confirmed and came back: the prize is unpaid again.
        act("report_returned", _ART09, [_D.PAID], _D.RETURNED, PLATFORM, _ART09),
        # A wrong account that is noticed before the platform takes the order over is corrected in the same way, and a
        # prize that was decided on before it was ever ordered has its account here.
        act(
            "reissue",
            _ART09,
            [_D.PAYABLE, _D.FAILED, _D.RETURNED, _D.UNORDERED],
            _D.PAYABLE,
            OFFICE,
            _ART09,
        ),
        # Held back while a case of revocation is open: the office opens it, the government may decide it later.
        act("suspend", _ART09, _UNPAID, _D.SUSPENDED, (*OFFICE, *GOVERNMENT), reopens=True),
        # What was held goes on with the decision on its case, or as the office withdraws it: as a new attempt where
        # nobody had taken it over,
        act("resume", _ART09, [_D.SUSPENDED], _D.PAYABLE, _HOLDERS, _ART09, offered=False, follows="reject"),
        # as the same attempt where the platform has taken it over and not reported on: it may be on its way,
        act("resume_taken", _ART09, [_D.SUSPENDED], _D.ACKNOWLEDGED, _HOLDERS, _ART09, offered=False, follows="reject"),
        # and never by itself to an account from which the money came back, or to which it could not go.
        act("resume_failed", _ART09, [_D.SUSPENDED], _D.FAILED, _HOLDERS, _ART09, offered=False, follows="reject"),
        act("resume_returned", _ART09, [_D.SUSPENDED], _D.RETURNED, _HOLDERS, _ART09, offered=False, follows="reject"),
        act(
            "resume_unordered", _ART09, [_D.SUSPENDED], _D.UNORDERED, _HOLDERS, _ART09, offered=False, follows="reject"
        ),
        act(
            "cancel",
            "art08.prize",
            [*_UNPAID, _D.SUSPENDED],
            _D.CANCELLED,
            GOVERNMENT,
            _ART02,
            "art08.prize",
        ),
        # The decision that cancelled it was annulled on review: it is held again, and goes on where its award stands.
        act("restore", "art08.prize", [_D.CANCELLED], _D.SUSPENDED, GOVERNMENT, _ART02, offered=False, reopens=True),
    ),
    # A payment that is reported on after the end, or that comes back, is recorded: nobody is told to bring it about.
    ahead={
        _D.PAYABLE: "acknowledge",
        _D.ACKNOWLEDGED: "report_paid",
        _D.FAILED: "reissue",
        _D.RETURNED: "reissue",
        _D.UNORDERED: "reissue",
    },
    # The office corrects what the platform has taken over once it did not go through.
    aside={_D.ACKNOWLEDGED: "report_failed"},
    waits={_D.SUSPENDED: Reason.REVOCATION_PENDING},
)
