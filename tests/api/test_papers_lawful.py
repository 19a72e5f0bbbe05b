"""Arts. 2, 16, 17, 21, 22, 26: a paper is issued once the act that it tells is done, with the number and the day of the
record, and no certificate of an award that does not stand."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from app.services.papers.catalogue import KINDS
from sandbox.callers import Caller
from sandbox.stages.applications import apply
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    approve,
    candidates,
    conclude_round,
    decree,
    deliberate,
    fix_proposed,
    in_publicity,
    publication,
    publish,
)
from sandbox.stages.law import instrument, register_instrument
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import light_rules, review
from sandbox.stages.revocations import bring_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.papers import drafted, offered, pdf_text, plain
from tests.support.problems import refused

FRAUD = {"basis": "fraud", "facts": "样例：内情", "evidence": "样例：证据", "summary": "样例：摘要"}


def issue(caller: Caller, path: str, kind: str, **body: Any) -> Any:
    return caller.post(f"{path}/documents/{kind}/issuance", body)


def waits(world: World, caller: Caller, path: str, kind: str) -> None:
    """A draft, marked as one, and nothing issued; those who could issue it are told why not."""
    told = offered(caller, path)[kind]
    assert told["available"]
    assert not told["may_issue"]
    assert told["why_not_zh"]
    assert "草稿" in pdf_text(drafted(caller, path, kind))
    assert told["why_not_zh"] in refused(issue(caller, path, kind), 409, "conflict")["detail"]
    assert offered(caller, path)[kind]["issued"] is None


def goes(world: World, caller: Caller, path: str, kind: str, walked: set[str]) -> None:
    told = offered(caller, path)[kind]
    assert told["may_issue"]
    assert told["why_not_zh"] is None
    number = str(ok(issue(caller, path, kind))["number"])
    assert "草稿" not in pdf_text(world.public.get(f"/v1/papers/{number}/file").content)
    walked.add(kind)


def revoke(world: World, winner: Winner) -> str:
    """The government revokes the award; answers the path of the case."""
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    decision = {"number": "会府字〔2024〕21号", "decided_on": world.clock.today.isoformat(), "reason": "样例：查证属实"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))
    return f"/v1/revocations/{case['id']}"


def test_what_is_public_once_it_is_issued_waits_for_its_act(world: World) -> None:
    walked: set[str] = set()
    world.clock.go("2024-03-01")
    row = ok(world.office.post("/v1/rounds", {"year": 2023, "title": "样例未发布"}), 201)
    waits(world, world.office, f"/v1/rounds/{row['id']}", "call")
    rules = light_rules(panel_size_material=1, panel_size_onsite=1)
    round_id = open_round(world, 2024, deadline="2024-03-29", review_rules=rules)
    path = f"/v1/rounds/{round_id}"
    goes(world, world.office, path, "call", walked)
    first, second = apply(world, round_id), apply(world, round_id, sector=HOSPITAL)
    refused(issue(world.office, path, "qualified_list"), 404)
    qualify(world, round_id)
    goes(world, world.office, path, "qualified_list", walked)
    review(world, round_id, {first.id: [80], second.id: [80]})
    deliberate(world, round_id)
    waits(world, world.office, path, "candidate_notice")
    publish(world, round_id, [first.id, second.id])
    goes(world, world.office, path, "candidate_notice", walked)
    body = {"reason": "样例：名单有误", "publication": publication(world.clock.today)}
    ok(world.office.post(f"/v1/candidates/{candidates(world, round_id)[second.id]['id']}/removal", body))
    told = {item["kind"]: item["id"] for item in ok(world.office.get("/v1/notices"))["items"]}
    refused(issue(world.office, f"/v1/notices/{told['candidates']}", "publicity_change"), 404)
    goes(world, world.office, f"/v1/notices/{told['removal']}", "publicity_change", walked)
    fix_proposed(world, round_id)
    refused(issue(world.government, path, "decree"), 404)
    approve(world, round_id)
    waits(world, world.government, path, "decree")
    (award,) = decree(world, round_id)["awards"]
    goes(world, world.government, path, "decree", walked)
    case = bring_case(world, award["id"], first.applicant, FRAUD)
    case_path = f"/v1/revocations/{case['id']}"
    refused(issue(world.office, case_path, "revocation_notice"), 404)
    decision = {"number": "会府字〔2024〕21号", "decided_on": world.clock.today.isoformat(), "reason": "样例：查证属实"}
    ok(world.government.post(f"{case_path}/decision", decision))
    waits(world, world.office, case_path, "revocation_notice")
    ok(world.office.post(f"{case_path}/notice", publication(world.clock.today)))
    goes(world, world.office, case_path, "revocation_notice", walked)
    assert walked == {key for key, kind in KINDS.items() if kind.public}


def test_every_paper_that_is_issued_tells_an_act() -> None:
    assert {key for key, kind in KINDS.items() if kind.after is not None} == {
        key for key, kind in KINDS.items() if kind.issuers
    }


def test_a_visit_is_told_once_it_is_made(world: World) -> None:
    (winner,) = concluded(world, {}).winners
    plan = {"planned_on": world.clock.today.isoformat(), "visitors": ["样例巡访员"]}
    visit = ok(world.office.post(f"/v1/awards/{winner.award_id}/visits", plan), 201)
    path = f"/v1/visits/{visit['id']}"
    waits(world, world.office, path, "visit_record")
    made = {"findings": "样例：保持良好", "follow_up": "样例：无", "visitors": plan["visitors"]}
    made["visited_on"] = world.clock.today.isoformat()
    ok(world.office.post(f"{path}/findings", made))
    assert ok(issue(world.office, path, "visit_record"))["kind"] == "visit_record"


@pytest.fixture
def winners(world: World) -> list[Winner]:
    return concluded(world, {}, {"seat_category": "other"}).winners


def round_of(world: World, winner: Winner) -> str:
    return f"/v1/rounds/{ok(world.office.get(f'/v1/awards/{winner.award_id}'))['round_id']}"


def certificate(world: World, winner: Winner) -> str:
    path = f"/v1/awards/{winner.award_id}"
    ok(winner.applicant.post(f"{path}/printed-name", {"confirmed": True}))
    return str(ok(issue(world.office, path, "certificate"))["number"])


def test_a_revoked_award_gives_no_certificate(world: World, winners: list[Winner]) -> None:
    first, second = winners
    number = certificate(world, first)
    path, awards = round_of(world, first), ok(world.office.get(f"/v1/awards/{first.award_id}"))
    told = ok(world.public.get(f"/v1/papers/{number}"))
    assert (told["certificate_number"], told["certificate_status"]) == (awards["certificate_number"], "valid")
    revoke(world, first)
    own = f"/v1/awards/{first.award_id}"
    offer = offered(world.office, own)["certificate"]
    assert (offer["available"], offer["may_issue"], "已被撤销" in offer["why_not_zh"]) == (False, True, True)
    assert "已被撤销" in refused(issue(world.office, own, "certificate"), 404)["detail"]
    refused(first.applicant.get(f"{own}/documents/certificate.pdf"), 404)
    # What was issued stays on record, and says what it is worth.
    told = ok(world.public.get(f"/v1/papers/{number}"))
    assert (told["certificate_number"], told["certificate_status"]) == (awards["certificate_number"], "revoked")
    page = world.public.get(f"/verify/{number}").text
    assert "已撤销" in page
    assert f'href="/verify/{awards["certificate_number"]}"' in page
    with zipfile.ZipFile(io.BytesIO(world.office.get(f"{path}/documents/certificates.zip").content)) as archive:
        assert len(archive.namelist()) == 1
    ordered = pdf_text(drafted(world.office, path, "plaque_order"))
    assert plain(second.name) in ordered
    assert plain(first.name) not in ordered


def test_a_revoked_award_has_no_name_to_confirm(world: World, winners: list[Winner]) -> None:
    first, second = winners
    path = f"/v1/awards/{first.award_id}/printed-name"
    ok(first.applicant.post(path, {"confirmed": False, "remark": "样例：少一个字"}))
    case = revoke(world, first)
    for caller in (first.applicant, world.office):
        answer = refused(caller.post(path, {"confirmed": True}), 409, "wrong_state", "art22.approval")
        assert "已被撤销" in answer["detail"]
        assert [item["reason"] for item in answer["violations"]] == ["state_passed"]
    # The other's is confirmed as before, and this one's once the award stands again.
    ok(second.applicant.post(f"/v1/awards/{second.award_id}/printed-name", {"confirmed": True}))
    annulment = {
        "body": "赣州市人民政府",
        "number": "赣市府行复〔2024〕6号",
        "decided_on": world.clock.today.isoformat(),
        "reason": "样例：主要事实不清",
        "evidence": "样例：复议决定书存档",
    }
    ok(world.government.post(f"{case}/annulment", annulment))
    ok(first.applicant.post(path, {"confirmed": True}))


def test_a_round_of_which_no_award_stands_has_neither_certificates_nor_plaques(world: World) -> None:
    (winner,) = concluded(world, {}).winners
    path = round_of(world, winner)
    revoke(world, winner)
    assert not offered(world.office, path)["plaque_order"]["available"]
    refused(world.office.get(f"{path}/documents/certificates.zip"), 404)


def test_only_a_certificate_tells_of_one(world: World) -> None:
    number = ok(issue(world.office, f"/v1/rounds/{open_round(world, 2024)}", "call"))["number"]
    told = ok(world.public.get(f"/v1/papers/{number}"))
    assert (told["certificate_number"], told["certificate_status"]) == (None, None)
    assert "证书现状" not in world.public.get(f"/verify/{number}").text


def faults(answer: Any) -> list[str]:
    return [item["pointer"] for item in refused(answer, 422)["errors"]]


def test_number_and_day_on_record_are_printed_and_kept(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    path, number, day = f"/v1/rounds/{made.round_id}", made.decree["number"], made.decree["dated"]
    world.clock.forward(days=2)
    other = {"document_number": "会府字〔2024〕99号"}
    assert faults(issue(world.government, path, "decree", **other)) == ["/document_number"]
    assert faults(issue(world.government, path, "decree", dated=world.clock.today.isoformat())) == ["/dated"]
    told = ok(issue(world.government, path, "decree"))
    assert (told["document_number"], told["dated"]) == (number, day)
    # To name what is on record makes no other.
    again = issue(
        world.government, path, "decree", document_number=number.replace("〔", "[").replace("〕", "]"), dated=day
    )
    assert ok(again) == told
    refused(issue(world.office, path, "call", document_number=number), 409, "number_taken")


@pytest.mark.parametrize("number", ["<b>假</b>〔2024〕1号", "会质强办1号", "会质强办〔2024〕0号", "会质强办(2024)1号"])
def test_what_is_no_number_of_a_document_is_refused(world: World, number: str) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    assert faults(issue(world.office, path, "call", document_number=number)) == ["/document_number"]


def test_the_number_is_of_the_papers_year_and_on_a_paper_that_has_one(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/rounds/{made.round_id}"
    for year in (2023, 2025):
        told = issue(world.office, path, "call", document_number=f"会质强办〔{year}〕1号")
        assert faults(told) == ["/document_number"]
    number = {"document_number": "会质强办〔2024〕1号"}
    assert faults(issue(world.office, path, "candidate_notice", **number)) == ["/document_number"]
    assert ok(issue(world.office, path, "candidate_notice"))["document_number"] is None


def test_two_papers_have_not_one_number(world: World) -> None:
    round_id = open_round(world, 2024)
    path, number = f"/v1/rounds/{round_id}", {"document_number": "会质强办〔2024〕1号"}
    first = ok(issue(world.office, path, "call", **number))
    applied = f"/v1/applications/{apply(world, round_id).id}"
    items = [{"pointer": "/content/figures", "request": "样例：请核对"}]
    ok(world.office.post(f"{applied}/correction-requests", {"items": items}), 201)
    refused(issue(world.office, applied, "correction_request", **number), 409, "number_taken")
    # A later version of the same paper keeps its number; another is free for others neither.
    extended = {"new_deadline": "2024-05-10", "reason": "样例：延长", "channel": "县政府网站"}
    ok(world.office.post(f"{path}/deadline-extensions", extended))
    second = ok(issue(world.office, path, "call", **number))
    assert (second["paper_version"], second["document_number"]) == (2, first["document_number"])
    third = ok(issue(world.office, path, "call", document_number="会质强办〔2024〕2号"))
    assert third["paper_version"] == 3
    refused(issue(world.office, applied, "correction_request", **number), 409, "number_taken")
    ok(issue(world.office, applied, "correction_request", document_number="会质强办〔2024〕3号"))


def test_a_decree_takes_its_number_from_a_paper_that_has_given_it_up(world: World) -> None:
    made = in_publicity(world, Contender())
    path, number = f"/v1/rounds/{made.round_id}", "会府字〔2024〕12号"
    ok(issue(world.office, path, "call", document_number=number))
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    decree(world, made.round_id, number)
    refused(issue(world.government, path, "decree"), 409, "number_taken")
    ok(issue(world.office, path, "call", document_number="会质强办〔2024〕1号"))
    assert ok(issue(world.government, path, "decree"))["document_number"] == number


def test_a_paper_has_not_the_number_of_another_document_on_record(world: World, winners: list[Winner]) -> None:
    """An instrument, a decree, a decision to revoke: however the number is written."""
    case = revoke(world, winners[0])
    decision = ok(world.office.get(case))["decision_number"]
    decreed = ok(world.office.get(f"/v1/awards/{winners[1].award_id}"))["decree_number"]
    registered = instrument(number="会府办发〔2024〕3号")
    register_instrument(world, registered)
    for number in (decision, decreed, registered["number"]):
        for written in (number, number.replace("〔", "[").replace("〕", "]")):
            answer = issue(world.office, case, "case_notice", document_number=written)
            if written == number:
                assert "此文号已用于" in refused(answer, 409, "number_taken")["detail"]
            else:
                assert answer.status_code in (409, 422)
    # The next number is nobody's.
    free = decision.replace("21号", "22号")
    assert ok(issue(world.office, case, "case_notice", document_number=free))["document_number"] == free


def test_an_instrument_and_a_decree_have_not_one_number(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    register_instrument(world, instrument(number="会府办发〔2024〕3号"))
    path = f"/v1/rounds/{made.round_id}/decree"
    body = {"number": "会府办发[2024]3号", "dated": world.clock.today.isoformat()}
    assert "办法" in refused(world.government.post(path, body), 409, "number_taken")["detail"]
    ok(world.government.post(path, body | {"number": "会府字〔2024〕12号"}), 201)
    later = instrument(number="会府字〔2024〕12号", in_force_from="2027-07-01", in_force_to="2028-06-30")
    answer = refused(world.office.post("/v1/instruments", later), 409, "number_taken")
    assert "表彰通报" in answer["detail"]
    ok(world.office.post("/v1/instruments", later | {"number": "会府办发〔2024〕13号"}), 201)


def test_a_paper_is_not_dated_before_what_it_tells(world: World) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    called = world.clock.today
    world.clock.forward(days=3)
    for day in ("1990-01-01", (called - timedelta(days=1)).isoformat()):
        assert faults(issue(world.office, path, "call", dated=day)) == ["/dated"]
    tomorrow = (world.clock.today + timedelta(days=1)).isoformat()
    assert faults(issue(world.office, path, "call", dated=tomorrow)) == ["/dated"]
    assert ok(issue(world.office, path, "call", dated=called.isoformat()))["dated"] == called.isoformat()


def test_a_paper_that_only_this_machine_can_verify_says_that_it_is_a_sample(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    first = ok(issue(world.office, path, "call"))
    assert plain("样例，不作正式文书") in pdf_text(world.public.get(f"/v1/papers/{first['number']}/file").content)
    state = world.client.app.state  # type: ignore[attr-defined]
    outside = state.settings.model_copy(update={"public_base_url": "https://award.example.gov"})
    monkeypatch.setattr(state, "settings", outside)
    second = ok(issue(world.office, path, "call"))
    assert second["paper_version"] == 2
    said = pdf_text(world.public.get(f"/v1/papers/{second['number']}/file").content)
    assert "样例,不作正式文书" not in said
    assert f"https://award.example.gov/verify/{second['number']}" in said
    assert ok(issue(world.office, path, "call")) == second
