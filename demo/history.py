"""The three rounds before: who won in the first may apply again in the fourth, who won in the third may not (Art.
6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.telling import good, line, stage
from sandbox.stages.applications import Applied, apply
from sandbox.stages.decision import (
    approve,
    candidates,
    decree,
    deliberate,
    fix_proposed,
    publication,
    publish,
)
from sandbox.stages.parties import Registered, register
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import review
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

EXTENSION = {
    "number": "样例〔2025〕1号",
    "title_zh": "关于延长试行期的通知（演示样例，非真实文件）",
    "title_en": "Extension of the trial (a demonstration sample, not a real document)",
    "kind": "extension",
    "extends": "会府办发〔2023〕10号",
    "in_force_from": "2025-07-01",
    "in_force_to": "2032-12-31",
    "document_date": "2025-06-20",
}


@dataclass(frozen=True)
class Veterans:
    """Winners of earlier rounds, with their accounts."""

    of_first: Registered
    of_third: Registered


def play_history(world: World) -> Veterans:
    """Rounds of 2023, 2025 and 2027: a winner, nobody, a winner."""
    stage("The years before / 前三届", "6, 33", "2023–2027")
    first = register(world, name="样例老字号食品有限公司", sector="1422", area="文武坝镇")
    third = register(world, name="样例电子器件有限公司", sector="3972", area="文武坝镇")
    _quick_round(world, 2023, "2023-07-10", first)
    good("第一届 (2023): 样例老字号食品有限公司 wins a manufacturing seat")
    register_law(world)
    _quick_round(world, 2025, "2025-08-04", None)
    good("第二届 (2025): nobody applies; the round is concluded with every seat vacant, and counts (Art. 6)")
    leaving = register(world, name="样例塑料制品有限公司", sector="2929", area="文武坝镇")
    _quick_round(world, 2027, "2027-03-01", third, leaving)
    good("第三届 (2027): 样例电子器件有限公司 wins a manufacturing seat")
    line("样例塑料制品有限公司：公示期内移出候选名单并公告 / taken off the candidate list, with a notice (Art. 21)")
    line("The trial ended on 2025-06-30; the rounds of 2025 to 2029 rest on a registered extension (sample, Art. 33).")
    return Veterans(first, third)


def register_law(world: World) -> None:
    """The extension, and holiday years that nobody has published yet: demonstration data, imported as such."""
    world.clock.go("2025-06-20")
    ok(world.office.post("/v1/instruments", EXTENSION), 201)
    for year in range(2027, 2031):
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)


def holiday_year(year: int) -> dict[str, Any]:
    """A made-up holiday year, marked as one."""
    spring = [date(year, 2, 10) + timedelta(days=day) for day in range(7)]
    national = [date(year, 10, day) for day in range(1, 8)]
    days = [date(year, 1, 1), *spring, date(year, 4, 5), date(year, 5, 1), date(year, 6, 10), *national]
    return {
        "year": year,
        "holidays": [day.isoformat() for day in days],
        "workdays": [],
        "source": "DEMONSTRATION ONLY 演示样例，非国务院办公厅通知",
    }


def _quick_round(
    world: World, year: int, called: str, winner: Registered | None, leaving: Registered | None = None
) -> None:
    """A whole round. `leaving`: who is taken off the candidate list."""
    world.clock.go(called)
    deadline = (world.clock.today + timedelta(days=40)).isoformat()
    round_id = open_round(world, year, deadline=deadline)
    applied: list[Applied] = []
    for organisation in (winner, leaving):
        if organisation is not None:
            applied.append(apply(world, round_id, organisation=organisation, **{}))
    qualify(world, round_id)
    review(world, round_id, {item.id: 80 for item in applied})
    deliberate(world, round_id)
    publish(world, round_id, [item.id for item in applied])
    if leaving is not None:
        left = candidates(world, round_id)[applied[-1].id]
        told = publication(world.clock.today, title="样例：候选名单变更公告")
        body = {"reason": "样例：组织主动说明情况", "publication": told}
        ok(world.office.post(f"/v1/candidates/{left['id']}/removal", body))
    fix_proposed(world, round_id)
    approve(world, round_id)
    decree(world, round_id)
