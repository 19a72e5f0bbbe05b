"""The state machine of an account (Art. 2): who signs in, and who does so no more."""

from __future__ import annotations

from app.measures.state_machines.machine import KEEPERS, OFFICE, State, StateMachine, act

_ART02, _ART13 = "art02.decider", "art13.1.identity"


class AccountState(State):
    """The states of an account."""

    ACTIVE = "active", "启用", "Active"
    DEACTIVATED = "deactivated", "停用", "Deactivated"
    # Its organisation was moved to the rightful owner (Art. 13(1)).
    DISPLACED = "displaced", "因组织归属变更停用", "Displaced with its organisation"


_A = AccountState

ACCOUNT = StateMachine(
    "account",
    _A.names(),
    (_A.ACTIVE,),
    (
        act("deactivate_account", _ART02, [_A.ACTIVE], _A.DEACTIVATED, KEEPERS, operator=True),
        # Of one that was displaced, the rule refuses it.
        act("activate_account", _ART02, [_A.DEACTIVATED, _A.DISPLACED], _A.ACTIVE, KEEPERS, _ART13, operator=True),
        act("displace_account", _ART13, [_A.ACTIVE, _A.DEACTIVATED], _A.DISPLACED, OFFICE, offered=False),
    ),
)
