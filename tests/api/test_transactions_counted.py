"""What an act costs: statements on both databases, and on PostgreSQL how often it goes there and back, counted on the
wire. These are bounds that are met exactly: whoever changes one says so here."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Select, select
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from app.store.rounds import Round
from sandbox.clock import MovableClock
from sandbox.stages.applications import register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    candidates,
    conclusion,
    evaluated_round,
    in_publicity,
    meeting,
    verify_record,
)
from sandbox.stages.money import order_body
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support import queries, round_trips

Act = Callable[[World, int], Any]


class Measured:
    """A service of its own beside the one of the test, whose way to the database is counted."""

    def __init__(self, world: World, trips: round_trips.Trips | None) -> None:
        self.world, self._trips = world, trips

    def cost(self, act: Act) -> tuple[int, int | None]:
        """Statements and round trips of an act that this service has carried out before: what it prepares once is not
        counted."""
        act(self.world, 0)
        if self._trips is not None:
            self._trips.count = 0
        with queries.counted(self.world) as statements:
            act(self.world, 1)
        return len(statements), None if self._trips is None else self._trips.count


@pytest.fixture
def measured(world: World, settings: Settings, clock: MovableClock) -> Iterator[Callable[[], Measured]]:
    """Starts it; to be called when what the test needs has been made."""
    with contextlib.ExitStack() as stack:

        def start() -> Measured:
            chosen, trips = settings, None
            if not settings.database_url.startswith("sqlite"):
                trips = stack.enter_context(round_trips.counted(settings.database_url))
                chosen = settings.model_copy(update={"database_url": trips.url})
            client = stack.enter_context(TestClient(create_app(chosen, clock=clock)))
            return Measured(World(client, clock), trips)

        yield start


def test_an_objection_with_a_key(world: World, measured: Any) -> None:
    made = in_publicity(world, Contender())
    candidate = candidates(world, made.round_id)[made.ids[0]]["id"]

    def act(there: World, number: int) -> None:
        key = {"Idempotency-Key": f"objection-{number}"}
        ok(there.public.post(f"/v1/candidates/{candidate}/objections", OBJECTION, headers=key), 201)

    # Account for BEGIN and COMMIT; the key, the round's lock, the facts; then everything that is written, in one.
    costs(measured().cost(act), sqlite=9, postgresql=(4, 6))


def test_a_draft_edited(world: World, measured: Any) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)

    def act(there: World, number: int) -> None:
        caller = there.account(str(applicant.account_id), applicant.role)
        ok(
            caller.patch(
                f"/v1/applications/{draft['id']}", {"content": {"staff": number + 1}}, version=draft["version"] + number
            )
        )

    costs(measured().cost(act), sqlite=14, postgresql=(11, 13))


def test_a_meeting_with_its_ballots(world: World, measured: Any) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])

    def act(there: World, number: int) -> None:
        told = meeting(there, [conclusion(made.ids[0])])
        if number == 0:
            # It meets once: tried first, and the chain's end looked at by another act.
            ok(there.office.post(f"/v1/rounds/{made.round_id}/deliberation?dry_run=true", told), 201)
            unit = {"name": "样例乡", "kind": "township", "area": "样例"}
            ok(there.office.post("/v1/recommending-units", unit), 201)
        else:
            ok(there.office.post(f"/v1/rounds/{made.round_id}/deliberation", told), 201)

    costs(measured().cost(act), sqlite=21, postgresql=(18, 20))


def test_a_prize_ordered_and_acknowledged(world: World, measured: Any) -> None:
    winners = concluded(world, {}, {}).winners
    there = measured()
    made: dict[int, Any] = {}

    def order(there: World, number: int) -> None:
        winner = winners[number]
        made[number] = ok(there.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner)), 201)

    def acknowledge(there: World, number: int) -> None:
        ok(there.platform.post(f"/v1/disbursements/{made[number]['id']}/acknowledgement", {"attempt": 1}))

    # What is to be recovered from the payee is asked twice: before the act, and for what the answer offers.
    costs(there.cost(order), sqlite=38, postgresql=(36, 38))
    costs(there.cost(acknowledge), sqlite=24, postgresql=(21, 23))


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The queries that are written from here on."""
    made: list[object] = []
    write = Select.__init__

    # Any: the library's own signature.
    def noted(self: Any, *args: Any, **options: Any) -> None:
        made.append(args)
        write(self, *args, **options)

    monkeypatch.setattr(Select, "__init__", noted)
    yield made


def test_an_act_that_was_carried_out_before_writes_no_query_anew(world: World, made_anew: list[object]) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)
    path = f"/v1/applications/{draft['id']}"

    def edit(staff: int) -> None:
        version = ok(applicant.get(path))["version"]
        ok(applicant.patch(path, {"content": {"staff": staff}}, version=version))

    edit(1)
    made_anew.clear()
    edit(2)
    assert not made_anew
    select(Round)
    assert made_anew, "a query that is written is noted"


def costs(seen: tuple[int, int | None], *, sqlite: int, postgresql: tuple[int, int]) -> None:
    """Round trips are the statements with BEGIN and COMMIT, and nothing besides."""
    assert seen == ((sqlite, None) if seen[1] is None else postgresql)
