"""Every list that an office reads is had as XLSX and CSV: its rows, its filters and permissions, told to people;
text stays text, and nothing that people typed computes."""

import csv
import io
import json
import re
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from app.kernel.clock import SHANGHAI
from app.web import tables
from app.web.contract_layout import CONTRACT
from app.web.table_types import wanted
from sandbox.callers import Caller
from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.money import order
from sandbox.stages.parties import register
from sandbox.stages.plaques import order_plaque
from sandbox.stages.revocations import open_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_revocations import QUALITY
from tests.support.problems import refused

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALLED_SO = frozenset({"登录名", "/v1/measures/rules", "/v1/measures/state-machines", "/v1/interpretations"})
# What cannot be asked for without saying of what.
ASKED_BY = {"/v1/paper-templates": "?kind=call"}
TYPED = '=HYPERLINK("http://example.com","样例")'


def lines(caller: Caller, path: str, **headers: str) -> list[list[str]]:
    """The table as CSV, its headings first."""
    answer = caller.get(path, headers={"Accept": CSV, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=\"list.csv\"; filename*=UTF-8''")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sheet(caller: Caller, path: str, **headers: str) -> list[list[str]]:
    """The same as XLSX; every cell of it is text, and none a formula or a link."""
    answer = caller.get(path, headers={"Accept": XLSX, **headers})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX), answer.text
    (one,) = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    assert {cell.data_type for row in one.iter_rows() for cell in row} <= {"s", "n"}
    assert not [cell for row in one.iter_rows() for cell in row if cell.hyperlink or cell.data_type == "f"]
    return [["" if cell is None else cell for cell in row] for row in one.iter_rows(values_only=True)]


def by_heading(rows: list[list[str]]) -> list[dict[str, str]]:
    """Each row by the Chinese of its headings."""
    heads = [head.partition(" / ")[0] for head in rows[0]]
    assert len(set(heads)) == len(heads)
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/csv", "csv"),
        (XLSX, "xlsx"),
        (f"{XLSX};q=0.9, text/csv;q=0.8", "xlsx"),
        ("text/csv, */*;q=0.1", "csv"),
        ("text/csv, */*", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=0", None),
        ("text/csv;q=none", None),
        # A generated client names all that there is.
        (f"application/json, text/csv, {XLSX}", None),
        ("application/json;q=0.5, text/csv", "csv"),
        ("text/csv;q=0.4, application/json;q=0.5", None),
        ("*/*", None),
        ("application/json", None),
        ("", None),
    ],
)
def test_who_takes_json_as_gladly_is_given_json(accept: str, chosen: str | None) -> None:
    found = wanted({"headers": [(b"accept", accept.encode())] if accept else []})
    assert (None if found is None else found.value) == chosen


def test_a_list_has_the_same_rows_in_each_form(world: World) -> None:
    round_id = open_round(world)
    made = [register_applicant(world) for _ in range(3)]
    for _, applicant in made:
        begin(world, round_id, applicant)
    path = f"/v1/applications?round_id={round_id}"
    told = ok(world.office.get(path))["items"]
    rows = lines(world.office, path)
    assert rows == sheet(world.office, path)
    assert [row["组织名称"] for row in by_heading(rows)] == [item["organisation_name"] for item in told]
    first = by_heading(rows)[0]
    assert (first["状态"], first["统一社会信用代码"]) == ("填报中", told[0]["uscc"])
    # An instant as a clock in Shanghai shows it; what only a program reads stands last.
    at = datetime.fromisoformat(told[0]["created_at"]).astimezone(SHANGHAI)
    assert first["建立的时刻"] == at.strftime("%Y-%m-%d %H:%M:%S")
    assert first["届次"] == ok(world.office.get(f"/v1/rounds/{round_id}"))["title"]
    assert told[0]["id"] in rows[1][-2:]
    (organisation, *_) = by_heading(lines(world.office, "/v1/organisations"))
    assert organisation["行业代码"].startswith("1392 ") and len(organisation["行业代码"]) > len("1392 ")
    # An applicant has its own, a filter is a filter.
    assert len(lines(made[0][1], "/v1/applications")) == 2
    assert len(lines(world.office, f"{path}&state=submitted")) == 1
    spoken = lines(world.office, path, **{"Accept-Language": "en"})
    assert "Draft" in spoken[1] and "填报中" not in spoken[1]


@pytest.mark.parametrize("path", ["/v1/rounds", "/v1/awards", "/v1/measures/rules", "/v1/organisations"])
def test_what_a_list_is_had_as_is_what_it_varies_by(world: World, path: str) -> None:
    """Whoever keeps the JSON must not hand it to who asks for the table, nor a packed table to who takes none."""
    for accept in ("application/json", CSV, XLSX):
        for coding in ("identity", "gzip"):
            for _ in range(3):
                answer = world.office.get(path, headers={"Accept": accept, "Accept-Encoding": coding})
                assert ok(answer) if accept == "application/json" else answer.status_code == 200
                assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", ")), accept
    told = world.public.get(path, headers={"Accept": "text/csv"})
    assert "Accept" in told.headers["vary"].split(", ")


def test_what_the_list_refuses_is_refused(world: World) -> None:
    told = {"headers": {"Accept": CSV}}
    refused(world.public.get("/v1/applications", **told), 401)
    refused(world.by("department-market").get("/v1/applications", **told), 403)
    refused(world.office.get("/v1/applications?state=none", **told), 422)
    refused(world.office.get("/v1/applications?format=csv", **told), 422)
    refused(world.office.get("/v1/applications?cursor=none", **told), 422, "invalid_cursor")
    # What is no list has one form.
    me = world.office.get("/v1/me", **told)
    assert (me.status_code, me.headers["content-type"]) == (200, "application/json")


