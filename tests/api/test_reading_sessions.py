"""A session that reads cannot write: the database itself refuses it, on both kinds. What one has read or locked is not
asked for again."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.store import rounds
from app.store.database import Database, ReadSession, WriteSession
from app.store.rounds import Round
from app.store.statements import Statement, given
from app.store.units import RecommendingUnit
from sandbox.seed import EPOCH, known
from sandbox.stages.rounds import open_round
from sandbox.world import World
from tests.support import queries

Write = Callable[[ReadSession], Awaitable[Any]]
INSERT = "INSERT INTO audit_head (id, seq, hash) SELECT id + 1, seq, hash FROM audit_head"
REFUSED = r"readonly database|read-only transaction"
Answer = TypeVar("Answer")
WENWUBA, JUNMENLING = known("unit:wenwuba"), known("unit:junmenling")


class Named(NamedTuple):
    name: str


_NAMED = Statement(select(RecommendingUnit.name).where(RecommendingUnit.id == given("id")), Named)


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


def reading(world: World, look: Callable[[ReadSession], Awaitable[Answer]]) -> Answer:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def inside() -> Answer:
        async with database.reading() as session:
            return await look(session)

    return world.client.portal.call(inside)  # type: ignore[union-attr]


def writing(world: World, act: Callable[[WriteSession], Awaitable[Answer]]) -> Answer:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]

    async def inside() -> Answer:
        async with database.writing() as session:
            return await act(session)

    return world.client.portal.call(inside)  # type: ignore[union-attr]


def test_a_row_that_is_held_is_read_once(world: World) -> None:
    async def look(session: ReadSession) -> tuple[list[str], list[str]]:
        with queries.counted(world) as first:
            unit = await session.by_id(RecommendingUnit, WENWUBA)
        with queries.counted(world) as again:
            assert unit is not None and await session.by_id(RecommendingUnit, WENWUBA) is unit
        return first, again

    first, again = reading(world, look)
    assert [text for text in first if "recommending_units" in text] and not again


def test_of_many_rows_those_are_read_that_are_not_held(world: World) -> None:
    async def look(session: ReadSession) -> list[str]:
        unit = await session.by_id(RecommendingUnit, WENWUBA)
        with queries.counted(world) as statements:
            both = await session.by_ids(RecommendingUnit, [JUNMENLING, WENWUBA])
        assert both[WENWUBA] is unit and both[JUNMENLING].name == "筠门岭镇"
        with queries.counted(world) as again:
            assert await session.by_ids(RecommendingUnit, both) == both
        assert not again
        return statements

    assert len(reading(world, look)) == 1


def test_a_row_that_does_not_exist_is_none(world: World) -> None:
    async def look(session: ReadSession) -> tuple[object, object]:
        return await session.by_id(RecommendingUnit, known("none")), await session.by_ids(Round, [known("none")])

    assert reading(world, look) == (None, {})


def test_a_row_that_was_rolled_back_is_read_again(world: World) -> None:
    async def act(session: WriteSession) -> str:
        unit = await session.by_id(RecommendingUnit, WENWUBA)
        assert unit is not None
        unit.name = "样例改名"
        await session.flush()
        await session.rollback()
        again = await session.by_id(RecommendingUnit, WENWUBA)
        assert again is unit
        return again.name

    assert writing(world, act) == "文武坝镇"


def test_a_plain_row_is_of_the_transaction_and_after_what_it_has_written(world: World) -> None:
    async def act(session: WriteSession) -> Named | None:
        session.add(
            RecommendingUnit(
                id=known("unit:new"), created_at=EPOCH, name="样例新乡", kind="township", area="样例", industry=None
            )
        )
        return await session.row(_NAMED, {"id": known("unit:new")})

    async def look(session: ReadSession) -> Named | None:
        return await session.row(_NAMED, {"id": known("unit:new")})

    assert writing(world, act) == Named("样例新乡")
    assert reading(world, look) is None


def test_a_plain_row_cannot_be_read_over_something_to_write(world: World) -> None:
    async def look(session: ReadSession) -> None:
        unit = await session.by_id(RecommendingUnit, WENWUBA)
        assert unit is not None
        unit.name = "样例"
        with pytest.raises(RuntimeError, match="asked to write"):
            await session.row(_NAMED, {"id": WENWUBA})

    reading(world, look)


def test_a_round_is_held_until_its_transaction_ends(world: World) -> None:
    round_id = UUID(open_round(world))

    async def act(session: WriteSession) -> list[str]:
        await rounds.lock(session, round_id)
        await session.commit()
        with queries.counted(world) as statements:
            assert await rounds.get(session, round_id) is not None
        return statements

    assert [text for text in writing(world, act) if "rounds" in text]


def test_a_round_that_was_locked_is_not_read_again(world: World) -> None:
    round_id = UUID(open_round(world))

    async def act(session: WriteSession) -> list[str]:
        await rounds.share(session, round_id)
        with queries.counted(world) as statements:
            assert await rounds.get(session, round_id) is not None
        return statements

    assert not writing(world, act)


async def _shared(session: WriteSession, round_id: UUID) -> Round | None:
    return await rounds.share(session, round_id)


async def _gotten(session: WriteSession, round_id: UUID) -> Round | None:
    return await session.get(Round, round_id, with_for_update=True)


@pytest.mark.parametrize("lock", [rounds.lock, _shared, _gotten])
def test_what_is_locked_is_read_anew(
    world: World, lock: Callable[[WriteSession, UUID], Awaitable[Round | None]]
) -> None:
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]
    round_id = UUID(open_round(world))

    async def attempt() -> str:
        async with database.writing() as session:
            before = await session.by_id(Round, round_id)
            assert before is not None
            # As somebody else would who held it meanwhile: past the session.
            await session.execute(text("UPDATE rounds SET title = '样例：另一标题'"))
            assert before.title != "样例：另一标题"
            found = await lock(session, round_id)
            assert found is before
            return found.title

    assert world.client.portal.call(attempt) == "样例：另一标题"  # type: ignore[union-attr]
