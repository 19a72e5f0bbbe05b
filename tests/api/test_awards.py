"""Arts. 6, 8, 22, 23, 26, 31: the decree confers, the register tells, anybody verifies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.measures.validity import CertificateStatus
from app.services.awards.register import status_of
from app.store.awards import Award, register_page
from app.store.database import Database
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    Evaluated,
    approve,
    candidates,
    conclude_round,
    decree,
    fix_proposed,
    in_publicity,
)
from sandbox.stages.money import BANK_NUMBER
from sandbox.stages.parties import Registered, register, rename, succeed
from sandbox.stages.revocations import bring_case, make_statement, open_case, submit_case
from sandbox.world import World, ok
from tests.support.problems import refused


def approved(world: World, *contenders: Contender) -> tuple[Evaluated, list[dict[str, Any]]]:
    made = in_publicity(world, *(contenders or (Contender(),)))
    fix_proposed(world, made.round_id)
    return made, approve(world, made.round_id)["awards"]


def veteran(world: World, *, revoked: bool = False, ordinals: int = 3) -> Registered:
    """An organisation that won the first of three rounds before the service's first year."""
    organisation = register(world)
    for ordinal in range(1, ordinals + 1):
        year = 2014 + 2 * ordinal
        given = {"organisation_id": organisation.organisation_id} if ordinal == 1 else {}
        past = concluded(
            world, given, year=year, ordinal=ordinal, decreed_on=f"{year}-06-03", decree_number=f"会府字〔{year}〕1号"
        )
        if ordinal == 1 and revoked:
            award_id = UUID(past.winners[0].award_id)

            async def write(key: UUID = award_id) -> None:
                async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
                    values = {"state": "revoked", "revoked_on": date(2017, 1, 1), "revoked_under": "grounds"}
                    await session.execute(update(Award).where(Award.id == key).values(**values))
                    await session.commit()

            world.client.portal.call(write)  # type: ignore[union-attr]
    return organisation


def test_the_decree_confers_from_its_date_for_three_years(world: World) -> None:
    made, awards = approved(world, Contender(), Contender(HOSPITAL))
    told = decree(world, made.round_id)
    assert told["warnings"] == []
    assert told["round_state"] == "concluded"
    for number, award in enumerate(told["awards"], 1):
        assert award["state"] == "conferred"
        assert (award["conferred_on"], award["valid_until"]) == ("2024-05-31", "2027-05-31")
        assert award["certificate_number"] == f"HCDH-2024-0{number}"
        assert award["plaque_number"] == f"HCDH-2024-P0{number}"
    assert {item["id"] for item in told["awards"]} == {item["id"] for item in awards}
    row = ok(world.public.get(f"/v1/rounds/{made.round_id}"))
    assert (row["state"], row["concluded_at"]) == ("concluded", "2024-05-31T02:00:00Z")
    assert ok(world.public.get(f"/v1/rounds/{made.round_id}/decree")) == told


def test_the_decrees_number_is_of_its_year(world: World) -> None:
    made, _ = approved(world)
    path = f"/v1/rounds/{made.round_id}/decree"

    def attempt(number: str, dated: str = "2024-05-31", query: str = "") -> Any:
        return world.government.post(f"{path}{query}", {"number": number, "dated": dated})

    refused(attempt("会府字〔2023〕12号"), 422, "rule_refused", "art22.approval")
    refused(attempt("会府字〔2024〕12号", "2024-05-30"), 422, "rule_refused", "art22.approval")
    refused(attempt("会府字〔2024〕12号", "2024-06-01"), 422, "invalid")
    refused(world.public.get(path), 404)
    malformed = ok(attempt("会府字2024-12", query="?dry_run=true"), 201)
    assert [(item["rule"], item["facts"]["malformed"]) for item in malformed["warnings"]] == [("art22.approval", True)]
    ok(attempt("会府字〔2024〕12号"), 201)
    refused(attempt("会府字〔2024〕13号"), 409, "wrong_state")


