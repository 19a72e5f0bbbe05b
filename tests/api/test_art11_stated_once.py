"""Arts. 5, 11, 20, 22: a list of a body states each thing once: a second conclusion, year or name is refused at its
place, before anything else is looked at."""

from typing import Any

import pytest

from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.decision import Contender, conclusion, evaluated_ids, evaluated_round, meeting, verify_record
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def places(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["pointer"], item["code"]) for item in problem["errors"]]


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("conclusions", "/conclusions/1/application_id"),
        ("members", "/members/7"),
        ("present", "/present/7"),
    ],
)
def test_art11_the_committee_concludes_once_on_each_and_names_each_member_once(
    world: World, field: str, pointer: str
) -> None:
    made = evaluated_round(world, Contender())
    conclusions = [conclusion(item) for item in evaluated_ids(world, made.round_id)]
    verify_record(world, made.ids[0])
    body = meeting(world, conclusions)
    body[field] = [*body[field], body[field][0]]
    path = f"/v1/rounds/{made.round_id}/deliberation"
    assert places(refused(world.office.post(path, body), 422, "invalid")) == [(pointer, "duplicate")]
    ok(world.office.post(path, meeting(world, conclusions)), 201)


def test_art05_a_year_of_figures_is_stated_once(world: World) -> None:
    _, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant)
    path = f"/v1/applications/{draft['id']}"
    now = ok(applicant.get(path))
    figures = [{"year": 2022, "net_profit_fen": 1}, {"year": 2023}, {"year": 2022, "net_profit_fen": 2}]
    answer = applicant.patch(path, {"content": {"figures": figures}}, version=now["version"])
    assert places(refused(answer, 422, "invalid")) == [("/content/figures/2/year", "duplicate")]
    ok(applicant.patch(path, {"content": {"figures": figures[:2]}}, version=now["version"]))
