"""After the decree: the prize, one paid at the second attempt, one sent back by the bank and paid again; one award
revoked under Art. 26, one under Art. 28, whose revocation is annulled on review."""

from typing import Any

from demo.fourth_round import Played
from demo.telling import good, line, refusal, stage, table, yuan
from sandbox.stages.awarded import Winner
from sandbox.stages.plaques import accept_plaque, hand_over_plaque, order_plaque
from sandbox.stages.revocations import open_case, submit_case
from sandbox.world import World, ok

ACCOUNT = "6222000000001234"
ACCOUNTS = {"样例人民医院": "6222000000002345"}


def play_afterwards(world: World, played: Played) -> None:
    """Payments, verification, visits, revocations."""
    by_name = {award["awarded_name"]: award for award in played.awards}
    _payments(world, by_name)
    _plaques(world, played, by_name)
    _verification(world, played)
    hospital = _revocations(world, by_name)
    _verification(world, played)
    _annulment(world, hospital)
    _inventory(world)
    _verification(world, played)


def _order(world: World, award: dict[str, Any]) -> Any:
    body = {
        "payee_name": award["awarded_name"],
        "bank_name": "样例银行会昌支行",
        "bank_number": "104428050019",
        "bank_account": ACCOUNTS.get(award["awarded_name"], ACCOUNT),
        "budget_year": award["award_year"],
    }
    return world.office.post(f"/v1/awards/{award['id']}/disbursement", body)


def _payments(world: World, by_name: dict[str, dict[str, Any]]) -> None:
    stage("The prize / 奖金拨付", "8, 9", world.clock.today)
    refusal("复评获奖者的奖金 / a prize for the repeat winner", _order(world, by_name["样例老字号食品有限公司"]))
    maker, hospital = by_name["样例精密制造有限公司"], by_name["样例人民医院"]
    for award in (maker, hospital):
        ok(_order(world, award), 201)
    refusal("同一奖金再次下达 / the same prize ordered again", _order(world, maker))
    after = _pull(world, 0, failing=hospital["awarded_name"])
    failed = next(item for item in ok(world.office.get("/v1/disbursements?state=failed"))["items"])
    body = {
        "payee_name": failed["payee_name"],
        "bank_name": "样例银行会昌支行",
        "bank_number": "104428050019",
        "bank_account": "6222000000005678",
        "reason": "更正账号",
    }
    ok(world.office.post(f"/v1/disbursements/{failed['id']}/reissue", body))
    line("质量强县办更正账号，同一拨付单重新下达 / the office corrects the account and offers the same order again")
    after = _pull(world, after)
    _sent_back(world, maker)
    _pull(world, after)
    rows = [
        [item["payee_name"], yuan(item["amount_fen"]), item["state"], item["attempt"], item["confirmation_number"]]
        for item in ok(world.auditor.get("/v1/disbursements"))["items"]
    ]
    table(["payee 收款组织", "amount 金额", "state", "attempt", "confirmation 回单"], rows)


def _sent_back(world: World, award: dict[str, Any]) -> None:
    """The bank sends a payment back that was confirmed (退汇)."""
    (order,) = (
        item
        for item in ok(world.office.get("/v1/disbursements?state=paid"))["items"]
        if item["award_id"] == award["id"]
    )
    came_back = {
        "attempt": order["attempt"],
        "confirmation_number": order["confirmation_number"],
        "amount_fen": order["amount_fen"],
        "returned_on": world.clock.today.isoformat(),
        "reason": "样例：户名不符",
    }
    returned = ok(world.platform.post(f"/v1/disbursements/{order['id']}/payment-return", came_back))
    line(f"{order['payee_name']}: 银行退汇，奖金恢复为未付 / the bank sends the payment back: {returned['state']}")
    body = {
        "payee_name": order["payee_name"],
        "bank_name": "样例银行会昌支行",
        "bank_number": "104428050019",
        "bank_account": ACCOUNT,
        "reason": "样例：退汇",
    }
    path = f"/v1/disbursements/{order['id']}/reissue"
    refusal("再付至已退汇的账号 / again to the account that it came back from", world.office.post(path, body))
    ok(world.office.post(path, body | {"bank_account": "6222000000004321"}))


