"""Papers that anybody has once they are issued, as pages link them (Arts. 16, 17, 21, 22)."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request

from app.measures.publicity import NoticeKind
from app.pages.asking import found, items_of

# The paper of a round that a notice is the record of; of others, their own.
_OF_NOTICE = {
    NoticeKind.CANDIDATES.value: "candidate_notice",
    NoticeKind.QUALIFIED_LIST.value: "qualified_list",
}


async def issued_of(
    request: Request, of: str, object_id: object, only: Collection[str] | None = None
) -> list[dict[str, object]]:
    """The public papers of an object that were issued, each in its last version. `only`: of these kinds."""
    told = await found(request, f"/v1/{of}/{object_id}/documents")
    listed = [item for item in items_of(told or {}) if item["issued_file"] is not None]
    return [item for item in listed if only is None or item["kind"] in only]


async def issued_of_notice(request: Request, notice: dict[str, object]) -> list[dict[str, object]]:
    """The papers that say on paper what a notice says."""
    own = await issued_of(request, "notices", notice["id"])
    of_round = _OF_NOTICE.get(str(notice["kind"]))
    if of_round is None or notice["round_id"] is None:
        return own
    return [*own, *await issued_of(request, "rounds", notice["round_id"], {of_round})]
