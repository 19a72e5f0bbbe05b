"""Files of strangers are opened in a process apart: it ends when it takes too much, knows nothing, and is had again."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from app.kernel import fair_turns
from app.kernel.apart import Over, apart, place
from app.kernel.errors import TooMany
from app.kernel.file_types import FileInfected, FileTooCostly, FileUnreadable, looked_into, opened
from app.kernel.opening import Unreadable
from app.kernel.workbooks import lines_of
from sandbox import bombs
from tests.support import apart_jobs as jobs
from tests.support.documents import WHOLE, XLSX

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def file() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as made:
        made.write(b"12345")
        yield made


def asked(function: Callable[..., object], file: IO[bytes], **given: Any) -> Any:
    return asyncio.run(apart(function, file, **given))


def test_it_reads_the_file_from_its_beginning_and_answers(file: IO[bytes]) -> None:
    assert [asked(jobs.size, file, more=2) for _ in range(3)] == [7, 7, 7]


@pytest.mark.parametrize(
    ("job", "given"), [(jobs.turn, {"seconds": 1}), (jobs.swell, {"memory": 64 << 20}), (jobs.fall, {})]
)
def test_it_is_ended_past_its_limits(file: IO[bytes], job: Callable[..., object], given: dict[str, int]) -> None:
    with pytest.raises(Over):
        asked(job, file, **given)
    assert asked(jobs.size, file, more=0) == 5


@pytest.mark.slow
def test_it_is_ended_where_it_waits(file: IO[bytes]) -> None:
    with pytest.raises(Over):
        asked(jobs.sleep, file, seconds=1)


def test_it_writes_nothing_and_knows_nothing(file: IO[bytes], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWARD_S3_SECRET_ACCESS_KEY", "secret")
    assert asked(jobs.write, file, path=str(tmp_path / "a")) is False
    told = asked(jobs.told, file)
    assert not [name for name in told["environment"] if name.startswith("AWARD_")]
    # No connection of the service is open in it: only what it was given itself.
    assert told["files"] < 16


def test_a_defect_of_ours_is_no_fault_of_the_file(file: IO[bytes]) -> None:
    with pytest.raises(RuntimeError, match="fail failed apart") as caught:
        asked(jobs.fail, file)
    assert "secret" not in str(caught.value)


def test_where_it_has_died_it_is_started_again(file: IO[bytes]) -> None:
    before = asked(jobs.told, file)["parent"]
    os.kill(before, signal.SIGKILL)
    assert asked(jobs.told, file)["parent"] != before


def test_many_at_once_wait_for_each_other(file: IO[bytes]) -> None:
    async def many() -> list[object]:
        return list(await asyncio.gather(*(apart(jobs.size, file, more=number) for number in range(24))))

    assert asyncio.run(many()) == list(range(5, 29))


def test_whoever_hands_in_many_at_once_keeps_nobody_else_waiting(file: IO[bytes]) -> None:
    """Two are opened at a time; twelve of one caller that take half a second each would hold both for three seconds."""

    async def handed_in(name: str, seconds: float) -> float:
        fair_turns.asked_by(name)
        await apart(jobs.rest, file, rested=seconds)
        return time.monotonic()

    async def both() -> tuple[float, list[float]]:
        many = [asyncio.create_task(handed_in("many", 0.5)) for _ in range(12)]
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        honest = await asyncio.create_task(handed_in("one", 0.0)) - begun
        return honest, sorted([await task for task in many])

    waited, ended = asyncio.run(both())
    assert waited < 0.5
    # One after the other.
    assert ended[-1] - ended[0] > 11 * 0.5 * 0.9


def test_more_of_one_caller_than_may_wait_are_refused_and_others_are_not(file: IO[bytes]) -> None:
    async def handed_in(name: str | None) -> object:
        if name is not None:
            fair_turns.asked_by(name)
        try:
            return await apart(jobs.size, file, more=0)
        except TooMany as error:
            return error.retry_after

    async def all_of_them() -> list[object]:
        names = ["many"] * (fair_turns.MOST_WAITING + 3) + ["one", *([None] * 30)]
        return list(await asyncio.gather(*(asyncio.create_task(handed_in(name)) for name in names)))

    told = asyncio.run(all_of_them())
    assert told[: fair_turns.MOST_WAITING] == [5] * fair_turns.MOST_WAITING
    assert told[fair_turns.MOST_WAITING :] == [10] * 3 + [5] * 31
    # Nothing is left of them.
    assert asyncio.run(all_of_them()) == told


_WORKERS = """
import asyncio, os, tempfile
from app.kernel import apart
from tests.support import apart_jobs as jobs
apart.prepare()
def ask():
    with tempfile.TemporaryFile() as file:
        return asyncio.run(apart.apart(jobs.told, file))["parent"]
for _ in range(2):
    if (child := os.fork()) == 0:
        print(ask(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
print(apart.prepare(), flush=True)
"""


@pytest.mark.slow
def test_all_workers_have_one_and_it_ends_with_them() -> None:
    command = [sys.executable, "-c", _WORKERS]
    first, second, folder = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert first == second
    until = time.monotonic() + 10
    while (Path("/proc") / first).exists() or Path(folder).exists():
        assert time.monotonic() < until, "it lives on without anybody who needs it"
        time.sleep(0.05)


_ONE = """
import asyncio, tempfile
from app.kernel.apart import apart
from tests.support import apart_jobs as jobs
with tempfile.TemporaryFile() as file:
    print(asyncio.run(apart(jobs.told, file))["parent"])
"""


def test_whoever_has_started_it_waits_for_its_end() -> None:
    command = [sys.executable, "-W", "always::ResourceWarning", "-c", _ONE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr == ""
    assert not (Path("/proc") / done.stdout.strip()).exists()


def refusal(content: bytes) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        try:
            return f"{asyncio.run(looked_into(file))} taken"
        except FileUnreadable as error:
            return error.code


@pytest.mark.parametrize("name", bombs.MATERIALS)
def test_art17_a_file_that_is_built_to_cost_or_to_run_is_refused(name: str) -> None:
    make, word = bombs.MATERIALS[name]
    content, began = make(), time.process_time()
    told = refusal(content)
    assert told == word or told.endswith(word.removeprefix("file_"))
    # Nothing of the work was ours.
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", bombs.SHEETS)
def test_art17_a_workbook_that_is_built_to_cost_is_refused(name: str) -> None:
    make, word = bombs.SHEETS[name]
    expected = {"file_too_costly": FileTooCostly, "unreadable_sheet": Unreadable}[word]
    with tempfile.TemporaryFile() as file:
        file.write(make())
        with pytest.raises(expected):
            asyncio.run(lines_of(file, first_sheets=20, most_lines=10, columns=40))


def test_art17_whole_documents_of_every_type_are_opened_within_the_limits() -> None:
    for content in (*WHOLE.values(), XLSX):
        with tempfile.TemporaryFile() as file:
            file.write(content)
            assert asyncio.run(looked_into(file)) == opened(io.BytesIO(content))


def test_the_refusals_of_a_scanner_have_their_code() -> None:
    assert (FileInfected().code, FileInfected().findings[0].article) == ("file_infected", "17")


def test_it_is_reached_wherever_temporary_files_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The system takes no longer address of a socket than 107 bytes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("a" * 90)))
    assert len(str(place())) < 60
    monkeypatch.setattr(tempfile, "tempdir", "/var/tmp")
    assert place() == Path("/var/tmp")