def _pull(world: World, after: int, failing: str | None = None) -> int:
    page = ok(world.platform.get(f"/v1/disbursement-feed?after={after}"))
    for item in page["items"]:
        order = item["disbursement"]
        if item["kind"] != "payable" or item["attempt"] != order["attempt"]:
            continue
        base = f"/v1/disbursements/{order['id']}"
        ok(world.platform.post(f"{base}/acknowledgement", {"attempt": order["attempt"]}))
        if order["payee_name"] == failing:
            ok(world.platform.post(f"{base}/payment-failure", {"attempt": order["attempt"], "reason": "账号不符"}))
            line(f"position {item['position']}: {order['payee_name']} — 银行退回 / the bank sends it back")
            continue
        confirmation = {
            "attempt": order["attempt"],
            "confirmation_number": f"PAY-{item['position']:06d}",
            "amount_fen": order["amount_fen"],
            "paid_on": world.clock.today.isoformat(),
        }
        ok(world.platform.post(f"{base}/payment-confirmation", confirmation))
        ok(world.platform.post(f"{base}/payment-confirmation", confirmation))
        good(f"position {item['position']}: {order['payee_name']} 已拨付 / paid")
        line("  回单重复发送，只登记一次 / the confirmation is sent twice and entered once")
        if failing is None:
            continue
        other = {**confirmation, "confirmation_number": f"PAY-{item['position']:06d}-B"}
        again = world.platform.post(f"{base}/payment-confirmation", other)
        refusal("同一奖金的第二张回单 / a second confirmation for the same prize", again)
    following: int = page["next_after"]
    return following


def _plaques(world: World, played: Played, by_name: dict[str, dict[str, Any]]) -> None:
    """Ordered with the names that the winners have confirmed, checked when they come, handed over at a ceremony."""
    stage("Plaques / 奖牌", "8, 22", world.clock.today)
    firsts = [award for award in by_name.values() if award["first_award"]]
    ordered = [order_plaque(world, _winner(played, award), maker="样例工艺厂") for award in firsts]
    again = world.office.post(f"/v1/awards/{firsts[0]['id']}/plaques", {"ordered_on": world.clock.today.isoformat()})
    refusal("同一奖项再订一块 / a second plaque for the same award", again)
    world.clock.forward(days=20)
    for plaque in ordered:
        hand_over_plaque(world, accept_plaque(world, plaque))
    good(f"{len(ordered)} plaques ordered, delivered and handed over / 奖牌{len(ordered)}块，定制、验收、颁发")
    line("刻字以获奖组织确认的名称为准；复评获奖的只发证书 / a repeated winner has a certificate alone (Art. 8)")


def _winner(played: Played, award: dict[str, Any]) -> Winner:
    applied = played.applied[award["awarded_name"]]
    return Winner(award["id"], applied.organisation_id, "", award["awarded_name"], applied.applicant)


def _inventory(world: World) -> None:
    stage("The inventory of plaques / 奖牌台账", "22, 26, 28", world.clock.today)
    rows = [
        [item["number"], item["inscription"], item["state"], item["handed_over_on"], item["recovered_on"] or "—"]
        for item in ok(world.auditor.get("/v1/plaques"))["items"]
    ]
    table(["plaque 奖牌", "inscription 刻字", "state 状态", "handed over 颁发", "taken back 收回"], rows)


def _verification(world: World, played: Played) -> None:
    stage("Anybody verifies a certificate / 证书查验", "23, 31", world.clock.today)
    rows = []
    for award in played.awards:
        shown = ok(world.public.get(f"/v1/certificates/{award['certificate_number']}"))
        rows.append([shown["certificate_number"], shown["awarded_name"], shown["status"], shown["revoked_on"] or "—"])
    table(["certificate 证书", "organisation 组织", "status 状态", "revoked on 撤销日期"], rows)


