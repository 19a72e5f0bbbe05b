"""Art. 12: a township recommends its own area, by the names that units have: they are public, and told wherever an
organisation names its own."""

import pytest

from sandbox.stages.parties import register, registration
from sandbox.world import World, ok
from tests.support.problems import refused

ELSEWHERE = {"registered_address": "江西省赣州市寻乌县长宁镇样例路1号", "county_code": "360734"}


@pytest.mark.parametrize("area", ["文武坝", "文武坝镇政府", "样例不存在镇", "长宁镇"])
def test_art12_a_registration_is_told_which_areas_there_are(world: World, area: str) -> None:
    problem = refused(world.public.post("/v1/registrations", registration(area=area)), 422, "invalid")
    (fault,) = problem["errors"]
    assert (fault["pointer"], fault["code"]) == ("/organisation/area", "not_allowed")
    assert area in fault["message"] and "文武坝镇" in fault["message"] and "城市社区" in fault["message"]


@pytest.mark.parametrize("area", ["文武坝镇", " 文武坝 镇 ", "城市社区", None])
def test_art12_an_area_that_a_unit_has_is_taken_as_names_are_compared(world: World, area: str | None) -> None:
    made = ok(world.public.post("/v1/registrations", registration(area=area)), 201)["organisation"]
    assert made["area"] == (area and area.strip())


def test_art12_another_countys_areas_are_not_known_here(world: World) -> None:
    made = ok(world.public.post("/v1/registrations", registration(area="长宁镇", **ELSEWHERE)), 201)["organisation"]
    assert made["area"] == "长宁镇"


def test_art12_a_profile_is_told_as_well_when_area_or_county_change(world: World) -> None:
    party = register(world)
    path = f"/v1/organisations/{party.organisation_id}"

    def patch(**changes: object) -> object:
        return party.account.patch(path, changes, version=ok(party.account.get(path))["version"])

    problem = refused(patch(area="长宁镇"), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/area", "not_allowed")]
    assert ok(party.account.get(path))["area"] == "文武坝镇"
    # Moved away it may say so; moved back it names an area of the county, or none.
    ok(patch(area="长宁镇", **ELSEWHERE))
    problem = refused(patch(county_code="360733"), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/area"]
    ok(patch(county_code="360733", area=None))
    ok(patch(area="筠门岭镇"))


def test_art13_1_a_day_of_establishment_to_come_is_pointed_at_where_it_stands(world: World) -> None:
    problem = refused(world.public.post("/v1/registrations", registration(established_on="2024-03-02")), 422)
    assert [item["pointer"] for item in problem["errors"]] == ["/organisation/established_on"]
