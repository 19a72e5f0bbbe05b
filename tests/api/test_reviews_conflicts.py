"""Conflicts of interest (Art. 29): rule "art29.recusal", declared and detected, at both ends of the three years."""

from typing import Any

import pytest

from app.measures.roles import Role
from sandbox.stages.applications import Applied, apply, begin, submit_application
from sandbox.stages.decision import conclusion, deliberate, meeting, publication, verify_record
from sandbox.stages.parties import register, succeed, uscc
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import (
    admit,
    assign,
    light_rules,
    panel,
    qualified,
    report,
    review,
    reviewer_id,
    score,
    sign,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

WORK = ["employment", "consulting", "training", "certification"]
TIES = ["shares", "kinship", "competitor"]


def code_of(world: World, applied: Applied) -> str:
    found: str = ok(world.office.get(f"/v1/organisations/{applied.organisation_id}"))["uscc"]
    return found


def declare(world: World, kind: str, login: str = "reviewer1", **more: Any) -> Any:
    return world.by(login).post("/v1/conflict-declarations", {"kind": kind, "description": "样例说明", **more})


def assign_one(world: World, application_id: str, login: str = "reviewer1", stage: str = "material") -> Any:
    return assign(world, application_id, stage, [reviewer_id(world, login)])


def barred(world: World, applied: Applied, kind: str, ended_on: str | None) -> bool:
    """Whether such a conflict of interest keeps reviewer1 from the panel; it is taken back afterwards."""
    made = ok(declare(world, kind, uscc=code_of(world, applied), ended_on=ended_on), 201)
    path = f"/v1/applications/{applied.id}/review-assignments?dry_run=true"
    answer = world.office.post(path, {"stage": "material", "reviewer_ids": [reviewer_id(world, "reviewer1")]})
    ok(world.office.post(f"/v1/conflict-declarations/{made['id']}/withdrawal", {"reason": "样例"}))
    if answer.status_code == 201:
        return False
    facts = refused(answer, 422, "rule_refused", "art29.recusal")["violations"][0]["facts"]
    assert (facts["kind"], facts["until"], facts["detected"]) == (kind, ended_on, False)
    return True


# The applications are qualified on 2024-05-01; assignments are of that day.
def test_past_work_bars_for_three_years_with_the_anniversary(world: World) -> None:
    _, (applied,) = qualified(world)
    for kind in WORK:
        assert barred(world, applied, kind, None)
        assert barred(world, applied, kind, "2021-05-01")
        assert not barred(world, applied, kind, "2021-04-30")


def test_other_interests_bar_as_long_as_they_last(world: World) -> None:
    _, (applied,) = qualified(world)
    for kind in TIES:
        assert barred(world, applied, kind, None)
        assert barred(world, applied, kind, "2024-05-01")
        assert not barred(world, applied, kind, "2024-04-30")


def test_the_years_are_those_of_the_rounds_frozen_rules(world: World) -> None:
    _, (applied,) = qualified(world, rules={"recusal_years": 2})
    assert barred(world, applied, "training", "2022-05-01")
    assert not barred(world, applied, "training", "2022-04-30")


def test_staff_of_the_recommending_unit_is_barred(world: World) -> None:
    _, (applied,) = qualified(world)
    ok(declare(world, "recommending_unit_staff", unit_id=world.id("unit:wenwuba")), 201)
    ok(declare(world, "recommending_unit_staff", "reviewer2", unit_id=world.id("unit:junmenling")), 201)
    refused(assign_one(world, applied.id), 422, rule="art29.recusal")
    ok(assign_one(world, applied.id, "reviewer2"), 201)


def test_the_pool_detects_the_applicants_own_people_and_the_units(world: World) -> None:
    _, (applied,) = qualified(world)
    employee, _ = admit(world, employer="样例", employer_uscc=code_of(world, applied))
    staff, _ = admit(world, unit_id=world.id("unit:wenwuba"))
    other, _ = admit(world, employer_uscc=uscc(), unit_id=world.id("unit:health"))
    for key, kind in ((employee, "employment"), (staff, "recommending_unit_staff")):
        finding = refused(assign(world, applied.id, "material", [key]), 422, rule="art29.recusal")["violations"][0]
        assert (finding["facts"]["kind"], finding["facts"]["detected"]) == (kind, True)
    ok(assign(world, applied.id, "material", [other]), 201)


@pytest.mark.slow
def test_the_people_of_a_rival_for_the_same_seats_are_barred(world: World) -> None:
    _, (one, rival, elsewhere) = qualified(world, {}, {}, {"sector": "8411"})
    staff, _ = admit(world, employer_uscc=code_of(world, rival))
    finding = refused(assign(world, one.id, "material", [staff]), 422, rule="art29.recusal")["violations"][0]
    assert (finding["facts"]["kind"], finding["facts"]["detected"]) == ("competitor", True)
    # The hospital does not compete with manufacturers.
    ok(assign(world, elsewhere.id, "material", [staff]), 201)
    ok(declare(world, "shares", uscc=code_of(world, rival)), 201)
    refused(assign_one(world, one.id), 422, rule="art29.recusal")
    ok(declare(world, "consulting", "reviewer2", uscc=code_of(world, rival)), 201)
    ok(assign_one(world, one.id, "reviewer2"), 201)


def test_an_employer_without_a_code_is_known_by_its_name(world: World) -> None:
    _, (applied,) = qualified(world)
    name = ok(world.office.get(f"/v1/organisations/{applied.organisation_id}"))["name"]
    units = {item["id"]: item["name"] for item in ok(world.office.get("/v1/recommending-units"))["items"]}
    unit = units[world.id("unit:wenwuba")]
    employee, _ = admit(world, employer=name)
    for key, kind in ((employee, "employment"), (admit(world, employer=unit)[0], "recommending_unit_staff")):
        finding = refused(assign(world, applied.id, "material", [key]), 422, rule="art29.recusal")["violations"][0]
        assert (finding["facts"]["kind"], finding["facts"]["detected"]) == (kind, True)
    # With a code of its own a namesake is another.
    namesake, _ = admit(world, employer=name, employer_uscc=uscc())
    ok(assign(world, applied.id, "material", [namesake]), 201)
    # Who moves on takes the past with him.
    entry = ok(world.office.get(f"/v1/reviewers/{employee}"))
    ok(world.office.patch(f"/v1/reviewers/{employee}", {"employer": "样例研究院"}, version=entry["version"]))
    finding = refused(assign(world, applied.id, "material", [employee]), 422, rule="art29.recusal")["violations"][0]
    assert (finding["facts"]["kind"], finding["facts"]["until"]) == ("employment", world.clock.today.isoformat())


# Of the names of the seed and of registrations.
TRADITIONAL = str.maketrans("样制坝镇", "樣製壩鎮")


def test_art29_an_employer_is_known_by_its_name_however_it_is_written(world: World) -> None:
    _, (applied,) = qualified(world)
    name = ok(world.office.get(f"/v1/organisations/{applied.organisation_id}"))["name"]
    units = {item["id"]: item["name"] for item in ok(world.office.get("/v1/recommending-units"))["items"]}
    unit = units[world.id("unit:wenwuba")]
    for written, kind in ((name, "employment"), (unit, "recommending_unit_staff")):
        for employer in (f"{written[:2]} \u3000{written[2:]}", written.translate(TRADITIONAL)):
            key, _ = admit(world, employer=employer)
            finding = refused(assign(world, applied.id, "material", [key]), 422, rule="art29.recusal")["violations"][0]
            assert (finding["facts"]["kind"], finding["facts"]["detected"]) == (kind, True), employer
    other, _ = admit(world, employer=f"{name}一分厂")
    ok(assign(world, applied.id, "material", [other]), 201)


def test_the_committee_does_not_meet_on_scores_by_somebody_with_an_interest(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    review(world, round_id, {applied.id: [80]})
    verify_record(world, applied.id)
    counted = ok(declare(world, "kinship", uscc=code_of(world, applied)), 201)["counted"]
    assert len(counted) == 2
    path = f"/v1/rounds/{round_id}/deliberation"
    refused(world.office.post(path, meeting(world, [conclusion(applied.id)])), 422, "rule_refused", "art29.recusal")
    ok(world.office.post(f"/v1/review-assignments/{counted[0]}/recusal", {"reason": "样例：申报后发现。"}))
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] in ("qualified", "onsite")


def test_no_candidates_are_published_on_scores_by_somebody_with_an_interest(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    review(world, round_id, {applied.id: [80]})
    deliberate(world, round_id)
    counted = ok(declare(world, "kinship", uscc=code_of(world, applied)), 201)["counted"]
    body = {"application_ids": [applied.id], "publication": publication(world.clock.today)}
    path = f"/v1/rounds/{round_id}/candidate-list"
    refused(world.office.post(path, body), 422, "rule_refused", "art29.recusal")
    for charge in counted:
        if ok(world.office.get(f"/v1/review-assignments/{charge}"))["state"] == "active":
            ok(world.office.post(f"/v1/review-assignments/{charge}/recusal", {"reason": "样例：审议后发现。"}))
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "qualified"
    refused(world.office.post(path, body), 409, "wrong_state")


def test_the_pool_detects_an_employer_that_is_the_unit_by_its_code(world: World) -> None:
    code = uscc()
    unit = {"name": "样例行业协会乙", "kind": "association", "industry": "制造业", "uscc": code}
    unit_id = ok(world.office.post("/v1/recommending-units", unit), 201)["id"]
    login = {
        "login": "unit-sample",
        "role": "recommending_unit",
        "display_name": "样例",
        "unit_id": unit_id,
    }
    account = ok(world.office.post("/v1/accounts", login), 201)["id"]
    round_id = open_round(world, review_rules=light_rules())
    applicant = register(world).account
    application_id = begin(world, round_id, applicant)["id"]
    path = f"/v1/applications/{application_id}/recommendation-request"
    asked = ok(applicant.post(path, {"unit_id": unit_id}))["recommendations"][-1]
    opinion = {
        "facts_verified": ["登记信息"],
        "opinion": "同意推荐。",
        "signatory": "样例负责人",
        "signed_on": "2024-03-01",
        "industry_justification": "样例：属于本行业。",
    }
    member = world.account(account, Role.RECOMMENDING_UNIT)
    ok(member.post(f"/v1/recommendations/{asked['id']}/endorsement", opinion))
    submit_application(applicant, application_id)
    qualify(world, round_id)
    key, _ = admit(world, employer_uscc=code)
    finding = refused(assign(world, application_id, "material", [key]), 422, rule="art29.recusal")["violations"][0]
    assert (finding["facts"]["kind"], finding["facts"]["party"]) == ("recommending_unit_staff", unit_id)


def test_an_interest_in_a_predecessor_is_one_in_its_successor(world: World) -> None:
    round_id = open_round(world, review_rules=light_rules())
    old, new = register(world), register(world)
    succeed(world, new, old)
    applied = apply(world, round_id, organisation=(new.organisation_id, new.account))
    qualify(world, round_id)
    code = ok(world.office.get(f"/v1/organisations/{old.organisation_id}"))["uscc"]
    ok(declare(world, "consulting", uscc=code, ended_on="2023-12-31"), 201)
    refused(assign_one(world, applied.id), 422, rule="art29.recusal")


def test_one_barred_reviewer_keeps_the_whole_panel_from_being_made(world: World) -> None:
    _, (applied,) = qualified(world)
    ok(declare(world, "kinship", "reviewer2", uscc=code_of(world, applied)), 201)
    ids = [reviewer_id(world, f"reviewer{number}") for number in (1, 2, 3)]
    body = refused(assign(world, applied.id, "material", ids), 422, rule="art29.recusal")
    assert [finding["facts"]["reviewer"] for finding in body["violations"]] == [ids[1]]
    assert ok(world.office.get("/v1/review-assignments"))["items"] == []


def test_an_interest_declared_during_the_work_ends_it(world: World) -> None:
    round_id, (applied,) = qualified(world)
    assigned = panel(world, round_id, applied.id)
    score(world, *assigned[0], 80)
    made = ok(declare(world, "shares", uscc=code_of(world, applied)), 201)
    assert (made["recused"], made["counted"]) == ([assigned[0][1]], [])
    reviewer, charge = assigned[0]
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}"))["state"] == "recused"
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}/score-sheet"))["state"] == "set_aside"
    refused(reviewer.get(f"/v1/review-assignments/{charge}/dossier"), 422, rule="art29.recusal")
    for each in assigned[1:]:
        score(world, *each, 80)
    # His sheet does not count: the panel is short, and another takes the place, not he.
    refused(report(world, applied.id), 422, rule="art18.material")
    refused(assign_one(world, applied.id), 422, rule="art29.recusal")
    ((other, next_charge),) = panel(world, round_id, applied.id, logins=["reviewer4"])
    score(world, other, next_charge, 80)
    ok(report(world, applied.id), 201)


