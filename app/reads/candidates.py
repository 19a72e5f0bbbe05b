"""A round's candidate list, as anybody sees it (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.errors import NotFound
from app.measures.state_machines import RoundState
from app.reads.frozen import parameters
from app.reads.wire import Answer, dumps
from app.services.organisations.names import names_on_the_list
from app.services.publicity.read_candidates import BEFORE_PUBLICATION, vacant
from app.store import publicity as store
from app.store import rounds
from app.store.readers import Reader


async def candidates(reader: Reader, *, round_id: UUID) -> Answer:
    """The published names, each with its own period, the removed ones as removed, without why: that is for those who
    work on the list. The public may do nothing with it. `NotFound` before the publication."""
    row = await rounds.standing(reader, round_id)
    if row is None or row.state in BEFORE_PUBLICATION or row.parameters is None:
        raise _unpublished()
    listed = await store.lines(reader, round_id)
    if row.state == RoundState.CANCELLED and not listed:
        raise _unpublished()
    names = await names_on_the_list(reader, round_id)
    shown = {
        "round_id": round_id,
        "round_state": row.state,
        "candidates": [
            {
                **{name: value for name, value in item._asdict().items() if name != "closed_name"},
                "printed_name": item.closed_name or names[item.organisation_id].printed(item.published_name),
                "present_name": names[item.organisation_id].legal,
                "removed_reason": None,
            }
            for item in listed
        ],
        "vacancies": vacant(listed, parameters(row.parameters)),
        "available_actions": [],
    }
    return Answer(dumps(shown), str(row.version))


def _unpublished() -> NotFound:
    return NotFound("尚未公示候选名单", "The candidates are not published yet")
