"""Many applications at once, copied in the database from one that came through the API: for what must not depend on
their number."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from app.store.applications import Application
from app.store.applications.attachments import Attachment
from app.store.base import new_id
from app.store.organisations import Organisation
from sandbox.world import World


def crowd(world: World, application_id: str, count: int, *, first: int = 1) -> list[str]:
    """`count` further submitted applications like this one, each of an organisation of its own, numbered from `first`;
    their ids."""
    database: Any = world.client.app.state.database  # type: ignore[attr-defined]

    async def copy() -> list[str]:
        async with database.writing() as session:
            source = await session.get(Application, UUID(application_id))
            organisation = await session.get(Organisation, source.organisation_id)
            files = (
                (await session.execute(select(Attachment).where(Attachment.application_id == source.id)))
                .scalars()
                .all()
            )
            organisations, applications, attachments = [], [], []
            for number in range(first, first + count):
                owner, made = new_id(), new_id()
                uscc, name = f"91360733MC{number:08d}", f"样例参评组织{number}"
                organisations.append(
                    _values(organisation) | {"id": owner, "lineage_id": owner, "uscc": uscc, "name": name}
                )
                snapshot = {
                    **source.snapshot,
                    "organisation": {**source.snapshot["organisation"], "name": name, "uscc": uscc},
                }
                applications.append(
                    _values(source)
                    | {"id": made, "organisation_id": owner, "number": f"HQA-CROWD-{number:06d}", "snapshot": snapshot}
                )
                attachments += [
                    _values(item) | {"id": new_id(), "application_id": made, "storage_key": uuid4().hex}
                    for item in files
                ]
            for model, rows in ((Organisation, organisations), (Application, applications), (Attachment, attachments)):
                await session.execute(insert(model), rows)
            await session.commit()
            return [str(row["id"]) for row in applications]

    made: list[str] = world.client.portal.call(copy)  # type: ignore[union-attr]
    return made


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
