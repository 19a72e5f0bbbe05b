"""Arts. 3, 17, 21, 22, 31: a name is printed as it is on the day, with the former one, and with the code where another
reads the same; a correction is to a name of its own."""

from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply, begin, register_applicant
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    approve,
    candidates,
    conclude_round,
    decree,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    publication,
    publish,
)
from sandbox.stages.money import BANK_NUMBER
from sandbox.stages.parties import Registered, rename, uscc
from sandbox.stages.qualification import qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

OLD, NEW = "样例旧名有限公司", "样例新名有限公司"
BOTH = f"{NEW}（原名：{OLD}）"


def renamed(world: World, applied: Applied, name: str) -> None:
    rename(world, Registered(applied.organisation_id, applied.applicant), name)


def printed(answer: Any, key: str) -> list[str]:
    return [item["printed_name"] for item in ok(answer)[key]]


@pytest.mark.slow
def test_art17_renamed_since_the_submission_it_stands_under_both_names(world: World) -> None:
    round_id = open_round(world)
    first, second = apply(world, round_id, name=OLD), apply(world, round_id, name="样例另一公司")
    world.clock.go("2024-03-05")
    renamed(world, first, NEW)
    assert set(qualify(world, round_id)["names"]) == {BOTH, "样例另一公司"}
    assert second.id


def test_art17_a_name_given_up_before_the_submission_is_nobodys_concern(world: World) -> None:
    round_id = open_round(world)
    organisation_id, applicant = register_applicant(world, name=OLD)
    rename(world, Registered(organisation_id, applicant), NEW)
    world.clock.go("2024-03-05")
    apply(world, round_id, organisation=(organisation_id, applicant))
    assert qualify(world, round_id)["names"] == [NEW]


@pytest.mark.slow
def test_art17_renamed_to_the_name_of_another_both_have_their_codes(world: World) -> None:
    round_id, codes = open_round(world), [uscc(), uscc()]
    first = apply(world, round_id, name=OLD, uscc=codes[0])
    apply(world, round_id, name=NEW, uscc=codes[1])
    world.clock.go("2024-03-05")
    renamed(world, first, NEW)
    assert set(qualify(world, round_id)["names"]) == {f"{BOTH}（{codes[0]}）", f"{NEW}（{codes[1]}）"}


def test_art21_art22_art31_one_name_on_every_list_to_the_certificate(world: World) -> None:
    made = evaluated_round(world, Contender(details={"name": OLD}))
    (one,) = made.applied
    renamed(world, one, NEW)
    deliberate(world, made.round_id)
    listed = publish(world, made.round_id, made.ids)["candidates"][0]
    assert (listed["published_name"], listed["printed_name"]) == (NEW, BOTH)
    notice = ok(world.public.get(f"/v1/notices/{listed['notice_id']}"))["body"]
    assert [item["name"] for item in notice["names"]] == [BOTH]
    latest = "样例再名有限公司"
    renamed(world, one, latest)
    all_three = f"{latest}（原名：{OLD}、{NEW}）"
    assert printed(world.public.get(f"/v1/rounds/{made.round_id}/candidate-list"), "candidates") == [all_three]
    assert [item["printed_name"] for item in fix_proposed(world, made.round_id)["names"]] == [all_three]
    award = approve(world, made.round_id)["awards"][0]
    assert (award["awarded_name"], award["printed_name"]) == (latest, all_three)
    conferred = decree(world, made.round_id)["awards"][0]
    assert (conferred["awarded_name"], conferred["printed_name"]) == (latest, all_three)
    assert printed(world.public.get("/v1/awards"), "items") == [all_three]
    certificate = f"/v1/certificates/{conferred['certificate_number']}"
    assert ok(world.public.get(certificate))["printed_name"] == all_three
    # What the decree has fixed stays; the register says what the holder is called today.
    world.clock.go("2024-08-01")
    renamed(world, one, "样例末名有限公司")
    now = f"样例末名有限公司（原名：{OLD}、{NEW}、{latest}）"
    for path in (certificate, f"/v1/awards/{conferred['id']}"):
        told = ok(world.public.get(path))
        assert (told["awarded_name"], told["printed_name"]) == (latest, now)
    assert printed(world.public.get("/v1/awards"), "items") == [now]
    # A decree, and the list of a concluded round, say what they said, with the present name beside it.
    for path, key in (("decree", "awards"), ("candidate-list", "candidates")):
        (line,) = ok(world.public.get(f"/v1/rounds/{made.round_id}/{path}"))[key]
        assert (line["printed_name"], line["present_name"]) == (all_three, "样例末名有限公司")


