"""The log as a log host gets it: whole lines without a gap, a file for each month, the chain still in it (Art. 10)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.kernel.settings import Settings
from app.store.audit import chain_hash
from sandbox.stages.law import holiday_year
from sandbox.world import World, ok

Export = Callable[..., tuple[str, dict[str, list[dict[str, Any]]]]]


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings as an operator has them."""
    monkeypatch.setenv("AWARD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("AWARD_FILES_URL", settings.files_url)


@pytest.fixture
def export(environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    """Export into one folder: what was said, and every line that lies there."""
    folder = tmp_path / "log"

    def exported(*arguments: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
        capsys.readouterr()
        assert cli.main(["export-audit", str(folder), *arguments]) == 0
        files = {path.name: path.read_text().splitlines() for path in sorted(folder.iterdir())}
        return capsys.readouterr().out, {name: [json.loads(line) for line in lines] for name, lines in files.items()}

    return exported


def grow(world: World, *years: int) -> None:
    for year in years:
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)


def test_each_month_is_a_file_and_the_lines_chain(world: World, export: Export) -> None:
    grow(world, 2031, 2032)
    # The last evening of the month by the clock of Greenwich, the first day of the next in Huichang.
    world.clock.go("2024-04-01")
    grow(world, 2033)
    said, files = export()
    assert said == "3 entries written; the last that lies there is 3\n"
    assert {name: len(lines) for name, lines in files.items()} == {"audit-2024-03.jsonl": 2, "audit-2024-04.jsonl": 1}
    previous = "0" * 64
    for line in [line for lines in files.values() for line in lines]:
        fields = {name: value for name, value in line.items() if name not in ("previous_hash", "hash")}
        assert (line["previous_hash"], line["hash"]) == (previous, chain_hash(previous, fields))
        previous = str(line["hash"])
    assert previous == ok(world.auditor.get("/v1/audit-chain"))["head_hash"]


def test_it_is_carried_on_where_it_was_left_off_even_in_the_middle_of_a_line(
    world: World, export: Export, tmp_path: Path
) -> None:
    grow(world, 2031, 2032)
    export()
    target = tmp_path / "log" / "audit-2024-03.jsonl"
    assert target.stat().st_mode & 0o077 == 0
    whole = target.read_bytes()
    target.write_bytes(whole[:-20])
    grow(world, 2033)
    said, files = export()
    assert said.startswith("2 entries written")
    assert [line["seq"] for line in files[target.name]] == [1, 2, 3]
    assert target.read_bytes().startswith(whole)
    assert export()[0] == "0 entries written; the last that lies there is 3\n"


def test_days_are_chosen_and_old_copies_go(world: World, export: Export) -> None:
    grow(world, 2031)
    world.clock.go("2024-05-02")
    grow(world, 2032)
    world.clock.go("2024-06-03")
    grow(world, 2033)
    _, files = export("--from", "2024-05-02", "--to", "2024-05-02")
    assert [line["seq"] for lines in files.values() for line in lines] == [2]
    said, files = export("--keep-months", "6")
    # By the machine's clock all of it is long past.
    assert re.findall(r"audit-2024-\d\d\.jsonl removed", said) and files == {}
    with pytest.raises(SystemExit):
        export("--keep-months", "5")


def test_another_file_in_its_place_is_left_alone(
    environment: None, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "audit-2024-03.jsonl").write_text("something else\n")
    assert cli.main(["export-audit", str(folder)]) == 2
    assert "not a log that was exported" in capsys.readouterr().err
    assert (folder / "audit-2024-03.jsonl").read_text() == "something else\n"


def chained(files: dict[str, list[dict[str, Any]]]) -> list[int]:
    """The numbers of all lines that lie there, in the order of the files."""
    return [int(line["seq"]) for _, lines in sorted(files.items()) for line in lines]


def test_two_at_once_write_each_entry_once(world: World, export: Export, settings: Settings, tmp_path: Path) -> None:
    """The one of each minute and the one of each night: the second is refused in one line, or comes after the first."""
    grow(world, *range(2031, 2061))
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "app.cli", "export-audit", str(tmp_path / "log")],
            cwd=Path(cli.__file__).parent.parent,
            env={
                **os.environ,
                "AWARD_DATABASE_URL": settings.database_url,
                "AWARD_FILES_URL": settings.files_url,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = [process.communicate() for process in commands]
    codes = [process.returncode for process in commands]
    assert set(codes) <= {0, 2} and 0 in codes, said
    assert all(len(err.splitlines()) == 1 for code, (_, err) in zip(codes, said, strict=True) if code == 2), said
    _, files = export()
    assert chained(files) == list(range(1, 31))


def test_a_disk_that_is_full_is_told_in_one_line_and_carried_on_later(
    world: World, export: Export, settings: Settings, tmp_path: Path
) -> None:
    grow(world, *range(2031, 2051))
    limited = [sys.executable, "-c", _SMALL_DISK, str(tmp_path / "log")]
    environment = {**os.environ, "AWARD_DATABASE_URL": settings.database_url, "AWARD_FILES_URL": settings.files_url}
    root = Path(cli.__file__).parent.parent
    done = subprocess.run(limited, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1 and "could not be done" in done.stderr
    # What was broken off in the middle of a line is written anew.
    assert list((tmp_path / "log").glob("*.jsonl"))
    _, files = export()
    assert chained(files) == list(range(1, 21))


# As a disk that is full in the middle of a line.
_SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from app import cli
from app.commands import export_audit
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
sys.exit(cli.main(["export-audit", sys.argv[1]]))
"""
