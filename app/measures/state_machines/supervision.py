"""The state machines of what follows an award: visits, misuse of the title, reports of marks (Arts. 23, 27, 31)."""

from __future__ import annotations

from app.measures.state_machines.machine import OFFICE, State, StateMachine, act


class VisitState(State):
    """The states of a visit to a winner."""

    PLANNED = "planned", "已计划", "Planned"
    MADE = "made", "已巡访", "Made"
    CANCELLED = "cancelled", "已取消", "Cancelled"


VISIT = StateMachine(
    "visit",
    VisitState.names(),
    (VisitState.PLANNED,),
    (
        act("record_visit", "art27.visits", [VisitState.PLANNED], VisitState.MADE, OFFICE, "art27.visits"),
        act("cancel_visit", "art27.visits", [VisitState.PLANNED], VisitState.CANCELLED, OFFICE),
    ),
)


class MisuseState(State):
    """The states of a misuse of the title."""

    ORDERED = "ordered", "已责令改正", "Correction ordered"
    CORRECTED = "corrected", "已改正", "Corrected"


TITLE_MISUSE = StateMachine(
    "title_misuse",
    MisuseState.names(),
    (MisuseState.ORDERED,),
    (act("record_correction", "art23.title_use", [MisuseState.ORDERED], MisuseState.CORRECTED, OFFICE),),
)


class MarkReportState(State):
    """The states of a report of a forged or misused mark."""

    RECEIVED = "received", "已收到", "Received"
    FOLLOWED_UP = "followed_up", "已处理", "Followed up"


_ART31 = "art31.exclusive"

MARK_REPORT = StateMachine(
    "mark_report",
    MarkReportState.names(),
    (MarkReportState.RECEIVED,),
    (
        # Also of one that is followed up: whoever asks for it again later needs somebody who may read it.
        act("assign_report_investigator", _ART31, MarkReportState, None, OFFICE, _ART31),
        act("recuse_report_investigator", _ART31, [MarkReportState.RECEIVED], None, OFFICE, _ART31),
        act("summarise_mark_report", _ART31, [MarkReportState.RECEIVED], None, OFFICE, _ART31),
        act("follow_up_mark_report", _ART31, [MarkReportState.RECEIVED], MarkReportState.FOLLOWED_UP, OFFICE, _ART31),
    ),
)
