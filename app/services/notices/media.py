"""The register of media (Art. 21): which there are, and of what kind, the office says on a document; a publication
refers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.field_texts import FIELDS
from app.kernel.names import medium_key
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding
from app.measures.publicity import MediumKind, appeared_as, published_while_it_was_one
from app.measures.text import Text
from app.services.notices.publish_notice import Medium
from app.store import notices as store


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where and on which day (Shanghai) a publication appeared: in a medium of the register, by its id or its name.
    `kind`: what the sender takes it for, where that is said."""

    medium_id: UUID | None
    name: str | None
    published_on: date
    url: str | None
    kind: MediumKind | None


async def list_media(context: ReadContext, *, request: PageRequest) -> Page[store.RegisteredMedium]:
    """The register, for everybody, in the order of its entries."""
    rows = await store.media_page(context.session, after=request.after(), limit=request.limit)
    return request.page(rows, key=lambda row: row.id)


async def of_the_register(context: ReadContext, appearances: Sequence[Appearance]) -> tuple[Medium, ...]:
    """The media of a publication, each of the kind that the register says, on a host of the government as its site; one
    that is not in it has none. `Invalid`
    for an id that is not there, for neither or both of id and name, for one that is named twice or had ended by its
    day, and for another kind than the register's."""
    rows = await store.registered_media(context.session)
    by_id = {row.id: row for row in rows}
    latest = {medium_key(row.name): row for row in rows}
    faults: list[FieldError] = []
    findings: list[Finding] = []
    media: list[Medium] = []
    seen: set[str] = set()
    for number, item in enumerate(appearances):
        named = by_id.get(item.medium_id) if item.medium_id is not None else None
        name = item.name if named is None else named.name
        entry = None if name is None else latest.get(medium_key(name))
        at = f"/publication/media/{number}"
        faults += _faults(at, item, named, entry)
        if name is not None and medium_key(name) in seen:
            # Once by its id, once by its name: the type of the body cannot know that.
            stated = "name" if item.medium_id is None else "medium_id"
            faults.append(FieldError(f"{at}/{stated}", FieldCode.DUPLICATE, FIELDS[FieldCode.DUPLICATE]))
        seen.add(medium_key(name or ""))
        if entry is not None:
            late = published_while_it_was_one(
                medium=entry.name, published_on=item.published_on, ended_on=entry.ended_on
            )
            faults += [FieldError(f"{at}/published_on", FieldCode.RULE_REFUSED, one.message, one.rule) for one in late]
            findings += late
        host = _host(item.url)
        if host is None and item.url is not None:
            faults.append(FieldError(f"{at}/url", FieldCode.NOT_A_URL, FIELDS[FieldCode.NOT_A_URL]))
        kind = appeared_as(kind=None if entry is None else entry.kind, host=host)
        media.append(Medium(name or "", item.published_on, item.url, kind))
    if faults:
        raise Invalid(faults[0].message, errors=faults, findings=findings)
    return tuple(media)


def _host(url: str | None) -> str | None:
    """The host of an address; None where there is none in it, as where it only looks like one (`https://[`)."""
    try:
        return None if url is None else urlsplit(url).hostname
    except ValueError:
        return None


def _faults(
    at: str, item: Appearance, named: store.RegisteredMedium | None, entry: store.RegisteredMedium | None
) -> list[FieldError]:
    if (item.medium_id is None) == (item.name is None):
        one = Text("填写媒体名录中的编号或者名称之一", "Give the medium by its id in the register or by its name")
        return [FieldError(f"{at}/medium_id", FieldCode.REQUIRED, one)]
    if item.medium_id is not None and named is None:
        missing = Text("媒体名录中没有此媒体", "The register has no such medium")
        return [FieldError(f"{at}/medium_id", FieldCode.NOT_FOUND, missing)]
    if entry is not None and item.kind is not None and item.kind != entry.kind:
        other = Text("与媒体名录登记的类别不一致", "The register has it as another kind")
        return [FieldError(f"{at}/kind", FieldCode.NOT_APPLICABLE, other)]
    return []
