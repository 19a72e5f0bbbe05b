"""The fourth round, from the call to the decree: competing manufacturers, a hospital and a logistics firm, a repeated
winner, refusals, objections, a seat left vacant."""

from dataclasses import dataclass, field
from typing import Any

from demo.history import Veterans
from demo.telling import good, line, refusal, stage, table, yes, yuan
from sandbox.callers import Caller
from sandbox.seed import UNITS
from sandbox.stages.applications import (
    Applied,
    apply,
    begin,
    eligible_content,
    recommend,
    request,
)
from sandbox.stages.decision import (
    CLOSING,
    COMMITTEE,
    approve,
    assign_investigator,
    candidates,
    decree,
    deliberate,
    fix_proposed,
    object_to,
    objections,
    publish,
    release,
    start_verification,
)
from sandbox.stages.parties import Registered, register, uscc
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import close_material, evaluate, onsite_list, score_material, score_onsite
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

YEAR = 2029


@dataclass
class Played:
    """What the later stages need to know of the round."""

    round_id: str
    names: dict[str, str] = field(default_factory=dict)
    applied: dict[str, Applied] = field(default_factory=dict)
    awards: list[dict[str, Any]] = field(default_factory=list)

    def application(self, name: str) -> str:
        return self.applied[name].id


def play_round(world: World, veterans: Veterans) -> Played:
    """The whole round; answers who won."""
    world.clock.go(f"{YEAR}-03-01")
    played = Played(open_round(world, YEAR, deadline=f"{YEAR}-04-30", title="第四届样例质量奖", asks=_asks(world)))
    row = ok(world.public.get(f"/v1/rounds/{played.round_id}"))
    stage("The call / 发布公告", "6, 10, 16, 33", world.clock.today)
    good(
        f"第{row['ordinal']}届公告已发布，申报截止{row['deadline']} 24:00，依据{row['instrument_number']}"
        f" / Round {row['ordinal']} is open until the end of {row['deadline']}"
    )
    line(f"评审规则已固定 / review rules frozen: {row['review_rules_hash'][:16]}…")
    line("名额：制造业2个，其他行业1个 / seats: manufacturing 2, others 1")
    asks = row["asks"]
    line(
        f"本届另要求：内部公示{asks['internal_notice']['days']}天、{len(asks['indicators'])}项年度指标、评委会主任委员、"
        "通报的主送机关与发布日期"
    )
    line("the rules of this round ask for more: an internal notice, yearly indicators, the committee's chair,")
    line("the decree's addressees and its day of publication")
    _applications(world, played, veterans)
    _refusals(world, played, veterans)
    _qualification(world, played)
    _reviews(world, played)
    _publicity(world, played)
    _decision(world, played)
    return played


def _asks(world: World) -> dict[str, Any]:
    """What this round asks for beyond the measures, as counties do (Art. 10)."""
    shipped = {item["code"]: item for item in ok(world.public.get("/v1/measures/indicators"))["items"]}
    return {
        "form_fields": ["legal_representative", "registered_capital_fen", "quality_officer"],
        "indicators": [shipped[code] for code in ("customer_satisfaction", "complaints")],
        "internal_notice": {"days": 5, "counted": "working_days"},
        "committee": ["chair", "odd_number"],
        "decree": ["issuer", "addressees", "published_on"],
    }


def _applications(world: World, played: Played, veterans: Veterans) -> None:
    world.clock.go(f"{YEAR}-03-20")
    stage("Applications and recommendations / 申报与推荐", "3, 4, 5, 12, 13", world.clock.today)
    entries: list[tuple[str, str, dict[str, Any]]] = [
        ("样例精密制造有限公司", "wenwuba", {"sector": "3489"}),
        ("样例新材料股份有限公司", "wenwuba", {"sector": "2614", "legal_form": "joint_stock_company"}),
        ("样例纺织有限公司", "wenwuba", {"sector": "1711"}),
        ("样例人民医院", "health", {"sector": "8411", "operating": False, "legal_form": "public_institution"}),
        ("样例物流有限公司", "logistics", {"sector": "5821"}),
        ("样例建筑工程有限公司", "wenwuba", {"sector": "4710"}),
    ]
    rows: list[list[object]] = []
    for name, unit, details in entries:
        played.applied[name] = apply(world, played.round_id, unit=unit, name=name, **details)
        rows.append([name, details["sector"], UNITS[unit][0], played.applied[name].number])
    old = "样例老字号食品有限公司"
    played.applied[old] = apply(world, played.round_id, organisation=veterans.of_first)
    rows.append([old, "1422", UNITS["wenwuba"][0], played.applied[old].number])
    table(["organisation 申报组织", "GB/T 4754", "recommended by 推荐单位", "number 编号"], rows)
    line("三家新申报的制造业组织争2个名额，医院与物流公司争另1个；老字号为第一届获奖者，复评不占名额")
    line("three new manufacturers for two seats, a hospital and a logistics firm for the other one,")
    line("a winner of round 1 that would be a repeated one, outside the seats (Art. 6)")
    played.names = {item.id: name for name, item in played.applied.items()}


