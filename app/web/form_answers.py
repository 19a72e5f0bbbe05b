"""A form as it is answered: with what its round asks for, where one is named."""

from __future__ import annotations

from uuid import UUID

from anyio import to_thread

from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.kernel.stored import read_parameters, read_rules
from app.reads.wire import Answer, dumps
from app.schemas.offered import title_of
from app.store import rounds
from app.store.readers import Reader
from app.web.forms import operations
from app.web.forms_of_round import RoundOfForm, asked_of_round, files_of


async def form(reader: Reader, settings: Settings, *, name: str, round_id: UUID | None) -> Answer:
    """The description of what the operation takes. `NotFound` for one that takes no form, and for a round before its
    call."""
    # The contract is read at the first time.
    operation = (await to_thread.run_sync(operations)).get(name)
    if operation is None:
        raise NotFound("没有此表单", "No such form")
    schema, files = operation.schema(), list[dict[str, object]]()
    if round_id is not None:
        found = await _round(reader, round_id)
        asked_of_round(name, schema, found)
        files = files_of(name, found, settings)
    title = title_of(name, operation.summary)
    return Answer(
        dumps(
            {
                "name": name,
                "method": operation.method,
                "path": operation.path,
                "title_zh": title.zh,
                "title_en": title.en,
                "round_id": round_id,
                "body": schema,
                "files": files,
            }
        )
    )


async def _round(reader: Reader, round_id: UUID) -> RoundOfForm:
    line = await rounds.line(reader, round_id)
    documents = await rounds.documents(reader, round_id)
    if line is None or line.called_at is None or documents is None or documents.parameters is None:
        raise NotFound("没有此届评审", "No such round")
    return RoundOfForm(line.year, read_rules(documents.review_rules), read_parameters(documents.parameters))
