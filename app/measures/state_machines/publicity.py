"""The state machines of a name on the candidate list and of an objection to it (Art. 21)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import OFFICE, StateMachine, act
from app.measures.text import Text


class ObjectionState(StrEnum):
    """The states of a objection."""

    RECEIVED = "received"
    UNDER_VERIFICATION = "under_verification"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    INFORMAL = "informal"
    ANSWERED = "answered"


OBJECTION = StateMachine(
    "objection",
    {
        ObjectionState.RECEIVED: Text("已受理", "Received"),
        ObjectionState.UNDER_VERIFICATION: Text("核实中", "Under verification"),
        ObjectionState.UPHELD: Text("异议成立", "Upheld"),
        ObjectionState.DISMISSED: Text("异议不成立", "Dismissed"),
        ObjectionState.INFORMAL: Text("线索", "Kept as an informal objection"),
        ObjectionState.ANSWERED: Text("线索已处理", "Informal objection closed"),
    },
    (
        ObjectionState.RECEIVED,
        ObjectionState.INFORMAL,
    ),
    (
        act(
            "start_verification",
            "art21.objections",
            [ObjectionState.RECEIVED],
            ObjectionState.UNDER_VERIFICATION,
            OFFICE,
        ),
        act(
            "uphold",
            "art21.objections",
            [ObjectionState.UNDER_VERIFICATION],
            ObjectionState.UPHELD,
            OFFICE,
            "art21.objections",
        ),
        act(
            "dismiss",
            "art21.objections",
            [ObjectionState.UNDER_VERIFICATION],
            ObjectionState.DISMISSED,
            OFFICE,
            "art21.objections",
        ),
        act(
            "close_informal_objection",
            "art21.objections",
            [ObjectionState.INFORMAL],
            ObjectionState.ANSWERED,
            OFFICE,
            "art21.objections",
        ),
    ),
)


class CandidateState(StrEnum):
    """The states of a name on the candidate list."""

    LISTED = "listed"
    REMOVED = "removed"


CANDIDATE = StateMachine(
    "candidate",
    {
        CandidateState.LISTED: Text("在候选名单上", "On the candidate list"),
        CandidateState.REMOVED: Text("已移出候选名单", "Off the candidate list"),
    },
    (CandidateState.LISTED,),
    (
        # By its own decision, by an objection that is upheld, or with its application.
        act("take_off", "art10.proposes", [CandidateState.LISTED], CandidateState.REMOVED, OFFICE),
    ),
)
