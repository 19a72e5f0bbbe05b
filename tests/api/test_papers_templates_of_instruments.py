"""Arts. 10, 33: words of papers belong to an instrument. A new one starts with its own, an extension goes on with those
of what it extends, and a round keeps the words of the instrument that it was begun with."""

from typing import Any

import pytest

from sandbox.stages.law import TRIAL, instrument, register_instrument, successor
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_papers_templates import WORDS, upload
from tests.support.papers import drafted, pdf_text, plain
from tests.support.problems import refused

SUCCESSOR = "会府办发〔2024〕9号"
SHIPPED = plain("不收取费用")


def put_in_force(world: World, words: str, **options: Any) -> dict[str, Any]:
    row: dict[str, Any] = ok(
        world.office.post("/v1/paper-templates", {"kind": "call", "text_zh": words, **options}), 201
    )
    told: dict[str, Any] = ok(world.office.post(f"/v1/paper-templates/{row['id']}/activation"))
    return told


def said(world: World, round_id: str) -> str:
    return pdf_text(drafted(world.office, f"/v1/rounds/{round_id}", "call"))


def draft_round(world: World, year: int) -> str:
    made: dict[str, Any] = ok(world.office.post("/v1/rounds", {"year": year, "title": f"样例{year}"}), 201)
    return str(made["id"])


def listed(world: World, **query: str) -> dict[str, Any]:
    told: dict[str, Any] = ok(world.auditor.get("/v1/paper-templates", params={"kind": "call", **query}))
    return told


@pytest.fixture
def followed(world: World) -> World:
    """A successor of the trial is registered, in force from the first of May."""
    body = successor(world, number=SUCCESSOR, in_force_from="2024-05-01", document_date="2024-02-20")
    register_instrument(world, body)
    return world


def test_a_new_instrument_starts_with_its_own_and_an_old_round_keeps_those_it_was_begun_with(followed: World) -> None:
    world, begun = followed, open_round(followed, 2024)
    first = put_in_force(world, WORDS.replace("正文写到", "试行办法之下写到"))
    assert first["instrument_number"] == TRIAL
    assert plain("试行办法之下写到") in said(world, begun)
    assert listed(world)["in_force"] == first["id"]
    world.clock.go("2024-05-01")
    told = listed(world)
    assert (told["instrument_number"], told["in_force"]) == (SUCCESSOR, None)
    new = draft_round(world, 2026)
    assert SHIPPED in said(world, new)
    assert plain("试行办法之下写到") in said(world, begun)
    second = put_in_force(world, WORDS.replace("正文写到", "新办法之下写到"))
    assert second["instrument_number"] == SUCCESSOR
    assert plain("新办法之下写到") in said(world, new)
    assert plain("新办法之下写到") not in said(world, begun)
    # What is issued in the old round is worded as it was begun, and the history shows whose words they are.
    number = ok(world.office.post(f"/v1/rounds/{begun}/documents/call/issuance", {}))["number"]
    assert plain("试行办法之下写到") in pdf_text(world.public.get(f"/v1/papers/{number}/file").content)
    told = listed(world, instrument_number=TRIAL)
    assert (told["in_force"], listed(world)["in_force"]) == (first["id"], second["id"])
    assert {item["id"]: item["instrument_number"] for item in told["items"]} == {
        first["id"]: TRIAL,
        second["id"]: SUCCESSOR,
    }
    entries = ok(world.auditor.get("/v1/audit-entries?act=activate_paper_template"))["items"]
    assert {entry["details"]["instrument_number"] for entry in entries} == {TRIAL, SUCCESSOR}


def test_words_are_handed_in_for_an_instrument_before_it_is_in_force(followed: World) -> None:
    world, begun = followed, open_round(followed, 2024)
    # However the number is written.
    put_in_force(world, WORDS, instrument_number=SUCCESSOR.replace("〔", "[").replace("〕", "]"))
    assert SHIPPED in said(world, begun)
    assert SHIPPED in said(world, draft_round(world, 2026))
    world.clock.go("2024-05-01")
    assert plain("样例2028年评审通知") in said(world, draft_round(world, 2028))


def test_an_extension_goes_on_with_the_words_of_what_it_extends(world: World) -> None:
    extension = instrument()
    register_instrument(world, extension)
    put_in_force(world, WORDS)
    # Handed in under the extension, they are the same instrument's.
    row = ok(upload(world, WORDS.replace("正文", "又文"), instrument_number=extension["number"]), 201)
    assert row["instrument_number"] == TRIAL
    world.clock.go("2025-07-01")
    assert listed(world)["instrument_number"] == TRIAL
    assert plain("样例2026年评审通知") in said(world, draft_round(world, 2026))


def test_words_for_no_instrument_are_refused(world: World) -> None:
    answer = refused(upload(world, WORDS, instrument_number="会府办发〔2099〕1号"), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in answer["errors"]] == [("/instrument_number", "not_found")]
    asked = world.office.get("/v1/paper-templates?kind=call&instrument_number=会府办发〔2099〕1号")
    assert [item["pointer"] for item in refused(asked, 422)["errors"]] == ["/query/instrument_number"]
    # The last day of the trial, and the first on which nothing is in force.
    world.clock.go("2025-06-30")
    ok(upload(world, WORDS), 201)
    world.clock.go("2025-07-01")
    answer = refused(upload(world, WORDS), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in answer["errors"]] == [("/instrument_number", "required")]
    assert (listed(world)["instrument_number"], listed(world)["in_force"]) == (None, None)
    ok(upload(world, WORDS, instrument_number=TRIAL), 201)
