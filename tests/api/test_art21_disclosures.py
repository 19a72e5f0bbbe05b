"""Arts. 21, 29, 31: who objected or reported is disclosed by two persons. The investigator asks with a reason, another
person releases it for three days; who asks never decides."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.settings import Settings
from sandbox.callers import Caller
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    assign_investigator,
    candidates,
    in_publicity,
    object_to,
    objections,
    release,
)
from sandbox.stages.supervision import assign_report_investigator
from sandbox.world import World, ok
from tests.api.test_art21_investigator import another, entries, one
from tests.api.test_art31_reports import WRITTEN, reported
from tests.support.killed import killed_at
from tests.support.problems import refused

READING = {"reason": "样例：核实来件"}
RELEASED = {"outcome": "released", "statement": "样例：理由成立，本人无利害关系"}
REFUSED = {"outcome": "refused", "statement": "样例：摘要已足以核实"}


def asked(world: World, subject_id: str, asker: Caller | None = None, subject: str = "objection") -> str:
    body = {"matter": subject, "matter_id": subject_id, "reason": "样例：须当面核实"}
    return str(ok((asker or world.office).post("/v1/disclosures", body), 201)["id"])


def decide(caller: Caller, disclosure_id: str, body: dict[str, str] = RELEASED) -> Any:
    return caller.post(f"/v1/disclosures/{disclosure_id}/decision", body)


def because(answer: Any) -> list[str]:
    """Why the measures refuse it."""
    found = refused(answer, 422, "rule_refused", "art21.disclosure")
    return [item["reason"] for item in found["violations"]]


@pytest.fixture
def found(world: World) -> str:
    """An objection whose investigator is the world's office."""
    made = one(world)
    assign_investigator(world, made)
    return made


def test_art21_an_original_is_read_once_another_person_has_released_it(world: World, found: str) -> None:
    path = f"/v1/objections/{found}/identity-disclosure"
    assert because(world.office.post(path, READING)) == ["disclosure_not_released"]
    disclosure_id = asked(world, found)
    assert because(world.office.post(path, READING)) == ["disclosure_undecided"]
    told = ok(decide(world.government, disclosure_id))
    assert (told["outcome"], told["decided_by"]) == ("released", world.id("account:government"))
    assert OBJECTION["name"] not in str(told)
    assert ok(world.office.post(path, READING))["name"] == OBJECTION["name"]
    # Released to who asked, and to nobody else.
    for caller in (world.government, world.auditor, another(world, "office-2")):
        refused(caller.post(path, READING), 403, "forbidden")
    (request,), (decision,) = entries(world, "ask_disclosure"), entries(world, "decide_disclosure")
    assert (request["actor_id"], request["subject_id"]) == (world.id("account:office"), found)
    assert request["details"]["reason"] == "样例：须当面核实"
    assert [item["key"] for item in request["details"]["readings"]] == ["objection_original"]
    assert (decision["actor_id"], decision["subject_id"]) == (world.id("account:government"), found)
    assert decision["details"]["asked_by"] == world.id("account:office")


def test_art31_a_report_is_read_once_another_person_has_released_it(world: World) -> None:
    report_id = reported(world)
    path = f"/v1/mark-reports/{report_id}"
    assign_report_investigator(world, path)
    assert because(world.office.post(f"{path}/identity-disclosure", READING)) == ["disclosure_not_released"]
    disclosure_id = asked(world, report_id, subject="mark_report")
    assert because(decide(world.office, disclosure_id)) == ["asker_decides"]
    colleague = another(world, "office-2")
    told = ok(decide(colleague, disclosure_id))
    assert (told["matter"], told["matter_id"], told["published_name"]) == ("mark_report", report_id, None)
    assert ok(world.office.post(f"{path}/identity-disclosure", READING))["name"] == WRITTEN["reporter_name"]
    world.clock.forward(days=3)
    assert because(world.office.post(f"{path}/identity-disclosure", READING)) == ["disclosure_not_released"]


