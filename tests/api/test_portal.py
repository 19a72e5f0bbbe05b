"""What a portal need not hard-code: words, lists and forms, as the service has them now."""

import hashlib
from typing import Any

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.queries import counted

VOCABULARIES = "/v1/vocabularies"


def vocabularies(world: World) -> dict[str, Any]:
    found: dict[str, Any] = ok(world.public.get(VOCABULARIES))
    return found


def words(told: dict[str, Any], name: str) -> dict[str, tuple[str, str]]:
    found = next(item for item in told["enumerations"] if item["name"] == name)
    return {item["value"]: (item["zh"], item["en"]) for item in found["words"]}


def test_the_words_of_the_contract_in_both_languages(world: World) -> None:
    told = vocabularies(world)
    assert words(told, "SizeClass")["small"] == ("小型", "Small")
    assert words(told, "ApplicationState")["draft"] == ("填报中", "Draft")
    assert words(told, "RecordCategory")["fatal_accident"] == ("生产安全亡人责任事故", "Responsible fatal accident")
    assert words(told, "FindingReason")["licence_expired"] == ("…已于…到期", "A licence expired on …: …")
    assert words(told, "ProblemCode")["rule_refused"][1] == "Refused by a rule of the measures"


def test_industries_in_two_levels(world: World) -> None:
    """Art. 6: the section decides the seat category; `sector` takes the division."""
    sectors = {item["letter"]: item for item in vocabularies(world)["sectors"]}
    assert len(sectors) == 20 and sum(len(item["divisions"]) for item in sectors.values()) == 97
    assert [item["seat_category"] for item in sectors.values()].count("manufacturing") == 1
    assert sectors["C"]["divisions"][0] == {
        "value": "13",
        "zh": "农副食品加工业",
        "en": "Processing of food from agricultural products",
    }
    assert [item["value"] for item in sectors["P"]["divisions"]] == ["83"]


def test_units_and_departments_as_they_stand(world: World) -> None:
    """Arts. 3, 12, 17: whom an applicant may ask, with the names of the areas, and nobody who is no unit any more."""
    before = vocabularies(world)
    listed = ok(world.public.get("/v1/recommending-units", params={"limit": 100}))["items"]
    assert [item["id"] for item in before["recommending_units"]] == [item["id"] for item in listed if item["active"]]
    assert "uscc" not in before["recommending_units"][0]
    assert "文武坝镇" in before["areas"] and None not in before["areas"]
    departments = ok(world.office.get("/v1/departments", params={"limit": 100}))["items"]
    assert [item["value"] for item in before["departments"]] == [item["id"] for item in departments]
    ok(
        world.office.post("/v1/recommending-units", {"name": "样例镇人民政府", "kind": "township", "area": "样例镇"}),
        201,
    )
    after = vocabularies(world)
    assert sorted(after["areas"]) == sorted([*before["areas"], "样例镇"]) and after["version"] != before["version"]
    new = {"name": "样例管理局", "name_en": "Sample authority", "categories": ["other_violation"]}
    made = ok(world.office.post("/v1/departments", new), 201)
    last = vocabularies(world)
    assert {"value": made["id"], "zh": "样例管理局", "en": "Sample authority"} in last["departments"]
    assert last["version"] not in (before["version"], after["version"])


def test_kinds_of_files_with_types_and_limits(world: World) -> None:
    kinds = {item["code"]: item for item in vocabularies(world)["document_kinds"]}
    assert set(kinds) == {"attachment", "objection_file", "stamped_opinion", "statement_file", "withdrawal_letter_file"}
    assert kinds["stamped_opinion"]["file_types"] == ["pdf", "ofd", "png", "jpg"]
    assert kinds["stamped_opinion"]["media_types"][:2] == ["application/pdf", "application/ofd"]
    assert "application/msword" in kinds["attachment"]["media_types"] and "doc" in kinds["attachment"]["file_types"]
    settings = world.client.app.state.settings  # type: ignore[attr-defined]
    assert {item["max_bytes"] for item in kinds.values()} == {settings.max_file_bytes}
    refusal = world.by("unit-wenwuba").post(
        kinds["stamped_opinion"]["path"], content=b"PK\x03\x04 no scan", params={"filename": "样例.docx"}
    )
    assert refusal.status_code in (415, 422)