def _refusals(world: World, played: Played, veterans: Veterans) -> None:
    stage("Refused before submission / 不予受理", "3, 6, 13", world.clock.today)
    _outsider(world, played)
    _in_the_red(world, played)
    draft = begin(world, played.round_id, veterans.of_third.account)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    asked = veterans.of_third.account.post(path, {"unit_id": world.id("unit:wenwuba")})
    refusal("样例电子器件有限公司 （第三届获奖者 / winner of round 3）", asked)
    _own_unit(world, played)
    _stranger(world)


def _stranger(world: World) -> None:
    """Who registers a code first owns nothing by that: the rightful owner's registration is a claim to it."""
    stage("A stranger registers a code first / 冒名注册", "13", world.clock.today)
    code, name = uscc(), "样例被冒名制造有限公司"
    stranger = register(world, verified=False, name=name, uscc=code)
    owner = register(world, verified=False, name=name, uscc=code)
    own = f"/v1/organisations/{owner.organisation_id}"
    (claim,) = ok(owner.account.get(own))["claims"]
    document = {"document": "营业执照原件（样例）", "name": name, "code": code}
    refusal(f"{name} （主张未决 / the claim is open）", world.office.post(f"{own}/verification", document))
    path = f"/v1/registration-claims/{claim['id']}"
    ok(owner.account.post(f"{path}/evidence", {"evidence": "营业执照副本、授权书（样例）"}))
    reason = "核对证件，主张成立（样例）"
    ok(world.office.post(f"{path}/decision", {"outcome": "upheld", "reason": reason, "document": document}))
    activation = f"/v1/accounts/{stranger.account.account_id}/activation"
    refusal("冒名账号 / the stranger’s account", world.office.post(activation, {"reason": "样例"}))
    state = ok(owner.account.get(own))["state"]
    good(
        f"{name}: {state} — 由权利人持有，冒名账号即时停用 / with its rightful owner, the other account stopped at once"
    )


def _outsider(world: World, played: Played) -> None:
    outsider = register(
        world,
        name="样例邻县制造有限公司",
        county_code="360734",
        area=None,
        registered_address="江西省赣州市样例邻县样例路1号",
    )
    draft = begin(world, played.round_id, outsider.account)
    recommend(world, draft["id"], outsider.account, "industry")
    refusal("样例邻县制造有限公司 （住所在邻县 / registered elsewhere）", _submit(outsider.account, draft["id"]))


def _in_the_red(world: World, played: Played) -> None:
    loser = register(world, name="样例亏损制造有限公司")
    figures = eligible_content(YEAR)["figures"]
    figures[-1]["net_profit_fen"] = 0
    draft = begin(world, played.round_id, loser.account, {"figures": figures})
    recommend(world, draft["id"], loser.account)
    refusal("样例亏损制造有限公司 （上年利润为零 / a profit of zero last year）", _submit(loser.account, draft["id"]))


def _own_unit(world: World, played: Played) -> None:
    code = uscc(prefix="52360733MJ")
    own = register(
        world, name="样例行业服务中心", uscc=code, legal_form="private_non_enterprise", sector="7291", operating=False
    )
    unit = ok(
        world.office.post(
            "/v1/recommending-units",
            {"name": "样例行业服务中心（推荐单位）", "kind": "association", "industry": "72", "uscc": code},
        ),
        201,
    )
    draft = begin(world, played.round_id, own.account)
    answer = own.account.post(f"/v1/applications/{draft['id']}/recommendation-request", {"unit_id": unit["id"]})
    refusal("样例行业服务中心 （请自己推荐 / asks itself）", answer)


def _submit(applicant: Caller, application_id: str) -> Any:
    return applicant.post(f"/v1/applications/{application_id}/submission")


def _correction(world: World, played: Played) -> None:
    """What does not agree in a form is put right by the applicant, within the office's days."""
    applied = played.applied["样例物流有限公司"]
    items = [{"pointer": "/content/figures", "request": "样例：研发投入与附件不一致，请核对后重新填写。"}]
    ok(world.office.post(f"/v1/applications/{applied.id}/correction-requests", {"items": items}), 201)
    world.clock.forward(days=1)
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/resubmission"))
    line("样例物流有限公司：要求补正一项，次日补正提交 / asked for a correction, handed in the next day (Art. 17)")


