"""Art. 21: an objection on paper counts by its day of receipt; one that cannot be verified is inadmissible."""

import itertools
from typing import Any

import pytest

from sandbox.stages.decision import (
    CLOSING,
    OBJECTION,
    Contender,
    after_publicity,
    approve,
    assign_investigator,
    candidates,
    decree,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    publication,
    release,
    scan_letter,
    start_verification,
)
from sandbox.world import World, ok
from tests.support.problems import refused

# Each letter has a mark of its own.
_marks = itertools.count(101)


def one(world: World) -> tuple[str, dict[str, Any]]:
    """A round and its candidate, published on 2024-05-20, to 2024-05-30."""
    made = in_publicity(world, Contender())
    return made.round_id, candidates(world, made.round_id)[made.ids[0]]


def enter(world: World, candidate: dict[str, Any], received_on: str, **changes: Any) -> Any:
    mark = f"样例：收文〔2024〕{next(_marks)}号"
    body = OBJECTION | {"received_on": received_on, "letter_reference": mark} | changes
    return world.office.post(f"/v1/candidates/{candidate['id']}/letters", body)


def scanned(world: World, answer: Any) -> dict[str, Any]:
    """The letter that was entered, its scan put to the case; its tracking code beside what it is now."""
    made = ok(answer, 201)
    scan_letter(world, made["objection_id"])
    now: dict[str, Any] = ok(world.office.get(f"/v1/objections/{made['objection_id']}"))
    return now | {"tracking_code": made["tracking_code"]}


def known_to_investigator(world: World, objection_id: str) -> None:
    """The office's account is assigned, and reads it as it came."""
    assign_investigator(world, objection_id)
    release(world, f"/v1/objections/{objection_id}")
    ok(world.office.post(f"/v1/objections/{objection_id}/identity-disclosure", {"reason": "样例：核实异议"}))


def test_art21_received_in_the_period_it_is_in_time_whenever_it_is_entered(world: World) -> None:
    round_id, candidate = one(world)
    world.clock.go("2024-06-05")
    told = scanned(world, enter(world, candidate, "2024-05-30", letter_reference="样例：收文〔2024〕36号"))
    assert (told["classification"], told["lacking"]) == ("formal", [])
    late = scanned(world, enter(world, candidate, "2024-05-31"))
    assert (late["classification"], late["lacking"]) == ("informal", ["late"])
    found = objections(world, state="received")[0]
    assert (found["letter_reference"], found["received_at"]) == ("样例：收文〔2024〕36号", "2024-05-29T16:00:00Z")
    refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, "rule_refused", "art21.objections")
    status = ok(world.public.get(f"/v1/objection-status/{told['tracking_code']}"))
    assert status["state"] == "received"


def test_art21_a_letter_is_not_of_tomorrow_and_not_before_the_publication(world: World) -> None:
    _, candidate = one(world)
    world.clock.go("2024-05-22")
    for day in ("2024-05-19", "2024-05-23"):
        refused(enter(world, candidate, day), 422, "rule_refused", "art21.objections")
    for day in ("2024-05-20", "2024-05-22"):
        assert scanned(world, enter(world, candidate, day))["classification"] == "formal"
    assert scanned(world, enter(world, candidate, "2024-05-22", name="匿名"))["lacking"] == ["name"]
    refused(enter(world, candidate, "2024-05-22", letter_reference=" "), 422, "invalid")
    for caller in (world.government, world.auditor, world.by("reviewer1")):
        body = OBJECTION | {"received_on": "2024-05-22", "letter_reference": "样例"}
        refused(caller.post(f"/v1/candidates/{candidate['id']}/letters", body), 403, "forbidden")


def test_art21_a_letter_to_the_name_as_it_was_first_published_counts(world: World) -> None:
    _, candidate = one(world)
    world.clock.go("2024-05-24")
    as_written = candidate["published_name"].replace("样例", "样例 ")
    body = {"published_name": as_written, "reason": "样例", "publication": publication("2024-05-24")}
    ok(world.office.post(f"/v1/candidates/{candidate['id']}/correction", body))
    assert scanned(world, enter(world, candidate, "2024-05-21"))["classification"] == "formal"
    refused(enter(world, candidate, "2024-05-19"), 422, "rule_refused", "art21.objections")


