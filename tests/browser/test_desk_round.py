"""A whole round at the desk, by its roles, from the call to the payment: every act by hand, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from sandbox.clock import MovableClock
from sandbox.live import LiveClient
from sandbox.stages.applications import apply
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import approve, decree, deliberate, fix_proposed, publish
from sandbox.stages.money import order, pay
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import light_rules, review
from sandbox.stages.rounds import open_round
from sandbox.world import ok
from tests.browser.at_the_desk import Desk, DeskWorld

# Of a round from the call to the payment, by the roles that do them.
STEPS = [
    ("POST", "/v1/rounds"),
    ("POST", "/call"),
    ("POST", "/v1/registrations"),
    ("POST", "/verification"),
    ("POST", "/v1/applications"),
    ("POST", "/attachments"),
    ("PATCH", ""),
    ("POST", "/recommendation-request"),
    ("POST", "/endorsement"),
    ("POST", "/submission"),
    ("POST", "/consultations"),
    ("POST", "/reply"),
    ("POST", "/condition-decisions"),
    ("POST", "/qualified-list"),
    ("POST", "/undertakings"),
    ("POST", "/review-assignments"),
    ("PATCH", "/score-sheet"),
    ("POST", "/score-sheet/submission"),
    ("POST", "/material-report"),
    ("POST", "/onsite-report"),
    ("POST", "/evaluation"),
    ("POST", "/social-verification"),
    ("POST", "/deliberation"),
    ("POST", "/candidate-list"),
    ("POST", "/proposed-list"),
    ("POST", "/approval"),
    ("POST", "/decree"),
    ("POST", "/disbursement"),
    ("POST", "/acknowledgement"),
    ("POST", "/payment-confirmation"),
]


@pytest.mark.slow
def test_a_round_is_held_at_the_desk_from_the_call_to_the_payment(
    browser: Browser, served: Callable[[], LiveClient], clock: MovableClock
) -> None:
    client = served()
    world = DeskWorld(Desk(browser, client), clock)
    round_id = open_round(world, review_rules=light_rules())
    applied = apply(world, round_id)
    qualify(world, round_id)
    review(world, round_id, {applied.id: 80})
    deliberate(world, round_id)
    publish(world, round_id, [applied.id])
    fix_proposed(world, round_id)
    approve(world, round_id)
    decree(world, round_id)
    line = ok(client.get("/v1/awards"))["items"][0]
    winner = Winner(line["id"], applied.organisation_id, "", line["awarded_name"], applied.applicant)
    paid = pay(world, order(world, winner))
    assert paid["state"] == "paid"
    for method, ending in STEPS:
        assert any(done.startswith(f"{method} ") and done.endswith(ending) for done in world.desk.done), ending
    assert world.desk.errors == []
    world.desk.close()
