"""Arts. 6, 8, 22: first or repeat, with a seat or without, is decided on the day of the decree: an earlier award that
was revoked since the approval turns a repeat award into one that takes a seat, and seats are counted anew."""

from datetime import date
from typing import Any

import pytest

from sandbox.stages.awarded import Concluded, concluded, excluded
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    scan_letter,
)
from sandbox.stages.parties import Registered, register
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import BACK, ELSEWHERE, change, withdraw
from tests.support.problems import refused


def approved_repeat(world: World, *firsts: str) -> tuple[Evaluated, dict[str, dict[str, Any]], Concluded, Registered]:
    """First awards of these scores and a repeat award, approved; the round of 2012 in which it was won first."""
    old, past = winner_of_2012(world)
    repeat = Contender(score="600", organisation=(old.organisation_id, old.applicant))
    made = in_publicity(world, *(Contender(score=score) for score in firsts), repeat)
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    assert awards[made.ids[-1]]["repeat_award"] is True
    return made, awards, past, old


def winner_of_2012(world: World) -> tuple[Registered, Concluded]:
    """Who won in 2012, and that round; two more have passed since."""
    old = register(world, name="样例老牌企业")
    past = concluded(
        world,
        {"organisation_id": old.organisation_id},
        year=2012,
        ordinal=1,
        decreed_on="2012-06-03",
        decree_number="会府字〔2012〕1号",
    )
    for year, ordinal in ((2015, 2), (2018, 3)):
        concluded(
            world,
            {},
            year=year,
            ordinal=ordinal,
            decreed_on=f"{year}-06-03",
            decree_number=f"会府字〔{year}〕1号",
        )
    return old, past


def revoke(world: World, past: Concluded, holder: Registered) -> None:
    """The award of 2012 is revoked for fraud, over HTTP, three days later; with its exclusion."""
    world.clock.forward(days=3)
    today = world.clock.today.isoformat()
    basis = {"basis": "fraud", "facts": "样例", "evidence": "样例", "found_on": today}
    case = bring_case(world, past.winners[0].award_id, holder.applicant, basis)
    decision = {"number": "会府字〔2024〕20号", "decided_on": world.clock.today.isoformat(), "reason": "样例"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))


def letter_to(world: World, made: Evaluated) -> str:
    """A letter of the first day of the publicity to the second name, entered with its scan."""
    listed = candidates(world, made.round_id)[made.ids[1]]
    body = OBJECTION | {"received_on": listed["published_on"], "letter_reference": "样例收文1号"}
    letter = str(ok(world.office.post(f"/v1/candidates/{listed['id']}/letters", body), 201)["objection_id"])
    scan_letter(world, letter)
    return letter


def decreed(world: World, made: Evaluated, dated: date, **more: Any) -> Any:
    body = {"number": f"会府字〔{dated.year}〕12号", "dated": dated.isoformat()} | more
    return world.government.post(f"/v1/rounds/{made.round_id}/decree", body)


@pytest.mark.slow
def test_art06_three_manufacturers_are_not_conferred_and_the_government_chooses(world: World) -> None:
    made, _, past, old = approved_repeat(world, "800", "700")
    day = world.clock.today
    revoke(world, past, old)
    # Dated on the day of the meeting, before the exclusion, so that nothing but the seats stands in the way.
    told = refused(decreed(world, made, day), 422, "rule_refused", "art06.seats")
    assert [item["facts"]["taken"] for item in told["violations"] if item["rule"] == "art06.seats"] == [3]


def over(world: World, past: Concluded) -> None:
    """The award of 2012 was revoked long ago: its exclusion is over (written as such a history stands in the store)."""
    excluded(world, past.winners[0], from_day="2013-06-01", last_day="2023-06-01")


@pytest.mark.slow
@pytest.mark.parametrize("goes", [0, 1, 2])
def test_art06_art22_one_of_the_three_is_withdrawn_and_the_others_have_the_seats(world: World, goes: int) -> None:
    made, awards, past, _ = approved_repeat(world, "800", "700")
    over(world, past)
    refused(decreed(world, made, world.clock.today), 422, "rule_refused", "art06.seats")
    gone = awards[made.ids[goes]]["id"]
    assert ok(withdraw(world, gone, "art06.seats"))["withdrawn_ground"] == "art06.seats"
    # Then there is nobody too many.
    refused(withdraw(world, awards[made.ids[goes - 1]]["id"], "art06.seats"), 422, "rule_refused", "art06.seats")
    told = ok(decreed(world, made, world.clock.today), 201)["awards"]
    assert {item["application_id"] for item in told} == {item for n, item in enumerate(made.ids) if n != goes}
    assert sorted(item["seat_number"] for item in told) == [1, 2]
    turned = [item for item in told if item["application_id"] == made.ids[2]]
    for item in turned:
        # After a revoked award it is no repeat award, and no first one either (Art. 6, 8).
        assert (item["repeat_award"], item["first_award"], item["prize_fen"]) == (False, False, 0)
        assert (item["seat_category"], item["plaque_number"]) == ("manufacturing", None)


