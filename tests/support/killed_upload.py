"""An upload in a process of its own that kills itself before its nth statement.

Not forked, as `killed.killed_at` does: the storage library's threads do not survive a fork.
"""

import json
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from app.kernel.settings import Settings
from app.measures.roles import Role
from sandbox.stages.applications import upload
from sandbox.world import World
from tests.support import killed


def killed_upload(statement: int, settings: Settings, now: datetime, application_id: str, account_id: str) -> bool:
    """Upload a file as this applicant, to be killed before the nth statement; whether it died of that."""
    order = {
        "statement": statement,
        "now": now.isoformat(),
        "application_id": application_id,
        "account_id": account_id,
        "settings": {
            "database_url": settings.database_url,
            "keys_file": str(settings.keys_file),
            "files_url": settings.files_url,
            "log_level": "ERROR",
        },
    }
    command = [sys.executable, "-m", "tests.support.killed_upload", json.dumps(order)]
    done = subprocess.run(command, check=False, timeout=120, cwd=Path(__file__).parents[2])
    assert done.returncode in (0, -signal.SIGKILL), done.returncode
    return done.returncode != 0


def main(order: dict[str, Any]) -> None:
    settings = Settings(_env_file=None, **order["settings"])

    def act(world: World) -> None:
        upload(world.account(order["account_id"], Role.APPLICANT), order["application_id"], "extra")

    killed.run(order["statement"], settings, datetime.fromisoformat(order["now"]), act)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
