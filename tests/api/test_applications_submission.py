"""From the draft to the receipt (Arts. 3, 4, 5, 6, 12, 13, 16, 17, 26)."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.applications import (
    apply,
    begin,
    edit,
    eligible_content,
    endorse,
    recommend,
    register_applicant,
    request,
)
from sandbox.stages.awarded import concluded, excluded
from sandbox.stages.parties import Registered, register, succeed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def ready(world: World, round_id: str, *, content: dict[str, Any] | None = None, **organisation: Any) -> Any:
    """An endorsed application, one step before its submission."""
    return apply(world, round_id, submit=False, content_overrides=content, **organisation)


def submit(applied: Any) -> Any:
    return applied.applicant.post(f"/v1/applications/{applied.id}/submission")


def pointers(body: dict[str, Any]) -> set[str]:
    return {item["pointer"] for item in body["errors"]}


def test_a_complete_application_is_frozen_under_a_number_and_a_hash(world: World) -> None:
    round_id = open_round(world, review_rules=default_review_rules().to_mapping())
    applied = apply(world, round_id)
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert shown["state"] == "submitted"
    assert applied.number == shown["submission_receipt"]["number"] == "HQA-2024-0001"
    frozen = ok(applied.applicant.get(f"/v1/applications/{applied.id}/snapshot"))
    canonical = json.dumps(frozen["snapshot"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert (
        hashlib.sha256(canonical.encode()).hexdigest()
        == shown["submission_receipt"]["content_hash"]
        == frozen["content_hash"]
    )
    assert len(frozen["snapshot"]["materials"]) == 6
    assert {item["sha256"] for item in frozen["snapshot"]["materials"]}
    runs = ok(applied.applicant.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
    assert [(run["gate"], run["passed"]) for run in runs] == [("submission", True)]


@pytest.mark.parametrize(
    ("organisation", "unit"),
    [
        ({"sector": "8411", "operating": False, "legal_form": "public_institution"}, "health"),
        ({"sector": "5431"}, "logistics"),
        ({"legal_form": "private_non_enterprise", "sector": "8334"}, "community"),
    ],
)
def test_hospitals_carriers_and_schools_may_apply_as_well(
    world: World, organisation: dict[str, Any], unit: str
) -> None:
    assert apply(world, open_round(world), unit=unit, **organisation).number == "HQA-2024-0001"


def test_a_submission_counts_to_the_last_second_of_the_deadline_in_shanghai(world: World) -> None:
    round_id = open_round(world, deadline="2024-04-30")
    in_time, late = ready(world, round_id), ready(world, round_id)
    world.clock.go("2024-04-30", "23:59:59.999999")
    assert ok(submit(in_time))["state"] == "submitted"
    world.clock.go("2024-05-01", "00:00:00")
    refused(submit(late), 422, "rule_refused", "art16.call")
    assert ok(late.applicant.get(f"/v1/applications/{late.id}"))["state"] == "endorsed"


@pytest.mark.parametrize(("established_on", "accepted"), [("2021-03-01", True), ("2021-03-02", False)])
def test_exactly_three_years_of_operation_count(world: World, established_on: str, accepted: bool) -> None:
    applied = ready(world, open_round(world), established_on=established_on)
    answer = submit(applied)
    if accepted:
        assert ok(answer)["submission_receipt"]
    else:
        body = refused(answer, 422, "rule_refused", "art13.1.age")
        assert pointers(body) == {"/organisation/established_on"}
        assert body["violations"][0]["facts"]["eligible_from"] == "2024-03-02"


# As one county as the other: a contradiction would be a flag.
ELSEWHERE = {"county_code": "360702", "registered_address": "赣州市章贡区样例路1号"}


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"legal_form": "branch"}, "art13.1.legal_person", "/organisation/legal_form"),
        ({"legal_form": "social_association"}, "art04.recipient", "/organisation/legal_form"),
        (ELSEWHERE, "art13.1.local", "/organisation/county_code"),
    ],
)
def test_who_may_not_apply_is_told_the_article(world: World, changes: dict[str, Any], rule: str, pointer: str) -> None:
    body = refused(submit(ready(world, open_round(world), **changes)), 422, "rule_refused", rule)
    assert pointer in pointers(body)


def _figures(*profits: int) -> list[dict[str, Any]]:
    return [{"year": 2021 + index, "net_profit_fen": profit} for index, profit in enumerate(profits)]


# Of one kind, the second expired.
_TWO_LICENCES = [
    {"kind": "食品生产许可证", "number": "样例一", "valid_to": "2030-01-01", "required": True},
    {"kind": "食品生产许可证", "number": "样例二", "valid_to": "2020-01-01", "required": True},
]

_BAD = [
    ({"figures": _figures(1, 1, 0)}, "art13.4.profit", "/content/figures/2/net_profit_fen"),
    ({"figures": _figures(1, 1)}, "art05.lookback", "/content/figures"),
    ({"safety": None}, "art13.4.safety", "/content/safety"),
    (
        {"safety": {"level": 4, "certificate_number": "S", "valid_to": "2030-01-01"}},
        "art13.4.safety",
        "/content/safety",
    ),
    ({"certificates": []}, "art13.3.certified", "/content/certificates"),
    ({"licences": [{"kind": "食品生产许可证"}]}, "art13.2.compliance", "/content/licences/0"),
    (
        {
            "adverse_records": [
                {
                    "category": "failed_inspection",
                    "fact": "抽查不合格",
                    "determined_on": "2021-03-01",
                    "source": "市监局",
                    "rectified": True,
                },
            ]
        },
        "art13.6.record",
        "/content/adverse_records/0",
    ),
    (
        {"honours": [{"name": "样例市长质量奖", "level": "municipal_mayor", "awarded_on": "2022-05-01"}]},
        "art13.6.higher_award",
        "/content/honours/0",
    ),
    ({"truthfulness": None}, "art17.qualification", "/content/truthfulness"),
]


@pytest.mark.parametrize(("content", "rule", "pointer"), _BAD, ids=[f"{item[1]}-{n}" for n, item in enumerate(_BAD)])
def test_each_condition_refuses_with_its_article_and_its_field(
    world: World, content: dict[str, Any], rule: str, pointer: str
) -> None:
    body = refused(submit(ready(world, open_round(world), content=content)), 422, "rule_refused", rule)
    assert pointer in pointers(body)


def test_a_missing_section_is_told_by_the_validation_and_stops_the_request_already(world: World) -> None:
    _, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant, {"sections": {"profile": "只有一节"}})
    told = ok(applicant.get(f"/v1/applications/{draft['id']}/validation"))["findings"]
    open_ = [item["pointers"] for item in told if item["rule"] == "art17.qualification" and item["outcome"] == "fail"]
    assert "/content/sections/leadership" in open_[0]
    path, body = f"/v1/applications/{draft['id']}/recommendation-request", {"unit_id": world.id("unit:wenwuba")}
    wrong = refused(applicant.post(path, body), 422, "rule_refused", "art03.recommendation")
    assert pointers(wrong) == set(open_[0])


def test_of_two_licences_of_one_kind_the_expired_one_is_named(world: World) -> None:
    applied = ready(world, open_round(world), content={"licences": _TWO_LICENCES})
    wrong = refused(submit(applied), 422, "rule_refused", "art13.2.compliance")
    assert pointers(wrong) == {"/content/licences/1"}
    told = ok(applied.applicant.get(f"/v1/applications/{applied.id}/validation"))["findings"]
    open_ = [item["pointers"] for item in told if item["rule"] == "art13.2.compliance" and item["outcome"] == "fail"]
    assert open_ == [["/content/licences/1"]]


def _certificate(number: str, valid_to: str, kind: str = "management_system") -> dict[str, Any]:
    return {
        "kind": kind,
        "standard": "GB/T 19001-2016",
        "number": number,
        "issuer": "样例认证中心",
        "valid_from": "2017-01-01",
        "valid_to": valid_to,
    }


@pytest.mark.parametrize(
    "first",
    [_certificate("样例一", "2019-01-01"), _certificate("样例一", "2030-01-01", kind="product")],
    ids=["expired-earlier", "of-another-kind"],
)
def test_of_two_certificates_the_one_to_renew_is_named(world: World, first: dict[str, Any]) -> None:
    both = [first, _certificate("样例二", "2023-12-31")]
    applied = ready(world, open_round(world), content={"certificates": both})
    wrong = refused(submit(applied), 422, "rule_refused", "art13.3.certified")
    assert pointers(wrong) == {"/content/certificates/1"}
    told = ok(applied.applicant.get(f"/v1/applications/{applied.id}/validation"))["findings"]
    open_ = [item["pointers"] for item in told if item["rule"] == "art13.3.certified" and item["outcome"] == "fail"]
    assert open_ == [["/content/certificates/1"]]


def test_everything_that_stands_in_the_way_is_told_at_once(world: World) -> None:
    content = {"figures": _figures(-5, 0, 0), "certificates": [], "safety": None, "truthfulness": None}
    body = refused(submit(ready(world, open_round(world), content=content, **ELSEWHERE)), 422, "rule_refused")
    rules = [item["rule"] for item in body["violations"]]
    told = {"art13.1.local", "art13.3.certified", "art13.4.safety", "art13.4.profit", "art17.qualification"}
    assert told <= set(rules)
    assert rules.count("art13.4.profit") == 2
    assert all(item["outcome"] == "fail" for item in body["violations"])


def test_a_refused_submission_leaves_no_trace(world: World) -> None:
    round_id = open_round(world)
    bad = ready(world, round_id, content={"safety": None})
    refused(submit(bad), 422)
    assert ok(bad.applicant.get(f"/v1/applications/{bad.id}/eligibility-checks"))["items"] == []
    assert apply(world, round_id).number == "HQA-2024-0001"


def test_a_dry_run_tells_what_would_happen_and_submits_nothing(world: World) -> None:
    applied = ready(world, open_round(world))
    would = ok(applied.applicant.post(f"/v1/applications/{applied.id}/submission?dry_run=true"))
    assert would["state"] == "submitted"
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["state"] == "endorsed"
    assert ok(submit(applied))["submission_receipt"]["number"] == "HQA-2024-0001"


@pytest.mark.parametrize(("ordinals", "accepted"), [((1, 2), False), ((1, 2, 3), True)])
def test_a_winner_of_round_n_applies_again_from_round_n_plus_three(
    world: World, ordinals: tuple[int, ...], accepted: bool
) -> None:
    first, *others = ordinals
    year = 2024 - 2 * len(ordinals)
    decreed_on, number = f"{year}-06-03", f"会府字〔{year}〕1号"
    won = concluded(world, {}, year=year, ordinal=first, decreed_on=decreed_on, decree_number=number)
    for step, ordinal in enumerate(others, 1):
        then = year + 2 * step
        number = f"会府字〔{then}〕1号"
        concluded(world, {}, year=then, ordinal=ordinal, decreed_on=f"{then}-06-03", decree_number=number)
    winner = won.winners[0]
    round_id = open_round(world)
    if accepted:
        applied = ready(world, round_id, organisation=(winner.organisation_id, winner.applicant))
        assert ok(submit(applied))["submission_receipt"]
    else:
        # What can never be submitted is sent to no unit.
        path = f"/v1/applications/{begin(world, round_id, winner.applicant)['id']}/recommendation-request"
        answer = winner.applicant.post(path, {"unit_id": world.id("unit:wenwuba")})
        body = refused(answer, 422, "rule_refused", "art06.interval")
        facts = next(item["facts"] for item in body["violations"] if item["rule"] == "art06.interval")
        assert (facts["last_award_ordinal"], facts["earliest_ordinal"], facts["round_ordinal"]) == (1, 4, 3)


def test_an_exclusion_holds_to_its_last_day_also_for_a_successor(world: World) -> None:
    won = concluded(world, {}, year=2012, ordinal=1, decreed_on="2012-06-03", decree_number="会府字〔2012〕1号")
    for ordinal, year in ((2, 2014), (3, 2016)):
        number = f"会府字〔{year}〕1号"
        concluded(world, {}, year=year, ordinal=ordinal, decreed_on=f"{year}-06-03", decree_number=number)
    winner = won.winners[0]
    excluded(world, winner, from_day="2014-03-01", last_day="2024-03-01")
    heir = register(world)
    succeed(world, heir, Registered(winner.organisation_id, winner.applicant))
    applied = ready(world, open_round(world), organisation=heir)
    body = refused(submit(applied), 422, "rule_refused", "exclusions")
    assert [(item["rule"], item["facts"]["last_day"]) for item in body["violations"]] == [("exclusions", "2024-03-01")]
    world.clock.go("2024-03-01", "23:59:59.999999")
    refused(submit(applied), 422, "rule_refused", "exclusions")
    world.clock.go("2024-03-02", "00:00:00")
    assert ok(submit(applied))["submission_receipt"]


def test_declared_records_that_do_not_bar_go_on_record_for_the_office_to_verify(world: World) -> None:
    records = [
        {
            "category": "attributable_return",
            "fact": "样例：一次退货",
            "occurred_on": "2023-06-01",
            "source": "样例客户",
        },
        {
            "category": "fatal_accident",
            "fact": "样例：外包方事故",
            "occurred_on": "2023-07-01",
            "source": "应急管理局",
            "attributable": False,
        },
        {
            "category": "failed_inspection",
            "fact": "样例：抽查不合格",
            "determined_on": "2020-02-28",
            "source": "市场监督管理局",
        },
    ]
    applied = apply(world, open_round(world), content_overrides={"adverse_records": records})
    runs = ok(world.office.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
    told = [item for item in runs[0]["findings"] if item["rule"] == "art13.6.record"]
    assert [item["outcome"] for item in told] == ["pass", "pass"]
    assert all(item["facts"]["pending"] for item in told)


def test_two_submissions_at_the_same_time_get_two_numbers(world: World) -> None:
    round_id = open_round(world)
    applications = [ready(world, round_id) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(submit, applications))
    numbers = sorted(ok(answer)["submission_receipt"]["number"] for answer in answers)
    assert numbers == [f"HQA-2024-{number:04d}" for number in range(1, 5)]


def test_the_same_application_submitted_twice_at_once_is_submitted_once(world: World) -> None:
    applied = ready(world, open_round(world))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(submit, [applied, applied]))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    runs = ok(applied.applicant.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
    assert len(runs) == 1


def test_without_a_recommendation_nothing_is_submitted(world: World) -> None:
    _, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant)
    refused(applicant.post(f"/v1/applications/{draft['id']}/submission"), 409, "wrong_state")
    warned = ok(applicant.get(f"/v1/applications/{draft['id']}/validation"))
    assert not warned["ready"]
    assert [item["rule"] for item in warned["findings"] if item["outcome"] != "pass"] == ["art03.recommendation"]


def test_an_organisation_that_changed_after_its_recommendation_is_recommended_again(world: World) -> None:
    applied = ready(world, open_round(world))
    version = ok(applied.applicant.get(f"/v1/organisations/{applied.organisation_id}"))["version"]
    changed = {"main_products": "样例新产品", "registered_address": "会昌县文武坝镇样例新址"}
    ok(applied.applicant.patch(f"/v1/organisations/{applied.organisation_id}", changed, version=version))
    refused(submit(applied), 422, "rule_refused", "art03.recommendation")
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/return-to-draft"))
    recommend(world, applied.id, applied.applicant)
    assert ok(submit(applied))["submission_receipt"]


def test_nobody_submits_for_somebody_else(world: World) -> None:
    round_id = open_round(world)
    applied, stranger = ready(world, round_id), register_applicant(world)[1]
    refused(stranger.post(f"/v1/applications/{applied.id}/submission"), 404, "not_found")
    for caller in (world.office, world.by("unit-wenwuba"), world.government, world.auditor):
        refused(caller.post(f"/v1/applications/{applied.id}/submission"), 403, "forbidden")
    refused(world.public.post(f"/v1/applications/{applied.id}/submission"), 401)


def test_what_is_submitted_is_not_edited_and_an_old_version_is_refused(world: World) -> None:
    applied = apply(world, open_round(world))
    version = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["version"]
    path, body = f"/v1/applications/{applied.id}", {"content": {"staff": 1}}
    refused(applied.applicant.patch(path, body, version=version), 409, "wrong_state")
    refused(applied.applicant.patch(path, body, version=version - 1), 412, "stale_version")
    refused(applied.applicant.patch(path, body), 428)


def test_an_applicant_withdraws_until_the_confirmation_and_may_begin_again(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    refused(applied.applicant.post("/v1/applications", {"round_id": round_id}), 409, "application_exists")
    gone = ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {"reason": "样例原因"}))
    assert (gone["state"], gone["closed_reason"]) == ("withdrawn", "样例原因")
    assert gone["recommendations"][-1]["state"] == "lapsed"
    refused(submit(applied), 409, "wrong_state")
    again = apply(world, round_id, organisation=(applied.organisation_id, applied.applicant))
    assert again.number == "HQA-2024-0002"


def test_a_cancelled_round_takes_no_submission(world: World) -> None:
    round_id = open_round(world)
    applied = ready(world, round_id)
    ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例：取消"}))
    refused(submit(applied), 422, "rule_refused", "art16.call")


def test_the_endorsement_is_bound_to_what_the_unit_has_read(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    asked = request(world, draft["id"], applicant)
    ok(applicant.post(f"/v1/applications/{draft['id']}/return-to-draft"))
    edit(applicant, draft["id"], {"staff": 999})
    refused(endorse(world, asked["id"]), 409, "wrong_state")
    recommend(world, draft["id"], applicant)
    assert ok(applicant.post(f"/v1/applications/{draft['id']}/submission"))["content"]["staff"] == 999
    assert eligible_content(2024)["staff"] != 999
