"""The requests of the README are copied and run, against a service with the sample data."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.settings import Settings
from app.main import create_app
from demo.sample import load
from sandbox.clock import MovableClock
from sandbox.live import serving
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
