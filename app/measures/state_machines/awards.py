"""The state machines of an award and of its plaque (Arts. 2, 8, 22, 26, 28)."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, GOVERNMENT, OFFICE, State, StateMachine, act

_ART02 = "art02.decider"


class AwardState(State):
    """The states of an award."""

    APPROVED = "approved", "已审定", "Approved"
    CONFERRED = "conferred", "已授奖", "Conferred"
    WITHDRAWN = "withdrawn", "授奖前取消", "Withdrawn before the decree"
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
            follows="issue_decree",
        ),
        act(
            "withdraw_award",
            "art26.fraud",
            [AwardState.APPROVED],
            AwardState.WITHDRAWN,
            GOVERNMENT,
            _ART02,
            "art26.fraud",
        ),
        # With its application, at the organisation's own wish (Art. 3), also where the meeting is entered afterwards.
        act(
            "give_up",
            "art03.recommendation",
            [AwardState.APPROVED],
            AwardState.WITHDRAWN,
            (*APPLICANT, *OFFICE, *GOVERNMENT),
            offered=False,
        ),
        # The decree is of the day on which it withdrew, or of an earlier one, and is entered afterwards.
        act(
            "stand_again",
            "art03.recommendation",
            [AwardState.WITHDRAWN],
            AwardState.APPROVED,
            GOVERNMENT,
            offered=False,
            dated_back=True,
        ),
        # Which of Art. 26 and 28 was heard depends on the case; that one of them was is for `decide` below.
        act(
            "revoke",
            "art28.grounds",
            [AwardState.CONFERRED],
            AwardState.REVOKED,
            GOVERNMENT,
            _ART02,
            offered=False,
            follows="decide",
        ),
        # What turned out later stood against it on the day of its decree: it should not have been conferred.
        act(
            "take_back",
            "art22.approval",
            [AwardState.CONFERRED],
            AwardState.REVOKED,
            GOVERNMENT,
            _ART02,
            offered=False,
            follows="void_conferral",
        ),
        # The decision that revoked it was annulled on review, and no other stands.
        act(
            "reinstate",
            "art28.grounds",
            [AwardState.REVOKED],
            AwardState.CONFERRED,
            GOVERNMENT,
            _ART02,
            offered=False,
            follows="annul_revocation",
        ),
    ),
    ahead={AwardState.APPROVED: "confer"},
    # What comes to light after the decree is heard as a case.
    instead={("withdraw_award", AwardState.CONFERRED): "open_revocation"},
)


class PlaqueState(State):
    """The states of a plaque."""

    ORDERED = "ordered", "已订制", "Ordered"
    DELIVERED = "delivered", "已验收", "Delivered"
    HANDED_OVER = "handed_over", "已颁发", "Handed over"
    LOST = "lost", "已遗失或者损毁", "Lost or destroyed"
    RECOVERED = "recovered", "已收回", "Recovered"
    CANCELLED = "cancelled", "已作废", "Cancelled"


_P = PlaqueState
_ART22 = "art22.approval"
_ART26 = "art26.fraud"
_ART28 = "art28.grounds"

PLAQUE = StateMachine(
    "plaque",
    _P.names(),
    (_P.ORDERED,),
    (
        act("accept_plaque", _ART22, [_P.ORDERED], _P.DELIVERED, OFFICE),
        act("hand_over_plaque", _ART22, [_P.DELIVERED], _P.HANDED_OVER, OFFICE, _ART22),
        # Whoever has it, the office still or the winner; what is lost is ordered anew.
        act("report_plaque_lost", _ART22, [_P.DELIVERED, _P.HANDED_OVER], _P.LOST, OFFICE),
        act("cancel_plaque", _ART22, [_P.ORDERED, _P.DELIVERED], _P.CANCELLED, OFFICE),
        # Art. 28 demands no plaque: it is entered where the organisation hands it in. A lost one may turn up.
        act("take_plaque_back", _ART28, [_P.HANDED_OVER, _P.LOST], _P.RECOVERED, OFFICE, _ART28),
        # After a fraud it comes back with what is recovered; an entry that was wrong, or a review, leaves it out again.
        act(
            "recover_plaque",
            _ART26,
            [_P.HANDED_OVER, _P.LOST],
            _P.RECOVERED,
            OFFICE,
            offered=False,
            follows="record_recovery",
        ),
        act(
            "leave_plaque_out",
            _ART26,
            [_P.RECOVERED],
            _P.HANDED_OVER,
            OFFICE,
            offered=False,
            follows="withdraw_recovery_entry",
        ),
        # The award stands again, by a review.
        act("return_plaque", _ART22, [_P.RECOVERED], _P.HANDED_OVER, OFFICE, _ART22),
    ),
    ahead={_P.ORDERED: "accept_plaque", _P.DELIVERED: "hand_over_plaque"},
)
# Where there is one of these, no other is made.
IN_CIRCULATION = (PlaqueState.ORDERED, PlaqueState.DELIVERED, PlaqueState.HANDED_OVER)