def test_art21_who_asks_never_decides(world: World, found: str) -> None:
    disclosure_id = asked(world, found)
    for body in (RELEASED, REFUSED):
        assert because(decide(world.office, disclosure_id, body)) == ["asker_decides"]
    machine = another(world, "office-3", kind="machine")
    assert because(decide(machine, disclosure_id)) == ["decider_no_person"]
    for caller in (world.auditor, world.platform, world.by("reviewer1"), world.by("unit-wenwuba")):
        refused(decide(caller, disclosure_id), 403, "forbidden")
        refused(caller.post("/v1/disclosures", {"matter": "objection"}), 403, "forbidden")
    refused(decide(world.public, disclosure_id), 401)
    refused(decide(world.government, world.id("account:nobody")), 404)
    ok(decide(world.government, disclosure_id))


def test_art21_its_investigator_alone_asks(world: World, found: str) -> None:
    colleague = another(world, "office-2")
    body = {"matter": "objection", "matter_id": found, "reason": "样例"}
    refused(colleague.post("/v1/disclosures", body), 403, "forbidden")
    refused(world.office.post("/v1/disclosures", body | {"matter_id": world.id("account:nobody")}), 404)
    refused(world.office.post("/v1/disclosures", body | {"matter": "award"}), 422, "invalid")
    refused(world.office.post("/v1/disclosures", body | {"reason": " "}), 422, "invalid")
    # Another takes its place: what was asked or released before is nothing to anybody.
    disclosure_id = asked(world, found)
    assign_investigator(world, found, str(colleague.account_id), reason="样例：原承办人调离")
    assert because(decide(world.government, disclosure_id)) == ["disclosure_over"]
    assert because(colleague.post(f"/v1/objections/{found}/identity-disclosure", READING)) == [
        "disclosure_not_released"
    ]


def test_art29_who_has_an_interest_neither_asks_nor_decides(world: World) -> None:
    made = in_publicity(world, Contender())
    listed = candidates(world, made.round_id)
    for _ in range(2):
        object_to(world, listed[made.ids[0]]["id"])
    first, second = (item["id"] for item in objections(world))
    colleague = another(world, "office-2")
    assign_investigator(world, first, str(colleague.account_id))
    leaving = {"reason": "样例：配偶在该组织任职"}
    pending = asked(world, first, colleague)
    ok(colleague.post(f"/v1/objections/{first}/investigator-recusal", leaving))
    refused(colleague.post("/v1/disclosures", {"matter": "objection", "matter_id": first} | READING), 403)
    assert because(decide(world.government, pending)) == ["disclosure_over"]
    # To the same organisation, whatever the objection.
    assign_investigator(world, second)
    disclosure_id = asked(world, second)
    assert because(decide(colleague, disclosure_id)) == ["decider_recused"]
    ok(decide(world.government, disclosure_id))
    report_id = reported(world)
    assign_report_investigator(world, f"/v1/mark-reports/{report_id}", str(colleague.account_id))
    ok(colleague.post(f"/v1/mark-reports/{report_id}/investigator-recusal", leaving))
    assign_report_investigator(world, f"/v1/mark-reports/{report_id}")
    assert because(decide(colleague, asked(world, report_id, subject="mark_report"))) == ["decider_recused"]


def test_art21_a_release_ends_by_itself(world: World, found: str) -> None:
    path = f"/v1/objections/{found}"
    released = release(world, path)
    assert released["ends_at"] == "2024-05-23T02:00:00Z"
    world.clock.forward(days=3, seconds=-1)
    ok(world.office.post(f"{path}/identity-disclosure", READING))
    world.clock.forward(seconds=1)
    assert because(world.office.post(f"{path}/identity-disclosure", READING)) == ["disclosure_not_released"]
    # So does a request; then it is asked for anew.
    disclosure_id = asked(world, found)
    body = {"matter": "objection", "matter_id": found} | READING
    assert because(world.office.post("/v1/disclosures", body)) == ["disclosure_stands"]
    world.clock.forward(days=3)
    assert because(decide(world.government, disclosure_id)) == ["disclosure_over"]
    ok(decide(world.government, asked(world, found)))
    ok(world.office.post(f"{path}/identity-disclosure", READING))


