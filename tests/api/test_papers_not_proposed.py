"""Arts. 20 to 22: a submission to the government names those of the committee that it does not propose, with article
and reason; what was objected, and by whom, stays where it is."""

import pytest

from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
)
from sandbox.world import World, ok
from tests.support.papers import docx_text, drafted, pdf_text, plain

FACTS, OBJECTOR = "样例：所写的内情", "样例异议者"


def submission(world: World, round_id: str) -> str:
    path = f"/v1/rounds/{round_id}"
    assert plain("列入拟奖名单") in docx_text(drafted(world.office, path, "submission", "docx"))
    return pdf_text(drafted(world.office, path, "submission"))


def test_removed_waiting_and_left_out_are_named_with_article_and_reason(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(), Contender(HOSPITAL), Contender(listed=False))
    stays, objected, waits, left_out = made.applied
    listed = candidates(world, made.round_id)
    for one in (objected, waits):
        object_to(world, listed[one.id]["id"], facts=FACTS, name=OBJECTOR)
    for item in objections(world, round_id=made.round_id):
        if item["candidate_id"] == listed[objected.id]["id"]:
            close_objection(world, item["id"], "upheld")
    fix_proposed(world, made.round_id)
    found = submission(world, made.round_id)
    names = {one.id: ok(world.office.get(f"/v1/applications/{one.id}"))["organisation"]["name"] for one in made.applied}
    assert plain("评委会推荐的下列3个组织未列入拟奖名单") in found
    assert plain(f"{names[objected.id]}：异议经核实成立，移出名单（第二十一条）") in found
    assert plain(f"{names[waits.id]}：对其异议尚未办结，办结后另行报请（第二十一条）") in found
    assert plain(f"{names[left_out.id]}：名额以内择优，未列入候选名单（第六条、第二十条）") in found
    assert plain(f"{names[stays.id]}：") not in found
    for private in (FACTS, OBJECTOR):
        assert plain(private) not in found
    # Once its objection is closed the name is proposed, and no more among those that are not.
    (item,) = [
        item for item in objections(world, round_id=made.round_id) if item["candidate_id"] == listed[waits.id]["id"]
    ]
    close_objection(world, item["id"], "dismissed")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    found = submission(world, made.round_id)
    assert plain("下列2个组织未列入拟奖名单") in found
    assert plain(f"{names[waits.id]}：") not in found


@pytest.mark.parametrize(
    ("removal", "told"),
    [
        ({"reason": "样例：内部原因"}, "由质量强县办决定移出名单（第十条）"),
        (
            {"reason": "样例：内部原因", "rule": "art26.fraud", "evidence": "样例：证据"},
            "查实弄虚作假，移出名单（第二十六条）",
        ),
    ],
)
def test_a_name_that_left_the_list_has_the_article_and_not_the_offices_words(
    world: World, removal: dict[str, str], told: str
) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    gone = made.applied[1]
    candidate = candidates(world, made.round_id)[gone.id]
    ok(world.office.post(f"/v1/candidates/{candidate['id']}/removal", removal))
    fix_proposed(world, made.round_id)
    found = submission(world, made.round_id)
    assert plain(f"{candidate['published_name']}：{told}") in found
    assert plain(removal["reason"]) not in found


def test_who_has_withdrawn_is_told_so(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    gone = made.applied[1]
    name = candidates(world, made.round_id)[gone.id]["published_name"]
    ok(gone.applicant.post(f"/v1/applications/{gone.id}/withdrawal", {"reason": "样例：自己的原因"}))
    fix_proposed(world, made.round_id)
    found = submission(world, made.round_id)
    assert plain(f"{name}：自愿退出（第三条）") in found
    assert plain("自己的原因") not in found


def test_where_all_are_proposed_the_submission_says_so(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    fix_proposed(world, made.round_id)
    assert plain("评委会推荐的组织均列入拟奖名单。") in submission(world, made.round_id)
