"""Migrations that are killed, begun twice, or begun where they must not be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from random import Random

from siege.attack import Outcome, attack
from siege.chaos.migrations import kill
from siege.chaos.places import Databases
from siege.service import ROOT, embedded, environment
from siege.target import Bystander, Target

_ALONE, _OF_TWO, _TWICE = 8, 8, 3


@attack("migrations")
def migrations(_target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """Migrations killed at a random instant, alone and one of two at once: the next one finds nothing or everything,
    and is whole. Two at once both end well; where none is possible one line says so, and nothing was changed."""
    draw = Random(1)
    tallies = [kill(Databases(None), at_once, times, draw) for at_once, times in ((1, _ALONE), (2, _OF_TWO))]
    outcome.figures = {
        "killed": sum(tally.kills for tally in tallies),
        "in_the_act": sum(tally.in_the_act for tally in tallies),
        "doubled_runs": _TWICE,
        "fell": sum(tally.fell for tally in tallies),
    }
    for sentence in (sentence for tally in tallies for sentence in tally.said):
        outcome.expect(False, sentence)
    outcome.expect(not outcome.figures["fell"], "a killed migration left a part, or too much")
    with tempfile.TemporaryDirectory(prefix="award-siege-") as name:
        for number in range(_TWICE):
            running = [_begun(Path(name) / str(number)) for _ in range(2)]
            for process in running:
                said = process.communicate(timeout=120)[1]
                outcome.expect(process.returncode == 0, f"one of two ended with {process.returncode}: {said[-300:]!r}")
        _refused(Path(name) / "0", outcome)


def _begun(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app.cli", "migrate"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(embedded(folder)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _refused(whole: Path, outcome: Outcome) -> None:
    """A database of a later release, and a folder in the place of one."""
    with closing(sqlite3.connect(whole / "award.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
        connection.commit()
    blocked = whole.with_name("blocked")
    (blocked / "award.db").mkdir(parents=True)
    for folder in (whole, blocked):
        process = _begun(folder)
        said = process.communicate(timeout=120)[1].decode()
        outcome.expect(
            process.returncode == 2 and len(said.splitlines()) == 1,
            f"{folder.name}: ended with {process.returncode}: {said[-300:]}",
        )
