"""Arts. 3, 9, 22, 26, 28: what turns out after the decree to have stood against an award on its own day, a withdrawal
that had come in, an exclusion that had begun, puts it in doubt: its prize is held, and the government decides."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.applications import PDF
from sandbox.stages.awarded import Concluded, Winner, concluded
from sandbox.stages.decision import Contender, Evaluated, approve, decree, fix_proposed, in_publicity
from sandbox.stages.law import holiday_year, instrument, register_instrument
from sandbox.stages.money import order, order_body, pay
from sandbox.stages.parties import register
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art28_annulment import annul
from tests.api.test_revocations import FRAUD, QUALITY
from tests.support.problems import refused

LETTER = {"letter_reference": "收文〔2024〕41号", "reason": "样例：来函自愿退出"}
DECISION = {"number": "会府字〔2024〕30号", "reason": "样例：经县政府研究"}


def conferred(world: World) -> tuple[Evaluated, dict[str, Any], date]:
    """A round of two, decreed two days after the approval; the award of the first, and the day of the decree."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    world.clock.forward(days=2)
    told = {item["application_id"]: item for item in decree(world, made.round_id)["awards"]}
    day = world.clock.today
    world.clock.forward(days=3)
    return made, told[made.ids[0]], day


def winner_of(made: Evaluated, award: dict[str, Any]) -> Winner:
    applied = made.applied[made.ids.index(award["application_id"])]
    return Winner(award["id"], applied.organisation_id, "", award["awarded_name"], applied.applicant)


def by_letter(world: World, award: dict[str, Any], received_on: date, **changes: Any) -> Any:
    body = LETTER | {"received_on": str(received_on)} | changes
    return world.office.post(f"/v1/awards/{award['id']}/withdrawal-letters", body)


def scan(world: World, doubt: dict[str, Any]) -> Any:
    path = f"/v1/conferral-doubts/{doubt['id']}/files"
    return ok(world.office.post(path, params={"filename": "撤回来函.pdf"}, content=PDF), 201)


def decide(world: World, doubt: dict[str, Any], outcome: str, **changes: Any) -> Any:
    body = DECISION | {"outcome": outcome, "decided_on": str(world.clock.today)} | changes
    return world.government.post(f"/v1/conferral-doubts/{doubt['id']}/decision", body)


def next_act(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(item["facts"]["next_act"], item["facts"]["next_by"]) for item in answer["next_steps"]]


@pytest.mark.parametrize(("shift", "in_time"), [(-1, True), (0, False), (1, False)])
def test_art03_a_letter_counts_from_the_day_on_which_it_came(world: World, shift: int, in_time: bool) -> None:
    made, award, day = conferred(world)
    received_on = day + timedelta(days=shift)
    path = f"/v1/applications/{award['application_id']}/withdrawal-letter"
    told = refused(world.office.post(path, LETTER | {"received_on": str(received_on)}), 409, "wrong_state")
    (found,) = told["violations"]
    if in_time:
        assert (found["reason"], found["facts"]["next_act"], found["facts"]["next_by"]) == (
            "withdrawal_before_the_decree",
            "enter_withdrawal_in_time",
            ["office"],
        )
        doubt = ok(by_letter(world, award, received_on), 201)
        assert (doubt["ground"], doubt["since_day"], doubt["state"]) == ("withdrawal", str(received_on), "open")
        assert next_act(doubt) == [("upload_withdrawal_letter", ["office"])]
    else:
        assert (found["reason"], found["rule"]) == ("renounced", "art03.recommendation")
        assert "放弃" in found["message_zh"] and found["remedy_zh"]
        again = refused(by_letter(world, award, received_on), 422, "rule_refused", "art03.recommendation")
        assert [item["reason"] for item in again["violations"]] == ["renounced"]
        order(world, winner_of(made, award))
    shown = ok(world.public.get(f"/v1/awards/{award['id']}"))
    assert (shown["state"], shown["status"]) == ("conferred", "valid")


