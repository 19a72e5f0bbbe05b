"""Art. 17: a department's batch out and in as a spreadsheet; judged like single answers, all or nothing."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from sandbox.stages.applications import apply
from sandbox.stages.qualification import asked, close_applications, consult, reply
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


ASKED_OF_THE_MARKET = "重大质量投诉、质量异议、索赔或退货、监督抽查不合格、其他违法违规不良记录"


@pytest.fixture
def round_id(world: World) -> str:
    """A round with two applications about which the departments are asked."""
    made = open_round(world)
    apply(world, made, name="=样例公式有限公司")
    apply(world, made)
    close_applications(world, made)
    consult(world, made)
    return made


def export(world: World, round_id: str, department: str = "market") -> bytes:
    response = world.by(f"department-{department}").get(f"/v1/rounds/{round_id}/consultation-sheet")
    assert (response.status_code, response.headers["content-type"]) == (200, XLSX)
    assert response.headers["content-disposition"].startswith("attachment")
    content: bytes = response.content
    return content


def filled(content: bytes, *answers: dict[str, Any], repeat: dict[int, dict[str, Any]] | None = None) -> bytes:
    """The sheet with these answers in its rows; `repeat` copies a row (from 0) and fills it in anew."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    keys = [str(cell.value).split(" ")[-1] for cell in sheet[1]]
    for line, answer in enumerate(answers, start=2):
        for key, value in answer.items():
            sheet.cell(line, keys.index(key) + 1).value = value
    for source, answer in (repeat or {}).items():
        line = sheet.max_row + 1
        for column in range(1, len(keys) + 1):
            sheet.cell(line, column).value = answer.get(keys[column - 1], sheet.cell(source + 2, column).value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(world: World, round_id: str, content: bytes, department: str = "market", **headers: str) -> Any:
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    return world.by(f"department-{department}").post(path, content=content, headers={"Content-Type": XLSX, **headers})


def test_the_sheet_holds_code_name_period_and_categories_as_text(world: World, round_id: str) -> None:
    sheet = load_workbook(io.BytesIO(export(world, round_id))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    listed = asked(world, "market", round_id)
    assert [row[:6] for row in rows] == [
        [item["id"], item["code"], item["name"], "2021-05-01", "2024-05-01", ASKED_OF_THE_MARKET] for item in listed
    ]
    assert rows[0][2] == "=样例公式有限公司"
    assert sheet.cell(2, 3).data_type == "s"


def test_a_filled_in_sheet_answers_and_leaves_empty_rows_for_later(world: World, round_id: str) -> None:
    first = filled(export(world, round_id), {"answer": "无不良记录", "remark": "样例"})
    assert ok(send(world, round_id, first)) == {"answered": 1, "unchanged": 0, "faults": [], "warnings": []}
    assert [item["state"] for item in asked(world, "market", round_id)] == ["answered", "asked"]
    left = export(world, round_id)
    assert load_workbook(io.BytesIO(left)).worksheets[0].max_row == 2
    adverse = {
        "answer": "有不良记录",
        "category": "监督抽查不合格",
        "fact": "抽查不合格",
        "occurred_on": "2023-06-01",
        "rectified": "是",
    }
    more = {0: {"category": "quality_complaint", "fact": "重大投诉", "occurred_on": "2023-07-01", "rectified": None}}
    assert ok(send(world, round_id, filled(left, adverse, repeat=more))) == {
        "answered": 1,
        "unchanged": 0,
        "faults": [],
        "warnings": [],
    }
    last = asked(world, "market", round_id)[-1]
    assert [(item["category"], item["rectified"]) for item in last["records"]] == [
        ("failed_inspection", True),
        ("quality_complaint", False),
    ]


def test_one_faulty_row_refuses_the_whole_sheet_and_every_fault_has_its_row(world: World, round_id: str) -> None:
    content = filled(
        export(world, round_id),
        {"answer": "无不良记录"},
        {"answer": "adverse", "category": "fatal_accident", "fact": "事故", "occurred_on": "2024-05-02"},
    )
    problem = refused(send(world, round_id, content), 422, "invalid")
    assert {(item["pointer"], item["code"]) for item in problem["errors"]} == {
        ("/rows/3/records/0/category", "not_asked"),
        ("/rows/3/records/0/occurred_on", "date_in_future"),
    }
    assert {item["state"] for item in asked(world, "market", round_id)} == {"asked"}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"answer": "同意"}, "/rows/2/answer"),
        ({"fact": "只有事实"}, "/rows/2/answer"),
        ({"answer": "adverse", "category": "failed_inspection"}, "/rows/2/records/0/fact"),
        (
            {"answer": "adverse", "category": "z", "fact": "x", "occurred_on": "2023-01-01"},
            "/rows/2/records/0/category",
        ),
        (
            {"answer": "adverse", "category": "failed_inspection", "fact": "x", "occurred_on": "去年"},
            "/rows/2/records/0/occurred_on",
        ),
        (
            {"answer": "adverse", "category": "failed_inspection", "fact": "x" * 4001, "occurred_on": "2023-01-01"},
            "/rows/2/records/0/fact",
        ),
        ({"answer": "no_objection", "consultation_id": "not-an-id"}, "/rows/2/consultation_id"),
        (
            {"answer": "no_objection", "category": "failed_inspection", "fact": "样例", "occurred_on": "2023-01-01"},
            "/rows/2/records",
        ),
    ],
)
def test_a_row_is_judged_by_the_schema_of_the_api(
    world: World, round_id: str, answer: dict[str, Any], pointer: str
) -> None:
    problem = refused(send(world, round_id, filled(export(world, round_id), answer)), 422, "invalid")
    assert pointer in {item["pointer"] for item in problem["errors"]}


