"""Art. 32: names of organs, media, places and people are compared in either writing of Chinese, and shown as they were
written (Arts. 3, 11, 12, 13, 16, 21, 25)."""

import pytest

from sandbox.stages.applications import apply, begin, register_applicant
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, conclusion, evaluated_round, meeting, verify_record
from sandbox.stages.revocations import bring_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import change
from tests.api.test_art28_annulment import annul
from tests.api.test_revocations import FRAUD, decide
from tests.support.problems import refused


@pytest.mark.parametrize(
    ("body", "another"),
    [
        ("會昌縣人民政府", False),
        ("江西省會昌縣司法局", False),
        ("縣政府", False),
        ("文武壩鎮人民政府", False),
        ("贛州市人民政府", True),
        ("會昌縣人民法院", True),
    ],
)
def test_art28_who_has_decided_does_not_review_in_either_writing(world: World, body: str, another: bool) -> None:
    winner: Winner = concluded(world, {}).winners[0]
    world.clock.go("2025-06-01")
    case = decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD))
    answer = annul(world, case, body=body)
    if another:
        assert ok(answer)["annulled_by_body"] == body
    else:
        (violation,) = refused(answer, 422, "rule_refused", "art26.fraud")["violations"]
        assert (violation["reason"], violation["facts"]["reviewed_by"]) == ("reviewed_by_the_decider", body)


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("會昌縣人民政府門戶網站", "news_website", "government_site_as_news"),
        ("質量工作羣聊", "news_website", "no_medium_at_all"),
        ("會昌樣例晚報", "newspaper", None),
    ],
)
def test_art21_a_medium_is_what_its_name_says_in_either_writing(
    world: World, name: str, kind: str, reason: str | None
) -> None:
    body = {"name": name, "kind": kind, "document": "样例刊号"}
    answer = world.office.post("/v1/media", body)
    if reason is not None:
        assert [item["reason"] for item in refused(answer, 422)["violations"]] == [reason]
        return
    assert ok(answer, 201)["name"] == name
    # It is registered once, in whichever writing.
    refused(world.office.post("/v1/media", body | {"name": "会昌样例晚报"}), 409, "name_taken")


@pytest.mark.parametrize(("channel", "known"), [("會昌縣政府網站", True), ("路邊電線桿", False)])
def test_art16_a_call_is_published_where_it_counts_in_either_writing(world: World, channel: str, known: bool) -> None:
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例"}), 201)
    call = {"title": "样例：评审通知", "channels": [channel], "deadline": "2024-04-30"}
    answer = world.office.post(f"/v1/rounds/{made['id']}/call", call)
    if known:
        assert ok(answer)["call"]["channels"] == [channel]
    else:
        refused(answer, 422, "rule_refused", "art16.call")


def test_art12_an_area_is_the_units_in_either_writing(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world, area="文武壩鎮")
    draft = begin(world, round_id, applicant)
    assert draft["organisation"]["area"] == "文武壩鎮"
    asked = applicant.post(
        f"/v1/applications/{draft['id']}/recommendation-request", {"unit_id": world.id("unit:wenwuba")}
    )
    assert ok(asked)["state"] == "recommendation_requested"


def test_art03_a_unit_does_not_recommend_itself_in_either_writing(world: World) -> None:
    unit = ok(
        world.office.post("/v1/recommending-units", {"name": "樣例行業協會", "kind": "association", "industry": "C"}),
        201,
    )
    round_id = open_round(world)
    _, applicant = register_applicant(world, name="样例行业协会")
    draft = begin(world, round_id, applicant)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    refused(applicant.post(path, {"unit_id": unit["id"]}), 422, "rule_refused", "art03.recommendation")


@pytest.mark.parametrize(
    ("address", "flagged"), [("贛州市於都縣樣例路1號", True), ("江西省贛州市會昌縣樣例路1號", False)]
)
def test_art13_1_an_address_names_its_county_in_either_writing(world: World, address: str, flagged: bool) -> None:
    applied = apply(world, open_round(world))
    change(world, applied, {"registered_address": address})
    found = ok(world.office.get(f"/v1/applications/{applied.id}/timeline"))["open_today"]
    assert ("address_in_other_county" in [item["reason"] for item in found]) is flagged


def test_art11_a_member_of_the_committee_is_one_person_in_either_writing(world: World) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    body = meeting(world, [conclusion(made.ids[0])])
    first, *others = body["members"]
    members = ["张三丰", *others]
    present = ["張三豐", *others]
    told = body | {"members": members, "present": present, "chair": "張三豐"}
    path = f"/v1/rounds/{made.round_id}/deliberation"
    ok(world.office.post(f"{path}?dry_run=true", told), 201)
    # A sign that only chooses how the one before it is drawn makes nobody another.
    drawn = told | {"chair": "张\ufe00三丰"}
    ok(world.office.post(f"{path}?dry_run=true", drawn), 201)
    refused(world.office.post(path, told | {"chair": first}), 422, "rule_refused", "art11.deliberation")
