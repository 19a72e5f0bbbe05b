"""The state machines of what follows an award: visits, misuse of the title, reports of marks (Arts. 23, 27, 31)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import OFFICE, StateMachine, act
from app.measures.text import Text


class VisitState(StrEnum):
    """The states of a visit to a winner."""

    PLANNED = "planned"
    MADE = "made"
    CANCELLED = "cancelled"


VISIT = StateMachine(
    "visit",
    {
        VisitState.PLANNED: Text("已计划", "Planned"),
        VisitState.MADE: Text("已巡访", "Made"),
        VisitState.CANCELLED: Text("已取消", "Cancelled"),
    },
    (VisitState.PLANNED,),
    (
        act("record_visit", "art27.visits", [VisitState.PLANNED], VisitState.MADE, OFFICE, "art27.visits"),
        act("cancel_visit", "art27.visits", [VisitState.PLANNED], VisitState.CANCELLED, OFFICE),
    ),
)


class MisuseState(StrEnum):
    """The states of a misuse of the title."""

    ORDERED = "ordered"
    CORRECTED = "corrected"


TITLE_MISUSE = StateMachine(
    "title_misuse",
    {
        MisuseState.ORDERED: Text("已责令改正", "Correction ordered"),
        MisuseState.CORRECTED: Text("已改正", "Corrected"),
    },
    (MisuseState.ORDERED,),
    (act("record_correction", "art23.title_use", [MisuseState.ORDERED], MisuseState.CORRECTED, OFFICE),),
)


class MarkReportState(StrEnum):
    """The states of a report of a forged or misused mark."""

    RECEIVED = "received"
    FOLLOWED_UP = "followed_up"


MARK_REPORT = StateMachine(
    "mark_report",
    {
        MarkReportState.RECEIVED: Text("已收到", "Received"),
        MarkReportState.FOLLOWED_UP: Text("已处理", "Followed up"),
    },
    (MarkReportState.RECEIVED,),
    (
        act(
            "follow_up_mark_report",
            "art31.exclusive",
            [MarkReportState.RECEIVED],
            MarkReportState.FOLLOWED_UP,
            OFFICE,
        ),
    ),
)
