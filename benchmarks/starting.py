"""How long a start takes and what it leaves in memory: `python -m benchmarks.starting`. A part of `make bench`, alone.

On an empty database; the load is the register's page.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from app.store.migrations import upgrade
from benchmarks import machine, report
from benchmarks.databases import KINDS, empty_database, version
from benchmarks.processes import framework, observe, service

_PATHS = [("/v1/awards?limit=20", None), ("/v1/rounds", None), ("/v1/notices", None)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.starting", description=__doc__)
    parser.add_argument("--database", choices=KINDS, nargs="+", default=["sqlite"], help="default: sqlite")
    parser.add_argument("--starts", type=int, default=5, help="of each, in turn (default: 5)")
    parser.add_argument("--requests", type=int, default=2_000, help="before memory is looked at again (default: 2000)")
    given = parser.parse_args()
    print(machine.description(), flush=True)
    for kind in given.database:
        with tempfile.TemporaryDirectory(prefix="award-bench-") as name, empty_database(kind, Path(name)) as url:
            upgrade(url)
            environment = {
                "AWARD_DATABASE_URL": url,
                "AWARD_KEYS_FILE": f"{name}/keys.json",
                "AWARD_FILES_URL": f"file:{name}/files",
            }
            ours = [service(workers, environment, _PATHS, version(url)) for workers in (1, 2)]
            seen = observe([framework(), *ours], Path(name), starts=given.starts, requests=given.requests)
            print(report.process_table(seen), flush=True)


if __name__ == "__main__":
    main()
