"""What each act of the state machines is called, for people: buttons of a portal, lines of a timeline; whose it is."""

from __future__ import annotations

from functools import cache

from app.measures.roles import Role
from app.measures.state_machines import STATE_MACHINES
from app.measures.text import Text

ACTS: dict[str, Text] = {
    "revise_rules": Text("修改评审规则", "Revise the review rules"),
    "publish_call": Text("发布公告", "Publish the call"),
    "extend_deadline": Text("延长申报期限", "Extend the deadline"),
    "confirm_qualified_list": Text("确认合格名单", "Confirm the qualified list"),
    "issue_material_report": Text("出具材料评审报告", "Issue the material report"),
    "issue_evaluation": Text("出具综合评价报告", "Issue the evaluation report"),
    "reopen_material_review": Text("重启材料评审", "Reopen the material review"),
    "reopen_onsite_review": Text("重启现场评审", "Reopen the on-site review"),
    "record_deliberation": Text("记录评委会审议", "Record the deliberation"),
    "publish_candidates": Text("公示候选名单", "Publish the candidates"),
    "add_candidate": Text("增补候选组织", "Add a candidate"),
    "correct_candidate": Text("更正候选组织名称", "Correct a candidate's name"),
    "remove_candidate": Text("移出候选名单", "Remove a candidate"),
    "fix_proposed_list": Text("确定拟奖名单", "Fix the proposed list"),
    "approve_awards": Text("审定获奖名单", "Approve the awards"),
    "issue_decree": Text("通报表彰", "Issue the decree"),
    "issue_decree_in_part": Text("部分通报表彰", "Issue the decree in part"),
    "conclude_round": Text("结束本届评审", "Conclude the round"),
    "cancel_round": Text("取消本届评审", "Cancel the round"),
    "edit": Text("填报", "Fill in the form"),
    "request_recommendation": Text("申请推荐", "Ask for the recommendation"),
    "endorse": Text("同意推荐", "Endorse"),
    "endorse_for_county": Text("县级主管部门签署意见", "Endorse for the county"),
    "decline": Text("不予推荐", "Decline to recommend"),
    "return_for_correction": Text("退回修改", "Return for correction"),
    "return_to_draft": Text("取回修改", "Return to the draft"),
    "submit": Text("提交申报", "Submit"),
    "request_correction": Text("要求补正", "Ask for a correction"),
    "resubmit": Text("提交补正", "Hand in the correction"),
    "hand_in_renewal": Text("提交换发的证书", "Hand in a renewed certificate"),
    "withdraw": Text("撤回申报", "Withdraw"),
    "confirm_qualification": Text("确认资格审查合格", "Confirm the qualification"),
    "refuse_qualification": Text("认定资格审查不合格", "Refuse the qualification"),
    "shortlist": Text("列入现场评审名单", "Put on the on-site list"),
    "leave_out": Text("不列入现场评审名单", "Leave off the on-site list"),
    "evaluate": Text("综合评价", "Evaluate"),
    "remove": Text("取消参评资格", "Remove from the round"),
    "lapse": Text("推荐失效", "Let the recommendation lapse"),
    "assign_investigator": Text("指定承办人", "Assign an investigator"),
    "recuse_investigator": Text("承办人回避", "Recuse oneself from the objection"),
    "summarise_objection": Text("作出摘要", "Summarise the objection"),
    "upload_objection_file": Text("附上来信扫描件", "Add the scan of the letter"),
    "start_verification": Text("开始核实", "Start the verification"),
    "uphold": Text("认定异议成立", "Uphold"),
    "dismiss": Text("认定异议不成立", "Dismiss"),
    "find_inadmissible": Text("不予受理", "Find the objection inadmissible"),
    "find_formal": Text("认定为正式异议", "Find the objection formal"),
    "complete_letter": Text("书面异议附齐扫描件", "Complete a letter"),
    "find_informal": Text("认定为线索", "Find the objection informal"),
    "close_informal_objection": Text("处理线索", "Close an informal objection"),
    "confer": Text("授奖", "Confer"),
    "withdraw_award": Text("授奖前取消", "Withdraw before the decree"),
    "give_up": Text("放弃奖项", "Give the award up"),
    "revoke": Text("撤销奖项", "Revoke"),
    "acknowledge": Text("接收拨付单", "Acknowledge"),
    "report_paid": Text("报告已拨付", "Report the payment"),
    "report_failed": Text("报告拨付失败", "Report the failure"),
    "report_returned": Text("报告退汇", "Report the return"),
    "note_failure": Text("登记暂停期间的拨付失败", "Note the failure of a held payment"),
    "reissue": Text("重新下达", "Reissue"),
    "suspend": Text("暂停拨付", "Suspend"),
    "resume": Text("恢复拨付", "Resume"),
    "resume_taken": Text("恢复平台已接收的拨付", "Resume what the platform has taken over"),
    "cancel": Text("取消拨付", "Cancel"),
    "open_consultations": Text("征询部门意见", "Consult the departments"),
    "decide_conditions": Text("对条件作出认定", "Decide the condition"),
    "decide_objection": Text("核实办结异议", "Decide the objection"),
    "determine_sector": Text("认定行业门类", "Determine the sector"),
    "disclose_identity": Text("查看异议原文", "Read the objection as it came"),
    "record_appropriation": Text("登记预算安排", "Record the appropriation"),
    "sign_undertaking": Text("签署承诺书", "Sign the undertaking"),
    "open_revocation": Text("立案撤销奖项", "Open a case of revocation"),
    "decide": Text("决定撤销", "Decide to revoke"),
    "reject": Text("决定不予撤销", "Decide not to revoke"),
    "publish_notice": Text("发布撤销公告", "Publish the notice"),
    "reply_to_consultation": Text("答复征询", "Answer the consultation"),
    "record_non_response": Text("记录逾期未复", "Record that no answer came"),
    "answer_correction": Text("完成补正", "Answer the request for a correction"),
    "verify_organisation": Text("核实组织登记", "Verify the registration"),
    "reopen_verification": Text("因变更须重新核实", "Open the verification again"),
    "supersede_organisation": Text("登记被取代", "Let another registration take its place"),
    "hand_in_claim_evidence": Text("提交主张的证据", "Hand in evidence for the claim"),
    "reply_to_claim": Text("对主张陈述意见", "Reply to the claim"),
    "uphold_claim": Text("认定主张成立", "Uphold the claim"),
    "dismiss_claim": Text("认定主张不成立", "Dismiss the claim"),
    "give_way": Text("让位于权利人的申报", "Give way to the rightful owner’s application"),
    "expire": Text("补正逾期", "Let the request lapse"),
    "accept_renewal": Text("采纳更新材料", "Accept the renewal"),
    "refuse_renewal": Text("不采纳更新材料", "Refuse the renewal"),
    "revise_reviewer": Text("更新专家信息", "Revise the entry"),
    "suspend_reviewer": Text("暂停评审资格", "Suspend"),
    "reinstate_reviewer": Text("恢复评审资格", "Reinstate"),
    "disqualify_reviewer": Text("取消评审资格", "Disqualify"),
    "release_reviewer": Text("解除评审任务", "Release the reviewer"),
    "recuse": Text("回避", "Recuse"),
    "set_aside": Text("作废评分", "Set aside"),
    "edit_sheet": Text("填写评分", "Fill in the sheet"),
    "submit_sheet": Text("提交评分", "Submit the sheet"),
    "take_off": Text("移出候选名单", "Take off the list"),
    "record_visit": Text("登记巡访情况", "Record the visit"),
    "cancel_visit": Text("取消巡访", "Cancel the visit"),
    "record_correction": Text("登记改正情况", "Record the correction"),
    "assign_report_investigator": Text("指定举报承办人", "Assign an investigator of the report"),
    "summarise_mark_report": Text("作出举报摘要", "Summarise the report"),
    "follow_up_mark_report": Text("登记处理情况", "Record what was done"),
    "record_recovery_in_part": Text("登记部分追回", "Record a part that came back"),
    "remove_attachment": Text("移除材料", "Remove the file"),
    "reply_to_adverse_record": Text("陈述意见", "Reply to the record"),
    "confirm_adverse_record": Text("认定不良记录", "Confirm the record"),
    "deny_adverse_record": Text("不予认定", "Deny the record"),
    "withdraw_conflict_declaration": Text("撤回利害关系记录", "Withdraw the declaration"),
    "withdraw_cultivation": Text("撤回培育记录", "Withdraw the record of cultivation"),
    "deactivate_webhook": Text("停用 Webhook", "Deactivate the webhook"),
    "activate_webhook": Text("启用 Webhook", "Activate the webhook"),
    "take_over": Text("由第二十六条案件接管", "Let a case of fraud take it over"),
    "reinstate": Text("恢复奖项", "Reinstate"),
    "restore": Text("恢复已取消的拨付", "Take the cancellation back"),
    "resume_failed": Text("恢复为拨付失败", "Resume what had failed"),
    "resume_returned": Text("恢复为已退汇", "Resume what had come back"),
    "resume_unordered": Text("恢复为待下达", "Resume what was never ordered"),
    "make_statement": Text("陈述意见", "Make the statement"),
    "submit_revocation": Text("提请县政府撤销", "Submit to the government"),
    "withdraw_revocation": Text("撤回撤销案件", "Withdraw the case"),
    "annul_revocation": Text("登记复议撤销", "Record the annulment on review"),
    "lift_recovery": Text("停止追缴", "Stop the recovery"),
    "owe_back": Text("转为应退还", "Owe it back"),
    "give_back": Text("登记退还", "Record that it was given back"),
    "record_recovery": Text("登记追回", "Record the recovery"),
}


# Acts that have no place in a state machine: they make an object, or say something of one.
_APART: dict[str, tuple[Role, ...]] = {
    "open_revocation": (Role.OFFICE,),
    "open_consultations": (Role.OFFICE,),
    "decide_conditions": (Role.OFFICE,),
    "decide_objection": (Role.OFFICE,),
    "determine_sector": (Role.OFFICE,),
    "disclose_identity": (Role.OFFICE,),
    "record_appropriation": (Role.OFFICE,),
    "sign_undertaking": (Role.REVIEWER,),
}


def whose(name: str, *, machine: str | None = None) -> list[str]:
    """The roles that have an operation for the act of this name, in the named machine or, where it has none there, in
    any other; empty where nobody has one."""
    return list(_whose(name, machine))


@cache
def _whose(name: str, machine: str | None) -> tuple[str, ...]:
    if name in _APART:
        return tuple(role.value for role in _APART[name])
    offered = [(item.name, act) for item in STATE_MACHINES.values() for act in item.transitions if act.offered]
    named = [(there, act) for there, act in offered if act.act == name]
    own = [act for there, act in named if there == machine]
    return tuple(sorted({role.value for act in own or [act for _, act in named] for role in act.roles}))
