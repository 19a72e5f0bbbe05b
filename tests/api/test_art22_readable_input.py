"""Arts. 3, 13, 21, 22: a name, a reason, a decree's number: whoever must give one gives something to read."""

import pytest

from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

_REPORT = {"kind": "forgery", "subject": "样例", "description": "样例"}


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800", "\u00ad", "\ue000", "\u0301", "\u200b \u3164\ufeff"])
def test_what_shows_nothing_is_as_good_as_left_out(world: World, text: str) -> None:
    round_id = open_round(world)
    asked = [
        (world.office, "/v1/rounds", {"year": 2026, "title": text}, "/title"),
        (world.office, f"/v1/rounds/{round_id}/cancellation", {"reason": text}, "/reason"),
        (world.government, f"/v1/rounds/{round_id}/decree", {"number": text, "dated": "2024-09-28"}, "/number"),
        # Where a text may be left out, one that shows nothing is refused too: whoever sent it meant to say something.
        (world.public, "/v1/mark-reports", {**_REPORT, "reporter_name": text}, "/reporter_name"),
    ]
    for caller, path, body, pointer in asked:
        problem = refused(caller.post(path, body), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(pointer, "blank")]
    assert len(ok(world.office.get("/v1/rounds"))["items"]) == 1


def test_one_sign_that_shows_is_something(world: World) -> None:
    for year, title in ((2024, "样"), (2026, "\u200b样例\u200b届"), (2028, "𠮷"), (2030, "\U000323af")):
        ok(world.office.post("/v1/rounds", {"year": year, "title": title}), 201)
    ok(world.office.post("/v1/rounds", {"year": 2032, "title": "样例"}), 201)
