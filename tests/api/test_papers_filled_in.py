"""Art. 17: the form is filled in offline, in the XLSX that it gives itself, and read back; each fault has its cell."""

import io
from typing import Any

import openpyxl
import pytest

from app.schemas.labels import labels_of
from app.services.papers.facts.form_tables import CERTIFIED, HONOURED, LEVELS
from sandbox.callers import Caller
from sandbox.stages.parties import Registered, register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.papers import drafted
from tests.support.problems import refused


@pytest.fixture
def applicant(world: World) -> Registered:
    return register(world)


@pytest.fixture
def path(world: World, applicant: Registered) -> str:
    round_id = open_round(world, 2024)
    return f"/v1/applications/{ok(applicant.applicant.post('/v1/applications', {'round_id': round_id}), 201)['id']}"


def filled(world: World, applicant: Registered, path: str, cells: dict[str, dict[str, Any]]) -> bytes:
    """The form as it is downloaded, with these cells filled in, by a word in the sheet's title."""
    book = openpyxl.load_workbook(io.BytesIO(drafted(applicant.applicant, path, "application_form", "xlsx")))
    for word, values in cells.items():
        (sheet,) = [sheet for sheet in book.worksheets if word in sheet.title]
        for address, value in values.items():
            sheet[address] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


WHOLE: dict[str, dict[str, Any]] = {
    "基本情况": {"B7": "样例法人", "B8": "5000000", "B9": 260, "B11": "样例联系人", "B12": "0797-5600000"},
    "业绩数据": {"A2": 2022, "B2": "1,200,000.50", "C2": -3.5, "A3": "2023", "B3": 1300000, "C3": "0"},
    "体系认证": {
        "A2": "管理体系",
        "B2": "GB/T 19001-2016",
        "C2": "00123Q30001R0M",
        "D2": "样例认证中心",
        "E2": "2023年1月10日",
        "F2": "2026-01-09",
    },
    "行政许可": {"A2": "排污许可证", "B2": "0071", "C2": "2022.5.2", "D2": "2027/5/1", "E2": "是"},
    "荣誉": {
        **{"A2": "赣州市市长质量奖", "B2": "市长质量奖", "C2": "提名奖", "D2": "2022.12.1", "E2": ""},
        **{"A3": "样例行业协会奖", "B3": "其他", "C3": "协会奖", "D3": "2021年5月6日", "E3": "2024-05-05"},
    },
    "不良记录": {
        **{
            "A2": "监督抽查不合格",
            "B2": "2022年抽查一批次不合格，已整改。",
            "C2": "2022-03-04",
            "E2": "市场监督管理局",
        },
        **{"F2": "样抽字〔2022〕3号", "G2": "是", "H2": "是"},
    },
}


def sections(path: str, caller: Caller) -> dict[str, int]:
    """The codes of the self-assessment's sections, by the row in which each stands."""
    book = openpyxl.load_workbook(io.BytesIO(drafted(caller, path, "application_form", "xlsx")))
    (sheet,) = [one for one in book.worksheets if "自我评价" in one.title]
    return {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=2)}


def test_a_filled_in_form_is_read_back(world: World, applicant: Registered, path: str) -> None:
    ok(
        applicant.applicant.patch(
            path, {"content": {"contact": {"name": "旧", "phone": "0797-1", "email": "a@b.cn"}}}, version=1
        )
    )
    first, second, *_ = sections(path, applicant.applicant)
    ok(applicant.applicant.patch(path, {"content": {"sections": {second: "原有内容。"}}}, version=2))
    rows = sections(path, applicant.applicant)
    said = "样例：本组织以顾客为关注焦点。\n第二段 "
    content = filled(world, applicant, path, WHOLE | {"自我评价": {f"C{rows[first]}": said}})
    ok(applicant.applicant.post(f"{path}/form-sheet?dry_run=true", content=content))
    assert "figures" not in ok(applicant.applicant.get(path))["content"]
    ok(applicant.applicant.post(f"{path}/form-sheet", content=content))
    told = ok(applicant.applicant.get(path))["content"]
    assert (told["staff"], told["registered_capital_fen"]) == (260, 500_000_000)
    assert told["legal_representative"]["name"] == "样例法人"
    # Of what the sheet does not say, what was there stays.
    assert told["contact"]["email"] == "a@b.cn"
    assert told["contact"]["name"] == "样例联系人"
    figures = [(item["year"], item["revenue_fen"], item["net_profit_fen"]) for item in told["figures"]]
    assert figures == [(2022, 120_000_050, -350), (2023, 130_000_000, 0)]
    assert told["figures"][0]["tax_fen"] is None
    (certificate,) = told["certificates"]
    assert (certificate["kind"], certificate["valid_from"]) == ("management_system", "2023-01-10")
    (licence,) = told["licences"]
    assert (licence["number"], licence["valid_to"], licence["required"]) == ("0071", "2027-05-01", True)
    assert licence["issued_on"] == "2022-05-02"
    honours = [(item["level"], item["kind"], item["awarded_on"], item["valid_to"]) for item in told["honours"]]
    assert honours == [
        ("municipal_mayor", "nomination", "2022-12-01", None),
        ("other", "association", "2021-05-06", "2024-05-05"),
    ]
    (record,) = told["adverse_records"]
    assert (record["category"], record["occurred_on"], record["determined_on"]) == (
        "failed_inspection",
        "2022-03-04",
        None,
    )
    assert (record["source"], record["attributable"], record["rectified"]) == ("市场监督管理局", True, True)
    assert told["sections"] == {first: said.strip(), second: "原有内容。"}
    # And out again as it came in.
    again = drafted(applicant.applicant, path, "application_form", "xlsx")
    ok(applicant.applicant.post(f"{path}/form-sheet", content=again))
    assert ok(applicant.applicant.get(path))["content"] == told