@pytest.mark.parametrize("number", ["会府字〔2024〕9号", "会府字[2024] ９ 号", "会府字〔二〇二四〕九号"])
def test_art22_a_decrees_number_is_recorded_once_however_it_is_written(world: World, number: str) -> None:
    concluded(world, year=2022, decreed_on="2022-06-03", decree_number="会府字〔2024〕9号")
    made, _ = approved(world)
    body = {"number": number, "dated": "2024-05-31"}
    refused(world.government.post(f"/v1/rounds/{made.round_id}/decree", body), 409, "number_taken")


def test_a_round_without_awards_is_concluded_by_its_decree_and_counts(world: World) -> None:
    made = in_publicity(world, Contender())
    listed = candidates(world, made.round_id)[made.ids[0]]
    fix_proposed(world, made.round_id)
    approve(world, made.round_id, [listed["id"]])
    told = decree(world, made.round_id)
    assert told["awards"] == []
    assert told["round_state"] == "concluded"
    next_one = ok(world.office.post("/v1/rounds", {"year": 2025, "title": "样例"}), 201)
    call = {"title": "样例", "channels": ["县政府网站"], "deadline": "2024-07-30"}
    refused(world.office.post(f"/v1/rounds/{next_one['id']}/call", call), 422, "rule_refused", "art06.cycle")


@pytest.mark.slow
def test_who_won_the_first_round_wins_again_in_the_fourth_through_every_act_of_it(world: World) -> None:
    first = conclude_round(world, 2024, Contender(), Contender(HOSPITAL))
    winner = (first.applied[0].organisation_id, first.applied[0].applicant)
    award = first.awards[winner[0]]
    assert (award["first_award"], award["prize_fen"], award["seat_number"]) == (True, 10_000_000, 1)
    conclude_round(world, 2026)
    conclude_round(world, 2028, Contender())
    fourth = conclude_round(world, 2030, Contender(organisation=winner), Contender(), Contender())
    assert len(fourth.decree["awards"]) == 3
    again = fourth.awards[winner[0]]
    assert (again["first_award"], again["repeat_award"], again["prize_fen"]) == (False, True, 0)
    assert (again["seat_category"], again["plaque_number"]) == (None, None)
    lines = ok(world.public.get("/v1/awards", params={"limit": 100}))["items"]
    assert [line["round_ordinal"] for line in lines] == [4, 4, 4, 3, 1, 1]
    assert [line["status"] for line in lines] == ["valid"] * 4 + ["expired"] * 2


@pytest.mark.slow
def test_a_repeated_winner_takes_no_seat_no_prize_and_no_plaque(world: World) -> None:
    again = veteran(world)
    made = in_publicity(
        world,
        Contender(organisation=again, score="900"),
        Contender(score="800"),
        Contender(score="700"),
        Contender(HOSPITAL),
    )
    listed = candidates(world, made.round_id)
    assert listed[made.ids[0]]["repeat_award"] is True
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    assert len(awards) == 4
    repeated = awards[made.ids[0]]
    assert (repeated["first_award"], repeated["repeat_award"], repeated["prize_fen"]) == (False, True, 0)
    assert (repeated["seat_category"], repeated["seat_number"]) == (None, None)
    conferred = {item["application_id"]: item for item in decree(world, made.round_id)["awards"]}
    assert conferred[made.ids[0]]["plaque_number"] is None
    assert conferred[made.ids[0]]["certificate_number"] is not None
    assert conferred[made.ids[1]]["plaque_number"] is not None
    line = ok(world.public.get("/v1/awards", params={"year": 2024, "limit": 100}))["items"]
    assert {item["repeat_award"] for item in line} == {True, False}


