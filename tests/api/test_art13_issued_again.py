"""Arts. 13(2), 13(4): a licence or a safety standardisation that was withdrawn and issued again under the number that
it had before is held again, from the renewal that says on which day it was issued."""

from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply, upload
from sandbox.stages.decision import Contender, decree
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_applications_renewals import decide
from tests.api.test_art13_facts_of_the_day import approved, decree_refused, withdrawn
from tests.support.problems import refused

AGAIN: dict[str, dict[str, Any]] = {
    "licence": {"kind": "排污许可证", "number": "SAMPLE-L-1", "valid_to": "2029-06-30", "required": True},
    "safety": {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": "2029-06-30"},
}
RULES = {"licence": "art13.2.compliance", "safety": "art13.4.safety"}
NUMBERS = {"licence": "SAMPLE-L-1", "safety": "SAMPLE-S-1"}


def renew(applied: Applied, kind: str, issued_on: str | None) -> Any:
    """The applicant hands in what was issued again under the old number."""
    scan = upload(applied.applicant, applied.id, "renewal", filename="换证.pdf")
    item = AGAIN[kind] | ({} if issued_on is None else {"issued_on": issued_on})
    body = {"kind": kind, "attachment_id": scan["id"], kind: item}
    return applied.applicant.post(f"/v1/applications/{applied.id}/renewals", body)


@pytest.mark.parametrize("kind", list(AGAIN))
def test_art13_what_was_issued_again_under_its_old_number_is_held_again(world: World, kind: str) -> None:
    made, _ = approved(world, Contender(score="800"), Contender(score="700"))
    (one, _), rule = made.applied, RULES[kind]
    withdrawn_on = world.clock.today.isoformat()
    withdrawn(world, one, kind, NUMBERS[kind], withdrawn_on)
    told = decree_refused(world, made.round_id, rule)
    assert [item["reason"] for item in told["violations"]] == ["credential_withdrawn"]
    # What does not say when it was issued, or says the day of the withdrawal, is the one that was withdrawn.
    for issued_on in (None, withdrawn_on):
        ok(decide(world, ok(renew(one, kind, issued_on), 201)["id"]))
        decree_refused(world, made.round_id, rule)
    world.clock.forward(days=2)
    today = world.clock.today.isoformat()
    tomorrow = refused(renew(one, kind, world.clock.today.replace(day=world.clock.today.day + 1).isoformat()), 422)
    assert [(item["pointer"], item["code"]) for item in tomorrow["errors"]] == [
        (f"/{kind}/issued_on", "date_in_future")
    ]
    renewal = ok(renew(one, kind, today), 201)
    # It counts once a person has compared it with the issuer's register.
    decree_refused(world, made.round_id, rule)
    ok(decide(world, renewal["id"]))
    assert len(decree(world, made.round_id)["awards"]) == 2


RIGHT = {"kind": "invention", "title": "样例装置", "number": "ZL202010000000.0"}


@pytest.mark.parametrize(
    ("section", "item", "field", "pointer"),
    [
        ("licences", AGAIN["licence"], "issued_on", "/content/licences/0"),
        ("safety", AGAIN["safety"], "issued_on", "/content/safety"),
        ("intellectual_property", RIGHT, "granted_on", "/content/intellectual_property/0"),
    ],
)
def test_art13_nothing_is_issued_or_granted_on_a_day_to_come(
    world: World, section: str, item: dict[str, Any], field: str, pointer: str
) -> None:
    applied = apply(world, open_round(world), submit=False)
    path = f"/v1/applications/{applied.id}"
    ok(applied.applicant.post(f"{path}/return-to-draft"))
    for day, status in (("2024-03-02", 422), ("2024-03-01", 200)):
        stated = item | {field: day}
        content = {section: stated if section == "safety" else [stated]}
        version = ok(applied.applicant.get(path))["version"]
        answer = applied.applicant.patch(path, {"content": content}, version=version)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
                (f"{pointer}/{field}", "date_in_future")
            ]


@pytest.mark.parametrize(("issued_on", "fits"), [("2029-07-01", False), ("2024-02-01", True)])
def test_art13_nothing_ends_before_it_was_issued(world: World, issued_on: str, fits: bool) -> None:
    check = {
        "organisation": {
            "legal_form": "limited_company",
            "county_code": "360733",
            "established_on": "2015-05-20",
            "operating": True,
            "sector": "1392",
        },
        "submission_date": "2024-03-01",
    }
    for content in (
        {"licences": [AGAIN["licence"] | {"issued_on": issued_on}]},
        {"safety": AGAIN["safety"] | {"issued_on": issued_on}},
    ):
        answer = world.public.post("/v1/eligibility-checks", check | {"content": content})
        if fits:
            ok(answer)
        else:
            assert [item["code"] for item in refused(answer, 422)["errors"]] == ["end_before_start"]


@pytest.mark.parametrize("kind", list(AGAIN))
def test_art13_a_withdrawal_before_the_day_of_issue_takes_nothing_away(world: World, kind: str) -> None:
    section = {"licence": "licences", "safety": "safety"}[kind]
    item = AGAIN[kind] | {"issued_on": "2024-02-01"}
    applied = apply(world, open_round(world), content_overrides={section: [item] if section == "licences" else item})
    body = {
        "category": "other_violation",
        "fact": "样例",
        "source": "样例发证机关",
        "basis": "样例撤销决定",
        "credential_kind": kind,
        "credential_number": NUMBERS[kind],
    }
    path = f"/v1/applications/{applied.id}/adverse-records"
    told = refused(world.office.post(path, body | {"determined_on": "2024-01-31"}), 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("/determined_on", "too_early")]
    ok(world.office.post(path, body | {"determined_on": "2024-02-01"}), 201)
