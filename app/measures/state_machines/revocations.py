"""The state machines of a revocation and of what is recovered after it (Arts. 26, 28)."""

from __future__ import annotations

from app.measures.reasons import Reason
from app.measures.state_machines.machine import APPLICANT, GOVERNMENT, OFFICE, PLATFORM, State, StateMachine, act

_ART02 = "art02.decider"


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
        # With its files, and again where it has more to say, until the end of its time.
        act("make_statement", _TOGETHER, [_V.HEARING], None, APPLICANT),
        # On paper, which counts by its day of receipt, whenever it is entered.
        act("enter_statement", _TOGETHER, [_V.HEARING, _V.SUBMITTED], None, OFFICE),
        # Once the government has decided it is no part of the hearing: it is kept with the case, for its review.
        act("enter_statement_late", _TOGETHER, [_V.DECIDED], None, OFFICE),
        act("submit_revocation", _TOGETHER, [_V.HEARING], _V.SUBMITTED, OFFICE, _TOGETHER),
        act("decide", _ART02, [_V.SUBMITTED], _V.DECIDED, GOVERNMENT, _ART02, _TOGETHER),
        # Art. 26 prevails: a case of fraud that opens beside one under Art. 28 takes it over.
        act("take_over", _TOGETHER, [_V.HEARING, _V.SUBMITTED], _V.TAKEN_OVER, OFFICE, _TOGETHER, offered=False),
        # and when that one is over without a revocation it goes on, from its hearing.
        act(
            "revive_case",
            _TOGETHER,
            [_V.TAKEN_OVER],
            _V.HEARING,
            (*OFFICE, *GOVERNMENT),
            offered=False,
        ),
        act("withdraw_revocation", _TOGETHER, [_V.HEARING, _V.SUBMITTED], _V.WITHDRAWN, OFFICE),
        act("reject", _ART02, [_V.SUBMITTED], _V.REJECTED, GOVERNMENT, _ART02),
        act("publish_notice", "art28.grounds", [_V.DECIDED], None, OFFICE),
        act("annul_revocation", _ART02, [_V.DECIDED], _V.ANNULLED, GOVERNMENT, _ART02),
        # Where the public has read of the revocation it reads of its end.
        act("publish_annulment", "art28.grounds", [_V.ANNULLED], None, OFFICE),
    ),
    ahead={_V.HEARING: "submit_revocation", _V.SUBMITTED: "decide"},
    aside={_V.DECIDED: "annul_revocation"},
    instead={
        ("enter_statement", _V.DECIDED): "enter_statement_late",
        ("enter_statement_late", _V.HEARING): "enter_statement",
        ("enter_statement_late", _V.SUBMITTED): "enter_statement",
    },
    waits={_V.TAKEN_OVER: Reason.REVOCATION_PENDING},
)


class ConferralDoubtState(State):
    """The states of a doubt about a conferral: what turned out after the decree to have stood against it."""

    OPEN = "open", "待县政府决定", "For the government to decide"
    VOIDED = "voided", "授奖已撤回", "The conferral was taken back"
    UPHELD = "upheld", "授奖维持", "The conferral stands"
    LIFTED = "lifted", "已解除", "What it rested on was annulled on review"


_C, _ART22 = ConferralDoubtState, "art22.approval"

CONFERRAL_DOUBT = StateMachine(
    "conferral_doubt",
    _C.names(),
    (_C.OPEN,),
    (
        act("upload_withdrawal_letter", "art03.recommendation", [_C.OPEN], None, OFFICE),
        act("void_conferral", _ART22, [_C.OPEN], _C.VOIDED, GOVERNMENT, _ART02, _ART22),
        act("uphold_conferral", _ART22, [_C.OPEN], _C.UPHELD, GOVERNMENT, _ART02, _ART22),
        # The decision by which the legal person was excluded is as if it had never been.
        act("lift_doubt", _ART22, [_C.OPEN, _C.VOIDED], _C.LIFTED, GOVERNMENT, follows="annul_revocation"),
    ),
    ahead={_C.OPEN: "void_conferral"},
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
        # An entry was wrong: what it said had come back has not.
        act("withdraw_recovery_entry", "art26.fraud", [_R.OUTSTANDING, _R.RECOVERED], _R.OUTSTANDING, OFFICE),
        # Its decision was annulled on review, or the bank sent the prize back: what has not come back is not demanded,
        act(
            "lift_recovery",
            "art26.fraud",
            [_R.OUTSTANDING],
            _R.LIFTED,
            _LIFTERS,
            offered=False,
        ),
        # and what has come back, the whole or a part, is the organisation's again.
        act(
            "owe_back",
            "art26.fraud",
            [_R.OUTSTANDING, _R.RECOVERED],
            _R.OWED_BACK,
            _LIFTERS,
            follows="annul_revocation",
        ),
        act("give_back", "art26.fraud", [_R.OWED_BACK], _R.GIVEN_BACK, OFFICE),
    ),
    ahead={_R.OUTSTANDING: "record_recovery"},
    aside={_R.OUTSTANDING: "owe_back", _R.RECOVERED: "owe_back"},
)
