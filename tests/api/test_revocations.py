"""Revocation: submitted by the office, decided by the government; Art. 26 takes back, Art. 28 does not."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.money import acknowledge, confirmation, order, pay
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.support.problems import refused

FRAUD = {
    "basis": "fraud",
    "facts": "样例：伪造财务报表，查证属实",
    "evidence": "样例调查报告",
    "summary": "样例：财务报表与留存的不一致",
}
QUALITY = {
    "basis": "grounds",
    "ground": "2",
    "event_on": "2025-03-01",
    "found_on": "2025-03-15",
    "found_evidence": "样例监督检查记录",
    "penalised_or_proven": True,
    "facts": "样例：产品质量重大问题被查处",
    "evidence": "样例处罚决定书",
    "summary": "样例：产品质量问题被查处",
}
MEDIA = {"title": "样例撤销公告", "media": [{"name": "县政府网站", "published_on": "2025-06-02"}]}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def submit(world: World, winner: Winner, case: dict[str, Any]) -> Any:
    """Opened, heard and submitted on one day."""
    return bring_case(world, winner.award_id, winner.applicant, case)


def decide(world: World, case: dict[str, Any], number: str = "会府字〔2025〕7号", on: str = "2025-06-01") -> Any:
    body = {"number": number, "decided_on": on, "reason": "样例：情况属实"}
    return ok(world.government.post(f"/v1/revocations/{case['id']}/decision", body))


def recoveries(world: World) -> dict[str, int]:
    return {item["item"]: item["amount_fen"] for item in ok(world.office.get("/v1/recoveries"))["items"]}


def exclusion(world: World) -> dict[str, Any]:
    items = ok(world.public.get("/v1/exclusions"))["items"]
    assert len(items) >= 1
    return items[-1]  # type: ignore[no-any-return]


def disbursement(world: World) -> dict[str, Any]:
    return ok(world.office.get("/v1/disbursements"))["items"][0]  # type: ignore[no-any-return]


def test_fraud_recovers_plaque_certificate_and_the_paid_prize_and_excludes_for_ten_years(
    world: World, winner: Winner
) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    decided = decide(world, submit(world, winner, FRAUD))
    assert decided["state"] == "decided"
    assert recoveries(world) == {"plaque": 0, "certificate": 0, "prize": 10_000_000}
    told = exclusion(world)
    assert (told["article"], told["from_day"], told["last_day"]) == ("26", "2025-06-01", "2035-06-01")
    assert ok(world.public.get("/v1/exclusions?on=2025-05-31"))["items"] == []
    assert ok(world.public.get("/v1/exclusions?on=2025-06-01"))["items"]
    assert ok(world.public.get("/v1/exclusions?on=2035-06-01"))["items"]
    assert ok(world.public.get("/v1/exclusions?on=2035-06-02"))["items"] == []


def test_a_ground_of_art_28_recovers_nothing_and_excludes_for_five_years(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, QUALITY))
    assert recoveries(world) == {}
    told = exclusion(world)
    assert (told["article"], told["from_day"], told["last_day"]) == ("28", "2025-06-01", "2030-06-01")
    assert disbursement(world)["state"] == "paid"


def test_an_unpaid_prize_is_held_while_a_case_is_open_and_cancelled_after_fraud(world: World, winner: Winner) -> None:
    order(world, winner)
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    assert disbursement(world)["state"] == "suspended"
    decide(world, case)
    assert disbursement(world)["state"] == "cancelled"
    assert recoveries(world) == {"plaque": 0, "certificate": 0}
    kinds = [item["kind"] for item in ok(world.platform.get("/v1/disbursement-feed"))["items"]]
    assert kinds == ["payable", "suspended", "cancelled"]


def test_an_unpaid_prize_stays_suspended_after_art_28_and_cannot_be_paid_while_revoked(
    world: World, winner: Winner
) -> None:
    order(world, winner)
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, QUALITY))
    held = disbursement(world)
    assert held["state"] == "suspended"
    decision = {"decision": "会府字〔2025〕8号", "reason": "样例"}
    refused(world.office.post(f"/v1/disbursements/{held['id']}/cancellation", decision), 403, rule="art02.decider")
    assert ok(world.government.post(f"/v1/disbursements/{held['id']}/cancellation", decision))["state"] == "cancelled"


def test_a_rejected_case_lets_the_prize_go_on(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    case = submit(world, winner, QUALITY)
    refused(world.platform.post(f"/v1/disbursements/{ordered['id']}/acknowledgement", {"attempt": 1}), 409)
    body = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例：不属实"}
    refused(world.office.post(f"/v1/revocations/{case['id']}/rejection", body), 403, rule="art02.decider")
    assert ok(world.government.post(f"/v1/revocations/{case['id']}/rejection", body))["state"] == "rejected"
    now = disbursement(world)
    assert (now["state"], now["attempt"]) == ("payable", 2)
    assert pay(world, now)["state"] == "paid"
    assert ok(world.public.get("/v1/exclusions"))["items"] == []


def test_money_that_left_before_the_cancellation_is_entered_and_then_recovered(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    body = confirmation(world, taken)
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    assert recoveries(world) == {"plaque": 0, "certificate": 0}
    assert ok(world.platform.post(f"/v1/disbursements/{taken['id']}/payment-confirmation", body))["state"] == "paid"
    assert recoveries(world) == {"plaque": 0, "certificate": 0, "prize": 10_000_000}


def test_an_order_that_was_never_taken_over_cannot_be_paid_after_its_cancellation(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    answer = world.platform.post(
        f"/v1/disbursements/{ordered['id']}/payment-confirmation", confirmation(world, ordered)
    )
    refused(answer, 409, "not_acknowledged")


def test_fraud_of_a_repeated_winner_takes_back_the_certificate_only(world: World) -> None:
    again = concluded(world, {"first_award": False, "repeat_award": True}).winners[0]
    world.clock.go("2025-06-01")
    decide(world, submit(world, again, FRAUD))
    assert recoveries(world) == {"certificate": 0}


def test_fraud_is_revoked_also_after_the_expiry_and_a_ground_is_not(world: World, winner: Winner) -> None:
    world.clock.go("2027-06-04")
    late = {**QUALITY, "event_on": "2027-06-03", "found_on": "2027-06-04"}
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", late)
    refused(answer, 422, rule="art28.grounds")
    decide(world, submit(world, winner, FRAUD), "会府字〔2027〕7号", "2027-06-04")
    assert exclusion(world)["last_day"] == "2037-06-04"


@pytest.mark.parametrize(
    ("event_on", "admitted"),
    [
        ("2024-06-02", False),
        ("2024-06-03", True),
        ("2025-06-01", True),
        ("2025-06-02", False),
    ],
)
def test_the_event_must_lie_within_validity_and_be_found(
    world: World, winner: Winner, event_on: str, admitted: bool
) -> None:
    world.clock.go("2025-06-01")
    case = {**QUALITY, "event_on": event_on, "found_on": max(event_on, "2024-06-03")}
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", case)
    assert answer.status_code == (201 if admitted else 422)


@pytest.mark.parametrize(
    ("accident", "admitted"),
    [
        ({"responsible": True, "dead": 2, "seriously_injured": 9, "direct_loss_fen": 999_999_999}, False),
        ({"responsible": True, "dead": 3}, True),
        ({"responsible": True, "seriously_injured": 10}, True),
        ({"responsible": True, "direct_loss_fen": 1_000_000_000}, True),
        ({"responsible": False, "dead": 3}, False),
        ({"dead": 3}, False),
    ],
)
def test_an_accident_counts_from_the_larger_class_on(
    world: World, winner: Winner, accident: dict[str, Any], admitted: bool
) -> None:
    world.clock.go("2025-06-01")
    case = {**QUALITY, "ground": "1", "accident": accident}
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", case)
    assert answer.status_code == (201 if admitted else 422)
    if not admitted:
        refused(answer, 422, rule="art28.grounds")


def test_fraud_after_art_28_is_a_supplementary_decision_and_the_later_end_counts(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    first = decide(world, submit(world, winner, QUALITY))
    again = world.office.post(f"/v1/awards/{winner.award_id}/revocations", QUALITY)
    refused(again, 422, rule="art26_28.together")
    world.clock.go("2026-06-01")
    supplementary = decide(world, submit(world, winner, FRAUD), "会府字〔2026〕7号", "2026-06-01")
    assert supplementary["supplementary_to"] == first["id"]
    assert recoveries(world)["prize"] == 10_000_000
    assert exclusion(world)["last_day"] == "2036-06-01"
    refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", FRAUD), 422, rule="art26_28.together")


def test_one_case_at_a_time(world: World, winner: Winner) -> None:
    submit(world, winner, FRAUD)
    refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", FRAUD), 409, "revocation_pending")


def test_art26_fraud_opens_beside_a_case_under_art28_and_takes_it_over(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    first = submit(world, winner, QUALITY)
    fraud = submit(world, winner, FRAUD)
    taken = ok(world.office.get(f"/v1/revocations/{first['id']}"))
    assert (taken["state"], taken["taken_over_by"], fraud["state"]) == ("taken_over", fraud["id"], "submitted")
    body = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例"}
    for what in ("decision", "rejection"):
        refused(world.government.post(f"/v1/revocations/{first['id']}/{what}", body), 409, "wrong_state")
    # The other way round, Art. 28 waits for the decision on the fraud.
    refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", QUALITY), 409, "revocation_pending")
    decide(world, fraud)
    assert recoveries(world)["prize"] == 10_000_000
    assert [item["article"] for item in ok(world.public.get("/v1/exclusions"))["items"]] == ["26"]


def test_each_organ_does_its_own_part(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/revocations"
    refused(world.government.post(path, FRAUD), 403, rule="art02.decider")
    case = submit(world, winner, FRAUD)
    body = {"number": "会府字〔2024〕20号", "decided_on": "2024-06-03", "reason": "样例"}
    refused(world.office.post(f"/v1/revocations/{case['id']}/decision", body), 403, rule="art02.decider")
    own = ok(world.office.get(f"/v1/revocations/{case['id']}"))["available_actions"]
    # A letter that came in time is entered until the government has decided.
    assert [item["act"] for item in own] == ["enter_statement", "withdraw_revocation"]
    acts = ok(world.government.get(f"/v1/revocations/{case['id']}"))["available_actions"]
    assert [item["act"] for item in acts] == ["decide", "reject"]


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "会府字〔2024〕7号"},
        {"decided_on": "2025-06-02"},
        {"decided_on": "2025-05-31"},
        {"reason": " "},
    ],
)
def test_a_decision_has_a_right_number_a_day_and_a_reason(
    world: World, winner: Winner, changes: dict[str, Any]
) -> None:
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    body = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例"} | changes
    refused(world.government.post(f"/v1/revocations/{case['id']}/decision", body), 422)
    assert ok(world.office.get(f"/v1/revocations/{case['id']}"))["state"] == "submitted"


def test_the_public_is_told_once_and_not_before_the_decision(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    path = f"/v1/revocations/{case['id']}/notice"
    refused(world.office.post(path, MEDIA), 409, "wrong_state")
    decide(world, case)
    early = {**MEDIA, "media": [{"name": "县政府网站", "published_on": "2025-05-31"}]}
    refused(world.office.post(path, early), 422, rule="art26.fraud")
    world.clock.go("2025-06-02")
    assert ok(world.office.post(path, MEDIA))["notice_id"]
    refused(world.office.post(path, MEDIA), 409, "already_published")


def test_a_notice_tells_what_the_law_wants_and_nothing_else(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-02")
    case = submit(world, winner, QUALITY)
    decide(world, case, on="2025-06-02")
    path = f"/v1/revocations/{case['id']}/notice"
    media = [{"name": "县政府网站", "published_on": "2025-06-02"}, {"name": "会昌发布", "published_on": "2025-06-03"}]
    tomorrow = refused(world.office.post(path, {**MEDIA, "media": media}), 422, "invalid")
    assert tomorrow["errors"][0]["pointer"] == "/media/1/published_on"
    assert acts(world, case) == {"publish_notice": True, "enter_statement_late": False}
    notice_id = ok(world.office.post(path, MEDIA))["notice_id"]
    assert acts(world, case) == {"publish_notice": False, "enter_statement_late": False}
    told = ok(world.public.get(f"/v1/notices/{notice_id}"))
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    assert told["body"] == {
        "organisation": winner.name,
        "award_year": 2024,
        "certificate_number": award["certificate_number"],
        "article": "28",
        "ground": 2,
        "decision_number": "会府字〔2025〕7号",
        "decided_on": "2025-06-02",
        "excluded_from": "2025-06-02",
        "excluded_through": "2030-06-02",
    }


def acts(world: World, case: dict[str, Any]) -> dict[str, bool]:
    shown = ok(world.office.get(f"/v1/revocations/{case['id']}"))["available_actions"]
    return {item["act"]: item["allowed"] for item in shown}


@pytest.mark.parametrize("changes", [{"number": "会府字〔2024〕7号"}, {"decided_on": "2025-05-31"}, {"reason": " "}])
def test_a_rejection_has_a_right_number_a_day_and_a_reason_too(
    world: World, winner: Winner, changes: dict[str, Any]
) -> None:
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    body = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例"} | changes
    path = f"/v1/revocations/{case['id']}/rejection"
    refused(world.government.post(path, body), 422)
    refused(world.government.post(f"{path}?dry_run=true", body), 422)
    assert ok(world.office.get(f"/v1/revocations/{case['id']}"))["state"] == "submitted"


LOSSES = {
    "basis": "grounds",
    "ground": "3",
    "facts": "样例：经营管理不善，连续两年严重亏损",
    "evidence": "样例审计报告",
    "summary": "样例：连续两年亏损",
    "found_on": "2027-03-01",
    "found_evidence": "样例审计报告",
    "losses_serious": {"found": True, "reason": "样例：亏损额大", "evidence": "样例审计报告第3页"},
    "losses_by_mismanagement": {"found": True, "reason": "样例：管理混乱", "evidence": "样例审计报告第5页"},
}


@pytest.mark.parametrize(
    ("losses", "admitted"),
    [
        ({2025: -1, 2026: -1}, True),
        ({2025: -1, 2026: 0}, False),
        # 2024 did not lie in validity from its first day, 2027 not to its last.
        ({2024: -1, 2025: -1}, False),
        ({2026: -1, 2027: -1}, False),
    ],
)
def test_two_years_of_loss_lie_both_within_validity(
    world: World, winner: Winner, losses: dict[int, int], admitted: bool
) -> None:
    world.clock.go("2027-06-03")
    years = [{"year": year, "net_profit_fen": profit} for year, profit in losses.items()]
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", {**LOSSES, "net_profits": years})
    if admitted:
        ok(answer, 201)
    else:
        refused(answer, 422, rule="art28.grounds")


def test_art28_3_a_profile_edited_afterwards_takes_the_ground_of_losses_from_nobody(world: World) -> None:
    played = conclude_round(world, 2024, Contender())
    award = played.awards[played.applied[0].organisation_id]
    winner = played.applied[0].applicant
    path = f"/v1/organisations/{played.applied[0].organisation_id}"
    edited = {"operating": False, "legal_form": "public_institution"}
    ok(winner.patch(path, edited, version=ok(winner.get(path))["version"]))
    world.clock.go("2027-03-01")
    years = [{"year": year, "net_profit_fen": -1} for year in (2025, 2026)]
    ok(world.office.post(f"/v1/awards/{award['id']}/revocations", {**LOSSES, "net_profits": years}), 201)


def test_what_was_taken_back_is_recorded(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    item = ok(world.office.get("/v1/recoveries?state=outstanding"))["items"][0]
    path = f"/v1/recoveries/{item['id']}/entries"
    refused(world.office.post(path, {"recovered_on": "2025-06-02", "evidence": "样例"}), 422)
    assert ok(world.office.post(path, {"recovered_on": "2025-06-01", "evidence": "样例收据"}))["state"] == "recovered"
    refused(world.office.post(path, {"recovered_on": "2025-06-01", "evidence": "样例"}), 409)
    refused(world.government.post(path, {"recovered_on": "2025-06-01", "evidence": "样例"}), 403)


@pytest.mark.parametrize(("day", "status"), [("2025-05-31", 422), ("2025-06-01", 200), ("2025-06-03", 200)])
def test_art26_nothing_comes_back_before_the_decision(world: World, winner: Winner, day: str, status: int) -> None:
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    world.clock.go("2025-06-03")
    item = ok(world.office.get("/v1/recoveries?state=outstanding"))["items"][0]
    answer = world.office.post(f"/v1/recoveries/{item['id']}/entries", {"recovered_on": day, "evidence": "样例"})
    if status == 200:
        assert ok(answer)["state"] == "recovered"
    else:
        problem = refused(answer, 422, "rule_refused", "art26.fraud")
        assert [item["reason"] for item in problem["violations"]] == ["recovered_before_decision"]
        assert ok(world.office.get(f"/v1/recoveries/{item['id']}"))["entries"] == []


def test_a_prize_is_paid_back_in_parts_to_the_last_fen(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    items = {item["item"]: item["id"] for item in ok(world.office.get("/v1/recoveries"))["items"]}
    path = f"/v1/recoveries/{items['prize']}"

    def back(amount_fen: int | None, evidence: str = "样例进账单", item: str = "prize") -> Any:
        body = {"recovered_on": "2025-06-01", "evidence": evidence, "amount_fen": amount_fen}
        return world.office.post(f"/v1/recoveries/{items[item]}/entries", body)

    first = ok(back(4_000_000, "样例进账单1"))
    assert (first["state"], first["recovered_fen"], first["recovered_on"]) == ("outstanding", 4_000_000, None)
    for amount in (6_000_001, 0, -1):
        refused(back(amount), 422, "invalid")
    refused(back(1, item="plaque"), 422, "invalid")
    assert ok(world.auditor.get(path))["entries"] == first["entries"]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(back, [5_999_999] * 3))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]
    last = ok(back(None, "样例进账单3"))
    assert (last["state"], last["recovered_fen"], last["evidence"]) == ("recovered", 10_000_000, "样例进账单3")
    assert [item["amount_fen"] for item in last["entries"]] == [4_000_000, 5_999_999, 1]
    refused(back(1), 409, "wrong_state")
    assert ok(back(None, item="plaque"))["state"] == "recovered"
    entries = ok(world.auditor.get("/v1/audit-entries?act=record_recovery"))["items"]
    assert [entry["details"]["outstanding_fen"] for entry in entries] == [0, 0, 1, 6_000_000]


@pytest.mark.parametrize("ground", [0, 2, 6, True, 2.0, "６", "fraud"])
def test_art28_what_is_no_ground_is_told_with_those_there_are(world: World, winner: Winner, ground: Any) -> None:
    world.clock.go("2025-06-01")
    problem = refused(
        world.office.post(f"/v1/awards/{winner.award_id}/revocations", QUALITY | {"ground": ground}), 422, "invalid"
    )
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/ground", "not_allowed")]
