"""The state machines of an award, its prize and its revocation (Arts. 8, 9, 22, 26, 28)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import GOVERNMENT, OFFICE, PLATFORM, StateMachine, act
from app.measures.text import Text


class AwardState(StrEnum):
    """The states of a award."""

    APPROVED = "approved"
    CONFERRED = "conferred"
    STRUCK = "withdrawn"
    REVOKED = "revoked"


AWARD = StateMachine(
    "award",
    {
        AwardState.APPROVED: Text("已审定", "Approved"),
        AwardState.CONFERRED: Text("已授奖", "Conferred"),
        AwardState.STRUCK: Text("授奖前取消", "Withdrawn before the decree"),
        AwardState.REVOKED: Text("已撤销", "Revoked"),
    },
    (AwardState.APPROVED,),
    (
        act(
            "confer",
            "art22.approval",
            [AwardState.APPROVED],
            AwardState.CONFERRED,
            GOVERNMENT,
            "art02.decider",
            "art08.prize",
            "art22.approval",
        ),
        act(
            "withdraw_award",
            "art26.fraud",
            [AwardState.APPROVED],
            AwardState.STRUCK,
            GOVERNMENT,
            "art02.decider",
            "art26.fraud",
        ),
        # Which of Art. 26 and 28 was heard depends on the case; that one of them was is for `decide` below.
        act("revoke", "art28.grounds", [AwardState.CONFERRED], AwardState.REVOKED, GOVERNMENT, "art02.decider"),
    ),
)


class DisbursementState(StrEnum):
    """The states of a disbursement."""

    PAYABLE = "payable"
    ACKNOWLEDGED = "acknowledged"
    PAID = "paid"
    FAILED = "failed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


DISBURSEMENT = StateMachine(
    "disbursement",
    {
        DisbursementState.PAYABLE: Text("可拨付", "Payable"),
        DisbursementState.ACKNOWLEDGED: Text("平台已接收", "Acknowledged by the platform"),
        DisbursementState.PAID: Text("已拨付", "Paid"),
        DisbursementState.FAILED: Text("拨付失败", "Failed"),
        DisbursementState.SUSPENDED: Text("暂停拨付", "Suspended"),
        DisbursementState.CANCELLED: Text("已取消", "Cancelled"),
    },
    (DisbursementState.PAYABLE,),
    (
        act(
            "acknowledge",
            "art09.disbursement",
            [DisbursementState.PAYABLE],
            DisbursementState.ACKNOWLEDGED,
            PLATFORM,
            "art09.disbursement",
        ),
        # Money that has left is recorded whatever was decided meanwhile; the recovery follows from it.
        act(
            "report_paid",
            "art09.disbursement",
            [DisbursementState.ACKNOWLEDGED, DisbursementState.SUSPENDED, DisbursementState.CANCELLED],
            DisbursementState.PAID,
            PLATFORM,
            "art09.disbursement",
        ),
        act(
            "report_failed",
            "art09.disbursement",
            [DisbursementState.ACKNOWLEDGED],
            DisbursementState.FAILED,
            PLATFORM,
            "art09.disbursement",
        ),
        # The same report while the prize is held or cancelled: it is kept, and the prize stays as it is.
        act(
            "note_failure",
            "art09.disbursement",
            [DisbursementState.SUSPENDED, DisbursementState.CANCELLED],
            None,
            PLATFORM,
            "art09.disbursement",
        ),
        act(
            "reissue",
            "art09.disbursement",
            [DisbursementState.FAILED],
            DisbursementState.PAYABLE,
            OFFICE,
            "art09.disbursement",
        ),
        # Held back while a case of revocation is open: the office submits it, the government may decide it later.
        act(
            "suspend",
            "art09.disbursement",
            [DisbursementState.PAYABLE, DisbursementState.ACKNOWLEDGED, DisbursementState.FAILED],
            DisbursementState.SUSPENDED,
            (*OFFICE, *GOVERNMENT),
        ),
        act(
            "resume",
            "art09.disbursement",
            [DisbursementState.SUSPENDED],
            DisbursementState.PAYABLE,
            GOVERNMENT,
            "art02.decider",
            "art09.disbursement",
        ),
        # What the platform has taken over and not reported on may be on its way: it goes on as the same attempt.
        act(
            "resume_taken",
            "art09.disbursement",
            [DisbursementState.SUSPENDED],
            DisbursementState.ACKNOWLEDGED,
            GOVERNMENT,
            "art02.decider",
            "art09.disbursement",
        ),
        act(
            "cancel",
            "art08.prize",
            [
                DisbursementState.PAYABLE,
                DisbursementState.ACKNOWLEDGED,
                DisbursementState.FAILED,
                DisbursementState.SUSPENDED,
            ],
            DisbursementState.CANCELLED,
            GOVERNMENT,
            "art02.decider",
            "art08.prize",
        ),
    ),
)


class RevocationState(StrEnum):
    """The states of a revocation."""

    SUBMITTED = "submitted"
    DECIDED = "decided"
    REJECTED = "rejected"


REVOCATION = StateMachine(
    "revocation",
    {
        RevocationState.SUBMITTED: Text("已提请", "Submitted to the government"),
        RevocationState.DECIDED: Text("已决定撤销", "Decided"),
        RevocationState.REJECTED: Text("不予撤销", "Rejected"),
    },
    (RevocationState.SUBMITTED,),
    (
        act(
            "decide",
            "art02.decider",
            [RevocationState.SUBMITTED],
            RevocationState.DECIDED,
            GOVERNMENT,
            "art02.decider",
            "art26_28.together",
        ),
        act(
            "reject",
            "art02.decider",
            [RevocationState.SUBMITTED],
            RevocationState.REJECTED,
            GOVERNMENT,
            "art02.decider",
        ),
        act("publish_notice", "art28.grounds", [RevocationState.DECIDED], None, OFFICE),
    ),
)


class RecoveryState(StrEnum):
    """The states of what is to be recovered after a fraud."""

    OUTSTANDING = "outstanding"
    RECOVERED = "recovered"


RECOVERY = StateMachine(
    "recovery",
    {
        RecoveryState.OUTSTANDING: Text("未追回", "Outstanding"),
        RecoveryState.RECOVERED: Text("已追回", "Recovered"),
    },
    (RecoveryState.OUTSTANDING,),
    (
        act("record_recovery_in_part", "art26.fraud", [RecoveryState.OUTSTANDING], None, OFFICE),
        act("record_recovery", "art26.fraud", [RecoveryState.OUTSTANDING], RecoveryState.RECOVERED, OFFICE),
    ),
)
