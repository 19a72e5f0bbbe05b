"""Organisations register and keep their history; the office keeps units and departments (Arts. 3, 8, 13, 17)."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from app.store.organisations import Organisation
from sandbox.clock import MovableClock
from sandbox.stages.parties import PASSWORD, Registered, member, register, registration, rename, succeed, uscc
from sandbox.world import World, ok
from tests.support.problems import refused


def own(party: Registered) -> dict[str, Any]:
    return ok(party.account.get(f"/v1/organisations/{party.organisation_id}"))  # type: ignore[no-any-return]


def test_an_organisation_registers_and_its_first_account_signs_in_and_may_submit(world: World) -> None:
    body = registration(name="样例食品有限公司", login="sample.food")
    answer = world.public.post("/v1/registrations", body)
    made = ok(answer, 201)
    assert answer.headers["etag"] == f'"{made["organisation"]["version"]}"'
    assert made["organisation"]["name"] == "样例食品有限公司" and made["organisation"]["uscc_checksum_ok"] is True
    assert made["account"]["membership"] == "submit" and made["account"]["role"] == "applicant"
    assert PASSWORD not in answer.text
    form = {"grant_type": "password", "username": made["account"]["login"], "password": PASSWORD}
    token = ok(world.client.post("/v1/tokens", data=form))["access_token"]
    me = ok(world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}))
    assert me["organisation_id"] == made["organisation"]["id"]
    assert {item["act"] for item in ok(world.auditor.get("/v1/audit-entries"))["items"]} >= {
        "register_organisation",
        "create_account",
    }


def test_a_code_that_fails_its_checksum_is_flagged_not_refused(world: World) -> None:
    right = uscc()
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    party = register(world, uscc=wrong)
    assert own(party)["uscc_checksum_ok"] is False
    register(world)
    flagged = ok(world.office.get("/v1/organisations?flagged=true"))["items"]
    assert [item["id"] for item in flagged] == [party.organisation_id]
    assert len(ok(world.office.get("/v1/organisations?flagged=false"))["items"]) == 1


def test_a_code_of_an_agricultural_registrar_has_its_checksum_verified_as_well(world: World) -> None:
    # Cooperatives may be registered under categories: the library's own validation would call the form wrong.
    assert own(register(world, uscc=uscc(prefix="N2360733MF")))["uscc_checksum_ok"] is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "91360733MA35XXXX0"),
        ("uscc", "91360733MA35XXXXIO"),
        ("uscc", "91360733 MA35XXXX0"),
        ("county_code", "36073"),
        ("county_code", "36073З"),
        ("sector", "139"),
        ("sector", "G13"),
        ("legal_form", "company"),
        ("name", " "),
        ("operating", None),
        ("established_on", "2024-03-02"),
        ("staff", -1),
        ("is_sample", True),
        ("uscc_checksum_ok", True),
        ("lineage_id", None),
    ],
)
def test_a_registration_that_is_not_right_is_refused_and_writes_nothing(world: World, field: str, value: Any) -> None:
    body = registration()
    body["organisation"][field] = value
    problem = refused(world.public.post("/v1/registrations", body), 422, "invalid")
    assert any(error["pointer"].endswith(f"/{field}") for error in problem["errors"])
    assert ok(world.office.get("/v1/organisations"))["items"] == []


def test_founded_today_may_register_and_a_weak_password_may_not(world: World) -> None:
    register(world, established_on="2024-03-01")
    refused(world.public.post("/v1/registrations", registration(password="short")), 422, "invalid")


def test_one_registration_of_a_code_and_claims_to_it_also_when_several_come_at_once(world: World) -> None:
    code = uscc()
    register(world, uscc=code)
    made = ok(world.public.post("/v1/registrations", registration(uscc=code)), 201)["organisation"]
    assert (made["state"], [item["state"] for item in made["claims"]]) == ("unverified", ["open"])
    other = uscc()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.public.post("/v1/registrations", registration(uscc=other)), range(4)))
    assert sorted(len(ok(answer, 201)["organisation"]["claims"]) for answer in answers) == [0, 1, 1, 1]


def test_a_registration_does_not_tell_which_logins_there_are(world: World) -> None:
    told = []
    for login in ("office", "nobody.has.this", "office"):
        made = ok(world.public.post("/v1/registrations", registration(login=login)), 201)["account"]["login"]
        assert re.fullmatch(rf"{login}-[2-9a-z]{{4}}", made)
        told.append(made)
    assert len(set(told)) == 3
    longest = ok(world.public.post("/v1/registrations", registration(login="x" * 80)), 201)["account"]["login"]
    assert longest.startswith("x" * 75 + "-") and len(longest) == 80


def test_a_login_that_is_drawn_and_taken_is_drawn_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("aaaaaaaabbbb")
    monkeypatch.setattr(secrets, "choice", lambda _: next(drawn))
    logins = [
        ok(world.public.post("/v1/registrations", registration(login="same")), 201)["account"]["login"]
        for _ in range(2)
    ]
    assert logins == ["same-aaaa", "same-bbbb"]


def test_a_registration_that_is_refused_leaves_no_account_behind(settings: Settings, clock: MovableClock) -> None:
    sample = settings.model_copy(update={"marks_samples": True})
    with TestClient(create_app(sample, clock=clock)) as client:
        world = World(client, clock)
        # A sample's logins are published: they are taken as they come.
        refused(world.public.post("/v1/registrations", registration(login="office")), 409, "login_taken")
        assert ok(world.office.get("/v1/organisations"))["items"] == []
        made = ok(world.public.post("/v1/registrations", registration(login="newcomer")), 201)
        assert made["account"]["login"] == "newcomer"


def test_a_dry_run_registers_nobody(world: World) -> None:
    body = registration()
    assert ok(world.public.post("/v1/registrations?dry_run=true", body), 201)["organisation"]["uscc_checksum_ok"]
    ok(world.public.post("/v1/registrations", body), 201)


def test_registrations_from_one_address_are_slowed_down(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"public_posts_per_minute": 2})
    with TestClient(create_app(slow, clock=clock)) as client:
        world = World(client, clock)
        register(world)
        refused(world.public.post("/v1/registrations", registration(county_code="1")), 422)
        register(world)
        answer = world.public.post("/v1/registrations", registration())
        refused(answer, 429, "too_many_requests")
        assert answer.headers["retry-after"] == "60"


def test_another_party_is_not_found(world: World) -> None:
    mine, other = register(world), register(world)
    path = f"/v1/organisations/{other.organisation_id}"
    link = {"name": "样例", "effective_on": "2024-03-01", "evidence": "样例"}
    newcomer = {"login": "sample.spy", "display_name": "样例", "membership": "submit"}
    refused(mine.account.get(path), 404)
    refused(mine.account.get(f"{path}/members"), 404)
    refused(mine.account.patch(path, {"staff": 1}, version=1), 404)
    refused(mine.account.post(f"{path}/name-changes", link), 404)
    refused(mine.account.post(f"{path}/members", newcomer), 404)
    assert [item["id"] for item in ok(mine.account.get("/v1/organisations"))["items"]] == [mine.organisation_id]
    assert len(ok(world.auditor.get("/v1/organisations"))["items"]) == 2
    for stranger in (world.government, world.platform, world.by("unit-wenwuba"), world.by("department-tax")):
        refused(stranger.get(path), 403)


def test_organisations_are_paged_and_found_by_code(world: World) -> None:
    parties = [register(world) for _ in range(3)]
    first = ok(world.office.get("/v1/organisations?limit=2"))
    second = ok(world.office.get(f"/v1/organisations?limit=2&cursor={first['next_cursor']}"))
    seen = [item["id"] for item in (*first["items"], *second["items"])]
    assert seen == [party.organisation_id for party in reversed(parties)] and second["next_cursor"] is None
    code = own(parties[1])["uscc"]
    found = ok(world.office.get(f"/v1/organisations?uscc={code}"))["items"]
    assert [item["id"] for item in found] == [parties[1].organisation_id]
    refused(world.office.get(f"/v1/organisations?uscc={code}&cursor={first['next_cursor']}"), 422, "invalid_cursor")


def test_an_applicant_keeps_its_profile_up_to_date(world: World) -> None:
    party = register(world, staff=100)
    path = f"/v1/organisations/{party.organisation_id}"
    version = own(party)["version"]
    refused(party.account.patch(path, {"staff": 120}), 428, "precondition_required")
    refused(party.account.patch(path, {"staff": 120}, version=version + 1), 412, "stale_version")
    changes = {"staff": None, "legal_form": "joint_stock_company", "established_on": "2016-01-02", "sector": "84"}
    changed = ok(party.account.patch(path, changes, version=version))
    assert {name: changed[name] for name in changes} == changes
    assert changed["version"] == version + 1
    assert own(party) == changed
    edit = member(world, party)
    ok(edit.patch(path, {"staff": 121}, version=version + 1))
    entry = ok(world.auditor.get("/v1/audit-entries?act=edit_organisation"))["items"][0]
    assert entry["details"]["changed"] == {"staff": [None, 121]}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "样例"},
        {"uscc": "91360733MA35XXXX0X"},
        {"sector": None},
        {"established_on": "2024-03-02"},
        {"version": 9},
    ],
)
def test_name_and_code_are_no_part_of_the_profile_and_nothing_needed_is_cleared(
    world: World, changes: dict[str, Any]
) -> None:
    party = register(world)
    before = own(party)
    path = f"/v1/organisations/{party.organisation_id}"
    refused(party.account.patch(path, changes, version=before["version"]), 422, "invalid")
    refused(world.office.patch(path, {"staff": 1}, version=before["version"]), 403)
    assert own(party) == before


def test_two_edits_of_one_profile_let_one_through(world: World) -> None:
    party = register(world)
    path, version = f"/v1/organisations/{party.organisation_id}", own(party)["version"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: party.account.patch(path, {"staff": n}, version=version), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


def test_a_renamed_organisation_keeps_its_former_names(world: World) -> None:
    party = register(world, name="样例旧名有限公司")
    rename(world, party, "样例新名有限公司", effective_on="2024-02-20")
    twice = rename(world, party, "样例再新名有限公司", by=world.office)
    assert twice["name"] == "样例再新名有限公司"
    assert [(item["name"], item["until"]) for item in twice["former_names"]] == [
        ("样例旧名有限公司", "2024-02-20"),
        ("样例新名有限公司", "2024-03-01"),
    ]
    assert twice["lineage_id"] == party.organisation_id


def test_a_name_change_binds_the_organisation_and_is_not_ahead_of_time(world: World) -> None:
    party = register(world, name="样例有限公司")
    path = f"/v1/organisations/{party.organisation_id}/name-changes"
    body = {"name": "样例新名有限公司", "effective_on": "2024-03-01", "evidence": "样例"}
    refused(member(world, party, "edit").post(path, body), 403, "submit_membership_required")
    refused(party.account.post(path, {**body, "effective_on": "2024-03-02"}), 422, "invalid")
    refused(party.account.post(path, {**body, "effective_on": "2015-05-19"}), 422, "invalid")
    refused(party.account.post(path, {**body, "name": "样例有限公司"}), 409, "name_unchanged")
    refused(party.account.post(path, {**body, "evidence": " "}), 422, "invalid")
    refused(world.auditor.post(path, body), 403)
    ok(member(world, party, "submit").post(path, body), 201)


def test_only_one_who_may_submit_lets_colleagues_in(world: World) -> None:
    party = register(world)
    edit, submit = member(world, party, "edit"), member(world, party, "submit")
    path = f"/v1/organisations/{party.organisation_id}/members"
    body = {"login": "sample.new", "display_name": "样例", "membership": "submit"}
    refused(edit.post(path, body), 403, "submit_membership_required")
    logins = {ok(submit.post(path, body), 201)["login"] for _ in range(2)}
    assert len(logins) == 2 and all(login.startswith("sample.new-") for login in logins)
    refused(submit.post(path, {**body, "login": "sample.more", "membership": "own"}), 422, "invalid")
    refused(world.office.post(path, body), 403)
    shown = [item["membership"] for item in ok(edit.get(path))["items"]]
    assert (
        shown
        == ["submit", "edit", "submit", "submit", "submit"]
        == [item["membership"] for item in ok(world.auditor.get(path))["items"]]
    )


def test_a_successor_is_one_legal_person_with_its_predecessors_and_theirs(world: World) -> None:
    oldest, old, new, other = (register(world, name=name) for name in ("样例甲", "样例乙", "样例丙", "样例丁"))
    succeed(world, old, oldest, effective_on="2023-01-01")
    linked = succeed(world, new, old)
    assert {own(party)["lineage_id"] for party in (oldest, old, new)} == {oldest.organisation_id}
    assert own(other)["lineage_id"] == other.organisation_id
    assert [(item["name"], item["effective_on"]) for item in linked["predecessors"]] == [("样例乙", "2024-03-01")]
    # The lineage that joins brings everybody that it had.
    head = register(world)
    succeed(world, oldest, head)
    assert {own(party)["lineage_id"] for party in (head, oldest, old, new)} == {head.organisation_id}


def test_a_link_is_recorded_once_in_one_direction_and_by_the_office(world: World) -> None:
    old, new = register(world), register(world)
    path = f"/v1/organisations/{new.organisation_id}/successor-links"
    body = {
        "predecessor_id": old.organisation_id,
        "effective_on": "2024-03-01",
        "reason": "吸收合并",
        "evidence": "样例",
    }
    refused(new.account.post(path, body), 403)
    refused(world.office.post(path, {**body, "effective_on": "2024-03-02"}), 422, "invalid")
    refused(world.office.post(path, {**body, "predecessor_id": new.organisation_id}), 422, "invalid")
    refused(world.office.post(path, {**body, "predecessor_id": world.id("nobody")}), 422, "invalid")
    refused(world.office.post(f"/v1/organisations/{world.id('nobody')}/successor-links", body), 404)
    ok(world.office.post(f"{path}?dry_run=true", body), 201)
    assert own(new)["lineage_id"] == new.organisation_id
    ok(world.office.post(path, body), 201)
    refused(world.office.post(path, body), 409, "link_exists")
    back = f"/v1/organisations/{old.organisation_id}/successor-links"
    refused(world.office.post(back, {**body, "predecessor_id": new.organisation_id}), 409, "link_reversed")


def test_two_links_at_once_end_in_one_lineage(world: World) -> None:
    first, second, third = register(world), register(world), register(world)
    pairs = [(second, first), (third, second), (third, first)]

    def link(pair: tuple[Registered, Registered]) -> int:
        body = {
            "predecessor_id": pair[1].organisation_id,
            "effective_on": "2024-03-01",
            "reason": "合并",
            "evidence": "样例",
        }
        path = f"/v1/organisations/{pair[0].organisation_id}/successor-links"
        status = 409
        while status == 409:
            status = world.office.post(path, body).status_code
        return status

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(link, pairs)) == [201, 201, 201]
    # Whose it is depends on which link came last.
    (lineage,) = {own(party)["lineage_id"] for party in (first, second, third)}
    assert lineage in {party.organisation_id for party in (first, second, third)}


def test_the_offices_sample_mark_is_nobodys_to_set(world: World) -> None:
    party = register(world)
    assert own(party)["is_sample"] is False

    async def mark() -> None:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            key = UUID(party.organisation_id)
            await session.execute(update(Organisation).where(Organisation.id == key).values(is_sample=True))
            await session.commit()

    world.client.portal.call(mark)  # type: ignore[union-attr]
    assert own(party)["is_sample"] is True


def test_the_office_adds_units_and_everybody_reads_them(world: World) -> None:
    made = ok(
        world.office.post("/v1/recommending-units", {"name": "样例乡", "kind": "township", "area": "样例乡"}), 201
    )
    assert made["active"] is True and made["industry"] is None
    listed = ok(world.by("reviewer1").get("/v1/recommending-units?limit=100"))["items"]
    assert made in listed and len(listed) == 7
    ok(world.office.post("/v1/recommending-units", {"name": "样例协会", "kind": "association", "industry": "C"}), 201)
    refused(
        world.office.post("/v1/recommending-units", {"name": "样例乡", "kind": "township", "area": "样例乡"}),
        409,
        "name_taken",
    )
    refused(world.office.post("/v1/recommending-units", {"name": "样例镇", "kind": "township"}), 422, "invalid")
    refused(
        world.office.post("/v1/recommending-units", {"name": "样例局", "kind": "department", "area": "样例镇"}),
        422,
        "invalid",
    )
    refused(
        world.government.post("/v1/recommending-units", {"name": "样例镇", "kind": "township", "area": "样例镇"}), 403
    )
    assert made in ok(world.public.get("/v1/recommending-units?limit=100"))["items"]


def test_the_office_adds_departments_with_their_letters(world: World) -> None:
    body = {
        "name": "样例海关",
        "name_en": "Sample customs",
        "categories": ["other_violation", "failed_inspection"],
    }
    made = ok(world.office.post("/v1/departments", body), 201)
    assert made["categories"] == ["failed_inspection", "other_violation"]
    twice = body | {"name": "样例另一部门", "categories": ["other_violation", "failed_inspection", "other_violation"]}
    told = refused(world.office.post("/v1/departments", twice), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in told["errors"]] == [("/categories/2", "duplicate")]
    assert made in ok(world.by("department-tax").get("/v1/departments?limit=100"))["items"]
    refused(world.office.post("/v1/departments", body), 409, "name_taken")
    for categories in ([], ["i"], "fatal_accident"):
        refused(
            world.office.post("/v1/departments", {**body, "name": "样例局", "categories": categories}), 422, "invalid"
        )
    refused(world.by("department-tax").post("/v1/departments", body), 403)
