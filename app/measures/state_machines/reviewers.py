"""The state machines of a reviewer and of a declared conflict of interest (Arts. 11, 29, 30)."""

from __future__ import annotations

from app.measures.state_machines.machine import OFFICE, KeptState, State, StateMachine, act

_K = KeptState


class ReviewerState(State):
    """The states of an expert of the pool."""

    ACTIVE = "active", "在库", "In the pool"
    SUSPENDED = "suspended", "暂停", "Suspended"
    DISQUALIFIED = "disqualified", "已取消资格", "Disqualified"


_IN_THE_POOL = (ReviewerState.ACTIVE, ReviewerState.SUSPENDED)


REVIEWER = StateMachine(
    "reviewer",
    ReviewerState.names(),
    (ReviewerState.ACTIVE,),
    (
        act("revise_reviewer", "art11.pool", _IN_THE_POOL, None, OFFICE),
        act("suspend_reviewer", "art11.pool", [ReviewerState.ACTIVE], ReviewerState.SUSPENDED, OFFICE),
        act("reinstate_reviewer", "art11.pool", [ReviewerState.SUSPENDED], ReviewerState.ACTIVE, OFFICE),
        act("disqualify_reviewer", "art30.misconduct", _IN_THE_POOL, ReviewerState.DISQUALIFIED, OFFICE),
    ),
)


CONFLICT_DECLARATION = StateMachine(
    "conflict_declaration",
    _K.names(),
    (_K.RECORDED,),
    (act("withdraw_conflict_declaration", "art29.recusal", [_K.RECORDED], _K.WITHDRAWN, OFFICE),),
)