def _qualification(world: World, played: Played) -> None:
    _correction(world, played)
    failing = played.application("样例建筑工程有限公司")
    qualify(world, played.round_id, refuse={failing: "failed_inspection"})
    stage("Qualification / 资格审查", "13, 17", world.clock.today)
    listed = ok(world.public.get(f"/v1/rounds/{played.round_id}/qualified-list"))
    count = len(listed["names"])
    good(f"已征求各部门意见，逐项认定，{count}家合格并公布")
    line(f"departments consulted, every condition decided; {count} organisations confirmed and published")
    page = ok(world.office.get(f"/v1/applications/{played.application('样例物流有限公司')}/qualification"))
    (own,) = [item for item in page["conditions"] if item["rule"] == "art12.jurisdiction"]
    line(f"样例物流有限公司: {own['findings'][0]['message_zh']} / decided on the association's reason, Art. 12")
    refused = ok(world.office.get(f"/v1/applications/{failing}"))
    line(
        f"样例建筑工程有限公司: {refused['state']} — Art. 13(6)(d), a failed spot check reported by market supervision"
    )
    line(f"记录的理由 / reason on record: {refused['closed_reason']}")


def _reviews(world: World, played: Played) -> None:
    percents = {
        "样例精密制造有限公司": (85, 85),
        "样例新材料股份有限公司": (80, 85),
        "样例纺织有限公司": (75, 75),
        "样例人民医院": (85, 80),
        "样例物流有限公司": (70, 75),
        "样例老字号食品有限公司": (80, 80),
    }
    material = {played.application(name): pair[0] for name, pair in percents.items()}
    onsite = {played.application(name): pair[1] for name, pair in percents.items()}
    world.clock.forward(days=3)
    stage("Material review / 材料评审", "11, 18, 29", world.clock.today)
    good("评审员签署保密和廉洁承诺后评分，有利害关系者不得分派")
    line("reviewers from the pool score after their undertakings; nobody with a conflict of interest is assigned")
    score_material(world, played.round_id, material)
    close_material(world, played.round_id)
    _onsite_list(world, played)
    world.clock.forward(days=7)
    stage("On-site review / 现场评审", "19", world.clock.today)
    score_onsite(world, played.round_id, onsite)
    good("每家一份现场评审报告 / one on-site report each")
    world.clock.forward(days=5)
    evaluate(world, played.round_id)
    report = ok(world.office.get(f"/v1/rounds/{played.round_id}/evaluation"))
    stage("Evaluation / 综合评价", "20", world.clock.today)
    rows = [
        [
            item["seat_category"],
            item["rank"],
            item["organisation_name"],
            item["material"],
            item["onsite"],
            item["overall"],
        ]
        for item in report["ranking"]
    ]
    table(
        ["seat_category 类别", "rank 名次", "organisation 组织", "material 材料", "on-site 现场", "overall 综合"], rows
    )
    line(f"made of {', '.join(sorted(report['inputs']))}; hash of the inputs {report['inputs_hash'][:16]}…")


def _onsite_list(world: World, played: Played) -> None:
    rows = [
        [played.names[item["application_id"]], item["score"], yes(item["included"])]
        for item in onsite_list(world, played.round_id)
    ]
    table(["organisation 组织", "material score 材料得分", "on-site 进入现场"], rows)


def _publicity(world: World, played: Played) -> None:
    world.clock.go(f"{YEAR}-06-04")
    stage("Deliberation and publicity / 审议与公示", "6, 11, 21", world.clock.today)
    deliberate(world, played.round_id, chair=COMMITTEE[0])
    names = ["样例精密制造有限公司", "样例新材料股份有限公司", "样例人民医院", "样例老字号食品有限公司"]
    too_many = [*names, "样例纺织有限公司"]
    body = {
        "application_ids": [played.application(name) for name in too_many],
        "publication": {
            "title": "样例公示",
            "media": [{"name": "县政府网站", "published_on": world.clock.today.isoformat()}],
        },
    }
    refusal(
        "第三家制造业组织列入名单 / a third manufacturer on the list",
        world.office.post(f"/v1/rounds/{played.round_id}/candidate-list", body),
    )
    publish(world, played.round_id, [played.application(name) for name in names])
    listed = candidates(world, played.round_id)
    table(
        ["candidate 候选", "seat_category 类别", "repeated 复评", "publicity through 公示至"],
        [
            [item["published_name"], item["seat_category"], yes(item["repeat_award"]), item["last_day"]]
            for item in listed.values()
        ],
    )
    line("样例纺织（制造业第三）和样例物流（其他行业第二）未进入名单：名额以内择优")
    line("the third manufacturer and the logistics firm stay off the list: the seats go to those ranked before them")
    _objections(world, played, listed)


