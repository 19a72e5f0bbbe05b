"""Arts. 3, 21, 22: letters, lists, meetings and decrees count by their own days; in which order they are entered
changes nothing of how it ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.decision import (
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    close_objection,
    decree,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
)
from sandbox.world import World, ok
from tests.api.test_art22_awards_in_doubt import LETTER
from tests.api.test_art22_decree_in_part import THREE, decreed, letter, objected, state, waiting
from tests.support.problems import refused

SECOND = "样例第46次县政府常务会议"
TWO = (Contender(score="800"), Contender(score="700"))


def withdrawal(world: World, made: Evaluated, day: date) -> Any:
    body = LETTER | {"received_on": str(day)}
    return world.office.post(f"/v1/applications/{made.ids[0]}/withdrawal-letter", body)


def ended(world: World, made: Evaluated) -> dict[str, Any]:
    """How the round stands: the names as the public reads them, the applications, the awards, the decrees."""
    listed = candidates(world, made.round_id)
    read = ok(world.office.get(f"/v1/rounds/{made.round_id}/approval"))
    told = ok(world.public.get(f"/v1/rounds/{made.round_id}/decree"))
    of = {item["application_id"]: item for item in read["awards"]}
    shown = ("state", "seat_number", "prize_fen", "conferred_on", "certificate_number", "withdrawn_ground")
    applications = [ok(world.office.get(f"/v1/applications/{key}")) for key in made.ids]
    return {
        "round": told["round_state"],
        "names": [(listed[key]["state"], listed[key]["removed_rule"]) for key in made.ids if key in listed],
        "applications": [(item["state"], item["closed_reason"], item["closed_rule"]) for item in applications],
        "awards": [tuple(of[key][name] for name in shown) if key in of else None for key in made.ids],
        "decrees": [
            (item["number"], item["dated"], sorted(one["application_id"] for one in item["awards"]))
            for item in [*told["earlier_decrees"], told]
        ],
    }


def first_award(world: World, made: Evaluated) -> dict[str, Any]:
    items = ok(world.office.get(f"/v1/rounds/{made.round_id}/approval"))["awards"]
    found: dict[str, Any] = next(item for item in items if item["application_id"] == made.ids[0])
    return ok(world.office.get(f"/v1/awards/{found['id']}"))  # type: ignore[no-any-return]


@pytest.mark.parametrize("order", ["meeting decree letter", "meeting letter decree", "letter meeting decree"])
@pytest.mark.parametrize("shift", [0, 1])
def test_art03_a_letter_of_the_day_of_the_decree_or_later_takes_nothing_from_it(
    world: World, order: str, shift: int
) -> None:
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    met_on = world.clock.today
    world.clock.forward(days=2)
    day = world.clock.today
    world.clock.forward(days=3)
    warned: list[Any] = []

    def write() -> None:
        answer = withdrawal(world, made, day + timedelta(days=shift))
        if order.endswith("letter"):
            (found,) = refused(answer, 409, "wrong_state")["violations"]
            assert found["reason"] == "renounced"
        else:
            ok(answer)

    steps: dict[str, Callable[[], object]] = {
        "meeting": lambda: approve(world, made.round_id, meeting_on=str(met_on)),
        "decree": lambda: warned.extend(decree(world, made.round_id, dated=str(day))["warnings"]),
        "letter": write,
    }
    for name in order.split():
        steps[name]()
    assert ended(world, made) == {
        "round": "concluded",
        "names": [("listed", None), ("listed", None)],
        "applications": [("evaluated", None, None)] * 2,
        "awards": [
            ("conferred", 1, 10_000_000, str(day), "HCDH-2024-01", None),
            ("conferred", 2, 10_000_000, str(day), "HCDH-2024-02", None),
        ],
        "decrees": [("会府字〔2024〕12号", str(day), sorted(made.ids))],
    }
    shown = first_award(world, made)
    assert (shown["withdrawn_on"], shown["status"]) == (None, "valid")
    # Whoever enters the decree last is told whom it commends all the same.
    told = [(item["reason"], item["rule"], item["facts"]["withdrawn_on"]) for item in warned]
    meanwhile = ("withdrawn_meanwhile", "art03.recommendation", str(day + timedelta(days=shift)))
    assert told == ([] if order.endswith("letter") else [meanwhile])


@pytest.mark.parametrize("order", ["meeting letter decree", "letter meeting decree"])
@pytest.mark.parametrize(("before", "approved"), [("decree", True), ("meeting", False)])
def test_art03_a_letter_of_an_earlier_day_ends_it(world: World, order: str, before: str, approved: bool) -> None:
    """Between the meeting and the decree the name was approved, and is commended no more; before the meeting nobody
    decides on it, where the letter was entered first."""
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    world.clock.forward(days=2)
    met_on = world.clock.today
    world.clock.forward(days=2)
    day = world.clock.today
    world.clock.forward(days=2)
    received_on = (day if before == "decree" else met_on) - timedelta(days=1)
    steps: dict[str, Callable[[], object]] = {
        "meeting": lambda: approve(world, made.round_id, meeting_on=str(met_on)),
        "decree": lambda: decree(world, made.round_id, dated=str(day)),
        "letter": lambda: ok(withdrawal(world, made, received_on)),
    }
    for name in order.split():
        steps[name]()
    told = ended(world, made)
    assert (told["round"], told["names"][0]) == ("concluded", ("removed", "art03.recommendation"))
    assert told["applications"][0][0] == "withdrawn"
    assert told["awards"][1][0] == "conferred"
    award = told["awards"][0]
    if not approved and order.startswith("letter"):
        assert award is None
    else:
        assert (award[0], award[3], award[4]) == ("withdrawn", None, None)
        assert first_award(world, made)["withdrawn_on"] == str(received_on)
    assert told["decrees"] == [("会府字〔2024〕12号", str(day), [made.ids[1]])]
    assert ok(world.public.get(f"/v1/rounds/{made.round_id}/decree"))["warnings"] == []


@pytest.mark.parametrize("shift", [0, -1])
def test_art22_the_decree_itself_says_that_it_leaves_a_withdrawn_name_out(world: World, shift: int) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    (award,) = approve(world, made.round_id)["awards"]
    world.clock.forward(days=2)
    day = world.clock.today
    world.clock.forward(days=2)
    body = {"number": "会府字〔2024〕12号", "dated": str(day)}
    body |= {"deferred": [{"candidate_id": award["candidate_id"], "reason": "样例：当日撤回，文件未列入"}]}  # type: ignore[dict-item]
    path = f"/v1/rounds/{made.round_id}/decree"
    # Of one that has not withdrawn it cannot say so.
    told = refused(world.government.post(path, body), 422, "rule_refused", "art22.approval")
    assert "deferred_without_case" in {item["reason"] for item in told["violations"]}
    ok(withdrawal(world, made, day + timedelta(days=shift)))
    answer = world.government.post(path, body)
    if shift < 0:
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/deferred/0/candidate_id"
        return
    told = ok(answer, 201)
    assert (told["awards"], told["deferred"], told["round_state"]) == ([], [], "concluded")
    assert [item["reason"] for item in told["warnings"]] == ["left_out_as_withdrawn"]
    assert first_award(world, made)["state"] == "withdrawn"


def test_art03_the_last_name_of_a_round_withdraws_and_its_decree_is_of_an_earlier_day(world: World) -> None:
    made, (first, _, _) = objected(world)
    ok(decreed(world, made, 1, first["candidate_id"]), 201)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    world.clock.forward(days=1)
    day = world.clock.today
    world.clock.forward(days=1)
    ok(made.applied[0].applicant.post(f"/v1/applications/{made.ids[0]}/withdrawal", {"reason": "样例"}))
    assert state(world, made) == "concluded"
    world.clock.forward(days=1)
    path, body = f"/v1/rounds/{made.round_id}/decree", {"number": "会府字〔2024〕2号"}
    # The day after the withdrawal nobody is left to commend.
    refused(world.government.post(path, body | {"dated": str(world.clock.today)}), 409, "wrong_state")
    told = ok(world.government.post(path, body | {"dated": str(day)}), 201)
    assert ([item["id"] for item in told["awards"]], told["round_state"]) == ([first["id"]], "concluded")
    end = ended(world, made)
    assert [item[0] for item in end["awards"]] == ["conferred"] * 3
    assert (end["names"][0], end["applications"][0]) == (("listed", None), ("evaluated", None, None))
    assert len({item[4] for item in end["awards"]}) == 3
    refused(world.government.post(path, body | {"number": "会府字〔2024〕3号", "dated": str(day)}), 409, "wrong_state")


@pytest.mark.parametrize("entered_after", ["nothing", "list", "meeting"])
def test_art22_a_later_list_or_meeting_does_not_shut_out_the_decree_of_an_earlier_day(
    world: World, entered_after: str
) -> None:
    made, listed = waiting(world)
    day = world.clock.today
    world.clock.forward(days=3)
    path = f"/v1/rounds/{made.round_id}/decree"
    body: dict[str, Any] = {"number": "会府字〔2024〕1号", "dated": str(day)}
    left = body | {"deferred": [{"candidate_id": listed["id"], "reason": "样例：异议正在核实"}]}

    def first_decree() -> None:
        # Whoever was approved later waited on that day, and the decree has to say so.
        told = refused(world.government.post(path, body), 422, "rule_refused", "art22.approval")
        ahead = {"nothing": "fix_proposed_list", "list": "approve_awards", "meeting": "issue_decree"}[entered_after]
        assert [(item["reason"], item["facts"]["next_act"]) for item in told["violations"]] == [
            ("names_waiting", ahead)
        ]
        told = ok(world.government.post(path, left), 201)
        assert sorted(item["application_id"] for item in told["awards"]) == sorted(made.ids[1:])
        assert [item["candidate_id"] for item in told["deferred"]] == [listed["id"]]
        assert told["round_state"] == ("proposed" if entered_after == "list" else "approved")

    if entered_after == "nothing":
        first_decree()
    close_objection(world, objections(world)[0]["id"], "dismissed")
    world.clock.forward(days=1)
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    if entered_after == "list":
        first_decree()
    met_on = world.clock.today
    approve(world, made.round_id, meeting_number=SECOND)
    if entered_after == "meeting":
        world.clock.forward(days=1)
        early = left | {"dated": str(day - timedelta(days=1))}
        told = refused(world.government.post(path, early), 422, "rule_refused", "art22.approval")
        assert "before_meeting" in {item["reason"] for item in told["violations"]}
        first_decree()
    later = ok(world.government.post(path, {"number": "会府字〔2024〕2号", "dated": str(met_on)}), 201)
    assert (later["round_state"], later["warnings"]) == ("concluded", [])
    end = ended(world, made)
    assert end["decrees"] == [
        ("会府字〔2024〕1号", str(day), sorted(made.ids[1:])),
        ("会府字〔2024〕2号", str(met_on), [made.ids[0]]),
    ]
    assert [item[0] for item in end["awards"]] == ["conferred"] * 3
    assert end["names"] == [("listed", None)] * 3


@pytest.mark.parametrize("meeting_first", [False, True])
def test_art22_a_name_that_the_later_meeting_leaves_out_was_left_to_it_by_the_decree(
    world: World, meeting_first: bool
) -> None:
    made, listed = waiting(world)
    day = world.clock.today
    world.clock.forward(days=3)
    body: dict[str, Any] = {"number": "会府字〔2024〕1号", "dated": str(day)}
    body["deferred"] = [{"candidate_id": listed["id"], "reason": "样例：异议正在核实"}]
    path = f"/v1/rounds/{made.round_id}/decree"
    if not meeting_first:
        ok(world.government.post(path, body), 201)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    approve(world, made.round_id, [listed["id"]], meeting_number=SECOND)
    if meeting_first:
        told = ok(world.government.post(path, body), 201)
        assert [item["candidate_id"] for item in told["deferred"]] == [listed["id"]]
    end = ended(world, made)
    assert (end["round"], end["names"][0]) == ("concluded", ("removed", "art22.approval"))
    assert end["awards"][0] is None
    assert end["decrees"] == [("会府字〔2024〕1号", str(day), sorted(made.ids[1:]))]


@pytest.mark.parametrize("meeting_first", [True, False])
def test_art21_a_later_list_does_not_shut_out_the_meeting_of_an_earlier_day(world: World, meeting_first: bool) -> None:
    made = in_publicity(world, *THREE)
    listed = candidates(world, made.round_id)[made.ids[0]]
    object_to(world, listed["id"])
    after_publicity(world, made.round_id)
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    met_on = world.clock.today
    world.clock.forward(days=3)
    if meeting_first:
        approve(world, made.round_id, meeting_on=str(met_on))
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    path = f"/v1/rounds/{made.round_id}/approval"
    if not meeting_first:
        early = approval(world, meeting_on=str(met_on - timedelta(days=1)))
        told = refused(world.government.post(path, early), 422, "rule_refused", "art22.approval")
        assert "before_list" in {item["reason"] for item in told["violations"]}
        told = approve(world, made.round_id, meeting_on=str(met_on))
        assert sorted(item["application_id"] for item in told["awards"]) == sorted(made.ids[1:])
        assert told["round_state"] == "proposed"
    told = approve(world, made.round_id, meeting_number=SECOND)
    assert (told["round_state"], len(told["awards"])) == ("approved", 3)
    assert [item["meeting_on"] for item in told["earlier_meetings"]] == [str(met_on)]
    told = decree(world, made.round_id)
    assert (told["round_state"], len(told["awards"])) == ("concluded", 3)


def test_art22_a_letter_to_the_first_name_is_still_asked_of_a_name_that_stands_again(world: World) -> None:
    """An objection to it that was open on the day of the decree holds it, whatever it wished since."""
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    letter(world, awards[made.ids[0]]["candidate_id"])
    day = world.clock.today
    world.clock.forward(days=2)
    ok(withdrawal(world, made, day))
    body: dict[str, Any] = {"number": "会府字〔2024〕12号", "dated": str(day)}
    path = f"/v1/rounds/{made.round_id}/decree"
    refused(world.government.post(path, body), 422, "rule_refused", "art21.objections")
    body["deferred"] = [{"candidate_id": awards[made.ids[0]]["candidate_id"], "reason": "样例：异议正在核实"}]
    told = ok(world.government.post(path, body), 201)
    assert [item["application_id"] for item in told["awards"]] == [made.ids[1]]
    # Nobody waits any more: it has withdrawn.
    assert told["round_state"] == "concluded"
