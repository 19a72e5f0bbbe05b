"""Art. 21: ten days from the latest medium, ended by a working day, each name with its own."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    approve,
    candidates,
    decree,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    object_to,
    publication,
    publish,
)
from sandbox.stages.law import holiday_year, interpret
from sandbox.stages.parties import Registered, rename
from sandbox.world import World, ok
from tests.support.problems import refused

# Published on, last day: the day of publication does not count.
COUNTED = {
    "an ordinary Thursday": ("2024-05-20", "2024-05-30"),
    "a Saturday gives way to the Monday": ("2024-05-22", "2024-06-03"),
    "the Dragon Boat holiday gives way to the day after it": ("2024-05-31", "2024-06-11"),
    "a Saturday that is worked is a working day": ("2024-09-04", "2024-09-14"),
    "the Mid-Autumn holiday gives way to the day after it": ("2024-09-05", "2024-09-18"),
    "National Day gives way to the eighth": ("2024-09-21", "2024-10-08"),
    "a Sunday that is worked before the holiday": ("2024-09-19", "2024-09-29"),
    "over the turn of a year": ("2024-12-22", "2025-01-02"),
}


def list_path(round_id: str) -> str:
    return f"/v1/rounds/{round_id}/candidate-list"


def dry(world: World, round_id: str, ids: list[str], *days: str, **changes: Any) -> Any:
    body = {"application_ids": ids, "publication": publication(*days, **changes)}
    return world.office.post(f"{list_path(round_id)}?dry_run=true", body)


def deliberated(world: World) -> tuple[str, list[str]]:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)
    return made.round_id, made.ids


def test_ten_days_without_the_day_of_publication_end_with_a_working_day(world: World) -> None:
    round_id, ids = deliberated(world)
    for name, (published_on, last_day) in COUNTED.items():
        world.clock.go(published_on)
        told = ok(dry(world, round_id, ids, published_on), 201)["candidates"][0]
        assert told["last_day"] == last_day, name
        assert told["ends_at"] == f"{last_day}T16:00:00Z"


def test_art21_the_publicity_is_through_a_news_medium_and_the_governments_site_is_none(world: World) -> None:
    round_id, ids = deliberated(world)
    for kind, status in (
        (None, 422),
        ("government_website", 422),
        ("newspaper", 201),
        ("broadcaster", 201),
        ("county_media_centre", 201),
        ("news_website", 201),
    ):
        medium = {"name": "样例传媒", "published_on": "2024-05-20"}
        if kind:
            entry = {"name": "样例 传媒", "kind": kind, "document": "样例：许可证"}
            medium_id = ok(world.office.post("/v1/media", entry), 201)["id"]
        answer = dry(world, round_id, ids, media=[medium])
        if kind:
            # Registered anew as the next kind.
            ending = {"ended_on": world.clock.today.isoformat(), "reason": "样例"}
            ok(world.office.post(f"/v1/media/{medium_id}/ending", ending))
        assert answer.status_code == status, kind
        if status == 422:
            told = refused(answer, 422, "rule_refused", "art21.publicity")
            assert [item["reason"] for item in told["violations"]] == ["no_news_medium"]
    site = {"name": "县政府网站", "kind": "government_website", "published_on": "2024-05-20"}
    paper = {"name": "样例日报", "kind": "newspaper", "published_on": "2024-05-20"}
    refused(dry(world, round_id, ids, media=[site | {"kind": "blog"}]), 422, "invalid")
    publish(world, round_id, ids, media=[site, paper])
    notice = ok(world.public.get("/v1/notices"))["items"][0]
    assert [item["kind"] for item in notice["media"]] == ["government_website", "newspaper"]


@pytest.mark.parametrize(("announced", "taken"), [("2025-05-20", True), ("2025-05-21", False), ("2034-06-03", False)])
def test_an_announced_end_of_another_year_is_a_slip_of_the_pen(world: World, announced: str, taken: bool) -> None:
    round_id, ids = deliberated(world)
    world.clock.go("2024-05-22")
    answered = dry(world, round_id, ids, "2024-05-20", announced_last_day=announced)
    if taken:
        assert ok(answered, 201)["candidates"][0]["last_day"] == announced
        return
    told = refused(answered, 422, "invalid")["errors"]
    assert [(item["pointer"], item["code"]) for item in told] == [("/publication/announced_last_day", "out_of_range")]


def test_the_latest_medium_counts_and_a_longer_announcement_holds(world: World) -> None:
    round_id, ids = deliberated(world)
    world.clock.go("2024-05-22")
    several = ok(dry(world, round_id, ids, "2024-05-20", "2024-05-22", "2024-05-21"), 201)
    assert several["candidates"][0]["last_day"] == "2024-06-03"
    assert several["candidates"][0]["published_on"] == "2024-05-22"
    longer = ok(dry(world, round_id, ids, "2024-05-20", announced_last_day="2024-06-15"), 201)
    assert longer["candidates"][0]["last_day"] == "2024-06-15"
    exact = ok(dry(world, round_id, ids, "2024-05-20", announced_last_day="2024-06-03"), 201)
    assert exact["candidates"][0]["last_day"] == "2024-06-03"
    shorter = dry(world, round_id, ids, "2024-05-20", announced_last_day="2024-06-02")
    body = refused(shorter, 422, "rule_refused", "art21.publicity")
    assert body["violations"][0]["facts"]["required_last_day"] == "2024-06-03"


def test_a_year_without_holiday_data_is_refused_and_never_guessed(world: World) -> None:
    round_id, ids = deliberated(world)
    world.clock.go("2026-12-15")
    ok(dry(world, round_id, ids, "2026-12-15"), 201)
    world.clock.go("2026-12-22")
    # The tenth day is a Saturday, and the notice for 2027 may still take the Monday after it.
    for published_on in ("2026-12-16", "2026-12-22"):
        body = refused(dry(world, round_id, ids, published_on), 422, "rule_refused", "art21.publicity")
        assert body["violations"][0]["facts"]["year"] == 2027
    # Once the office has imported it, New Year's Day and the weekend after it give way to the Monday.
    ok(world.office.post("/v1/holiday-years", holiday_year(2027)), 201)
    told = ok(dry(world, round_id, ids, "2026-12-22"), 201)
    assert told["candidates"][0]["last_day"] == "2027-01-04"


def test_a_publication_has_appeared_and_not_before_the_deliberation(world: World) -> None:
    round_id, ids = deliberated(world)
    refused(dry(world, round_id, ids, "2024-05-19"), 422, "rule_refused", "art21.publicity")
    refused(dry(world, round_id, ids, "2024-05-20", "2024-05-21"), 422, "rule_refused", "art21.publicity")
    ok(dry(world, round_id, ids, "2024-05-20"), 201)


def test_art21_between_its_record_and_its_end_the_public_has_the_whole_period(world: World) -> None:
    """Objections are taken on what is on record: a list recorded in the last second of its days has ten more."""
    round_id, ids = deliberated(world)
    for day, at, last_day in (
        ("2024-05-20", "23:59:59.999999", "2024-05-30"),
        ("2024-05-21", "00:00:00", "2024-05-31"),
        ("2024-05-30", "23:59:59.999999", "2024-06-11"),
    ):
        world.clock.go(day, at)
        told = ok(dry(world, round_id, ids, "2024-05-20"), 201)
        assert (told["candidates"][0]["published_on"], told["candidates"][0]["last_day"]) == ("2024-05-20", last_day)
    body = refused(
        dry(world, round_id, ids, "2024-05-20", announced_last_day="2024-06-10"), 422, "rule_refused", "art21.publicity"
    )
    assert body["violations"][0]["facts"]["recorded_on"] == "2024-05-30"
    assert body["violations"][0]["facts"]["required_last_day"] == "2024-06-11"
    publish(world, round_id, ids, "2024-05-20")
    notice = ok(world.public.get("/v1/notices"))["items"][0]
    assert (notice["body"]["first_day"], notice["last_day"]) == ("2024-05-31", "2024-06-11")


def test_art21_by_an_interpretation_the_days_of_the_media_count_while_they_run(world: World) -> None:
    world.clock.go("2024-02-29")
    interpret(world, "late_record", "from_publication")
    round_id, ids = deliberated(world)
    world.clock.go("2024-05-30", "23:59:59.999999")
    told = ok(dry(world, round_id, ids, "2024-05-20"), 201)
    assert told["candidates"][0]["last_day"] == "2024-05-30"
    world.clock.go("2024-05-31", "00:00:00")
    body = refused(dry(world, round_id, ids, "2024-05-20"), 422, "rule_refused", "art21.publicity")
    assert body["violations"][0]["facts"]["last_day"] == "2024-05-30"
    assert body["violations"][0]["remedy_zh"] and body["violations"][0]["remedy_en"]
    # A longer period that was announced is still running.
    ok(dry(world, round_id, ids, "2024-05-20", announced_last_day="2024-05-31"), 201)


def test_art21_a_substitute_is_published_from_the_day_on_which_its_seat_was_free(world: World) -> None:
    made = evaluated_round(world, *(Contender(score=score) for score in ("800", "700", "600")))
    deliberate(world, made.round_id)
    publish(world, made.round_id, made.ids[:2])
    adding = f"/v1/rounds/{made.round_id}/candidates"
    first = candidates(world, made.round_id)[made.ids[0]]
    world.clock.go("2024-05-28", "23:59:59")
    shown = {"reason": "样例", "rule": "art26.fraud", "evidence": "样例"}
    ok(world.office.post(f"/v1/candidates/{first['id']}/removal", shown))
    world.clock.go("2024-05-30")
    for day in ("2024-05-20", "2024-05-27"):
        body = {"application_id": made.ids[2], "publication": publication(day)}
        told = refused(world.office.post(adding, body), 422, "rule_refused", "art21.publicity")
        assert told["violations"][0]["facts"]["not_before"] == "2024-05-28"
    body = {"application_id": made.ids[2], "publication": publication("2024-05-28")}
    ok(world.office.post(adding, body), 201)
    # Put on record on the 30th: ten days from then, over the Dragon Boat holiday.
    assert candidates(world, made.round_id)[made.ids[2]]["last_day"] == "2024-06-11"


def test_art21_an_added_or_corrected_name_is_not_dated_back(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(HOSPITAL))
    deliberate(world, made.round_id)
    world.clock.go("2024-05-22")
    publish(world, made.round_id, made.ids[:1])
    adding = f"/v1/rounds/{made.round_id}/candidates"
    candidate = candidates(world, made.round_id)[made.ids[0]]
    correcting = f"/v1/candidates/{candidate['id']}/correction"
    rename(world, Registered(made.applied[0].organisation_id, made.applied[0].applicant), "样例更正后名称有限公司")
    correction: dict[str, Any] = {"published_name": "样例更正后名称有限公司", "reason": "样例"}
    # The list's own period ends on Monday 2024-06-03 and is over.
    world.clock.go("2024-06-04")
    early = {"application_id": made.ids[1], "publication": publication("2024-05-21")}
    refused(world.office.post(adding, early), 422, "rule_refused", "art21.publicity")
    # What was found today was not corrected yesterday, and nothing is found tomorrow.
    for day, found_on in (("2024-06-03", None), ("2024-06-03", "2024-06-04"), ("2024-05-21", "2024-05-20")):
        told = {"published_name": "样例更正后名称有限公司", "publication": publication(day), "found_on": found_on}
        body = correction | {key: value for key, value in told.items() if value is not None}
        refused(world.office.post(correcting, body), 422, "rule_refused", "art21.publicity")
    body = correction | {"publication": publication("2024-06-04"), "found_on": "2024-06-05"}
    refused(world.office.post(correcting, body), 422, "invalid")
    # Its seat was free with the list, and it has its ten days from the record; so has the correction.
    ok(world.office.post(adding, {"application_id": made.ids[1], "publication": publication("2024-05-22")}), 201)
    body = correction | {"publication": publication("2024-06-03"), "found_on": "2024-06-03"}
    ok(world.office.post(correcting, body))
    assert {item["last_day"] for item in candidates(world, made.round_id).values()} == {"2024-06-14"}


def test_art21_a_fault_is_found_in_a_name_that_stands_on_the_list(world: World) -> None:
    """Published on 2024-05-20; corrected on the 22nd, from when on it stands otherwise."""
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/correction"
    world.clock.go("2024-05-22")
    party = Registered(made.applied[0].organisation_id, made.applied[0].applicant)
    rename(world, party, "样例更正后名称有限公司")
    body = {"published_name": "样例更正后名称有限公司", "reason": "样例", "publication": publication("2024-05-22")}
    for day in ("2024-05-19", "2023-05-20", "1999-01-01"):
        told = refused(world.office.post(path, body | {"found_on": day}), 422, "rule_refused", "art21.publicity")
        (why,) = [item for item in told["violations"] if item["reason"] == "found_before_listed"]
        assert (why["facts"]["found_on"], why["facts"]["listed_on"]) == (day, "2024-05-20")
        assert why["remedy_zh"]
    ok(world.office.post(path + "?dry_run=true", body | {"found_on": "2024-05-20"}))
    ok(world.office.post(path, body | {"found_on": "2024-05-21"}))
    world.clock.go("2024-05-23")
    rename(world, party, "样例再次更名有限公司")
    again = body | {"published_name": "样例再次更名有限公司", "publication": publication("2024-05-23")}
    told = refused(world.office.post(path, again | {"found_on": "2024-05-21"}), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == ["found_before_listed"]
    ok(world.office.post(path, again | {"found_on": "2024-05-22"}))


def test_a_removal_is_published_after_the_list_and_not_tomorrow(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/removal"
    world.clock.go("2024-05-22")
    for day in ("2024-05-19", "2024-05-23"):
        body = {"reason": "样例", "publication": publication(day)}
        refused(world.office.post(path, body), 422, "rule_refused", "art21.publicity")
    ok(world.office.post(path, {"reason": "样例", "publication": publication("2024-05-22")}))


def test_the_list_is_proposed_after_the_last_second_and_not_in_it(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    world.clock.go("2024-05-30", "23:59:59.999999")
    body = refused(world.office.post(path), 422, "rule_refused", "art21.proposed")
    assert body["violations"][0]["facts"]["last_day"] == "2024-05-30"
    world.clock.go("2024-05-31", "00:00:00")
    assert len(ok(world.office.post(path), 201)["names"]) == 1


def test_a_correction_restarts_the_corrected_name_alone(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    before = candidates(world, made.round_id)
    world.clock.go("2024-05-28")
    corrected = before[made.ids[0]]
    rename(world, Registered(made.applied[0].organisation_id, made.applied[0].applicant), "样例更正后名称有限公司")
    path = f"/v1/candidates/{corrected['id']}/correction"
    body = {
        "published_name": "样例更正后名称有限公司",
        "reason": "样例：公示名称有误",
        "publication": publication("2024-05-28", title="样例：更正公告"),
    }
    refused(world.government.post(path, body), 403, "forbidden", "art10.proposes")
    refused(world.office.post(path, body | {"published_name": corrected["published_name"]}), 422, "invalid")
    refused(world.office.post(path, body | {"publication": publication("2024-05-19")}), 422, rule="art21.publicity")
    ok(world.office.post(path, body))
    after = candidates(world, made.round_id)
    assert after[made.ids[1]] == before[made.ids[1]]
    assert after[made.ids[0]]["published_name"] == "样例更正后名称有限公司"
    assert after[made.ids[0]]["last_day"] == "2024-06-07"
    notice = ok(world.public.get(f"/v1/notices/{after[made.ids[0]]['notice_id']}"))
    assert notice["kind"] == "correction"
    assert notice["body"]["names"][0]["before"] == corrected["published_name"]
    world.clock.go("2024-06-07", "23:59:59")
    proposing = f"/v1/rounds/{made.round_id}/proposed-list"
    # The other one has had its period and goes on; the corrected one waits for the end of its own, and says so.
    told = ok(world.office.post(proposing), 201)
    assert [item["id"] for item in told["names"]] == [before[made.ids[1]]["id"]]
    (waiting,) = told["waiting"]
    assert waiting["id"] == corrected["id"]
    (why,) = waiting["blocked_by"]
    assert (why["reason"], why["rule"], why["facts"]["last_day"]) == ("period_not_over", "art21.proposed", "2024-06-07")
    told = refused(world.office.post(proposing), 422, "rule_refused", "art21.proposed")
    assert {item["facts"].get("last_day") for item in told["violations"]} == {"2024-06-07"}
    assert len(fix_proposed(world, made.round_id)["names"]) == 2


@pytest.mark.slow
def test_art21_a_substitute_in_its_period_holds_itself_alone_and_follows(world: World) -> None:
    """Three names, of whom one leaves; whoever takes its place in the publicity has ten days of its own, in which the
    others are proposed, approved and commended."""
    scores = (Contender(score="800"), Contender(score="700"), Contender(HOSPITAL), Contender(score="600", listed=False))
    made = in_publicity(world, *scores)
    listed = candidates(world, made.round_id)
    world.clock.go("2024-05-29")
    shown = {"reason": "样例", "rule": "art26.fraud", "evidence": "样例"}
    ok(world.office.post(f"/v1/candidates/{listed[made.ids[0]]['id']}/removal", shown))
    body = {"application_id": made.ids[3], "publication": publication("2024-05-29")}
    ok(world.office.post(f"/v1/rounds/{made.round_id}/candidates", body), 201)
    substitute = candidates(world, made.round_id)[made.ids[3]]
    assert substitute["last_day"] == "2024-06-11"
    free = {listed[item]["id"] for item in made.ids[1:3]}
    path, proposing = f"/v1/rounds/{made.round_id}", f"/v1/rounds/{made.round_id}/proposed-list"
    # Until the end of their own period nobody is free.
    world.clock.go("2024-05-30", "23:59:59.999999")
    told = refused(world.office.post(proposing), 422, "rule_refused", "art21.proposed")
    assert len(told["violations"]) == 3
    world.clock.go("2024-05-31", "00:00:00")
    told = ok(world.office.post(proposing), 201)
    assert ({item["id"] for item in told["names"]}, [item["id"] for item in told["waiting"]]) == (
        free,
        [substitute["id"]],
    )
    # Its seat is not vacant, and the public goes on objecting to it.
    assert told["vacancies"] == {"manufacturing": 0, "other": 0}
    assert object_to(world, substitute["id"], name="匿名")["lacking"] == ["name"]
    assert {item["candidate_id"] for item in approve(world, made.round_id)["awards"]} == free
    decreed = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    told = refused(world.government.post(f"{path}/decree", decreed), 422, "rule_refused", "art22.approval")
    assert [item["reason"] for item in told["violations"]] == ["names_waiting"]
    deferred = [{"candidate_id": substitute["id"], "reason": "样例：公示期未满"}]
    told = ok(world.government.post(f"{path}/decree", decreed | {"deferred": deferred}), 201)
    assert {item["candidate_id"] for item in told["awards"]} == free
    world.clock.go("2024-06-11", "23:59:59.999999")
    refused(world.office.post(proposing), 422, "rule_refused", "art21.proposed")
    world.clock.go("2024-06-12", "00:00:00")
    told = ok(world.office.post(proposing), 201)
    assert (len(told["names"]), told["waiting"]) == (3, [])
    world.clock.go("2024-06-12")
    (award,) = [
        item
        for item in approve(world, made.round_id, meeting_number="样例第46次县政府常务会议")["awards"]
        if item["candidate_id"] not in free
    ]
    assert (award["candidate_id"], award["seat_category"]) == (substitute["id"], "manufacturing")
    assert decree(world, made.round_id, "会府字〔2024〕13号")["round_state"] == "concluded"


def test_an_added_name_has_its_own_full_period(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL, listed=False))
    world.clock.go("2024-05-29")
    body = {"application_id": made.ids[1], "publication": publication("2024-05-29")}
    ok(world.office.post(f"/v1/rounds/{made.round_id}/candidates", body), 201)
    listed = candidates(world, made.round_id)
    assert [listed[item]["last_day"] for item in made.ids] == ["2024-05-30", "2024-06-11"]
    world.clock.go("2024-06-11", "23:59:59.999999")
    told = ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    assert [item["id"] for item in told["names"]] == [listed[made.ids[0]]["id"]]
    refused(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 422, rule="art21.proposed")
    world.clock.go("2024-06-12", "00:00:00")
    assert len(ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)["names"]) == 2


def test_a_removal_restarts_nothing(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    before = candidates(world, made.round_id)
    world.clock.go("2024-05-29")
    body = {"reason": "样例", "publication": publication("2024-05-29", title="样例：移出公告")}
    ok(world.office.post(f"/v1/candidates/{before[made.ids[0]]['id']}/removal", body))
    assert candidates(world, made.round_id)[made.ids[1]] == before[made.ids[1]]
    kinds = [item["kind"] for item in ok(world.public.get("/v1/notices"))["items"]]
    assert kinds == ["removal", "candidates"]
    world.clock.go("2024-05-31", "00:00:00")
    names = ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)["names"]
    assert [item["id"] for item in names] == [before[made.ids[1]]["id"]]


def test_a_notice_carries_the_hash_of_its_body(world: World) -> None:
    made = in_publicity(world, Contender())
    notice = ok(world.public.get("/v1/notices", params={"kind": "candidates", "round_id": made.round_id}))["items"][0]
    canonical = json.dumps(notice["body"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert notice["body_hash"] == hashlib.sha256(canonical.encode()).hexdigest()
    alone = world.public.get(f"/v1/notices/{notice['id']}")
    assert ok(alone) == notice
    assert alone.headers["etag"].startswith(f'"{notice["body_hash"]}-')
    refused(world.public.get("/v1/notices/018e0000-0000-7000-8000-000000000001"), 404)


def test_an_empty_list_waits_for_nobody(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)
    publish(world, made.round_id, [])
    told = ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    assert told["names"] == []
    assert told["vacancies"] == {"manufacturing": 2, "other": 1}
    assert date(2024, 5, 20) == world.clock.today


def test_the_audit_log_names_the_rules_and_the_inputs_each_by_its_own_hash(world: World) -> None:
    round_id, ids = deliberated(world)
    publish(world, round_id, ids)
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    (entry,) = [item for item in entries if item["act"] == "publish_candidates"]
    (told,) = [item["facts"] for item in entry["details"]["findings"] if "rules_hash" in item["facts"]]
    assert told["rules_hash"] == ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules_hash"]
    assert told["inputs_hash"] == ok(world.office.get(f"/v1/rounds/{round_id}/evaluation"))["inputs_hash"]
    (notice,) = ok(world.public.get("/v1/notices", params={"round_id": round_id}))["items"]
    assert (entry["details"]["notice_id"], entry["details"]["notice_hash"]) == (notice["id"], notice["body_hash"])
