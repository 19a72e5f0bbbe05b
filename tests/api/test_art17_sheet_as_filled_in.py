"""Art. 17: the departments' sheet as people fill it in and send it, once and again."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.measures.facts import RecordCategory
from app.services.consultations import cells
from sandbox.stages.applications import apply
from sandbox.stages.parties import Registered, rename
from sandbox.stages.qualification import asked, close_applications, consult
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_consultations_sheet import export, filled, send
from tests.support.problems import refused

ADVERSE = {"answer": "有不良记录", "category": "监督抽查不合格", "fact": "抽查不合格", "occurred_on": "2023-05-06"}


@pytest.fixture
def round_id(world: World) -> str:
    """A round in which the departments are asked about three applications."""
    made = open_round(world)
    for _ in range(3):
        apply(world, made)
    close_applications(world, made)
    consult(world, made)
    return made


def changed(content: bytes, change: Callable[[Workbook, Worksheet], None]) -> bytes:
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    change(book, book.worksheets[0])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        *("2023/5/6", "2023.5.6", "2023年5月6日", "2023-5-6", "2023年05月06号", "２０２３．５．６", " 2023/05/06 "),
        *(
            "2023 年 5 月 6 日",
            "2023. 5. 6",
            "2023—5—6",
            "2023、5、6",
            "二〇二三年五月六日",
            "二○二三年五月六号",
            "2023/5/6 0:00",
            "20230506",
            "2023-5-6日",
            "2023年5月6日（星期六）",
            "2023.5.6 周六",
        ),
        *(
            "2023.5.6.",
            "2023年5月6日。",
            "2023年5月6",
            "2023·5·6",
            "2023\\5\\6",
            "\u200b2023-05-06\ufeff",
            "2023年5月6號",
        ),
        *(
            "2023-05-06 00:00:00",
            date(2023, 5, 6),
            datetime.fromisoformat("2023-05-06"),
            datetime.fromisoformat("2023-05-06T15:30"),
        ),
    ],
)
def test_a_day_is_read_in_every_usual_writing(written: Any) -> None:
    assert cells.day(written) == "2023-05-06"


@pytest.mark.parametrize(
    "written",
    [
        *("23/5/6", "23.5.6", "2023/5", "5/6/2023", "30230506", "2023050", "45052", "2023/5.6", "去年", 45052, 1.5),
        *("2023年5月", "2023-5-6 7", "2023/5/6 15:30", "二〇二三年五月", "二三年五月六日", "二〇二三年5月六日"),
    ],
)
def test_what_may_be_another_day_is_handed_on_as_it_stands(written: Any) -> None:
    assert cells.day(written) == written


@pytest.mark.parametrize(
    ("written", "day"),
    [("二〇二二年十二月三十一日", "2022-12-31"), ("二零二二年十月二十日", "2022-10-20"), ("二O二二年二月三十日", None)],
)
def test_a_day_in_chinese_numerals_is_that_day_and_no_other(written: str, day: str | None) -> None:
    # One that the calendar does not have is for the schema to refuse.
    assert cells.day(written) == (day or "2022-02-30")


@pytest.mark.parametrize("written", ["二〇二二年一二月六日", "二〇二二年十十月六日"])
def test_what_is_no_numeral_is_no_day(written: str) -> None:
    assert not str(cells.day(written)).replace("-", "").isdigit()


@pytest.mark.parametrize("nothing", ["无", "/", "—", "——", "-", " 无 。", "（无）", "没有", "", None])
def test_a_stroke_says_nothing_in_every_column_but_the_answers(nothing: str | None) -> None:
    for read in (cells.said, cells.day, cells.category, cells.yes_or_no):
        assert read(nothing) is None
    assert cells.answer("/") == cells.answer("无。") == "no_objection"
    assert (cells.answer(None), cells.answer("—")) == (None, "—")


def test_categories_are_read_by_word_code_and_letter() -> None:
    letters = dict(zip("abcdefgh", RecordCategory, strict=True))
    for letter, category in letters.items():
        written_so = (letter, letter.upper(), chr(ord(letter) + 0xFEE0), f"（{letter}）", f"{letter}.", f"({letter})、")
        for written in (*written_so, category.value, category.value.upper()):
            assert cells.category(f" {written}\n") == category.value
    for word, code in cells.CATEGORIES.items():
        assert cells.category(word) == code
    assert cells.category("i") == "i" and cells.category("甲") == "甲"
    for both in ("D 监督抽查不合格", "D、监督抽查不合格", "(d)监督抽查不合格", "抽检不合格", "d.抽查不合格"):
        assert cells.category(both) == "failed_inspection"
    # The letter of one and the word of another say two things.
    assert cells.category("a 监督抽查不合格") == "a 监督抽查不合格"
    assert cells.category("d 样例") == "d 样例"


def test_what_is_said_of_nothing_found_is_an_answer() -> None:
    for written in ("未发现", "未发现不良记录", "无不良行为", "v", "V", "没有发现", "没有不良记录。"):
        assert cells.answer(written) == "no_objection"


def test_art17_a_day_that_there_is_not_is_told_as_that(world: World, round_id: str) -> None:
    assert cells.is_no_day("2023-02-30") and not cells.is_no_day("2023-02-28")
    assert not cells.is_no_day("2023-2-30") and not cells.is_no_day(45052)
    content = filled(export(world, round_id), {**ADVERSE, "occurred_on": "2023.2.30"}, {"answer": "无"})
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    (fault,) = refused(world.by("department-market").post(path, content=content), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/rows/2/records/0/occurred_on", "not_a_date")
    assert fault["message"] == "单元格 L2：没有2023-02-30这一天"


def test_art17_a_formula_without_its_result_is_a_fault_and_no_blank(world: World, round_id: str) -> None:
    def formula(book: Workbook, sheet: Worksheet) -> None:
        column = next(cell.column for cell in sheet[1] if str(cell.value).endswith(" answer"))
        sheet.cell(2, column).value = '="无"'

    content = changed(filled(export(world, round_id)), formula)
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    (fault,) = refused(world.by("department-market").post(path, content=content), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["message"].split("：")[0]) == ("/rows/2/answer", "单元格 H2")
    assert {item["state"] for item in asked(world, "market", round_id)} == {"asked"}


@pytest.mark.parametrize("named", [True, False])
def test_art17_a_further_record_stands_below_its_row(world: World, round_id: str, named: bool) -> None:
    def further(book: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(3)
        for cell in sheet[2]:
            key = str(sheet.cell(1, cell.column).value).split(" ")[1]
            if key in ("category", "fact", "occurred_on") or (named and key in ("consultation_id", "name")):
                sheet.cell(3, cell.column).value = f"{cell.value}之二" if key == "fact" else cell.value

    content = changed(filled(export(world, round_id), ADVERSE, {"answer": "无"}), further)
    assert ok(send(world, round_id, content))["answered"] == 2
    given = asked(world, "market", round_id)
    assert [item["fact"] for item in given[0]["records"]] == ["抽查不合格", "抽查不合格之二"]
    assert given[1]["records"] == []


def test_answers_and_yes_and_no_are_read_as_they_are_written() -> None:
    for none in (
        "无",
        "√",
        "✓",
        "无不良记录",
        "NO_OBJECTION",
        " 无 ",
        "没有",
        "无。",
        "无意见",
        "无异议。",
        "/",
        "无不良记录；",
    ):
        assert cells.answer(none) == "no_objection"
    assert (cells.answer("有"), cells.answer("Adverse"), cells.answer("不适用")) == (
        "adverse",
        "adverse",
        "not_applicable",
    )
    for unclear in ("是", "否", "×", "同意"):
        assert cells.answer(unclear) == unclear
    assert [cells.yes_or_no(told) for told in ("√", "是", "Yes", True, 1)] == [True] * 5
    assert [cells.yes_or_no(told) for told in ("×", "否", "NO", False, 0)] == [False] * 5
    assert cells.yes_or_no("也许") == "也许"
    assert cells.plain("\u200b\u3164 ") is None


def test_a_sheet_as_people_fill_it_in_is_taken(world: World, round_id: str) -> None:
    def as_people_do(book: Workbook, sheet: Worksheet) -> None:
        for column, cell in enumerate(list(sheet[1]), start=1):
            told, key = str(cell.value).split(" ")
            sheet.cell(1, column).value = f"{told}\n{key.upper()}" if column % 2 else told
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1).value = "征询意见表"
        book.create_sheet("封面", 0).cell(1, 1).value = "市场监督管理局"

    content = filled(
        export(world, round_id),
        {"answer": "无"},
        {
            **ADVERSE,
            "category": "D",
            "occurred_on": "2023/5/6",
            "determined_on": datetime.fromisoformat("2023-07-01"),
            "rectified": "√",
        },
        {"answer": "√"},
    )
    taken = ok(send(world, round_id, changed(content, as_people_do)))
    assert taken == {"answered": 3, "unchanged": 0, "faults": [], "warnings": []}
    given = asked(world, "market", round_id)
    assert [item["answer"] for item in given] == ["no_objection", "adverse", "no_objection"]
    assert given[1]["records"] == [
        {
            "category": "failed_inspection",
            "fact": "抽查不合格",
            "basis": None,
            "occurred_on": "2023-05-06",
            "determined_on": "2023-07-01",
            "rectified": True,
        }
    ]


def test_a_fault_names_its_cell_and_the_rest_is_not_lost(world: World, round_id: str) -> None:
    content = filled(export(world, round_id), {"answer": "无"}, {**ADVERSE, "occurred_on": 45052}, {"answer": "同意"})
    for partial in ({}, {"partial": "false"}):
        path = f"/v1/rounds/{round_id}/consultation-sheet"
        answer = world.by("department-market").post(path, params=partial, content=content)
        faults = refused(answer, 422, "invalid")["errors"]
        assert [(item["pointer"], item["code"]) for item in faults] == [
            ("/rows/3/records/0/occurred_on", "not_a_date"),
            ("/rows/4/answer", "not_allowed"),
        ]
        assert [item["message"].split("：")[0] for item in faults] == ["单元格 L3", "单元格 H4"]
        assert {item["state"] for item in asked(world, "market", round_id)} == {"asked"}
    answer = world.by("department-market").post(path, params={"partial": "true"}, content=content)
    assert ok(answer) == {"answered": 1, "unchanged": 0, "faults": faults, "warnings": []}
    assert [item["state"] for item in asked(world, "market", round_id)] == ["answered", "asked", "asked"]


def test_in_part_nothing_is_taken_of_which_two_things_are_said(world: World, round_id: str) -> None:
    contradictory = {0: {"answer": "不适用"}, 1: {"answer": "同意"}}
    content = filled(export(world, round_id), *[{"answer": "无"}] * 3, repeat=contradictory)
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    taken = ok(world.by("department-market").post(path, params={"partial": "true"}, content=content))
    assert taken["answered"] == 1
    assert [(item["pointer"], item["code"]) for item in taken["faults"]] == [
        ("/rows/6/answer", "not_allowed"),
        ("/rows/5/consultation_id", "duplicate"),
    ]
    assert [item["state"] for item in asked(world, "market", round_id)] == ["asked", "asked", "answered"]


def test_a_workbook_filled_in_further_is_sent_again(world: World, round_id: str) -> None:
    content = export(world, round_id)
    first = filled(content, {"answer": "无", "remark": "样例"}, ADVERSE)
    assert ok(send(world, round_id, first))["answered"] == 2
    again = filled(first, {}, {}, {"answer": "不适用"})
    assert ok(send(world, round_id, again)) == {"answered": 1, "unchanged": 2, "faults": [], "warnings": []}
    # Answered otherwise it is a fault: an answer is not changed by sending a sheet.
    for other in ({"answer": "不适用", "remark": "样例"}, {"answer": "无", "remark": "另注"}):
        problem = refused(send(world, round_id, filled(content, other)), 422, "invalid")
        assert [item["code"] for item in problem["errors"]] == ["already_answered"]
    problem = refused(send(world, round_id, filled(content, {}, {**ADVERSE, "fact": "另一事实"})), 422, "invalid")
    assert [item["code"] for item in problem["errors"]] == ["already_answered"]
    assert len(asked(world, "market", round_id)[1]["records"]) == 1


def test_a_heading_that_stands_there_twice_is_refused(world: World, round_id: str) -> None:
    def repeat(_book: Workbook, sheet: Worksheet) -> None:
        sheet.cell(1, sheet.max_column + 1).value = "答复"

    problem = refused(send(world, round_id, changed(export(world, round_id), repeat)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/columns/answer", "duplicate")]


def test_every_sheet_with_the_headings_is_read(world: World, round_id: str) -> None:
    """A copy in front or behind hides no answer, and the same answer in two of them is one."""

    def copied(book: Workbook, sheet: Worksheet) -> None:
        for title in ("旧", "余下"):
            book.copy_worksheet(sheet).title = title
        old, left = book["旧"], book["余下"]
        book.move_sheet(old, -3)
        answer = next(cell.column for cell in sheet[1] if cell.value == "答复 answer")
        sheet.cell(2, answer).value = "无"
        left.cell(2, answer).value = "无。"
        left.cell(3, answer).value = "不适用"

    taken = ok(send(world, round_id, changed(export(world, round_id), copied)))
    assert taken == {"answered": 2, "unchanged": 0, "faults": [], "warnings": []}
    assert [item["answer"] for item in asked(world, "market", round_id)] == ["no_objection", "not_applicable", None]


def test_two_sheets_that_say_two_things_are_refused_with_the_sheet_and_the_cell(world: World, round_id: str) -> None:
    def copied(book: Workbook, sheet: Worksheet) -> None:
        other = book.copy_worksheet(sheet)
        other.title = "改"
        answer = next(cell.column for cell in sheet[1] if cell.value == "答复 answer")
        sheet.cell(2, answer).value, other.cell(2, answer).value = "无", "不适用"

    problem = refused(send(world, round_id, changed(export(world, round_id), copied)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        ("/sheets/3/rows/2/consultation_id", "duplicate")
    ]
    assert problem["errors"][0]["message"].startswith("单元格 改!A2：")
    assert {item["state"] for item in asked(world, "market", round_id)} == {"asked"}


def test_a_row_without_a_record_may_have_its_other_cells_struck_out(world: World, round_id: str) -> None:
    struck = {"category": "/", "fact": "无", "basis": "无", "occurred_on": "/", "rectified": "无", "remark": "无。"}
    content = filled(
        export(world, round_id),
        {"answer": "无。", **struck},
        {**ADVERSE, "category": "（d）", "occurred_on": "二〇二三年五月六日", "determined_on": "/", "remark": "无"},
        {"answer": "", **struck},
    )
    assert ok(send(world, round_id, content)) == {"answered": 2, "unchanged": 0, "faults": [], "warnings": []}
    given = asked(world, "market", round_id)
    assert [(item["answer"], item["remark"]) for item in given] == [
        ("no_objection", None),
        ("adverse", None),
        (None, None),
    ]
    assert [(item["occurred_on"], item["determined_on"]) for item in given[1]["records"]] == [("2023-05-06", None)]


@pytest.mark.parametrize("last", ["填表人：样例甲", "审 核：样例乙", "合计", "联系电话：样例"])
def test_a_line_for_the_signatures_below_is_no_row(world: World, round_id: str, last: str) -> None:
    def signed(_book: Workbook, sheet: Worksheet) -> None:
        line = sheet.max_row + 2
        sheet.cell(line, 1).value = last
        sheet.cell(line, 8).value = "审核：样例乙"
        sheet.cell(1, 8).value = "答 复\n（盖章）"

    content = changed(filled(export(world, round_id), {"answer": "√"}), signed)
    assert ok(send(world, round_id, content))["answered"] == 1


def test_an_answer_beside_a_name_is_a_row_whatever_stands_in_front(world: World, round_id: str) -> None:
    """Only the id is lost: it is told, not passed over."""
    content = filled(export(world, round_id), {"answer": "无", "consultation_id": "合计"})
    problem = refused(send(world, round_id, content), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        ("/rows/2/consultation_id", "not_a_uuid")
    ]


def test_a_fault_is_told_in_the_words_of_the_sheet(world: World, round_id: str) -> None:
    content = filled(
        export(world, round_id),
        {"answer": "同意"},
        {**ADVERSE, "category": "其它", "occurred_on": "去年", "rectified": "也许"},
        {"answer": "√"},
    )
    problem = refused(send(world, round_id, content), 422, "invalid")
    told = {item["pointer"].rsplit("/", 1)[-1]: item["message"] for item in problem["errors"]}
    assert "无不良记录、有不良记录、不适用" in told["answer"]
    assert "监督抽查不合格" in told["category"]
    assert all(writing in told["occurred_on"] for writing in ("2023-05-06", "2023/5/6", "2023.5.6", "2023年5月6日"))
    assert "“是”或“否”" in told["rectified"]
    shown = " ".join([*told.values(), problem["detail"]])
    assert not [code for code in ("no_objection", "adverse", "failed_inspection", "true") if code in shown.split()]
    # The rest is not lost: how to have it taken is told.
    assert "其余1项无误，以 partial=true 提交即可先行收下" in problem["detail"]


def exchanged(*columns: str) -> Callable[[Workbook, Worksheet], None]:
    """The values of these columns in the first two rows, each in the other's place."""

    def change(_book: Workbook, sheet: Worksheet) -> None:
        keys = [str(cell.value).split(" ")[-1] for cell in sheet[1]]
        for key in columns:
            one, other = (sheet.cell(line, keys.index(key) + 1) for line in (2, 3))
            one.value, other.value = other.value, one.value

    return change


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (("consultation_id",), "code"),
        (("code",), "code"),
        (("name",), "name"),
        (("code", "name"), "code"),
    ],
)
def test_art17_a_row_that_names_another_than_its_consultation_is_told_by_cell(
    world: World, round_id: str, moved: tuple[str, ...], told: str
) -> None:
    content = filled(export(world, round_id), ADVERSE, {}, {"answer": "无"})
    content = changed(content, exchanged(*moved))
    problem = refused(send(world, round_id, content), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(f"/rows/2/{told}", "inconsistent")]
    assert problem["errors"][0]["message"].startswith(f"单元格 {'B2' if told == 'code' else 'C2'}：")
    # Nothing is put on record about either of them; the rest is not lost.
    path = f"/v1/rounds/{round_id}/consultation-sheet"
    answer = world.by("department-market").post(path, params={"partial": "true"}, content=content)
    assert ok(answer)["answered"] == 1
    assert [item["state"] for item in asked(world, "market", round_id)] == ["asked", "asked", "answered"]


