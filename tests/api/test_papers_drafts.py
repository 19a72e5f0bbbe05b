"""Arts. 16 to 28: each paper says what is on record, as PDF and as DOCX; what is not known is a blank, what is not yet
is said."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from app.schemas import labels
from app.schemas.applications.content import ContentIn
from app.services.papers.catalogue import KINDS, PaperKey
from app.services.papers.facts.places import place_told
from sandbox.stages.applications import apply
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    candidates,
    close_objection,
    conclude_round,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    publication,
)
from sandbox.stages.money import account_of, order
from sandbox.stages.parties import register
from sandbox.stages.qualification import asked, close_applications, consult
from sandbox.stages.revocations import bring_case, open_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.measures.procedure_samples import RULES
from tests.support.pages import opened
from tests.support.papers import docx_text, drafted, offered, pdf_text, plain
from tests.support.problems import refused

FRAUD = {"basis": "fraud", "facts": "样例：伪造报表的内情", "evidence": "样例：内部调查报告"}


def says(world: World, path: str, kind: str, *expected: object) -> str:
    """The paper's text, the same in both formats, with everything that is expected in it."""
    found = pdf_text(drafted(world.office, path, kind))
    other = docx_text(drafted(world.office, path, kind, "docx"))
    for words in map(str, expected):
        assert plain(words) in found, f"{kind}: {words} is not in {found}"
        assert plain(words) in other, f"{kind}.docx: {words} is not in {other}"
    return found


@pytest.fixture
def round_id(world: World) -> str:
    """A whole round with two winners."""
    made = conclude_round(world, 2024, Contender(), Contender(HOSPITAL))
    return made.round_id


def test_every_paper_of_the_catalogue_has_its_key() -> None:
    assert {key.value for key in PaperKey} == set(KINDS)


def test_the_papers_of_a_round_say_what_is_on_record(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}"
    row = ok(world.office.get(path))
    assert {kind for kind, item in offered(world.office, path).items() if not item["available"]} == {
        "disbursement_list",
        "objection_register",
    }
    decree = ok(world.office.get(f"{path}/decree"))
    names = [award["awarded_name"] for award in decree["awards"]]
    assert len(names) == 2
    told = says(
        world, path, "call", row["title"], "2024年3月29日24时", "第一届", "人民币壹拾万元整", row["instrument_number"]
    )
    assert "草稿,未印发" in told
    says(world, path, "qualified_list", *names)
    says(world, path, "evaluation_report", *names, ok(world.office.get(f"{path}/evaluation"))["inputs_hash"])
    met = ok(world.office.get(f"{path}/deliberation"))
    says(world, path, "minutes", met["minutes"], *met["members"], *names, "推荐")
    says(world, path, "ballots", *names, "监票人")
    says(world, path, "candidate_notice", *names, "2024年")
    says(world, path, "proposed_list", *names, "2个组织")
    says(world, path, "submission", *names, "公示期内未收到异议", "人民币贰拾万元整", "共有2个组织申报")
    says(world, path, "decree", *names, decree["number"], "样例第45次县政府常务会议", "有效期3年", "2024年")
    says(world, path, "plaque_order", *(award["plaque_number"] for award in decree["awards"]), *names)
    says(world, path, "undertaking", "承诺", "＿＿＿＿＿＿")
    says(world, path, "application_register", *names, "申报共2件", "HQA-2024-0001")


