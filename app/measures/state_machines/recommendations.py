"""The state machines of a recommendation and of a unit's webhooks, which tell of its recommendations (Arts. 3, 12)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import APPLICANT, OFFICE, UNIT, State, StateMachine, act

_ART03, _ART16 = "art03.recommendation", "art16.call"


class RecommendationState(State):
    """The states of a recommendation."""

    REQUESTED = "requested", "待推荐", "Requested"
    ENDORSED = "endorsed", "同意推荐", "Endorsed"
    DECLINED = "declined", "不予推荐", "Declined"
    RETURNED = "returned", "退回修改", "Returned for correction"
    LAPSED = "lapsed", "已失效", "Lapsed"


_R = RecommendationState


RECOMMENDATION = StateMachine(
    "recommendation",
    _R.names(),
    (_R.REQUESTED,),
    (
        act("endorse", _ART03, [_R.REQUESTED], _R.ENDORSED, UNIT, _ART03, "art12.jurisdiction", _ART16),
        act("decline", _ART03, [_R.REQUESTED], _R.DECLINED, UNIT, _ART03),
        act("return_for_correction", _ART03, [_R.REQUESTED], _R.RETURNED, UNIT, _ART03),
        # Where the round's rules ask for it: the competent department's, beside the township's.
        act("endorse_for_county", _ART03, [_R.ENDORSED], _R.ENDORSED, UNIT, _ART16),
        # A no of the department's: the application has no recommendation that the round takes.
        act("decline_for_county", _ART03, [_R.ENDORSED], _R.DECLINED, UNIT),
        act("lapse", _ART03, [_R.REQUESTED, _R.ENDORSED], _R.LAPSED, [*APPLICANT, *OFFICE], offered=False),
    ),
    ahead={_R.REQUESTED: "endorse"},
)


class WebhookState(State):
    """The states of a unit's webhook."""

    ACTIVE = "active", "启用", "Active"
    DEACTIVATED = "deactivated", "停用", "Deactivated"


class WebhookEnd(StrEnum):
    """Why a webhook is deactivated: its unit wished so, deliveries kept failing, or the receiver said that it is gone
    for good."""

    BY_RECOMMENDING_UNIT = "by_unit"
    FAILURES = "failures"
    GONE = "gone"


WEBHOOK = StateMachine(
    "webhook",
    WebhookState.names(),
    (WebhookState.ACTIVE,),
    (
        act("deactivate_webhook", "art03.recommendation", [WebhookState.ACTIVE], WebhookState.DEACTIVATED, UNIT),
        # By the service itself, for what the endpoint answers.
        act(
            "give_up_webhook",
            "art03.recommendation",
            [WebhookState.ACTIVE],
            WebhookState.DEACTIVATED,
            (),
            offered=False,
            operator=True,
        ),
        act("activate_webhook", "art03.recommendation", [WebhookState.DEACTIVATED], WebhookState.ACTIVE, UNIT),
    ),
)