def test_art21_who_gives_no_name_no_contact_or_no_text_objects_informally(world: World) -> None:
    _, candidate = one(world)
    for changes, lacking in (
        ({"name": "匿名"}, ["name"]),
        ({"name": "-", "contact": "-", "facts": "-"}, ["name", "contact", "facts"]),
        ({"contact": "无"}, ["contact"]),
        ({"contact": "li@example.org"}, []),
        ({"facts": "无"}, ["facts"]),
    ):
        assert object_to(world, candidate["id"], **changes)["lacking"] == lacking
    # What shows nothing is not given.
    for changes, lacking in (
        ({"name": "\u3164\u200b"}, ["name"]),
        ({"name": "  "}, ["name"]),
        ({"contact": "\u200b"}, ["contact"]),
        ({"facts": "\u2800"}, ["facts"]),
    ):
        assert object_to(world, candidate["id"], **changes)["lacking"] == lacking
        assert scanned(world, enter(world, candidate, "2024-05-20", **changes))["lacking"] == lacking
    path = f"/v1/candidates/{candidate['id']}/objections"
    refused(world.public.post(path, {"name": "\u3164", "contact": " ", "facts": "\u2800"}), 422, "invalid")


def test_art21_an_inadmissible_objection_is_closed_in_one_act_with_its_reason(world: World) -> None:
    round_id, candidate = one(world)
    told = object_to(world, candidate["id"])
    object_to(world, candidate["id"])
    first, second = objections(world)
    after_publicity(world, round_id)
    path = f"/v1/objections/{first['id']}/decision"
    refused(world.office.post(path, CLOSING | {"outcome": "inadmissible", "reason": " "}), 422, "invalid")
    refused(world.government.post(path, CLOSING | {"outcome": "inadmissible"}), 403, "forbidden")
    known_to_investigator(world, first["id"])
    closed = ok(world.office.post(path, CLOSING | {"outcome": "inadmissible"}))
    assert (closed["state"], closed["outcome_reason"]) == ("inadmissible", CLOSING["reason"])
    refused(world.office.post(path, CLOSING | {"outcome": "inadmissible"}), 409, "wrong_state")
    assert ok(world.public.get(f"/v1/objection-status/{told['tracking_code']}"))["state"] == "inadmissible"
    refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, "rule_refused", "art21.objections")
    # Also when it has turned out in a verification.
    start_verification(world, second["id"])
    ok(world.office.post(f"/v1/objections/{second['id']}/decision", CLOSING | {"outcome": "inadmissible"}))
    assert len(fix_proposed(world, round_id)["names"]) == 1


def test_art21_a_letter_entered_after_the_approval_keeps_the_decree_back(world: World) -> None:
    round_id, candidate = one(world)
    fix_proposed(world, round_id)
    scanned(world, enter(world, candidate, "2024-05-30"))
    found = objections(world)[0]
    body = {"meeting_number": "样例第45次县政府常务会议", "meeting_on": world.clock.today.isoformat()}
    refused(world.government.post(f"/v1/rounds/{round_id}/approval", body), 422, "rule_refused", "art21.objections")
    known_to_investigator(world, found["id"])
    ok(world.office.post(f"/v1/objections/{found['id']}/decision", CLOSING | {"outcome": "inadmissible"}))
    approve(world, round_id)
    scanned(world, enter(world, candidate, "2024-05-29"))
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    refused(world.government.post(f"/v1/rounds/{round_id}/decree", body), 422, "rule_refused", "art21.objections")
    found = objections(world, state="received")[0]
    known_to_investigator(world, found["id"])
    ok(world.office.post(f"/v1/objections/{found['id']}/decision", CLOSING | {"outcome": "inadmissible"}))
    assert len(decree(world, round_id)["awards"]) == 1


