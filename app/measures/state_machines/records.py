"""The state machines of what is kept beside the procedure: files, adverse records, declarations of conflicts of
interest, records of cultivation, webhooks (Arts. 3, 12, 13, 16, 29). Their states follow from other columns."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import APPLICANT, OFFICE, UNIT, State, StateMachine, act


class AttachmentState(State):
    """The states of a file of an application."""

    PRESENT = "present", "有效", "Present"
    REMOVED = "removed", "已移除", "Removed"


ATTACHMENT = StateMachine(
    "attachment",
    AttachmentState.names(),
    (AttachmentState.PRESENT,),
    (act("remove_attachment", "art16.call", [AttachmentState.PRESENT], AttachmentState.REMOVED, APPLICANT),),
)


class AdverseRecordState(State):
    """The states of an adverse record."""

    OPEN = "open", "待认定", "Open"
    REPLIED = "replied", "已陈述意见", "Replied to"
    CONFIRMED = "confirmed", "已认定", "Confirmed"
    DENIED = "denied", "不予认定", "Denied"


_RULE = "art13.6.record"

ADVERSE_RECORD = StateMachine(
    "adverse_record",
    AdverseRecordState.names(),
    (AdverseRecordState.OPEN,),
    (
        act("reply_to_adverse_record", _RULE, [AdverseRecordState.OPEN], AdverseRecordState.REPLIED, APPLICANT),
        # Until the list is confirmed a decision may be replaced.
        act("confirm_adverse_record", _RULE, AdverseRecordState, AdverseRecordState.CONFIRMED, OFFICE, _RULE),
        act("deny_adverse_record", _RULE, AdverseRecordState, AdverseRecordState.DENIED, OFFICE, _RULE),
    ),
)


class WebhookState(State):
    """The states of a unit's webhook."""

    ACTIVE = "active", "启用", "Active"
    DEACTIVATED = "deactivated", "停用", "Deactivated"


class WebhookEnd(StrEnum):
    """Why a webhook is deactivated: its unit wished so, deliveries kept failing, or the receiver said that it is gone
    for good."""

    BY_UNIT = "by_unit"
    FAILURES = "failures"
    GONE = "gone"


WEBHOOK = StateMachine(
    "webhook",
    WebhookState.names(),
    (WebhookState.ACTIVE,),
    (
        act("deactivate_webhook", "art03.recommendation", [WebhookState.ACTIVE], WebhookState.DEACTIVATED, UNIT),
        act("activate_webhook", "art03.recommendation", [WebhookState.DEACTIVATED], WebhookState.ACTIVE, UNIT),
    ),
)


class KeptState(State):
    """The states of a declaration or a record that may be taken back: it stays to be read."""

    RECORDED = "recorded", "已登记", "Recorded"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


_K = KeptState

CONFLICT_DECLARATION = StateMachine(
    "conflict_declaration",
    _K.names(),
    (_K.RECORDED,),
    (act("withdraw_conflict_declaration", "art29.recusal", [_K.RECORDED], _K.WITHDRAWN, OFFICE),),
)

CULTIVATION_RECORD = StateMachine(
    "cultivation_record",
    _K.names(),
    (_K.RECORDED,),
    (act("withdraw_cultivation", "art12.cultivation", [_K.RECORDED], _K.WITHDRAWN, UNIT),),
)
