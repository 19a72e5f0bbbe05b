"""Arts. 9, 13, 16, 21, 23, 25, 26, 32: a day has a floor in what it follows, and a document that is cited is of its
time."""

from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, edit, register_applicant
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.law import holiday_year
from sandbox.stages.money import acknowledge, order
from sandbox.stages.parties import register
from sandbox.stages.qualification import asked, close_applications, consult
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_supervision import MISUSE
from tests.support.problems import refused

RECORD = {
    "category": "failed_inspection",
    "fact": "样例：抽查不合格",
    "source": "样例部门",
    "basis": "样例监抽〔2023〕8号",
    "occurred_on": "2023-06-01",
    "determined_on": "2023-06-01",
}
SHARING = {"kind": "held", "held_on": "2024-06-03", "title": "样例交流会", "description": "样例"}


def faults(answer: Any) -> list[tuple[str, str]]:
    return [(item["pointer"], item["code"]) for item in refused(answer, 422, "invalid")["errors"]]


@pytest.fixture
def winner(world: World) -> Winner:
    made = concluded(world, {}).winners[0]
    world.clock.go("2024-09-02")
    return made


def test_art08_a_succession_is_no_older_than_either_of_the_two(world: World) -> None:
    older = register(world, established_on="2010-01-01")
    younger = register(world, established_on="2015-06-01")
    body = {"predecessor_id": older.organisation_id, "reason": "样例合并", "evidence": "样例合并协议"}
    path = f"/v1/organisations/{younger.organisation_id}/successor-links"
    for day in ("1900-01-01", "2012-01-01", "2015-05-31"):
        answer = world.office.post(path, body | {"effective_on": day})
        assert faults(answer) == [("/effective_on", "too_early")]
    ok(world.office.post(path, body | {"effective_on": "2015-06-01"}), 201)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"occurred_on": "2009-12-31"}, [("/occurred_on", "too_early")]),
        ({"occurred_on": "2010-01-01", "determined_on": None}, []),
        ({"occurred_on": "2023-06-02"}, [("/determined_on", "too_early")]),
        ({"occurred_on": None}, []),
        ({"basis": "样例监抽〔2025〕8号"}, [("/basis", "date_in_future")]),
        ({"basis": "样例监抽〔2024〕8号"}, []),
        ({"basis": "《产品质量法》（2018年修正）"}, []),
    ],
)
def test_art13_the_days_of_a_record_are_in_order(
    world: World, changes: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    party = register(world, established_on="2010-01-01")
    path = f"/v1/organisations/{party.organisation_id}/adverse-records?dry_run=true"
    answer = world.office.post(path, RECORD | changes)
    if told:
        assert faults(answer) == told
    else:
        ok(answer, 201)


def test_art17_a_department_puts_the_days_in_order_too(world: World) -> None:
    round_id = open_round(world)
    apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    found = asked(world, "market", round_id)[0]["id"]
    record = {name: RECORD[name] for name in ("category", "fact", "basis", "occurred_on", "determined_on")}
    body = {"answer": "adverse", "records": [record | {"determined_on": "2023-05-31", "basis": "样例〔2031〕1号"}]}
    market = world.by("department-market")
    assert faults(market.post(f"/v1/consultations/{found}/reply", body)) == [
        ("/records/0/determined_on", "too_early"),
        ("/records/0/basis", "date_in_future"),
    ]
    ok(market.post(f"/v1/consultations/{found}/reply", {"answer": "adverse", "records": [record]}))


def test_art26_what_is_signed_for_a_round_is_signed_since_its_call(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    path, called = f"/v1/applications/{draft['id']}", world.clock.today.isoformat()
    world.clock.go("2024-03-20")

    def sent(content: dict[str, Any]) -> Any:
        return applicant.patch(path, {"content": content}, version=ok(applicant.get(path))["version"])

    signed = {"agreed": True, "signatory": "样例法定代表人"}
    for day in ("1900-03-02", "2024-02-29"):
        told = faults(sent({"truthfulness": signed | {"signed_on": day}}))
        assert told == [("/content/truthfulness/signed_on", "too_early")]
    notice = {"to_day": "2024-03-19", "place": "样例公告栏", "result": "样例：无异议"}
    for day in ("2019-02-18", "2024-02-29"):
        told = faults(sent({"internal_notice": notice | {"from_day": day}}))
        assert told == [("/content/internal_notice/from_day", "too_early")]
    kept = {"truthfulness": signed | {"signed_on": called}, "internal_notice": notice | {"from_day": called}}
    edit(applicant, draft["id"], kept)
    record = {name: RECORD[name] for name in ("category", "fact", "basis", "source", "occurred_on")}
    told = faults(sent({"adverse_records": [record | {"determined_on": "2023-05-31"}]}))
    assert told == [("/content/adverse_records/0/determined_on", "too_early")]


def test_art23_the_title_is_misused_and_shared_since_the_decree(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/title-misuses?dry_run=true"
    for day in ("1900-01-01", "2024-06-02"):
        assert faults(world.office.post(path, MISUSE | {"used_on": day})) == [("/used_on", "too_early")]
    ok(world.office.post(path, MISUSE | {"used_on": "2024-06-03"}), 201)
    path = f"/v1/awards/{winner.award_id}/sharing-activities?dry_run=true"
    for day in ("1900-01-01", "2024-06-02"):
        assert faults(world.office.post(path, SHARING | {"held_on": day})) == [("/held_on", "too_early")]
    ok(world.office.post(path, SHARING), 201)


def test_art32_a_document_in_force_is_of_no_year_to_come(world: World) -> None:
    body = {
        "key": "publicity_counting",
        "value": "working_days",
        "reading_zh": "样例：按工作日计算。",
        "reading_en": "Sample: working days.",
        "effective_on": world.clock.today.isoformat(),
    }
    path = "/v1/interpretations?dry_run=true"
    answer = world.office.post(path, body | {"document": "会质强办〔2031〕1号"})
    assert faults(answer) == [("/document", "date_in_future")]
    ok(world.office.post(path, body | {"document": "会质强办〔2024〕1号"}), 201)
    medium = {"name": "样例报", "kind": "newspaper"}
    answer = world.office.post("/v1/media?dry_run=true", medium | {"document": "样例〔2031〕1号"})
    assert faults(answer) == [("/document", "date_in_future")]
    ok(world.office.post("/v1/media?dry_run=true", medium | {"document": "样例〔2024〕1号"}), 201)


@pytest.mark.parametrize(
    ("source", "told"), [("2019", "too_early"), ("2023", "too_early"), ("2024", None), ("2025", "date_in_future")]
)
def test_art21_the_holidays_of_a_year_are_by_a_notice_of_it_or_the_year_before(
    world: World, source: str, told: str | None
) -> None:
    body = holiday_year(2025, source=f"国办发明电〔{source}〕7号（样例）")
    answer = world.office.post("/v1/holiday-years?dry_run=true", body)
    if told:
        assert faults(answer) == [("/source", told)]
    else:
        ok(answer, 201)


def test_art09_a_payment_is_confirmed_by_a_number_of_its_time(world: World, winner: Winner) -> None:
    row = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{row['id']}/payment-confirmation"
    today = world.clock.today.isoformat()
    body = {"attempt": row["attempt"], "amount_fen": row["amount_fen"], "paid_on": today}
    for number, told in (("会财付〔2019〕0012号", "too_early"), ("会财付〔2031〕0012号", "date_in_future")):
        answer = world.platform.post(path, body | {"confirmation_number": number})
        assert faults(answer) == [("/confirmation_number", told)]
    ok(world.platform.post(path, body | {"confirmation_number": "会财付〔2024〕0012号"}))
