"""Art. 13(6): what an organisation says to an adverse record on paper, as the office enters it, and what it adds to
what it has said."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import PDF, Applied
from sandbox.stages.decision import Contender
from sandbox.stages.parties import register
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved
from tests.api.test_art13_records_of_an_organisation import entered as entered_on
from tests.api.test_qualification_records import entered, reply
from tests.support.problems import refused

RULE = "art13.6.record"
LETTER = {"reply": "样例：来函说明，系代工批次。", "received_on": "2024-03-04", "letter_reference": "收文〔2024〕19号"}


def scan(caller: Caller, record: dict[str, Any]) -> dict[str, Any]:
    return ok(caller.post(f"/v1/adverse-records/{record['id']}/files?filename=来信.pdf", content=PDF), 201)  # type: ignore[no-any-return]


def enter(world: World, record: dict[str, Any], **changes: Any) -> Any:
    return world.office.post(f"/v1/adverse-records/{record['id']}/letters", LETTER | changes)


def records(caller: Caller, applied: Applied) -> list[dict[str, Any]]:
    return ok(caller.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]  # type: ignore[no-any-return]


def reasons(answer: Any) -> list[str]:
    return [item["reason"] for item in refused(answer, 422, "rule_refused", RULE)["violations"]]


def test_art13_6_a_letter_counts_by_its_day_of_receipt(world: World) -> None:
    """Entered on 2024-03-01, heard through the 6th."""
    applied, record = entered(world)
    world.clock.go("2024-03-05")
    assert reasons(enter(world, record)) == ["statement_not_scanned"]
    file = scan(world.office, record)
    made = ok(enter(world, record), 201)
    assert (made["reply"], made["replied_at"]) == (LETTER["reply"], "2024-03-04T00:00:00+08:00")
    (told,) = records(applied.applicant, applied)[0]["replies"]
    assert (told["received_on"], told["letter_reference"]) == ("2024-03-04", "收文〔2024〕19号")
    assert [item["statement_id"] for item in made["files"]] == [told["id"]]
    page = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    assert [item["id"] for item in page["records"][0]["replies"]] == [told["id"]]
    content = f"/v1/adverse-records/{record['id']}/files/{file['id']}/content"
    for caller in (applied.applicant, world.office, world.auditor):
        assert caller.get(content).content == PDF
    # It was heard: nobody waits for the end of its time.
    assert ok(decide_record(world, record))["finding"] == "confirmed"


@pytest.mark.parametrize(("day", "found"), [("2024-03-06", []), ("2024-03-07", ["letter_too_late"])])
def test_art13_6_what_was_in_time_is_taken_after_the_decision_too(world: World, day: str, found: list[str]) -> None:
    _, record = entered(world)
    world.clock.go("2024-03-08")
    ok(decide_record(world, record))
    scan(world.office, record)
    answer = enter(world, record, received_on=day)
    if found:
        assert reasons(answer) == found
        return
    assert (ok(answer, 201)["finding"], ok(answer, 201)["reply"]) == ("confirmed", LETTER["reply"])
    # The decision stands until it is made anew.
    assert ok(decide_record(world, record, "denied"))["finding"] == "denied"


@pytest.mark.parametrize(("day", "code"), [("2024-02-29", "too_early"), ("2024-03-06", "date_in_future")])
def test_art13_6_no_letter_is_older_than_the_record_or_of_tomorrow(world: World, day: str, code: str) -> None:
    _, record = entered(world)
    world.clock.go("2024-03-05")
    scan(world.office, record)
    (fault,) = refused(enter(world, record, received_on=day), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/received_on", code)


def test_art13_6_a_reply_is_added_to_and_nothing_replaced(world: World) -> None:
    applied, record = entered(world)
    first = ok(reply(applied, record))
    file = scan(applied.applicant, record)
    assert file["scan"] is False
    added = ok(reply(applied, record, "样例：补充检测报告。"))
    assert [item["statement"] for item in added["replies"]] == [first["reply"], "样例：补充检测报告。"]
    assert (added["reply"], added["replied_at"]) == (first["reply"], first["replied_at"])
    assert [item["statement_id"] for item in added["files"]] == [added["replies"][1]["id"]]
    ok(decide_record(world, record))
    refused(reply(applied, record, "样例：再补充。"), 409, "wrong_state")
    refused(applied.applicant.post(f"/v1/adverse-records/{record['id']}/files?filename=b.pdf", content=PDF), 409)


def test_art13_6_of_no_round_a_letter_is_entered_too_and_by_the_office_alone(world: World) -> None:
    party = register(world)
    record = entered_on(world, party)
    scan(world.office, record)
    for caller in (party.account, world.government, world.auditor):
        refused(caller.post(f"/v1/adverse-records/{record['id']}/letters", LETTER), 403, "forbidden")
    stranger = register(world).account
    refused(stranger.post(f"/v1/adverse-records/{record['id']}/files?filename=a.pdf", content=PDF), 404, "not_found")
    made = ok(enter(world, record, received_on="2024-03-01"), 201)
    refused(stranger.get(f"/v1/adverse-records/{record['id']}/files/{made['files'][0]['id']}/content"), 404)
    path = f"/v1/organisations/{party.organisation_id}/adverse-records"
    assert ok(party.account.get(path))["items"][0]["replies"] == made["replies"]


def test_art13_6_a_finding_after_the_list_is_made_anew_on_a_letter_of_its_time(world: World) -> None:
    """The first decision was taken after the approval: a letter that was in time can change it until the decree."""
    made, _ = approved(world, Contender(score="800"), Contender(score="700"))
    applied, entered_on_day = made.applied[0], world.clock.today
    body = {"category": "quality_complaint", "fact": "样例：投诉", "source": "市场监管局", "basis": "样例文书"}
    path = f"/v1/applications/{applied.id}/adverse-records"
    record = ok(world.office.post(path, body | {"occurred_on": entered_on_day.isoformat()}), 201)
    world.clock.forward(days=8)
    assert ok(decide_record(world, record))["finding"] == "confirmed"
    scan(world.office, record)
    ok(enter(world, record, received_on=(entered_on_day + timedelta(days=1)).isoformat()), 201)
    assert ok(decide_record(world, record, "denied"))["finding"] == "denied"
    # The decree has its name again; after it the record is of a round that is over.
    number = f"会府字〔{world.clock.today.year}〕12号"
    told = {"number": number, "dated": world.clock.today.isoformat()}
    awarded = ok(world.government.post(f"/v1/rounds/{made.round_id}/decree", told), 201)["awards"]
    assert {item["application_id"] for item in awarded} == set(made.ids)
    refused(decide_record(world, record), 409, "wrong_state")