@pytest.mark.parametrize(
    ("word", "address", "value", "pointer"),
    [
        ("业绩数据", "B2", "约一百万", "/content/figures/0/revenue_fen"),
        ("业绩数据", "B2", "0.001", "/content/figures/0/revenue_fen"),
        ("业绩数据", "C2", "1e999999999", "/content/figures/0/net_profit_fen"),
        # Short texts that stand for a number without end, or for none.
        *(
            ("业绩数据", "B2", endless, "/content/figures/0/revenue_fen")
            for endless in ("Infinity", "-inf", "1e999999", "9e99999999", "1e20000", "NaN", "sNaN", "1e999元")
        ),
        ("业绩数据", "A2", "去年", "/content/figures/0/year"),
        ("体系认证", "E2", "前年", "/content/certificates/0/valid_from"),
        ("体系认证", "A2", "不知道", "/content/certificates/0/kind"),
        ("基本情况", "B9", "=1+1", "/content/staff"),
        ("荣誉", "B3", "乡级", "/content/honours/1/level"),
        ("荣誉", "D2", "去年", "/content/honours/0/awarded_on"),
        ("不良记录", "A2", "不知道", "/content/adverse_records/0/category"),
        ("不良记录", "G2", "也许", "/content/adverse_records/0/attributable"),
    ],
)
def test_a_fault_is_told_with_its_cell(
    world: World, applicant: Registered, path: str, word: str, address: str, value: str, pointer: str
) -> None:
    cells = {key: dict(values) for key, values in WHOLE.items()}
    cells[word][address] = value
    answer = refused(applicant.applicant.post(f"{path}/form-sheet", content=filled(world, applicant, path, cells)), 422)
    (fault,) = answer["errors"]
    assert fault["pointer"] == pointer
    assert word in fault["message"]
    assert fault["message"].split("：")[0].endswith(address)
    assert "staff" not in ok(applicant.applicant.get(path))["content"]


def test_an_empty_form_and_what_is_no_form_are_refused(world: World, applicant: Registered, path: str) -> None:
    empty = openpyxl.Workbook()
    made = io.BytesIO()
    empty.save(made)
    refused(applicant.applicant.post(f"{path}/form-sheet", content=made.getvalue()), 422)
    refused(applicant.applicant.post(f"{path}/form-sheet", content=b"PK\x03\x04 none"), 422, "unreadable_sheet")
    wide = openpyxl.Workbook()
    sheet = wide.active
    assert sheet is not None
    sheet.title = "业绩数据"
    for row in range(1, 1001):
        for column in range(1, 101):
            sheet.cell(row, column, 1)
    made = io.BytesIO()
    wide.save(made)
    refused(applicant.applicant.post(f"{path}/form-sheet", content=made.getvalue()), 422)


def test_nobody_fills_in_anothers_form(world: World, applicant: Registered, path: str) -> None:
    stranger = register(world).applicant
    content = filled(world, applicant, path, WHOLE)
    refused(stranger.post(f"{path}/form-sheet", content=content), 404)
    refused(world.office.post(f"{path}/form-sheet", content=content), 403)
    refused(world.public.post(f"{path}/form-sheet", content=content), 401)


def test_a_section_longer_than_a_cell_goes_out_and_in_as_it_is(world: World, applicant: Registered, path: str) -> None:
    first = next(iter(sections(path, applicant.applicant)))
    # 60,000 characters, with a blank where a cell ends.
    written = "样" * 29_999 + " " + "例" * 29_999 + "终"
    ok(applicant.applicant.patch(path, {"content": {"sections": {first: written}}}, version=1))
    content = drafted(applicant.applicant, path, "application_form", "xlsx")
    ok(applicant.applicant.post(f"{path}/form-sheet", content=content))
    assert ok(applicant.applicant.get(path))["content"]["sections"] == {first: written}


def test_a_section_that_the_round_does_not_know_is_refused_at_its_cell(
    world: World, applicant: Registered, path: str
) -> None:
    content = filled(world, applicant, path, {"自我评价": {"A2": "BAD CODE!", "C2": "样例内容。"}})
    (fault,) = refused(applicant.applicant.post(f"{path}/form-sheet", content=content), 422)["errors"]
    assert fault["pointer"].startswith("/content/sections") and "自我评价" in fault["message"]


def test_the_words_of_the_sheet_are_those_of_the_contract() -> None:
    for enumeration, words in (("HonourLevel", LEVELS), ("HonourKind", HONOURED), ("CertificateKind", CERTIFIED)):
        told = {word: text.zh for word, text in labels_of(enumeration, words).items()}
        assert {word: text.removesuffix("认证") for word, text in told.items()} == dict(words)


def test_a_name_of_two_hundred_characters_and_a_rare_one_go_out_and_in(
    world: World, applicant: Registered, path: str
) -> None:
    for name in ("样" * 200, "𠮷野𬸚"):
        content = filled(world, applicant, path, {"基本情况": {"B7": name}})
        ok(applicant.applicant.post(f"{path}/form-sheet", content=content))
        assert ok(applicant.applicant.get(path))["content"]["legal_representative"]["name"] == name
    content = filled(world, applicant, path, {"基本情况": {"B7": "样" * 201}})
    (fault,) = refused(applicant.applicant.post(f"{path}/form-sheet", content=content), 422)["errors"]
    assert (fault["code"], fault["pointer"]) == ("too_long", "/content/legal_representative/name")
    assert "B7" in fault["message"]