def test_an_interest_that_a_report_has_counted_is_the_offices_to_act_on(world: World) -> None:
    round_id, (applied,) = qualified(world)
    assigned = panel(world, round_id, applied.id)
    for each in assigned:
        score(world, *each, 80)
    ok(report(world, applied.id), 201)
    refused(
        world.office.post(f"/v1/review-assignments/{assigned[0][1]}/recusal", {"reason": "样例"}),
        409,
        "no_conflict_declared",
        "art29.recusal",
    )
    made = ok(declare(world, "consulting", uscc=code_of(world, applied)), 201)
    assert (made["recused"], made["counted"]) == ([], [assigned[0][1]])
    # While it is counted, the stage does not close.
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 422, rule="art29.recusal")
    ended = ok(world.office.post(f"/v1/review-assignments/{assigned[0][1]}/recusal", {"reason": "样例：申报后发现。"}))
    assert ended["state"] == "recused"
    assert [(item["reopens"], item["report_void"]) for item in ended["panels"]] == [(True, True)]
    (void,) = ok(world.office.get(f"/v1/applications/{applied.id}/material-report"))["items"]
    assert void["voided_at"] and void["void_reason"]
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 422, rule="art18.material")
    ((other, charge),) = panel(world, round_id, applied.id, logins=["reviewer4"])
    score(world, other, charge, 70)
    ok(report(world, applied.id), 201)
    ok(world.office.post(f"/v1/rounds/{round_id}/material-report"), 201)


