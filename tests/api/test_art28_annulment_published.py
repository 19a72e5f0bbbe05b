"""Arts. 26, 28: where the public has read of a revocation it reads that a review annulled it; the register shows it."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art28_annulment import ANNULMENT, annul
from tests.api.test_revocations import FRAUD, MEDIA, QUALITY, decide
from tests.support.problems import refused

DAY = "2025-09-02"
WHERE = ["县政府网站"]


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def annulled(world: World, winner: Winner, case: dict[str, Any], *, published: bool = True) -> dict[str, Any]:
    """A revocation that is published where nothing else is said, and annulled on review on 2025-09-01."""
    world.clock.go("2025-06-02")
    decided = decide(world, bring_case(world, winner.award_id, winner.applicant, case), on="2025-06-02")
    if published:
        ok(world.office.post(f"/v1/revocations/{decided['id']}/notice", MEDIA))
    told: dict[str, Any] = ok(annul(world, decided))
    world.clock.go(DAY)
    return told


def publish(world: World, case: dict[str, Any], *names: str, on: str = DAY, caller: Any = None) -> Any:
    media = [{"name": name, "kind": "newspaper", "published_on": on} for name in names]
    body = {"title": "样例：关于撤销决定已被复议撤销的公告", "media": media}
    return (caller or world.office).post(f"/v1/revocations/{case['id']}/annulment-notice", body)


@pytest.mark.parametrize("basis", [FRAUD, QUALITY])
def test_art28_an_annulment_is_told_where_the_revocation_was(
    world: World, winner: Winner, basis: dict[str, Any]
) -> None:
    case = annulled(world, winner, basis)
    where = WHERE
    rule = "art26.fraud" if basis is FRAUD else "art28.grounds"
    acts = {
        item["act"]: item["allowed"]
        for item in ok(world.office.get(f"/v1/revocations/{case['id']}"))["available_actions"]
    }
    assert acts["publish_annulment"] is True
    elsewhere = refused(publish(world, case, "样例别报"), 422, "rule_refused", rule)
    assert [item["facts"]["missing"] for item in elsewhere["violations"]] == [where]
    refused(publish(world, case, *where, on="2025-08-31"), 422, "rule_refused", rule)
    refused(publish(world, case, *where, on="2025-09-03"), 422, "invalid")
    refused(publish(world, case, *where, caller=world.government), 403, "forbidden")
    told = ok(publish(world, case, *where, "样例别报"))
    refused(publish(world, case, *where), 409, "already_published", rule)
    assert "publish_annulment" not in {item["act"] for item in told["available_actions"] if item["allowed"]}
    (notice,) = ok(world.public.get("/v1/notices", params={"kind": "annulment"}))["items"]
    assert notice["id"] == told["annulment_notice_id"]
    body = notice["body"]
    assert (body["decision_number"], body["annulment_number"]) == (case["decision_number"], ANNULMENT["number"])
    assert (body["award_stands"], body["article"]) == (True, "26" if basis is FRAUD else "28")
    # Whoever reads the notice of the revocation is led to it.
    (before,) = ok(world.public.get("/v1/notices", params={"kind": "revocation"}))["items"]
    assert (before["mark"], before["mark_basis"]) == ("withdrawn", ANNULMENT["number"])
    assert before["mark_notice_id"] == notice["id"] and body["revocation_notice_id"] == before["id"]
    # What was found on whom stays with the case.
    assert "样例" not in str({key: body[key] for key in body if key not in ("organisation", "annulled_by")})


def shown(world: World, winner: Winner) -> list[Any]:
    """Status, revocation and annulment as the register, the award and its certificate tell them."""
    (line,) = [item for item in ok(world.public.get("/v1/awards"))["items"] if item["id"] == winner.award_id]
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    certificate = ok(world.public.get(f"/v1/certificates/{line['certificate_number']}"))
    return [(item["status"], item["revoked_on"], item["revocation_annulled_on"]) for item in (line, award, certificate)]


def test_art28_the_register_and_the_certificate_show_it(world: World, winner: Winner) -> None:
    assert shown(world, winner) == [("valid", None, None)] * 3
    annulled(world, winner, QUALITY)
    assert shown(world, winner) == [("valid", None, "2025-09-01")] * 3
    # Revoked anew, it is revoked by that decision and by nothing that was annulled.
    decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY), "会府字〔2025〕70号", DAY)
    assert shown(world, winner) == [("revoked", DAY, None)] * 3


@pytest.mark.parametrize(("first", "stands_since"), [(True, "2025-07-01"), (False, "2025-06-02")])
def test_art26_art28_an_annulment_is_shown_once_nothing_revokes_any_more(
    world: World, winner: Winner, first: bool, stands_since: str
) -> None:
    """Two decisions revoke, under Art. 28 and then under Art. 26; one of them is annulled, and then the other."""
    world.clock.go("2025-06-02")
    grounds = decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY), on="2025-06-02")
    world.clock.go("2025-07-01")
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    fraud = decide(world, case, "会府字〔2025〕8号", "2025-07-01")
    assert shown(world, winner) == [("revoked", "2025-06-02", None)] * 3
    ok(annul(world, grounds if first else fraud))
    assert shown(world, winner) == [("revoked", stands_since, None)] * 3
    world.clock.go(DAY)
    other = {"number": "赣市府行复〔2025〕7号", "decided_on": DAY}
    ok(annul(world, fraud if first else grounds, **other))
    assert shown(world, winner) == [("valid", None, DAY)] * 3


def test_art28_nobody_who_was_told_nothing_has_to_be_told(world: World, winner: Winner) -> None:
    case = annulled(world, winner, QUALITY, published=False)
    told = ok(publish(world, case, "样例别报"))
    assert told["annulment_notice_id"]


def end_where(world: World) -> None:
    for item in ok(world.public.get("/v1/media"))["items"]:
        if item["name"] in WHERE:
            ok(world.office.post(f"/v1/media/{item['id']}/ending", {"ended_on": DAY, "reason": "样例"}))


def test_art28_a_medium_that_has_ended_tells_nothing_more(world: World, winner: Winner) -> None:
    case = annulled(world, winner, QUALITY)
    end_where(world)
    ok(publish(world, case, "样例别报"))


def test_art28_a_medium_that_was_registered_anew_tells_of_the_annulment(world: World, winner: Winner) -> None:
    case = annulled(world, winner, QUALITY)
    end_where(world)
    ok(world.office.post("/v1/media", {"name": WHERE[0], "kind": "government_website", "document": "样例"}), 201)
    refused(publish(world, case, "样例别报"), 422, "rule_refused", "art28.grounds")
    ok(publish(world, case, "样例别报", *WHERE))


def test_art28_what_is_not_annulled_has_no_such_notice(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-02")
    decided = decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY), on="2025-06-02")
    refused(publish(world, decided, "样例别报", on="2025-06-02"), 409, "wrong_state")
