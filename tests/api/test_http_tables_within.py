"""Lists that stand within an answer (a ranking, the names of a list, what a case leaves open) are had as tables too:
the rows of the list, told to people; of several lists in one answer each is a table."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest

from app.web.contract_layout import CONTRACT
from sandbox.callers import Caller
from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, conclude_round, in_publicity
from sandbox.stages.plaques import handed_over
from sandbox.stages.revocations import bring_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_http_tables import CSV, XLSX, by_heading, lines
from tests.api.test_revocations import FRAUD, decide
from tests.support.problems import refused

Table = list[list[str]]


def tables(caller: Caller, path: str, **headers: str) -> dict[str, Table]:
    """The tables of an answer as CSV by their names, in their order; "" for one that stands alone."""
    rows = lines(caller, path, **headers)
    parts: list[Table] = [[]]
    for row in rows:
        if row:
            parts[-1].append(row)
        else:
            parts.append([])
    if len(parts) == 1:
        return {"": rows}
    return {part[0][0]: part[1:] for part in parts}


def sheets(caller: Caller, path: str) -> dict[str, Table]:
    """The same as XLSX, by the names of its sheets."""
    answer = caller.get(path, headers={"Accept": XLSX})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX), answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {
        sheet.title.partition(" ")[2]: [["" if cell is None else cell for cell in row] for row in sheet.values]
        for sheet in book.worksheets
    }


def test_the_lists_of_a_round_are_had_as_tables(world: World) -> None:
    made = conclude_round(world, 2024, Contender(), Contender(listed=False))
    path = f"/v1/rounds/{made.round_id}"
    qualified = ok(world.public.get(f"{path}/qualified-list"))["names"]
    assert [row["组织名称"] for row in by_heading(lines(world.public, f"{path}/qualified-list"))] == qualified
    for ending, field in (("evaluation", "ranking"), ("candidate-list", "candidates")):
        told = ok(world.office.get(f"{path}/{ending}"))[field]
        rows = lines(world.office, f"{path}/{ending}")
        assert len(rows) == 1 + len(told) > 1
        (only,) = sheets(world.office, f"{path}/{ending}").values()
        assert only == rows
    (first, *_) = by_heading(lines(world.office, f"{path}/evaluation"))
    ranked = ok(world.office.get(f"{path}/evaluation"))["ranking"][0]
    assert (first["组织名称"], first["位次"]) == (ranked["organisation_name"], str(ranked["rank"]))
    (listed,) = by_heading(lines(world.public, f"{path}/candidate-list"))
    assert listed["名额类别"] == "制造业"
    # Of a conclusion the application is named to whoever may look it up.
    conclusions = tables(world.office, f"{path}/deliberation")
    told = {row["申报"].partition(" ")[2] for row in by_heading(next(iter(conclusions.values())))}
    assert told == {row["组织名称"] for row in by_heading(lines(world.office, f"{path}/evaluation"))}
    for ending in ("proposed-list", "approval", "decree"):
        assert len(next(iter(tables(world.office, f"{path}/{ending}").values()))) == 2, ending


def test_of_several_lists_each_is_a_table_and_an_empty_one_is_left_out(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    application = f"/v1/applications/{made.applied[0].id}"
    page = ok(world.office.get(f"{application}/qualification"))
    found = tables(world.office, f"{application}/qualification")
    assert found == sheets(world.office, f"{application}/qualification")
    # Named as they are called where they are read; in their order.
    assert list(found)[:2] == ["条件", "材料完整性"]
    assert len(found["条件"]) == 1 + len(page["conditions"])
    assert page["records"] == [] and "不良记录" not in found
    assert set(found["条件"][0]) != set(found["材料完整性"][0])
    spoken = tables(world.office, f"{application}/qualification", **{"Accept-Language": "en"})
    assert next(iter(spoken)) == "Conditions" and len(spoken) == len(found)
    # What has none of them has the first, with nothing in it.
    (alone,) = tables(world.auditor, "/v1/audit-chain").values()
    assert len(alone) == 1
    # One that stands alone has no name above it.
    assert list(tables(world.office, f"/v1/rounds/{made.round_id}/proposed-list")) == [""]


def test_what_a_case_leaves_open_is_a_table_of_sentences(world: World) -> None:
    (winner,) = concluded(world, {}).winners
    handed_over(world, winner)
    world.clock.go("2025-06-01")
    case = decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD), number="会府字〔2025〕7号")
    path = f"/v1/revocations/{case['id']}"
    (duty,) = ok(world.office.get(path))["open_duties"]
    (row,) = by_heading(next(iter(tables(world.office, path).values())))
    assert duty["message_zh"] in row.values() and duty["article"] in row.values()
    assert duty["rule"] not in row.values() and duty["reason"] not in row.values()
    spoken = next(iter(tables(world.office, path, **{"Accept-Language": "en"}).values()))
    assert duty["message_en"] in spoken[1] and duty["message_zh"] not in spoken[1]
    # Whoever is party to it has the case, and not what is left to the office.
    (mine, *_) = tables(winner.applicant, path).values()
    assert len(mine) == 1
    assert lines(world.office, f"/v1/awards/{winner.award_id}/conferral-doubts")[0]


def test_what_the_answer_refuses_is_refused_as_a_table_too(world: World) -> None:
    round_id = open_round(world)
    told = {"headers": {"Accept": CSV}}
    for ending in ("evaluation", "proposed-list", "approval", "decree", "qualified-list"):
        refused(world.office.get(f"/v1/rounds/{round_id}/{ending}", **told), 404)
    refused(world.public.get(f"/v1/rounds/{round_id}/evaluation", **told), 401)
    refused(world.by("reviewer1").get(f"/v1/rounds/{round_id}/evaluation", **told), 403)
    _, applicant = register_applicant(world)
    _, stranger = register_applicant(world)
    draft = begin(world, round_id, applicant)
    assert len(lines(applicant, f"/v1/applications/{draft['id']}/validation")) > 1
    refused(stranger.get(f"/v1/applications/{draft['id']}/validation", **told), 404)


def test_formulas_and_rare_names_stand_in_them_as_in_any_table(world: World) -> None:
    name = "会昌县𠮷𫖯𬸚" + "样" * 180 + "有限公司"
    made = in_publicity(world, Contender(details={"name": name}))
    for rows in (lines(world.public, f"/v1/rounds/{made.round_id}/candidate-list"),):
        assert name in rows[1]
    (sheet,) = sheets(world.public, f"/v1/rounds/{made.round_id}/candidate-list").values()
    assert name in sheet[1]
    (first, *_) = sheets(world.office, f"/v1/rounds/{made.round_id}/deliberation").values()
    assert all(isinstance(cell, str) for row in first for cell in row)


@pytest.mark.slow
def test_no_word_of_an_enumeration_is_left_in_them(world: World) -> None:
    contract: dict[str, Any] = json.loads(CONTRACT.read_bytes())
    made = conclude_round(world, 2024, Contender(), Contender(listed=False))
    award = ok(world.public.get("/v1/awards"))["items"][0]
    names = {
        "round_id": made.round_id,
        "application_id": made.applied[0].id,
        "organisation_id": made.applied[0].organisation_id,
        "award_id": award["id"],
    }
    enumerated = {
        word
        for schema in contract["components"]["schemas"].values()
        for word in schema.get("enum", [])
        if isinstance(word, str) and "_" in word
    }
    asked, left = 0, set()
    for path, methods in contract["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if "{" not in path or CSV not in content or "{" in (own := _filled(path, names)):
            continue
        for language in ("zh", "en"):
            answer = world.office.get(own, headers={"Accept": CSV, "Accept-Language": language})
            if answer.status_code in (403, 404, 409):
                continue
            asked += 1
            rows = list(csv.reader(io.StringIO(ok_text(answer))))
            left |= {(path, cell) for row in rows for cell in set(row) & enumerated}
    assert asked > 30
    assert left == set()


def _filled(path: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def ok_text(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.content.decode("utf-8-sig"))
