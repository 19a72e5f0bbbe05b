"""The state machines of an application and of its recommendation (Arts. 3, 12, 13, 16)."""

from __future__ import annotations

from enum import StrEnum

from app.measures.state_machines.machine import APPLICANT, ELIGIBILITY, OFFICE, UNIT, StateMachine, act
from app.measures.text import Text


class ApplicationState(StrEnum):
    """The states of a application."""

    DRAFT = "draft"
    RECOMMENDATION_REQUESTED = "recommendation_requested"
    ENDORSED = "endorsed"
    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction_requested"
    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    EVALUATED = "evaluated"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


APPLICATION = StateMachine(
    "application",
    {
        ApplicationState.DRAFT: Text("填报中", "Draft"),
        ApplicationState.RECOMMENDATION_REQUESTED: Text("待推荐", "Recommendation requested"),
        ApplicationState.ENDORSED: Text("已推荐", "Endorsed"),
        ApplicationState.SUBMITTED: Text("已提交", "Submitted"),
        ApplicationState.CORRECTION_REQUESTED: Text("待补正", "Correction requested"),
        ApplicationState.QUALIFIED: Text("资格审查合格", "Qualified"),
        ApplicationState.NOT_QUALIFIED: Text("资格审查不合格", "Not qualified"),
        ApplicationState.SHORTLISTED: Text("进入现场评审", "On the on-site list"),
        ApplicationState.NOT_SHORTLISTED: Text("未进入现场评审", "Not on the on-site list"),
        ApplicationState.EVALUATED: Text("已综合评价", "Evaluated"),
        ApplicationState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        ApplicationState.REMOVED: Text("已取消参评", "Removed from the round"),
    },
    (ApplicationState.DRAFT,),
    (
        act("edit", "art16.call", [ApplicationState.DRAFT, ApplicationState.CORRECTION_REQUESTED], None, APPLICANT),
        act(
            "request_recommendation",
            "art03.recommendation",
            [ApplicationState.DRAFT],
            ApplicationState.RECOMMENDATION_REQUESTED,
            APPLICANT,
            "art03.recommendation",
            "art16.call",
        ),
        act(
            "endorse",
            "art03.recommendation",
            [ApplicationState.RECOMMENDATION_REQUESTED],
            ApplicationState.ENDORSED,
            UNIT,
            "art03.recommendation",
            "art12.jurisdiction",
            "art16.call",
        ),
        act(
            "decline",
            "art03.recommendation",
            [ApplicationState.RECOMMENDATION_REQUESTED],
            ApplicationState.DRAFT,
            UNIT,
            "art03.recommendation",
        ),
        act(
            "return_for_correction",
            "art03.recommendation",
            [ApplicationState.RECOMMENDATION_REQUESTED],
            ApplicationState.DRAFT,
            UNIT,
            "art03.recommendation",
        ),
        act(
            "return_to_draft",
            "art03.recommendation",
            [ApplicationState.RECOMMENDATION_REQUESTED, ApplicationState.ENDORSED],
            ApplicationState.DRAFT,
            APPLICANT,
        ),
        act(
            "submit",
            "art16.call",
            [ApplicationState.ENDORSED],
            ApplicationState.SUBMITTED,
            APPLICANT,
            "art03.recommendation",
            "art16.call",
            *ELIGIBILITY,
        ),
        act(
            "request_correction",
            "art17.qualification",
            [ApplicationState.SUBMITTED],
            ApplicationState.CORRECTION_REQUESTED,
            OFFICE,
            "art17.qualification",
        ),
        act(
            "resubmit",
            "art17.qualification",
            [ApplicationState.CORRECTION_REQUESTED],
            ApplicationState.SUBMITTED,
            APPLICANT,
            "art17.qualification",
            *ELIGIBILITY,
        ),
        # Beside what is frozen; it counts once a person has accepted it.
        act(
            "hand_in_renewal",
            "art13.3.certified",
            [
                ApplicationState.SUBMITTED,
                ApplicationState.CORRECTION_REQUESTED,
                ApplicationState.QUALIFIED,
                ApplicationState.SHORTLISTED,
                ApplicationState.EVALUATED,
            ],
            None,
            APPLICANT,
        ),
        act(
            "withdraw",
            "art03.recommendation",
            [
                ApplicationState.DRAFT,
                ApplicationState.RECOMMENDATION_REQUESTED,
                ApplicationState.ENDORSED,
                ApplicationState.SUBMITTED,
                ApplicationState.CORRECTION_REQUESTED,
            ],
            ApplicationState.WITHDRAWN,
            APPLICANT,
        ),
        act(
            "confirm_qualification",
            "art17.qualification",
            [ApplicationState.SUBMITTED],
            ApplicationState.QUALIFIED,
            OFFICE,
            "art17.qualification",
            *ELIGIBILITY,
            "art13.4.leading",
            "art13.5.distinctive",
        ),
        act(
            "refuse_qualification",
            "art17.qualification",
            [ApplicationState.SUBMITTED, ApplicationState.CORRECTION_REQUESTED],
            ApplicationState.NOT_QUALIFIED,
            OFFICE,
            "art17.qualification",
        ),
        act(
            "shortlist",
            "art18.material",
            [ApplicationState.QUALIFIED],
            ApplicationState.SHORTLISTED,
            OFFICE,
            "art18.material",
        ),
        act(
            "leave_out",
            "art18.material",
            [ApplicationState.QUALIFIED],
            ApplicationState.NOT_SHORTLISTED,
            OFFICE,
            "art18.material",
        ),
        act(
            "evaluate",
            "art20.evaluation",
            [ApplicationState.SHORTLISTED],
            ApplicationState.EVALUATED,
            OFFICE,
            "art19.onsite",
            "art20.evaluation",
        ),
        act(
            "reopen_material_review",
            "art30.misconduct",
            [ApplicationState.SHORTLISTED, ApplicationState.NOT_SHORTLISTED, ApplicationState.EVALUATED],
            ApplicationState.QUALIFIED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "reopen_onsite_review",
            "art30.misconduct",
            [ApplicationState.EVALUATED],
            ApplicationState.SHORTLISTED,
            OFFICE,
            "art30.misconduct",
            reopens=True,
        ),
        act(
            "remove",
            "art26.fraud",
            [
                ApplicationState.SUBMITTED,
                ApplicationState.CORRECTION_REQUESTED,
                ApplicationState.QUALIFIED,
                ApplicationState.SHORTLISTED,
                ApplicationState.EVALUATED,
            ],
            ApplicationState.REMOVED,
            OFFICE,
            "art26.fraud",
            "art13.6.record",
            "art13.6.higher_award",
        ),
    ),
)


