"""Arts. 2, 21, 29: nobody has a paper of what is another's, whatever the address; what is not public is told to nobody
outside."""

from typing import Any
from uuid import uuid4

import pytest

from app.measures.roles import Role
from app.services.papers.catalogue import KINDS, Collection
from sandbox.stages.applications import apply
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    Contender,
    candidates,
    close_objection,
    conclude_round,
    in_publicity,
    object_to,
    objections,
)
from sandbox.stages.parties import register
from sandbox.stages.qualification import asked, close_applications, consult
from sandbox.stages.revocations import open_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.callers import callers
from tests.support.papers import drafted, offered, pdf_text
from tests.support.problems import refused

FRAUD = {"basis": "fraud", "facts": "样例：内情", "evidence": "样例：证据", "summary": "样例：摘要"}


def who_has(world: World, path: str) -> dict[str, set[Role]]:
    """By kind of paper, which callers can have a draft of it."""
    found: dict[str, set[Role]] = {kind: set() for kind in offered(world.office, path)}
    for role, caller in callers(world, unit="health").items():
        for kind in found:
            answer = caller.get(
                f"{path}/documents/{kind}.csv" if KINDS[kind].tables else f"{path}/documents/{kind}.docx"
            )
            if answer.status_code == 200:
                found[kind].add(role)
            else:
                assert answer.status_code in (401, 403, 404), answer.text
    return found


INSIDE = {Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR}
AT_WORK = {Role.OFFICE, Role.AUDITOR}


def test_of_a_round(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    found = who_has(world, f"/v1/rounds/{made.round_id}")
    # Not even inside before it is there.
    assert found.pop("disbursement_list") == found.pop("objection_register") == set()
    assert found.pop("application_register") == AT_WORK
    assert found.pop("undertaking") == AT_WORK | {Role.REVIEWER}
    assert found == dict.fromkeys(found, INSIDE)
    assert {"call", "minutes", "decree", "submission"} <= set(found)


def test_of_an_application(world: World) -> None:
    round_id = open_round(world, 2024)
    applied = apply(world, round_id)
    path = f"/v1/applications/{applied.id}"
    found = who_has(world, path)
    assert found["application_form"] == found["recommendation_form"] == AT_WORK
    assert found["material_report"] == set()
    assert drafted(applied.applicant, path, "application_form")
    assert drafted(world.by("unit-wenwuba"), path, "recommendation_form")
    for kind in ("material_report", "onsite_report"):
        refused(applied.applicant.get(f"{path}/documents/{kind}.pdf"), 404)
        assert kind not in offered(applied.applicant, path)


def test_of_a_consultation(world: World) -> None:
    round_id = open_round(world, 2024)
    apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    (row, *_) = asked(world, "tax", round_id)
    found = who_has(world, f"/v1/consultations/{row['id']}")
    assert found["department_opinion"] == AT_WORK | {Role.DEPARTMENT}
    assert "样例联系人" not in pdf_text(
        drafted(world.by("department-tax"), f"/v1/consultations/{row['id']}", "department_opinion")
    )


def test_of_an_objection(world: World) -> None:
    made = in_publicity(world, Contender())
    candidate = next(iter(candidates(world, made.round_id).values()))
    object_to(world, candidate["id"])
    (row,) = objections(world)
    close_objection(world, row["id"], "dismissed")
    path = f"/v1/objections/{row['id']}"
    found = who_has(world, path)
    assert found["objection_record"] == found["objection_reply"] == AT_WORK
    # Nor the organisation that was objected to.
    refused(made.applied[0].applicant.get(f"{path}/documents"), 404)
    number = ok(world.office.post(f"{path}/documents/objection_reply/issuance", {}))["number"]
    refused(world.public.get(f"/v1/papers/{number}/file"), 404)
    refused(made.applied[0].applicant.get(f"/v1/papers/{number}/file"), 404)


def test_of_an_award_and_a_case(world: World) -> None:
    made = concluded(world, {}, {"seat_category": "other"})
    winner, other = made.winners
    assert who_has(world, f"/v1/awards/{winner.award_id}")["certificate"] == INSIDE
    case = open_case(world, winner.award_id, FRAUD)
    path = f"/v1/revocations/{case['id']}"
    found = who_has(world, path)
    assert found["case_notice"] == found["revocation_submission"] == INSIDE
    assert drafted(winner.applicant, path, "case_notice")
    refused(winner.applicant.get(f"{path}/documents/revocation_submission.pdf"), 404)
    refused(other.applicant.get(f"{path}/documents/case_notice.pdf"), 404)
    refused(other.applicant.get(f"{path}/documents"), 404)
    plan = {"planned_on": world.clock.today.isoformat(), "visitors": ["样例巡访员"]}
    visit = ok(world.office.post(f"/v1/awards/{winner.award_id}/visits", plan), 201)
    assert who_has(world, f"/v1/visits/{visit['id']}")["visit_record"] == INSIDE
    assert drafted(winner.applicant, f"/v1/visits/{visit['id']}", "visit_record")
    refused(other.applicant.get(f"/v1/visits/{visit['id']}/documents/visit_record.pdf"), 404)


def test_the_public_finds_what_is_public_once_it_is_issued(world: World) -> None:
    round_id = open_round(world, 2024)
    path = f"/v1/rounds/{round_id}"
    assert offered(world.public, path) == {}
    number = ok(world.office.post(f"{path}/documents/call/issuance", {}))["number"]
    assert {kind: item["issued"] for kind, item in offered(world.public, path).items()} == {"call": number}
    assert world.public.get(f"/v1/papers/{number}/file").content.startswith(b"%PDF")
    refused(world.public.get(f"/v1/papers/{number}/file?copy=docx"), 404)
    refused(world.public.get(f"{path}/documents/call.pdf"), 401)


def test_a_draft_round_is_nobodys_but_the_offices(world: World) -> None:
    row = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例未发布"}), 201)
    path = f"/v1/rounds/{row['id']}"
    said = pdf_text(drafted(world.office, path, "call"))
    assert "＿＿" in said or "____" in said
    for caller in (world.public, world.government, register(world).applicant):
        refused(caller.get(f"{path}/documents"), 404)


@pytest.mark.parametrize("collection", [item for item in Collection if item is not Collection.PAPER_TEMPLATES])
def test_what_is_not_there_is_not_found(world: World, collection: Collection) -> None:
    path = f"/v1/{collection.value}/{uuid4()}/documents"
    kinds: list[Any] = [kind for kind in KINDS.values() if kind.of is collection]
    assert kinds
    for caller in (world.office, world.auditor, world.public):
        refused(caller.get(path), 404)
    for kind in kinds:
        refused(world.office.get(f"{path}/{kind.key}.pdf"), 404)


def test_a_paper_of_another_kind_of_object_is_none(world: World) -> None:
    round_id = open_round(world, 2024)
    for kind in ("certificate.pdf", "application_form.docx", "call.zip", "nothing.pdf", "undertaking.csv"):
        refused(world.office.get(f"/v1/rounds/{round_id}/documents/{kind}"), 404)
    refused(world.office.get(f"/v1/rounds/{round_id}/documents/call.exe"), 422)
