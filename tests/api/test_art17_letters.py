"""Art. 17: a department's opinion with the number of its letter, who has signed it and the scan, where a round asks."""

from typing import Any

import pytest

from sandbox.stages.applications import PDF, apply
from sandbox.stages.qualification import asked, close_applications, consult, reply
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art17_form_as_asked import rules
from tests.api.test_consultations_sheet import XLSX, export, filled
from tests.support.problems import refused

LETTER = {"letter_number": "会市监函〔2024〕31号", "signatory": "样例部门负责人"}
MARKET, TAX = "market", "tax"


def opened(world: World, opinions: list[str], count: int = 1) -> str:
    """A round whose departments are asked about `count` applications."""
    round_id = open_round(world, review_rules=rules(opinions=opinions))
    for _ in range(count):
        apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    return round_id


def stamped(world: World, department: str) -> str:
    caller = world.by(f"department-{department}")
    found: str = ok(caller.post("/v1/stamped-opinions", params={"filename": "复函.pdf"}, content=PDF), 201)["id"]
    return found


def faults(answer: Any) -> list[tuple[str, str]]:
    return [(item["pointer"], item["code"]) for item in refused(answer, 422)["errors"]]


def test_a_round_asks_for_letter_signatory_and_seal(world: World) -> None:
    round_id = opened(world, ["letter_number", "signatory", "stamped_opinion_id"])
    (row,) = asked(world, MARKET, round_id)
    missing = refused(reply(world, MARKET, row["id"], **{"signatory": "样例"}), 422)["errors"]
    assert [(item["pointer"], item["code"], item["rule"]) for item in missing] == [
        ("/letter_number", "required", "art17.qualification"),
        ("/stamped_opinion_id", "required", "art17.qualification"),
    ]
    foreign = reply(world, MARKET, row["id"], **LETTER, stamped_opinion_id=stamped(world, TAX))
    assert faults(foreign) == [("/stamped_opinion_id", "not_found")]
    own = stamped(world, MARKET)
    done = ok(reply(world, MARKET, row["id"], **LETTER, stamped_opinion_id=own))
    assert {name: done[name] for name in LETTER} == LETTER
    page = ok(world.office.get(f"/v1/applications/{application(world, round_id)}/qualification"))
    (shown,) = [item for item in page["consultations"] if item["id"] == row["id"]]
    assert (shown["letter_number"], shown["signatory"], shown["stamped_opinion_id"]) == (*LETTER.values(), own)


def application(world: World, round_id: str) -> str:
    (one,) = ok(world.office.get("/v1/applications", params={"round_id": round_id}))["items"]
    found: str = one["id"]
    return found


def test_a_round_that_asks_for_none_takes_it_all_the_same(world: World) -> None:
    round_id = opened(world, [])
    (row,) = asked(world, MARKET, round_id)
    assert ok(reply(world, MARKET, row["id"], **LETTER))["letter_number"] == LETTER["letter_number"]
    (row,) = asked(world, TAX, round_id)
    assert ok(reply(world, TAX, row["id"]))["letter_number"] is None


def test_one_letter_covers_a_sheet(world: World) -> None:
    round_id = opened(world, ["letter_number"], count=2)
    sheet = filled(export(world, round_id), *[{"answer": "no_objection"}] * 2)

    def send(**letter: str) -> Any:
        path, headers = f"/v1/rounds/{round_id}/consultation-sheet", {"Content-Type": XLSX}
        return world.by("department-market").post(path, params=letter, content=sheet, headers=headers)

    assert faults(send()) == [("/query/letter_number", "required")]
    taken = ok(send(**LETTER))
    assert (taken["answered"], taken["faults"]) == (2, [])
    assert {row["letter_number"] for row in asked(world, MARKET, round_id)} == {LETTER["letter_number"]}
    # The same sheet once more, with another letter: what was answered keeps the letter that it came with.
    again = ok(send(letter_number="会市监函〔2024〕32号"))
    assert (again["answered"], again["unchanged"]) == (0, 2)
    assert {row["letter_number"] for row in asked(world, MARKET, round_id)} == {LETTER["letter_number"]}


@pytest.mark.parametrize(("reader", "status"), [("department-market", 200), ("office", 200), ("department-tax", 404)])
def test_a_departments_scan_is_handed_out_to_it_and_the_office(world: World, reader: str, status: int) -> None:
    made = stamped(world, MARKET)
    shown = world.by(reader).get(f"/v1/stamped-opinions/{made}")
    assert shown.status_code == status
    content = world.by(reader).get(f"/v1/stamped-opinions/{made}/content")
    assert content.status_code == status
    if status == 200:
        assert (shown.json()["department_id"], shown.json()["unit_id"]) == (world.id("department:market"), None)
        assert content.content == PDF


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("会市监函〔2024〕31号", []),
        ("会市监函〔2023〕1号", [("/letter_number", "inconsistent")]),
        ("会市监函【2019】1号", [("/letter_number", "inconsistent")]),
        ("会市监函〔2025〕1号", [("/letter_number", "inconsistent")]),
        ("复函第1号", []),
    ],
)
def test_art17_a_departments_letter_is_of_a_year_since_the_call(
    world: World, number: str, told: list[tuple[str, str]]
) -> None:
    round_id = opened(world, [])
    (row,) = asked(world, MARKET, round_id)
    sheet = filled(export(world, round_id), {"answer": "无"})
    path, headers = f"/v1/rounds/{round_id}/consultation-sheet", {"Content-Type": XLSX}
    by_sheet = world.by("department-market").post(
        path, params={"letter_number": number, "dry_run": "true"}, content=sheet, headers=headers
    )
    answer = reply(world, MARKET, row["id"], letter_number=number)
    if told:
        problem = refused(answer, 422)
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == told
        assert problem["errors"][0]["rule"] == "art17.qualification"
        assert faults(by_sheet) == [(f"/query{pointer}", code) for pointer, code in told]
    else:
        assert ok(answer)["letter_number"] == number
        ok(by_sheet)
