"""The state machines of a review assignment and of its score sheet (Arts. 18, 19, 29, 30)."""

from __future__ import annotations

from app.measures.roles import Role
from app.measures.state_machines.machine import OFFICE, State, StateMachine, act

_REVIEWER = (Role.REVIEWER,)


class AssignmentState(State):
    """The states of a reviewer's place on the panel of an application."""

    ACTIVE = "active", "评审中", "Active"
    RECUSED = "recused", "已回避", "Recused"
    RELEASED = "released", "已解除", "Released"
    SET_ASIDE = "set_aside", "已作废", "Set aside"


ASSIGNMENT = StateMachine(
    "assignment",
    AssignmentState.names(),
    (AssignmentState.ACTIVE,),
    (
        act("release_reviewer", "art11.pool", [AssignmentState.ACTIVE], AssignmentState.RELEASED, OFFICE),
        # By the reviewer, by the office, or by a conflict of interest that either of them puts on record.
        act("recuse", "art29.recusal", [AssignmentState.ACTIVE], AssignmentState.RECUSED, (*OFFICE, *_REVIEWER)),
        act(
            "set_aside", "art30.misconduct", [AssignmentState.ACTIVE], AssignmentState.SET_ASIDE, OFFICE, offered=False
        ),
    ),
)


class SheetState(State):
    """The states of a score sheet."""

    DRAFT = "draft", "填写中", "Draft"
    SUBMITTED = "submitted", "已提交", "Submitted"
    SET_ASIDE = "set_aside", "已作废", "Set aside"


SCORE_SHEET = StateMachine(
    "score_sheet",
    SheetState.names(),
    (SheetState.DRAFT,),
    (
        act("edit_sheet", "art18.material", [SheetState.DRAFT], None, _REVIEWER),
        act("submit_sheet", "art18.material", [SheetState.DRAFT], SheetState.SUBMITTED, _REVIEWER),
        # With its assignment, whichever way that ends.
        act(
            "set_aside",
            "art30.misconduct",
            [SheetState.DRAFT, SheetState.SUBMITTED],
            SheetState.SET_ASIDE,
            (*OFFICE, *_REVIEWER),
            offered=False,
        ),
    ),
    ahead={SheetState.DRAFT: "submit_sheet"},
)