def _revocations(world: World, by_name: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Both revocations; answers the case under Art. 28."""
    world.clock.go("2030-09-02")
    stage("Visits and revocations / 巡访与撤销", "23, 26, 27, 28", world.clock.today)
    maker, hospital = by_name["样例精密制造有限公司"], by_name["样例人民医院"]
    _visit(world, maker)
    fraud = {"basis": "fraud", "facts": "样例：申报材料弄虚作假，查证属实。", "evidence": "样例调查报告"}
    quality = {
        "basis": "grounds",
        "ground": "2",
        "event_on": "2030-08-01",
        "found_on": "2030-08-05",
        "found_evidence": "样例监督检查记录",
        "penalised_or_proven": True,
        "facts": "样例：服务质量重大问题被查处。",
        "evidence": "样例处罚决定书",
    }
    _revoke(world, maker, fraud, "会府字〔2030〕21号", alone=True)
    revoked: dict[str, Any] = _revoke(world, hospital, quality, "会府字〔2030〕22号")
    items = ok(world.office.get("/v1/recoveries"))["items"]
    table(
        ["to be recovered (Art. 26) 追缴", "amount 金额", "state"],
        [[item["item"], yuan(item["amount_fen"]), item["state"]] for item in items],
    )
    for item in items:
        for amount in (4_000_000, None) if item["item"] == "prize" else (None,):
            body = {"recovered_on": world.clock.today.isoformat(), "evidence": "样例收据", "amount_fen": amount}
            told = ok(world.office.post(f"/v1/recoveries/{item['id']}/entries", body))
            if item["item"] == "prize":
                line(f"prize: {yuan(told['recovered_fen'])} back / 已追回, {told['state']}")
    good("奖牌、证书和奖金均已追回；依第二十八条撤销的不追缴")
    line("plaque, certificate and prize are back; Art. 28 recovers nothing")
    (plaque,) = ok(world.office.get("/v1/plaques?state=handed_over"))["items"]
    back = {"recovered_on": world.clock.today.isoformat(), "evidence": "样例：收回登记表"}
    ok(world.office.post(f"/v1/plaques/{plaque['id']}/recovery", back))
    line(f"{plaque['inscription']}：交回奖牌，登记入台账 / hands its plaque in, as the inventory says")
    rows = [
        [item["organisation_name"], item["article"], item["from_day"], item["last_day"]]
        for item in ok(world.public.get("/v1/exclusions"))["items"]
    ]
    table(["excluded 不得申报", "article", "from 自", "through 至"], rows)
    return revoked


def _annulment(world: World, case: dict[str, Any]) -> None:
    """A decision that is annulled on review: what stood stands again, and whoever reads the notice reads it."""
    world.clock.forward(days=40)
    stage("A revocation is annulled on review / 行政复议撤销", "26, 28", world.clock.today)
    annulment = {
        "body": "样例复议机关",
        "number": "赣市府行复〔2030〕6号",
        "decided_on": world.clock.today.isoformat(),
        "reason": "样例：主要事实不清",
        "evidence": "样例：复议决定书存档",
    }
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", annulment))
    award = ok(world.public.get(f"/v1/awards/{case['award_id']}"))
    notice = ok(world.public.get(f"/v1/notices/{case['notice_id']}"))
    left = "、".join(item["article"] for item in ok(world.public.get("/v1/exclusions"))["items"])
    (plaque,) = ok(world.office.get(f"/v1/plaques?award_id={case['award_id']}"))["items"]
    given = {"returned_on": world.clock.today.isoformat(), "evidence": "样例：退还签收单"}
    ok(world.office.post(f"/v1/plaques/{plaque['id']}/return", given))
    good(f"{award['awarded_name']}: {award['status']} — 恢复奖项，不得申报期自始无效 / the award stands again")
    line("奖牌退还获奖组织 / its plaque is returned to it")
    line(f"仍不得申报的：第{left}条 / still excluded: under Art. {left}")
    line(f"公告注明：{notice['mark']}，依据{notice['mark_basis']} / the notice says so, its text stays as it was")


def _visit(world: World, award: dict[str, Any]) -> None:
    plan = {"planned_on": "2030-09-02", "visitors": ["样例巡访员"]}
    visit = ok(world.office.post(f"/v1/awards/{award['id']}/visits", plan), 201)
    found = {
        "visited_on": "2030-09-02",
        "visitors": ["样例巡访员"],
        "findings": "样例：现场台账与申报材料不符。",
        "follow_up": "样例：立案查证。",
    }
    ok(world.office.post(f"/v1/visits/{visit['id']}/findings", found))
    line(f"巡访{award['awarded_name']}：台账与申报材料不符，立案查证 / a visit finds that the application was not true")


def _revoke(world: World, award: dict[str, Any], case: dict[str, Any], number: str, *, alone: bool = False) -> Any:
    made = open_case(world, award["id"], case)
    if alone:
        answer = world.office.post(f"/v1/revocations/{made['id']}/submission")
        refusal("未听取获奖组织陈述即提请 / submitted before the organisation was heard", answer)
    world.clock.forward(days=6)
    submit_case(world, made)
    decision = {"number": number, "decided_on": world.clock.today.isoformat(), "reason": "样例：经查证属实"}
    if alone:
        answer = world.office.post(f"/v1/revocations/{made['id']}/decision", decision)
        refusal("质量强县办自行撤销 / the office revokes by itself", answer)
    decided = ok(world.government.post(f"/v1/revocations/{made['id']}/decision", decision))
    notice = {"title": "样例撤销公告", "media": [{"name": "县政府网站", "published_on": world.clock.today.isoformat()}]}
    told = ok(world.office.post(f"/v1/revocations/{made['id']}/notice", notice))
    article = "26" if case["basis"] == "fraud" else "28"
    good(f"{award['awarded_name']}: {decided['state']} under Art. {article}, public notice given / 已撤销并公告")
    return told
