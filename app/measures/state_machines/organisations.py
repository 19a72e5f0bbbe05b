"""The state machines of an organisation's registration, of a claim to it, and of the legal person itself
(Art. 13(1))."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, OFFICE, UNIT, State, StateMachine, act

_RULE = "art13.1.identity"


class OrganisationState(State):
    """The states of an organisation's registration."""

    UNVERIFIED = "unverified", "待核实", "Unverified"
    VERIFIED = "verified", "已核实", "Verified"
    # What a document was compared with has changed: it is compared again before anything else binds.
    CHANGED = "changed", "核实后有变更", "Changed since it was verified"
    SUPERSEDED = "superseded", "已被取代", "Superseded"


_O = OrganisationState

ORGANISATION = StateMachine(
    "organisation",
    _O.names(),
    (_O.UNVERIFIED,),
    (
        act("verify_organisation", _RULE, [_O.UNVERIFIED, _O.CHANGED], _O.VERIFIED, [*OFFICE, *UNIT], _RULE),
        act("reopen_verification", _RULE, [_O.VERIFIED], _O.CHANGED, [*APPLICANT, *OFFICE], reopens=True),
        # Another registration of its code stands in its place, once a claim is decided.
        act("supersede_organisation", _RULE, [_O.UNVERIFIED], _O.SUPERSEDED, OFFICE, reopens=True),
    ),
    ahead={_O.UNVERIFIED: "verify_organisation"},
)
# Somebody has verified them, at least once: of a code there is one of these.
EVER_VERIFIED_STATES = frozenset([_O.VERIFIED, _O.CHANGED])


class RegistrationClaimState(State):
    """The states of a claim to a credit code that is registered already."""

    OPEN = "open", "待举证", "Evidence awaited"
    EVIDENCED = "evidenced", "待决定", "To be decided"
    UPHELD = "upheld", "主张成立", "Upheld"
    DISMISSED = "dismissed", "主张不成立", "Dismissed"


_C = RegistrationClaimState
_OPEN = [_C.OPEN, _C.EVIDENCED]

REGISTRATION_CLAIM = StateMachine(
    "registration_claim",
    _C.names(),
    # With its evidence, where that comes with the registration.
    (_C.OPEN, _C.EVIDENCED),
    (
        act("hand_in_claim_evidence", _RULE, _OPEN, _C.EVIDENCED, APPLICANT),
        act("reply_to_claim", _RULE, _OPEN, None, APPLICANT),
        act("uphold_claim", _RULE, [_C.EVIDENCED], _C.UPHELD, OFFICE, _RULE),
        act("dismiss_claim", _RULE, _OPEN, _C.DISMISSED, OFFICE, _RULE),
    ),
    ahead={_C.OPEN: "hand_in_claim_evidence"},
)
OPEN_CLAIM_STATES = frozenset(_OPEN)


class LegalPersonState(State):
    """Whether the legal person exists, however its registration stands."""

    EXISTING = "existing", "存续", "Existing"
    DISSOLVED = "dissolved", "已注销", "Dissolved"


_L = LegalPersonState
_LEGAL_PERSON = "art13.1.legal_person"

LEGAL_PERSON = StateMachine(
    "legal_person",
    _L.names(),
    (_L.EXISTING,),
    (
        # Recorded again, the later record holds.
        act("record_dissolution", _LEGAL_PERSON, list(_L), _L.DISSOLVED, [*APPLICANT, *OFFICE], _LEGAL_PERSON),
        act("withdraw_dissolution", _LEGAL_PERSON, [_L.DISSOLVED], _L.EXISTING, OFFICE, _LEGAL_PERSON),
    ),
)
