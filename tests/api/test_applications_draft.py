"""Beginning and filling in: every problem told, nothing of others seen (Arts. 3, 16, 17)."""

import json
from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, edit, eligible_content, register_applicant
from sandbox.stages.parties import member, register, succeed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def draft_of(world: World, round_id: str) -> tuple[dict[str, Any], Any]:
    _, applicant = register_applicant(world)
    return ok(applicant.post("/v1/applications", {"round_id": round_id}), 201), applicant


def test_an_application_begins_with_the_call_and_not_before_it_or_after_its_deadline(world: World) -> None:
    _, applicant = register_applicant(world)
    prepared = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例"}), 201)
    refused(applicant.post("/v1/applications", {"round_id": prepared["id"]}), 404, "not_found")
    round_id = open_round(world, deadline="2024-04-30")
    world.clock.go("2024-05-01", "00:00:00")
    refused(applicant.post("/v1/applications", {"round_id": round_id}), 422, "rule_refused", "art16.call")
    world.clock.go("2024-04-30", "23:59:59.999999")
    assert ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)["state"] == "draft"


def test_a_legal_person_applies_once_whatever_its_name(world: World) -> None:
    round_id = open_round(world)
    before, after = register(world), register(world)
    begin(world, round_id, before.account)
    succeed(world, after, before)
    refused(after.account.post("/v1/applications", {"round_id": round_id}), 409, "application_exists")


def test_sections_are_replaced_kept_and_removed_one_by_one(world: World) -> None:
    draft, applicant = draft_of(world, open_round(world))
    edit(applicant, draft["id"], {"staff": 5, "size_class": "small", "honours": []})
    shown = edit(applicant, draft["id"], {"staff": 6, "size_class": None})
    assert shown["content"] == {"staff": 6, "honours": []}


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"figures": [{"year": 2023, "revenue_fen": -1}]}, "/content/figures/0/revenue_fen"),
        ({"figures": [{"year": 2023, "revenue_fen": 1.5}]}, "/content/figures/0/revenue_fen"),
        ({"figures": [{"year": 2023, "net_profit_fen": 10**30}]}, "/content/figures/0/net_profit_fen"),
        ({"adverse_records": [{"category": "z", "fact": "x", "source": "y"}]}, "/content/adverse_records/0/category"),
        (
            {"adverse_records": [{"category": "failed_inspection", "fact": "样例：抽查不合格", "source": "y"}]},
            "/content/adverse_records/0",
        ),
        ({"staff": None, "unknown": 1}, "/content/unknown"),
        ({"sections": {"../x": "y"}}, "/content/sections"),
        ({"contact": {"name": "a\u0000b", "phone": "0797-1"}}, "/content/contact/name"),
    ],
)
def test_what_does_not_fit_the_form_is_refused_with_its_field(
    world: World, content: dict[str, Any], pointer: str
) -> None:
    draft, applicant = draft_of(world, open_round(world))
    answer = applicant.patch(f"/v1/applications/{draft['id']}", {"content": content}, version=draft["version"])
    assert pointer in {item["pointer"] for item in refused(answer, 422, "invalid")["errors"]}


_CERTIFICATE = eligible_content(2024)["certificates"][0]


