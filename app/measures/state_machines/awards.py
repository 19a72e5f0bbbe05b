"""The state machine of an award (Arts. 2, 22, 26, 28)."""

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
        # With its application, at the organisation's own wish (Art. 3).
        act(
            "give_up",
            "art03.recommendation",
            [AwardState.APPROVED],
            AwardState.WITHDRAWN,
            (*APPLICANT, *OFFICE),
            offered=False,
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
