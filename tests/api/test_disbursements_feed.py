"""The payment platform's feed: read to the end it misses nothing and repeats nothing; accounts go nowhere else."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from app.services.disbursements.read_feed import FEED
from app.store import feeds
from app.store.disbursements import Disbursement
from app.store.models import Base
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import ACCOUNT, acknowledge, confirmation, order
from sandbox.world import World, ok
from tests.support.problems import refused


class HeldOpen:
    """A transaction that has written a change of a disbursement and is not committed yet."""

    def __init__(self, world: World, disbursement: dict[str, Any]) -> None:
        portal: Any = world.client.portal
        self._portal = portal
        self._manager: Any = world.client.app.state.database.writing()  # type: ignore[attr-defined]
        self._row, self._now = UUID(disbursement["id"]), world.clock.now()
        portal.call(self._begin)

    async def _begin(self) -> None:
        self._session = await self._manager.__aenter__()
        feeds.emit(
            self._session,
            feed=FEED,
            audience="payment_platform",
            kind="suspended",
            subject_id=self._row,
            data={"attempt": 1},
            now=self._now,
        )
        await self._session.flush()

    def commit(self) -> None:
        self._portal.call(self._commit)

    async def _commit(self) -> None:
        await self._session.commit()
        await self._manager.__aexit__(None, None, None)


def pull(world: World, after: int, limit: int = 50) -> dict[str, Any]:
    return ok(world.platform.get(f"/v1/disbursement-feed?after={after}&limit={limit}"))  # type: ignore[no-any-return]


def winners(world: World, rounds: int) -> list[Winner]:
    made: list[Winner] = []
    for number in range(rounds):
        year = 2024 + 2 * number
        made += concluded(
            world,
            {},
            {},
            {},
            year=year,
            ordinal=number + 1,
            decreed_on=f"{year}-06-03",
            decree_number=f"会府字〔{year}〕12号",
        ).winners
    return made


def test_a_change_that_is_committed_late_is_not_skipped(world: World) -> None:
    if world.client.app.state.database.is_sqlite:  # type: ignore[attr-defined]
        pytest.skip("SQLite has one writer at a time: no two transactions overlap")
    first, second = concluded(world, {}, {}).winners
    earlier = order(world, first)
    assert pull(world, 0)["next_after"] == 1
    # Begun before the second order and committed after the reader has read past it.
    held = HeldOpen(world, earlier)
    later = order(world, second)
    page = pull(world, 1)
    assert [(item["position"], item["disbursement"]["id"]) for item in page["items"]] == [(2, later["id"])]
    assert pull(world, page["next_after"])["items"] == []
    held.commit()
    rest = pull(world, page["next_after"])
    assert [(item["position"], item["kind"], item["disbursement"]["id"]) for item in rest["items"]] == [
        (3, "suspended", earlier["id"])
    ]


@pytest.mark.slow
def test_pages_to_the_end_hold_every_change_once(world: World) -> None:
    orders = [order(world, winner) for winner in winners(world, 2)]
    pages, after = [], 0
    while True:
        page = pull(world, after, limit=4)
        pages.append(page["items"])
        if not page["items"]:
            break
        assert page["next_after"] == page["items"][-1]["position"] > after
        after = page["next_after"]
    assert [len(items) for items in pages] == [4, 2, 0]
    assert [item["disbursement"]["id"] for items in pages for item in items] == [item["id"] for item in orders]
    # Whoever lost the answer asks again and reads the same.
    assert pull(world, 0, limit=4)["items"] == pages[0]


def test_readers_at_once_see_the_same_positions(world: World) -> None:
    orders = [order(world, winner) for winner in winners(world, 2)]
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(lambda _: pull(world, 0)["items"], range(4)))
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert [item["position"] for item in answers[0]] == list(range(1, len(orders) + 1))


def test_a_position_that_the_feed_has_not_reached_is_refused(world: World) -> None:
    assert pull(world, 0) == {"items": [], "next_after": 0}
    refused(world.platform.get("/v1/disbursement-feed?after=1"), 422, "unknown_position")
    order(world, concluded(world, {}).winners[0])
    assert pull(world, 1) == {"items": [], "next_after": 1}
    told = refused(world.platform.get("/v1/disbursement-feed?after=2"), 422, "unknown_position")
    assert [(item["pointer"], item["code"]) for item in told["errors"]] == [("/query/after", "unknown_position")]


def test_an_account_is_kept_sealed_in_the_order_and_nowhere_else(world: World, database_url: str) -> None:
    key = {"Idempotency-Key": "a-key-of-the-platform"}
    ordered = order(world, concluded(world, {}).winners[0])
    read = [world.platform.get("/v1/disbursement-feed?after=0", headers=key) for _ in range(2)]
    assert all(ACCOUNT in answer.text for answer in read)
    refused(world.platform.get("/v1/disbursement-feed?after=0&dry_run=true"), 422, "dry_run_not_supported")
    path = f"/v1/disbursements/{ordered['id']}"
    taken = acknowledge(world, ordered)
    ok(
        world.platform.post(
            f"{path}/payment-confirmation", confirmation(world, taken), headers=key | {"Idempotency-Key": "k" * 9}
        )
    )
    acts = [entry["act"] for entry in ok(world.auditor.get("/v1/audit-entries"))["items"]]
    assert acts.count("read_disbursement_feed") == 2
    engine = create_engine(database_url)
    with engine.connect() as connection:
        holding = {
            table.name
            for table in Base.metadata.sorted_tables
            if ACCOUNT in str([tuple(bytes_read(row)) for row in connection.execute(select(table))])
        }
        sealed = connection.execute(select(Disbursement.sealed_bank_account)).scalars().all()
    engine.dispose()
    assert holding == set() and len(sealed) == 1 and sealed[0]


def bytes_read(row: Any) -> list[Any]:
    return [value.decode(errors="replace") if isinstance(value, bytes) else value for value in row]


def test_an_error_of_the_database_does_not_tell_an_account(world: World) -> None:
    async def ask() -> str:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            with pytest.raises(DBAPIError) as raised:
                await session.execute(text("SELECT nothing FROM nowhere WHERE a = :account"), {"account": ACCOUNT})
            return str(raised.value)

    assert ACCOUNT not in world.client.portal.call(ask)  # type: ignore[union-attr]