def test_art09_the_prize_of_a_withdrawn_name_is_not_ordered_and_the_award_is_taken_back(world: World) -> None:
    made, award, day = conferred(world)
    doubt = ok(by_letter(world, award, day - timedelta(days=1)), 201)
    winner = winner_of(made, award)
    path = f"/v1/awards/{award['id']}/disbursement"
    told = refused(world.office.post(path, order_body(winner)), 422, "rule_refused", "art09.disbursement")
    (found,) = told["violations"]
    assert (found["reason"], found["facts"]["next_by"]) == ("conferral_in_doubt", ["government"])
    # Nothing is taken back for a letter whose scan nobody has seen; one letter is entered once.
    told = refused(decide(world, doubt, "void"), 422, "rule_refused", "art22.approval")
    assert [item["facts"]["next_act"] for item in told["violations"]] == ["upload_withdrawal_letter"]
    told = refused(by_letter(world, award, day - timedelta(days=1)), 422, "rule_refused", "art03.recommendation")
    assert [item["reason"] for item in told["violations"]] == ["withdrawal_known"]
    kept = scan(world, doubt)
    for caller in (made.applied[0].applicant, world.government, world.auditor):
        (shown,) = ok(caller.get(f"/v1/awards/{award['id']}/conferral-doubts"))["items"]
        assert next_act(shown) == [("void_conferral", ["government"])]
        file = f"/v1/conferral-doubts/{doubt['id']}/files/{shown['files'][0]['id']}/content"
        assert caller.get(file).content == PDF
    assert kept["filename"] == "撤回来函.pdf"
    refused(made.applied[1].applicant.get(f"/v1/awards/{award['id']}/conferral-doubts"), 404, "not_found")
    refused(decide(world, doubt, "void", decided_on=str(day - timedelta(days=1))), 422, rule="art22.approval")
    refused(decide(world, doubt, "void", decided_on=str(world.clock.today + timedelta(days=1))), 422, "invalid")
    done = ok(decide(world, doubt, "void"))
    assert (done["state"], done["decision_number"]) == ("voided", DECISION["number"])
    # What it has brought comes back; of a prize there is nothing to come.
    assert [item["reason"] for item in done["next_steps"]] == ["plaque_to_come_back", "certificate_to_come_back"]
    shown = ok(world.public.get(f"/v1/awards/{award['id']}"))
    assert (shown["state"], shown["status"], shown["revoked_on"]) == ("revoked", "revoked", str(world.clock.today))
    certificate = ok(world.public.get(f"/v1/certificates/{award['certificate_number']}"))
    assert (certificate["status"], certificate["revoked_under"]) == ("revoked", "taken_back")
    assert ok(world.public.get("/v1/exclusions"))["items"] == []
    told = refused(world.office.post(path, order_body(winner)), 422, "rule_refused", "art09.disbursement")
    assert "award_revoked" in {item["reason"] for item in told["violations"]}
    refused(decide(world, doubt, "uphold"), 409, "wrong_state")
    # The other award of the round is as it was.
    others = ok(world.public.get("/v1/awards"))["items"]
    assert sorted(item["status"] for item in others) == ["revoked", "valid"]


@pytest.mark.parametrize(("outcome", "state"), [("void", "cancelled"), ("uphold", "payable")])
def test_art09_an_ordered_prize_is_held_until_the_government_has_decided(
    world: World, outcome: str, state: str
) -> None:
    made, award, day = conferred(world)
    row = order(world, winner_of(made, award))
    doubt = ok(by_letter(world, award, day - timedelta(days=1)), 201)
    scan(world, doubt)
    path = f"/v1/disbursements/{row['id']}"
    assert ok(world.office.get(path))["state"] == "suspended"
    told = refused(world.platform.post(f"{path}/acknowledgement", {"attempt": 1}), 409, "wrong_state")
    assert told["violations"][0]["facts"]["next_act"] == "void_conferral"
    ok(decide(world, doubt, outcome))
    assert ok(world.office.get(path))["state"] == state
    shown = ok(world.public.get(f"/v1/awards/{award['id']}"))
    assert shown["state"] == ("revoked" if outcome == "void" else "conferred")