def test_what_was_scored_before_an_interest_began_stands(world: World) -> None:
    round_id, (applied,) = qualified(world)
    assigned = panel(world, round_id, applied.id)
    for each in assigned:
        score(world, *each, 80)
    ok(report(world, applied.id), 201)
    world.clock.forward(days=2)
    made = ok(declare(world, "employment", uscc=code_of(world, applied), started_on="2024-05-02"), 201)
    assert (made["recused"], made["counted"]) == ([], [])
    ok(world.office.post(f"/v1/rounds/{round_id}/material-report"), 201)
    refused(assign_one(world, applied.id, stage="onsite"), 422, rule="art29.recusal")


def test_a_new_employer_ends_work_in_hand(world: World) -> None:
    round_id, (applied,) = qualified(world)
    key, reviewer = admit(world)
    sign(reviewer, round_id)
    charge = ok(assign(world, applied.id, "material", [key]), 201)["items"][0]["id"]
    entry = ok(world.office.get(f"/v1/reviewers/{key}"))
    ok(world.office.patch(f"/v1/reviewers/{key}", {"employer_uscc": code_of(world, applied)}, version=entry["version"]))
    assert ok(world.office.get(f"/v1/review-assignments/{charge}"))["state"] == "recused"


def test_a_reviewer_recuses_for_a_reason_of_his_own_and_does_not_come_back(world: World) -> None:
    round_id, (applied,) = qualified(world)
    assigned = panel(world, round_id, applied.id)
    (reviewer, charge), (_, others) = assigned[0], assigned[1]
    path = f"/v1/review-assignments/{charge}/recusal"
    refused(reviewer.post(f"/v1/review-assignments/{others}/recusal", {"reason": "样例"}), 404)
    refused(world.auditor.post(path, {"reason": "样例"}), 403)
    ok(reviewer.post(f"{path}?dry_run=true", {"reason": "样例"}))
    ended = ok(reviewer.post(path, {"reason": "样例：与其负责人是同学。"}))
    assert ended["state"] == "recused" and ended["panels"][0]["reopens"] is True
    refused(reviewer.post(path, {"reason": "样例"}), 409, "wrong_state")
    body = refused(assign_one(world, applied.id), 422, rule="art29.recusal")
    assert body["violations"][0]["facts"]["recused"] is True