@pytest.mark.parametrize("nothing", ["-", "无", "／", "暂无", "正在办理"])
@pytest.mark.parametrize(
    ("section", "entry", "field"),
    [
        ("certificates", _CERTIFICATE, "number"),
        ("certificates", _CERTIFICATE, "standard"),
        ("licences", {"kind": "排污许可证", "number": "SAMPLE-L-1"}, "number"),
        ("safety", {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": "2029-06-30"}, "certificate_number"),
        (
            "adverse_records",
            {"category": "tax_dishonesty", "fact": "样例：失信", "source": "税务局", "occurred_on": "2020-01-01"},
            "fact",
        ),
        ("honours", {"name": "样例质量奖", "level": "county", "awarded_on": "2023-01-01"}, "name"),
        ("truthfulness", {"agreed": True, "signatory": "样例法定代表人", "signed_on": "2024-03-01"}, "signatory"),
    ],
)
def test_art13_a_word_for_nothing_is_no_number_and_no_name(
    world: World, section: str, entry: dict[str, Any], field: str, nothing: str
) -> None:
    draft, applicant = draft_of(world, open_round(world))
    listed = section not in ("safety", "truthfulness")
    path = f"/v1/applications/{draft['id']}"
    for value, right in ((nothing, False), (entry[field], True)):
        stated = entry | {field: value}
        content = {section: [stated] if listed else stated}
        answer = applicant.patch(path, {"content": content}, version=draft["version"])
        if right:
            ok(answer)
        else:
            told = refused(answer, 422, "invalid")["errors"]
            pointer = f"/content/{section}/0/{field}" if listed else f"/content/{section}/{field}"
            assert [(item["pointer"], item["code"]) for item in told] == [(pointer, "blank")]


def test_warnings_while_drafting_name_every_field_at_once(world: World) -> None:
    draft, applicant = draft_of(world, open_round(world))
    told = ok(applicant.get(f"/v1/applications/{draft['id']}/validation"))
    assert not told["ready"]
    where = {pointer for item in told["findings"] if item["outcome"] != "pass" for pointer in item["pointers"]}
    assert {
        "/recommendations",
        "/content/figures",
        "/content/certificates",
        "/content/safety",
        "/content/truthfulness",
        "/attachments/self_assessment",
        "/content/sections/leadership",
    } <= where
    assert all(item["remedy_zh"] for item in told["findings"] if item["rule"] == "art17.qualification")
    assert {item["rule"] for item in told["decided_later"]} >= {
        "art13.2.compliance",
        "art13.4.leading",
        "art13.5.distinctive",
    }
    assert ok(world.office.get(f"/v1/applications/{draft['id']}/eligibility-checks"))["items"] == []


def test_a_draft_that_is_ready_says_so(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}/validation"))["ready"]
    actions = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["available_actions"]
    assert {item["act"]: item["allowed"] for item in actions} == {
        "return_to_draft": True,
        "submit": True,
        "withdraw": True,
    }


def test_available_actions_say_what_stands_in_the_way(world: World) -> None:
    applied = apply(world, open_round(world), submit=False, content_overrides={"certificates": []})
    actions = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["available_actions"]
    submit = next(item for item in actions if item["act"] == "submit")
    assert not submit["allowed"]
    assert [item["rule"] for item in submit["blocked_by"]] == ["art13.3.certified"]


def test_everybody_sees_his_own_list(world: World) -> None:
    round_id = open_round(world)
    one, other = apply(world, round_id), apply(world, round_id, unit="junmenling", submit=False)

    def ids(caller: Any, **filters: str) -> list[str]:
        return [item["id"] for item in ok(caller.get("/v1/applications", params=filters))["items"]]

    assert ids(one.applicant) == [one.id]
    assert ids(world.by("unit-junmenling")) == [other.id]
    assert ids(world.by("unit-industry")) == []
    assert ids(world.office) == ids(world.auditor) == [other.id, one.id]
    assert ids(world.office, state="submitted") == [one.id]
    assert ids(world.office, round_id=one.id) == []
    named = {item["organisation_name"]: item["id"] for item in ok(world.office.get("/v1/applications"))["items"]}
    for name, found in named.items():
        # As names are compared: width and blanks make no other name.
        assert ids(world.office, name=name) == ids(world.office, name=f" {name[:3]} {name[3:]}") == [found]
    assert ids(world.office, name="样例制造") == [other.id, one.id]
    assert ids(world.office, name="100%") == ids(other.applicant, name=next(iter(named)) + "甲") == []
    refused(world.office.get("/v1/applications", params={"name": " "}), 422)
    refused(world.government.get("/v1/applications"), 403)
    refused(world.public.get("/v1/applications"), 401)
    refused(other.applicant.get(f"/v1/applications/{one.id}"), 404, "not_found")
    for part in ("findings", "timeline", "calendar", "gate-runs", "snapshot", "attachments"):
        refused(other.applicant.get(f"/v1/applications/{one.id}/{part}"), 404, "not_found")


def test_the_list_comes_in_pages(world: World) -> None:
    round_id = open_round(world)
    made = [draft_of(world, round_id)[0]["id"] for _ in range(3)]
    first = ok(world.office.get("/v1/applications", params={"limit": 2}))
    rest = ok(world.office.get("/v1/applications", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None
    other = world.office.get("/v1/applications", params={"cursor": first["next_cursor"], "state": "draft"})
    refused(other, 422, "invalid_cursor")


def test_a_colleague_who_may_edit_does_not_bind_the_organisation(world: World) -> None:
    registered = register(world)
    editor = member(world, registered)
    draft = begin(world, open_round(world), editor)
    path = f"/v1/applications/{draft['id']}"
    body = {"unit_id": world.id("unit:wenwuba")}
    refused(editor.post(f"{path}/recommendation-request", body), 403, "submit_membership_required")
    refused(editor.post(f"{path}/withdrawal"), 403, "submit_membership_required")
    ok(registered.account.post(f"{path}/recommendation-request", body))


def test_a_stale_version_and_a_missing_one_are_refused(world: World) -> None:
    draft, applicant = draft_of(world, open_round(world))
    path = f"/v1/applications/{draft['id']}"
    answer = applicant.patch(path, {"content": {"staff": 1}}, version=draft["version"])
    assert answer.headers["etag"] == f'"{ok(answer)["version"]}"'
    refused(applicant.patch(path, {"content": {"staff": 2}}, version=draft["version"]), 412, "stale_version")
    refused(applicant.patch(path, {"content": {"staff": 2}}), 428, "precondition_required")


def test_the_form_begins_with_the_profile_and_can_copy_an_earlier_one(world: World) -> None:
    round_id = open_round(world)
    registered = register(world, staff=42, size_class="small", main_products="样例脐橙")
    first = begin(world, round_id, registered.account, {"staff": 43})
    assert ok(registered.account.post(f"/v1/applications/{first['id']}/withdrawal"))["state"] == "withdrawn"
    fresh = ok(registered.account.post("/v1/applications?dry_run=true", {"round_id": round_id}), 201)
    product = {"name": "样例脐橙", "standards": [], "customers": [], "competitors": []}
    assert fresh["content"] == {"staff": 42, "size_class": "small", "main_products": [product]}
    body = {"round_id": round_id, "copy_of": first["id"]}
    copied = ok(registered.account.post("/v1/applications", body), 201)["content"]
    assert copied["staff"] == 43 and copied["figures"]
    assert "truthfulness" not in copied and "adverse_records" not in copied
    _, stranger = register_applicant(world)
    refused(stranger.post("/v1/applications", body), 404, "not_found")
    refused(registered.account.get("/v1/applications?state=nonsense"), 422, "invalid")


@pytest.mark.parametrize(
    ("section", "pointer"),
    [
        (
            {
                "adverse_records": [
                    {"category": "failed_inspection", "fact": "样例", "occurred_on": "DAY", "source": "样例"}
                ]
            },
            "/content/adverse_records/0/occurred_on",
        ),
        (
            {
                "adverse_records": [
                    {"category": "failed_inspection", "fact": "样例", "determined_on": "DAY", "source": "样例"}
                ]
            },
            "/content/adverse_records/0/determined_on",
        ),
        (
            {"honours": [{"name": "样例市长质量奖", "level": "municipal_mayor", "awarded_on": "DAY"}]},
            "/content/honours/0/awarded_on",
        ),
        (
            {"truthfulness": {"agreed": True, "signatory": "样例", "signed_on": "DAY"}},
            "/content/truthfulness/signed_on",
        ),
    ],
)
def test_what_has_happened_is_not_dated_tomorrow(world: World, section: dict[str, Any], pointer: str) -> None:
    _, applicant = register_applicant(world)
    draft = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)

    def fill_in(day: str) -> Any:
        content = json.loads(json.dumps(section).replace("DAY", day))
        return applicant.patch(f"/v1/applications/{draft['id']}", {"content": content}, version=1)

    problem = refused(fill_in("2024-03-02"), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == [pointer]
    ok(fill_in("2024-03-01"))
