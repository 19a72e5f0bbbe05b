"""Arts. 2, 9, 22, 26, 28, 33: one number stands for one document, whatever act states it: a decree, an instrument, a
decision, an approval, a decision on review, an appropriation. One document may decide several matters of one day."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, approval, fix_proposed, in_publicity
from sandbox.stages.law import instrument
from sandbox.stages.money import order
from sandbox.stages.parties import register, succeed
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_recipients import dissolve, name_recipient
from tests.api.test_organisations_lineage import party
from tests.api.test_papers_lawful import issue
from tests.api.test_revocations import FRAUD
from tests.support.problems import refused

DECREE = "会府字〔2024〕12号"


@pytest.fixture
def winners(world: World) -> tuple[Winner, ...]:
    return tuple(concluded(world, {}, {}).winners)


def body(world: World, number: str) -> dict[str, Any]:
    return {"number": number, "decided_on": world.clock.today.isoformat(), "reason": "样例"}


@pytest.mark.parametrize("act", ["decision", "rejection"])
def test_a_decision_on_a_case_has_not_the_number_of_another_document(
    world: World, winners: tuple[Winner, ...], act: str
) -> None:
    world.clock.go("2024-07-01")
    first, second = (bring_case(world, item.award_id, item.applicant, FRAUD) for item in winners)
    path = f"/v1/revocations/{first['id']}/{act}"
    for taken in (DECREE, "会府字(2024)12号", "会府办发〔2023〕10号"):
        refused(world.government.post(path, body(world, taken)), 409, "number_taken")
    ok(world.government.post(path, body(world, "会府字〔2024〕33号")))
    # The same document decides on both on its day; on another day it is another document.
    again = f"/v1/revocations/{second['id']}/rejection"
    ok(world.government.post(f"{again}?dry_run=true", body(world, "会府字〔2024〕33号")))
    world.clock.forward(days=1)
    told = refused(world.government.post(again, body(world, "会府字〔2024〕33号")), 409, "number_taken")
    assert "另一日期的决定" in told["detail"]
    ok(world.government.post(again, body(world, "会府字〔2024〕34号")))


def test_a_decision_on_a_prize_has_not_the_number_of_another_document(
    world: World, winners: tuple[Winner, ...]
) -> None:
    winner, other = winners
    case = bring_case(world, other.award_id, other.applicant, FRAUD)
    ok(world.government.post(f"/v1/revocations/{case['id']}/rejection", body(world, "会府字〔2024〕33号")))
    heir = register(world)
    succeed(world, heir, party(winner))
    world.clock.forward(days=1)
    dissolve(world, winner.organisation_id)
    for taken in (DECREE, "会府字〔2024〕33号"):
        refused(name_recipient(world, winner, heir.organisation_id, number=taken), 409, "number_taken")
    ok(name_recipient(world, winner, heir.organisation_id, number="会府字〔2024〕34号"), 201)


def test_a_cancellation_has_not_the_number_of_the_decree(world: World, winners: tuple[Winner, ...]) -> None:
    winner, unordered = winners
    row = order(world, winner)
    for item in winners:
        dissolve(world, item.organisation_id)
    paths = (f"/v1/disbursements/{row['id']}/cancellation", f"/v1/awards/{unordered.award_id}/prize-decision")
    for path in paths:
        told = {"decision": DECREE, "reason": "样例：无承继者"}
        refused(world.government.post(path, told), 409, "number_taken")
        answer = world.government.post(path, told | {"decision": "会府字〔2024〕40号"})
        assert answer.status_code in (200, 201)


def in_doubt(world: World, award_id: str) -> str:
    """A doubt about the conferral of an award, by the address at which it is decided."""
    found = {
        "rule": "art13.6.record",
        "stood_on": "2022-05-01",
        "reference": "样例函〔2024〕9号",
        "reason": "样例：事故责任",
        "evidence": "样例：调查报告",
    }
    row = ok(world.office.post(f"/v1/awards/{award_id}/conferral-doubts", found), 201)
    return f"/v1/conferral-doubts/{row['id']}/decision"


def annulled(world: World, number: str) -> dict[str, Any]:
    return body(world, number) | {"body": "样例复议机关", "evidence": "样例：复议决定书存档"}


def appropriated(world: World, number: str) -> dict[str, Any]:
    return {"amount_fen": 30000000, "document_number": number, "document_date": world.clock.today.isoformat()}


MONEY = "/v1/budget-years/2024/appropriations"
# What each act of `on_record` has put there, by its number.
TAKEN = {
    "decree": "会府字〔2022〕9号",
    "instrument": "会府办发〔2023〕10号",
    "doubt": "会府字〔2024〕41号",
    "case": "会府字〔2024〕42号",
    "review": "样府行复〔2024〕6号",
    "prize": "会府字〔2024〕43号",
    "appropriation": "会财预〔2024〕8号",
}


def on_record(world: World, first: Winner, second: Winner) -> None:
    """A document of each kind, each on a day of its own; of the decision on a prize no day is stated."""
    ok(world.government.post(in_doubt(world, first.award_id), body(world, TAKEN["doubt"]) | {"outcome": "uphold"}))
    case = bring_case(world, second.award_id, second.applicant, FRAUD)
    world.clock.forward(days=1)
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", body(world, TAKEN["case"])))
    world.clock.forward(days=1)
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", annulled(world, TAKEN["review"])))
    world.clock.forward(days=1)
    dissolve(world, first.organisation_id)
    told = {"decision": TAKEN["prize"], "reason": "样例：无承继者"}
    ok(world.government.post(f"/v1/awards/{first.award_id}/prize-decision", told), 201)
    ok(world.office.post(MONEY, appropriated(world, TAKEN["appropriation"])), 201)
    world.clock.forward(days=1)


def test_no_act_states_the_number_of_another_document_on_record(world: World) -> None:
    """Whichever act put it there, and however it is written; one document of one day decides several matters."""
    old = concluded(world, {}, {}, year=2022, decreed_on="2022-06-03", decree_number=TAKEN["decree"]).winners
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    on_record(world, *old)
    doubt = in_doubt(world, old[1].award_id)
    case = f"/v1/revocations/{bring_case(world, old[1].award_id, old[1].applicant, FRAUD)['id']}"
    path, today = f"/v1/rounds/{made.round_id}", world.clock.today.isoformat()
    dry = "?dry_run=true"

    def attempts(number: str) -> dict[str, Any]:
        told, by = body(world, number), world.government
        return {
            "doubt": by.post(f"{doubt}{dry}", told | {"outcome": "uphold"}),
            "case": by.post(f"{case}/decision{dry}", told),
            "rejection": by.post(f"{case}/rejection{dry}", told),
            "approval": by.post(f"{path}/approval{dry}", approval(world, meeting_number=number)),
            "appropriation": world.office.post(f"{MONEY}{dry}", appropriated(world, number)),
            "instrument": world.office.post(
                f"/v1/instruments{dry}", instrument(number=number, document_date=today, in_force_from="2025-07-01")
            ),
        }

    together = {"doubt", "case", "rejection", "approval"}
    for act, number in TAKEN.items():
        for written in (number, number.replace("〔", "[").replace("〕", "]")):
            for name, answer in attempts(written).items():
                if act == "prize" and name in together:
                    assert answer.status_code in (200, 201), (act, name, answer.text)
                elif act == name == "instrument":
                    # The rule of its own says so.
                    refused(answer, 422, "rule_refused", "art33.in_force")
                else:
                    told = refused(answer, 409, "number_taken")["detail"]
                    assert act == name == "appropriation" or "此文号已用于" in told, (act, name)
    for name, answer in attempts("会府字〔2024〕44号").items():
        assert answer.status_code in (200, 201), (name, answer.text)
    # What one meeting has decided of cases and of awards stands in one document, of its day.
    ok(world.government.post(f"{case}/rejection", body(world, "会府字〔2024〕44号")))
    ok(world.government.post(f"{path}/approval", approval(world, meeting_number="会府字〔2024〕44号")), 201)
    for number in (*TAKEN.values(), "会府字〔2024〕44号"):
        refused(world.government.post(f"{path}/decree", {"number": number, "dated": today}), 409, "number_taken")
    ok(world.government.post(f"{path}/decree", {"number": "会府字〔2024〕45号", "dated": today}), 201)


def test_a_decision_on_review_has_not_the_number_of_another_document(world: World, winners: tuple[Winner, ...]) -> None:
    first, second = (bring_case(world, item.award_id, item.applicant, FRAUD) for item in winners)
    world.clock.forward(days=1)
    for case, number in ((first, "会府字〔2024〕33号"), (second, "会府字〔2024〕34号")):
        ok(world.government.post(f"/v1/revocations/{case['id']}/decision", body(world, number)))

    def review(case: dict[str, Any], number: str) -> Any:
        return world.government.post(f"/v1/revocations/{case['id']}/annulment", annulled(world, number))

    for number in (DECREE, "会府办发〔2023〕10号", "会府字〔2024〕34号"):
        refused(review(first, number), 409, "number_taken")
    ok(review(first, "样府行复〔2024〕6号"))
    world.clock.forward(days=1)
    assert "另一日期的决定" in refused(review(second, "样府行复〔2024〕6号"), 409, "number_taken")["detail"]
    ok(review(second, "样府行复〔2024〕7号"))


def test_a_decision_has_not_the_number_by_which_a_prize_is_cancelled_and_a_paper_neither(
    world: World, winners: tuple[Winner, ...]
) -> None:
    """A cancellation states no day: another decision may stand in the same document, a decree and a paper may not."""
    winner, other = winners
    row = order(world, winner)
    dissolve(world, winner.organisation_id)
    told = {"decision": "会府字〔2024〕40号", "reason": "样例：无承继者"}
    ok(world.government.post(f"/v1/disbursements/{row['id']}/cancellation", told))
    case = bring_case(world, other.award_id, other.applicant, FRAUD)
    path = f"/v1/revocations/{case['id']}"
    refused(issue(world.office, path, "case_notice", document_number="会府字〔2024〕40号"), 409, "number_taken")
    refused(world.office.post(MONEY, appropriated(world, "会府字〔2024〕40号")), 409, "number_taken")
    ok(world.government.post(f"{path}/rejection?dry_run=true", body(world, "会府字〔2024〕40号")))
    ok(issue(world.office, path, "case_notice", document_number="会府字〔2024〕50号"))
