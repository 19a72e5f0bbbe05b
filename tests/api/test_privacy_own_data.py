"""What a person is told: the notice, the periods, all that is held of the own person, and to have it put right."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel.settings import Settings
from app.measures.retention import DataClass, anonymised_mark
from app.store.audit import AuditEntry
from app.store.identity import Account
from sandbox.seed import PASSWORD
from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

REASON = {"reason": "样例：姓名录入有误"}


@pytest.mark.one_database
def test_everybody_reads_what_data_is_processed_for_and_how_long_it_is_kept(world: World) -> None:
    notice = ok(world.public.get("/v1/privacy-notice"))
    assert notice["contact"] is None and len(notice["purposes"]) == 4
    assert {item["path"] for item in notice["rights"]} >= {"/v1/me/data", "/v1/retention-periods"}
    periods = ok(world.public.get("/v1/retention-periods"))
    assert periods["anonymised"] == anonymised_mark()
    assert [item["data_class"] for item in periods["items"]] == list(DataClass)
    named = {name for item in notice["purposes"] for name in item["data_classes"]}
    assert named == {item["data_class"] for item in periods["items"]} and len(periods["kept_for_good"]) == 4
    answer = world.public.get("/v1/retention-periods")
    again = world.public.get("/v1/retention-periods", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def told(world: World, caller: Any) -> dict[str, Any]:
    data: dict[str, Any] = ok(caller.get("/v1/me/data"))
    return data


def test_a_person_is_told_all_that_is_held_and_nothing_of_others(world: World) -> None:
    _, applicant = register_applicant(world)
    begin(world, open_round(world), applicant)
    data = told(world, applicant)
    assert data["account"]["id"] == str(applicant.account_id) and data["account"]["role"] == "applicant"
    assert data["files"] and {item["kind"] for item in data["files"]} == {"attachment"}
    assert data["reviewer"] is None and data["openings"] == []
    # Of the same organisation's files those of a colleague are not the caller's.
    assert told(world, world.office)["files"] == []
    assert "hash" not in str(data) and PASSWORD not in str(data)
    acts = ok(applicant.get("/v1/me/acts"))["items"]
    assert acts and {"details", "hash"}.isdisjoint(acts[0])
    with world.past_the_service() as session:
        mine = select(AuditEntry.seq).where(AuditEntry.actor_id == applicant.account_id)
        own = sorted(session.execute(mine).scalars(), reverse=True)
    assert [item["seq"] for item in acts] == own
    page = ok(applicant.get("/v1/me/acts", params={"limit": 1}))
    after = ok(applicant.get("/v1/me/acts", params={"limit": 1, "cursor": page["next_cursor"]}))
    assert [page["items"][0]["seq"], after["items"][0]["seq"]] == own[:2]


def test_sessions_and_origins_are_told(world: World) -> None:
    form = {"grant_type": "password", "username": "auditor", "password": PASSWORD}
    ok(world.public.request("POST", "/v1/tokens", data=form))
    data = told(world, world.auditor)
    assert len(data["sessions"]) == 1 and len(data["origins"]) == 1
    assert data["account"]["has_password"] and data["account"]["second_factor_since"] is None
    assert told(world, world.government)["sessions"] == []


def test_a_reviewer_is_told_what_the_pool_knows(world: World) -> None:
    reviewer = world.by("reviewer1")
    conflict = {"uscc": "91360733MA35AAAA0A", "kind": "kinship", "description": "样例：亲属"}
    ok(reviewer.post("/v1/conflict-declarations", conflict), 201)
    held = told(world, reviewer)["reviewer"]
    assert held["name"] == "样例评审员1" and held["conflicts"][0]["description"] == "样例：亲属"
    assert told(world, world.by("reviewer2"))["reviewer"]["conflicts"] == []


def test_a_name_is_put_right_on_record_and_the_log_does_not_hold_it(world: World) -> None:
    made = ok(world.office.post("/v1/me/rectification", REASON | {"display_name": "样例更正后的名称"}))
    assert made["display_name"] == ok(world.office.get("/v1/me"))["display_name"] == "样例更正后的名称"
    entry = ok(world.auditor.get("/v1/audit-entries", params={"act": "rectify_own_data"}))["items"][0]
    assert entry["details"] == {"fields": ["display_name"]} | REASON
    assert entry["actor_id"] == entry["subject_id"] == world.id("account:office")
    with world.past_the_service() as session:
        other = session.get(Account, UUID(world.id("account:government")))
        assert other is not None and other.display_name != "样例更正后的名称"


@pytest.mark.one_database
@pytest.mark.parametrize("body", [{}, {"display_name": "新名"}, REASON | {"display_name": " "}])
def test_a_rectification_says_what_and_why(world: World, body: dict[str, str]) -> None:
    refused(world.office.post("/v1/me/rectification", body), 422)


@pytest.mark.one_database
def test_the_county_says_how_it_is_reached(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    state = world.client.app.state  # type: ignore[attr-defined]
    monkeypatch.setattr(state, "settings", settings.model_copy(update={"privacy_contact": "0797-5600000"}))
    assert ok(world.public.get("/v1/privacy-notice"))["contact"] == "0797-5600000"
