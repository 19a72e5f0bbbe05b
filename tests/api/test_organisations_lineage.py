"""A successor continues the legal person: prize, exclusions, applications are one's (Arts. 6, 8, 9, 26, 28)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import create_engine, text

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order, order_body, pay
from sandbox.stages.parties import Registered, register, succeed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide, submit
from tests.support.problems import refused


def party(winner: Winner) -> Registered:
    return Registered(winner.organisation_id, winner.applicant)


def link(world: World, successor: str, predecessor: str) -> Any:
    body = {
        "predecessor_id": predecessor,
        "effective_on": "2024-03-01",
        "reason": "样例合并",
        "evidence": "样例协议",
    }
    return world.office.post(f"/v1/organisations/{successor}/successor-links", body)


def order_of(world: World, winner: Winner) -> Any:
    return world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner))


def lineages(database_url: str, table: str) -> list[str]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = [str(row[0]).replace("-", "") for row in connection.execute(text(f"SELECT lineage_id FROM {table}"))]
    engine.dispose()
    return sorted(found)


def test_a_legal_person_has_one_prize_also_by_its_successor(world: World) -> None:
    old, new = concluded(world, {}, {}).winners
    pay(world, order(world, old))
    succeed(world, party(new), party(old))
    refused(order_of(world, new), 422, "rule_refused", rule="art09.disbursement")


def test_a_prize_that_the_successor_had_counts_for_its_predecessor(world: World, database_url: str) -> None:
    old, new = concluded(world, {}, {}).winners
    pay(world, order(world, new))
    succeed(world, party(new), party(old))
    assert lineages(database_url, "disbursements") == [old.lineage_id.replace("-", "")]
    refused(order_of(world, old), 422, "rule_refused", rule="art09.disbursement")


def test_two_prizes_paid_before_the_link_stay_on_record_and_keep_a_third_away(world: World, database_url: str) -> None:
    old, new, third = concluded(world, {}, {}, {}).winners
    for winner in (old, new):
        pay(world, order(world, winner))
    succeed(world, party(new), party(old))
    assert lineages(database_url, "disbursements") == sorted(
        winner.lineage_id.replace("-", "") for winner in (old, new)
    )
    succeed(world, party(third), party(new))
    refused(order_of(world, third), 422, "rule_refused", rule="art09.disbursement")


def test_an_order_and_a_link_at_once_never_make_two_prizes_of_one_person(world: World) -> None:
    old, new = concluded(world, {}, {}).winners
    pay(world, order(world, old))
    with ThreadPoolExecutor(2) as pool:
        ordered = pool.submit(order_of, world, new)
        linked = pool.submit(link, world, new.organisation_id, old.organisation_id)
    assert linked.result().status_code == 201
    # Before the link it was another person's; after it, it is refused. Nothing in between.
    assert ordered.result().status_code in (201, 422)
    if ordered.result().status_code == 422:
        refused(ordered.result(), 422, rule="art09.disbursement")


def test_an_exclusion_goes_with_the_legal_person(world: World, database_url: str) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    before = register(world)
    succeed(world, party(winner), before)
    assert lineages(database_url, "exclusions") == [before.organisation_id.replace("-", "")]


def test_two_applications_of_one_person_in_one_round_are_not_made_by_a_link(world: World) -> None:
    round_id = open_round(world)
    old, new = register(world), register(world)
    drafts = [ok(item.account.post("/v1/applications", {"round_id": round_id}), 201)["id"] for item in (old, new)]
    refused(link(world, new.organisation_id, old.organisation_id), 409, "two_applications", "art16.call")
    ok(old.account.post(f"/v1/applications/{drafts[0]}/withdrawal", {"reason": "样例合并"}))
    ok(link(world, new.organisation_id, old.organisation_id), 201)


def test_two_names_of_one_legal_person_that_begin_at_once_have_one_application(world: World) -> None:
    round_id = open_round(world)
    pairs = [(register(world), register(world)) for _ in range(4)]
    for heir, elder in pairs:
        succeed(world, heir, elder)

    def begin(party: Registered) -> int:
        return int(party.account.post("/v1/applications", {"round_id": round_id}).status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(begin, [party for pair in pairs for party in pair]))
    assert [sorted(answers[at : at + 2]) for at in range(0, 8, 2)] == [[201, 409]] * 4


def test_a_link_and_a_second_application_at_once_do_not_both_go_through(world: World) -> None:
    round_id = open_round(world)
    pairs = [(register(world), register(world)) for _ in range(4)]
    for _, elder in pairs:
        ok(elder.account.post("/v1/applications", {"round_id": round_id}), 201)

    def begin(party: Registered) -> int:
        return int(party.account.post("/v1/applications", {"round_id": round_id}).status_code)

    def join(pair: tuple[Registered, Registered]) -> int:
        return int(link(world, pair[0].organisation_id, pair[1].organisation_id).status_code)

    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(begin, heir) for heir, _ in pairs]
        joined = [pool.submit(join, pair) for pair in pairs]
    assert [sorted([a.result(), b.result()]) for a, b in zip(begun, joined, strict=True)] == [[201, 409]] * 4
