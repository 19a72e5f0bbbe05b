"""Arts. 2, 6, 22, 33: the government approves or leaves out, never adds; every seat is a row; exactly one wins."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.store.awards import Award
from app.store.base import new_id
from app.store.publicity import Candidate
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    publish,
)
from sandbox.world import World, ok
from tests.support.problems import refused

NOBODY = "018e0000-0000-7000-8000-000000000001"


def path(round_id: str) -> str:
    return f"/v1/rounds/{round_id}/approval"


def proposed(world: World, *contenders: Contender) -> Evaluated:
    made = in_publicity(world, *(contenders or (Contender(),)))
    fix_proposed(world, made.round_id)
    return made


@pytest.mark.slow
def test_every_approved_name_takes_a_numbered_seat_of_its_bucket(world: World) -> None:
    made = proposed(world, Contender(score="700"), Contender(score="800"), Contender(HOSPITAL))
    told = approve(world, made.round_id)
    seats = {item["application_id"]: (item["seat_category"], item["seat_number"]) for item in told["awards"]}
    assert seats == {
        made.ids[1]: ("manufacturing", 1),
        made.ids[0]: ("manufacturing", 2),
        made.ids[2]: ("other", 1),
    }
    for award in told["awards"]:
        assert (award["state"], award["first_award"], award["prize_fen"]) == ("approved", True, 10_000_000)
        assert award["certificate_number"] is award["valid_until"] is None
    assert told["round_state"] == "approved"
    assert ok(world.office.get(path(made.round_id))) == told
    # Before the decree nothing of it is public.
    assert ok(world.public.get("/v1/awards"))["items"] == []
    refused(world.public.get(f"/v1/awards/{told['awards'][0]['id']}"), 404)
    refused(made.applied[0].applicant.get(f"/v1/awards/{told['awards'][0]['id']}"), 404)
    assert ok(world.office.get(f"/v1/awards/{told['awards'][0]['id']}"))["status"] is None


def test_nothing_of_it_is_the_offices(world: World) -> None:
    made = proposed(world)
    for caller in (world.office, world.auditor, world.by("reviewer1"), world.platform, made.applied[0].applicant):
        refused(caller.post(path(made.round_id), approval(world)), 403, "forbidden", "art02.decider")
    refused(world.public.post(path(made.round_id), approval(world)), 401)
    approve(world, made.round_id)
    decree = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    refused(world.office.post(f"/v1/rounds/{made.round_id}/decree", decree), 403, "forbidden", "art02.decider")


def test_two_simultaneous_approvals_exactly_one_wins(world: World) -> None:
    made = proposed(world, Contender(score="800"), Contender(score="700"))
    body = approval(world)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.government.post(path(made.round_id), body), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, "wrong_state")
    assert len(ok(world.government.get(path(made.round_id)))["awards"]) == 2


@pytest.mark.slow
def test_the_database_itself_refuses_a_third_seat(world: World) -> None:
    made = proposed(
        world,
        Contender(score="800"),
        Contender(score="700"),
        Contender(HOSPITAL, "700"),
        Contender(score="600", listed=False),
    )
    approve(world, made.round_id)

    def insert_directly(**seat: Any) -> None:
        world.client.portal.call(lambda: _insert_award(world, made, seat))  # type: ignore[union-attr]

    third = {"seat_category": "manufacturing", "seat_number": 3}
    with pytest.raises(IntegrityError, match=r"(?i)foreign key|fk_awards_seat"):
        insert_directly(**third)
    with pytest.raises(IntegrityError, match=r"(?i)foreign key|fk_awards_seat"):
        insert_directly(seat_category="other", seat_number=2)
    with pytest.raises(IntegrityError, match=r"awards.seat_number|uq_awards_round_id_seat_category_seat_number"):
        insert_directly(seat_category="manufacturing", seat_number=2)
    with pytest.raises(IntegrityError, match="seat_unless_repeat"):
        insert_directly(seat_category=None, seat_number=None)
    with pytest.raises(IntegrityError, match="seat_unless_repeat"):
        insert_directly(**third, repeat_award=True, first_award=False, prize_fen=0)
    assert len(ok(world.government.get(path(made.round_id)))["awards"]) == 3
    # The same row without a seat is what a repeat winner has: nothing but the seat was refused.
    insert_directly(seat_category=None, seat_number=None, repeat_award=True, first_award=False, prize_fen=0)
    assert len(ok(world.government.get(path(made.round_id)))["awards"]) == 4


async def _insert_award(world: World, made: Evaluated, seat: dict[str, Any]) -> None:
    """A fourth award beside the approval, for the application that was not listed."""
    application_id, organisation_id = UUID(made.ids[3]), UUID(made.applied[3].organisation_id)
    async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        listed = (await session.execute(select(Candidate.__table__))).mappings().first()
        award = (await session.execute(select(Award.__table__))).mappings().first()
        own = {"application_id": application_id, "organisation_id": organisation_id}
        candidate_id = new_id()
        await session.execute(insert(Candidate).values(**{**listed, **own, "id": candidate_id}))
        row = {**award, **own, "id": new_id(), "candidate_id": candidate_id, **seat}
        await session.execute(insert(Award).values(**row))
        await session.commit()


def test_names_are_struck_with_a_reason_and_never_added(world: World) -> None:
    made = proposed(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)
    not_approved = listed[made.ids[0]]
    without_reason = approval(world) | {"not_approved": [{"candidate_id": not_approved["id"]}]}
    refused(world.government.post(path(made.round_id), without_reason), 422, "invalid")
    body = refused(world.government.post(path(made.round_id), approval(world, [NOBODY])), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/not_approved/0/candidate_id"
    added = approval(world) | {"approved": [NOBODY]}
    refused(world.government.post(path(made.round_id), added), 422, "invalid")
    told = approve(world, made.round_id, [not_approved["id"]])
    assert [item["application_id"] for item in told["awards"]] == [made.ids[1]]
    assert told["not_approved"] == [
        {"candidate_id": not_approved["id"], "name": not_approved["published_name"], "reason": "样例：会议决定空缺"}
    ]


def test_an_empty_award_list_is_a_valid_decision(world: World) -> None:
    made = proposed(world)
    listed = candidates(world, made.round_id)[made.ids[0]]
    told = approve(world, made.round_id, [listed["id"]])
    assert told["awards"] == []
    assert told["round_state"] == "approved"


def test_a_list_that_was_empty_from_the_start_is_approved_too(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id, recommended=[])
    publish(world, made.round_id, [])
    fix_proposed(world, made.round_id)
    assert approve(world, made.round_id)["awards"] == []


def test_the_meeting_is_after_the_publicity_has_a_number_and_is_not_of_tomorrow(world: World) -> None:
    made = proposed(world)
    assert str(world.clock.today) == "2024-05-31"
    last_day = approval(world, meeting_on="2024-05-30")
    refused(world.government.post(path(made.round_id), last_day), 422, "rule_refused", "art22.approval")
    tomorrow = approval(world, meeting_on="2024-06-01")
    assert refused(world.government.post(path(made.round_id), tomorrow), 422, "invalid")["errors"]
    refused(world.government.post(path(made.round_id), approval(world, meeting_number=" ")), 422, "invalid")
    dry = world.government.post(f"{path(made.round_id)}?dry_run=true", approval(world))
    assert len(ok(dry, 201)["awards"]) == 1
    refused(world.government.get(path(made.round_id)), 404)
    approve(world, made.round_id)


def test_the_meeting_is_not_before_the_list_that_it_decides_on(world: World) -> None:
    made = in_publicity(world, Contender())
    world.clock.go("2024-06-05")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    body = refused(
        world.government.post(path(made.round_id), approval(world, meeting_on="2024-06-04")),
        422,
        "rule_refused",
        "art22.approval",
    )
    assert body["violations"][0]["facts"]["proposed_on"] == "2024-06-05"
    approve(world, made.round_id, meeting_on="2024-06-05")


def test_only_a_proposed_list_is_approved(world: World) -> None:
    made = in_publicity(world, Contender())
    refused(world.government.post(path(made.round_id), approval(world)), 409, "wrong_state")
    after_publicity(world, made.round_id)
    refused(world.government.post(path(made.round_id), approval(world)), 409, "wrong_state")


def test_the_conditions_are_tested_on_the_days_of_the_meeting_and_of_its_recording(world: World) -> None:
    content = {"safety": {"level": 3, "certificate_number": "SAMPLE-S-9", "valid_to": "2024-06-03"}}
    made = proposed(world, Contender(content=content))
    world.clock.go("2024-06-04")
    for day in ("2024-06-04", "2024-06-03"):
        late = approval(world, meeting_on=day)
        refused(world.government.post(path(made.round_id), late), 422, "rule_refused", "art13.4.safety")
    world.clock.go("2024-06-03")
    told = approve(world, made.round_id, meeting_on="2024-06-02")
    assert len(told["awards"]) == 1
    runs = ok(world.office.get(f"/v1/applications/{made.ids[0]}/eligibility-checks"))["items"]
    days = [(item["tested_on"], item["passed"]) for item in runs if item["gate"] == "approval"]
    assert days == [("2024-06-02", True), ("2024-06-03", True)]


def test_whoever_was_removed_after_the_proposal_is_left_out_by_itself(world: World) -> None:
    made = proposed(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)
    body = {"ground": "art26.fraud", "reason": "样例：已查证属实。", "evidence": "样例", "found_on": "2024-05-31"}
    ok(world.office.post(f"/v1/applications/{made.ids[0]}/removal", body))
    body = approval(world, [listed[made.ids[0]]["id"]])
    problem = refused(world.government.post(path(made.round_id), body), 422, "invalid")
    assert problem["errors"][0]["code"] == "not_applicable"
    told = approve(world, made.round_id)
    assert [item["application_id"] for item in told["awards"]] == [made.ids[1]]
    assert told["not_approved"] == []


def test_after_the_lapse_an_approval_needs_its_transitional_basis(world: World) -> None:
    made = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    fix_proposed(world, made.round_id)
    world.clock.go("2025-07-02")
    on_the_last_day = approval(world, meeting_on="2025-06-30")
    assert world.government.post(f"{path(made.round_id)}?dry_run=true", on_the_last_day).status_code == 201
    lapsed = approval(world, meeting_on="2025-07-01")
    refused(world.government.post(path(made.round_id), lapsed), 422, "rule_refused", "art33.in_force")
    told = approve(
        world, made.round_id, meeting_on="2025-07-01", transitional_basis="样例：县政府专题会议纪要〔2025〕8号"
    )
    assert told["transitional_basis"] == "样例：县政府专题会议纪要〔2025〕8号"
    assert len(told["awards"]) == 1
