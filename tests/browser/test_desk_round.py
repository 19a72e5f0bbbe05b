"""A whole round at the desk, by its roles, from the call to the payment: every act by hand, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.stages.applications import apply
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import approve, decree, deliberate, fix_proposed, publish
from sandbox.stages.money import order, pay
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import light_rules, review
from sandbox.stages.rounds import open_round
from sandbox.world import ok
from tests.browser.at_the_desk import Desk, DeskWorld

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_round_is_held_at_the_desk_from_the_call_to_the_payment(
    browser: Browser, settings: Settings, clock: MovableClock
) -> None:
    with serving(create_app(settings, clock=clock)) as client:
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