class RecommendationState(StrEnum):
    """The states of a recommendation."""

    REQUESTED = "requested"
    ENDORSED = "endorsed"
    DECLINED = "declined"
    RETURNED = "returned"
    LAPSED = "lapsed"


RECOMMENDATION = StateMachine(
    "recommendation",
    {
        RecommendationState.REQUESTED: Text("待推荐", "Requested"),
        RecommendationState.ENDORSED: Text("同意推荐", "Endorsed"),
        RecommendationState.DECLINED: Text("不予推荐", "Declined"),
        RecommendationState.RETURNED: Text("退回修改", "Returned for correction"),
        RecommendationState.LAPSED: Text("已失效", "Lapsed"),
    },
    (RecommendationState.REQUESTED,),
    (
        act(
            "endorse",
            "art03.recommendation",
            [RecommendationState.REQUESTED],
            RecommendationState.ENDORSED,
            UNIT,
            "art03.recommendation",
            "art12.jurisdiction",
            "art16.call",
        ),
        act(
            "decline",
            "art03.recommendation",
            [RecommendationState.REQUESTED],
            RecommendationState.DECLINED,
            UNIT,
            "art03.recommendation",
        ),
        act(
            "return_for_correction",
            "art03.recommendation",
            [RecommendationState.REQUESTED],
            RecommendationState.RETURNED,
            UNIT,
            "art03.recommendation",
        ),
        act(
            "lapse",
            "art03.recommendation",
            [RecommendationState.REQUESTED, RecommendationState.ENDORSED],
            RecommendationState.LAPSED,
            APPLICANT,
        ),
    ),
)
