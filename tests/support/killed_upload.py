"""Uploads in processes of their own that kill themselves before their nth statement.

Not forked from the tests, as `killed.killed_at` does: the storage library's threads do not survive a fork. A process
that has never touched the storage waits for orders and forks for each.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from app.kernel.settings import Settings
from app.measures.roles import Role
from sandbox.stages.applications import upload
from sandbox.world import World
from tests.support import killed


@contextlib.contextmanager
def killed_uploads(
    settings: Settings, now: datetime, application_id: str, account_id: str
) -> Iterator[Callable[[int], bool]]:
    """A function that uploads a file as this applicant, to be killed before the nth statement that may write; whether
    it died of that."""
    order = {
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
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        orders, answers = process.stdin, process.stdout

        def kill(statement: int) -> bool:
            print(statement, file=orders, flush=True)
            code = int(answers.readline())
            assert code in (0, -signal.SIGKILL), code
            return code != 0

        try:
            yield kill
        finally:
            orders.close()
            process.wait(timeout=60)


def main(order: dict[str, Any]) -> None:
    settings = Settings(_env_file=None, **order["settings"])

    def act(world: World) -> None:
        upload(world.account(order["account_id"], Role.APPLICANT), order["application_id"], "extra")

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            killed.run(int(line), settings, datetime.fromisoformat(order["now"]), act)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
