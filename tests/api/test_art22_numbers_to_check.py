"""Arts. 3, 9, 17, 22, 26, 28, 33: whoever states the number of a document is told that it is malformed."""

from typing import Any

import pytest

from sandbox.stages.applications import apply, endorse, request
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.integration import batch
from sandbox.stages.law import instrument
from sandbox.stages.money import order
from sandbox.stages.qualification import asked, close_applications, consult, reply
from sandbox.stages.revocations import bring_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art03_letters import ask, drafted, for_county
from tests.api.test_art17_form_as_asked import rules
from tests.api.test_consultations_sheet import XLSX, export, filled
from tests.api.test_revocations import FRAUD, QUALITY

# The form that notices have, the year in words that no bracket holds.
RIGHT, MALFORMED = "会府字〔2025〕9号", "会府字第2025009号"
LETTER, OTHER_LETTER = "文府字〔2024〕15号", "文府字2024-15号"


def to_check(answer: dict[str, Any]) -> list[tuple[str, str]]:
    assert all(item["outcome"] == "pass" for item in answer["warnings"])
    return [(item["rule"], item["facts"]["number"]) for item in answer["warnings"]]


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.mark.parametrize(("number", "warned"), [(RIGHT, False), (MALFORMED, True)])
@pytest.mark.parametrize(
    ("case", "what", "rule"),
    [
        (FRAUD, "decision", "art26.fraud"),
        (QUALITY, "decision", "art28.grounds"),
        (FRAUD, "rejection", "art26.fraud"),
        (QUALITY, "rejection", "art28.grounds"),
    ],
)
def test_art26_art28_the_number_of_a_decision(
    world: World, winner: Winner, case: dict[str, Any], what: str, rule: str, number: str, warned: bool
) -> None:
    world.clock.go("2025-06-01")
    opened = bring_case(world, winner.award_id, winner.applicant, case)
    assert to_check(opened) == []
    body = {"number": number, "decided_on": "2025-06-01", "reason": "样例：查明"}
    path = f"/v1/revocations/{opened['id']}"
    told = [(rule, number)] if warned else []
    assert to_check(ok(world.government.post(f"{path}/{what}?dry_run=true", body))) == told
    assert to_check(ok(world.government.post(f"{path}/{what}", body))) == told
    assert to_check(ok(world.office.get(path))) == told
    if what == "decision":
        annulment = {"body": "样例复议机关", "decided_on": "2025-06-01", "reason": "样例：不清", "evidence": "样例存档"}
        review = annulment | {"number": "赣市府行复2025-6"}
        annulled = ok(world.government.post(f"{path}/annulment", review))
        assert to_check(annulled) == [*told, (rule, review["number"])]


@pytest.mark.parametrize(("number", "warned"), [(RIGHT, False), (MALFORMED, True)])
@pytest.mark.parametrize("ordered", [True, False])
def test_art09_the_number_of_a_decision_on_a_prize(
    world: World, winner: Winner, ordered: bool, number: str, warned: bool
) -> None:
    row = order(world, winner) if ordered else None
    world.clock.go("2025-06-01")
    opened = bring_case(world, winner.award_id, winner.applicant, QUALITY)
    body = {"number": RIGHT, "decided_on": "2025-06-01", "reason": "样例：查明"}
    ok(world.government.post(f"/v1/revocations/{opened['id']}/decision", body))
    path = f"/v1/disbursements/{row['id']}/cancellation" if row else f"/v1/awards/{winner.award_id}/prize-decision"
    decided = ok(world.government.post(path, {"decision": number, "reason": "样例：已撤销"}), 200 if row else 201)
    assert to_check(decided) == ([("art09.disbursement", number)] if warned else [])
    assert to_check(ok(world.government.get(f"/v1/disbursements/{decided['id']}"))) == []


@pytest.mark.parametrize(("number", "warned"), [("会财预〔2024〕3号", False), ("会财预2024-3", True)])
def test_art09_the_number_of_an_appropriation(world: World, number: str, warned: bool) -> None:
    body = {"amount_fen": 30_000_000, "document_number": number, "document_date": "2024-02-05"}
    told = [("art09.disbursement", number)] if warned else []
    assert to_check(ok(world.office.post("/v1/budget-years/2024/appropriations", body), 201)) == told
    (year,) = ok(world.office.get("/v1/budget-years"))["items"]
    assert to_check(year["appropriations"][0]) == told


@pytest.mark.parametrize(("number", "warned"), [(LETTER, False), (OTHER_LETTER, True)])
def test_art03_the_number_of_a_recommendation_letter(world: World, number: str, warned: bool) -> None:
    told = [("art03.recommendation", number)] if warned else []
    one = drafted(world, open_round(world))
    recommended = ok(endorse(world, request(world, one.id, one.applicant)["id"], letter_number=number))
    assert (to_check(recommended), recommended["letter_number"]) == (told, number)


@pytest.mark.parametrize(("number", "warned"), [(LETTER, False), (OTHER_LETTER, True)])
def test_art03_the_number_of_the_countys_letter_and_of_one_in_a_batch(world: World, number: str, warned: bool) -> None:
    told = [("art03.recommendation", number)] if warned else []
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    two = drafted(world, round_id)
    recommendation = ok(ask(world, two, "industry"))["recommendations"][-1]["id"]
    assert to_check(ok(endorse(world, recommendation))) == []
    assert to_check(ok(for_county(world, recommendation, letter_number=number))) == told
    three = drafted(world, round_id)
    waiting = ok(ask(world, three, "industry"))["recommendations"][-1]["id"]
    item = {
        "recommendation_id": waiting,
        "outcome": "endorsed",
        "facts_verified": ["登记信息"],
        "letter_number": number,
    }
    item |= {"opinion": "同意推荐。", "signatory": "样例负责人", "signed_on": world.clock.today.isoformat()}
    (answered,) = ok(batch(world, item))["items"]
    assert to_check(answered) == told


@pytest.mark.parametrize(("number", "warned"), [("会市监函〔2024〕31号", False), ("复函第1号", True), (None, False)])
def test_art17_the_number_of_a_departments_letter(world: World, number: str | None, warned: bool) -> None:
    round_id = open_round(world)
    for _ in range(2):
        apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    told = [("art17.qualification", number)] if warned else []
    first, _ = asked(world, "market", round_id)
    assert to_check(ok(reply(world, "market", first["id"], letter_number=number))) == told
    path, headers = f"/v1/rounds/{round_id}/consultation-sheet", {"Content-Type": XLSX}
    params = {} if number is None else {"letter_number": number}
    sheet = filled(export(world, round_id), {"answer": "无"})
    sent = ok(world.by("department-market").post(path, params=params, content=sheet, headers=headers))
    assert (to_check(sent), sent["answered"]) == (told, 1)
    assert {tuple(to_check(row)) for row in asked(world, "market", round_id)} == {tuple(told)}


@pytest.mark.parametrize(("number", "warned"), [("会府办发〔2024〕8号", False), ("会府办发2024-8", True)])
def test_art33_the_number_of_an_instrument(world: World, number: str, warned: bool) -> None:
    body = instrument(number=number)
    made = ok(world.office.post("/v1/instruments", body), 201)
    told = [item["facts"]["malformed"] for item in made["findings"] if "malformed" in item["facts"]]
    assert told == [warned]