def test_art17_whole_rows_may_stand_in_another_order_and_be_written_otherwise(world: World, round_id: str) -> None:
    keys = ("consultation_id", "code", "name", "answer", "category", "fact", "occurred_on")
    content = changed(filled(export(world, round_id), ADVERSE, {"answer": "无"}), exchanged(*keys))

    def otherwise(_book: Workbook, sheet: Worksheet) -> None:
        sheet.cell(2, 2).value = f" {str(sheet.cell(2, 2).value).lower()} "
        sheet.cell(2, 3).value = f" {sheet.cell(2, 3).value}\n"
        sheet.cell(3, 2).value = sheet.cell(3, 3).value = None

    assert ok(send(world, round_id, changed(content, otherwise)))["answered"] == 2
    assert [item["answer"] for item in asked(world, "market", round_id)] == ["adverse", "no_objection", None]


def test_art17_a_further_record_is_of_the_organisation_that_its_own_row_names(world: World, round_id: str) -> None:
    other = asked(world, "market", round_id)[1]
    more = {0: {**ADVERSE, "fact": "另一批次不合格", "code": other["code"], "name": other["name"]}}
    problem = refused(send(world, round_id, filled(export(world, round_id), ADVERSE, repeat=more)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/rows/5/code", "inconsistent")]


def test_art17_a_former_name_on_an_older_sheet_is_the_same_organisation(world: World) -> None:
    made = open_round(world)
    applied = apply(world, made)
    close_applications(world, made)
    consult(world, made)
    content = filled(export(world, made), {"answer": "无"})
    rename(world, Registered(applied.organisation_id, applied.applicant), "样例更名后有限公司")
    assert ok(send(world, made, content))["answered"] == 1
