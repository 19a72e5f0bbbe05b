"""The state machine of a round."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import ELIGIBILITY, GOVERNMENT, OFFICE, StateMachine, act
from app.measures.text import Text


class RoundState(StrEnum):
    """The states of a round."""

    DRAFT = "draft"
    CALLED = "called"
    QUALIFIED = "qualified"
    ONSITE = "onsite"
    EVALUATED = "evaluated"
    DELIBERATED = "deliberated"
    PUBLICITY = "publicity"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


ROUND = StateMachine(
    "round",
    {
        RoundState.DRAFT: Text("筹备", "In preparation"),
        RoundState.CALLED: Text("已发布公告", "Call published"),
        RoundState.QUALIFIED: Text("资格审查完成", "Qualified list confirmed"),
        RoundState.ONSITE: Text("现场评审", "On-site review"),
        RoundState.EVALUATED: Text("综合评价完成", "Evaluated"),
        RoundState.DELIBERATED: Text("评委会已审议", "Deliberated"),
        RoundState.PUBLICITY: Text("公示", "Public notice period"),
        RoundState.PROPOSED: Text("拟奖名单已定", "Proposed list fixed"),
        RoundState.APPROVED: Text("县政府已审定", "Approved by the government"),
        RoundState.CONCLUDED: Text("已通报表彰", "Concluded by decree"),
        RoundState.CANCELLED: Text("已取消", "Cancelled"),
    },
    (RoundState.DRAFT,),
    (
        act("revise_rules", "art10.review_rules", [RoundState.DRAFT], None, OFFICE, "art10.review_rules"),
        act(
            "publish_call",
            "art16.call",
            [RoundState.DRAFT],
            RoundState.CALLED,
            OFFICE,
            "art06.cycle",
            "art10.review_rules",
            "art16.call",
            "art33.in_force",
        ),
        act("extend_deadline", "art16.call", [RoundState.CALLED], None, OFFICE, "art16.call"),
        # The conditions are asked of each organisation as it is confirmed; those that fail one do not keep the list
        # back.
        act(
            "confirm_qualified_list",
            "art17.qualification",
            [RoundState.CALLED],
            RoundState.QUALIFIED,
            OFFICE,
            "art16.call",
            "art17.qualification",
        ),
        act(
            "issue_material_report",
            "art18.material",
            [RoundState.QUALIFIED],
            RoundState.ONSITE,
            OFFICE,
            "art18.material",
        ),
        act(
            "issue_evaluation",
            "art20.evaluation",
            [RoundState.ONSITE],
            RoundState.EVALUATED,
            OFFICE,
            "art19.onsite",
            "art20.evaluation",
        ),
        # Not acts by themselves: what the setting aside of scores does to lists that rest on them, until the
        # candidates are published.
        act(
            "reopen_material_review",
            "art30.misconduct",
            [RoundState.ONSITE, RoundState.EVALUATED, RoundState.DELIBERATED],
            RoundState.QUALIFIED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "reopen_onsite_review",
            "art30.misconduct",
            [RoundState.EVALUATED, RoundState.DELIBERATED],
            RoundState.ONSITE,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "record_deliberation",
            "art11.deliberation",
            [RoundState.EVALUATED],
            RoundState.DELIBERATED,
            OFFICE,
            "art11.deliberation",
            "art11.verification",
            "art04.merit",
        ),
        act(
            "publish_candidates",
            "art21.publicity",
            [RoundState.DELIBERATED],
            RoundState.PUBLICITY,
            OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        act(
            "add_candidate",
            "art21.publicity",
            [RoundState.PUBLICITY],
            None,
            OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        act(
            "correct_candidate",
            "art21.publicity",
            [RoundState.PUBLICITY],
            None,
            OFFICE,
            "art10.proposes",
            "art21.publicity",
        ),
        act("remove_candidate", "art10.proposes", [RoundState.PUBLICITY], None, OFFICE, "art10.proposes"),
        act(
            "fix_proposed_list",
            "art21.proposed",
            [RoundState.PUBLICITY],
            RoundState.PROPOSED,
            OFFICE,
            "art10.proposes",
            "art21.proposed",
            "art21.objections",
            "art06.seats",
            *ELIGIBILITY,
        ),
        act(
            "approve_awards",
            "art22.approval",
            [RoundState.PROPOSED],
            RoundState.APPROVED,
            GOVERNMENT,
            "art02.decider",
            "art22.approval",
            "art06.seats",
            "art33.in_force",
            *ELIGIBILITY,
        ),
        act(
            "issue_decree",
            "art22.approval",
            [RoundState.APPROVED],
            RoundState.CONCLUDED,
            GOVERNMENT,
            "art02.decider",
            "art22.approval",
        ),
        act(
            "cancel_round",
            "art10.proposes",
            [
                RoundState.DRAFT,
                RoundState.CALLED,
                RoundState.QUALIFIED,
                RoundState.ONSITE,
                RoundState.EVALUATED,
                RoundState.DELIBERATED,
                RoundState.PUBLICITY,
                RoundState.PROPOSED,
            ],
            RoundState.CANCELLED,
            OFFICE,
        ),
    ),
)
