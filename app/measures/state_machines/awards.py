"""The state machines of an award, its prize and its revocation (Arts. 8, 9, 22, 26, 28)."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, GOVERNMENT, OFFICE, PLATFORM, State, StateMachine, act

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
            offered=False,
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
        # With its application, at the organisation's own wish (Art. 3).
        act("give_up", "art03.recommendation", [AwardState.APPROVED], AwardState.STRUCK, APPLICANT, offered=False),
        # Which of Art. 26 and 28 was heard depends on the case; that one of them was is for `decide` below.
        act("revoke", "art28.grounds", [AwardState.CONFERRED], AwardState.REVOKED, GOVERNMENT, _ART02, offered=False),
        # The decision that revoked it was annulled on review, and no other stands.
        act(
            "reinstate", "art28.grounds", [AwardState.REVOKED], AwardState.CONFERRED, GOVERNMENT, _ART02, offered=False
        ),
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
        act("reissue", _ART09, [_D.PAYABLE, _D.FAILED, _D.RETURNED, _D.UNORDERED], _D.PAYABLE, OFFICE, _ART09),
        # Held back while a case of revocation is open: the office opens it, the government may decide it later.
        act("suspend", _ART09, _UNPAID, _D.SUSPENDED, (*OFFICE, *GOVERNMENT), offered=False),
        # What was held goes on with the decision on its case, or as the office withdraws it: as a new attempt where
        # nobody had taken it over,
        act("resume", _ART09, [_D.SUSPENDED], _D.PAYABLE, _HOLDERS, _ART09, offered=False),
        # as the same attempt where the platform has taken it over and not reported on: it may be on its way,
        act("resume_taken", _ART09, [_D.SUSPENDED], _D.ACKNOWLEDGED, _HOLDERS, _ART09, offered=False),
        # and never by itself to an account from which the money came back, or to which it could not go.
        act("resume_failed", _ART09, [_D.SUSPENDED], _D.FAILED, _HOLDERS, _ART09, offered=False),
        act("resume_returned", _ART09, [_D.SUSPENDED], _D.RETURNED, _HOLDERS, _ART09, offered=False),
        act("resume_unordered", _ART09, [_D.SUSPENDED], _D.UNORDERED, _HOLDERS, _ART09, offered=False),
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
)


class RevocationState(State):
    """The states of a revocation."""

    HEARING = "hearing", "听取陈述", "The organisation is being heard"
    SUBMITTED = "submitted", "已提请", "Submitted to the government"
    DECIDED = "decided", "已决定撤销", "Decided"
    REJECTED = "rejected", "不予撤销", "Rejected"
    TAKEN_OVER = "taken_over", "已由第二十六条案件接管", "Taken over by a case of fraud"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn by the office"
    ANNULLED = "annulled", "撤销决定已被复议撤销", "Decision annulled on review"


_V = RevocationState
_TOGETHER = "art26_28.together"

REVOCATION = StateMachine(
    "revocation",
    _V.names(),
    (_V.HEARING,),
    (
        # Once, with its files, until the end of its time.
        act("make_statement", _TOGETHER, [_V.HEARING], None, APPLICANT),
        act("submit_revocation", _TOGETHER, [_V.HEARING], _V.SUBMITTED, OFFICE, _TOGETHER),
        act("decide", _ART02, [_V.SUBMITTED], _V.DECIDED, GOVERNMENT, _ART02, _TOGETHER),
        # Art. 26 prevails: a case of fraud that opens beside one under Art. 28 takes it over.
        act("take_over", _TOGETHER, [_V.HEARING, _V.SUBMITTED], _V.TAKEN_OVER, OFFICE, _TOGETHER, offered=False),
        act("withdraw_revocation", _TOGETHER, [_V.HEARING, _V.SUBMITTED], _V.WITHDRAWN, OFFICE),
        act("reject", _ART02, [_V.SUBMITTED], _V.REJECTED, GOVERNMENT, _ART02),
        act("publish_notice", "art28.grounds", [_V.DECIDED], None, OFFICE),
        act("annul_revocation", _ART02, [_V.DECIDED], _V.ANNULLED, GOVERNMENT, _ART02),
    ),
)


class RecoveryState(State):
    """The states of what is to be recovered after a fraud."""

    OUTSTANDING = "outstanding", "未追回", "Outstanding"
    RECOVERED = "recovered", "已追回", "Recovered"
    LIFTED = "lifted", "不再追缴", "No longer to be recovered"
    OWED_BACK = "owed_back", "应退还", "To be given back"
    GIVEN_BACK = "given_back", "已退还", "Given back"


_R = RecoveryState
_LIFTERS = (*GOVERNMENT, *PLATFORM)

RECOVERY = StateMachine(
    "recovery",
    _R.names(),
    (_R.OUTSTANDING,),
    (
        act("record_recovery_in_part", "art26.fraud", [_R.OUTSTANDING], None, OFFICE),
        act("record_recovery", "art26.fraud", [_R.OUTSTANDING], _R.RECOVERED, OFFICE),
        # Its decision was annulled on review, or the bank sent the prize back: what has not come back is not demanded,
        act("lift_recovery", "art26.fraud", [_R.OUTSTANDING], _R.LIFTED, _LIFTERS, offered=False),
        # and what has come back, the whole or a part, is the organisation's again.
        act(
            "owe_back",
            "art26.fraud",
            [_R.OUTSTANDING, _R.RECOVERED],
            _R.OWED_BACK,
            _LIFTERS,
            offered=False,
        ),
        act("give_back", "art26.fraud", [_R.OWED_BACK], _R.GIVEN_BACK, OFFICE),
    ),
)
