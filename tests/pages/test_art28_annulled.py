"""Arts. 26, 28: a revocation that a review has annulled is told as such wherever the public finds it, with both
notices."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.support.pages import Page, opened

QUALITY = {
    "basis": "grounds",
    "ground": "2",
    "event_on": "2024-02-01",
    "found_on": "2024-02-05",
    "found_evidence": "样例监督检查记录",
    "penalised_or_proven": True,
    "facts": "样例：内情",
    "evidence": "样例处罚决定书",
}


def media(world: World, title: str) -> dict[str, Any]:
    day = world.clock.today.isoformat()
    return {"title": title, "media": [{"name": "县政府网站", "published_on": day}]}


@pytest.fixture
def winner(world: World) -> Winner:
    made = concluded(world, {}).winners[0]
    world.clock.go("2024-07-15")
    return made


def revoked(world: World, winner: Winner) -> dict[str, Any]:
    """The case, decided and told."""
    event = world.clock.today.replace(day=1).isoformat()
    case = bring_case(world, winner.award_id, winner.applicant, QUALITY | {"event_on": event, "found_on": event})
    decision = {"number": f"会府字〔{event[:4]}〕21号", "decided_on": world.clock.today.isoformat(), "reason": "样例"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))
    told: dict[str, Any] = ok(world.office.post(f"/v1/revocations/{case['id']}/notice", media(world, "样例撤销公告")))
    return told


def annul(world: World, case: dict[str, Any]) -> str:
    """The decision is annulled and that is told; answers the number of the decision on review."""
    number = f"赣市府行复〔{world.clock.today.year}〕6号"
    body = {
        "body": "赣州市人民政府",
        "number": number,
        "decided_on": world.clock.today.isoformat(),
        "reason": "样例：主要事实不清",
        "evidence": "样例：复议决定书存档",
    }
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", body))
    ok(world.office.post(f"/v1/revocations/{case['id']}/annulment-notice", media(world, "样例复议公告")))
    return number


def links(page: Page) -> set[str]:
    return {str(link.get("href")) for link in page.all("a")}


def test_the_paper_of_a_revocation_is_found_by_its_notice(world: World, winner: Winner) -> None:
    case = revoked(world, winner)
    notice = f"/notices/{case['notice_id']}"
    assert not [where for where in links(opened(world, notice)) if where.startswith("/v1/papers/")]
    path = f"/v1/revocations/{case['id']}/documents"
    number = ok(world.office.post(f"{path}/revocation_notice/issuance", {}))["number"]
    # What is not for the public is not there, issued or not.
    ok(world.office.post(f"{path}/case_notice/issuance", {}))
    (item,) = ok(world.public.get(f"/v1{notice}/documents"))["items"]
    assert (item["kind"], item["issued"], item["drafts"]) == ("revocation_notice", number, [])
    for where in (notice, f"/en{notice}"):
        assert [one for one in links(opened(world, where)) if one.startswith("/v1/papers/")] == [
            f"/v1/papers/{number}/file"
        ]
    assert world.public.get(f"/v1/papers/{number}/file").status_code == 200
    # And the case itself is found by nobody outside it.
    assert world.public.get(path).status_code == 404
    (kept,) = ok(world.public.get("/v1/exclusions"))["items"]
    assert kept["notice_id"] == case["notice_id"]
    assert notice in links(opened(world, "/exclusions"))


def test_every_page_says_that_it_was_annulled_and_links_both(world: World, winner: Winner) -> None:
    case = revoked(world, winner)
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    path = f"/v1/revocations/{case['id']}/documents/revocation_notice/issuance"
    number = ok(world.office.post(path, {}))["number"]
    notice = f"/notices/{case['notice_id']}"
    places = (f"/verify/{number}", f"/awards/{winner.award_id}", f"/verify/{award['certificate_number']}")
    for where in places:
        page = opened(world, where)
        assert notice in links(page), where
        assert "被撤销的公告" not in page.text
    told = ok(world.public.get(f"/v1/papers/{number}"))
    assert (told["notice_id"], told["annulled_on"], told["annulment_notice_id"]) == (case["notice_id"], None, None)
    world.clock.forward(days=3)
    review = annul(world, case)
    told = ok(world.public.get(f"/v1/papers/{number}"))
    annulment = f"/notices/{told['annulment_notice_id']}"
    assert (told["annulled_on"], told["annulment_number"]) == (world.clock.today.isoformat(), review)
    day = f"{world.clock.today.year}年{world.clock.today.month}月{world.clock.today.day}日"
    for where in places:
        page = opened(world, where)
        assert {notice, annulment} <= links(page), where
        assert day in page.text
    page = opened(world, f"/verify/{number}")
    assert f"已于{day}经" in page.text.replace(" ", "")
    assert review in page.text
    assert "was annulled on" in opened(world, f"/en/verify/{number}").text
    # The notices lead to each other, and the paper stays what it was.
    assert annulment in links(opened(world, notice))
    later = links(opened(world, annulment))
    assert notice in later
    assert not [one for one in later if one.startswith("/v1/papers/")]
    assert world.public.get(f"/v1/papers/{number}/file").status_code == 200
    assert ok(world.public.get("/v1/exclusions"))["items"] == []


def test_only_papers_that_tell_the_decision_tell_of_its_annulment(world: World, winner: Winner) -> None:
    case = revoked(world, winner)
    number = ok(world.office.post(f"/v1/revocations/{case['id']}/documents/case_notice/issuance", {}))["number"]
    annul(world, case)
    told = ok(world.public.get(f"/v1/papers/{number}"))
    assert {told["annulled_on"], told["notice_id"], told["annulment_notice_id"]} == {None}
