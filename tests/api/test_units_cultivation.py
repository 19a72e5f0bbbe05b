"""Cultivation and promotion (Art. 12): a unit reports what it did; nothing depends on it."""

from typing import Any

import pytest

from sandbox.stages.integration import asked, batch, endorsed
from sandbox.stages.parties import register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

PATH = "/v1/cultivation-records"


def work(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "cultivation",
        "held_on": "2024-02-20",
        "subject": "样例培训",
        "description": "样例：为 12 家企业讲解。",
        **changes,
    }


def record(world: World, unit: str = "wenwuba", **changes: Any) -> dict[str, Any]:
    return ok(world.by(f"unit-{unit}").post(PATH, work(**changes)), 201)  # type: ignore[no-any-return]


def listed(world: World, login: str, query: str = "") -> list[str]:
    return [item["id"] for item in ok(world.by(login).get(f"{PATH}{query}"))["items"]]


def test_a_unit_reports_its_work_for_an_organisation_or_for_all(world: World) -> None:
    organisation = register(world)
    one = record(world, organisation_id=organisation.organisation_id)
    all_of_them = record(world, kind="promotion")
    assert one["organisation_name"].startswith("样例") and all_of_them["organisation_name"] is None
    assert (one["unit_name"], one["kind"], one["held_on"]) == ("文武坝镇", "cultivation", "2024-02-20")
    assert listed(world, "unit-wenwuba") == [all_of_them["id"], one["id"]]


def test_a_unit_sees_its_own_the_office_and_the_auditor_see_all(world: World) -> None:
    own, others = record(world), record(world, "junmenling")
    assert listed(world, "unit-wenwuba") == [own["id"]]
    for login in ("office", "auditor"):
        assert listed(world, login) == [others["id"], own["id"]]
        assert listed(world, login, f"?unit_id={world.id('unit:wenwuba')}") == [own["id"]]
    # Another's are not told apart from those of a unit that there is not.
    for unit in (world.id("unit:junmenling"), "018e0000-0000-7000-8000-000000000001"):
        assert listed(world, "unit-wenwuba", f"?unit_id={unit}") == []


def test_the_list_is_narrowed_and_paged(world: World) -> None:
    early = record(world, held_on="2023-12-31")
    training, promotion = record(world, held_on="2024-01-01"), record(world, kind="promotion")
    assert listed(world, "office", "?year=2023") == [early["id"]]
    assert listed(world, "office", "?year=2024") == [promotion["id"], training["id"]]
    assert listed(world, "office", "?kind=promotion") == [promotion["id"]]
    page = ok(world.office.get(f"{PATH}?limit=2"))
    rest = ok(world.office.get(f"{PATH}?limit=2&cursor={page['next_cursor']}"))
    assert [item["id"] for item in page["items"] + rest["items"]] == [promotion["id"], training["id"], early["id"]]


def test_work_is_reported_after_it_was_done(world: World) -> None:
    refused(world.by("unit-wenwuba").post(PATH, work(held_on="2024-03-02")), 422, "invalid")
    record(world, held_on="2024-03-01")
    unknown = work(organisation_id="0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
    body = refused(world.by("unit-wenwuba").post(PATH, unknown), 422, "invalid")
    assert [item["pointer"] for item in body["errors"]] == ["/organisation_id"]


def test_a_record_is_withdrawn_once_by_its_unit_and_stays_to_be_read(world: World) -> None:
    made = record(world)
    path, reason = f"{PATH}/{made['id']}/withdrawal", {"reason": "样例：重复登记"}
    refused(world.by("unit-junmenling").post(path, reason), 404)
    refused(world.office.post(path, reason), 403, "forbidden")
    withdrawn = ok(world.by("unit-wenwuba").post(path, reason))
    assert withdrawn["withdrawn_at"] and withdrawn["withdrawal_reason"] == "样例：重复登记"
    refused(world.by("unit-wenwuba").post(path, reason), 409, "wrong_state")
    assert listed(world, "office") == [made["id"]]


def test_a_dry_run_records_nothing(world: World) -> None:
    ok(world.by("unit-wenwuba").post(f"{PATH}?dry_run=true", work()), 201)
    assert listed(world, "unit-wenwuba") == []


@pytest.mark.parametrize(
    "login", ["office", "auditor", "government", "department-tax", "reviewer1", "payment_platform"]
)
def test_only_a_unit_reports(world: World, login: str) -> None:
    refused(world.by(login).post(PATH, work()), 403, "forbidden")


def test_a_recommendation_does_not_depend_on_it(world: World) -> None:
    """Reported, never a condition: a unit that never recorded anything endorses like any other (Art. 12)."""
    waiting = asked(world, open_round(world))
    assert listed(world, "unit-wenwuba") == []
    ok(batch(world, endorsed(world, waiting)))
