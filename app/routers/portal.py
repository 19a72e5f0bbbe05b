"""What a portal need not hard-code: words, lists, forms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.kernel.context import ReadContext
from app.measures.roles import Role
from app.schemas.portal import FormOut, VocabulariesOut
from app.web.form_answers import form
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, NotPlain, answered_first, as_response, id_in
from app.web.policy import Route, reading
from app.web.vocabularies import Vocabularies

router = APIRouter(prefix="/v1", route_class=Route, tags=["portal"], responses=NOT_MODIFIED)

# No operation has a longer name.
_LONGEST = 60


async def _plain_vocabularies(asked: Asked) -> Response:
    asked.query()
    asked.anonymous()
    return await _vocabularies(asked)


@router.get("/vocabularies", summary="Vocabularies", response_model=VocabulariesOut)
@answered_first(_plain_vocabularies)
async def list_vocabularies(request: Request, context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> Response:
    """Every enumeration of the contract with its labels, sectors (GB/T 4754, Art. 6), areas, recommending units (Art.
    3, 12), departments (Art. 17), kinds of files with their types and limits. `ETag` is of the content."""
    return await _vocabularies(Asked(request.scope, request.receive))


async def _vocabularies(asked: Asked) -> Response:
    settings = asked.request.app.state.settings
    found = await asked.kept(Vocabularies).answer(asked.reader, settings)
    return found.answer(asked.request)


async def _plain_form(asked: Asked) -> Response:
    round_id = id_in(asked.query("round_id"), "round_id")
    settings, name = asked.request.app.state.settings, asked.text("name")
    if len(name) > _LONGEST:
        raise NotPlain
    return await asked.public_page(lambda: form(asked.reader, settings, name=name, round_id=round_id))


@router.get("/forms/{name}", summary="A form by its description", response_model=FormOut)
@answered_first(_plain_form)
async def read_form(
    name: Annotated[str, Path(max_length=_LONGEST)],
    request: Request,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
    round_id: UUID | None = None,
) -> Response:
    """JSON Schema of what the operation `name` takes, with labels, help, groups, order, units and widgets; with
    `round_id` also what that round asks for (Art. 10, 17, 18). Every operation with a JSON body has one:
    `edit_application`, `endorse_application`, `reply_to_consultation`, `edit_score_sheet`, `take_objection`."""
    asked = Asked(request.scope, request.receive)
    return as_response(await form(asked.reader, context.settings, name=name, round_id=round_id))