def test_art21_a_letter_is_formal_with_its_scan_and_holds_its_organisation_without(world: World) -> None:
    round_id, candidate = one(world)
    made = ok(enter(world, candidate, "2024-05-20"), 201)
    assert (made["classification"], made["lacking"]) == ("informal", ["scan"])
    path = f"/v1/objections/{made['objection_id']}"
    after_publicity(world, round_id)
    held = refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, rule="art21.objections")
    (why,) = [item for item in held["violations"] if item["rule"] == "art21.objections"]
    assert (why["reason"], why["facts"]["next_act"]) == ("letter_not_scanned", "upload_objection_file")
    # Whoever investigates it cannot make it formal without.
    known_to_investigator(world, made["objection_id"])
    judged = {"classification": "formal", "reason": "样例：已当面核实"}
    told = refused(world.office.post(f"{path}/classification", judged), 422, rule="art21.objections")
    assert [item["reason"] for item in told["violations"]] == ["letter_not_scanned"]
    scan_letter(world, made["objection_id"])
    now = ok(world.office.get(path))
    assert (now["classification"], now["state"], now["lacking"]) == ("formal", "received", [])
    # A second scan changes nothing.
    scan_letter(world, made["objection_id"])
    assert ok(world.office.get(path))["state"] == "received"
    acts = [item["act"] for item in ok(world.auditor.get("/v1/audit-entries", params={"limit": 20}))["items"]]
    assert acts.count("complete_letter") == 1


def test_art21_a_letter_of_which_there_is_no_scan_is_closed_with_a_reason(world: World) -> None:
    round_id, candidate = one(world)
    made = ok(enter(world, candidate, "2024-05-20"), 201)
    after_publicity(world, round_id)
    refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, rule="art21.objections")
    known_to_investigator(world, made["objection_id"])
    ok(world.office.post(f"/v1/objections/{made['objection_id']}/closing", CLOSING))
    assert len(fix_proposed(world, round_id)["names"]) == 1


def test_art21_a_letter_that_lacks_more_than_its_scan_holds_nobody(world: World) -> None:
    round_id, candidate = one(world)
    made = ok(enter(world, candidate, "2024-05-20", name="匿名"), 201)
    assert made["lacking"] == ["name", "scan"]
    after_publicity(world, round_id)
    assert len(fix_proposed(world, round_id)["names"]) == 1


def test_art21_the_mark_of_a_letter_is_of_a_year_from_its_receipt_to_today(world: World) -> None:
    _, candidate = one(world)
    world.clock.go("2024-05-22")
    for mark, code in (
        ("收文〔2023〕36号", "too_early"),
        ("收文〔2025〕36号", "date_in_future"),
        ("收文（二〇二三）36号", "too_early"),
        ("收文﹝２０２５﹞36号", "date_in_future"),
    ):
        problem = refused(enter(world, candidate, "2024-05-21", letter_reference=mark), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/letter_reference", code)]
    # One that states no year says nothing against its day.
    for mark in ("收文〔2024〕36号", "收文【2024】第36号", "信访登记36号"):
        assert (
            scanned(world, enter(world, candidate, "2024-05-21", letter_reference=mark))["classification"] == "formal"
        )


@pytest.mark.parametrize(
    ("mark", "known"),
    [
        ("收文〔2024〕36号", True),
        ("收文[2024] 36 号", True),
        ("收文（２０２４）三十六号", True),
        ("收文〔2024〕37号", False),
    ],
)
def test_art21_one_letter_is_entered_once_for_a_candidate(world: World, mark: str, known: bool) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)
    candidate, other = (listed[item] for item in made.ids)
    first = ok(enter(world, candidate, "2024-05-20", letter_reference="收文〔2024〕36号"), 201)
    again = enter(world, candidate, "2024-05-20", letter_reference=mark)
    if known:
        (told,) = refused(again, 422, "rule_refused", "art21.objections")["violations"]
        assert (told["reason"], told["facts"]["record_id"]) == ("letter_known", first["objection_id"])
    else:
        ok(again, 201)
    # A letter about two candidates is entered for each.
    ok(enter(world, other, "2024-05-20", letter_reference=mark), 201)
