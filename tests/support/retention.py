"""Letting years go by, and what is anonymised then."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.measures.retention import DataClass, anonymised_mark
from app.services.privacy.anonymise_due import Anonymised
from app.store.identity import Account
from sandbox.world import World

MARK = anonymised_mark()
# Whoever is needed in the course of a test is in use throughout; all others are out of use in the end.
IN_USE = ("office", "government", "auditor", "payment_platform")


def use(world: World, *logins: str) -> None:
    """These accounts were used now."""
    with world.past_the_service() as session:
        session.execute(update(Account).where(Account.login.in_(logins)).values(last_used_at=world.clock.now()))
        session.commit()


def go(world: World, day: date) -> None:
    world.clock.go(day)
    use(world, *IN_USE)


def anonymise(world: World) -> Anonymised | None:
    retention: Any = world.client.app.state.retention  # type: ignore[attr-defined]
    found: Anonymised | None = world.client.portal.call(retention.now)  # type: ignore[union-attr]
    return found


def done(world: World) -> dict[DataClass, int]:
    found = anonymise(world)
    assert found is not None
    return found.done


def rows(world: World, model: Any, *where: Any) -> list[Any]:
    with world.past_the_service() as session:
        found = list(session.execute(select(model).where(*where)).scalars())
        session.expunge_all()
        return found


def one(world: World, model: Any, *where: Any) -> Any:
    (found,) = rows(world, model, *where)
    return found
