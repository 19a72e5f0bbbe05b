"""The requests of the README are copied and run, against a service with the sample data."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.settings import Settings
from app.main import create_app
from app.measures.objections import is_contact, is_name, says_something
from demo.sample import load
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.seed import PASSWORD as UNIT_PASSWORD
from sandbox.stages.applications import PDF
from sandbox.stages.parties import PASSWORD
from sandbox.world import World, ok
from tests.support.databases import SqliteTemplate

ROOT = Path(__file__).parent.parent.parent
_STARTED_AT = "http://127.0.0.1:8000"


def requests_of(page: str) -> str:
    """The shell blocks between the heading for integrators and the one for operators, as one script."""
    integrators = re.split(r"^## ", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)[3]
    return "\n".join(re.findall(r"```sh\n(.*?)```", integrators, flags=re.DOTALL))


@pytest.fixture(scope="module")
def sample(
    templates: dict[str, SqliteTemplate], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, MovableClock]]:
    """A database with the sample data of `make run`, and the clock at today."""
    folder = tmp_path_factory.mktemp("sample")
    today = shanghai_day(SystemClock().now())
    with templates["sqlite"].copy() as url:
        settings = Settings(
            _env_file=None,
            database_url=url,
            files_url=f"file:{folder}",
            keys_file=folder / "keys.json",
            log_level="ERROR",
            second_factor_required=False,
        )
        load(settings, today)
        yield settings, MovableClock.at(today.isoformat())


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_requests_can_be_copied(page: str, sample: tuple[Settings, MovableClock], tmp_path: Path) -> None:
    settings, clock = sample
    script = requests_of(page)
    assert _STARTED_AT in script
    copied = tmp_path / "award.db"
    shutil.copy(settings.database_url.removeprefix("sqlite:///"), copied)
    settings = settings.model_copy(update={"database_url": f"sqlite:///{copied}"})
    with serving(create_app(settings, clock=clock)) as client:
        # A refusal fails the script, as it would fail its reader.
        told = 'curl() { command curl --fail-with-body "$@"; }\nset -eu -o pipefail\n'
        run = subprocess.run(
            ["bash", "-c", told + script.replace(_STARTED_AT, str(client.base_url).rstrip("/"))],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
        auditor = World(client, clock).auditor  # type: ignore[arg-type]
        states = {item["state"] for item in ok(auditor.get("/v1/disbursements"))["items"]}
    assert states == {"paid"}


_STEP = re.compile(r"^\| (\d+) \| `(\w+) (/v1/[^`]+)` \|", re.MULTILINE)


class Journey:
    """Requests as a newcomer sends them, each kept with its template and its answer's status."""

    def __init__(self, client: Any) -> None:
        self._client, self._etag = client, ""
        self.made: list[tuple[str, str]] = []
        self.refused: list[str] = []

    def example(self, method: str, template: str) -> Any:
        """The body that the contract shows for it."""
        document = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
        content = document["paths"][template][method.lower()]["requestBody"]["content"]
        return json.loads(json.dumps(content["application/json"]["example"]))

    def send(self, method: str, template: str, token: str = "", query: str = "", **given: Any) -> Any:
        ids = given.pop("ids", {})
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "PATCH":
            headers["If-Match"] = self._etag
        answer = self._client.request(method, template.format(**ids) + query, headers=headers, **given)
        self._etag = answer.headers.get("etag", self._etag)
        self.made.append((method, template))
        if answer.status_code >= 300:
            self.refused.append(f"{method} {template}: {answer.text}")
        return answer.json()

    def sign_in(self, login: str, password: str) -> str:
        form = {"grant_type": "password", "username": login, "password": password}
        return str(self.send("POST", "/v1/tokens", data=form)["access_token"])


