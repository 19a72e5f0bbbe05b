"""The life of each object as one table: state, act, who may, guard rules, next state.

It drives the services (nothing else assigns a state), `available_actions`, the role tests and the diagrams in the docs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.measures.findings import Text
from app.measures.roles import Role

# Asked of each name on a list: an empty list leaves them nothing to ask.
ELIGIBILITY = (
    "art04.recipient",
    "art05.lookback",
    "art06.interval",
    "art13.1.local",
    "art13.1.legal_person",
    "art13.1.age",
    "art13.2.compliance",
    "art13.3.certified",
    "art13.4.safety",
    "art13.4.profit",
    "art13.6.record",
    "art13.6.higher_award",
    "exclusions",
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from any of `sources` to `target` (the same state where the act changes no state)."""

    act: str
    sources: tuple[str, ...]
    target: str | None
    roles: frozenset[Role]
    guards: tuple[str, ...] = ()

    def next_state(self, state: str) -> str:
        return state if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class Life:
    """States with their names, the first one, and the acts. The act `created_by` brings the object into being."""

    name: str
    states: dict[str, Text]
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def transition(self, act: str) -> Transition:
        return next(item for item in self.transitions if item.act == act)

    @property
    def terminal(self) -> frozenset[str]:
        """States that no state-changing act leaves."""
        left = {source for item in self.transitions if item.target for source in item.sources}
        return frozenset(self.states) - left


def _act(act: str, sources: str, target: str | None, roles: Iterable[Role], *guards: str) -> Transition:
    return Transition(act, tuple(sources.split()), target, frozenset(roles), guards)


_OFFICE = (Role.OFFICE,)
_GOVERNMENT = (Role.GOVERNMENT,)
_APPLICANT = (Role.APPLICANT,)
_UNIT = (Role.RECOMMENDING_UNIT,)
_PLATFORM = (Role.PAYMENT_PLATFORM,)