@pytest.mark.slow
def test_art22_art31_a_name_that_one_of_two_gives_up_tells_them_apart_still(world: World) -> None:
    codes = [uscc(), uscc()]
    made = in_publicity(
        world, *(Contender(score=f"8{n}0", details={"name": NEW, "uscc": code}) for n, code in enumerate(codes))
    )
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    conferred = {item["organisation_id"]: item for item in decree(world, made.round_id)["awards"]}
    expected = {f"{NEW}（{code}）" for code in codes}
    lists = [
        (f"/v1/rounds/{made.round_id}/decree", "awards"),
        (f"/v1/rounds/{made.round_id}/candidate-list", "candidates"),
    ]
    for path, key in lists:
        assert set(printed(world.public.get(path), key)) == expected
    one, other = made.applied
    code = ok(world.office.get(f"/v1/organisations/{other.organisation_id}"))["uscc"]
    world.clock.go("2027-03-01")
    renamed(world, one, "样例改名有限公司")
    for path, key in lists:
        assert set(printed(world.public.get(path), key)) == expected
        present = {item["present_name"] for item in ok(world.public.get(path))[key]}
        assert present == {NEW, "样例改名有限公司"}
    # The other's certificate still says which of the two it is: the first has borne its name.
    number = conferred[other.organisation_id]["certificate_number"]
    assert ok(world.public.get(f"/v1/certificates/{number}"))["printed_name"] == f"{NEW}（{code}）"
    number = conferred[one.organisation_id]["certificate_number"]
    of_one = ok(world.public.get(f"/v1/certificates/{number}"))["printed_name"]
    assert of_one.startswith(f"样例改名有限公司（原名：{NEW}）（")


def test_art22_a_name_changed_between_approval_and_decree_is_that_of_the_decrees_day(world: World) -> None:
    made = in_publicity(world, Contender(details={"name": OLD}))
    fix_proposed(world, made.round_id)
    assert approve(world, made.round_id)["awards"][0]["awarded_name"] == OLD
    renamed(world, made.applied[0], NEW)
    told = decree(world, made.round_id)["awards"][0]
    assert (told["awarded_name"], told["printed_name"]) == (NEW, BOTH)
    order = {
        "payee_name": NEW,
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000012345678",
        "budget_year": 2024,
    }
    path = f"/v1/awards/{told['id']}/disbursement"
    assert world.office.post(path, order).status_code != 422


@pytest.mark.slow
def test_art21_two_of_one_name_are_told_apart_on_each_list(world: World) -> None:
    codes = [uscc(), uscc()]
    contenders = [Contender(score=f"8{n}0", details={"name": NEW, "uscc": code}) for n, code in enumerate(codes)]
    made = in_publicity(world, *contenders, Contender(HOSPITAL, "700", details={"name": OLD}))
    expected = {f"{NEW}（{codes[0]}）", f"{NEW}（{codes[1]}）", OLD}
    path = f"/v1/rounds/{made.round_id}"
    assert set(printed(world.public.get(f"{path}/candidate-list"), "candidates")) == expected
    told = fix_proposed(world, made.round_id)
    assert {item["printed_name"] for item in told["names"]} == expected


@pytest.mark.slow
def test_art31_two_of_one_name_are_told_apart_in_the_register(world: World) -> None:
    first, second = uscc(), uscc()
    conclude_round(world, 2024, Contender(details={"name": NEW, "uscc": first}))
    assert printed(world.public.get("/v1/awards"), "items") == [NEW]
    made = conclude_round(world, 2026, Contender(details={"name": NEW, "uscc": second}))
    expected = [f"{NEW}（{second}）", f"{NEW}（{first}）"]
    assert printed(world.public.get("/v1/awards"), "items") == expected
    number = next(iter(made.awards.values()))["certificate_number"]
    assert ok(world.public.get(f"/v1/certificates/{number}"))["printed_name"] == expected[0]


def test_art21_a_name_is_corrected_to_its_own_present_or_former(world: World) -> None:
    made = in_publicity(world, Contender(details={"name": OLD}))
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/correction"

    def corrected(name: str) -> Any:
        body = {"published_name": name, "reason": "样例", "publication": publication(world.clock.today)}
        return world.office.post(path, body)

    told = refused(corrected("毫不相干公司"), 422, "rule_refused", "art21.publicity")
    assert told["violations"][0]["reason"] == "not_its_name"
    refused(corrected(NEW), 422, "rule_refused", "art21.publicity")
    renamed(world, made.applied[0], NEW)
    changed = ok(corrected(NEW))["candidates"][0]
    assert (changed["published_name"], changed["printed_name"]) == (NEW, BOTH)
    # The name as the media really had it, which it has borne.
    back = ok(corrected(OLD))["candidates"][0]
    assert (back["published_name"], back["printed_name"]) == (OLD, BOTH)


@pytest.mark.parametrize(
    ("name", "itself"), [("样例协会‹会昌›", True), ("样例协会＜会昌＞", True), ("样例协会", False)]
)
def test_art03_a_unit_is_itself_by_its_name_too_where_its_code_is_known(world: World, name: str, itself: bool) -> None:
    unit = {"name": "样例协会（会昌）", "kind": "association", "industry": "C", "uscc": uscc(prefix="51360733MJ")}
    unit_id = ok(world.office.post("/v1/recommending-units", unit), 201)["id"]
    _, applicant = register_applicant(world, name=name)
    draft = begin(world, open_round(world), applicant)["id"]
    answer = applicant.post(f"/v1/applications/{draft}/recommendation-request", {"unit_id": unit_id})
    if itself:
        refused(answer, 422, "rule_refused", "art03.recommendation")
    else:
        ok(answer)