def _objections(world: World, played: Played, listed: dict[str, dict[str, Any]]) -> None:
    world.clock.forward(days=3)
    upheld = listed[played.application("样例新材料股份有限公司")]
    dismissed = listed[played.application("样例人民医院")]
    object_to(world, upheld["id"], facts="样例：该公司申报数据与事实不符。")
    object_to(world, dismissed["id"], facts="样例：该院服务质量存在问题。")
    object_to(world, dismissed["id"], name=None, contact=None, facts="样例：匿名反映。")
    refusal(
        "公示未满即定拟奖名单 / the proposed list while the ten days run",
        world.office.post(f"/v1/rounds/{played.round_id}/proposed-list"),
    )
    for item in objections(world, round_id=played.round_id):
        if item["classification"] == "informal":
            line(f"an anonymous objection is kept and answered: {_answer(world, item['id'])}")
            continue
        start_verification(world, item["id"])
        shown = ok(world.office.get(f"/v1/objections/{item['id']}"))
        line(f"异议原文只有承办人可看，其他人看到的是：{shown['summary']}")
        line(f"only its investigator reads an objection as it came; all others read: {shown['summary']}")
        if item["candidate_id"] == upheld["id"]:
            _close(world, item, "样例新材料股份有限公司", "upheld")
    line("样例新材料股份有限公司退出名单，未经公示不得递补")
    line("样例新材料股份有限公司 leaves the list; nobody takes its place without a publicity of its own (Art. 21)")


def _answer(world: World, objection_id: str) -> str:
    """It is read before it is answered, as every objection is."""
    assign_investigator(world, objection_id)
    release(world, f"/v1/objections/{objection_id}")
    ok(world.office.post(f"/v1/objections/{objection_id}/identity-disclosure", {"reason": "样例：核实线索"}))
    state: str = ok(world.office.post(f"/v1/objections/{objection_id}/closing", CLOSING))["state"]
    return state


def _close(world: World, objection: dict[str, Any], name: str, outcome: str) -> None:
    closed = ok(world.office.post(f"/v1/objections/{objection['id']}/decision", CLOSING | {"outcome": outcome}))
    good(f"formal objection to {name}: {closed['state']}")


def _proposal(world: World, played: Played) -> None:
    told = fix_proposed(world, played.round_id)
    line("异议未办结的单位等候，其余列入拟奖名单 / one objection stops one name, the others are proposed:")
    line(f"proposed 拟奖: {_names(told['names'])}; waiting 等候: {_names(told['waiting'])}")
    for item in objections(world, round_id=played.round_id):
        if item["state"] == "under_verification":
            _close(world, item, "样例人民医院", "dismissed")
    told = ok(world.office.post(f"/v1/rounds/{played.round_id}/proposed-list"), 201)
    line(f"proposed 拟奖: {_names(told['names'])}")


def _names(candidates: list[dict[str, Any]]) -> str:
    return "、".join(item["published_name"] for item in candidates)


def _decision(world: World, played: Played) -> None:
    _proposal(world, played)
    stage("Proposed list, approval, decree / 拟奖、审定、通报表彰", "2, 6, 8, 21, 22", world.clock.today)
    body = {"meeting_number": "样例会议", "meeting_on": world.clock.today.isoformat(), "not_approved": []}
    refusal(
        "质量强县办自行审定 / the office approves by itself",
        world.office.post(f"/v1/rounds/{played.round_id}/approval", body),
    )
    approve(world, played.round_id)
    told = decree(
        world,
        played.round_id,
        issuer="会昌县人民政府",
        addressees=["各样例乡（镇）人民政府", "县直各样例单位"],
        attachments=["样例获奖组织名单"],
        published_on=world.clock.today.isoformat(),
    )
    good(f"通报表彰 / decree {told['number']} of {told['dated']}, to {'、'.join(told['addressees'])}")
    played.awards = [ok(world.public.get(f"/v1/awards/{item['id']}")) for item in told["awards"]]
    table(
        [
            "winner 获奖组织",
            "seat 名额",
            "first 首次",
            "prize 奖金",
            "certificate 证书",
            "plaque 奖牌",
            "through 有效至",
        ],
        [
            [
                item["awarded_name"],
                item["seat_category"] or "none (复评)",
                yes(item["first_award"]),
                yuan(item["prize_fen"]),
                item["certificate_number"],
                item["plaque_number"] or "—",
                item["valid_until"],
            ]
            for item in played.awards
        ],
    )
    line("制造业名额空缺1个 / one manufacturing seat stays vacant (Art. 6)")


__all__ = ["Played", "Registered", "play_round", "request"]