def test_vocabularies_are_answered_from_memory(world: World) -> None:
    """Two small statements look whether the lists are as they were; with a token it is the same content."""
    first = world.public.get(VOCABULARIES)
    with counted(world) as statements:
        again = world.public.get(VOCABULARIES)
    assert len(statements) == 2 and again.content == first.content
    assert first.headers["etag"].strip('"')[:32] == hashlib.sha256(first.content).hexdigest()[:32]
    known = {"If-None-Match": first.headers["etag"]}
    assert world.public.get(VOCABULARIES, headers=known).status_code == 304
    assert world.office.get(VOCABULARIES).content == first.content
    refused(world.public.get(VOCABULARIES, params={"limit": 3}), 422)


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("edit_application", "PATCH", "/v1/applications/{application_id}"),
        ("endorse_application", "POST", "/v1/recommendations/{recommendation_id}/endorsement"),
        ("reply_to_consultation", "POST", "/v1/consultations/{consultation_id}/reply"),
        ("edit_score_sheet", "PATCH", "/v1/review-assignments/{assignment_id}/score-sheet"),
        ("take_objection", "POST", "/v1/candidates/{candidate_id}/objections"),
    ],
)
def test_a_form_says_where_it_is_sent(world: World, name: str, method: str, path: str) -> None:
    round_id = open_round(
        world, asks={"form_fields": ["staff"], "opinions": ["signatory"], "recommendation": ["order"]}
    )
    plain = ok(world.public.get(f"/v1/forms/{name}"))
    assert (plain["name"], plain["method"], plain["path"], plain["round_id"]) == (name, method, path, None)
    assert plain["title_zh"] and plain["title_en"] and plain["files"] == []
    told = ok(world.public.get(f"/v1/forms/{name}", params={"round_id": round_id}))
    assert told["round_id"] == round_id
    assert (told["body"] == plain["body"]) is (name == "take_objection")
    assert ok(world.office.get(f"/v1/forms/{name}", params={"round_id": round_id})) == told


def test_the_form_of_an_application_tells_what_the_round_asks_for(world: World) -> None:
    """Arts. 5, 10, 17: the years, the sections, the materials with their types."""
    round_id = open_round(world, asks={"form_fields": ["staff"]})
    told = ok(world.public.get("/v1/forms/edit_application", params={"round_id": round_id}))
    content = told["body"]["properties"]["content"]["properties"]
    assert content["staff"]["asked"] and [
        item["value"] for item in content["figures"]["items"]["properties"]["year"]["options"]
    ] == ["2021", "2022", "2023"]
    assert list(content["sections"]["properties"]) == [item.code for item in default_review_rules().required_sections]
    assert [item["code"] for item in told["files"] if item["asked"]] == ["self_assessment"]


def test_no_form_of_what_there_is_not(world: World) -> None:
    refused(world.public.get("/v1/forms/submit_application"), 404)
    refused(world.public.get("/v1/forms/nothing"), 404)
    refused(world.public.get(f"/v1/forms/{'x' * 61}"), 422)
    draft = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例届"}), 201)["id"]
    for round_id in (draft, "018e0000-0000-7000-8000-00000000dead"):
        refused(world.office.get("/v1/forms/edit_application", params={"round_id": round_id}), 404)
        refused(world.public.get("/v1/forms/edit_application", params={"round_id": round_id}), 404)
    refused(world.public.get("/v1/forms/edit_application", params={"round": draft}), 422)
    refused(world.public.get("/v1/forms/edit_application", params={"round_id": "none"}), 422)