def test_another_departments_rows_are_not_found(world: World, round_id: str) -> None:
    content = filled(export(world, round_id, "tax"), {"answer": "无不良记录"})
    problem = refused(send(world, round_id, content, "market"), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/rows/2/consultation_id", "not_found")]
    assert {item["state"] for item in asked(world, "tax", round_id)} == {"asked"}


def test_what_is_answered_already_or_twice_is_refused(world: World, round_id: str) -> None:
    content = export(world, round_id)
    twice = filled(content, {"answer": "无不良记录"}, repeat={0: {"answer": "无不良记录"}})
    problem = refused(send(world, round_id, twice), 422, "invalid")
    assert {item["code"] for item in problem["errors"]} == {"duplicate"}
    ok(reply(world, "market", asked(world, "market", round_id)[0]["id"]))
    problem = refused(send(world, round_id, filled(content, {"answer": "不适用"})), 422, "invalid")
    assert [item["code"] for item in problem["errors"]] == ["already_answered"]


def test_the_same_sheet_with_the_same_key_is_taken_once(world: World, round_id: str) -> None:
    content = filled(export(world, round_id), {"answer": "无不良记录"})
    for _ in range(2):
        assert ok(send(world, round_id, content, **{"Idempotency-Key": "sheet-0001"})) == {
            "answered": 1,
            "unchanged": 0,
            "faults": [],
            "warnings": [],
        }


def broken_sheets() -> dict[str, bytes]:
    empty, plain = io.BytesIO(), io.BytesIO()
    Workbook().save(empty)
    with zipfile.ZipFile(plain, "w") as package:
        package.writestr("readme.txt", "no workbook")
    return {"nothing": b"", "text": "不是表格".encode(), "cut": empty.getvalue()[:300], "zip": plain.getvalue()}


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["nothing", "text", "cut", "zip"])
def test_what_is_no_workbook_is_a_fault_of_the_input(world: World, round_id: str, kind: str) -> None:
    refused(send(world, round_id, broken_sheets()[kind]), 422, "unreadable_sheet")