def test_art09_a_prize_that_was_paid_is_told_of_where_the_award_is_taken_back(world: World) -> None:
    made, award, day = conferred(world)
    pay(world, order(world, winner_of(made, award)))
    doubt = ok(by_letter(world, award, day - timedelta(days=1)), 201)
    scan(world, doubt)
    done = ok(decide(world, doubt, "void"))
    *things, told = done["next_steps"]
    assert [item["reason"] for item in things] == ["plaque_to_come_back", "certificate_to_come_back"]
    assert (told["reason"], told["facts"]["amount_fen"]) == ("prize_to_come_back", 10_000_000)


def test_art26_28_of_an_award_that_was_taken_back_only_fraud_is_left_to_find(world: World) -> None:
    made, award, day = conferred(world)
    doubt = ok(by_letter(world, award, day - timedelta(days=1)), 201)
    scan(world, doubt)
    ok(decide(world, doubt, "void"))
    taken_back_on = str(world.clock.today)
    world.clock.forward(days=1)
    today = str(world.clock.today)
    path = f"/v1/awards/{award['id']}/revocations"
    event = {"event_on": today, "found_on": today}
    told = refused(world.office.post(path, QUALITY | event), 422, "rule_refused", "art26_28.together")
    assert "award_revoked" in {item["reason"] for item in told["violations"]}
    case = bring_case(world, award["id"], made.applied[0].applicant, FRAUD | {"found_on": today})
    ok(revoke(world, case["id"], world.clock.today))
    # What a review annuls is that decision: the award stays taken back, from its day on.
    ok(annul(world, case))
    shown = ok(world.public.get(f"/v1/awards/{award['id']}"))
    assert (shown["state"], shown["revoked_on"], shown["revoked_under"]) == ("revoked", taken_back_on, "taken_back")


def test_art03_before_the_decree_it_is_the_withdrawal_that_is_entered(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    award = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}[made.ids[0]]
    (told,) = refused(by_letter(world, award, world.clock.today), 409, "wrong_state")["violations"]
    assert (told["reason"], told["facts"]["next_act"]) == ("withdrawal_still_open", "withdraw_on_paper")
    path = f"/v1/applications/{made.ids[0]}/withdrawal-letter"
    ok(world.office.post(path, LETTER | {"received_on": str(world.clock.today)}))
    world.clock.forward(days=1)
    assert len(decree(world, made.round_id)["awards"]) == 1


def twice(world: World) -> tuple[Concluded, Evaluated, dict[str, Any], date]:
    """An award of 2012, and a case of fraud on it that was submitted five days before a decree conferred another award
    on the same legal person: that award with the `case_id`, and the day of its decree."""
    old = register(world, name="样例老牌企业")
    given = {"decreed_on": "2012-06-03", "decree_number": "会府字〔2012〕1号"}
    past = concluded(world, {"organisation_id": old.organisation_id}, year=2012, ordinal=1, **given)
    for year, ordinal in ((2015, 2), (2018, 3)):
        concluded(
            world, {}, year=year, ordinal=ordinal, decreed_on=f"{year}-06-03", decree_number=f"会府字〔{year}〕1号"
        )
    made = in_publicity(world, Contender(score="600", organisation=(old.organisation_id, old.applicant)))
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    basis = {"basis": "fraud", "facts": "样例", "evidence": "样例", "found_on": str(world.clock.today)}
    case = bring_case(world, past.winners[0].award_id, old.applicant, basis)
    world.clock.forward(days=5)
    award = decree(world, made.round_id)["awards"][0]
    day = world.clock.today
    world.clock.forward(days=3)
    return past, made, award | {"case_id": case["id"]}, day