def test_nothing_that_people_typed_computes(world: World) -> None:
    (winner,) = concluded(world, {}).winners
    for text in (TYPED, "+1+1", "-2+3", "@SUM(A1)", " =1"):
        body = {"use": "package", "used_on": "2024-06-03", "description": f"{text} 样例", "evidence": text + "样例"}
        body |= {"order_text": "样例：立即停止", "correct_by": "2024-10-01"}
        ok(world.office.post(f"/v1/awards/{winner.award_id}/title-misuses", body), 201)
    path = f"/v1/awards/{winner.award_id}/title-misuses"
    said = [item["evidence"] for item in ok(world.office.get(path))["items"]]
    rows = by_heading(lines(world.office, path))
    assert [row["依据"] for row in rows] == [f"'{item}" for item in said]
    assert [row["依据"] for row in by_heading(sheet(world.office, path))] == said
    assert (rows[0]["使用方式"], rows[0]["获奖"]) == ("产品及包装", winner.name)


def test_amounts_stand_in_yuan_codes_as_they_are_and_ids_by_their_names(world: World) -> None:
    made = concluded(world, {})
    (winner,) = made.winners
    order(world, winner)
    (row,) = by_heading(lines(world.office, "/v1/disbursements"))
    assert "100000.00" in row.values() and "10000000" not in row.values()
    world.clock.go("2025-06-01")
    open_case(world, winner.award_id, QUALITY)
    case = lines(world.office, "/v1/revocations")
    assert winner.name in case[1] and winner.award_id not in case[1]
    # Who may not look a name up is not told it by a table.
    assert winner.name not in lines(world.government, "/v1/revocations")[1]
    assert winner.award_id in lines(world.government, "/v1/revocations")[1]


def test_the_register_is_had_by_anybody(world: World) -> None:
    concluded(world, {}, {})
    for caller in (world.public, world.office):
        rows = by_heading(lines(caller, "/v1/awards"))
        assert len(rows) == 2 and {row["状态"] for row in rows} == {"有效"}
    assert ok(world.public.get("/v1/awards"))["items"]


def test_all_pages_stand_in_one_table_and_what_is_cut_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [register(world, verified=False).organisation_id for _ in range(5)]
    monkeypatch.setattr(tables, "MAX_LIMIT", 2)
    path = "/v1/organisations?state=unverified"
    assert len(lines(world.office, path)) == 1 + len(names)
    assert len(lines(world.office, f"{path}&limit=1")) == 1 + len(names)
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    answer = world.office.get(path, headers={"Accept": CSV})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 4 + 1 and rows[-1][0].startswith("（未完")
    (link,) = re.findall(r'<([^>]+)>; rel="next"', answer.headers["link"])
    rest = world.office.get(link, headers={"Accept": CSV})
    assert len(rest.content.decode().splitlines()) == 2 and "link" not in rest.headers
    # One that ends where the limit is has nothing left out.
    monkeypatch.setattr(tables, "MOST_ROWS", 6)
    assert len(lines(world.office, path)) == 6


def test_a_reading_that_is_on_record_is_so_as_a_table(world: World) -> None:
    before = len(ok(world.auditor.get("/v1/audit-entries?act=read_reviewers"))["items"])
    lines(world.office, "/v1/reviewers")
    assert len(ok(world.auditor.get("/v1/audit-entries?act=read_reviewers"))["items"]) == before + 1


def test_no_word_of_an_enumeration_is_left_in_a_table(world: World) -> None:
    """Every list without an id in its address, by whoever reads it: told in words, in both languages."""
    contract = json.loads(CONTRACT.read_bytes())
    made = concluded(world, {}, {"repeat_award": True, "first_award": False})
    order(world, made.winners[0])
    order_plaque(world, made.winners[0])
    world.clock.go("2025-06-01")
    open_case(world, made.winners[0].award_id, QUALITY)
    register(world)
    enumerated = {
        word
        for schema in contract["components"]["schemas"].values()
        for word in schema.get("enum", [])
        if isinstance(word, str) and "_" in word
    }
    asked, left = 0, set()
    for path, methods in contract["paths"].items():
        operation = methods.get("get", {})
        if "{" in path or CSV not in _of(contract, operation).get("content", {}):
            continue
        callers = (world.office, world.auditor, world.by("unit-wenwuba"))
        caller = next(
            one for one in callers if one.role.value in operation["x-roles"] or "public" in operation["x-roles"]
        )
        for language in ("zh", "en"):
            rows = lines(caller, path + ASKED_BY.get(path, ""), **{"Accept-Language": language})
            asked += 1
            assert all(" / " in head and re.search("[\u4e00-\u9fff]", head) for head in rows[0]), path
            # What is called by a code has no other name.
            named = [place for place, head in enumerate(rows[0]) if head.partition(" / ")[0] not in CALLED_SO]
            told = {row[place] for row in rows[1:] for place in named} if path not in CALLED_SO else set()
            left |= {(path, cell) for cell in told & enumerated}
    assert asked > 40
    assert left == set()


def _of(contract: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = operation.get("responses", {}).get("200", {})
    if "$ref" in answer:
        answer = contract["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return answer


def test_a_long_name_and_a_rare_one_stand_as_they_are(world: World) -> None:
    rare = "会昌县𠮷𫖯𬸚样例有限公司"
    long = "会昌县" + "样" * 190 + "有限公司"
    for name in (rare, long):
        register(world, verified=False, name=name)
    for read in (lines, sheet):
        names = [row["名称"] for row in by_heading(read(world.office, "/v1/organisations"))]
        assert {rare, long} <= set(names)