def test_art21_what_is_refused_stays_so_and_is_asked_for_anew(world: World, found: str) -> None:
    disclosure_id = asked(world, found)
    assert ok(decide(world.government, disclosure_id, REFUSED))["outcome"] == "refused"
    assert because(decide(another(world, "office-2"), disclosure_id)) == ["disclosure_over"]
    assert because(world.office.post(f"/v1/objections/{found}/identity-disclosure", READING)) == [
        "disclosure_not_released"
    ]
    again = asked(world, found)
    for caller in (world.office, world.government, world.auditor):
        items = ok(caller.get("/v1/disclosures"))["items"]
        assert [(item["id"], item["outcome"]) for item in items] == [(again, None), (disclosure_id, "refused")]
    refused(world.by("reviewer1").get("/v1/disclosures"), 403, "forbidden")


def test_art21_of_two_at_once_one_asks_and_one_decides(world: World, found: str) -> None:
    body = {"matter": "objection", "matter_id": found} | READING
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: world.office.post("/v1/disclosures", body), range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    (waiting,) = ok(world.auditor.get("/v1/disclosures"))["items"]
    deciders = [(world.government, REFUSED), (another(world, "office-2"), RELEASED)]
    with ThreadPoolExecutor(2) as pool:
        decided = list(pool.map(lambda item: decide(item[0], waiting["id"], item[1]), deciders))
    assert sorted(answer.status_code for answer in decided) == [200, 422]
    (kept,) = ok(world.auditor.get("/v1/disclosures"))["items"]
    (entry,) = entries(world, "decide_disclosure")
    assert (entry["actor_id"], entry["details"]["outcome"]) == (kept["decided_by"], kept["outcome"])


@pytest.mark.parametrize("withdrawer", ["the decider", "another"])
def test_art21_a_release_is_withdrawn_by_whoever_may_decide(world: World, found: str, withdrawer: str) -> None:
    path = f"/v1/objections/{found}/identity-disclosure"
    why = {"reason": "样例：放行有误"}
    disclosure_id = asked(world, found)
    withdrawal = f"/v1/disclosures/{disclosure_id}/withdrawal"
    assert because(world.government.post(withdrawal, why)) == ["disclosure_not_standing"]
    ok(decide(world.government, disclosure_id))
    ok(world.office.post(path, READING))
    assert because(world.office.post(withdrawal, why)) == ["asker_decides"]
    machine = another(world, "office-3", kind="machine")
    assert because(machine.post(withdrawal, why)) == ["decider_no_person"]
    for caller in (world.auditor, world.platform, world.by("reviewer1"), world.by("unit-wenwuba")):
        refused(caller.post(withdrawal, why), 403, "forbidden")
    refused(world.government.post(withdrawal, {"reason": " "}), 422, "invalid")
    refused(world.government.post(f"/v1/disclosures/{world.id('account:nobody')}/withdrawal", why), 404)
    caller = world.government if withdrawer == "the decider" else another(world, "office-2")
    told = ok(caller.post(withdrawal, why))
    assert (told["outcome"], told["withdrawn_by"]) == ("released", str(caller.account_id))
    assert told["withdrawn_at"] is not None
    assert because(world.office.post(path, READING)) == ["disclosure_not_released"]
    assert because(caller.post(withdrawal, why)) == ["disclosure_not_standing"]
    (entry,) = entries(world, "withdraw_disclosure")
    assert (entry["actor_id"], entry["subject_id"]) == (str(caller.account_id), found)
    assert entry["details"]["reason"] == why["reason"]
    # It is asked for anew, and decided anew.
    ok(decide(world.government, asked(world, found)))
    ok(world.office.post(path, READING))
    with world.past_the_service() as session, pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE disclosures SET withdrawn_at = NULL, withdrawn_by = NULL"))


def test_art31_the_release_of_a_report_is_withdrawn(world: World) -> None:
    report_id = reported(world)
    path = f"/v1/mark-reports/{report_id}"
    assign_report_investigator(world, path)
    disclosure_id = asked(world, report_id, subject="mark_report")
    ok(decide(world.government, disclosure_id))
    ok(world.government.post(f"/v1/disclosures/{disclosure_id}/withdrawal", READING))
    assert because(world.office.post(f"{path}/identity-disclosure", READING)) == ["disclosure_not_released"]


