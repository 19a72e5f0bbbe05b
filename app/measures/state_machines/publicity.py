"""The state machine of a name on the candidate list (Arts. 10, 21)."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, GOVERNMENT, OFFICE, State, StateMachine, act


class CandidateState(State):
    """The states of a name on the candidate list."""

    LISTED = "listed", "在候选名单上", "On the candidate list"
    REMOVED = "removed", "已移出候选名单", "Off the candidate list"


CANDIDATE = StateMachine(
    "candidate",
    CandidateState.names(),
    (CandidateState.LISTED,),
    (
        # By its own decision, by an objection that is upheld, with its application, which an applicant may withdraw, or
        # as the government does not approve it or withdraws it.
        act(
            "take_off",
            "art10.proposes",
            [CandidateState.LISTED],
            CandidateState.REMOVED,
            (*OFFICE, *APPLICANT, *GOVERNMENT),
            offered=False,
        ),
        # A decree of an earlier day, or of that of its withdrawal, is entered after it.
        act(
            "stand_again",
            "art03.recommendation",
            [CandidateState.REMOVED],
            CandidateState.LISTED,
            GOVERNMENT,
            offered=False,
            dated_back=True,
        ),
    ),
)