ROUND = Life(
    "round",
    {
        "draft": Text("筹备", "In preparation"),
        "called": Text("已发布公告", "Call published"),
        "qualified": Text("资格审查完成", "Qualified list confirmed"),
        "onsite": Text("现场评审", "On-site review"),
        "evaluated": Text("综合评价完成", "Evaluated"),
        "deliberated": Text("评委会已审议", "Deliberated"),
        "publicity": Text("公示", "In publicity"),
        "proposed": Text("拟奖名单已定", "Proposed list fixed"),
        "approved": Text("县政府已审定", "Approved by the government"),
        "concluded": Text("已通报表彰", "Concluded by decree"),
        "cancelled": Text("已取消", "Cancelled"),
    },
    ("draft",),
    (
        _act("revise_rules", "draft", None, _OFFICE, "art10.review_rules"),
        _act(
            "publish_call",
            "draft",
            "called",
            _OFFICE,
            "art06.cycle",
            "art10.review_rules",
            "art16.call",
            "art33.in_force",
        ),
        _act("extend_deadline", "called", None, _OFFICE, "art16.call"),
        # The conditions are asked of each organisation as it is confirmed; those that fail one do not keep the list
        # back.
        _act("confirm_qualified_list", "called", "qualified", _OFFICE, "art16.call", "art17.qualification"),
        _act("issue_material_report", "qualified", "onsite", _OFFICE, "art18.material"),
        _act("issue_evaluation", "onsite", "evaluated", _OFFICE, "art19.onsite", "art20.evaluation"),
        # Not acts by themselves: what the setting aside of scores does to lists that rest on them, until the
        # candidates are published.
        _act("reopen_material_review", "onsite evaluated deliberated", "qualified", _OFFICE, "art30.misconduct"),
        _act("reopen_onsite_review", "evaluated deliberated", "onsite", _OFFICE, "art30.misconduct"),
        _act(
            "record_deliberation",
            "evaluated",
            "deliberated",
            _OFFICE,
            "art11.deliberation",
            "art11.verification",
            "art04.merit",
        ),
        _act(
            "publish_candidates",
            "deliberated",
            "publicity",
            _OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        _act(
            "add_candidate",
            "publicity",
            None,
            _OFFICE,
            "art10.proposes",
            "art20.evaluation",
            "art06.seats",
            "art21.publicity",
        ),
        _act("correct_candidate", "publicity", None, _OFFICE, "art10.proposes", "art21.publicity"),
        _act("remove_candidate", "publicity", None, _OFFICE, "art10.proposes"),
        _act(
            "fix_proposed_list",
            "publicity",
            "proposed",
            _OFFICE,
            "art10.proposes",
            "art21.proposed",
            "art21.objections",
            "art06.seats",
            *ELIGIBILITY,
        ),
        _act(
            "approve_awards",
            "proposed",
            "approved",
            _GOVERNMENT,
            "art02.decider",
            "art22.approval",
            "art06.seats",
            "art33.in_force",
            *ELIGIBILITY,
        ),
        _act("issue_decree", "approved", "concluded", _GOVERNMENT, "art02.decider", "art22.approval"),
        _act(
            "cancel_round",
            "draft called qualified onsite evaluated deliberated publicity proposed",
            "cancelled",
            _OFFICE,
        ),
    ),
)

APPLICATION = Life(
    "application",
    {
        "draft": Text("填报中", "Draft"),
        "recommendation_requested": Text("待推荐", "Recommendation requested"),
        "endorsed": Text("已推荐", "Endorsed"),
        "submitted": Text("已提交", "Submitted"),
        "correction_requested": Text("待补正", "Correction requested"),
        "qualified": Text("资格审查合格", "Qualified"),
        "not_qualified": Text("资格审查不合格", "Not qualified"),
        "shortlisted": Text("进入现场评审", "On the on-site list"),
        "not_shortlisted": Text("未进入现场评审", "Not on the on-site list"),
        "evaluated": Text("已综合评价", "Evaluated"),
        "withdrawn": Text("已撤回", "Withdrawn"),
        "removed": Text("已取消参评", "Removed from the round"),
    },
    ("draft",),
    (
        _act("edit", "draft correction_requested", None, _APPLICANT),
        _act(
            "request_recommendation",
            "draft",
            "recommendation_requested",
            _APPLICANT,
            "art03.recommendation",
            "art16.call",
        ),
        _act(
            "endorse",
            "recommendation_requested",
            "endorsed",
            _UNIT,
            "art03.recommendation",
            "art12.jurisdiction",
            "art16.call",
        ),
        _act("decline", "recommendation_requested", "draft", _UNIT, "art03.recommendation"),
        _act("return_for_correction", "recommendation_requested", "draft", _UNIT, "art03.recommendation"),
        _act("reopen", "recommendation_requested endorsed", "draft", _APPLICANT),
        _act("submit", "endorsed", "submitted", _APPLICANT, "art03.recommendation", "art16.call", *ELIGIBILITY),
        _act("request_correction", "submitted", "correction_requested", _OFFICE, "art17.qualification"),
        _act("resubmit", "correction_requested", "submitted", _APPLICANT, "art17.qualification", *ELIGIBILITY),
        # Beside what is frozen; it counts once a person has accepted it.
        _act(
            "hand_in_renewal",
            "submitted correction_requested qualified shortlisted evaluated",
            None,
            _APPLICANT,
        ),
        _act(
            "withdraw",
            "draft recommendation_requested endorsed submitted correction_requested",
            "withdrawn",
            _APPLICANT,
        ),
        _act(
            "confirm_qualification",
            "submitted",
            "qualified",
            _OFFICE,
            "art17.qualification",
            *ELIGIBILITY,
            "art13.4.leading",
            "art13.5.distinctive",
        ),
        _act("refuse_qualification", "submitted correction_requested", "not_qualified", _OFFICE, "art17.qualification"),
        _act("shortlist", "qualified", "shortlisted", _OFFICE, "art18.material"),
        _act("leave_out", "qualified", "not_shortlisted", _OFFICE, "art18.material"),
        _act("evaluate", "shortlisted", "evaluated", _OFFICE, "art19.onsite", "art20.evaluation"),
        _act(
            "reopen_material_review", "shortlisted not_shortlisted evaluated", "qualified", _OFFICE, "art30.misconduct"
        ),
        _act("reopen_onsite_review", "evaluated", "shortlisted", _OFFICE, "art30.misconduct"),
        _act(
            "remove",
            "submitted correction_requested qualified shortlisted evaluated",
            "removed",
            _OFFICE,
            "art26.fraud",
            "art13.6.record",
            "art13.6.higher_award",
        ),
    ),
)

RECOMMENDATION = Life(
    "recommendation",
    {
        "requested": Text("待推荐", "Requested"),
        "endorsed": Text("同意推荐", "Endorsed"),
        "declined": Text("不予推荐", "Declined"),
        "returned": Text("退回修改", "Returned for correction"),
        "lapsed": Text("已失效", "Lapsed"),
    },
    ("requested",),
    (
        _act("endorse", "requested", "endorsed", _UNIT, "art03.recommendation", "art12.jurisdiction", "art16.call"),
        _act("decline", "requested", "declined", _UNIT, "art03.recommendation"),
        _act("return_for_correction", "requested", "returned", _UNIT, "art03.recommendation"),
        _act("lapse", "requested endorsed", "lapsed", _APPLICANT),
    ),
)

OBJECTION = Life(
    "objection",
    {
        "received": Text("已受理", "Received"),
        "under_verification": Text("核实中", "Under verification"),
        "upheld": Text("异议成立", "Upheld"),
        "dismissed": Text("异议不成立", "Dismissed"),
        "lead": Text("线索", "Kept as a lead"),
        "answered": Text("线索已处理", "Lead answered"),
    },
    ("received", "lead"),
    (
        _act("start_verification", "received", "under_verification", _OFFICE),
        _act("uphold", "under_verification", "upheld", _OFFICE, "art21.objections"),
        _act("dismiss", "under_verification", "dismissed", _OFFICE, "art21.objections"),
        _act("answer_lead", "lead", "answered", _OFFICE, "art21.objections"),
    ),
)

AWARD = Life(
    "award",
    {
        "approved": Text("已审定", "Approved"),
        "conferred": Text("已授奖", "Conferred"),
        "struck": Text("授奖前取消", "Struck before the decree"),
        "revoked": Text("已撤销", "Revoked"),
    },
    ("approved",),
    (
        _act("confer", "approved", "conferred", _GOVERNMENT, "art02.decider", "art08.prize", "art22.approval"),
        _act("strike", "approved", "struck", _GOVERNMENT, "art02.decider", "art26.fraud"),
        # Which of Art. 26 and 28 was heard depends on the case; that one of them was is for `decide` below.
        _act("revoke", "conferred", "revoked", _GOVERNMENT, "art02.decider"),
    ),
)

DISBURSEMENT = Life(
    "disbursement",
    {
        "payable": Text("可拨付", "Payable"),
        "acknowledged": Text("平台已接收", "Acknowledged by the platform"),
        "paid": Text("已拨付", "Paid"),
        "failed": Text("拨付失败", "Failed"),
        "suspended": Text("暂停拨付", "Suspended"),
        "cancelled": Text("已取消", "Cancelled"),
    },
    ("payable",),
    (
        _act("acknowledge", "payable", "acknowledged", _PLATFORM, "art09.disbursement"),
        # Money that has left is recorded whatever was decided meanwhile; the recovery follows from it.
        _act("report_paid", "acknowledged suspended cancelled", "paid", _PLATFORM, "art09.disbursement"),
        _act("report_failed", "acknowledged", "failed", _PLATFORM, "art09.disbursement"),
        # The same report while the prize is held or cancelled: it is kept, and the prize stays as it is.
        _act("note_failure", "suspended cancelled", None, _PLATFORM, "art09.disbursement"),
        _act("reissue", "failed", "payable", _OFFICE, "art09.disbursement"),
        # Held back while a case of revocation is open: the office submits it, the government may decide it later.
        _act("suspend", "payable acknowledged failed", "suspended", (Role.OFFICE, Role.GOVERNMENT)),
        _act("resume", "suspended", "payable", _GOVERNMENT, "art02.decider", "art09.disbursement"),
        # What the platform has taken over and not reported on may be on its way: it goes on as the same attempt.
        _act("resume_taken", "suspended", "acknowledged", _GOVERNMENT, "art02.decider", "art09.disbursement"),
        _act(
            "cancel", "payable acknowledged failed suspended", "cancelled", _GOVERNMENT, "art02.decider", "art08.prize"
        ),
    ),
)

REVOCATION = Life(
    "revocation",
    {
        "submitted": Text("已提请", "Submitted to the government"),
        "decided": Text("已决定撤销", "Decided"),
        "rejected": Text("不予撤销", "Rejected"),
    },
    ("submitted",),
    (
        _act("decide", "submitted", "decided", _GOVERNMENT, "art02.decider", "art26_28.together"),
        _act("reject", "submitted", "rejected", _GOVERNMENT, "art02.decider"),
        _act("publish_notice", "decided", None, _OFFICE),
    ),
)

LIVES: dict[str, Life] = {
    life.name: life for life in (ROUND, APPLICATION, RECOMMENDATION, OBJECTION, AWARD, DISBURSEMENT, REVOCATION)
}

# Named groups of states: the one answer to "which states count as …".
LIVE_ROUND_STATES = frozenset(ROUND.states) - {"draft", "concluded", "cancelled"}
# Another gate is still to come.
BEFORE_THE_APPROVAL = LIVE_ROUND_STATES - {"approved"}
LIVE_APPLICATION_STATES = frozenset(APPLICATION.states) - {"withdrawn", "not_qualified", "not_shortlisted", "removed"}
DECIDED_APPLICATION_STATES = frozenset({"qualified", "shortlisted", "not_shortlisted", "evaluated"})
OPEN_OBJECTION_STATES = frozenset({"received", "under_verification"})
OPEN_RECOMMENDATION_STATES = frozenset({"requested", "endorsed"})
