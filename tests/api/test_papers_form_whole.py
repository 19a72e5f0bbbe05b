"""Arts. 3, 5, 13, 17, 19, 22: the form on paper says all that the form can say, and is read back from the spreadsheet
whole; the unit's, the panel's and the government's papers say what was recorded of them."""

import io
from typing import Any

import openpyxl
import pytest

from app.measures.asks import IndicatorUnit
from app.schemas.applications.content import ContentIn
from app.schemas.labels import labels_of
from app.services.papers.facts import form_tables
from app.services.papers.facts.of_application import SURVEYED
from sandbox.seed import UNITS
from sandbox.stages.applications import eligible_content, endorse, upload
from sandbox.stages.parties import Registered, register
from sandbox.stages.reviews import report
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art03_letters import OPINION, ask, for_county
from tests.api.test_art03_letters import drafted as begun
from tests.api.test_art17_form_as_asked import rules
from tests.api.test_art19_survey_and_last_day import SURVEY, visited
from tests.api.test_art22_decrees_papers import PAPERS, approved, decree
from tests.support.papers import docx_text, drafted, pdf_text, plain
from tests.support.problems import refused

ASSETS = {"code": "total_assets", "zh": "资产总额", "en": "Total assets", "counted_in": "fen"}
SATISFACTION = {"code": "customer_satisfaction", "zh": "顾客满意度", "en": "Satisfaction", "counted_in": "percent"}
ASKS = {"form_fields": ["legal_representative", "quality_officer"], "indicators": [ASSETS, SATISFACTION]}
# Whatever a form can say beside the figures, certificates and texts that every sample has.
WHOLE: dict[str, Any] = {
    "size_class": "medium",
    "tags": ["preferred"],
    "staff": 260,
    "legal_representative": {"name": "样例法人", "office": "董事长", "phone": "0797-5600001"},
    "registered_capital_fen": 5_000_000_000,
    "quality_officer": {"name": "样例质量官", "office": "首席质量官", "phone": "0797-5600002"},
    "parent_organisation": "样例集团",
    "branches": ["样例一分厂", "样例二分厂"],
    "contact": {
        "name": "样例联系人",
        "phone": "0797-5600000",
        "email": "sample@example.org",
        "fax": "0797-5600009",
        "postcode": "342600",
    },
    "main_products": [
        {
            "name": "样例脐橙",
            "standards": [
                {"number": "GB/T 21488-2008", "level": "national"},
                {"number": "Q/YL 001-2023", "level": "enterprise"},
            ],
            "customers": ["样例超市甲", "样例超市乙"],
            "competitors": ["样例同业公司"],
        },
        {"name": "样例米粉", "standards": [], "customers": [], "competitors": []},
    ],
    "indicators": [
        {"code": "total_assets", "year": 2021, "value": "123456789012"},
        {
            "code": "total_assets",
            "year": 2023,
            "value": "-50",
            "rank": {"scope": "province", "rank": 7, "source": "样例行业协会"},
        },
        {"code": "customer_satisfaction", "year": 2022, "value": "93.25"},
        {"code": "customer_satisfaction", "year": 2023, "blank_reason": "样例：当年未开展调查"},
    ],
    "licences": [
        {
            "kind": "排污许可证",
            "number": "SAMPLE-L-1",
            "issued_on": "2022-07-02",
            "valid_to": "2029-06-30",
            "required": True,
        }
    ],
    "safety": {
        "level": 2,
        "certificate_number": "赣AQB360733000077",
        "issued_on": "2023-07-03",
        "valid_to": "2027-06-30",
    },
    "market_position": {"description": "样例：细分市场领先。", "scope": "nation", "rank": 4, "source": "样例年鉴"},
    "intellectual_property": [
        {"kind": "invention", "title": "一种样例装置", "number": "ZL202010000000.0", "granted_on": "2021-05-06"}
    ],
    "standards": [{"number": "T/EXAMPLE 001-2022", "title": "样例质量规范", "level": "group", "role": "led"}],
    "tables": [
        {
            "section": "results",
            "title": "近三年业绩数据分布",
            "columns": ["年度", "占比"],
            "rows": [["2022", "九成一"], ["2023", None]],
        },
        {"section": "results", "title": "样例表二", "columns": ["项目"], "rows": [["样例项目"]]},
    ],
    "internal_notice": {
        "from_day": "2024-03-01",
        "to_day": "2024-03-07",
        "place": "厂区公告栏",
        "result": "公示期间未收到异议。",
    },
}
# As people read it, wherever it stands on the form.
READ = [
    *(
        "中型",
        "优先类(行业龙头)",
        "样例法人",
        "董事长",
        "0797-5600001",
        "50000000.00元",
        "样例质量官",
        "首席质量官",
        "0797-5600002",
    ),
    *("样例集团", "样例一分厂", "样例二分厂", "sample@example.org", "0797-5600009", "342600"),
    *("样例脐橙", "GB/T21488-2008", "国家标准", "Q/YL001-2023", "企业标准", "样例超市甲", "样例超市乙", "样例同业公司"),
    *("样例米粉", "资产总额", "1234567890.12", "-0.50", "全省", "样例行业协会", "顾客满意度", "93.25"),
    *(
        "样例:当年未开展调查",
        "2022年7月2日",
        "赣AQB360733000077",
        "2023年7月3日",
        "2027年6月30日",
        "细分市场领先",
        "全国",
        "样例年鉴",
    ),
    *("发明专利", "一种样例装置", "ZL202010000000.0", "2021年5月6日", "T/EXAMPLE001-2022", "样例质量规范", "团体标准"),
    *("主导制定", "近三年业绩数据分布", "九成一", "样例表二", "样例项目", "2024年3月1日", "厂区公告栏"),
    *("公示期间未收到异议", "4.2-01", "样例战略纪要", "12-15", "样例佐证.pdf"),
]


