"""What the service's own account of PostgreSQL may: read and write rows, and of what stays on record only add to it. It
owns no table, so that it can neither change one nor put a trigger out of the way. Migrations have their own account.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import create_engine, make_url, text

from app.store.database import ReadSession
from app.store.first_schema.guards import GUARDS, REMOVED_FROM
from app.store.models import Base

_KEPT_AS_THEY_ARE = frozenset(guard.table for guard in GUARDS if guard.never is None and "UPDATE" in guard.events)


class NoSuchRole(Exception):
    """The service's account is unknown to the server."""


def rights() -> dict[str, tuple[str, ...]]:
    """By table: what the service's account may. To lock a row is to be allowed to change it."""
    found: dict[str, tuple[str, ...]] = {"alembic_version": ("SELECT",)}
    for table in Base.metadata.sorted_tables:
        may = ["SELECT", "INSERT"]
        may += ["UPDATE"] if table.name not in _KEPT_AS_THEY_ARE else []
        may += ["DELETE"] if table.name in REMOVED_FROM else []
        found[table.name] = tuple(may)
    return found


def grant(owner_url: str, service_url: str) -> str | None:
    """Give the service's account its rights, and take every other from it; the account's name, None where both are the
    same or the database is no server's. Raises `NoSuchRole`."""
    owner, service = make_url(owner_url), make_url(service_url)
    if owner.get_backend_name() != "postgresql" or service.username in (None, owner.username):
        return None
    engine = create_engine(owner)
    try:
        with engine.begin() as connection:
            known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
            if connection.execute(known, {"role": service.username}).first() is None:
                raise NoSuchRole(service.username)
            role = connection.dialect.identifier_preparer.quote(str(service.username))
            for statement in _statements(role):
                connection.execute(text(statement))
    finally:
        engine.dispose()
    return service.username


def _statements(role: str) -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    # Nothing is drawn from one; a copy of the database says where each stands (`pg_dump`), and fails where it may not.
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    for table, may in rights().items():
        yield f"GRANT {', '.join(may)} ON {table} TO {role}"


async def owns_the_tables(session: ReadSession) -> bool:
    """Whether this account may alter tables of the service: as their owner, as one of the owner's, or as the server's
    superuser."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    owned = text(
        "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public'"
        " AND pg_has_role(current_user, tableowner, 'MEMBER'))"
    )
    return bool((await session.execute(owned)).scalar_one())
