"""Art. 3: the recommendation letter, the order among several, and the county's department after the township."""

from typing import Any

import pytest

from sandbox.stages.applications import (
    PDF,
    Applied,
    begin,
    endorse,
    register_applicant,
    request,
    submit_application,
)
from sandbox.stages.integration import batch
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art17_form_as_asked import rules
from tests.support.problems import refused

RULE = "art03.recommendation"
LETTER = {"letter_number": "文府字〔2024〕15号"}
OPINION = {"opinion": "情况属实，同意推荐。", "signatory": "样例主管部门负责人", "signed_on": "2024-03-01"}


def drafted(world: World, round_id: str) -> Applied:
    organisation_id, applicant = register_applicant(world)
    return Applied(begin(world, round_id, applicant)["id"], organisation_id, applicant, None)


def ask(world: World, one: Applied, county: str | None = None, unit: str = "wenwuba") -> Any:
    body = {"unit_id": world.id(f"unit:{unit}")} | (
        {} if county is None else {"county_unit_id": world.id(f"unit:{county}")}
    )
    return one.applicant.post(f"/v1/applications/{one.id}/recommendation-request", body)


def for_county(world: World, recommendation_id: str, unit: str = "industry", **changes: Any) -> Any:
    body = OPINION | changes
    return world.by(f"unit-{unit}").post(f"/v1/recommendations/{recommendation_id}/county-endorsement", body)


def reasons(answer: Any, code: str = "rule_refused") -> list[str]:
    return [item["reason"] for item in refused(answer, 422, code)["violations"]]


def test_a_round_asks_for_the_letter_and_the_order(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["letter_number", "order"]))
    first, second, third = (drafted(world, round_id) for _ in range(3))
    asked = [request(world, one.id, one.applicant)["id"] for one in (first, second, third)]
    missing = refused(endorse(world, asked[0]), 422, "rule_refused", RULE)["violations"]
    assert [(item["reason"], item["facts"]["missing"]) for item in missing] == [
        ("asked_for_missing", ["letter_number", "order"])
    ]
    done = ok(endorse(world, asked[0], **LETTER, order=2))
    assert (done["letter_number"], done["order"], done["county_unit_id"]) == (LETTER["letter_number"], 2, None)
    assert reasons(endorse(world, asked[1], **LETTER, order=2)) == ["order_taken"]
    ok(endorse(world, asked[1], **LETTER, order=1))
    shown = ok(first.applicant.get(f"/v1/applications/{first.id}"))["recommendations"][-1]
    assert shown["letter_number"] == LETTER["letter_number"]
    # A place is free again when its recommendation has lapsed.
    ok(first.applicant.post(f"/v1/applications/{first.id}/return-to-draft"))
    ok(endorse(world, asked[2], **LETTER, order=2))


def test_a_round_that_asks_for_neither_takes_both(world: World) -> None:
    one = drafted(world, open_round(world))
    asked = request(world, one.id, one.applicant)["id"]
    done = ok(endorse(world, asked, **LETTER, order=1))
    assert (done["letter_number"], done["order"]) == (LETTER["letter_number"], 1)


def test_a_batch_keeps_the_order_within_itself(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["order"]))
    pair = [drafted(world, round_id) for _ in range(2)]
    asked = [request(world, one.id, one.applicant)["id"] for one in pair]

    def items(*places: int) -> list[dict[str, Any]]:
        return [
            {
                "recommendation_id": recommendation_id,
                "outcome": "endorsed",
                "facts_verified": ["登记信息"],
                "opinion": "同意推荐。",
                "signatory": "样例负责人",
                "signed_on": world.clock.today.isoformat(),
                "order": place,
            }
            for recommendation_id, place in zip(asked, places, strict=True)
        ]

    assert reasons(batch(world, *items(1, 1)), "batch_refused") == ["order_taken"]
    ok(batch(world, *items(2, 1)))
    declined = [{**items(1, 1)[0], "outcome": "declined", "reason": "不符"}]
    faults = {item["pointer"] for item in refused(batch(world, *declined), 422, "batch_refused")["errors"]}
    assert "/items/0/order" in faults