@pytest.fixture
def applicant(world: World) -> Registered:
    return register(world)


@pytest.fixture
def path(world: World, applicant: Registered) -> str:
    made = ok(applicant.applicant.post("/v1/applications", {"round_id": open_round(world, asks=ASKS)}), 201)
    return f"/v1/applications/{made['id']}"


@pytest.fixture
def whole(applicant: Registered, path: str) -> dict[str, Any]:
    """The form with everything in it, as it is kept."""
    file = upload(applicant.applicant, path.rpartition("/")[2], "self_assessment", filename="样例佐证.pdf")
    evidence = {"number": "4.2-01", "title": "样例战略纪要", "pages": "12-15", "attachment_id": file["id"]}
    content = eligible_content(2024) | WHOLE | {"evidence": [evidence]}
    content["truthfulness"] |= {"signed_on": "2024-03-01"}
    version = ok(applicant.applicant.get(path))["version"]
    told: dict[str, Any] = ok(applicant.applicant.patch(path, {"content": content}, version=version))["content"]
    return told


def sheets(applicant: Registered, path: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(drafted(applicant.applicant, path, "application_form", "xlsx")))


def sent(applicant: Registered, path: str, book: Any) -> Any:
    made = io.BytesIO()
    book.save(made)
    return applicant.applicant.post(f"{path}/form-sheet", content=made.getvalue())


def sheet_of(book: Any, word: str) -> Any:
    (found,) = [one for one in book.worksheets if word in one.title and "自评表格" not in one.title]
    return found


def test_art17_the_form_on_paper_says_all_that_the_form_says(
    applicant: Registered, path: str, whole: dict[str, Any]
) -> None:
    for found in (
        pdf_text(drafted(applicant.applicant, path, "application_form")),
        docx_text(drafted(applicant.applicant, path, "application_form", "docx")),
    ):
        assert [words for words in READ if plain(words) not in found] == []
    # No part of the form is left out here.
    assert set(ContentIn.model_fields) == set(whole)


def test_art17_the_whole_form_goes_out_and_in_as_it_is(applicant: Registered, path: str, whole: dict[str, Any]) -> None:
    ok(sent(applicant, path, sheets(applicant, path)))
    assert ok(applicant.applicant.get(path))["content"] == whole


def test_art17_the_form_is_filled_in_from_the_empty_sheet(applicant: Registered, path: str) -> None:
    book = sheets(applicant, path)
    indicators = sheet_of(book, "业绩指标")
    lines = {(row[0].value, row[3].value): row for row in indicators.iter_rows(min_row=2)}
    # A line for each indicator that the round asks for and each of its three years.
    assert len(lines) == 6 and {row[2].value for row in lines.values()} == {"元", "%"}
    lines["total_assets", "2022"][4].value = "1,234,567.5"
    lines["total_assets", "2023"][4].value = 2_000_000
    lines["customer_satisfaction", "2023"][5].value = "样例：未调查"
    products = sheet_of(book, "主要产品")
    rows: list[list[str | None]] = [
        ["样例脐橙", "GB/T 21488-2008", "国家标准", "甲超市；乙超市", "丙公司;丁公司"],
        [None, "Q/YL 001-2023", "企业标准", None, None],
        ["样例米粉", None, None, "甲超市\n乙超市", None],
    ]
    for line, values in enumerate(rows, 2):
        for column, cell in enumerate(values, 1):
            products.cell(line, column, cell)
    for word, address, value in (
        ("安全生产标准化", "B1", 3),
        ("安全生产标准化", "B2", "赣AQB1"),
        ("安全生产标准化", "B4", "2027/6/30"),
        ("内部公示", "B1", "2024年3月1日"),
        ("内部公示", "B2", "2024.3.7"),
        ("内部公示", "B3", "厂区公告栏"),
        ("内部公示", "B4", "公示期间未收到异议。"),
    ):
        sheet_of(book, word)[address] = value
    ok(sent(applicant, path, book))
    told = ok(applicant.applicant.get(path))["content"]
    stated = {(item["code"], item["year"]): (item["value"], item["blank_reason"]) for item in told["indicators"]}
    assert stated == {
        ("total_assets", 2022): ("123456750", None),
        ("total_assets", 2023): ("200000000", None),
        ("customer_satisfaction", 2023): (None, "样例：未调查"),
    }
    first, second = told["main_products"]
    assert [item["number"] for item in first["standards"]] == ["GB/T 21488-2008", "Q/YL 001-2023"]
    assert (first["customers"], first["competitors"]) == (["甲超市", "乙超市"], ["丙公司", "丁公司"])
    assert (second["name"], second["standards"], second["customers"]) == ("样例米粉", [], ["甲超市", "乙超市"])
    assert told["safety"] == {
        "level": 3,
        "certificate_number": "赣AQB1",
        "issued_on": None,
        "valid_to": "2027-06-30",
    }
    assert told["internal_notice"]["to_day"] == "2024-03-07"


