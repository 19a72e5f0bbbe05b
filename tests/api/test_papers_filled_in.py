"""Art. 17: the form is filled in offline, in the XLSX that it gives itself, and read back; each fault has its cell."""

import io
from typing import Any

import openpyxl
import pytest

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
    "行政许可": {"A2": "排污许可证", "B2": "0071", "C2": "2027/5/1", "D2": "是"},
}


def test_a_filled_in_form_is_read_back(world: World, applicant: Registered, path: str) -> None:
    ok(
        applicant.applicant.patch(
            path, {"content": {"contact": {"name": "旧", "phone": "0797-1", "email": "a@b.cn"}}}, version=1
        )
    )
    content = filled(world, applicant, path, WHOLE)
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
    # And out again as it came in.
    again = drafted(applicant.applicant, path, "application_form", "xlsx")
    ok(applicant.applicant.post(f"{path}/form-sheet", content=again))
    assert ok(applicant.applicant.get(path))["content"] == told


@pytest.mark.parametrize(
    ("word", "address", "value", "pointer"),
    [
        ("业绩数据", "B2", "约一百万", "/content/figures/0/revenue_fen"),
        ("业绩数据", "B2", "0.001", "/content/figures/0/revenue_fen"),
        ("业绩数据", "A2", "去年", "/content/figures/0/year"),
        ("体系认证", "E2", "前年", "/content/certificates/0/valid_from"),
        ("体系认证", "A2", "不知道", "/content/certificates/0/kind"),
        ("基本情况", "B9", "=1+1", "/content/staff"),
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
