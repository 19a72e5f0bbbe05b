"""The state machine of a round."""

from __future__ import annotations

from app.measures.state_machines.machine import APPLICANT, ELIGIBILITY, GOVERNMENT, OFFICE, State, StateMachine, act


class RoundState(State):
    """The states of a round."""

    DRAFT = "draft", "筹备", "In preparation"
    CALLED = "called", "已发布公告", "Call published"
    QUALIFIED = "qualified", "资格审查完成", "Qualified list confirmed"
    ONSITE = "onsite", "现场评审", "On-site review"
    EVALUATED = "evaluated", "综合评价完成", "Evaluated"
    DELIBERATED = "deliberated", "评委会已审议", "Deliberated"
    PUBLICITY = "publicity", "公示", "Public notice period"
    PROPOSED = "proposed", "拟奖名单已定", "Proposed list fixed"
    APPROVED = "approved", "县政府已审定", "Approved by the government"
    CONCLUDED = "concluded", "已通报表彰", "Concluded by decree"
    CANCELLED = "cancelled", "已取消", "Cancelled"


_R = RoundState
_BEFORE_THE_APPROVAL = tuple(state for state in _R if state not in (_R.APPROVED, _R.CONCLUDED, _R.CANCELLED))
# What the government's acts on awards ask, in whole or in part (Arts. 2, 6, 13, 22, 33).
_ON_AWARDS = ("art02.decider", "art22.approval", "art06.seats", "art33.in_force", *ELIGIBILITY)

ROUND = StateMachine(
    "round",
    _R.names(),
    (_R.DRAFT,),
    (
        act("revise_rules", "art10.review_rules", [_R.DRAFT], None, OFFICE, "art10.review_rules"),
        act(
            "publish_call",
            "art16.call",
            [_R.DRAFT],
            _R.CALLED,
            OFFICE,
            "art06.cycle",
            "art07.no_fee",
            "art10.review_rules",
            "art16.call",
            "art33.in_force",
        ),
        act("extend_deadline", "art16.call", [_R.CALLED], None, OFFICE, "art16.call"),
        # The conditions are asked of each organisation as it is confirmed; those that fail one do not keep the list
        # back.
        act(
            "confirm_qualified_list",
            "art17.qualification",
            [_R.CALLED],
            _R.QUALIFIED,
            OFFICE,
            "art16.call",
            "art17.qualification",
        ),
        act("issue_material_report", "art18.material", [_R.QUALIFIED], _R.ONSITE, OFFICE, "art18.material"),
        act(
            "issue_evaluation",
            "art20.evaluation",
            [_R.ONSITE],
            _R.EVALUATED,
            OFFICE,
            "art19.onsite",
            "art20.evaluation",
        ),
        # Not acts by themselves: what the setting aside of scores does to lists that rest on them, until the
        # candidates are published.
        act(
            "reopen_material_review",
            "art30.misconduct",
            [_R.ONSITE, _R.EVALUATED, _R.DELIBERATED],
            _R.QUALIFIED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "reopen_onsite_review",
            "art30.misconduct",
            [_R.EVALUATED, _R.DELIBERATED],
            _R.ONSITE,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "record_deliberation",
            "art11.deliberation",
            [_R.EVALUATED],
            _R.DELIBERATED,
            OFFICE,
            "art11.deliberation",
            "art11.verification",
            "art04.merit",
        ),
        act(
            "publish_candidates",
            "art21.publicity",
            [_R.DELIBERATED],
            _R.PUBLICITY,
            OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        act(
            "add_candidate",
            "art21.publicity",
            [_R.PUBLICITY],
            None,
            OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        act("correct_candidate", "art21.publicity", [_R.PUBLICITY], None, OFFICE, "art10.proposes", "art21.publicity"),
        # After the first proposal only for a name that waits for the end of an objection: it is left out by decision.
        act(
            "remove_candidate",
            "art10.proposes",
            [_R.PUBLICITY, _R.PROPOSED, _R.APPROVED],
            None,
            OFFICE,
            "art10.proposes",
        ),
        # Once more for names that waited for the end of an objection; after the approval they need one of their own.
        act(
            "fix_proposed_list",
            "art21.proposed",
            [_R.PUBLICITY, _R.PROPOSED, _R.APPROVED],
            _R.PROPOSED,
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
            [_R.PROPOSED],
            _R.APPROVED,
            GOVERNMENT,
            *_ON_AWARDS,
        ),
        # A meeting that is entered after a later list: it decides on the names that stood there by the end of its day,
        # and the others wait for a meeting of their own.
        act(
            "approve_awards_in_part",
            "art22.approval",
            [_R.PROPOSED],
            None,
            GOVERNMENT,
            *_ON_AWARDS,
            offered=False,
        ),
        act(
            "issue_decree",
            "art22.approval",
            [_R.APPROVED],
            _R.CONCLUDED,
            GOVERNMENT,
            *_ON_AWARDS,
        ),
        # It leaves names on which an objection is open to a later decree: the round goes on for them. Where the list is
        # fixed for these already, it is one of an earlier day that is entered since.
        act(
            "issue_decree_in_part",
            "art22.approval",
            [_R.APPROVED, _R.PROPOSED],
            None,
            GOVERNMENT,
            *_ON_AWARDS,
            offered=False,
        ),
        # A decree of an earlier day that is entered after the round's last name has withdrawn on that day or later.
        act(
            "issue_decree_afterwards",
            "art22.approval",
            [_R.CONCLUDED],
            None,
            GOVERNMENT,
            *_ON_AWARDS,
            offered=False,
        ),
        # The last name that was left to a later decree has dropped out, by whichever act.
        act(
            "conclude_round",
            "art22.approval",
            [_R.APPROVED],
            _R.CONCLUDED,
            (*GOVERNMENT, *OFFICE, *APPLICANT),
            offered=False,
        ),
        act("cancel_round", "art10.proposes", _BEFORE_THE_APPROVAL, _R.CANCELLED, OFFICE),
    ),
    ahead={
        _R.DRAFT: "publish_call",
        _R.CALLED: "confirm_qualified_list",
        _R.QUALIFIED: "issue_material_report",
        _R.ONSITE: "issue_evaluation",
        _R.EVALUATED: "record_deliberation",
        _R.DELIBERATED: "publish_candidates",
        _R.PUBLICITY: "fix_proposed_list",
        _R.PROPOSED: "approve_awards",
        _R.APPROVED: "issue_decree",
    },
)
