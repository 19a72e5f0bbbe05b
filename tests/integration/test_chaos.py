"""Processes that are killed at random, a few times here: nothing that was acknowledged is lost, doubled or half
written; and what would be is told."""

import socket
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from siege.chaos import __main__ as command
from siege.chaos.forked import forked
from siege.chaos.killing import Killer, Tally
from siege.chaos.kinds import KINDS, Objections
from siege.chaos.places import DATABASES, Databases, Template, template
from siege.chaos.work import Act, Rows
from siege.service import Service, embedded, serving

pytestmark = pytest.mark.siege

# Of each kind, one on each database.
FEW = len(command.NAMES) * len(DATABASES)


def test_a_few_kills_lose_double_and_halve_nothing(
    postgres_server: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    databases = DATABASES if postgres_server is not None else DATABASES[:1]
    code = command.main(FEW, 3, command.NAMES, databases)
    told = capsys.readouterr().out
    assert code == 0 and "FELL" not in told, told
    (total,) = (line.split() for line in told.splitlines() if line.startswith("all "))
    kills, in_the_act, acknowledged, *_ = map(int, total[1:])
    assert kills == FEW and in_the_act > 0 and acknowledged >= kills
    assert total[5:] == ["0"] * 5


@pytest.mark.parametrize("kills", [1, 5, 12, 24, 50, 500])
def test_kills_are_shared_among_all_kinds_databases_and_workers(kills: int) -> None:
    cells = list(command.shared(kills, command.NAMES, DATABASES))
    assert sum(share for _, share in cells) == kills
    assert len({cell for cell, _ in cells}) == len(cells) == min(kills, 24)
    if kills >= FEW:
        assert {(cell.kind, cell.database) for cell, _ in cells[:FEW]} == {
            (name, database) for name in command.NAMES for database in DATABASES
        }
        assert {cell.workers for cell, _ in cells[:FEW]} == {1, 2}


def test_every_kind_is_one_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) == 5


class Half(Objections):
    """Of the last objection there is no entry."""

    def parts(self, rows: Rows) -> dict[str, float]:
        found = super().parts(rows)
        return found | {"entries": max(0, found["entries"] - 1)}


class Lost(Objections):
    """Somebody was told of one more than there is."""

    def learn(self, act: Act, answer: httpx.Response) -> None:
        super().learn(act, answer)
        if self.done == 6:
            self.done += 1


class Doubled(Objections):
    """Each left two."""

    def parts(self, rows: Rows) -> dict[str, float]:
        return {name: 2 * count for name, count in super().parts(rows).items()}


class Missing(Objections):
    """Whoever objected was told another tracking code than was kept."""

    def learn(self, act: Act, answer: httpx.Response) -> None:
        super().learn(act, answer)
        self._codes = ["x" * 43]


class Refused(Objections):
    """An act is answered otherwise than it was to be."""

    def acts(self, draw: Random) -> list[Act]:
        return [Act("/v1/rounds", None, {}) for _ in range(2)] if self.done == 0 else []


@pytest.fixture(scope="module")
def publicity() -> Iterator[Template[str]]:
    """An embedded database with a name to object to."""
    with template(Databases(None), Objections.build) as made:
        yield made


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Objections, None),
        (Half, "half_written"),
        (Lost, "lost"),
        (Doubled, "doubled"),
        (Missing, "lost"),
        (Refused, "refused"),
    ],
)
def test_what_was_lost_doubled_or_half_written_is_told(
    publicity: Template[Any], kind: type[Objections], found: str | None
) -> None:
    tally = Killer(kind, publicity, 1, Random(1)).kill(1)
    fell = {name for name in ("lost", "doubled", "half_written", "broken", "refused") if getattr(tally, name)}
    assert fell == ({found} if found else set()), tally
    assert bool(tally.said) == bool(tally.fell) == (found is not None)


def test_a_tally_that_is_nothing_has_not_fallen() -> None:
    assert Tally(kills=3, in_the_act=2, acknowledged=4, repeated=2).fell == 0
    assert Tally(lost=1, doubled=2, half_written=3, broken=4, refused=5).fell == 15


def test_a_service_can_be_killed_by_the_worker_and_as_a_whole(publicity: Template[str]) -> None:
    with publicity.copy() as settings, serving(settings, settings.keys_file.parent, workers=2) as service:
        before = service.worker_ids()
        assert len(before) == 2
        service.kill()
        assert service.worker_ids() == [] and service.stop() == 0
        service.start()
        assert set(service.worker_ids()).isdisjoint(before)
        assert service.stop() == 0


def test_where_all_of_it_was_killed_its_address_is_free_at_once(publicity: Template[str]) -> None:
    """Its workers are not waited for by their numbers, and would hold it a moment longer."""
    with publicity.copy() as settings:
        service = Service(settings, settings.keys_file.parent, 2, forked)
        try:
            for _ in range(3):
                service.start()
                service.kill()
                with socket.create_server(("127.0.0.1", service.port)):
                    pass
        finally:
            service.leave()


def test_a_service_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(TimeoutError, match="the service does not answer"),
        serving(embedded(tmp_path, database_url="sqlite:////proc/nowhere/award.db"), tmp_path),
    ):
        pass