@pytest.mark.slow
def test_art06_art22_a_name_that_was_left_keeps_its_seat_and_takes_none_that_it_had_not(world: World) -> None:
    made, awards, past, _ = approved_repeat(world, "800", "700")
    over(world, past)
    first, second, turned = made.ids
    letter = letter_to(world, made)
    change(world, made.applied[2], ELSEWHERE)
    day = world.clock.today
    deferred = [{"candidate_id": awards[item]["candidate_id"], "reason": "样例"} for item in (second, turned)]
    # What holds the other two does not hold the first: its seat is its own, whichever of them has the last one.
    told = ok(decreed(world, made, day, deferred=deferred), 201)
    assert [item["application_id"] for item in told["awards"]] == [first]
    close_objection(world, letter, "dismissed")
    change(world, made.applied[2], BACK)
    later = {"number": "会府字〔2024〕13号"}
    refused(decreed(world, made, day, **later), 422, "rule_refused", "art06.seats")
    ok(withdraw(world, awards[turned]["id"], "art06.seats"))
    told = ok(decreed(world, made, day, **later), 201)
    assert [item["application_id"] for item in told["awards"]] == [second]
    assert told["round_state"] == "concluded"


@pytest.mark.slow
def test_art06_art22_nobody_takes_the_seat_of_a_name_that_was_left(world: World) -> None:
    made, awards, past, _ = approved_repeat(world, "800", "700")
    over(world, past)
    letter_to(world, made)
    deferred = [{"candidate_id": awards[made.ids[1]]["candidate_id"], "reason": "样例"}]
    told = refused(decreed(world, made, world.clock.today, deferred=deferred), 422, "rule_refused", "art06.seats")
    assert [item["facts"]["taken"] for item in told["violations"] if item["rule"] == "art06.seats"] == [3]


@pytest.mark.slow
@pytest.mark.parametrize("at", ["proposed-list", "approval"])
def test_art06_one_too_many_is_told_with_the_act_by_which_one_leaves(world: World, at: str) -> None:
    old, past = winner_of_2012(world)
    repeat = Contender(score="600", organisation=(old.organisation_id, old.applicant))
    made = in_publicity(world, Contender(score="800"), Contender(score="700"), repeat)
    path, listed = f"/v1/rounds/{made.round_id}", candidates(world, made.round_id)[made.ids[1]]
    if at == "approval":
        fix_proposed(world, made.round_id)
    over(world, past)
    after_publicity(world, made.round_id)
    answer = world.office.post(f"{path}/proposed-list")
    if at == "approval":
        answer = world.government.post(f"{path}/approval", approval(world))
    (told,) = refused(answer, 422, "rule_refused", "art06.seats")["violations"]
    ahead = (told["facts"]["next_act"], told["facts"]["next_by"])
    if at == "approval":
        assert ahead == ("approve_awards", ["government"])
        approve(world, made.round_id, [listed["id"]])
    else:
        assert ahead == ("remove_candidate", ["office"])
        ok(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": "样例：集体研究"}))
        ok(world.office.post(f"{path}/proposed-list"), 201)
        approve(world, made.round_id)
    given = ok(decreed(world, made, world.clock.today), 201)["awards"]
    assert [item["application_id"] for item in given] == [made.ids[0], made.ids[2]]


@pytest.mark.slow
def test_art06_a_repeat_award_that_turned_is_proposed_as_what_it_is_now(world: World) -> None:
    old, past = winner_of_2012(world)
    repeat = Contender(score="600", organisation=(old.organisation_id, old.applicant))
    made = in_publicity(world, Contender(score="800"), repeat)
    over(world, past)
    fix_proposed(world, made.round_id)
    listed = candidates(world, made.round_id)[made.ids[1]]
    assert listed["repeat_award"] is False
    # It is on record, and no mark takes it for a change past the service.
    entry = ok(world.auditor.get("/v1/audit-entries?act=fix_proposed_list"))["items"][0]
    assert entry["details"]["turned"] == {listed["id"]: False}


def test_art06_alone_it_takes_the_free_seat(world: World) -> None:
    made, awards, past, _ = approved_repeat(world, "800")
    over(world, past)
    told = {item["application_id"]: item for item in ok(decreed(world, made, world.clock.today), 201)["awards"]}
    assert (told[made.ids[1]]["repeat_award"], told[made.ids[1]]["seat_number"]) == (False, 2)
    assert told[made.ids[0]]["seat_number"] == awards[made.ids[0]]["seat_number"] == 1


def test_art06_nobody_is_too_many_while_the_repeat_award_is_one(world: World) -> None:
    made, awards, _, _ = approved_repeat(world, "800", "700")
    for item in awards.values():
        refused(withdraw(world, item["id"], "art06.seats"), 422, "rule_refused", "art06.seats")
    told = {item["application_id"]: item for item in ok(decreed(world, made, world.clock.today), 201)["awards"]}
    assert (told[made.ids[2]]["repeat_award"], told[made.ids[2]]["seat_number"]) == (True, None)
