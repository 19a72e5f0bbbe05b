"""Art. 13(1): what shows nothing at the beginning and the end of a text is no part of it, wherever a text is taken."""

import pytest

from sandbox.stages.parties import registration
from sandbox.world import World, ok
from tests.support.problems import refused

UNSEEN = ["\u3164", "\u2800", "\u200b \u2060", "\ufeff", "\uffa0\u3000"]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_art13_1_invisible_ends_are_no_part_of_a_text(world: World, unseen: str) -> None:
    written = {
        "name": "样例真名制造有限公司",
        "contact_name": "样例\u200b联系人",
        "registered_address": "会昌县样例路1号",
    }
    around = {field: f"{unseen}{text}{unseen}" for field, text in written.items()}
    made = ok(world.public.post("/v1/registrations", registration(**around)), 201)["organisation"]
    assert {field: made[field] for field in written} == written


@pytest.mark.parametrize("unseen", UNSEEN)
def test_art13_1_a_name_of_invisible_signs_is_refused(world: World, unseen: str) -> None:
    problem = refused(world.public.post("/v1/registrations", registration(name=unseen)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/organisation/name", "blank")]


def test_art13_1_a_rare_character_at_the_end_stays(world: World) -> None:
    made = ok(world.public.post("/v1/registrations", registration(name="样例\ue000")), 201)
    assert made["organisation"]["name"] == "样例\ue000"
