"""A session that reads cannot write: the database itself refuses it, on both kinds."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.store.database import Database, ReadSession
from app.store.units import RecommendingUnit
from sandbox.seed import EPOCH, known
from sandbox.world import World

Write = Callable[[ReadSession], Awaitable[Any]]
INSERT = "INSERT INTO audit_head (id, seq, hash) SELECT id + 1, seq, hash FROM audit_head"
REFUSED = r"readonly database|read-only transaction"


async def by_statement(session: ReadSession) -> None:
    await session.execute(text(INSERT))


async def by_flush(session: ReadSession) -> None:
    """The flush itself, past the guard of the session."""
    session.add(
        RecommendingUnit(
            id=known("unit:none"), created_at=EPOCH, name="样例", kind="township", area="样例", industry=None
        )
    )
    await session.run_sync(Session.flush)


async def units(session: ReadSession) -> int:
    return (await session.execute(select(func.count()).select_from(RecommendingUnit))).scalar_one()


@pytest.mark.parametrize("write", [by_statement, by_flush])
def test_the_database_refuses_to_write_for_a_reader(world: World, write: Write) -> None:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def attempt() -> tuple[int, int]:
        async with database.reading() as session:
            before = await units(session)
        with pytest.raises(DBAPIError, match=REFUSED):
            async with database.reading() as session:
                await write(session)
        # The connection goes back to the readers, and no writer is given it.
        async with database.writing() as session:
            await session.execute(text("UPDATE recommending_units SET industry = industry"))
            await session.commit()
        async with database.reading() as session:
            return before, await units(session)

    before, after = world.client.portal.call(attempt)  # type: ignore[union-attr]
    assert before == after > 0


def test_a_flush_is_refused_before_it_reaches_the_database(world: World) -> None:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def attempt() -> None:
        async with database.reading() as session:
            unit = (await session.execute(select(RecommendingUnit).limit(1))).scalar_one()
            unit.name = "样例"
            with pytest.raises(RuntimeError, match="asked to write"):
                await session.flush()

    world.client.portal.call(attempt)  # type: ignore[union-attr]


def test_a_reader_sees_what_a_writer_has_just_committed(world: World) -> None:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def attempt() -> set[str]:
        async with database.writing() as session:
            await session.execute(text("UPDATE recommending_units SET name = '样例改名' WHERE area = '文武坝镇'"))
            await session.commit()
        async with database.reading() as session:
            return set((await session.execute(select(RecommendingUnit.name))).scalars())

    assert "样例改名" in world.client.portal.call(attempt)  # type: ignore[union-attr]