def test_art21_the_period_of_the_paper_is_that_of_the_page_and_it_says_how_to_object(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = world.client.app
    told = app.state.settings.model_copy(update={"office_phone": "0797-0000000"})
    monkeypatch.setattr(app.state, "settings", told)
    made = in_publicity(world, Contender(), published_on="2024-12-29")
    path = f"/v1/rounds/{made.round_id}"
    (notice,) = [item for item in ok(world.public.get("/v1/notices"))["items"] if item["kind"] == "candidates"]
    body = notice["body"]
    assert (body["first_day"], body["last_day"]) == ("2024-12-30", "2025-01-08")
    period = "2024年12月30日至2025年1月8日"
    says(
        world,
        path,
        "candidate_notice",
        f"{period}24时，共10天（其中工作日7天）",
        "0797-0000000",
        "＿＿＿＿＿＿",
        "公章",
        "/candidates",
    )
    page = opened(world, f"/notices/{notice['id']}").text
    assert "2024年12月30日 – 2025年1月8日" in page


def test_a_page_of_a_paper_has_more_than_its_signature(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}"
    for kind, item in offered(world.office, path).items():
        if item["available"]:
            for page in PdfReader(io.BytesIO(drafted(world.office, path, kind))).pages:
                said = plain(page.extract_text()).replace("草稿,未印发", "")
                assert (
                    len(re.sub(r"—\d+—|会昌县[^，。]*办公室|会昌县人民政府|[\d＿]+年[\d＿]+月[\d＿]+日", "", said)) >= 8
                ), kind


def test_the_money_is_told_with_the_end_of_an_account(world: World) -> None:
    made = concluded(world, {})
    winner = made.winners[0]
    told = order(world, winner)
    assert told["state"] == "payable"
    found = says(
        world,
        f"/v1/rounds/{made.round_id}",
        "disbursement_list",
        winner.name,
        "人民币壹拾万元整",
        "100000.00元",
        "样例银行",
    )
    assert account_of(winner) not in found
    assert f"尾号{account_of(winner)[-4:]}" in found


def test_the_papers_of_an_application(world: World) -> None:
    applied = conclude_round(world, 2024, Contender()).applied[0]
    path = f"/v1/applications/{applied.id}"
    told = ok(world.office.get(f"{path}/snapshot"))
    name = told["snapshot"]["organisation"]["name"]
    says(world, path, "application_form", name, told["number"], told["content_hash"], "8000000.00")
    says(world, path, "recommendation_form", "经核实，同意推荐", "县级主管部门意见")
    for stage in ("material", "onsite"):
        report = ok(world.office.get(f"{path}/{stage}-report"))["items"][-1]
        found = says(world, path, f"{stage}_report", report["summary"], "评审员1")
        assert "样例评审员1" not in found
    missing = world.office.get(f"{path}/documents/correction_request.pdf")
    assert "没有补正要求" in refused(missing, 404)["detail"]
    assert offered(world.office, path)["correction_request"]["why_not_zh"] == "没有补正要求"


def test_a_draft_of_an_application_has_blanks(world: World) -> None:
    round_id = open_round(world, 2024)
    organisation = register(world)
    body = {"round_id": round_id}
    application = ok(organisation.applicant.post("/v1/applications", body), 201)
    path = f"/v1/applications/{application['id']}"
    found = pdf_text(drafted(organisation.applicant, path, "application_form"))
    assert plain("申报编号：＿＿＿＿＿＿") in found
    assert plain("法定代表人＿＿") in found
    assert "无记载" in found
    assert offered(organisation.applicant, path)["recommendation_form"]["why_not_en"] == (
        "No unit is asked for a recommendation"
    )


def test_a_correction_is_asked_for_on_paper(world: World) -> None:
    round_id = open_round(world, 2024)
    applied = apply(world, round_id)
    items = [{"pointer": "/content/figures", "request": "样例：请核对近三年数据"}]
    ok(world.office.post(f"/v1/applications/{applied.id}/correction-requests", {"items": items}), 201)
    path = f"/v1/applications/{applied.id}"
    found = says(world, path, "correction_request", "样例：请核对近三年数据", "补正通知书", "24时前", "各年度业绩数据")
    # Where it is, in the form's own words: no pointer of a program.
    assert "/content" not in found


def test_sections_of_the_form_are_called_as_elsewhere() -> None:
    sections = ContentIn.model_fields
    told = {key: place_told(f"/content/{key}", rules=RULES) for key in sections}
    assert told == {key: f"申报表—{labels.field_label('ContentIn', key).zh}" for key in sections}


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        ("/content/figures", "申报表—各年度业绩数据"),
        ("/content/figures/0/revenue_fen", "申报表—各年度业绩数据—第1项—营业收入"),
        ("/content/honours/11", "申报表—所获奖项—第12项"),
        ("/content/contact/phone", "申报表—联系人—电话"),
        ("/content/unknown/1", "申报表—unknown—第2项"),
        ("/figures", "figures"),
        ("", ""),
    ],
)
def test_a_pointer_is_told_in_the_forms_words(pointer: str, told: str) -> None:
    assert place_told(pointer, rules=RULES) == told