def test_art21_a_release_ends_with_the_account_of_whoever_released_it(world: World, found: str) -> None:
    colleague = another(world, "office-2")
    ok(decide(colleague, asked(world, found)))
    stopping = {"reason": "样例：账号被盗用"}
    account = f"/v1/accounts/{colleague.account_id}"
    ok(world.by("security_administrator").post(f"{account}/deactivation", stopping))
    path = f"/v1/objections/{found}/identity-disclosure"
    assert because(world.office.post(path, READING)) == ["disclosure_not_released"]
    # Let in again, it has released nothing.
    ok(world.by("system_administrator").post(f"{account}/activation", stopping))
    assert because(world.office.post(path, READING)) == ["disclosure_not_released"]


@pytest.mark.parametrize("state", ["asked", "released"])
@pytest.mark.parametrize("matter", ["objection", "mark_report"])
def test_art21_what_was_asked_or_released_ends_when_another_takes_over_for_good(
    world: World, matter: str, state: str
) -> None:
    made = one(world) if matter == "objection" else reported(world)
    path = f"/v1/mark-reports/{made}" if matter == "mark_report" else f"/v1/objections/{made}"

    def assign(caller: Caller | None = None) -> None:
        account_id = str((caller or world.office).account_id)
        if matter == "objection":
            assign_investigator(world, made, account_id, reason="样例：分工调整")
        else:
            assign_report_investigator(world, path, account_id, reason="样例：分工调整")

    assign()
    disclosure_id = asked(world, made, subject=matter)
    if state == "released":
        ok(decide(world.government, disclosure_id))
    # Assigned once more, the investigator is the same.
    assign()
    (row,) = ok(world.auditor.get("/v1/disclosures"))["items"]
    assert row["withdrawn_at"] is None
    assign(another(world, "office-2"))
    assign()
    (row,) = ok(world.auditor.get("/v1/disclosures"))["items"]
    assert row["withdrawn_at"] is not None
    assert because(world.office.post(f"{path}/identity-disclosure", READING)) == ["disclosure_not_released"]
    assert because(decide(world.government, disclosure_id)) == ["disclosure_over"]
    ok(decide(world.government, asked(world, made, subject=matter)))
    ok(world.office.post(f"{path}/identity-disclosure", READING))


@pytest.mark.slow
def test_art21_a_decision_and_a_reading_are_whole_or_not_there_when_killed(
    world: World, found: str, settings: Settings
) -> None:
    disclosure_id = asked(world, found)
    path = f"/v1/objections/{found}/identity-disclosure"
    for act, name, kept in (
        (lambda child: ok(decide(child.government, disclosure_id)), "decide_disclosure", 1),
        (lambda child: ok(child.office.post(path, READING)), "disclose_identity", 1),
    ):
        statement = 1
        while killed_at(statement, settings, world.clock.now(), act):
            assert entries(world, name) == []
            (row,) = ok(world.auditor.get("/v1/disclosures"))["items"]
            assert (row["outcome"] is None) is (name == "decide_disclosure")
            statement += 1
        assert statement > 2
        assert len(entries(world, name)) == kept


def test_art21_the_database_itself_wants_two(world: World, found: str) -> None:
    """Whatever a line of code or a hand at it would write."""
    disclosure_id = asked(world, found)
    own = "decided_at = created_at, decided_by = asked_by, outcome = 'released'"
    ok(decide(world.government, disclosure_id, REFUSED))
    with world.past_the_service() as session:
        for change in (
            own,
            "outcome = 'released'",
            "ends_at = '2030-01-01 00:00:00+00:00'",
            "decided_by = asked_by",
            "read_at = created_at",
            "outcome = NULL, decided_by = NULL, decided_at = NULL",
        ):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(f"UPDATE disclosures SET {change}"))
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text("DELETE FROM disclosures"))
