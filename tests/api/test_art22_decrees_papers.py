"""Art. 22: the decree's record names its issuer, addressees and attachments, the day of writing and of publication."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from sandbox.stages.applications import apply
from sandbox.stages.decision import approve, deliberate, fix_proposed, publish
from sandbox.stages.evaluated import put_evaluated
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art17_form_as_asked import rules
from tests.support.papers import drafted, plain
from tests.support.problems import refused

PAPERS = {
    "issuer": "会昌县人民政府",
    "title": "关于表彰第一届“会昌独好”质量奖获奖组织的通报",
    "addressees": ["各乡（镇）人民政府", "县直各单位"],
    "copies_to": ["县委办"],
    "attachments": ["获奖组织名单"],
}


def approved(world: World, *asked: str) -> str:
    """A round whose award is approved, and whose rules ask for this of the decree."""
    round_id = open_round(world, review_rules=rules(decree=list(asked)))
    one = apply(world, round_id)
    world.clock.go("2024-05-20")
    put_evaluated(world, round_id, {one.id: "800"})
    deliberate(world, round_id)
    publish(world, round_id, [one.id])
    fix_proposed(world, round_id)
    approve(world, round_id)
    return round_id


def decree(world: World, round_id: str, **more: Any) -> Any:
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat(), **more}
    return world.government.post(f"/v1/rounds/{round_id}/decree", body)


def reasons(answer: Any) -> list[tuple[str, Any]]:
    found = refused(answer, 422, "rule_refused", "art22.approval")["violations"]
    return [(item["reason"], item["facts"].get("missing")) for item in found]


def test_a_round_asks_for_issuer_addressees_attachments_and_publication(world: World) -> None:
    round_id = approved(world, "issuer", "addressees", "attachments", "published_on")
    every = ["issuer", "addressees", "attachments", "published_on"]
    assert reasons(decree(world, round_id)) == [("asked_for_missing", every)]
    assert reasons(decree(world, round_id, **PAPERS)) == [("asked_for_missing", ["published_on"])]
    written = world.clock.today.isoformat()
    world.clock.go("2024-06-30")
    assert reasons(decree(world, round_id, **PAPERS, published_on=written)) == [("published_before_decree", None)]
    tomorrow = decree(world, round_id, **PAPERS, dated=written, published_on="2024-07-01")
    assert [item["pointer"] for item in refused(tomorrow, 422)["errors"]] == ["/published_on"]
    done = ok(decree(world, round_id, **PAPERS, dated=written, published_on="2024-06-30"), 201)
    assert done | PAPERS == done
    # The awards run from the day of writing.
    assert (done["dated"], done["published_on"]) == (written, "2024-06-30")
    assert {award["conferred_on"] for award in done["awards"]} == {written}
    shown = ok(world.public.get(f"/v1/rounds/{round_id}/decree"))
    assert shown | PAPERS == shown


def test_a_round_that_asks_for_none_takes_a_decree_without(world: World) -> None:
    done = ok(decree(world, approved(world)), 201)
    assert (done["issuer"], done["addressees"], done["attachments"], done["published_on"]) == (None, [], [], None)


@pytest.mark.parametrize(
    "part",
    [
        {"addressees": "各单位"},
        {"addressees": ["-"]},
        {"attachments": [""]},
        {"attachments": ["无"]},
        {"copies_to": ["—"]},
        {"title": "-"},
        {"issuer": " "},
    ],
)
def test_what_says_nothing_is_refused(world: World, part: dict[str, Any]) -> None:
    (name,) = part
    errors = refused(decree(world, "018e0000-0000-7000-8000-000000000001", **part), 422)["errors"]
    assert errors[0]["pointer"].startswith(f"/{name}")


@pytest.mark.parametrize("issuer", ["會昌縣人民政府", "江西省贛州市會昌縣人民政府辦公室"])
def test_art22_the_county_government_issues_the_decree_in_either_writing(world: World, issuer: str) -> None:
    round_id = approved(world)
    found = refused(decree(world, round_id, issuer="于都縣人民政府"), 422, "rule_refused", "art22.approval")
    assert found["violations"][0]["facts"]["issuer"] == "于都縣人民政府"
    # The record has it as it was written.
    assert ok(decree(world, round_id, issuer=issuer), 201)["issuer"] == issuer


def test_art22_winners_that_a_decree_names_as_attached_come_after_its_signature(world: World) -> None:
    round_id = approved(world)
    ok(decree(world, round_id, attachments=["样例说明", "样例获奖组织名单"]), 201)
    content = drafted(world.government, f"/v1/rounds/{round_id}", "decree")
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    assert "附件所列" in pages[0] and "2.样例获奖组织名单" in "".join(pages[:-1])
    assert pages[-1].removeprefix("草稿,未印发").startswith("附件2获奖组织名单")
    assert "经样例第45次县政府常务会议" in "".join(pages)


def test_art22_the_county_government_issues_the_decree(world: World) -> None:
    round_id = approved(world)
    for issuer in ("会昌县市场监督管理局", "于都县人民政府"):
        found = refused(decree(world, round_id, issuer=issuer), 422, "rule_refused", "art22.approval")["violations"]
        assert [(item["reason"], item["facts"]["reading"]["key"]) for item in found] == [
            ("not_issued_by_the_government", "issuer_of_the_decree")
        ]
    ok(decree(world, round_id, issuer="会昌县人民政府办公室"), 201)
