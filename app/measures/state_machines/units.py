"""The state machine of a record of cultivation, which a recommending unit keeps (Art. 12)."""

from __future__ import annotations

from app.measures.state_machines.machine import UNIT, KeptState, StateMachine, act

_K = KeptState

CULTIVATION_RECORD = StateMachine(
    "cultivation_record",
    _K.names(),
    (_K.RECORDED,),
    (act("withdraw_cultivation", "art12.cultivation", [_K.RECORDED], _K.WITHDRAWN, UNIT),),
)