def test_after_a_revoked_award_one_is_not_first_but_takes_a_seat(world: World) -> None:
    again = veteran(world, revoked=True)
    made, awards = approved(world, Contender(organisation=again))
    assert candidates(world, made.round_id)[made.ids[0]]["repeat_award"] is False
    assert (awards[0]["first_award"], awards[0]["repeat_award"], awards[0]["prize_fen"]) == (False, False, 0)
    assert (awards[0]["seat_category"], awards[0]["seat_number"]) == ("manufacturing", 1)
    assert decree(world, made.round_id)["awards"][0]["plaque_number"] is None


def test_fraud_found_before_the_decree_strikes_the_award_and_excludes_nobody(world: World) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    withdrawn = next(item for item in awards if item["application_id"] == made.ids[0])
    path = f"/v1/awards/{withdrawn['id']}/withdrawal"
    unnamed = {"found_on": "2024-05-31", "reason": "样例：审计报告系伪造", "evidence": "样例：复函"}
    body = unnamed | {"ground": "art26.fraud"}
    # Nobody is accused of fraud because a word was left out.
    problem = refused(world.government.post(path, unnamed), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/ground", "required")]
    refused(world.office.post(path, body), 403, "forbidden", "art02.decider")
    refused(world.government.post(path, body | {"found_on": "2024-06-01"}), 422, "invalid")
    missing = "/v1/awards/018e0000-0000-7000-8000-000000000001/withdrawal"
    refused(world.government.post(missing, body), 404)
    actions = ok(world.government.get(f"/v1/awards/{withdrawn['id']}"))["available_actions"]
    assert {item["act"] for item in actions} == {"withdraw_award"}
    assert ok(world.government.post(path, body))["state"] == "withdrawn"
    told = decree(world, made.round_id)
    assert [item["application_id"] for item in told["awards"]] == [made.ids[1]]
    assert ok(world.public.get("/v1/exclusions"))["items"] == []
    refused(world.public.get(f"/v1/awards/{withdrawn['id']}"), 404)
    shown = ok(world.auditor.get(f"/v1/awards/{withdrawn['id']}"))
    assert (shown["state"], shown["withdrawn_on"], shown["status"]) == ("withdrawn", "2024-05-31", None)
    conferred = told["awards"][0]["id"]
    refused(world.government.post(f"/v1/awards/{conferred}/withdrawal", body), 409, "wrong_state")


def test_anybody_verifies_a_certificate_valid_expired_or_revoked(world: World) -> None:
    past = concluded(world, {}, {}, decreed_on="2024-06-03")
    numbers = {
        award_id: ok(world.public.get(f"/v1/awards/{award_id}"))["certificate_number"]
        for award_id in (winner.award_id for winner in past.winners)
    }
    first, second = numbers.values()

    def status(number: str) -> tuple[str, str, str | None]:
        told = ok(world.public.get(f"/v1/certificates/{number}"))
        return told["status"], told["valid_until"], told["revoked_on"]

    assert status(first) == ("valid", "2027-06-03", None)
    world.clock.go("2027-06-03", "23:59:59")
    assert status(first) == ("valid", "2027-06-03", None)
    both = {item.award_id for item in past.winners}
    assert {item["id"] for item in ok(world.public.get("/v1/awards", params={"status": "valid"}))["items"]} == both
    assert ok(world.public.get("/v1/awards", params={"status": "expired"}))["items"] == []
    world.clock.go("2027-06-04", "00:00:00")
    assert status(first) == ("expired", "2027-06-03", None)
    case = {"basis": "fraud", "facts": "样例：查证属实", "evidence": "样例"}
    revocation = bring_case(world, past.winners[0].award_id, past.winners[0].applicant, case)
    decision = {"number": "会府字〔2027〕3号", "decided_on": "2027-06-04", "reason": "样例：弄虚作假"}
    ok(world.government.post(f"/v1/revocations/{revocation['id']}/decision", decision))
    assert status(first) == ("revoked", "2027-06-03", "2027-06-04")
    assert status(second)[0] == "expired"
    for wanted, ids in (
        ("revoked", {past.winners[0].award_id}),
        ("expired", {past.winners[1].award_id}),
        ("valid", set()),
    ):
        found = ok(world.public.get("/v1/awards", params={"status": wanted}))["items"]
        assert {item["id"] for item in found} == ids
        assert {item["status"] for item in found} <= {wanted}
    told = ok(world.public.get(f"/v1/certificates/{first.lower()}", headers={"Accept-Language": "en"}))
    assert told["certificate_number"] == first
    assert (told["message_zh"], told["message_en"]) == ("已于2027年6月4日撤销", "Revoked on 4 June 2027")
    unknown = refused(world.public.get("/v1/certificates/HCDH-2024-99"), 404)
    assert unknown["detail"] == "没有此编号的证书"
    refused(world.public.get("/v1/certificates/%00"), 422, "invalid")


@pytest.mark.parametrize(
    ("day", "time", "status"),
    [
        ("2027-06-03", "00:00:00", "valid"),
        ("2027-06-03", "23:59:59", "valid"),
        ("2027-06-04", "00:00:00", "expired"),
    ],
)
def test_an_award_is_valid_through_its_last_day_wherever_it_is_asked_for(
    world: World, day: str, time: str, status: str
) -> None:
    """In Shanghai's days, in the filter, in the register's line, in the award itself and for its certificate."""
    award_id = concluded(world, {}, decreed_on="2024-06-03").winners[0].award_id
    world.clock.go(day, time)
    for wanted in ("valid", "expired"):
        found = ok(world.public.get("/v1/awards", params={"status": wanted}))["items"]
        assert [(item["id"], item["status"]) for item in found] == ([(award_id, status)] if wanted == status else [])
    (line,) = ok(world.public.get("/v1/awards"))["items"]
    award = ok(world.public.get(f"/v1/awards/{award_id}"))
    certificate = ok(world.public.get(f"/v1/certificates/{line['certificate_number']}"))
    for told in (line, award, certificate):
        assert (told["status"], told["valid_until"]) == (status, "2027-06-03")


def test_the_register_filters_by_the_status_that_its_lines_show(world: World) -> None:
    """The one answer of the law, in SQL too: on each day at which it changes, and on both sides of it."""
    made = concluded(world, {}, {}, decreed_on="2024-06-03")
    world.clock.go("2025-06-01")
    lost = made.winners[1]
    case = {"basis": "fraud", "facts": "样例：查证属实", "evidence": "样例"}
    revocation = bring_case(world, lost.award_id, lost.applicant, case)
    decision = {
        "number": "会府字〔2025〕3号",
        "decided_on": world.clock.today.isoformat(),
        "reason": "样例：弄虚作假",
    }
    ok(world.government.post(f"/v1/revocations/{revocation['id']}/decision", decision))
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def told(today: date) -> dict[CertificateStatus, set[CertificateStatus]]:
        found: dict[CertificateStatus, set[CertificateStatus]] = {}
        for status in CertificateStatus:
            lines = await register_page(database.reader, after=None, limit=10, year=None, status=status, today=today)
            found[status] = {status_of(line, today) for line in lines}
        every = await register_page(database.reader, after=None, limit=10, year=None, status=None, today=today)
        assert {status_of(line, today) for line in every} == set().union(*found.values())
        return found

    shown: set[CertificateStatus] = set()
    for edge in (date(2024, 6, 3), world.clock.today, date(2027, 6, 3)):
        for today in (edge - timedelta(days=1), edge, edge + timedelta(days=1)):
            by_status = world.client.portal.call(told, today)  # type: ignore[union-attr]
            assert all(statuses <= {wanted} for wanted, statuses in by_status.items()), today
            shown |= {status for statuses in by_status.values() for status in statuses}
    assert shown == set(CertificateStatus)


def test_two_decrees_at_once_confer_once(world: World) -> None:
    made, _ = approved(world, Contender(), Contender(HOSPITAL))
    path = f"/v1/rounds/{made.round_id}/decree"
    bodies = [{"number": f"会府字〔2024〕{number}号", "dated": "2024-05-31"} for number in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: world.government.post(path, body), bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    lines = ok(world.public.get("/v1/awards"))["items"]
    assert len(lines) == 2 and len({line["decree_number"] for line in lines}) == 1


def test_a_decree_of_29_february_is_valid_through_28_february(world: World) -> None:
    made, _ = approved(world)
    world.clock.go("2028-02-29")
    award = decree(world, made.round_id, transitional_basis="样例：过渡依据")["awards"][0]
    assert (award["conferred_on"], award["valid_until"]) == ("2028-02-29", "2031-02-28")
    path = f"/v1/certificates/{award['certificate_number']}"
    world.clock.go("2031-02-28", "23:59:59")
    assert ok(world.public.get(path))["status"] == "valid"
    world.clock.go("2031-03-01", "00:00:00")
    assert ok(world.public.get(path))["status"] == "expired"


def test_a_successor_link_after_the_approval_leaves_a_first_award_neither_prize_nor_seat(world: World) -> None:
    old = veteran(world)
    made, awards = approved(world, Contender())
    assert (awards[0]["first_award"], awards[0]["prize_fen"]) == (True, 10_000_000)
    succeed(world, Registered(made.applied[0].organisation_id, made.applied[0].applicant), old)
    award = decree(world, made.round_id)["awards"][0]
    assert (award["first_award"], award["repeat_award"], award["prize_fen"]) == (False, True, 0)
    assert (award["seat_category"], award["plaque_number"]) == (None, None)
    assert award["certificate_number"] is not None
    order = {
        "payee_name": award["awarded_name"],
        "bank_name": "样例",
        "bank_number": BANK_NUMBER,
        "bank_account": "62220000",
        "budget_year": 2024,
    }
    refused(world.office.post(f"/v1/awards/{award['id']}/disbursement", order), 422, rule="art09.disbursement")


def test_a_successor_link_to_a_revoked_winner_leaves_the_seat_and_no_prize(world: World) -> None:
    old = veteran(world, revoked=True)
    made, _ = approved(world, Contender())
    succeed(world, Registered(made.applied[0].organisation_id, made.applied[0].applicant), old)
    award = decree(world, made.round_id)["awards"][0]
    assert (award["first_award"], award["repeat_award"], award["prize_fen"]) == (False, False, 0)
    assert (award["seat_category"], award["plaque_number"]) == ("manufacturing", None)


def test_art02_an_award_is_revoked_in_its_case_and_by_no_act_of_its_own(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    path = f"/v1/awards/{winner.award_id}"
    assert ok(world.government.get(path))["available_actions"] == []
    case = {"basis": "fraud", "facts": "样例：查证属实", "evidence": "样例"}
    opened = open_case(world, winner.award_id, case)
    read = f"/v1/revocations/{opened['id']}"
    assert ok(world.government.get(read))["available_actions"] == []
    make_statement(winner.applicant, opened)
    submit_case(world, opened)
    assert ok(world.government.get(path))["available_actions"] == []
    assert [item["act"] for item in ok(world.government.get(read))["available_actions"]] == ["decide", "reject"]


def test_the_register_is_paged_and_bound_to_its_filter(world: World) -> None:
    concluded(world, {}, {}, {}, year=2022, ordinal=1, decreed_on="2022-06-03", decree_number="会府字〔2022〕1号")
    concluded(world, {}, {}, year=2024, ordinal=2)
    everything = ok(world.public.get("/v1/awards"))
    assert [item["award_year"] for item in everything["items"]] == [2024, 2024, 2022, 2022, 2022]
    assert everything["next_cursor"] is None
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = ok(world.public.get("/v1/awards", params=query))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [item["id"] for item in everything["items"]]
    assert len(ok(world.public.get("/v1/awards", params={"year": 2022}))["items"]) == 3
    first = ok(world.public.get("/v1/awards", params={"limit": 2}))["next_cursor"]
    refused(world.public.get("/v1/awards", params={"cursor": first, "year": 2022}), 422, "invalid_cursor")
    refused(world.public.get("/v1/awards", params={"status": "withdrawn"}), 422, "invalid")
    refused(world.public.get("/v1/awards", params={"year": 1999}), 422, "invalid")


def test_the_register_is_searched_by_a_part_of_a_name_that_is_or_was_borne(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    one, other = (ok(world.public.get(f"/v1/awards/{item.award_id}"))["awarded_name"] for item in (first, second))

    def found(name: str, **query: Any) -> list[str]:
        page = ok(world.public.get("/v1/awards", params={"name": name, **query}))
        return [item["id"] for item in page["items"]]

    assert found(one) == [first.award_id] and found(other[-3:]) == [second.award_id]
    # Width and blanks make no other name; what a pattern would mean is a sign like others.
    assert found(f" {one[:2]} {one[2:]} ") == [first.award_id]
    for sign in ("%", "_", "/", one + "%"):
        assert found(sign) == []
    assert set(found("样例")) == {first.award_id, second.award_id} and found("样例", year=2020) == []
    page = ok(world.public.get("/v1/awards", params={"name": "样例", "limit": 1}))
    refused(
        world.public.get("/v1/awards", params={"name": "其他", "cursor": page["next_cursor"]}), 422, "invalid_cursor"
    )
    rest = ok(world.public.get("/v1/awards", params={"name": "样例", "limit": 1, "cursor": page["next_cursor"]}))
    assert {item["id"] for item in (*page["items"], *rest["items"])} == {first.award_id, second.award_id}


@pytest.mark.parametrize(
    ("on", "status"),
    [("2024-06-02", "not_yet_valid"), ("2024-06-03", "valid"), ("2027-06-03", "valid"), ("2027-06-04", "expired")],
)
def test_a_certificate_is_verified_as_of_any_day(world: World, on: str, status: str) -> None:
    winner = concluded(world, {}).winners[0]
    number = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["certificate_number"]
    assert ok(world.public.get(f"/v1/certificates/{number}", params={"on": on}))["status"] == status
    refused(world.public.get(f"/v1/certificates/{number}", params={"on": "2024"}), 422, "invalid")


def test_the_register_is_searched_by_any_name_that_the_holder_bears_or_has_borne(world: World) -> None:
    first, second, third = concluded(world, {}, {}, {}).winners

    def found(**query: str) -> list[str]:
        return [item["id"] for item in ok(world.public.get("/v1/awards", params=query))["items"]]

    everybody = {first.award_id, second.award_id, third.award_id}
    assert set(found(name=first.name[:2])) == everybody == set(found())
    before = found(name=first.name)
    assert first.award_id in before
    rename(world, Registered(first.organisation_id, first.applicant), "样例100%新名有限公司")
    # As names are compared: blanks and width make no other name.
    assert found(name="新名") == found(name=" 新 名 有限") == [first.award_id]
    assert found(name=first.name) == before
    # A sign of the pattern's own is a sign like any other.
    assert found(name="100%新") == [first.award_id]
    assert found(name="100_新") == found(name="样%限") == found(name="样例/") == []
    page = ok(world.public.get("/v1/awards", params={"name": "样例", "limit": 2}))
    rest = ok(world.public.get("/v1/awards", params={"name": "样例", "limit": 2, "cursor": page["next_cursor"]}))
    assert {item["id"] for item in (*page["items"], *rest["items"])} == everybody
    refused(world.public.get("/v1/awards", params={"limit": 2, "cursor": page["next_cursor"]}), 422, "invalid_cursor")
    refused(world.public.get("/v1/awards", params={"name": " "}), 422)
