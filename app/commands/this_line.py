"""Nothing of this release begins on a database that it does not know."""

from __future__ import annotations

from app.kernel.errors import Collision
from app.store.database import Database
from app.store.migrations import not_of_this_line


async def refuse_another_line(database: Database) -> None:
    """`Collision` where the database is of a newer release, or of one that is not upgraded."""
    why_not = not_of_this_line(await database.revision())
    if why_not is not None:
        raise Collision(why_not)