def test_a_submitted_sheet_is_not_taken_back_by_its_author_nor_by_the_office(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    score(world, reviewer, charge, 80)
    refused(reviewer.post(f"/v1/review-assignments/{charge}/recusal", {"reason": "样例"}), 409, "wrong_state")
    refused(
        world.office.post(f"/v1/review-assignments/{charge}/recusal", {"reason": "样例"}), 409, "no_conflict_declared"
    )
    refused(world.office.post(f"/v1/review-assignments/{charge}/release", {"reason": "样例"}), 409, "wrong_state")


def test_the_office_records_and_takes_back_what_was_recorded_in_error(world: World) -> None:
    _, (applied,) = qualified(world)
    body = {
        "reviewer_id": reviewer_id(world, "reviewer1"),
        "kind": "kinship",
        "uscc": code_of(world, applied),
        "description": "样例：举报后核实。",
    }
    made = ok(world.office.post("/v1/conflict-declarations", body), 201)
    assert made["origin"] == "recorded"
    refused(assign_one(world, applied.id), 422, rule="art29.recusal")
    path = f"/v1/conflict-declarations/{made['id']}/withdrawal"
    refused(world.by("reviewer1").post(path, {"reason": "样例"}), 403)
    ok(world.office.post(path, {"reason": "样例：误记。"}))
    refused(world.office.post(path, {"reason": "样例"}), 409, "wrong_state")
    refused(world.office.post(f"/v1/conflict-declarations/{applied.id}/withdrawal", {"reason": "样例"}), 404)
    ok(assign_one(world, applied.id), 201)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"uscc": None}, "/uscc"),
        ({"unit_id": "unit:wenwuba"}, "/uscc"),
        ({"kind": "recommending_unit_staff"}, "/unit_id"),
        ({"kind": "recommending_unit_staff", "uscc": None, "unit_id": "unit:nowhere"}, "/unit_id"),
        ({"ended_on": "2024-03-02"}, "/ended_on"),
        ({"started_on": "2024-03-02"}, "/started_on"),
        ({"started_on": "2024-02-02", "ended_on": "2024-02-01"}, "/ended_on"),
        ({"reviewer_id": "reviewer:reviewer2"}, "/reviewer_id"),
        ({"kind": "friendship"}, "/kind"),
    ],
)
def test_an_interest_that_cannot_be(world: World, changes: dict[str, Any], pointer: str) -> None:
    body: dict[str, Any] = {"kind": "kinship", "uscc": "91360733MA35AAAA0X", "description": "样例", **changes}
    for name in ("unit_id", "reviewer_id"):
        if body.get(name):
            body[name] = world.id(body[name])
    problem = refused(world.by("reviewer1").post("/v1/conflict-declarations", body), 422, "invalid")
    assert pointer in {fault["pointer"] for fault in problem["errors"]}
    assert ok(world.office.get("/v1/conflict-declarations"))["items"] == []


def test_a_reviewer_sees_his_own_interests_alone(world: World) -> None:
    ok(declare(world, "kinship", uscc="91360733MA35AAAA0X"), 201)
    ok(declare(world, "shares", "reviewer2", uscc="91360733MA35AAAA0X"), 201)
    mine = ok(world.by("reviewer1").get("/v1/conflict-declarations"))["items"]
    assert [item["kind"] for item in mine] == ["kinship"]
    others = f"/v1/conflict-declarations?reviewer_id={reviewer_id(world, 'reviewer2')}"
    assert ok(world.by("reviewer1").get(others))["items"] == []
    assert len(ok(world.auditor.get("/v1/conflict-declarations"))["items"]) == 2
    assert [item["kind"] for item in ok(world.office.get(others))["items"]] == ["shares"]
    for caller in (world.government, world.by("unit-wenwuba")):
        refused(caller.get("/v1/conflict-declarations"), 403)
    refused(
        world.office.post("/v1/conflict-declarations", {"kind": "kinship", "uscc": uscc(), "description": "样例"}), 422
    )
