"""The plain answer of a read beside the one that the framework's route gives: they must be the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import update
from starlette.types import Send

from app.reads.wire import Answer
from app.store import audit
from app.store.base import Identified
from app.web import plain
from app.web.frozen import Frozen
from app.web.public_pages import PublicPages
from sandbox.callers import Caller
from sandbox.world import World

SAME_HEADERS = ("content-type", "content-language", "x-content-type-options", "cache-control")


@contextmanager
def plain_answers() -> Iterator[list[Answer | Frozen]]:
    """The answers inside the block that were given without the framework's route."""
    given: list[Answer | Frozen] = []
    real, real_page = plain.send_plain, PublicPages.page

    async def noted(answer: Answer, send: Send) -> None:
        given.append(answer)
        await real(answer, send)

    async def noted_page(*asked: Any) -> Frozen:
        page = await real_page(*asked)
        given.append(page)
        return page

    plain.send_plain, PublicPages.page = noted, noted_page  # type: ignore[method-assign,assignment]
    try:
        yield given
    finally:
        plain.send_plain, PublicPages.page = real, real_page  # type: ignore[method-assign]


def both(caller: Caller, path: str, key: str) -> bool:
    """Read the object twice, and see that both answers are one. `path` holds `{}` for its id; an id without hyphens is
    good and not plain. Answers whether the first answer was plain."""
    with plain_answers() as given:
        answer = caller.get(path.format(UUID(key)))
        first = len(given)
        whole = caller.get(path.format(UUID(key).hex))
        assert len(given) == first, "the framework's route was not asked"
    same(answer, whole)
    return first == 1


def same(answer: Any, whole: Any) -> None:
    """Two answers say the same."""
    assert answer.status_code == whole.status_code, (answer.url, answer.text, whole.text)
    told, meant = answer.json(), whole.json()
    if answer.status_code >= 400:
        told.pop("request_id")
        meant.pop("request_id")
    assert told == meant, answer.url
    for name in SAME_HEADERS:
        assert answer.headers.get(name) == whole.headers.get(name), name
    if answer.content == whole.content:
        assert answer.headers.get("etag") == whole.headers.get("etag"), "etag"


def written(world: World, model: type[Identified], key: str | UUID, **values: object) -> None:
    """Change a row as another process would, with an entry in the chain."""
    entry = {"act": "change", "subject_type": model.__tablename__, "subject_id": None, "round_id": None, "details": {}}

    async def write() -> None:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            await session.execute(update(model).where(model.id == UUID(str(key))).values(**values))
            await audit.append(session, audit.Note(world.clock.now(), None, "operator", "another process", [entry]))
            await session.commit()

    world.client.portal.call(write)  # type: ignore[union-attr]
