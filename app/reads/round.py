"""One round, as anybody sees it (Arts. 10, 16, 33)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.errors import NotFound
from app.kernel.stored import read_rules
from app.reads.wire import Answer
from app.schemas.rounds import AsksOut, RoundOut
from app.store import rounds as store
from app.store.readers import Reader

# Bodies are some kilobytes.
_KEPT_AT_MOST = 200


class Rounds:
    """Rounds on the wire, kept by what they are made from. The line is read each time, and the documents that go with
    it are written once: they are frozen at the call, and each of their changes before that is another version."""

    def __init__(self) -> None:
        self._kept: dict[store.RoundLine, Answer] = {}

    async def round(self, reader: Reader, *, round_id: UUID) -> Answer:
        """The round as the public sees it, who may do nothing with it; `NotFound` before the call."""
        line = await store.line(reader, round_id)
        if line is None or line.called_at is None:
            raise NotFound("没有此届评审", "No such round")
        return self._kept.get(line) or await self._written(reader, line)

    async def _written(self, reader: Reader, line: store.RoundLine) -> Answer:
        documents = await store.documents(reader, line.id)
        if documents is None or documents.version != line.version:
            # Changed between the two looks: the next begins again.
            return await self.round(reader, round_id=line.id)
        shown = RoundOut.model_validate({**line._asdict(), **documents._asdict()})
        shown.asks = AsksOut.model_validate(read_rules(documents.review_rules).asks)
        answer = Answer(shown.model_dump_json().encode(), str(line.version))
        if len(self._kept) >= _KEPT_AT_MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[line] = answer
        return answer
