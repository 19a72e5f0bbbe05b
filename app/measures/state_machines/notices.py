"""The state machine of a medium of the register (Art. 21)."""

from __future__ import annotations

from app.measures.state_machines.machine import OFFICE, State, StateMachine, act


class MediumState(State):
    """The states of an entry of the register of media."""

    LISTED = "listed", "在册", "In the register"
    ENDED = "ended", "已停用", "Ended"


MEDIUM = StateMachine(
    "medium",
    MediumState.names(),
    (MediumState.LISTED,),
    # What it published before stays a publication; a medium that begins again is registered anew.
    (act("end_medium", "art21.publicity", [MediumState.LISTED], MediumState.ENDED, OFFICE, "art21.publicity"),),
)