@pytest.mark.parametrize(
    ("word", "address", "value", "pointer"),
    [
        ("业绩指标", "E7", "约九成", "/content/indicators/5/value"),
        ("业绩指标", "G4", "全乡", "/content/indicators/2/rank/scope"),
        ("主要产品", "C3", "样例级", "/content/main_products/0/standards/1/level"),
        ("安全生产标准化", "B4", "明年", "/content/safety/valid_to"),
        ("知识产权", "A2", "秘方", "/content/intellectual_property/0/kind"),
        ("制修订标准", "D2", "旁观", "/content/standards/0/role"),
        ("内部公示", "B4", "无", "/content/internal_notice/result"),
        ("基本情况", "B21", "巨型", "/content/size_class"),
    ],
)
def test_art17_a_fault_in_the_further_parts_has_its_cell(
    applicant: Registered, path: str, whole: dict[str, Any], word: str, address: str, value: str, pointer: str
) -> None:
    book = sheets(applicant, path)
    # The lines of the years for which nothing was stated, so that each line is an entry.
    indicators = sheet_of(book, "业绩指标")
    for row in indicators.iter_rows(min_row=2):
        if not str(row[4].value or row[5].value or "").strip("＿"):
            row[4].value = "1"
    sheet_of(book, word)[address] = value
    faults = refused(sent(applicant, path, book), 422)["errors"]
    assert [item["pointer"] for item in faults] == [pointer]
    assert faults[0]["message"].split("：")[0].endswith(address) and word in faults[0]["message"]


def test_art17_the_words_of_the_form_are_those_of_the_contract() -> None:
    for enumeration, words in (
        ("SizeClass", form_tables.SIZES),
        ("SectorTag", form_tables.CLAIMS),
        ("TerritorialScope", form_tables.SCOPES),
        ("StandardLevel", form_tables.STANDARDS),
        ("StandardRole", form_tables.ROLES),
        ("IntellectualPropertyKind", form_tables.RIGHTS),
        ("SurveyMethod", {key.value: word for key, word in SURVEYED.items()}),
    ):
        assert {word: text.zh for word, text in labels_of(enumeration, words).items()} == dict(words)
    assert set(form_tables.UNITS) == set(IndicatorUnit)


def test_art03_the_recommendation_on_paper_says_which_department_endorsed_by_which_letter(world: World) -> None:
    one = begun(world, open_round(world, review_rules=rules(recommendation=["county_endorsement"])))
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"]))
    ok(for_county(world, asked["id"], letter_number="会工信字〔2024〕9号"))
    found = pdf_text(drafted(world.office, f"/v1/applications/{one.id}", "recommendation_form"))
    named = ok(world.by("unit-industry").get("/v1/recommendations"))["items"][0]
    assert named["county_unit_id"] == world.id("unit:industry")
    for words in (UNITS["industry"][0], "会工信字〔2024〕9号", OPINION["opinion"], OPINION["signatory"]):
        assert plain(words) in found


def test_art19_the_on_site_report_on_paper_says_how_customers_were_asked(world: World) -> None:
    application_id = visited(world, {"review": ["customer_survey"]})
    ok(report(world, application_id, "onsite", customer_survey=SURVEY | {"method": "interview"}), 201)
    found = pdf_text(drafted(world.office, f"/v1/applications/{application_id}", "onsite_report"))
    assert plain(f"面谈：调查{SURVEY['sample']}份") in found
    assert "interview" not in found


def test_art22_the_decree_on_paper_is_its_issuers_under_its_title(world: World) -> None:
    round_id = approved(world)
    stated = PAPERS | {"issuer": "会昌县人民政府办公室", "attachments": []}
    dated = world.clock.today
    ok(decree(world, round_id, **stated, published_on=dated.isoformat()), 201)
    found = pdf_text(drafted(world.government, f"/v1/rounds/{round_id}", "decree"))
    assert plain("会昌县人民政府办公室文件") in found
    assert plain(str(PAPERS["title"])) in found
    assert plain(f"发布日期：{dated.year}年{dated.month}月{dated.day}日") in found


def test_art22_a_decree_that_states_neither_is_the_governments_under_the_usual_title(world: World) -> None:
    round_id = approved(world)
    ok(decree(world, round_id), 201)
    found = pdf_text(drafted(world.government, f"/v1/rounds/{round_id}", "decree"))
    assert plain("会昌县人民政府关于表彰第一届“会昌独好”质量奖获奖组织的通报") in found
    assert plain("会昌县人民政府文件") in found
    assert "发布日期" not in found