def test_what_goes_up_names_who_signs_and_whom_to_ask(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"
    says(world, path, "submission", "签发人：＿＿＿＿", "（联系人：＿＿＿＿，电话：＿＿＿＿＿＿）")
    assert "签发人" not in says(world, path, "candidate_notice")


def test_an_objections_papers_hold_its_summary_and_never_its_original(world: World) -> None:
    made = in_publicity(world, Contender())
    candidate = next(iter(candidates(world, made.round_id).values()))
    object_to(world, candidate["id"], facts="样例：只有核实人能读到的原文", name="样例异议人丁")
    (row,) = objections(world)
    path = f"/v1/objections/{row['id']}"
    assert not offered(world.office, path)["objection_reply"]["available"]
    close_objection(world, row["id"], "dismissed")
    record = says(world, path, "objection_record", "样例：反映该组织有抽查不合格记录。", candidate["printed_name"])
    reply = says(world, path, "objection_reply", candidate["printed_name"], "异议人")
    for found in (record, reply):
        assert "原文" not in found
        assert "异议人丁" not in found
    told = says(world, f"/v1/rounds/{made.round_id}", "candidate_notice", candidate["printed_name"])
    told += says(world, f"/v1/rounds/{made.round_id}", "objection_register", "样例：反映该组织有抽查不合格记录。")
    assert "异议人丁" not in told


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def test_the_papers_of_an_award_and_its_revocation(world: World, winner: Winner) -> None:
    award = ok(world.office.get(f"/v1/awards/{winner.award_id}"))
    says(
        world,
        f"/v1/awards/{winner.award_id}",
        "certificate",
        winner.name,
        award["certificate_number"],
        "首次获奖",
        "2024年6月3日至2027年6月3日",
        award["decree_number"],
    )
    case = open_case(world, winner.award_id, FRAUD | {"summary": "样例：现听取贵单位意见的摘要"})
    path = f"/v1/revocations/{case['id']}"
    heard = says(world, path, "case_notice", winner.name, "样例：现听取贵单位意见的摘要", "第二十六条")
    assert "内情" not in heard
    assert "内部调查报告" not in heard
    says(world, path, "revocation_submission", "样例：伪造报表的内情", "样例：内部调查报告", "该组织未提交陈述")
    assert not offered(world.office, path)["revocation_notice"]["available"]
    assert not offered(world.office, path)["recovery_letter"]["available"]


def test_a_decided_revocation_is_told_and_the_prize_asked_back(world: World, winner: Winner) -> None:
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD | {"summary": "样例：摘要"})
    decision = {"number": "会府字〔2024〕21号", "decided_on": world.clock.today.isoformat(), "reason": "样例：查证属实"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))
    path = f"/v1/revocations/{case['id']}"
    told = says(world, path, "revocation_notice", winner.name, "会府字〔2024〕21号", "2034年")
    assert "内情" not in told
    asked_back = says(world, path, "recovery_letter", winner.name, "奖牌（奖杯）", "证书", "会府字〔2024〕21号")
    # What has come back already is told, things as well as money.
    claims = {item["item"]: item for item in ok(world.office.get("/v1/recoveries"))["items"]}
    back = {"recovered_on": world.clock.today.isoformat(), "evidence": "样例收据"}
    ok(world.office.post(f"/v1/recoveries/{claims['certificate']['id']}/entries", back))
    later = says(world, path, "recovery_letter", winner.name, "已追回")
    assert later.count("一件") == asked_back.count("一件") + 1


def test_a_visit_on_paper(world: World, winner: Winner) -> None:
    plan = {"planned_on": world.clock.today.isoformat(), "visitors": ["样例巡访员"]}
    visit = ok(world.office.post(f"/v1/awards/{winner.award_id}/visits", plan), 201)
    says(world, f"/v1/visits/{visit['id']}", "visit_record", winner.name, "样例巡访员", "＿＿＿＿＿＿")


def test_what_a_department_is_asked(world: World) -> None:
    round_id = open_round(world, 2024)
    apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    (row, *_) = asked(world, "tax", round_id)
    path = f"/v1/consultations/{row['id']}"
    says(world, path, "department_opinion", row["name"], row["code"], "税务", "答复：＿＿＿＿＿＿")
    assert drafted(world.by("department-tax"), path, "department_opinion")
    refused(world.by("department-labour").get(f"{path}/documents/department_opinion.pdf"), 404)


def test_a_change_of_the_list_is_a_paper_of_its_notice(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    (notice,) = ok(world.office.get("/v1/notices?kind=candidates"))["items"]
    assert (
        offered(world.office, f"/v1/notices/{notice['id']}")["publicity_change"]["why_not_zh"] == "此公告不是名单变更"
    )
    candidate = candidates(world, made.round_id)[made.applied[0].id]
    body = {"reason": "样例：名单有误", "publication": publication(world.clock.today)}
    ok(world.office.post(f"/v1/candidates/{candidate['id']}/removal", body))
    (notice,) = ok(world.office.get("/v1/notices?kind=removal"))["items"]
    says(world, f"/v1/notices/{notice['id']}", "publicity_change", candidate["printed_name"], "移出下列候选名称")


def test_two_of_one_name_are_told_apart_by_their_codes(world: World) -> None:
    first, second = register(world, name="样例同名有限公司"), register(world, name="样例同名有限公司")
    made = in_publicity(
        world,
        Contender(organisation=(first.organisation_id, first.applicant)),
        Contender(organisation=(second.organisation_id, second.applicant)),
    )
    codes = [ok(world.office.get(f"/v1/organisations/{item.organisation_id}"))["uscc"] for item in (first, second)]
    says(world, f"/v1/rounds/{made.round_id}", "candidate_notice", *(f"样例同名有限公司（{code}）" for code in codes))
    says(world, f"/v1/rounds/{made.round_id}", "ballots", *(f"样例同名有限公司（{code}）" for code in codes))
