"""The state machines of an application and of its files (Arts. 3, 13, 16 to 20)."""

from __future__ import annotations

from app.measures.state_machines.machine import (
    APPLICANT,
    ELIGIBILITY,
    GOVERNMENT,
    OFFICE,
    UNIT,
    State,
    StateMachine,
    act,
)

_ART03, _ART16, _ART17 = "art03.recommendation", "art16.call", "art17.qualification"


class ApplicationState(State):
    """The states of an application."""

    DRAFT = "draft", "填报中", "Draft"
    RECOMMENDATION_REQUESTED = "recommendation_requested", "待推荐", "Recommendation requested"
    ENDORSED = "endorsed", "已推荐", "Endorsed"
    SUBMITTED = "submitted", "已提交", "Submitted"
    CORRECTION_REQUESTED = "correction_requested", "待补正", "Correction requested"
    QUALIFIED = "qualified", "资格审查合格", "Qualified"
    NOT_QUALIFIED = "not_qualified", "资格审查不合格", "Not qualified"
    SHORTLISTED = "shortlisted", "进入现场评审", "On the on-site list"
    NOT_SHORTLISTED = "not_shortlisted", "未进入现场评审", "Not on the on-site list"
    EVALUATED = "evaluated", "已综合评价", "Evaluated"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    REMOVED = "removed", "已取消参评", "Removed from the round"


_A = ApplicationState
_IN_THE_ROUND = (_A.SUBMITTED, _A.CORRECTION_REQUESTED, _A.QUALIFIED, _A.SHORTLISTED, _A.EVALUATED)
_NOT_SUBMITTED_YET = (_A.DRAFT, _A.RECOMMENDATION_REQUESTED, _A.ENDORSED)

APPLICATION = StateMachine(
    "application",
    _A.names(),
    (_A.DRAFT,),
    (
        act("edit", _ART16, [_A.DRAFT, _A.CORRECTION_REQUESTED], None, APPLICANT),
        act("request_recommendation", _ART03, [_A.DRAFT], _A.RECOMMENDATION_REQUESTED, APPLICANT, _ART03, _ART16),
        act(
            "endorse",
            _ART03,
            [_A.RECOMMENDATION_REQUESTED],
            _A.ENDORSED,
            UNIT,
            _ART03,
            "art12.jurisdiction",
            _ART16,
        ),
        act("decline", _ART03, [_A.RECOMMENDATION_REQUESTED], _A.DRAFT, UNIT, _ART03),
        act("decline_for_county", _ART03, [_A.ENDORSED], _A.DRAFT, UNIT, offered=False),
        act("return_for_correction", _ART03, [_A.RECOMMENDATION_REQUESTED], _A.DRAFT, UNIT, _ART03),
        act("return_to_draft", _ART03, [_A.RECOMMENDATION_REQUESTED, _A.ENDORSED], _A.DRAFT, APPLICANT),
        act("submit", _ART16, [_A.ENDORSED], _A.SUBMITTED, APPLICANT, _ART03, _ART16, *ELIGIBILITY),
        act("request_correction", _ART17, [_A.SUBMITTED], _A.CORRECTION_REQUESTED, OFFICE, _ART17),
        act("resubmit", _ART17, [_A.CORRECTION_REQUESTED], _A.SUBMITTED, APPLICANT, _ART17, *ELIGIBILITY),
        # Beside what is frozen; it counts once a person has accepted it.
        act("hand_in_renewal", "art13.3.certified", _IN_THE_ROUND, None, APPLICANT),
        # Applying is voluntary to the end: until the decree.
        act("withdraw", _ART03, [*_NOT_SUBMITTED_YET, *_IN_THE_ROUND], _A.WITHDRAWN, APPLICANT),
        # The same wish by letter, of what the office has seen.
        act("withdraw_on_paper", _ART03, _IN_THE_ROUND, _A.WITHDRAWN, OFFICE),
        # A decree of an earlier day, or of that of the withdrawal, is entered after it.
        act("stand_again", _ART03, [_A.WITHDRAWN], _A.EVALUATED, GOVERNMENT, offered=False, dated_back=True),
        # Two registrations of one legal person, each with its application: the rightful owner's goes on.
        act(
            "give_way",
            "art13.1.identity",
            [*_NOT_SUBMITTED_YET, _A.SUBMITTED, _A.CORRECTION_REQUESTED],
            _A.WITHDRAWN,
            OFFICE,
            reopens=True,
        ),
        act(
            "confirm_qualification",
            _ART17,
            [_A.SUBMITTED],
            _A.QUALIFIED,
            OFFICE,
            _ART17,
            "art13.1.identity",
            *ELIGIBILITY,
            "art13.4.leading",
            "art13.5.distinctive",
        ),
        act(
            "refuse_qualification",
            _ART17,
            [_A.SUBMITTED, _A.CORRECTION_REQUESTED],
            _A.NOT_QUALIFIED,
            OFFICE,
            _ART17,
        ),
        act("shortlist", "art18.material", [_A.QUALIFIED], _A.SHORTLISTED, OFFICE, "art18.material"),
        act("leave_out", "art18.material", [_A.QUALIFIED], _A.NOT_SHORTLISTED, OFFICE, "art18.material"),
        act("evaluate", "art20.evaluation", [_A.SHORTLISTED], _A.EVALUATED, OFFICE, "art19.onsite", "art20.evaluation"),
        act(
            "reopen_material_review",
            "art30.misconduct",
            [_A.SHORTLISTED, _A.NOT_SHORTLISTED, _A.EVALUATED],
            _A.QUALIFIED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "reopen_onsite_review",
            "art30.misconduct",
            [_A.EVALUATED],
            _A.SHORTLISTED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "remove",
            "art26.fraud",
            _IN_THE_ROUND,
            _A.REMOVED,
            OFFICE,
            "art26.fraud",
            "art13.6.record",
            "art13.6.higher_award",
        ),
    ),
    ahead={
        _A.DRAFT: "request_recommendation",
        _A.RECOMMENDATION_REQUESTED: "endorse",
        _A.ENDORSED: "submit",
        _A.SUBMITTED: "confirm_qualification",
        _A.CORRECTION_REQUESTED: "resubmit",
        _A.QUALIFIED: "shortlist",
        _A.SHORTLISTED: "evaluate",
    },
    aside={
        _A.RECOMMENDATION_REQUESTED: "return_to_draft",
        _A.ENDORSED: "return_to_draft",
        _A.SUBMITTED: "request_correction",
    },
    instead={("submit", _A.CORRECTION_REQUESTED): "resubmit"},
)


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