def test_the_county_endorses_after_the_township_and_before_the_submission(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["letter_number", "county_endorsement"]))
    one = drafted(world, round_id)
    assert reasons(ask(world, one)) == ["county_unit_missing"]
    for unfit in ("junmenling", "logistics", "wenwuba"):
        assert reasons(ask(world, one, unfit)) == ["county_unit_unfit"]
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    refused(for_county(world, asked["id"]), 409, "wrong_state")
    ok(endorse(world, asked["id"], **LETTER))
    submission = f"/v1/applications/{one.id}/submission"
    assert reasons(one.applicant.post(submission)) == ["county_endorsement_missing"]
    # The department finds it among its own, reads the application, and alone may endorse for the county.
    (listed,) = ok(world.by("unit-industry").get("/v1/recommendations"))["items"]
    assert listed["id"] == asked["id"]
    assert [item["act"] for item in listed["available_actions"]] == [
        "endorse_for_county",
        "decline_for_county",
    ]
    (own,) = ok(world.by("unit-wenwuba").get("/v1/recommendations"))["items"]
    assert own["available_actions"] == []
    ok(world.by("unit-industry").get(f"/v1/applications/{one.id}"))
    for stranger in ("health", "wenwuba"):
        refused(for_county(world, asked["id"], stranger, **LETTER), 404, "not_found")
    assert reasons(for_county(world, asked["id"])) == ["asked_for_missing"]
    refused(for_county(world, asked["id"], **LETTER, signed_on="2024-03-02"), 422)
    done = ok(for_county(world, asked["id"], **LETTER))
    assert done["state"] == "endorsed"
    assert done["county_endorsement"] | OPINION | LETTER == done["county_endorsement"]
    assert reasons(for_county(world, asked["id"], **LETTER)) == ["county_endorsed_already"]
    assert ok(world.by("unit-industry").get(f"/v1/recommendations/{asked['id']}"))["available_actions"] == []
    shown = ok(one.applicant.get(f"/v1/applications/{one.id}"))["recommendations"][-1]
    assert (shown["county_endorsed"], shown["county_unit_id"]) == (True, world.id("unit:industry"))
    assert submit_application(one.applicant, one.id)["state"] == "submitted"


def no_for_county(world: World, recommendation_id: str, unit: str = "industry") -> Any:
    body = {"reason": "样例：主要指标与统计数据不一致。", "signatory": "样例主管部门负责人"}
    return world.by(f"unit-{unit}").post(f"/v1/recommendations/{recommendation_id}/county-refusal", body)


def test_art03_the_county_may_say_no_and_the_applicant_asks_anew(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    one = drafted(world, round_id)
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    refused(no_for_county(world, asked["id"]), 409, "wrong_state")
    ok(endorse(world, asked["id"]))
    told = refused(for_county(world, asked["id"], opinion="不同意推荐"), 422, "rule_refused", RULE)
    assert "不予推荐" in told["violations"][0]["remedy_zh"]
    for stranger in ("health", "wenwuba"):
        refused(no_for_county(world, asked["id"], stranger), 404, "not_found")
    done = ok(no_for_county(world, asked["id"]))
    assert (done["state"], done["reason"], done["available_actions"]) == (
        "declined",
        "样例：主要指标与统计数据不一致。",
        [],
    )
    shown = ok(one.applicant.get(f"/v1/applications/{one.id}"))
    assert (shown["state"], shown["recommendations"][-1]["state"]) == ("draft", "declined")
    refused(no_for_county(world, asked["id"]), 409, "wrong_state")
    again = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, again["id"]))
    ok(for_county(world, again["id"]))
    # Who has said yes does not say no any more.
    assert reasons(no_for_county(world, again["id"])) == ["county_endorsed_already"]
    assert submit_application(one.applicant, one.id)["state"] == "submitted"
    refused(no_for_county(world, again["id"]), 409)


def test_a_department_that_recommends_needs_no_other(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    one = drafted(world, round_id)
    asked = ok(ask(world, one, unit="industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"], "industry"))
    assert submit_application(one.applicant, one.id)["state"] == "submitted"


def test_the_countys_stamped_opinion_is_its_own(world: World) -> None:
    one = drafted(world, open_round(world))
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"]))

    def stamped(unit: str) -> str:
        made = world.by(f"unit-{unit}").post("/v1/stamped-opinions", params={"filename": "意见.pdf"}, content=PDF)
        found: str = ok(made, 201)["id"]
        return found

    foreign = for_county(world, asked["id"], stamped_opinion_id=stamped("wenwuba"))
    assert [item["pointer"] for item in refused(foreign, 422)["errors"]] == ["/stamped_opinion_id"]
    own = stamped("industry")
    assert ok(for_county(world, asked["id"], stamped_opinion_id=own))["county_stamped_opinion_id"] == own
    submit_application(one.applicant, one.id)


def test_after_the_submission_nobody_endorses_for_the_county(world: World) -> None:
    one = drafted(world, open_round(world))
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"]))
    submit_application(one.applicant, one.id)
    refused(for_county(world, asked["id"]), 409, "wrong_state")


