"""What a process does by itself goes on when the database goes away, and tells it as that."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app.kernel import checkpoints, sweeping
from app.services.privacy import anonymise_due
from app.store.database import Database
from sandbox.world import World
from tests.api.test_audit_sweeps import run, state_of

TURNS: list[tuple[Any, str, str]] = [
    (sweeping, "sweeper", "sweep"),
    (checkpoints, "checkpointer", "checkpoint"),
    (anonymise_due, "retention", "retention"),
]


def away(*_args: object) -> None:
    raise OperationalError(None, None, Exception("away"))


def broken(*_args: object) -> None:
    raise KeyError("样例机密")


@pytest.mark.one_database
@pytest.mark.parametrize(("module", "name", "turn"), TURNS, ids=[item[2] for item in TURNS])
@pytest.mark.parametrize("how", [away, broken])
def test_a_turn_that_the_database_takes_away_is_told_and_the_next_one_comes(
    world: World, module: Any, name: str, turn: str, how: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) > 2:
            raise asyncio.CancelledError

    async def turns() -> None:
        with pytest.raises(asyncio.CancelledError):
            await getattr(state_of(world), name).run()

    with monkeypatch.context() as trouble, capture_logs() as lines:
        trouble.setattr(module.asyncio, "sleep", pause)
        trouble.setattr(Database, "writing", how)
        trouble.setattr(Database, "reading", how)
        run(world, turns)
    told = {"event": "database_unavailable", "during": turn, "error": "OperationalError"}
    failed = {"event": f"{turn}_failed", "error": "KeyError"}
    wanted = (told if how is away else failed) | {"log_level": "error"}
    assert [line for line in lines if line["event"] in (told["event"], failed["event"])] == [wanted, wanted]