def played(journey: Journey, today: str) -> dict[str, Any]:
    """The journey from the registration to the submission, from the contract's examples; answers the last answer."""
    one = "/v1/applications/{application_id}"
    entry = journey.example("POST", "/v1/registrations")
    entry["organisation"] |= {"name": "样例新生制造有限公司", "uscc": "91360733MA00003071"}
    entry["account"] |= {"login": "newcomer", "password": PASSWORD}
    made = journey.send("POST", "/v1/registrations", json=entry)
    token = journey.sign_in(made["account"]["login"], entry["account"]["password"])
    (current,) = [item for item in journey.send("GET", "/v1/rounds")["items"] if item["state"] == "called"]
    # What the list does not tell, the round itself does: each step takes what it needs from the answer it names.
    assert "review_rules" not in current
    rules = journey.send("GET", "/v1/rounds/{round_id}", ids={"round_id": current["id"]})["review_rules"]
    draft = journey.send("POST", "/v1/applications", token, json={"round_id": current["id"]})
    ids = {"application_id": draft["id"]}
    form = journey.example("PATCH", one)
    for back, figures in zip((3, 2, 1), form["content"]["figures"], strict=True):
        figures["year"] = current["year"] - back
    form["content"]["truthfulness"]["signed_on"] = today
    journey.send("PATCH", one, token, ids=ids, json=form)
    for material in rules["required_materials"]:
        named = f"?material={material['code']}&filename=自评报告.pdf"
        journey.send("POST", f"{one}/attachments", token, named, ids=ids, content=PDF)
    told = journey.send("GET", f"{one}/validation", token, ids=ids)
    assert [item["rule"] for item in told["findings"] if item["outcome"] != "pass"] == ["art03.recommendation"]
    units = journey.send("GET", "/v1/recommending-units")["items"]
    (unit,) = [item["id"] for item in units if item["area"] == entry["organisation"]["area"]]
    journey.send("POST", f"{one}/recommendation-request", token, ids=ids, json={"unit_id": unit})
    of_the_unit = journey.sign_in("unit-wenwuba", UNIT_PASSWORD)
    asked = journey.send("GET", "/v1/recommendations", of_the_unit)["items"]
    (recommendation,) = [item["id"] for item in asked if item["application_id"] == draft["id"]]
    endorsement = "/v1/recommendations/{recommendation_id}/endorsement"
    opinion = journey.example("POST", endorsement) | {"signed_on": today}
    journey.send("POST", endorsement, of_the_unit, ids={"recommendation_id": recommendation}, json=opinion)
    submitted: dict[str, Any] = journey.send("POST", f"{one}/submission", token, ids=ids)
    return submitted


def test_art13_art17_an_applicants_journey_is_as_the_guide_counts_it(
    sample: tuple[Settings, MovableClock], tmp_path: Path
) -> None:
    settings, clock = sample
    copied = tmp_path / "award.db"
    shutil.copy(settings.database_url.removeprefix("sqlite:///"), copied)
    settings = settings.model_copy(update={"database_url": f"sqlite:///{copied}"})
    with serving(create_app(settings, clock=clock)) as client:
        journey = Journey(client)
        submitted = played(journey, clock.today.isoformat())
    assert journey.refused == []
    assert submitted["state"] == "submitted"
    for page in ("README.md", "README.zh.md"):
        guide = (ROOT / page).read_text(encoding="utf-8")
        assert [(method, path) for _, method, path in _STEP.findall(guide)] == journey.made
        assert [int(number) for number, _, _ in _STEP.findall(guide)] == list(range(1, len(journey.made) + 1))
    # The number is said in both: what the guide promises is what was counted.
    for page, said in (("README.md", "needs {} requests"), ("README.zh.md", "共 {} 个请求")):
        assert said.format(len(journey.made)) in (ROOT / page).read_text(encoding="utf-8")


def test_art21_the_contracts_example_of_an_objection_is_a_formal_one() -> None:
    document = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    operation = document["paths"]["/v1/candidates/{candidate_id}/objections"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["example"]
    assert is_name(body["name"]) and is_contact(body["contact"]) and says_something(body["facts"])
    answer = operation["responses"]["201"]["content"]["application/json"]["example"]
    assert (answer["classification"], answer["lacking"]) == ("formal", [])


def test_art28_the_contracts_example_of_a_case_states_losses_of_two_years_on_end() -> None:
    document = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    operation = document["paths"]["/v1/awards/{award_id}/revocations"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["example"]
    first, second = sorted(item["year"] for item in body["net_profits"])
    assert second - first == 1 and all(item["net_profit_fen"] < 0 for item in body["net_profits"])
