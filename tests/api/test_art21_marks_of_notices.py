"""Arts. 21, 26, 28: whoever reads a notice reads what has become of it, whichever decision took it back or corrected
it; the text stays as it was published."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, candidates, in_publicity, publication
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art28_annulment import ANNULMENT, annul
from tests.api.test_revocations import FRAUD, MEDIA, QUALITY, decide

NONE = {"mark": None, "marked_on": None, "mark_basis": None, "mark_notice_id": None}


def notices(world: World, kind: str) -> list[dict[str, Any]]:
    return ok(world.public.get("/v1/notices", params={"kind": kind}))["items"]  # type: ignore[no-any-return]


def marks(notice: dict[str, Any]) -> dict[str, Any]:
    return {name: notice[name] for name in NONE}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.mark.parametrize("case", [FRAUD, QUALITY])
def test_art28_the_notice_of_an_annulled_revocation_says_so(world: World, winner: Winner, case: dict[str, Any]) -> None:
    world.clock.go("2025-06-02")
    decided = decide(world, bring_case(world, winner.award_id, winner.applicant, case), on="2025-06-02")
    ok(world.office.post(f"/v1/revocations/{decided['id']}/notice", MEDIA))
    (before,) = notices(world, "revocation")
    assert marks(before) == NONE
    tag = world.public.get(f"/v1/notices/{before['id']}").headers["etag"]
    ok(annul(world, decided))
    (after,) = notices(world, "revocation")
    assert marks(after) == NONE | {"mark": "withdrawn", "marked_on": "2025-09-01", "mark_basis": ANNULMENT["number"]}
    assert after | NONE == before
    read = world.public.get(f"/v1/notices/{before['id']}")
    assert (marks(ok(read)), read.headers["etag"] == tag) == (marks(after), False)


def test_art28_another_decisions_notice_stands(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-02")
    first = decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY), on="2025-06-02")
    fraud = decide(
        world, bring_case(world, winner.award_id, winner.applicant, FRAUD), "会府字〔2025〕8号", "2025-06-02"
    )
    for decided in (first, fraud):
        ok(world.office.post(f"/v1/revocations/{decided['id']}/notice", MEDIA))
    ok(annul(world, first))
    assert [item["mark"] for item in notices(world, "revocation")] == [None, "withdrawn"]


def test_art28_an_annulment_without_a_notice_marks_none(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    ok(annul(world, decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY))))
    assert notices(world, "revocation") == []


def test_art21_a_corrected_name_marks_the_notice_that_it_corrects(world: World) -> None:
    made = in_publicity(world, Contender())
    (first,) = notices(world, "candidates")
    (candidate,) = candidates(world, made.round_id).values()
    # It was printed with a slip, and is told anew as the organisation is called.
    body = {
        "published_name": candidate["published_name"].replace("样例", "样例 "),
        "reason": "样例：印错",
        "publication": publication(world.clock.today),
    }
    ok(world.office.post(f"/v1/candidates/{candidate['id']}/correction", body))
    (later,) = notices(world, "correction")
    (marked,) = notices(world, "candidates")
    assert marked | NONE == first
    told = {"mark": "corrected", "marked_on": later["published_on"], "mark_notice_id": later["id"], "mark_basis": None}
    assert marks(marked) == told
    assert marks(later) == NONE


@pytest.mark.parametrize("published", [True, False])
def test_art21_a_name_that_is_removed_marks_its_notice(world: World, published: bool) -> None:
    made = in_publicity(world, Contender(), Contender())
    first, *_ = candidates(world, made.round_id).values()
    body: dict[str, Any] = {"reason": "样例：核实后移出"}
    if published:
        body["publication"] = publication(world.clock.today)
    ok(world.office.post(f"/v1/candidates/{first['id']}/removal", body))
    (marked,) = notices(world, "candidates")
    later = notices(world, "removal")
    assert (marked["mark"], marked["marked_on"]) == ("corrected", world.clock.today.isoformat())
    assert marked["mark_notice_id"] == (later[0]["id"] if published else None)


def test_art06_what_was_published_of_a_cancelled_round_is_withdrawn(world: World) -> None:
    made = in_publicity(world, Contender())
    reason = "样例：本届取消"
    ok(world.office.post(f"/v1/rounds/{made.round_id}/cancellation", {"reason": reason}))
    for kind in ("candidates", "qualified_list"):
        for notice in notices(world, kind):
            assert (notice["mark"], notice["mark_basis"]) == ("withdrawn", reason)
    assert notices(world, "candidates")