def revoke(world: World, case_id: str, decided_on: date, **changes: Any) -> Any:
    body = {"number": "会府字〔2024〕21号", "decided_on": str(decided_on), "reason": "样例"} | changes
    return world.government.post(f"/v1/revocations/{case_id}/decision", body)


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "meanwhile"), [(-1, True), (0, True), (1, False)])
def test_art26_a_revocation_is_not_dated_before_a_later_decree_unless_it_says_so(
    world: World, shift: int, meanwhile: bool
) -> None:
    _, _, award, day = twice(world)
    decided_on = day + timedelta(days=shift)
    answer = revoke(world, award["case_id"], decided_on)
    path = f"/v1/awards/{award['id']}/conferral-doubts"
    if not meanwhile:
        assert ok(answer)["warnings"] == []
        assert ok(world.office.get(path))["items"] == []
        return
    told = refused(answer, 422, "rule_refused", "exclusions")
    (found,) = told["violations"]
    assert (found["reason"], found["facts"]["awards"]) == ("conferred_meanwhile", [award["id"]])
    assert ok(world.office.get(path))["items"] == []
    told = ok(revoke(world, award["case_id"], decided_on, later_awards_in_doubt=True))
    (found,) = told["warnings"]
    assert (found["reason"], found["facts"]["awards"]) == ("later_award_in_doubt", [award["id"]])
    (doubt,) = ok(world.office.get(path))["items"]
    assert (doubt["ground"], doubt["since_day"], doubt["reference"]) == (
        "exclusion",
        str(decided_on),
        "会府字〔2024〕21号",
    )
    assert (doubt["revocation_id"], next_act(doubt)) == (award["case_id"], [("void_conferral", ["government"])])
    # A repeat award brings no prize; the title is the government's to take back.
    ok(decide(world, doubt, "void"))
    assert ok(world.public.get(f"/v1/awards/{award['id']}"))["status"] == "revoked"


@pytest.mark.slow
@pytest.mark.parametrize("voided", [False, True])
def test_art26_what_a_review_annuls_leaves_no_doubt(world: World, voided: bool) -> None:
    _, _, award, day = twice(world)
    case = ok(revoke(world, award["case_id"], day, later_awards_in_doubt=True))
    path = f"/v1/awards/{award['id']}/conferral-doubts"
    (doubt,) = ok(world.office.get(path))["items"]
    if voided:
        ok(decide(world, doubt, "void"))
    ok(annul(world, case))
    (doubt,) = ok(world.office.get(path))["items"]
    assert (doubt["state"], doubt["next_steps"]) == ("lifted", [])
    shown = ok(world.public.get(f"/v1/awards/{award['id']}"))
    assert (shown["state"], shown["status"], shown["revoked_under"]) == ("conferred", "valid", None)
    # Nothing is demanded any more of what it had brought.
    owed = [item for item in ok(world.office.get("/v1/recoveries"))["items"] if item["doubt_id"] == doubt["id"]]
    assert [item["state"] for item in owed] == (["lifted"] if voided else [])


@pytest.mark.slow
def test_art06_art08_an_award_that_was_taken_back_was_never_won(world: World) -> None:
    """Neither is the next one too early, nor is it not the first."""
    made, award, day = conferred(world)
    doubt = ok(by_letter(world, award, day - timedelta(days=1)), 201)
    scan(world, doubt)
    ok(decide(world, doubt, "void"))
    applied = made.applied[0]
    world.clock.go("2026-03-01")
    register_instrument(
        world, instrument(number="会府办发〔2025〕3号", document_date="2025-02-20", in_force_to="2060-12-31")
    )
    ok(world.office.post("/v1/holiday-years", holiday_year(2026)), 201)
    again = in_publicity(world, Contender(organisation=(applied.organisation_id, applied.applicant)), year=2026)
    fix_proposed(world, again.round_id)
    (told,) = approve(world, again.round_id)["awards"]
    assert (told["first_award"], told["prize_fen"]) == (True, 10_000_000)
