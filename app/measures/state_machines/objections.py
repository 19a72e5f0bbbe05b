"""The state machine of an objection (Art. 21)."""

from __future__ import annotations

from app.measures.state_machines.machine import OFFICE, PUBLIC, State, StateMachine, act


class ObjectionState(State):
    """The states of an objection."""

    RECEIVED = "received", "已受理", "Received"
    UNDER_VERIFICATION = "under_verification", "核实中", "Under verification"
    UPHELD = "upheld", "异议成立", "Upheld"
    DISMISSED = "dismissed", "异议不成立", "Dismissed"
    INADMISSIBLE = "inadmissible", "异议不予受理", "Inadmissible"
    INFORMAL = "informal", "线索", "Kept as an informal objection"
    ANSWERED = "answered", "线索已处理", "Informal objection closed"


_O, _ART21 = ObjectionState, "art21.objections"
# Not closed yet, formal or informal.
_OPEN = (_O.RECEIVED, _O.UNDER_VERIFICATION, _O.INFORMAL)

OBJECTION = StateMachine(
    "objection",
    _O.names(),
    (
        _O.RECEIVED,
        _O.INFORMAL,
    ),
    (
        # Also of a closed case: whoever asks for it again later needs somebody who may read it.
        act("assign_investigator", _ART21, _O, None, OFFICE, _ART21),
        act("recuse_investigator", _ART21, _OPEN, None, OFFICE, _ART21),
        act("summarise_objection", _ART21, _OPEN, None, OFFICE, _ART21),
        act("upload_objection_file", _ART21, _OPEN, None, OFFICE),
        # By whoever holds the tracking code.
        act("add_evidence", _ART21, _OPEN, None, PUBLIC),
        act("start_verification", _ART21, [_O.RECEIVED], _O.UNDER_VERIFICATION, OFFICE, _ART21),
        act("uphold", _ART21, [_O.UNDER_VERIFICATION], _O.UPHELD, OFFICE, _ART21),
        act("dismiss", _ART21, [_O.UNDER_VERIFICATION], _O.DISMISSED, OFFICE, _ART21),
        act(
            "find_inadmissible",
            _ART21,
            [_O.RECEIVED, _O.UNDER_VERIFICATION],
            _O.INADMISSIBLE,
            OFFICE,
            _ART21,
        ),
        # Whether it has a name and states something is a person's to say: a list of words is a hint.
        act("find_formal", _ART21, [_O.INFORMAL], _O.RECEIVED, OFFICE, _ART21),
        # Its scan was all that a letter lacked.
        act("complete_letter", _ART21, [_O.INFORMAL], _O.RECEIVED, OFFICE, _ART21, offered=False),
        act("find_informal", _ART21, [_O.RECEIVED, _O.UNDER_VERIFICATION], _O.INFORMAL, OFFICE, _ART21),
        act("close_informal_objection", _ART21, [_O.INFORMAL], _O.ANSWERED, OFFICE, _ART21),
    ),
    ahead={_O.RECEIVED: "start_verification"},
    # An informal one is not upheld or dismissed: whoever sent it is answered.
    instead={
        (name, _O.INFORMAL): "close_informal_objection"
        for name in ("start_verification", "uphold", "dismiss", "find_inadmissible")
    },
)
