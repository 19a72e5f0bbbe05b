"""Arts. 8, 22, 26, 28: plaques as an inventory, each from its order to its recovery."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.plaques import RECEIVED, accept_plaque, hand_over_plaque, handed_over, order_plaque
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_http_tables import by_heading, lines, sheet
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.offers import Sweep, acts_of
from tests.support.papers import drafted, pdf_text
from tests.support.problems import refused
from tests.support.queries import counted

BACK = {"evidence": "样例：收回登记表。"}
ANNULMENT = {"body": "样例复议机关", "number": "赣市府行复〔2025〕6号", "reason": "样例：事实不清"}
ANNULMENT |= {"evidence": "样例：复议决定书存档"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def reasons(answer: Any, status: int = 422) -> set[str]:
    return {item["reason"] for item in refused(answer, status)["violations"]}


def plaque(world: World, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ok(world.office.get(f"/v1/plaques/{made['id']}"))
    return found


def acted(world: World, made: dict[str, Any]) -> list[str]:
    entries = ok(world.auditor.get(f"/v1/audit-entries?subject_type=plaque&subject_id={made['id']}"))["items"]
    return sorted(item["act"] for item in entries)


def revoked(world: World, winner: Winner, kind: dict[str, Any], number: str = "会府字〔2025〕7号") -> dict[str, Any]:
    if world.clock.today.year < 2025:
        world.clock.go("2025-06-01")
    case = bring_case(world, winner.award_id, winner.applicant, kind)
    decided: dict[str, Any] = decide(world, case, number=number)
    return decided


def duties(world: World, case: dict[str, Any]) -> list[tuple[str, str]]:
    told = ok(world.office.get(f"/v1/revocations/{case['id']}"))["open_duties"]
    return [(item["rule"], item["facts"]["next_act"]) for item in told]


def test_a_plaque_is_ordered_accepted_and_handed_over(world: World, winner: Winner) -> None:
    made = order_plaque(world, winner, maker="样例制作单位")
    award = ok(world.office.get(f"/v1/awards/{winner.award_id}"))
    assert (made["state"], made["number"], made["inscription"]) == ("ordered", award["plaque_number"], winner.name)
    refused(world.office.post(f"/v1/plaques/{made['id']}/handover", {"handed_over_on": "2024-06-03", **RECEIVED}), 409)
    world.clock.go("2024-06-20")
    early = world.office.post(f"/v1/plaques/{made['id']}/delivery", {"delivered_on": "2024-06-02"})
    assert refused(early, 422)["errors"][0]["code"] == "too_early"
    late = world.office.post(f"/v1/plaques/{made['id']}/delivery", {"delivered_on": "2024-06-21"})
    assert refused(late, 422)["errors"][0]["code"] == "date_in_future"
    accept_plaque(world, made)
    told = hand_over_plaque(world, made)
    assert (told["state"], told["handed_over_on"], told["received_by"]) == ("handed_over", "2024-06-20", "样例收件人")
    assert acted(world, made) == ["accept_plaque", "hand_over_plaque", "order_plaque"]
    listed = ok(world.auditor.get(f"/v1/plaques?award_id={winner.award_id}&state=handed_over"))["items"]
    assert [(item["id"], item["awarded_name"]) for item in listed] == [(made["id"], winner.name)]
    assert ok(world.government.get("/v1/plaques?state=lost"))["items"] == []
    refused(winner.applicant.get("/v1/plaques"), 403)
    refused(winner.applicant.post(f"/v1/awards/{winner.award_id}/plaques", {"ordered_on": "2024-06-20"}), 403)


def test_it_waits_for_the_winners_word_on_its_name(world: World, winner: Winner) -> None:
    path, body = f"/v1/awards/{winner.award_id}", {"ordered_on": "2024-06-03"}
    assert reasons(world.office.post(f"{path}/plaques", body)) == {"printed_name_unconfirmed"}
    ok(winner.applicant.post(f"{path}/printed-name", {"confirmed": False, "remark": "样例：少一个字"}))
    assert reasons(world.office.post(f"{path}/plaques", body)) == {"printed_name_unconfirmed"}
    early = {"ordered_on": "2024-06-02"}
    ok(winner.applicant.post(f"{path}/printed-name", {"confirmed": True}))
    assert refused(world.office.post(f"{path}/plaques", early), 422)["errors"][0]["pointer"] == "/ordered_on"
    ok(world.office.post(f"{path}/plaques", body), 201)


def test_a_repeat_award_brings_none(world: World) -> None:
    (winner,) = concluded(world, {"repeat_award": True, "first_award": False}).winners
    ok(winner.applicant.post(f"/v1/awards/{winner.award_id}/printed-name", {"confirmed": True}))
    answer = world.office.post(f"/v1/awards/{winner.award_id}/plaques", {"ordered_on": "2024-06-03"})
    assert reasons(answer) == {"not_first_award"}


def test_an_award_has_one_in_circulation_and_a_lost_one_is_replaced(world: World, winner: Winner) -> None:
    first = order_plaque(world, winner)
    again = {"ordered_on": "2024-06-03"}
    for step in (None, accept_plaque, hand_over_plaque):
        if step is not None:
            step(world, first)
        assert reasons(world.office.post(f"/v1/awards/{winner.award_id}/plaques", again)) == {"plaque_in_circulation"}
    ok(world.office.post(f"/v1/plaques/{first['id']}/loss", {"lost_on": "2024-06-03", "reason": "样例：火灾损毁"}))
    second = ok(world.office.post(f"/v1/awards/{winner.award_id}/plaques", again), 201)
    assert (second["replaces_id"], second["number"]) == (first["id"], f"{first['number']}-2")
    ok(world.office.post(f"/v1/plaques/{second['id']}/cancellation", {"reason": "样例：刻字有误"}))
    third = ok(world.office.post(f"/v1/awards/{winner.award_id}/plaques", again), 201)
    assert (third["replaces_id"], third["number"]) == (first["id"], f"{first['number']}-3")
    states = [item["state"] for item in ok(world.office.get("/v1/plaques"))["items"]]
    assert states == ["lost", "cancelled", "ordered"]
    taken = []
    for limit in (1, 3):
        with counted(world) as statements:
            ok(world.office.get(f"/v1/plaques?limit={limit}"))
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_of_two_orders_at_once_one_is_taken(world: World, winner: Winner) -> None:
    ok(winner.applicant.post(f"/v1/awards/{winner.award_id}/printed-name", {"confirmed": True}))

    def send(_: int) -> int:
        body = {"ordered_on": "2024-06-03"}
        return int(world.office.post(f"/v1/awards/{winner.award_id}/plaques", body).status_code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [201, 422, 422, 422]
    assert len(ok(world.office.get("/v1/plaques"))["items"]) == 1


def test_what_is_not_handed_over_yet_is_not_after_a_revocation(world: World, winner: Winner) -> None:
    made = accept_plaque(world, order_plaque(world, winner))
    case = revoked(world, winner, FRAUD)
    # It never left the office: nothing of it is demanded.
    demanded = {item["item"] for item in ok(world.office.get("/v1/recoveries"))["items"]}
    assert demanded == {"certificate"}
    assert duties(world, case) == []
    body = {"handed_over_on": "2025-06-01", **RECEIVED}
    assert reasons(world.office.post(f"/v1/plaques/{made['id']}/handover", body)) == {"award_revoked"}
    ok(world.office.post(f"/v1/plaques/{made['id']}/cancellation", {"reason": "样例：奖项已撤销"}))
    assert "award_revoked" in reasons(
        world.office.post(f"/v1/awards/{winner.award_id}/plaques", {"ordered_on": "2025-06-01"})
    )


def test_after_a_fraud_it_comes_back_with_what_is_recovered(world: World, winner: Winner) -> None:
    made = handed_over(world, winner)
    case = revoked(world, winner, FRAUD)
    assert duties(world, case) == [("art26.fraud", "record_recovery")]
    assert ok(winner.applicant.get(f"/v1/revocations/{case['id']}"))["open_duties"] == []
    claim = next(item for item in ok(world.office.get("/v1/recoveries"))["items"] if item["item"] == "plaque")
    day = {"recovered_on": "2025-06-01", **BACK}
    answer = world.office.post(f"/v1/plaques/{made['id']}/recovery", day)
    assert reasons(answer) == {"plaque_claimed"}
    ok(world.office.post(f"/v1/recoveries/{claim['id']}/entries", day))
    assert (plaque(world, made)["state"], plaque(world, made)["recovered_on"]) == ("recovered", "2025-06-01")
    assert duties(world, case) == []
    # The entry was wrong.
    (entry,) = ok(world.office.get(f"/v1/recoveries/{claim['id']}"))["entries"]
    wrong = {"reason": "样例：登记有误"}
    ok(world.office.post(f"/v1/recoveries/{claim['id']}/entries/{entry['id']}/withdrawal", wrong))
    assert (plaque(world, made)["state"], plaque(world, made)["recovered_on"]) == ("handed_over", None)
    assert duties(world, case) == [("art26.fraud", "record_recovery")]
    ok(world.office.post(f"/v1/recoveries/{claim['id']}/entries", day))
    # A review annuls the decision: it goes to its winner with what is given back.
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", ANNULMENT | {"decided_on": "2025-06-01"}))
    answer = world.office.post(f"/v1/plaques/{made['id']}/return", {"returned_on": "2025-06-01", **BACK})
    assert reasons(answer) == {"plaque_claimed"}
    ok(world.office.post(f"/v1/recoveries/{claim['id']}/giving-back", {"given_back_on": "2025-06-01", **BACK}))
    told = plaque(world, made)
    assert (told["state"], told["returned_on"]) == ("handed_over", "2025-06-01")
    assert acted(world, made).count("recover_plaque") == 2


def test_after_art_28_it_may_be_handed_in_and_goes_back_where_a_review_annuls(world: World, winner: Winner) -> None:
    made = handed_over(world, winner)
    stays = world.office.post(f"/v1/plaques/{made['id']}/recovery", {"recovered_on": "2024-06-03", **BACK})
    assert reasons(stays) == {"plaque_stays"}
    case = revoked(world, winner, QUALITY)
    assert duties(world, case) == [("art28.grounds", "take_plaque_back")]
    early = world.office.post(f"/v1/plaques/{made['id']}/recovery", {"recovered_on": "2025-05-31", **BACK})
    assert refused(early, 422)["errors"][0]["code"] == "too_early"
    ok(world.office.post(f"/v1/plaques/{made['id']}/recovery", {"recovered_on": "2025-06-01", **BACK}))
    assert duties(world, case) == []
    revoked_still = world.office.post(f"/v1/plaques/{made['id']}/return", {"returned_on": "2025-06-01", **BACK})
    assert reasons(revoked_still) == {"award_revoked"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", ANNULMENT | {"decided_on": "2025-06-01"}))
    ok(world.office.post(f"/v1/plaques/{made['id']}/return", {"returned_on": "2025-06-01", **BACK}))
    assert plaque(world, made)["state"] == "handed_over"


def test_a_lost_one_that_turns_up_can_come_back(world: World, winner: Winner) -> None:
    made = handed_over(world, winner)
    ok(world.office.post(f"/v1/plaques/{made['id']}/loss", {"lost_on": "2024-06-03", "reason": "样例：搬迁遗失"}))
    case = revoked(world, winner, FRAUD)
    assert duties(world, case) == [("art26.fraud", "record_recovery")]
    claim = next(item for item in ok(world.office.get("/v1/recoveries"))["items"] if item["item"] == "plaque")
    ok(world.office.post(f"/v1/recoveries/{claim['id']}/entries", {"recovered_on": "2025-06-01", **BACK}))
    assert plaque(world, made)["state"] == "recovered"


def test_the_order_paper_reads_the_inventory(world: World) -> None:
    made = concluded(world, {}, {})
    path = f"/v1/rounds/{made.round_id}"
    before = pdf_text(drafted(world.office, path, "plaque_order"))
    first = order_plaque(world, made.winners[0])
    accept_plaque(world, first)
    ok(world.office.post(f"/v1/plaques/{first['id']}/loss", {"lost_on": "2024-06-03", "reason": "样例：运输中损毁"}))
    again = ok(world.office.post(f"/v1/awards/{made.winners[0].award_id}/plaques", {"ordered_on": "2024-06-03"}), 201)
    accept_plaque(world, again)
    after = pdf_text(drafted(world.office, path, "plaque_order"))
    assert again["number"] not in before and again["number"] in after
    assert "2024年6月3日" not in before.partition("验收")[2] and "2024年6月3日" in after.partition("验收")[2]


def test_a_cancelled_one_stands_on_no_order_and_the_number_of_the_next_does(world: World) -> None:
    made = concluded(world, {})
    path = f"/v1/rounds/{made.round_id}"
    first = accept_plaque(world, order_plaque(world, made.winners[0]))
    ok(world.office.post(f"/v1/plaques/{first['id']}/cancellation", {"reason": "样例：刻字有误"}))
    told = pdf_text(drafted(world.office, path, "plaque_order"))
    assert f"{first['number']}-2" in told and "2024年6月3日" not in told.partition("验收")[2]
    again = ok(world.office.post(f"/v1/awards/{made.winners[0].award_id}/plaques", {"ordered_on": "2024-06-03"}), 201)
    assert again["number"] == f"{first['number']}-2"


def test_long_and_rare_names_stand_in_the_inventory_as_they_are(world: World, winner: Winner) -> None:
    maker, received = "样" * 200, "𠮷𫖯"
    made = accept_plaque(world, order_plaque(world, winner, maker=maker))
    body = {"handed_over_on": "2024-06-03", "received_by": received, "evidence": "=样例：签收单"}
    ok(world.office.post(f"/v1/plaques/{made['id']}/handover", body))
    for read in (lines, sheet):
        (row,) = by_heading(read(world.office, "/v1/plaques"))
        assert (row["制作单位"], row["领取人"], row["状态"]) == (maker, received, "已颁发")
        assert row["颁发的凭据"].removeprefix("'") == "=样例：签收单"
    too_long = {"ordered_on": "2024-06-03", "maker": "样" * 201}
    (fault,) = refused(world.office.post(f"/v1/awards/{winner.award_id}/plaques", too_long), 422)["errors"]
    assert (fault["pointer"], fault["code"]) == ("/maker", "too_long")


def test_what_is_offered_of_a_plaque_is_taken(world: World) -> None:
    won = concluded(world, {}, {}, {}).winners
    look = Sweep(world, skipped={})
    made = [order_plaque(world, one) for one in won]
    look("plaque")
    for item in made:
        accept_plaque(world, item)
    look("plaque")
    for item in made:
        hand_over_plaque(world, item)
    look("plaque")
    fraud = revoked(world, won[0], FRAUD)
    ground = revoked(world, won[1], QUALITY, number="会府字〔2025〕8号")
    look("plaque")
    ok(world.office.post(f"/v1/plaques/{made[1]['id']}/recovery", {"recovered_on": "2025-06-01", **BACK}))
    look("plaque")
    for number, case in enumerate((fraud, ground), 6):
        body = ANNULMENT | {"decided_on": "2025-06-01", "number": f"赣市府行复〔2025〕{number}号"}
        ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", body))
    look("plaque")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["plaque"])
    assert {("plaque", "take_plaque_back"), ("plaque", "return_plaque")} <= look.blocked
