"""The example of `docs/integration/portal.md` does a portal's day against a running service."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.kernel.settings import Settings
from sandbox.callers import Caller
from sandbox.clock import MovableClock
from sandbox.stages.applications import PDF, eligible_content
from sandbox.stages.parties import PASSWORD, register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.integration.test_unit_day import EXAMPLES, served


@pytest.fixture
def api(settings: Settings, clock: MovableClock) -> Iterator[str]:
    with served(settings, clock) as url:
        yield url


def run(applicant: Caller, api: str, folder: Path, content: dict[str, Any], **changed: str) -> Any:
    answers, file = folder / "form.json", folder / "自评报告.pdf"
    answers.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    file.write_bytes(PDF)
    environment = {
        **{"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8"},
        **{
            "API": api,
            "LOGIN": ok(applicant.get("/v1/me"))["login"],
            "PASSWORD": PASSWORD,
            "ANSWERS": str(answers),
            "FILE": str(file),
        },
        **changed,
    }
    command = [sys.executable, str(EXAMPLES / "portal_day.py")]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert PASSWORD not in done.stdout + done.stderr
    return done


def signed(world: World) -> dict[str, Any]:
    content = eligible_content(2024)
    content["truthfulness"]["signed_on"] = world.clock.today.isoformat()
    return content


def test_a_portals_day(world: World, api: str, tmp_path: Path) -> None:
    round_id = open_round(world)
    one = register(world)
    done = run(one.account, api, tmp_path, signed(world))
    assert (done.returncode, done.stderr) == (0, "")
    assert "填报: " in done.stdout and "各年度业绩数据" in done.stdout
    assert "申请推荐: 文武坝镇" in done.stdout and "[x]" in done.stdout and "[>]" in done.stdout
    (found,) = ok(one.account.get("/v1/applications", params={"round_id": round_id}))["items"]
    assert found["state"] == "recommendation_requested"
    files = ok(one.account.get(f"/v1/applications/{found['id']}/attachments"))["items"]
    assert [item["filename"] for item in files] == ["自评报告.pdf"]


def test_what_is_still_missing_is_told_in_the_portals_language(world: World, api: str, tmp_path: Path) -> None:
    open_round(world)
    one = register(world)
    content = {name: part for name, part in signed(world).items() if name != "figures"}
    done = run(one.account, api, tmp_path, content, LANGUAGE="en")
    assert done.returncode == 1 and done.stderr.startswith("Ask for the recommendation: ")
    assert "Fill in the form: " in done.stdout
    (found,) = ok(one.account.get("/v1/applications"))["items"]
    assert found["state"] == "draft"
    # Begun once: the same draft is filled in further.
    assert run(one.account, api, tmp_path, signed(world)).returncode == 0
    assert len(ok(one.account.get("/v1/applications"))["items"]) == 1


def test_a_refusal_names_the_field(world: World, api: str, tmp_path: Path) -> None:
    open_round(world)
    one = register(world)
    done = run(one.account, api, tmp_path, signed(world) | {"staff": "many"})
    assert done.returncode == 1 and "/content/staff: 须为整数" in done.stderr
    wrong = run(one.account, api, tmp_path, signed(world), PASSWORD="not the password of this account")
    assert wrong.returncode == 1 and "/v1/tokens: 40" in wrong.stderr
