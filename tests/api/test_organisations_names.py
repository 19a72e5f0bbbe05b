"""One comparison of names over HTTP (Arts. 3, 9), and lists in which two of one name are told apart (Arts. 17, 21)."""

import pytest

from app.services.organisations.names import told_apart
from sandbox.stages.applications import apply, begin, register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import HOSPITAL, Contender, candidates, in_publicity, publication
from sandbox.stages.money import order
from sandbox.stages.parties import Registered, rename, uscc
from sandbox.stages.qualification import qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

NAME = "样例制造（会昌）有限公司"


def test_a_unit_is_itself_with_half_width_brackets_too(world: World) -> None:
    unit = {"name": "样例协会 (自身申报)", "kind": "association", "industry": "C"}
    unit_id = ok(world.office.post("/v1/recommending-units", unit), 201)["id"]
    _, applicant = register_applicant(world, name="样例协会（自身申报）")
    path = f"/v1/applications/{begin(world, open_round(world), applicant)['id']}/recommendation-request"
    refused(applicant.post(path, {"unit_id": unit_id}), 422, "rule_refused", "art03.recommendation")


@pytest.mark.parametrize(
    "payee", ["样例制造(会昌)有限公司", "样例制造〔会昌〕 有限公司", "样例\u3164制造（会\u2800昌）有限公司"]
)
def test_the_payee_is_the_winner_as_the_bank_writes_it(world: World, payee: str) -> None:
    winner = concluded(world, {}).winners[0]
    rename(world, Registered(winner.organisation_id, winner.applicant), NAME)
    assert order(world, winner, payee_name=payee)["payee_name"] == payee


@pytest.mark.slow
def test_two_of_one_name_are_told_apart_on_the_qualified_list(world: World) -> None:
    round_id, codes = open_round(world), [uscc(), uscc()]
    for name, code in zip((NAME, "样例制造(会昌)有限公司"), codes, strict=True):
        apply(world, round_id, name=name, uscc=code)
    apply(world, round_id, name="样例另一公司")
    expected = {f"{NAME}（{codes[0]}）", f"样例制造(会昌)有限公司（{codes[1]}）", "样例另一公司"}
    assert set(qualify(world, round_id)["names"]) == expected


@pytest.mark.slow
def test_two_of_one_name_are_told_apart_in_the_notices_of_the_candidates(world: World) -> None:
    codes = [uscc(), uscc()]
    contenders = [Contender(score=f"8{n}0", details={"name": NAME, "uscc": code}) for n, code in enumerate(codes)]
    made = in_publicity(world, *contenders, Contender(HOSPITAL, "700"))
    listed = candidates(world, made.round_id)
    printed = [f"{NAME}（{code}）" for code in codes]
    first = listed[made.ids[0]]
    body = ok(world.public.get(f"/v1/notices/{first['notice_id']}"))["body"]
    assert [item["name"] for item in body["names"] if "（91" in item["name"]] == printed
    assert first["published_name"] == NAME, "the name itself, which an award would bear, stays as it is"
    removal = {"reason": "样例：主动退出。", "publication": publication(world.clock.today)}
    ok(world.office.post(f"/v1/candidates/{first['id']}/removal", removal))
    notices = ok(world.public.get(f"/v1/notices?round_id={made.round_id}"))["items"]
    told = next(item for item in notices if item["kind"] == "removal")
    assert [item["name"] for item in ok(world.public.get(f"/v1/notices/{told['id']}"))["body"]["names"]] == printed[:1]


def test_two_of_one_name_have_their_codes_beside_them() -> None:
    named = [("样例（甲）公司", "A"), ("样例乙公司", "B"), ("样例(甲)公司", "C")]
    assert told_apart(named) == ["样例（甲）公司（A）", "样例乙公司", "样例(甲)公司（C）"]
    assert told_apart(named[:2]) == ["样例（甲）公司", "样例乙公司"]
    assert told_apart([]) == []