@pytest.mark.one_database
def test_a_workbook_of_another_form_names_the_missing_columns(world: World, round_id: str) -> None:
    book, out = Workbook(), io.BytesIO()
    book.worksheets[0].append(["征询编号 consultation_id", "答复 answer"])
    book.save(out)
    problem = refused(send(world, round_id, out.getvalue()), 422, "invalid")
    assert "/columns/fact" in {item["pointer"] for item in problem["errors"]}


@pytest.mark.one_database
def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(world: World, round_id: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * (65 << 20))
    refused(send(world, round_id, out.getvalue()), 413, "too_large")


def test_only_departments_take_and_send_sheets(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    for caller in (world.office, world.auditor, world.government):
        refused(caller.get(path), 403, "forbidden")
        refused(caller.post(path, content=b"x"), 403, "forbidden")


def test_a_dry_run_judges_the_sheet_and_answers_nothing(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    content = filled(export(world, round_id), {"answer": "无不良记录"}, {"answer": "无不良记录"})
    headers = {"Content-Type": XLSX, "Idempotency-Key": "sheet-dry-01"}

    def rehearse(given: bytes) -> Any:
        caller = world.by("department-market")
        return caller.post(path, params={"dry_run": "true"}, content=given, headers=headers)

    answer = rehearse(content)
    assert (ok(answer)["answered"], answer.headers["dry-run"]) == (2, "true")
    assert [item["state"] for item in asked(world, "market", round_id)] == ["asked", "asked"]
    told = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    assert "reply_to_consultation" not in {item["act"] for item in told}
    faulty = filled(export(world, round_id), {"answer": "有不良记录"})
    real = refused(send(world, round_id, faulty), 422, "invalid")
    assert refused(rehearse(faulty), 422, "invalid")["errors"] == real["errors"]
    # The key was not used up by the rehearsal.
    assert ok(send(world, round_id, content, **{"Idempotency-Key": "sheet-dry-01"})) == {
        "answered": 2,
        "unchanged": 0,
        "faults": [],
        "warnings": [],
    }


@pytest.mark.one_database
def test_a_workbook_with_a_directory_beyond_any_sheet_is_refused_unread(world: World, round_id: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(20_000):
            package.writestr(f"{number:05d}" * 4, b"")
    refused(send(world, round_id, out.getvalue()), 422, "unreadable_sheet")


@pytest.mark.one_database
def test_a_workbook_whose_entities_multiply_is_refused(world: World, round_id: str) -> None:
    source, out = zipfile.ZipFile(io.BytesIO(export(world, round_id))), io.BytesIO()
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(9))
    with source, zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/sharedStrings.xml":
                head, _, tail = content.decode().partition("?>")
                content = f"{head}?><!DOCTYPE sst [{entities}]>{tail.replace('征询编号', '&e8;征询编号')}".encode()
            package.writestr(name, content)
    refused(send(world, round_id, out.getvalue()), 422, "unreadable_sheet")


@pytest.mark.slow
def test_a_hundred_thousand_cells_are_refused_and_nothing_is_answered(world: World, round_id: str) -> None:
    """As when somebody sends another register: rows of strangers below our own, forty cells in each."""
    book = load_workbook(io.BytesIO(filled(export(world, round_id), {"answer": "无不良记录"})))
    sheet = book.worksheets[0]
    for row in range(4, 2_504):
        for column in range(1, 41):
            sheet.cell(row, column, f"样例{row}")
    out = io.BytesIO()
    book.save(out)
    answer = refused(send(world, round_id, out.getvalue()), 422)
    # Each with its cell, so that whoever sent it sees what it is.
    assert {item["message"].split("：")[0] for item in answer["errors"]} >= {"单元格 A4", "单元格 A2503"}
    assert [item["state"] for item in asked(world, "market", round_id)] == ["asked", "asked"]
