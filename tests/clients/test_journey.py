"""One round, in which two organisations and the payment platform are generated clients, in Python and in TypeScript:
from the application to the payment, over HTTP, with tokens that they fetch themselves."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.measures.roles import Role
from demo.server import playing
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.stages.applications import PDF, Applied, eligible_content
from sandbox.stages.decision import approve, decree, deliberate, fix_proposed, publish
from sandbox.stages.money import BANK_NUMBER
from sandbox.stages.parties import PASSWORD as APPLICANT_PASSWORD
from sandbox.stages.parties import registration, verify
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import light_rules, review
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.clients.tools import Tools

pytestmark = pytest.mark.clients
Act = Callable[[str, str, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def play(tools: Tools, python_client: str, typescript_client: str) -> Act:
    """An act of the journey of a language, with what it is given; answers what it told."""
    commands = {
        "python": [str(tools.folder / "python" / "bin" / "python"), "journey.py"],
        "typescript": ["node", "built/journey.mjs"],
    }

    def played(language: str, act: str, given: dict[str, Any]) -> dict[str, Any]:
        run = subprocess.run(
            [*commands[language], act],
            input=json.dumps(given),
            cwd=tools.made,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        told: dict[str, Any] = json.loads(run.stdout)
        return told

    return played


def _applied(world: World, play: Act, round_id: str, language: str) -> Applied:
    made = ok(world.public.post("/v1/registrations", registration(name=f"样例{language}组织")), 201)
    organisation, account = made["organisation"], made["account"]
    verify(world, organisation)
    shown = ok(world.public.get(f"/v1/rounds/{round_id}"))
    content = eligible_content(2024)
    content["truthfulness"] |= {"signed_on": world.clock.today.isoformat()}
    given = {
        "url": str(world.client.base_url).rstrip("/"),
        "today": world.clock.today.isoformat(),
        "login": account["login"],
        "password": APPLICANT_PASSWORD,
        "unit_login": "unit-wenwuba",
        "unit_password": PASSWORD,
        "unit_id": world.id("unit:wenwuba"),
        "round_id": round_id,
        "content": content,
        "materials": [item["code"] for item in shown["review_rules"]["required_materials"]],
        "file": b64encode(PDF).decode(),
    }
    told = play(language, "apply", given)
    assert told["state"] == "submitted"
    applicant = world.account(account["id"], Role.APPLICANT, account["login"])
    return Applied(told["application_id"], organisation["id"], applicant, None)


def _paid(world: World, play: Act, language: str, award: dict[str, Any], account: str) -> dict[str, Any]:
    body = {
        "payee_name": award["awarded_name"],
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": account,
        "budget_year": world.clock.today.year,
    }
    order = ok(world.office.post(f"/v1/awards/{award['id']}/disbursement", body), 201)
    given = {
        "url": str(world.client.base_url).rstrip("/"),
        "today": world.clock.today.isoformat(),
        "client_id": "payment_platform",
        "client_secret": PASSWORD,
        "disbursement_id": order["id"],
        "certificate": award["certificate_number"],
    }
    return play(language, "pay", given)


def test_generated_clients_play_a_round_from_the_application_to_the_payment(play: Act, tmp_path: Path) -> None:
    clock = MovableClock(datetime(2024, 3, 1, 2, tzinfo=UTC))
    with playing(tmp_path, clock) as world:
        rules = light_rules(panel_size_material=1, panel_size_onsite=1)
        round_id = open_round(world, 2024, deadline="2024-03-29", review_rules=rules)
        applied = {language: _applied(world, play, round_id, language) for language in ("python", "typescript")}
        ids = [one.id for one in applied.values()]
        qualify(world, round_id)
        review(world, round_id, {one: [80] for one in ids})
        deliberate(world, round_id)
        publish(world, round_id, ids, choice={"reason": "样例：经集体研究", "evidence": "样例：会议纪要"})
        fix_proposed(world, round_id)
        approve(world, round_id)
        made = decree(world, round_id)
        awards = {award["organisation_id"]: award for award in made["awards"]}
        for place, (language, one) in enumerate(applied.items()):
            award = ok(world.public.get(f"/v1/awards/{awards[one.organisation_id]['id']}"))
            told = _paid(world, play, language, award, f"622200000000{place}234")
            assert told == {"state": "paid", "status": "valid", "name": award["awarded_name"]}