@pytest.mark.parametrize("unit", ["industry", "wenwuba"])
def test_both_units_are_told_of_it(world: World, unit: str) -> None:
    one = drafted(world, open_round(world))
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"]))
    ok(for_county(world, asked["id"]))
    told = ok(world.by(f"unit-{unit}").get("/v1/recommendation-changes"))["items"]
    assert [item["type"] for item in told] == [
        "recommendation.requested",
        "recommendation.endorsed",
        "recommendation.endorsed_for_county",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"signed_on": "2024-03-01"}, []),
        ({"signed_on": "2024-02-29"}, ["signed_before_the_call"]),
        ({"signed_on": "1900-01-01"}, ["signed_before_the_call"]),
        ({"letter_number": "文府字〔2024〕15号"}, []),
        ({"letter_number": "文府字〔2023〕15号"}, ["document_number_year_differs"]),
        ({"letter_number": "文府字【二〇二三】15号"}, ["document_number_year_differs"]),
        ({"letter_number": "推荐函第15号"}, []),
    ],
)
def test_art03_a_letter_is_of_the_day_on_which_it_was_signed_and_not_before_the_call(
    world: World, changes: dict[str, Any], told: list[str]
) -> None:
    """The round was called on 2024-03-01, and that day is its first."""
    one = drafted(world, open_round(world, review_rules=rules(recommendation=["county_endorsement"])))
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]["id"]
    answer = endorse(world, asked, **changes)
    whole = {
        **{"recommendation_id": asked, "outcome": "endorsed", "facts_verified": ["登记信息"], "opinion": "同意推荐。"},
        **{"signatory": "样例负责人", "signed_on": world.clock.today.isoformat()},
    }
    if told:
        assert reasons(answer) == told
        assert reasons(batch(world, whole | changes), "batch_refused") == told
        ok(endorse(world, asked))
        # Nor is it signed before the township's opinion, where it is signed before the call.
        before = [*told, "county_signed_before"] if "signed_on" in changes else told
        assert reasons(for_county(world, asked, **changes)) == before
    else:
        ok(answer)
        ok(for_county(world, asked, **changes))


@pytest.mark.parametrize(
    ("day", "told"), [("2024-03-07", ["signed_before_the_request"]), ("2024-03-08", []), ("2024-03-11", [])]
)
def test_art03_a_unit_signs_after_it_was_asked_with_the_form(world: World, day: str, told: list[str]) -> None:
    """The round was called on 2024-03-01, and the form was sent to the unit on the 8th."""
    round_id = open_round(world)
    one = drafted(world, round_id)
    world.clock.go("2024-03-08")
    asked = ok(ask(world, one))["recommendations"][-1]
    world.clock.go("2024-03-11")
    whole = {
        **{"recommendation_id": asked["id"], "outcome": "endorsed", "facts_verified": ["登记信息"]},
        **{"opinion": "同意推荐。", "signatory": "样例负责人", "signed_on": day},
    }
    answer = endorse(world, asked["id"], signed_on=day)
    if told:
        assert reasons(answer) == told
        assert "请求推荐" in answer.json()["violations"][0]["message_zh"]
        assert reasons(batch(world, whole), "batch_refused") == told
    else:
        assert ok(answer)["signed_on"] == day


def test_art03_asked_anew_it_is_signed_anew(world: World) -> None:
    round_id = open_round(world)
    one = drafted(world, round_id)
    first = ok(ask(world, one))["recommendations"][-1]
    back = {"reason": "样例：补充指标来源"}
    ok(world.by("unit-wenwuba").post(f"/v1/recommendations/{first['id']}/return", back))
    world.clock.go("2024-03-08")
    again = ok(ask(world, one))["recommendations"][-1]
    assert reasons(endorse(world, again["id"], signed_on="2024-03-01")) == ["signed_before_the_request"]
    ok(endorse(world, again["id"], signed_on="2024-03-08"))


def test_art03_the_county_signs_after_the_township(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    world.clock.go("2024-03-08")
    one = drafted(world, round_id)
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    ok(endorse(world, asked["id"]))
    world.clock.go("2024-03-11")
    assert reasons(for_county(world, asked["id"], signed_on="2024-03-07")) == ["county_signed_before"]
    ok(for_county(world, asked["id"], signed_on="2024-03-08"))


@pytest.mark.parametrize("opinion", ["不同意推荐", "经研究，不予推荐。", "We do not recommend it."])
def test_art03_an_opinion_that_says_no_is_no_endorsement(world: World, opinion: str) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    one = drafted(world, round_id)
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    assert reasons(endorse(world, asked["id"], opinion=opinion)) == ["opinion_says_no"]
    ok(endorse(world, asked["id"], opinion="经公示无不同意见，同意推荐。"))
    assert reasons(for_county(world, asked["id"], opinion=opinion)) == ["opinion_says_no"]
    ok(for_county(world, asked["id"]))
